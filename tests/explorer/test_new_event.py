"""The drawer of events, in Python."""

import asyncio
import html
import re
import threading

import pytest

from smile_explore import events
from smile_explore.data import network, solar_wind
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.explorer.new_event import Events
from tests.data.measured import keep
from tests.events import winds
from tests.events.winds import write

JUNE, SEPTEMBER = "2012-06-16", "2014-09-12"


class Desk:
    """Stands for the explorer around the drawer."""

    def __init__(self):
        self.offered, self.brought = [], []
        self.event = events.load(JUNE)
        self.drawer = Events(
            offer=self.offered.append,
            bring=self.brought.append,
            current=lambda: self.event,
        )

    def said(self):
        return said(self.drawer.message)


def said(field):
    return html.unescape(re.sub("<[^>]+>", "", field.value))


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    return winds.alone(tmp_path, monkeypatch)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def drawer(desk):
    return desk.drawer


def test_a_word_filters_the_events(desk, drawer):
    drawer.text.value = "merged"
    assert [name for _, name in desk.offered[-1]] == [JUNE]
    assert said(drawer.found) == "1 found"


def test_a_limit_filters_the_events(desk, drawer):
    drawer.pressure.value = "20"
    assert [name for _, name in desk.offered[-1]] == [JUNE]
    drawer.bz.value = "−99"
    assert desk.offered[-1] == []
    assert said(drawer.found) == "none found: all are offered"


def test_a_limit_that_is_no_number_is_told(desk, drawer):
    drawer.bz.value = "south"
    assert desk.said() == "Bz ≤ [nT] must be a number, got 'south'"
    assert desk.offered == []


def test_a_file_becomes_an_event_that_is_brought(desk, drawer, tmp_path):
    drawer.start.value = "2015-03-17"
    drawer.hours.value = "6"
    drawer.source.value = "a file"
    assert drawer.file.layout.display is None
    drawer.file.value = str(write(tmp_path / "wind.csv"))
    drawer.make.click()
    (made,) = desk.brought
    assert made == events.load("2015-03-17")
    assert ("2015-03-17") in [name for _, name in desk.offered[-1]]
    assert desk.said() == "2015-03-17 is in your catalog."
    assert drawer.progress.layout.display == "none"
    assert not drawer.make.disabled


def test_what_is_to_be_known_of_a_new_event_is_told(desk, drawer):
    drawer.start.value = "2012-06-16T20:00"
    drawer.hours.value = "1"
    drawer.name.value = "shock"
    drawer.make.click()
    assert "was not measured" in desk.said()
    assert "shock overlaps 2012-06-16" in desk.said()


@pytest.mark.parametrize(
    ("start", "hours", "source", "message"),
    [
        ("", "", None, "an event needs its start"),
        ("the Ides", "", None, "start must be a time such as"),
        ("2015-03-17", "90", None, "up to 72 hours, got 90"),
        ("2015-03-17", "a day", None, "Hours must be a number, got 'a day'"),
        ("2015-03-17", "", None, "switched off by SMILE_EXPLORE_OFFLINE"),
        ("2015-03-17", "", "a file", "give the path of a file"),
    ],
)
def test_what_cannot_be_made_is_told_in_a_sentence(
    desk, drawer, start, hours, source, message
):
    drawer.start.value, drawer.hours.value = start, hours
    if source:
        drawer.source.value = source
    drawer.make.click()
    assert message in desk.said()
    assert desk.brought == []


def test_a_file_that_is_not_there_is_told(desk, drawer, tmp_path):
    drawer.source.value = "a file"
    drawer.file.value = str(tmp_path / "none.csv")
    drawer.make.click()
    assert "there is no solar wind file at" in desk.said()


def test_making_can_be_cancelled(desk, drawer, own, monkeypatch):
    going, stopped = threading.Event(), threading.Event()

    def fetch(*_, progress, **__):
        going.set()
        try:
            while True:
                progress(1, 10)
                stopped.wait(0.005)
        finally:
            stopped.set()

    async def cancelled():
        drawer.make.click()
        await asyncio.to_thread(going.wait, 10)
        assert drawer.make.disabled
        assert drawer.cancel.layout.display is None
        drawer.cancel.click()
        await asyncio.to_thread(stopped.wait, 10)

    monkeypatch.setattr(solar_wind, "fetch", fetch)
    drawer.start.value = "2030-01-01"
    asyncio.run(cancelled())
    assert desk.said() == "Cancelled; nothing was added."
    assert not drawer.make.disabled
    assert not own.exists()


def test_measured_wind_is_fetched_and_the_event_brought(
    desk, drawer, monkeypatch
):
    def fetch(start, stop, *, progress):
        keep("2012-06-16", "2012-06-17")

    monkeypatch.setattr(solar_wind, "fetch", fetch)
    drawer.fetch.click()
    (event,) = desk.brought
    assert (event.name, event.solar_wind) == (JUNE, "OMNI")
    assert desk.said() == "2012-06-16 is driven by OMNI now."
    desk.event = event
    drawer.refresh()
    assert drawer.fetch.disabled


def test_a_fetch_that_fails_is_told_and_keeps_what_is_there(
    desk, drawer, monkeypatch
):
    def fetch(*_, **__):
        raise DataUnavailable("OMNI", "the archive did not answer")

    monkeypatch.setattr(solar_wind, "fetch", fetch)
    drawer.fetch.click()
    assert desk.said() == "OMNI: the archive did not answer"
    assert desk.brought == []


def test_offline_is_told_and_tried_again(drawer, monkeypatch):
    drawer.opened()
    assert "Offline: the network is switched off" in said(drawer.network)
    assert drawer.retry.layout.display is None
    asked = []
    monkeypatch.setattr(network, "retry", lambda: asked.append("again"))
    monkeypatch.setattr(network, "why_not", lambda: "")
    drawer.retry.click()
    assert asked == ["again"]
    assert said(drawer.network) == "Online."
    assert drawer.retry.layout.display == "none"


def test_the_wind_of_the_event_on_screen_is_named(drawer):
    drawer.opened()
    assert said(drawer.wind) == "Wind: 2012-06-16_reconstruction.csv"
    assert not drawer.fetch.disabled
