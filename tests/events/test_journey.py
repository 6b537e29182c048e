"""The way of both storms from the Sun, against when they were observed."""

import dataclasses

import numpy as np
import pytest

from smile_explore import events
from smile_explore.data import sun
from smile_explore.events.journey import journey
from smile_explore.observations import Known
from smile_explore.physics.ejection import Drag


@pytest.fixture
def known():
    return {
        name: journey(events.load(name))
        for name in ("2012-06-16", "2014-09-12")
    }


@pytest.mark.parametrize(
    ("name", "hours"), [("2012-06-16", 53.0), ("2014-09-12", 45.5)]
)
def test_the_observed_transits_are_those_of_the_catalogue(known, name, hours):
    way = known[name]
    shock = way.eruption.value("shock at L1")
    taken = (shock - way.start) / np.timedelta64(1, "h")
    assert taken == pytest.approx(hours, abs=0.6)


def test_drag_brings_the_models_nearer_to_what_was_observed(known):
    for way in known.values():
        speed = way.speeds[0]
        drag = way.late(way.arrival(way.l1, speed))
        free = way.late(way.arrival(way.l1, speed, free=True))
        assert abs(drag) < abs(free)
        assert abs(drag) < 10.0  # the model's own error is some 10 h


def test_a_front_aimed_beside_earth_comes_later(known):
    way = known["2014-09-12"]
    assert way.half_angle == 35.0
    # N10E06 from a disc whose middle is N7.25
    off = np.degrees(np.arccos(way.direction[0]))
    assert off == pytest.approx(6.6, abs=0.1)
    assert 0.98 < way.reach < 1.0
    at_earth = way.arrival(way.l1, 1267.0)
    apex, _ = way.height(at_earth, 1267.0)
    assert apex * way.reach == pytest.approx(way.l1)


def test_where_width_or_direction_is_not_known_none_is_made_up(known):
    way = known["2012-06-16"]
    assert way.half_angle is None
    assert way.direction is None
    assert way.reach == 1.0


def test_a_front_that_passes_earth_by_does_not_arrive():
    event = events.load("2014-09-12")
    aside = [
        dataclasses.replace(one, value=80.0)
        if one.quantity == "ejection longitude"
        else one
        for one in event.sun
    ]
    way = journey(dataclasses.replace(event, sun=tuple(aside)))
    assert np.isnat(way.arrival(way.l1, 1267.0))
    assert np.isnan(way.late(way.arrival(way.l1, 1267.0)))


def test_settings_are_taken(known):
    event = events.load("2014-09-12")
    slow = journey(event, drag=Drag(gamma=1.0, wind=350.0))
    assert slow.arrival(1.0, 1267.0) > known["2014-09-12"].arrival(1.0, 1267.0)


def test_without_a_flare_there_is_no_journey():
    event = events.load("2014-09-12")
    assert journey(dataclasses.replace(event, sun=())) is None
    only = Known("some day", "region", "NOAA 1", "verified", "a list")
    assert journey(dataclasses.replace(event, sun=(only,))) is None


def test_every_number_says_how_sure_it_is_and_who_says_so():
    for name in ("2012-06-16", "2014-09-12"):
        event = events.load(name)
        assert event.sun
        for one in event.sun:
            sun.check(one)
        first = sun.eruptions(event)[0]
        assert first.status("region") == "verified"
        assert first.status("region", "latitude") == "not verified"
