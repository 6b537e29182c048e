"""The state of a view as JSON and as a link."""

import json

import numpy as np
import pytest

from smile_explore.explorer.state import State, read
from smile_explore.physics.velocity_slice import PLANES
from smile_explore.views.box import Box

FULL = State(
    event="2012-06-16",
    run="BATS-R-US E",
    time=np.datetime64("2012-06-16T22:24", "ns"),
    preset="In situ",
    cut="emissivity",
    image="counts",
    method="tangent fit",
    estimate="fit",
    plane=list(PLANES)[-1],
    pixel=(-5.1, -2.4),
    spot=(0.5, 1.25),
    mlt=11.5,
    box=Box("distribution", (-100.0, 200.0), (0.0, 300.0)),
    zoom=(
        np.datetime64("2012-06-16T20:00", "ns"),
        np.datetime64("2012-06-16T23:00:30", "ns"),
    ),
    settings={"exposure": 60.0, "mode": "lo"},
)


@pytest.mark.parametrize("write", [State.to_json, State.to_query, State.plain])
def test_what_is_written_is_read_again(write):
    state, notices = read(write(FULL))
    assert notices == []
    assert state == FULL


def test_a_link_of_any_host_is_read():
    assert read("https://[x/?event=2014-09-12")[0].event == "2014-09-12"


def test_only_what_was_turned_is_written():
    few = State(event="2012-06-16", time=FULL.time)
    assert few.to_query() == "event=2012-06-16&time=2012-06-16T22:24"
    assert json.loads(few.to_json()) == {
        "smile_explore": 1,
        "event": "2012-06-16",
        "time": "2012-06-16T22:24",
    }


def test_a_whole_link_is_read_and_words_of_others_are_left_alone():
    link = "https://hub.example/lab?token=abc&event=2014-09-12&reset#top"
    assert read(link) == (State(event="2014-09-12"), [])


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ('{"event": "2012-', "The state is damaged"),
        ("[" * 9999, "is no state: neither JSON nor a link"),
        ('{"a":' * 9999, "The state is damaged"),
        ("https://[x/", "is no state: neither JSON nor a link"),
        (7, "A state is JSON, a link or a mapping, got int"),
        ({"smile_explore": 99, "event": "x"}, "of version 99, known is 1"),
    ],
)
def test_what_is_damaged_gives_the_default_and_says_why(source, why):
    state, notices = read(source)
    assert state == State()
    assert len(notices) == 1
    assert why in notices[0]
    assert "the default is shown" in notices[0]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("time", "yesterday", "it must be a time such as"),
        ("time", "99999-01-01", "it must be a time such as"),
        ("time", "NaT", "it must be a time such as"),
        ("preset", "Kitchen", "it must be one of Overview"),
        ("pixel", "1", "left out"),
        ("pixel", "1,nan", "it must be finite"),
        ("mlt", "25", "from 0 to 24 h"),
        ("mlt", 10**400, "was left out: int too large"),
        ("zoom", 5, "it has another form"),
        ("box", {"panel": "distribution"}, "it has another form"),
        ("settings", {"brightness": 1}, "there is no such setting"),
        ("settings", {"exposure": 10**400}, "was left out"),
        ("box", "noon,1,2,3,4", "it must be one of distribution"),
        ("zoom", "2012-06-16T23:00,2012-06-16T20:00", "must begin before"),
        ("colour", "red", "is not known"),
        ("settings", {"exposure": -5}, "exposure must be from 1 to 86400 s"),
        ("settings", {"phase": 1}, "there is no such setting"),
        ("settings", {"exposure": "long"}, "left out"),
    ],
)
def test_a_part_that_cannot_be_is_left_out_and_the_others_are_used(
    name, value, why
):
    state, notices = read({"event": "2012-06-16", name: value})
    assert state.event == "2012-06-16"
    assert getattr(state, name, None) in (None, {})
    assert len(notices) == 1
    assert why in notices[0]
