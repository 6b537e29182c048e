import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import propagation
from smile_explore.schema import COMPONENTS, SOLAR_WIND

TIMES = np.datetime64("2015-03-17", "ns") + np.arange(6) * np.timedelta64(
    10, "m"
)


def wind(speeds):
    flow = np.zeros((6, 3))
    flow[:, 0] = -np.asarray(speeds, float)
    return SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": ("time", np.arange(1.0, 7.0)),
                "velocity": (("time", "component"), flow, {"frame": "GSM"}),
                "temperature": ("time", np.full(6, 10.0)),
                "magnetic_field": (
                    ("time", "component"),
                    np.zeros((6, 3)),
                    {"frame": "GSM"},
                ),
                "dynamic_pressure": ("time", np.ones(6)),
            },
            {"time": TIMES, "component": list(COMPONENTS)},
        )
    )


X = xr.DataArray(np.full(6, 235.0), dims="time")


def test_the_delay_is_the_way_over_the_speed():
    # 200 R_E of 6371.2 km at 424.7467 km/s are 3000 s.
    lag = propagation.flat_delay(215.0, -424.746_667, target=15.0)
    assert lag == pytest.approx(50.0, rel=1e-6)
    assert np.isnan(propagation.flat_delay(215.0, 10.0, target=15.0))
    assert np.isnan(propagation.flat_delay(215.0, 0.0, target=15.0))


def test_each_time_is_moved_by_its_own_lag():
    arrived = propagation.arrive(wind([400.0] * 6), X)
    # At 1 nPa the nose is at 15.02 R_E (Jelinek et al. 2012).
    expected = (235.0 - 15.02) * 6371.2 / 400.0 / 60.0
    np.testing.assert_allclose(arrived.lag, expected, rtol=1e-12)
    moved = (arrived.time.values - TIMES) / np.timedelta64(1, "ns") / 60e9
    np.testing.assert_allclose(moved, expected, rtol=1e-9)
    assert arrived.attrs["lag"].endswith("median 58.4 min")


def test_what_is_overtaken_is_left_out_and_the_rest_in_order():
    # The last leaves 50 min after the first and needs 29.2 less than 58.4.
    arrived = propagation.arrive(wind([400.0] * 5 + [800.0]), X)
    np.testing.assert_array_equal(arrived.density, [1.0, 2.0, 3.0, 6.0])
    assert arrived.attrs["overtaken"] == 2
    assert (np.diff(arrived.time.values) > np.timedelta64(0)).all()


def test_a_gap_stays_a_gap_and_moves_with_the_wind_around_it():
    arrived = propagation.arrive(
        wind([400.0, 400.0, np.nan, np.nan, 400.0, 400.0]), X
    )
    assert arrived.sizes["time"] == 6
    assert np.isnan(arrived.lag.values[2:4]).all()
    steps = np.diff(arrived.time.values)
    np.testing.assert_array_equal(steps, np.timedelta64(10, "m"))


def test_a_wind_of_no_known_speed_is_refused():
    with pytest.raises(ValueError, match="speed, density or place is not kn"):
        propagation.arrive(wind([np.nan] * 6), X)
