"""A real substorm flown through UVI's camera at 20 R_E."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import wic
from smile_explore.instruments import orbit, uvi
from smile_explore.physics import aurora
from smile_explore.physics.ultraviolet import auroral_radiance, slant
from smile_explore.retrieval import dayglow, oval, polar_cap, replay

SHARED = Path(
    os.environ.get(
        "SMILE_EXPLORE_SHARED", Path(__file__).parents[3] / "shared"
    )
)
IMAGES = SHARED / "data/uvi/wic_20000828_small.nc"


def test_a_source_has_the_light_of_the_map_seen_from_above(uv_scene):
    uv_map = uv_scene(f107=0.0, rng=None).uv_map
    source = replay.as_aurora(uv_map, share=0.5, mean_energy=4.0)
    cosine = np.cos(np.radians(uv_map.view_zenith_angle.values))
    expected = 0.5 * uv_map.radiance.values / slant(cosine, 4.0)
    np.testing.assert_allclose(source.radiance, expected)
    per_flux = auroral_radiance(1.0, 4.0)
    np.testing.assert_allclose(source.energy_flux, expected / per_flux)


def test_light_below_zero_is_none_and_what_was_not_seen_is_not_known(uv_scene):
    uv_map = uv_scene(f107=0.0, rng=None).uv_map
    uv_map["radiance"][0, 0], uv_map["radiance"][0, 1] = -50.0, np.nan
    source = replay.as_aurora(uv_map)
    assert source.radiance[0, 0] == 0.0
    assert np.isnan(source.radiance[0, 1])


def test_bad_shares_energies_and_maps_are_refused(uv_scene):
    uv_map = uv_scene().uv_map
    with pytest.raises(ValueError, match="share must be within 0 to 1, got 2"):
        replay.as_aurora(uv_map, share=2.0)
    with pytest.raises(ValueError, match="mean_energy must be positive, got"):
        replay.as_aurora(uv_map, mean_energy=0.0)
    with pytest.raises(ValueError, match="the map needs view_zenith_angle"):
        replay.as_aurora(uv_map.drop_vars("view_zenith_angle"))


@pytest.mark.skipif(not IMAGES.exists(), reason="no shared data beside us")
def test_smile_would_have_seen_the_substorm_that_image_saw():
    grid = aurora.grid(lowest=50.0)
    images = wic.read(IMAGES).isel(time=[4, 7])
    seen = dayglow.remove(uvi.to_magnetic_grid(images, None, *grid))
    edges = oval.boundaries(seen)

    trajectory = orbit.trajectory(images.time)
    place = np.array([6.57, -5.94, 17.33])
    place *= 20.0 / np.linalg.norm(place)
    trajectory["position"] = xr.zeros_like(trajectory["position"]) + place
    trajectory["position"].attrs = {"frame": "GSM", "units": "R_E"}
    pointing = uvi.pointing(trajectory, target="oval")
    flown = uvi.radiance(replay.as_aurora(seen), pointing, f107=180.0)
    counted = uvi.expose(uvi.expected_counts(flown), rng=1)
    again = dayglow.remove(uvi.to_magnetic_grid(counted, pointing, *grid))
    found = oval.boundaries(again)

    assert again.attrs.get("measured") is None
    assert (found.found >= 20).all()
    for name in ("poleward", "equatorward"):
        away = np.abs((found[name] - edges[name]).values)
        assert np.nanmedian(away) < 0.5, name
    flux = [polar_cap.fit(one).flux.values for one in (edges, found)]
    np.testing.assert_allclose(flux[1], flux[0], rtol=0.08)
    # the arc of the onset, in the same place
    bright = [m.radiance.isel(time=1).argmax(...) for m in (seen, again)]
    hours = [
        float(m.mlt[b["mlt"]])
        for m, b in zip((seen, again), bright, strict=True)
    ]
    assert hours[0] == pytest.approx(hours[1], abs=0.6)
