from __future__ import annotations

import numpy as np
import pytest

from smile_explore.retrieval import dayglow
from smile_explore.schema import UVI_IMAGE

SUMMER = "2012-06-16T22:00"


def test_smooth_dayglow_goes_and_the_aurora_stays(uv_scene):
    lit = uv_scene(SUMMER, rng=None)
    dark = uv_scene(SUMMER, rng=None, f107=0.0)
    aurora = dayglow.remove(lit.uv_map)
    truth = dark.uv_map.radiance
    glow = lit.uv_map.radiance - truth
    assert glow.max() > 500.0
    # within 2 % of the dayglow
    assert np.abs(aurora.radiance - truth).max() < 0.02 * glow.max()
    assert np.abs(aurora.dayglow - glow).max() < 0.02 * glow.max()


def test_the_uncertainty_holds_the_noise_and_more_where_the_fit_is_bad(
    uv_scene,
):
    scene = uv_scene(SUMMER)
    aurora = dayglow.remove(scene.uv_map)
    assert (
        (aurora.uncertainty >= scene.uv_map.uncertainty)
        .where(aurora.uncertainty.notnull(), True)
        .all()
    )
    # stripes along local time that no smooth dayglow has
    stripes = 60.0 * np.sin(scene.uv_map.mlt * 8)
    striped = scene.uv_map.assign(radiance=scene.uv_map.radiance + stripes)
    worse = dayglow.remove(striped).uncertainty - aurora.uncertainty
    assert worse.median() > 10.0


def test_aurora_does_not_pass_for_dayglow(uv_scene):
    bright = uv_scene(SUMMER, height=5000.0, rng=None)
    faint = uv_scene(SUMMER, height=0.0, rng=None)
    one = dayglow.remove(bright.uv_map).dayglow
    other = dayglow.remove(faint.uv_map).dayglow
    assert np.abs(one - other).max() < 40.0


def test_an_image_is_done_by_the_same_door(uv_scene):
    pixels = uv_scene(SUMMER, rng=None).uv_map.drop_vars("coverage")
    pixels = pixels.isel(mlat=slice(0, 72)).interp(
        mlat=np.linspace(50.3, 85.0, 128), mlt=np.linspace(0.2, 23.8, 192)
    )
    image = UVI_IMAGE.stamp(
        pixels.drop_vars(["mlat", "mlt", "time"])
        .rename(mlat="fov_lat", mlt="fov_lon")
        .assign_coords(
            fov_lat=np.linspace(-5, 5, 128), fov_lon=np.linspace(-5, 5, 192)
        )
    )
    aurora = dayglow.remove(image.astype(np.float32))
    assert aurora.radiance.dims == ("fov_lat", "fov_lon")
    assert aurora.attrs["schema"] == "UVI_IMAGE"
    assert 0.3 < float(aurora.radiance.max() / 400.0) < 1.6
    assert np.abs(aurora.radiance.median()) < 15.0


def test_a_map_without_angles_is_refused(uv_scene):
    bare = uv_scene().uv_map.drop_vars("view_zenith_angle")
    with pytest.raises(
        ValueError, match="UV_MAP must have view_zenith_angle, got radiance"
    ):
        dayglow.remove(bare)


def test_too_little_in_view_gives_nan_not_a_guess(uv_scene):
    scene = uv_scene()
    corner = (scene.uv_map.mlat < 52) & (scene.uv_map.mlt < 3)
    aurora = dayglow.remove(scene.uv_map.where(corner))
    assert aurora.radiance.isnull().all()
