import re

import pytest

import smile_explore
from smile_explore.events import two_storms

JUNE, SEPTEMBER = "2012-06-16", "2014-09-12"


@pytest.fixture
def asked(monkeypatch):
    """Images take a second; here none is there, and who asked is kept."""
    calls = []

    def image(story, hours):
        calls.append((story.event.name, hours))

    monkeypatch.setattr(two_storms, "image", image)
    return calls


def test_two_events_are_compared_on_one_clock(asked):
    lesson = smile_explore.compare_events(JUNE, SEPTEMBER)
    clock = lesson._controls["hours"]
    assert clock.value == 0.0
    assert clock.description == "hours after: shock arrives"
    assert asked == [(JUNE, 0.0), (SEPTEMBER, 0.0)]
    clock.value = 1.0
    assert asked[2:] == [(JUNE, 1.0), (SEPTEMBER, 1.0)]
    assert re.sub("<[^>]+>", "", lesson._message.value) == ""


def test_an_image_is_taken_once(asked):
    lesson = smile_explore.compare_events(JUNE, SEPTEMBER)
    for hours in (1.0, 0.0, 1.0):
        lesson._controls["hours"].value = hours
    assert len(asked) == 4


def test_a_moment_that_only_one_has_is_refused(asked):
    with pytest.raises(ValueError, match="2014-09-12 has no moment"):
        smile_explore.compare_events(
            JUNE, SEPTEMBER, moment="southward turning"
        )
