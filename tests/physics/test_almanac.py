import numpy as np
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.physics import almanac

TIMES = np.array(
    [
        "2003-03-20T05:11",
        "2012-06-16T22:25",
        "2014-09-12T16:00",
        "2019-12-22T00:00",
        "2018-09-01T12:34",
    ],
    "datetime64[ns]",
)


def vector(frame):
    values = np.random.default_rng(1).normal(size=(len(TIMES), 3))
    return xr.DataArray(
        values / np.linalg.norm(values, axis=1)[:, None],
        {"time": TIMES, "component": ["x", "y", "z"]},
        ("time", "component"),
        attrs={"frame": frame, "units": "R_E"},
    )


@pytest.mark.parametrize("to", almanac.FRAMES)
@pytest.mark.parametrize("of", almanac.FRAMES)
def test_axes_are_those_of_sunpy(of, to):
    given = vector(of)
    quick, exact = (one.rotate(given, to=to) for one in (almanac, frames))
    apart = np.linalg.norm(quick.values - exact.values, axis=1)
    assert np.degrees(apart).max() < 0.012
    assert quick.attrs == exact.attrs
    assert quick.dims == exact.dims


def test_the_dipole_leans_as_geopack_says():
    tilt = almanac.dipole_tilt(TIMES[1:3])
    np.testing.assert_allclose(tilt, [24.1, 13.5], atol=0.05)


def test_the_sun_stands_at_the_equinox_and_at_the_solstice():
    # 20 March 2015 22:45 and 21 June 2015 16:38 UT
    equinox, solstice = almanac.sun(["2015-03-20T22:45", "2015-06-21T16:38"])
    np.testing.assert_allclose(equinox, [1, 0, 0], atol=4e-4)
    obliquity = np.radians(23.437)
    np.testing.assert_allclose(
        solstice, [0, np.cos(obliquity), np.sin(obliquity)], atol=4e-4
    )


def test_a_year_of_times_and_a_grid_of_them_are_alike():
    line = np.datetime64("2026-01-01", "ns") + np.arange(6) * np.timedelta64(
        60, "D"
    )
    grid = almanac.matrices(line.reshape(2, 3), of="GSM", to="GEO")
    assert grid.shape == (2, 3, 3, 3)
    np.testing.assert_array_equal(
        grid.reshape(6, 3, 3), almanac.matrices(line, of="GSM", to="GEO")
    )


@pytest.mark.parametrize(
    ("time", "to", "words"),
    [
        ("2012-06-16", "HEE", "the almanac knows GSM, GSE, SM, MAG, GEO, GEI"),
        ("1999-06-16", "SM", "known from 2000 to 2030"),
        ("NaT", "GSE", "1 of 1 times are missing"),
    ],
)
def test_what_it_does_not_know_it_says(time, to, words):
    with pytest.raises(ValueError, match=words):
        almanac.matrices(time, of="GSM", to=to)
