from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import wic
from smile_explore.schema import UVI_IMAGE

SHARED = Path(
    os.environ.get(
        "SMILE_EXPLORE_SHARED", Path(__file__).parents[3] / "shared"
    )
)
IMAGES = SHARED / "data/uvi/wic_20000828_small.nc"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Write an image of 120 by 180 pixels from over the northern pole."""
    glat, glon = np.meshgrid(
        np.linspace(45, 89, 120), np.linspace(-170, 170, 180), indexing="ij"
    )
    rng = np.random.default_rng(5)
    counts = rng.poisson(400.0 + 300.0 * (glat > 70), glat.shape) / 1.0
    glat[0, 0] = glon[0, 0] = np.nan
    data = xr.Dataset(
        {
            "img": (("date", "row", "col"), counts[None]),
            "glat": (("date", "row", "col"), glat[None]),
            "glon": (("date", "row", "col"), glon[None]),
            "sc_gci": (("date", "xyz"), [[0.0, 0.0, 40_000.0]]),
        },
        coords={"date": np.array(["2000-08-28T09:28"], "datetime64[ns]")},
        attrs={"counts_per_kR": 500.0},
    )
    path = tmp_path_factory.mktemp("wic") / "small.nc"
    data.to_netcdf(path)
    return path, data


def test_counts_become_rayleighs_by_the_calibration_of_the_file(small):
    path, data = small
    image = wic.read(path)
    UVI_IMAGE.check(image)
    seen = image.radiance.notnull().values
    np.testing.assert_allclose(
        image.radiance.values[seen], data.img.values[seen] / 0.5
    )
    assert image.attrs["measured"]
    assert "WIC" in image.attrs["instrument"]


def test_the_view_from_over_the_pole_slants_with_colatitude(small):
    path, data = small
    view = wic.read(path).view_zenith_angle.values[0]
    colatitude = np.radians(90 - data.glat.values[0])
    # a sphere is right to the flattening of the Earth
    radius = 6488.0
    height = 40_000.0 - radius * np.cos(colatitude)
    expected = np.degrees(
        colatitude + np.arctan2(radius * np.sin(colatitude), height)
    )
    seen = np.isfinite(view)
    np.testing.assert_allclose(view[seen], expected[seen], atol=0.4)


def test_the_noise_is_that_of_the_photons(small):
    image = wic.read(small[0])
    faint = image.uncertainty.where(image.glat < 69).median() * 0.5
    bright = image.uncertainty.where(image.glat > 71).median() * 0.5
    assert faint == pytest.approx(np.sqrt(400.0), rel=0.15)
    assert bright == pytest.approx(np.sqrt(700.0), rel=0.15)


def test_pixels_past_earth_have_no_value(small):
    image = wic.read(small[0])
    assert np.isnan(image.radiance.values[0, 0, 0])


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "other.nc"
    xr.Dataset({"img": ("x", [1.0])}).to_netcdf(path)
    with pytest.raises(
        ValueError, match="other.nc lacks glat, glon, sc_gci; expected a file"
    ):
        wic.read(path)


@pytest.mark.skipif(not IMAGES.exists(), reason="no shared data beside us")
def test_the_real_images_are_of_an_august_morning_over_the_north():
    images = wic.read(IMAGES)
    assert images.sizes["time"] == 15
    assert str(images.time.values[0])[:16] == "2000-08-28T09:28"
    assert 15 < images.solar_zenith_angle.min() < 25
    assert images.mlat.max() > 89.5
    assert 20 < images.uncertainty.median() < 200
