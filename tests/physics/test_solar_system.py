import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import (
    GCRS,
    CartesianRepresentation,
    PrecessedGeocentric,
)
from astropy.time import Time

from smile_explore.physics import solar_system

#: Sun and Moon of JPL's DE440 at 0 h UTC, as satkit 0.24.1 reads it. [km]
DE440 = {
    "2012-06-16": (
        (13016809.1, 138924198.2, 60226208.7),
        (284947.5, 259852.1, 126268.7),
    ),
    "2026-09-01": (
        (-140214119.7, 51392610.5, 22279048.6),
        (341261.3, 134934.8, 89757.5),
    ),
    "2026-12-21": (
        (-3229722.0, -135000446.7, -58519369.6),
        (254468.9, 227884.2, 134226.8),
    ),
    "2027-05-07": (
        (105117069.9, 99369519.9, 43074286.9),
        (222463.3, 258165.2, 146908.8),
    ),
    "2028-03-03": (
        (141472356.1, -40815962.4, -17693293.4),
        (217019.4, 281936.4, 156878.6),
    ),
}
TIMES = np.array(list(DE440), "datetime64[ns]")


def angle(first, second):
    cross = np.linalg.norm(np.cross(first, second), axis=-1)
    return np.degrees(np.arctan2(cross, (first * second).sum(-1)))


def test_sun_and_moon_are_where_de440_has_them():
    sun, moon = np.swapaxes(list(DE440.values()), 0, 1)
    away = solar_system.sun_position(TIMES) - sun
    assert np.linalg.norm(away, axis=1).max() < 8.0
    away = solar_system.moon_position(TIMES) - moon
    assert np.linalg.norm(away, axis=1).max() < 20.0


def test_the_sun_is_farthest_north_at_the_solstice():
    # 20 June 2012 23:09 UTC; precession there is 54.8 arcsec a year
    x, y, z = solar_system.sun_position("2012-06-20T23:09")
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(
        90.0 - 12.47 * 54.8 / 3600.0, abs=0.01
    )
    assert np.degrees(np.arctan2(z, np.hypot(x, y))) == pytest.approx(
        23.437, abs=0.003
    )


def test_the_pole_is_that_of_date():
    north = CartesianRepresentation(0, 0, 1, unit=u.km)
    known = (
        PrecessedGeocentric(
            north, equinox=Time("2026-09-01"), obstime=Time("2026-09-01")
        )
        .transform_to(GCRS(obstime=Time("2026-09-01")))
        .cartesian.xyz.value
    )
    # nutation is 9.2 arcsec at most
    found = solar_system.pole_direction("2026-09-01")
    assert angle(found, known) < 10.0 / 3600.0
    assert np.linalg.norm(found) == pytest.approx(1.0, abs=1e-14)
    assert solar_system.pole_direction(TIMES).shape == (TIMES.size, 3)
