import numpy as np
import pytest

from smile_explore import events
from smile_explore.events import searching
from tests.data.measured import keep
from tests.events import winds
from tests.events.winds import shocked, write

JUNE, SEPTEMBER = "2012-06-16", "2014-09-12"


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    return winds.alone(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [JUNE, SEPTEMBER]),
        ({"start": "2013-01-01"}, [SEPTEMBER]),
        ({"stop": "2013-01-01"}, [JUNE]),
        ({"stop": "2012-06-16"}, [JUNE]),  # a day counts whole
        ({"stop": "2012-06-16T00:00"}, []),
        ({"min_pressure": 20.0}, [JUNE]),
        ({"min_pressure": 10.0}, [JUNE, SEPTEMBER]),
        ({"max_bz": -15.0}, [JUNE]),
        ({"max_bz": -40.0}, []),
        ({"text": "dense northward"}, [JUNE]),
        ({"text": "2014-09-13"}, [SEPTEMBER]),
        ({"text": "aardvark"}, []),
    ],
)
def test_events_are_found_by_what_they_did(asked, found):
    assert [event.name for event in events.search(**asked)] == found


def test_what_is_not_known_does_not_meet_a_limit(tmp_path):
    assert np.isnan(searching.extremes(events.load(JUNE))["min_sym_h"])
    assert events.search(max_sym_h=1000.0) == []


def test_an_event_of_ones_own_is_found(tmp_path):
    events.make("2015-03-17", source=write(tmp_path / "wind.csv"))
    (found,) = events.search(start="2015-01-01", min_pressure=6.0)
    assert found.name == "2015-03-17"
    assert events.search(start="2015-01-01", min_pressure=7.0) == []


def test_an_event_is_found_by_its_sym_h():
    keep("2015-03-17")  # where it is -50 nT
    made = events.make("2015-03-17", 6)
    assert events.search(max_sym_h=-50.0) == [made]
    assert events.search(max_sym_h=-51.0) == []


def test_an_event_whose_wind_is_gone_is_still_found_by_its_day(tmp_path):
    made = events.make("2015-03-17", source=write(tmp_path / "wind.csv"))
    (tmp_path / "own" / made.solar_wind).unlink()
    assert [e.name for e in events.search(text="2015-03-17")] == [made.name]
    assert events.search(start="2015-01-01", min_pressure=0.0) == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"start": "2015", "stop": "2014"}, "must start before it stops"),
        ({"start": "some day"}, "must be times such as"),
    ],
)
def test_a_search_that_cannot_be_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        events.search(**asked)


def test_a_storm_is_found_in_a_stretch_of_wind():
    found = events.storms(shocked(), min_pressure=5.0, max_bz=-10.0)
    assert len(found) == 1
    storm = found.iloc[0]
    assert storm.start == np.datetime64("2015-03-17T04:45")
    assert storm.stop == np.datetime64("2015-03-18")
    assert storm.minutes == 1156
    assert storm.known == 1.0
    assert storm.make_from == np.datetime64("2015-03-16T16:00")


def test_stretches_near_each_other_are_one_storm():
    wind = shocked(hours=48)
    calm = slice("2015-03-17T12:00", "2015-03-18T00:00")
    quiet = wind.copy(deep=True)
    quiet.dynamic_pressure.loc[{"time": calm}] = 1.0
    assert len(events.storms(quiet, min_pressure=5.0)) == 2
    assert len(events.storms(quiet, min_pressure=5.0, apart=13.0)) == 1


def test_what_is_too_short_is_no_storm():
    assert events.storms(shocked(), min_pressure=5.0, lasting=2000).empty
    assert events.storms(shocked(), min_pressure=50.0).empty


def test_storms_are_looked_for_in_the_wind_of_a_time():
    found = events.storms(
        start="2012-06-16T12:00", stop="2012-06-17T12:00", min_pressure=25.0
    )
    assert found.max_pressure[0] == pytest.approx(32.6, abs=0.1)


def test_storms_need_a_limit_and_a_wind():
    with pytest.raises(ValueError, match="by min_pressure .* or both"):
        events.storms(shocked())
    with pytest.raises(ValueError, match="a solar wind, or start and stop"):
        events.storms(max_bz=-5.0)
