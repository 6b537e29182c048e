from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.retrieval import _oval_fit, _oval_sectors, dayglow, oval
from smile_explore.schema import OVAL

EDGES = ("poleward", "equatorward")
WINTER, SUMMER = "2012-12-16T22:00", "2012-06-16T22:00"


def errors(found, scene, where=slice(None)):
    """Distances of the edges found from those put in, where found."""
    away = [
        (found[name].values - getattr(scene, name))[where] for name in EDGES
    ]
    away = np.concatenate(away)
    return away[np.isfinite(away)]


def test_two_gaussians_on_a_background_are_fitted_to_their_numbers():
    x = np.arange(50.5, 90.0)
    true = np.array([5.0, 3.0, 8.0, 200.0, 64.0, np.log(1.5), 90, 71.5, 0.3])
    values = _oval_fit.evaluate(x, true)[None]
    single, double = _oval_fit.fit(x, values, np.full_like(values, 0.1))
    found = double.parameters[0]
    if found[4] > found[7]:
        found = found[[0, 1, 2, 6, 7, 8, 3, 4, 5]]
    np.testing.assert_allclose(found, true, atol=2e-3)
    assert single.reduced > 1e3 > double.reduced


def test_the_covariance_of_a_fit_is_its_scatter_over_many_noises():
    x = np.arange(50.5, 90.0)
    true = np.array([5.0, 3.0, 8.0, 200.0, 66.0, np.log(1.8)])
    noise = np.random.default_rng(2).normal(0.0, 10.0, (400, x.size))
    values = _oval_fit.evaluate(x, true) + noise
    single, _ = _oval_fit.fit(x, values, np.full_like(values, 10.0))
    spread = single.parameters.std(0)
    told = np.sqrt(np.diagonal(single.covariance, axis1=1, axis2=2))
    np.testing.assert_allclose(np.median(told, 0), spread, rtol=0.15)


def test_without_noise_the_edges_are_those_put_in(uv_scene):
    scene = uv_scene(f107=0.0, rng=None)
    found = oval.boundaries(scene.uv_map)
    assert found.found == 24
    # the bins of 1 deg and sectors of 1 h are all that is lost
    assert np.abs(errors(found, scene)).max() < 0.25


@pytest.mark.parametrize("height", [150.0, 400.0])
def test_in_the_dark_half_of_the_edges_are_right_to_half_a_degree(
    uv_scene, height
):
    scene = uv_scene(WINTER, height=height)
    found = oval.boundaries(dayglow.remove(scene.uv_map))
    dark = scene.dark
    assert dark.sum() > 18
    away = errors(found, scene, dark)
    assert away.size == 2 * dark.sum()
    assert np.median(np.abs(away)) < 0.2  # the goal is 0.5
    assert np.quantile(np.abs(away), 0.9) < 0.5


@pytest.mark.parametrize(
    ("f107", "exposure", "height", "sectors", "typical"),
    [
        (70.0, 60.0, 150.0, 16, 0.3),
        (130.0, 60.0, 150.0, 12, 0.35),
        (130.0, 600.0, 150.0, 23, 0.25),
        (200.0, 60.0, 400.0, 21, 0.3),
    ],
)
def test_in_june_sunlight_the_oval_is_found_as_far_as_counts_allow(
    uv_scene, f107, exposure, height, sectors, typical
):
    scene = uv_scene(SUMMER, f107=f107, exposure=exposure, height=height)
    assert not scene.dark.any()
    found = oval.boundaries(dayglow.remove(scene.uv_map))
    assert found.found >= sectors
    assert np.median(np.abs(errors(found, scene))) < typical


def test_the_uncertainty_says_how_wrong_the_edges_are(uv_scene):
    pulls = []
    for seed in range(6):
        scene = uv_scene(SUMMER, exposure=300.0, rng=seed)
        found = oval.boundaries(dayglow.remove(scene.uv_map))
        for name in EDGES:
            away = found[name].values - getattr(scene, name)
            pulls.append(away / found[f"{name}_uncertainty"].values)
    pulls = np.concatenate(pulls)
    pulls = pulls[np.isfinite(pulls)]
    assert 0.5 < 1.4826 * np.median(np.abs(pulls)) < 1.5


@pytest.mark.parametrize("time", [WINTER, SUMMER])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_oval_that_is_not_there_is_said_not_to_be_there(
    uv_scene, time, seed
):
    scene = uv_scene(time, height=0.0, rng=seed)
    found = oval.boundaries(dayglow.remove(scene.uv_map))
    assert str(found.verdict.values).startswith("no oval: it stands out in")
    assert found.found == 0
    assert found.poleward.isnull().all()


def test_half_the_offset_is_where_half_the_brightness_is(uv_scene):
    scene = uv_scene(f107=0.0, rng=None)
    found = oval.boundaries(scene.uv_map, offset=0.5)
    middle = (scene.poleward + scene.equatorward) / 2.0
    half = (scene.poleward - middle) / 2.0
    np.testing.assert_allclose(found.poleward, middle + half, atol=0.2)


def test_a_bifurcated_oval_has_the_outer_edges_of_its_two_arcs(uv_scene):
    south = uv_scene(f107=0.0, rng=None, radius=23.0, width=1.2)
    north = uv_scene(f107=0.0, rng=None, radius=18.5, width=1.2)
    both = south.uv_map.assign(
        radiance=south.uv_map.radiance + north.uv_map.radiance
    )
    found = oval.boundaries(both)
    assert (found.gaussians == 2).all()
    np.testing.assert_allclose(found.poleward, north.poleward, atol=0.3)
    np.testing.assert_allclose(found.equatorward, south.equatorward, atol=0.3)


def test_sectors_out_of_view_are_said_to_be(uv_scene):
    scene = uv_scene()
    half = scene.uv_map.mlt < 12
    found = oval.boundaries(scene.uv_map.where(half))
    unseen = found.status.values[12:]
    assert (unseen == "too little of the sector is seen").all()
    assert (found.status.values[:12] == "found").sum() >= 10


def test_a_series_gives_what_its_images_give_and_says_where_uvi_is_off(
    uv_scene,
):
    one = uv_scene(rng=1).uv_map
    two = uv_scene(rng=2).uv_map
    off = one.assign(radiance=one.radiance * np.nan)
    series = xr.concat([one, off, two], "time")
    found = oval.boundaries(series)
    assert found.sizes["time"] == 3
    assert str(found.verdict.values[1]).startswith("UVI is off")
    assert found.found.values.tolist()[1] == 0
    alone = oval.boundaries(two)
    np.testing.assert_allclose(found.poleward[2], alone.poleward)
    OVAL.check(found)


def test_lazy_maps_give_what_maps_in_memory_give(uv_scene):
    series = xr.concat([uv_scene(rng=n).uv_map for n in (1, 2)], "time")
    found = oval.boundaries(dayglow.remove(series))
    lazy = oval.boundaries(dayglow.remove(series.chunk(time=1)))
    np.testing.assert_allclose(found.poleward, lazy.poleward)


def test_images_of_nothing_but_nan_are_refused(uv_scene):
    dark = uv_scene().uv_map
    dark = dark.assign(radiance=dark.radiance * np.nan)
    for door in (oval.boundaries, dayglow.remove):
        with pytest.raises(ValueError, match="no image has a value, all are"):
            door(dark)


def test_a_map_of_low_latitudes_is_refused(uv_scene):
    low = uv_scene().uv_map.assign_coords(mlat=np.arange(-40, 40.0))
    with pytest.raises(ValueError, match="must reach into 50 to 90 deg"):
        oval.boundaries(low)


def series_with(values):
    """Maps of 2 deg and 2 h, whose brightness is given for each time."""
    lat, hour = np.arange(51.0, 90, 2.0), np.arange(1.0, 24, 2.0)
    shape = (len(values), lat.size, hour.size)
    times = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
        len(values)
    ) * np.timedelta64(1, "m")
    radiance = np.broadcast_to(np.array(values, float)[:, None, None], shape)
    dims = ("time", "mlat", "mlt")
    return xr.Dataset(
        {
            "radiance": (dims, radiance.copy(), {"units": "R"}),
            "coverage": (dims, np.ones(shape), {"units": "1"}),
        },
        coords={"time": times, "mlat": lat, "mlt": hour},
    )


def test_a_keogram_is_the_mean_over_a_sector_even_over_midnight():
    maps = series_with([0.0, 0.0])
    maps["radiance"].loc[{"mlt": 23.0}] = 2.0
    maps["radiance"].loc[{"mlt": 1.0}] = 4.0
    strip = oval.keogram(maps, 0.0, width=3.0)
    assert strip.dims == ("time", "mlat")
    np.testing.assert_allclose(strip, 3.0)
    np.testing.assert_allclose(oval.keogram(maps, 1.0, width=1.0), 4.0)


def test_a_keogram_along_local_time_is_the_mean_over_latitudes_by_area():
    maps = series_with([1.0, 5.0])
    maps["radiance"].loc[{"mlat": 61.0}] = 0.0
    strip = oval.local_time_keogram(maps, between=(60.0, 64.0))
    share = np.cos(np.radians(63.0)) / np.cos(np.radians([61.0, 63.0])).sum()
    assert strip.dims == ("time", "mlt")
    np.testing.assert_allclose(strip[0], share)
    np.testing.assert_allclose(strip[1], 5.0 * share)


def test_a_keogram_wants_times_and_places_that_there_are():
    maps = series_with([1.0, 2.0])
    with pytest.raises(ValueError, match="needs a series of maps along time"):
        oval.keogram(maps.isel(time=0), 0.0)
    with pytest.raises(ValueError, match="no local time within 0.25 h of 0"):
        oval.keogram(maps, 0.0, width=0.5)
    with pytest.raises(ValueError, match="no latitude from 10 to 20 deg"):
        oval.local_time_keogram(maps, between=(10.0, 20.0))


def test_near_the_end_of_the_map_the_outer_edge_is_the_less_certain():
    bins = _oval_sectors.BINS
    true = np.array([5.0, 3.0, 8.0, 200.0, 55.0, np.log(1.8)])
    noise = np.random.default_rng(5).normal(0.0, 8.0, (600, bins.size))
    values = _oval_fit.evaluate(bins, true) + noise
    limits = _oval_sectors.Limits(uncertainty=5.0)
    found = _oval_sectors.edges(values, np.full_like(values, 8.0), limits)
    good = (found.status == "found") & (found.gaussians == 1)
    told = [
        np.median(found.poleward_uncertainty[good]),
        np.median(found.equatorward_uncertainty[good]),
    ]
    scatter = [found.poleward[good].std(), found.equatorward[good].std()]
    np.testing.assert_allclose(told, scatter, rtol=0.12)
    assert told[1] > 1.08 * told[0]
