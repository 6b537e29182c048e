import numpy as np
import pytest

from smile_explore import events
from smile_explore.data import solar_wind
from smile_explore.events import wind_facts
from tests.events.winds import SHOCK, shocked


def test_a_shock_is_found_in_its_first_minute():
    assert wind_facts.shocks(shocked()) == [SHOCK]


@pytest.mark.parametrize("name", ["2012-06-16", "2014-09-12"])
def test_the_shocks_of_the_catalog_are_found_in_their_minute(name):
    event = events.load(name)
    wind = solar_wind.load(event.start, event.stop, source=event.solar_wind)
    assert wind_facts.shocks(wind) == [event.moments["shock arrives"]]


def test_a_dense_blob_that_is_no_faster_is_no_shock():
    wind = shocked()
    slow = wind.velocity.isel(time=0, drop=True).broadcast_like(wind.velocity)
    assert wind_facts.shocks(wind.assign(velocity=slow)) == []


def test_a_shock_in_a_gap_is_not_claimed():
    wind = shocked()
    near = abs(wind.time - SHOCK) < np.timedelta64(5, "m")
    assert wind_facts.shocks(wind.where(~near)) == []


def test_a_few_missing_minutes_do_not_hide_a_shock():
    wind = shocked()
    missing = wind.time == SHOCK + np.timedelta64(1, "m")
    assert wind_facts.shocks(wind.where(~missing)) == [SHOCK]


def test_extremes_are_told_with_their_time():
    found = wind_facts.extremes(shocked())
    # 1.6726e-27 kg x 15e6 m-3 x (5e5 m/s)^2
    assert found["max_pressure"][0] == pytest.approx(6.272, abs=1e-3)
    assert found["min_bz"] == (-12.0, SHOCK)
    assert found["max_speed"] == (500.0, SHOCK)


def test_what_was_never_measured_has_no_extremes():
    wind = shocked()
    nothing = wind.magnetic_field * np.nan
    assert "min_bz" not in wind_facts.extremes(
        wind.assign(magnetic_field=nothing)
    )


def test_gaps_are_told_by_their_first_and_last_minute():
    wind = shocked()
    density = wind.density.copy()
    density[10:20] = np.nan
    density[-1] = np.nan
    times = wind.time.values
    assert wind_facts.gaps(wind.assign(density=density)) == [
        (times[10], times[19]),
        (times[-1], times[-1]),
    ]
    assert wind_facts.gaps(wind) == []
