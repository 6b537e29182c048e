import dataclasses

import numpy as np
import pytest

from smile_explore import events
from smile_explore.explorer.controls import Controls

EVENTS = [("A storm in June", "2012-06-16"), ("A shock", "2014-09-12")]


@pytest.fixture
def controls():
    made = Controls.make(EVENTS, "2012-06-16", ["Overview", "X-ray"])
    made.rows()
    return made


@pytest.fixture(scope="module")
def june():
    return events.load("2012-06-16")


def test_events_are_offered_by_title_and_chosen_by_name(controls):
    assert controls.event.options == tuple(EVENTS)
    assert controls.event.value == "2012-06-16"
    assert controls.event.label == "A storm in June"


def test_filled_controls_offer_what_the_event_has(controls, june):
    controls.fill(june, "BATS-R-US B", moments=june.moments, steps=30)
    assert controls.event.value == june.name
    assert controls.run.options == ("BATS-R-US E", "BATS-R-US B")
    assert controls.run.value == "BATS-R-US B"
    labels = [label for label, _ in controls.moment.options]
    assert labels == ["a moment ...", *june.moments]
    assert controls.moment.value is None
    assert controls.clock.max == controls.play.max == 29


def test_refilled_controls_keep_the_clock_within_its_end(controls, june):
    controls.fill(june, "BATS-R-US E", moments=june.moments, steps=30)
    controls.clock.value = 29
    other = events.load("2014-09-12")
    controls.fill(other, "BATS-R-US D", moments=other.moments, steps=5)
    assert controls.clock.value == controls.clock.max == 4
    assert controls.run.options == ("BATS-R-US D",)
    assert [t for _, t in controls.moment.options[1:]] == list(
        other.moments.values()
    )


def test_filling_without_steps_leaves_the_clock_alone(controls, june):
    controls.fill(june, "BATS-R-US E", moments=june.moments, steps=30)
    controls.clock.value = 17
    controls.fill(june, "BATS-R-US E", moments=june.moments)
    assert (controls.clock.value, controls.clock.max) == (17, 29)


def test_an_event_without_moments_offers_none(controls, june):
    controls.fill(june, "BATS-R-US E", moments={})
    assert controls.moment.options == (("a moment ...", None),)


def test_what_is_shown_is_what_is_pressed(controls):
    assert controls.shown() == {
        "cut": "density",
        "image": "intensity",
        "method": "all",
    }
    controls.cut.value = "emissivity"
    controls.image.value = "counts"
    shown = controls.shown()
    assert (shown["cut"], shown["image"]) == ("emissivity", "counts")


def test_methods_are_offered_and_the_chosen_one_is_kept(controls):
    controls.offer(["tangent fit", "maximum"])
    assert controls.method.options == ("all", "tangent fit", "maximum")
    controls.method.value = "maximum"
    controls.offer(["tangent fit", "maximum", "boundary fit"])
    assert controls.method.value == "maximum"
    controls.offer(["tangent fit"])
    assert controls.method.value == "all"


def test_the_time_is_written_in_utc(controls):
    controls.show_time(np.datetime64("2012-06-16T22:25:07.5", "ns"))
    assert controls.time.value == "<b>2012-06-16 22:25:07 UTC</b>"
    assert "smile-time" in controls.time._dom_classes


def test_a_sentence_is_told_as_text_and_taken_away(controls):
    controls.tell("density <script> & more")
    assert "density &lt;script&gt; &amp; more" in controls.message.value
    assert 'role="status"' in controls.message.value
    controls.tell("")
    assert controls.message.value == ""


def test_the_bar_is_seen_while_there_is_work_only(controls):
    assert controls.progress.layout.display == "none"
    controls.busy(3, 10)
    for part in (controls.progress, controls.cancel):
        assert part.layout.display is None
    assert (controls.progress.value, controls.progress.max) == (3, 10)
    controls.busy(700, 900)
    assert (controls.progress.value, controls.progress.max) == (700, 900)
    controls.busy(1, 10)
    assert (controls.progress.value, controls.progress.max) == (1, 10)
    controls.busy(None)
    for part in (controls.progress, controls.cancel):
        assert part.layout.display == "none"


def test_every_control_stands_in_a_row(controls):
    shown = set()
    for row in controls.rows():
        parts = getattr(row, "children", ())
        inside = [one for box in parts for one in getattr(box, "children", ())]
        shown |= {row, *parts, *inside}
    for field in dataclasses.fields(controls):
        assert getattr(controls, field.name) in shown, field.name
