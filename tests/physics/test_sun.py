"""The Sun's disc against sunpy, and rotation against what was observed."""

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from sunpy.coordinates import (
    HeliocentricEarthEcliptic,
    HeliographicStonyhurst,
    Helioprojective,
)
from sunpy.coordinates import sun as authority
from sunpy.sun.models import differential_rotation

from smile_explore.physics import sun

DAYS = (
    "1992-03-21T06:00",
    "2012-06-14T14:35",
    "2014-09-10T17:45",
    "2020-12-20",
)


@pytest.mark.parametrize("day", DAYS)
def test_the_disc_is_that_of_sunpy(day):
    seen = sun.disc(day)
    assert seen.latitude == pytest.approx(authority.B0(day).deg, abs=0.01)
    distance = authority.earth_distance(day).to_value(u.km)
    assert seen.distance == pytest.approx(distance, rel=5e-5)
    limb = authority.angular_radius(day).arcsec
    assert seen.radius == pytest.approx(limb, abs=0.05)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("lat", "lon"), [(0, 0), (-20, 35), (70, -80)])
def test_places_and_directions_are_those_of_sunpy(day, lat, lon):
    seen = sun.disc(day)
    there = SkyCoord(
        lon * u.deg,
        lat * u.deg,
        sun.RADIUS * u.km,
        frame=HeliographicStonyhurst(obstime=day),
    )
    sky = there.transform_to(Helioprojective(observer="earth", obstime=day))
    x, y, visible = sun.place(lat, lon, seen)
    assert (x, y) == pytest.approx((sky.Tx.arcsec, sky.Ty.arcsec), abs=0.15)
    assert visible == sky.is_visible()
    axes = there.transform_to(HeliocentricEarthEcliptic(obstime=day))
    along = axes.cartesian.xyz.value / sun.RADIUS
    np.testing.assert_allclose(sun.ecliptic(lat, lon, seen), along, atol=3e-4)


@pytest.mark.parametrize(
    ("day", "lat", "lon", "x", "y"),
    [
        ("2014-09-10T17:45", 14, -2, -32, 113),
        ("2012-06-14T14:35", -17, -6, -95, -293),
    ],
)
def test_the_flares_of_the_storms_are_where_they_were_seen(
    day, lat, lon, x, y
):
    assert sun.place(lat, lon, sun.disc(day))[:2] == pytest.approx(
        (x, y), abs=0.6
    )


def test_what_is_beyond_the_limb_is_not_visible():
    seen = sun.disc("2014-03-07")  # the north pole leans away
    assert not sun.place(90, 0, seen)[2]
    assert sun.place(-90, 0, seen)[2]
    # the limb is nearer than 90 deg: Earth is not infinitely far
    assert not sun.place(0, 89.9, sun.disc("2014-06-06"))[2]


@pytest.mark.parametrize("latitude", [0.0, 17.0, 45.0])
def test_the_photosphere_turns_as_in_sunpy(latitude):
    day = differential_rotation(
        1 * u.day, latitude * u.deg, frame_time="synodic"
    )
    assert sun.rotation(latitude) == pytest.approx(
        day.to_value(u.deg), abs=1e-3
    )


def test_region_11504_turned_as_it_was_observed():
    # S17E27 at the end of 12 June 2012, S17W39 five days later (solen.info)
    assert 5 * sun.rotation(-17.0) == pytest.approx(27 + 39, abs=1.5)


def test_times_may_be_a_series():
    seen = sun.disc(np.array(DAYS, "datetime64[s]"))
    assert seen.latitude.shape == seen.distance.shape == (len(DAYS),)
    assert seen.latitude[1] == sun.disc(DAYS[1]).latitude
