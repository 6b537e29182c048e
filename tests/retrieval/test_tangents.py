"""Tangents of many images envelop the magnetopause."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.retrieval import magnetopause
from smile_explore.schema import SXI_IMAGE

ANGLES = np.radians([35.0, 50.0, 65.0, 80.0, 95.0])


def along_an_orbit(sky, seed=None):
    """Images of one magnetopause from places in a plane through X."""
    images, pointings = [], []
    for angle in ANGLES:
        place = 19 * np.array([np.cos(angle), -0.3 * np.sin(angle), 0])
        place[2] = 19 * np.sqrt(1 - 0.3**2) * np.sin(angle)
        pointing = sky.pointing_from(place, (8.0, 0.0, 0.0))
        image = sky.image_of(sky.emissivity, pointing)
        if seed is not None:
            image = sky.counted(image, seed + len(images))
        images.append(image)
        pointings.append(pointing)
    time = np.datetime64("2012-06-16T12:00", "ns") + np.arange(
        len(images)
    ) * np.timedelta64(4, "h")
    series = xr.concat(images, "time", join="override")
    where = xr.concat(pointings, "time", join="override")
    return (
        SXI_IMAGE.stamp(series.assign_coords(time=time)),
        where.assign_coords(time=time),
    )


@pytest.fixture(scope="module")
def series(sky):
    return along_an_orbit(sky)


def envelop(series, **options):
    options = {"shape": "shue", **options}
    return magnetopause.locate(*series, method="tangent_direction", **options)


def test_the_tangents_of_an_orbit_give_one_surface(sky, series):
    found = envelop(series)
    standoff = found.standoff.values
    assert (standoff == standoff[0]).all()
    assert standoff[0] == pytest.approx(sky.standoff, abs=0.35)
    assert abs(standoff[0] - sky.standoff) < 2 * found.standoff_uncertainty[0]
    assert found.flaring[0] == pytest.approx(sky.flaring, abs=0.1)
    assert (found.images == len(ANGLES)).all()
    assert "at rest" in found.attrs["assumptions"]
    assert found.status.values.tolist() == ["found"] * len(ANGLES)


def test_the_cross_section_needs_no_model(sky, series):
    found = envelop(series)
    x, away = found.section_x.values, found.section_distance.values
    radius = np.hypot(x, away)
    level = radius * ((1 + x / radius) / 2) ** sky.flaring
    np.testing.assert_allclose(level, sky.standoff, atol=0.5)
    # From ahead the tangent is beyond the nose, from behind on this side.
    angle = np.degrees(np.arctan2(away, x))
    assert (np.diff(angle) > 0).all()
    assert angle[0] < 0
    assert angle[-1] > 20
    assert (found.section_uncertainty > 0).all()


def test_noise_is_propagated(sky, series):
    found = envelop(along_an_orbit(sky, seed=0), quantity="counts")
    still = envelop(series)
    assert abs(found.standoff[0] - still.standoff[0]) < 0.4
    assert found.standoff_uncertainty[0] > still.standoff_uncertainty[0]
    seen = found.section_uncertainty.notnull()
    assert seen.sum() >= 3
    noisier = found.section_uncertainty > still.section_uncertainty
    assert noisier.where(seen, True).all()


def test_a_magnetopause_that_moves_is_noticed(series):
    images, pointing = series
    moved = images.copy()
    # The same image a degree farther to the Sun: the boundary moved out.
    shift = {"fov_lat": 3, "fov_lon": 0}
    moved["intensity"][1::2] = images.intensity[1::2].roll(shift)
    found = envelop((moved, pointing))
    assert "the magnetopause was not at rest" in found.status[0].item()
    assert not found.converged.any()
    assert found.scatter[0] > 0.1


def test_images_of_no_use_are_left_out(series):
    images, pointing = series
    some = images.copy(deep=True)
    some["intensity"][1] = np.nan
    some["intensity"][2] = 1.0
    found = envelop((some, pointing))
    assert (found.images[[0, 3, 4]] == 3).all()
    assert found.standoff.isnull().values.tolist() == [
        False, True, True, False, False,
    ]  # fmt: skip
    assert "no values" in found.status[1].item()
    assert "uniform" in found.status[2].item()


def test_one_image_is_refused(sky, series):
    with pytest.raises(ValueError, match="at least 3 places .* got one image"):
        magnetopause.locate(*sky.views["dawn"], method="tangent_direction")
    images, pointing = series
    few = (images.isel(time=slice(2)), pointing.isel(time=slice(2)))
    found = envelop(few)
    assert found.standoff.isnull().all()
    assert "directions of 3 images" in found.status[0].item()
    assert "got 2" in found.status[0].item()
