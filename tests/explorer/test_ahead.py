"""What panels show at other times, made ahead."""

import dataclasses
import time

import numpy as np
import pytest

from smile_explore.explorer.ahead import Ahead
from smile_explore.explorer.panels import PANELS, Shown


@pytest.fixture
def shown(observations):
    return Shown(observations, observations.cuts.time.values[0])


@pytest.fixture
def made(monkeypatch):
    """What was made: the times of the panel noon, and of the readings."""
    times = []
    noon, words = PANELS["noon"], PANELS["readings"]

    def layers(s):
        times.append(("noon", s.time))
        return noon.layers["time"](s)

    def html(s):
        times.append(("readings", s.time))
        return words.html(s)

    monkeypatch.setitem(
        PANELS,
        "noon",
        dataclasses.replace(noon, layers={**noon.layers, "time": layers}),
    )
    monkeypatch.setitem(
        PANELS, "readings", dataclasses.replace(words, html=html)
    )
    return times


@pytest.fixture
def ahead():
    ahead = Ahead()
    yield ahead
    ahead.close()


def wait_for(made, number):
    end = time.monotonic() + 60
    while len(made) < number:
        assert time.monotonic() < end, made
        time.sleep(0.01)


def test_it_makes_the_other_times_of_what_is_shown(ahead, shown, made):
    times = shown.observations.cuts.time.values
    ahead.wish(shown, ["noon", "readings", "speed"])
    wait_for(made, 2 * times.size)
    assert {when for name, when in made if name == "noon"} == set(times)
    made.clear()
    for when in times:
        then = dataclasses.replace(shown, time=when)
        columns = ahead.show("noon", then)
        assert made == [], "it was there"
        fresh = PANELS["noon"].layers["time"](then)
        np.testing.assert_array_equal(
            columns["density"]["image"][0], fresh["density"]["image"][0]
        )
        made.clear()


def test_another_choice_is_made_anew_and_a_pick_is_not(ahead, shown, made):
    ahead.show("noon", shown)
    ahead.show("noon", dataclasses.replace(shown, spot=(1.0, 2.0)))
    assert len(made) == 1
    other = ahead.show("noon", dataclasses.replace(shown, cut="emissivity"))
    assert "emissivity" in other
    again = dataclasses.replace(
        shown, observations=dataclasses.replace(shown.observations)
    )
    ahead.show("noon", again)
    assert len(made) == 3, "other observations, even if they look the same"


def test_words_are_made_anew_for_what_is_picked(ahead, shown, made):
    ahead.show("readings", shown)
    ahead.show("readings", shown)
    assert len(made) == 1
    ahead.show("readings", dataclasses.replace(shown, glance="<b>1</b>"))
    assert len(made) == 2


def test_what_was_used_longest_ago_is_forgotten_first(shown, made):
    ahead = Ahead(most=1.0)
    times = shown.observations.cuts.time.values
    for when in times[:2]:
        ahead.show("noon", dataclasses.replace(shown, time=when))
    ahead.show("noon", dataclasses.replace(shown, time=times[1]))
    assert len(made) == 2
    ahead.show("noon", shown)
    assert len(made) == 3


def test_what_cannot_be_made_is_told_when_it_is_shown(
    ahead, shown, made, monkeypatch
):
    def broken(_):
        raise ValueError("no cube")

    kind = dataclasses.replace(PANELS["noon"], layers={"time": broken})
    monkeypatch.setitem(PANELS, "noon", kind)
    ahead.wish(shown, ["noon", "readings"])
    wait_for(made, shown.observations.cuts.time.size)
    with pytest.raises(ValueError, match="no cube"):
        ahead.show("noon", shown)
