import numpy as np
import pyproj
import pytest

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics import geodesy

TO_GEODETIC = pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979")


def places(count=2000, highest=1000.0):
    rng = np.random.default_rng(1)
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return direction * (1.0 + rng.uniform(0, highest, (count, 1)) / 6371.2)


def test_geodetic_coordinates_are_those_of_pyproj():
    lat, lon, height = geodesy.geodetic(places())
    expected = TO_GEODETIC.transform(*(places() * EARTH_RADIUS * 1e3).T)
    np.testing.assert_allclose(lat, expected[0], atol=2e-8)
    np.testing.assert_allclose(lon, expected[1], atol=1e-9)
    np.testing.assert_allclose(height, expected[2] / 1e3, atol=1e-5)


def test_cartesian_places_come_back():
    lat, lon, _ = geodesy.geodetic(places())
    there = geodesy.cartesian(lat, lon, 110.0)
    back = geodesy.geodetic(there)
    np.testing.assert_allclose(back.latitude, lat, atol=1e-8)
    np.testing.assert_allclose(back.longitude, lon, atol=1e-9)
    np.testing.assert_allclose(back.height, 110.0, atol=1e-5)


def test_the_poles_have_a_latitude_and_a_height():
    pole = [[0.0, 0.0, (geodesy.POLAR_RADIUS + 50.0) / EARTH_RADIUS]]
    lat, _, height = geodesy.geodetic(pole)
    assert lat == pytest.approx(90.0)
    assert height == pytest.approx(50.0)


def test_a_sight_meets_the_shell_at_its_height_on_the_near_side():
    position = np.array([3.0, -4.0, 18.0])
    seen = places(500, 1e-9) - position
    seen /= np.linalg.norm(seen, axis=1, keepdims=True)
    met = geodesy.shell_intersection(position, seen, height=110.0)
    assert np.isfinite(met).all()
    *_, height = TO_GEODETIC.transform(*(met * EARTH_RADIUS * 1e3).T)
    np.testing.assert_allclose(height, 110e3, atol=0.2)
    # the near side: the vertical there leans toward the camera
    place = geodesy.geodetic(met)
    vertical = geodesy.unit_vector(place.latitude, place.longitude)
    assert ((vertical * -seen).sum(-1) > 0).all()


def test_a_sight_past_the_earth_or_away_from_it_meets_nothing():
    sights = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.2, 0.0, -0.98]]
    met = geodesy.shell_intersection([0, 0, 20.0], sights, height=110.0)
    assert np.isnan(met).all()


@pytest.mark.parametrize("z", [0.9, 1.01])
def test_a_camera_below_the_shell_is_refused(z):
    with pytest.raises(ValueError, match="above the shell at 110 km"):
        geodesy.shell_intersection([0, 0, z], [[0, 0, -1.0]], height=110.0)


def test_a_height_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="height must be positive"):
        geodesy.shell_intersection([0, 0, 9.0], [[0, 0, -1.0]], height=-1.0)
