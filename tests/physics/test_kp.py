import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import kp
from smile_explore.schema import SOLAR_WIND


def solar_wind(bz, minutes=1):
    bz = np.asarray(bz, dtype=float)
    count = bz.size
    time = np.datetime64("2012-06-16", "ns") + np.arange(
        count
    ) * np.timedelta64(minutes, "m")
    field = np.zeros((count, 3))
    field[:, 2] = bz
    vector = ("time", "component")
    return SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": ("time", np.full(count, 5.0)),
                "velocity": (vector, np.tile([-400.0, 0, 0], (count, 1))),
                "temperature": ("time", np.full(count, 10.0)),
                "magnetic_field": (vector, field),
                "dynamic_pressure": ("time", np.full(count, 1.3)),
            },
            {"time": time, "component": ["x", "y", "z"]},
        )
    )


def test_kp_is_the_sum_of_merging_and_viscous_terms():
    # v^(4/3) = 2947.2, B^(2/3) = 2.924, all of it southward; sqrt(5) v^2
    merging = 400.0 ** (4 / 3) * 5.0 ** (2 / 3)
    viscous = 5.0**0.5 * 400.0**2
    expected = 0.05 + 2.244e-4 * merging + 2.844e-6 * viscous
    assert kp.newell(5.0, 400.0, 0.0, -5.0) == pytest.approx(expected)
    assert expected == pytest.approx(3.0, abs=0.05)


def test_a_northward_field_leaves_the_viscous_term():
    assert kp.newell(5.0, 400.0, 0.0, 20.0) == pytest.approx(1.067, abs=1e-3)


def test_kp_stays_on_its_scale():
    assert kp.newell(60.0, 900.0, 0.0, -40.0) == 9.0
    assert np.isnan(kp.newell(np.nan, 400.0, 0.0, -5.0))


def test_a_turn_of_the_field_is_answered_over_the_average():
    turned = solar_wind(np.repeat([5.0, -5.0], [120, 120]))
    answer = kp.from_solar_wind(turned, average=60.0)
    before, after = answer[119], answer[-1]
    assert after == pytest.approx(3.0, abs=0.05)
    # half an hour after the turn, half of the hour is southward
    assert answer[149] == pytest.approx(float(before + after) / 2)
    at_once = kp.from_solar_wind(turned, average=0.0)
    assert at_once[120] == at_once[-1]


def test_what_comes_later_does_not_act():
    wind = solar_wind(np.repeat([5.0, -5.0], [120, 120]))
    cut = kp.from_solar_wind(wind.isel(time=slice(100)))
    whole = kp.from_solar_wind(wind)
    np.testing.assert_allclose(cut, whole[:100])


def test_a_gap_longer_than_the_average_has_no_kp():
    wind = solar_wind(np.repeat([-5.0, np.nan], [30, 120]))
    answer = kp.from_solar_wind(wind, average=60.0)
    assert answer[80].notnull()
    assert answer[-1].isnull()


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="average must not be negative"):
        kp.from_solar_wind(solar_wind([1.0]), average=-1.0)
    with pytest.raises(ValueError, match="along time"):
        kp.from_solar_wind(solar_wind([1.0]).isel(time=0))
    with pytest.raises(ValueError, match="Kp must be within 0-9, got 53"):
        kp.check_kp([3.0, 53.0])
    kp.check_kp([0.0, np.nan, 9.0])
