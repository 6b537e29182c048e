"""Against apexpy 2.1.1; the table is made by tools/build_apex_grid.py."""

import csv
from pathlib import Path

import numpy as np
import pytest

from smile_explore.physics import apex

STORM = "2012-06-16T22:25"
with Path(__file__).with_name("apex_reference.csv").open() as _stream:
    REFERENCE = list(csv.DictReader(_stream))


def column(name):
    return np.array([float(row[name]) for row in REFERENCE])


def turns(angle, whole):
    """Differences of angles, hours or degrees, without the whole turns."""
    return (angle + whole / 2) % whole - whole / 2


def test_places_have_the_apex_coordinates_of_apexpy():
    found = np.array(
        [
            apex.magnetic(float(row["glat"]), float(row["glon"]), row["time"])
            for row in REFERENCE
        ]
    )
    mlat, mlon = found.T
    assert np.abs(mlat - column("mlat")).max() < 0.01
    along = turns(mlon - column("mlon"), 360) * np.cos(np.radians(mlat))
    assert np.abs(along).max() < 0.01


def test_local_time_is_that_of_apexpy():
    found = [
        apex.local_time(float(row["mlon"]), row["time"]) for row in REFERENCE
    ]
    assert np.abs(turns(found - column("mlt"), 24)).max() < 0.01


def test_geographic_is_the_inverse_of_magnetic():
    rng = np.random.default_rng(3)
    mlat, mlon = rng.uniform(60, 90, 500), rng.uniform(-180, 180, 500)
    there = apex.geographic(mlat, mlon, STORM)
    back = apex.magnetic(*there, STORM)
    np.testing.assert_allclose(back[0], mlat, atol=4e-3)
    along = turns(back[1] - mlon, 360) * np.cos(np.radians(mlat))
    np.testing.assert_allclose(along, 0.0, atol=4e-3)


def test_longitude_is_the_inverse_of_local_time():
    mlt = np.arange(0.5, 24.0)
    lon = apex.longitude(mlt, STORM)
    assert ((lon >= -180) & (lon < 180)).all()
    np.testing.assert_allclose(apex.local_time(lon, STORM), mlt)


def test_magnetic_noon_lies_under_the_sun():
    # at 17 UT the Sun stands over 75 W, near the meridian of the dipole
    sun = apex.sunward("2012-06-16T17:00")
    lon = np.degrees(np.arctan2(sun[1], sun[0]))
    assert lon == pytest.approx(-75.0, abs=1.0)
    _, mlon = apex.magnetic(65.0, lon, "2012-06-16T17:00")
    mlt = apex.local_time(mlon, "2012-06-16T17:00")
    assert mlt == pytest.approx(12.0, abs=0.7)


def test_the_sun_stands_as_high_as_its_declination_says():
    # 20 June 2012, 23:09 UT: solstice, declination 23.437 deg
    angle = apex.solar_zenith_angle([90.0, -90.0], 0.0, "2012-06-20T23:09")
    np.testing.assert_allclose(angle, [66.563, 113.437], atol=0.01)


def test_places_south_of_the_grid_have_no_magnetic_coordinates():
    mlat, mlon = apex.magnetic([34.9, 35.0], 0.0, STORM)
    assert np.isnan(mlat[0])
    assert np.isnan(mlon[0])
    assert np.isfinite(mlat[1])
    assert np.isnan(apex.geographic(20.0, 0.0, STORM)).all()


@pytest.mark.parametrize("time", ["1999-12-31T23:59", "2030-01-02"])
def test_a_time_without_a_field_model_is_refused(time):
    with pytest.raises(ValueError, match=f"2000 to 2030, got the time {time}"):
        apex.magnetic(70.0, 0.0, time)
    with pytest.raises(ValueError, match="2000 to 2030"):
        apex.local_time(0.0, time)
