"""Series of SXI's images as FITS; `test_aurora_files` tries every type."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from astropy.io import fits

from smile_explore.data import aurora_files, xray_files, xray_series
from smile_explore.schema import SXI_IMAGE
from tests.data.exactly import assert_the_same

FIELD = ("fov_lat", "fov_lon")


@pytest.fixture
def images(observations):
    """With what the full response adds: how sensitive each pixel is."""
    shape = [observations.sxi.sizes[name] for name in FIELD]
    share = np.random.default_rng(1).random(shape)
    return observations.sxi.assign_coords(sensitivity=(FIELD, share))


def test_a_series_is_read_bit_by_bit(images, observations, tmp_path):
    path = tmp_path / "sxi.fits"
    xray_series.write_images(images, path, pointing=observations.pointing)
    assert_the_same(xray_series.read_images(path), images)
    pointing = xray_series.read_pointing(path)
    assert_the_same(pointing, observations.pointing)


def test_counts_come_first_and_the_last_exposure_ends_it(images, tmp_path):
    path = tmp_path / "sxi.fits"
    xray_series.write_images(images, path)
    with fits.open(path, checksum=True) as hdus:
        hdus.verify("exception")
        assert hdus[0].header["EXTNAME"] == "COUNTS"
        assert hdus[0].header["INSTRUME"] == "SXI"
        np.testing.assert_array_equal(hdus[0].data, images.counts)
        end = np.datetime64(hdus[0].header["DATE-END"], "ns")
    assert end == images.time.values[-1] + np.timedelta64(300, "s")
    xray_series.write_images(images.drop_vars("counts"), path, overwrite=True)
    assert fits.getheader(path)["EXTNAME"] == "EXPECTED_COUNTS"


def test_exposures_that_differ_are_a_column(images, tmp_path):
    path = tmp_path / "sxi.fits"
    long = images.assign(
        exposure=("time", 300.0 + np.arange(images.time.size))
    )
    long = SXI_IMAGE.stamp(long)
    xray_series.write_images(long, path)
    assert_the_same(xray_series.read_images(path), long)
    with fits.open(path) as hdus:
        assert "EXPOSURE" not in hdus[0].header
        np.testing.assert_array_equal(
            hdus["TIMES"].data["EXPOSURE"], long.exposure
        )


def test_a_tool_for_one_exposure_points_to_the_series(images, tmp_path):
    with pytest.raises(ValueError, match=r"or use xray_series\.write_images"):
        xray_files.write_image(images, tmp_path / "one.fits")


def test_files_of_others_are_refused(images, observations, tmp_path):
    one, uvi = tmp_path / "one.fits", tmp_path / "uvi.fits"
    xray_files.write_image(images.isel(time=0), one)
    with pytest.raises(ValueError, match="holds nothing of smile_explore"):
        xray_series.read_images(one)
    aurora_files.write_images(observations.uvi, uvi)
    with pytest.raises(ValueError, match="UVI_IMAGE, expected SXI_IMAGE"):
        xray_series.read_images(uvi)
    with pytest.raises(ValueError, match="SXI_IMAGE lacks intensity"):
        xray_series.write_images(xr.Dataset(), tmp_path / "none.fits")
