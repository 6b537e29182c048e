from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.physics.polar_cap import enclosed_flux
from smile_explore.retrieval import dayglow, oval, polar_cap
from smile_explore.schema import OVAL, SOLAR_WIND

HOURS = np.arange(0.5, 24.0)


def edges(mlat, error=0.2):
    """Sectors whose poleward edge is given; the other is 6 deg lower."""
    mlat = np.asarray(mlat, float)
    found = np.isfinite(mlat)
    columns = {
        "poleward": mlat,
        "equatorward": mlat - 6.0,
        "poleward_uncertainty": np.where(found, error, np.nan),
        "equatorward_uncertainty": np.where(found, error, np.nan),
        "peak": mlat - 3.0,
        "height": np.where(found, 300.0, np.nan),
        "gaussians": found * 1,
        "status": np.where(found, "found", "no oval"),
    }
    data = xr.Dataset(
        {name: ("mlt", values) for name, values in columns.items()},
        coords={"mlt": HOURS},
    )
    return OVAL.stamp(data.assign(found=found.sum()))


def circle(dawn, noon, radius, hours=HOURS):
    angle = np.radians((hours - 6.0) * 15.0)
    along = np.cos(angle) * dawn + np.sin(angle) * noon
    return 90 - along - np.sqrt(radius**2 - dawn**2 - noon**2 + along**2)


def test_a_circle_off_the_pole_is_fitted_to_its_numbers():
    cap = polar_cap.fit(edges(circle(1.0, -4.0, 16.0)))
    assert cap.dawn_offset == pytest.approx(1.0, abs=1e-3)
    assert cap.noon_offset == pytest.approx(-4.0, abs=1e-3)
    assert cap.radius == pytest.approx(16.0, abs=1e-3)
    assert cap.scatter < 1e-3
    assert str(cap.status.values) == "found"
    assert cap.sectors == 24


def test_an_ellipse_is_fitted_to_its_half_axes_and_direction():
    true = (0.5, -3.0, 18.0, 15.0, 70.0)
    hours = np.linspace(0.0, 24.0, 1000, endpoint=False)
    from smile_explore.retrieval import _oval_shape

    colatitude = _oval_shape.rim(true, hours)
    # it is an ellipse: the sum of the distances to two foci is constant
    angle = np.radians((hours - 6.0) * 15.0)
    x, y = colatitude * np.cos(angle), colatitude * np.sin(angle)
    away = np.sqrt(18.0**2 - 15.0**2)
    turn = np.radians(70.0)
    way = np.zeros_like(x)
    for sign in (-1, 1):
        focus = (
            0.5 + sign * away * np.cos(turn),
            -3 + sign * away * np.sin(turn),
        )
        way += np.hypot(x - focus[0], y - focus[1])
    np.testing.assert_allclose(way, 36.0, atol=1e-9)
    cap = polar_cap.fit(
        edges(90.0 - _oval_shape.rim(true, HOURS)), shape="ellipse"
    )
    names = ("dawn_offset", "noon_offset", "semi_major", "semi_minor")
    for name, value in zip((*names, "orientation"), true, strict=True):
        assert cap[name] == pytest.approx(value, abs=2e-2), name


def test_one_wrong_edge_hardly_moves_the_circle():
    mlat = circle(0.0, -3.0, 16.0)
    mlat[20] += 8.0
    cap = polar_cap.fit(edges(mlat))
    assert cap.radius == pytest.approx(16.0, abs=0.25)
    assert cap.noon_offset == pytest.approx(-3.0, abs=0.25)


def test_the_uncertainties_are_the_scatter_over_many_noises():
    rng = np.random.default_rng(3)
    clean = circle(0.0, -3.0, 16.0)
    noisy = [edges(clean + rng.normal(0, 1.0, 24), 1.0) for _ in range(60)]
    cap = polar_cap.fit(xr.concat(noisy, "time"))
    for name in ("radius", "flux"):
        spread = float(cap[name].std())
        told = float(cap[f"{name}_uncertainty"].median())
        assert 0.7 < told / spread < 1.6, name


def test_the_flux_is_that_inside_the_circle():
    cap = polar_cap.fit(edges(np.full(24, 74.0)))
    assert cap.flux == pytest.approx(
        enclosed_flux(np.full(24, 16.0)), rel=1e-6
    )
    assert 5e8 < cap.flux < 7e8


def test_the_rim_returns_the_edges():
    mlat = circle(1.0, -4.0, 16.0)
    cap = polar_cap.fit(edges(mlat))
    np.testing.assert_allclose(polar_cap.rim(cap, HOURS), mlat, atol=1e-3)
    series = xr.concat([cap, cap], "time")
    assert polar_cap.rim(series, [3.0, 5.0]).dims == ("time", "mlt")


@pytest.mark.parametrize(
    ("mlat", "reason"),
    [
        (np.where(HOURS < 6, 74.0, np.nan), "edges in 6 sectors only"),
        (np.where(HOURS < 10, 74.0, np.nan), "no edges over 15 h"),
        (np.full(24, 84.0), "doubtful: a radius of 6.0 deg"),
        (circle(0.0, -9.0, 17.0), "doubtful: the centre is 9.0 deg from"),
    ],
)
def test_what_is_no_polar_cap_says_so(mlat, reason):
    cap = polar_cap.fit(edges(mlat))
    assert str(cap.status.values).startswith(reason)
    assert np.isfinite(cap.flux) == reason.startswith("doubtful")


def test_an_unknown_edge_or_shape_is_refused():
    with pytest.raises(ValueError, match="edge must be one of poleward, equ"):
        polar_cap.fit(edges(np.full(24, 74.0)), edge="north")
    with pytest.raises(ValueError, match="shape must be one of circle, ell"):
        polar_cap.fit(edges(np.full(24, 74.0)), shape="square")


def wind(times, bz):
    ones = np.ones(times.size)
    vector = np.zeros((times.size, 3))
    velocity, field = vector.copy(), vector.copy()
    velocity[:, 0], field[:, 2] = -400.0, bz
    data = xr.Dataset(
        {
            "density": ("time", 5 * ones),
            "velocity": (("time", "component"), velocity),
            "temperature": ("time", 10 * ones),
            "magnetic_field": (("time", "component"), field),
            "dynamic_pressure": ("time", 1.3 * ones),
        },
        coords={"time": times, "component": ["x", "y", "z"]},
    )
    return SOLAR_WIND.stamp(data)


def test_a_growing_cap_has_the_rate_of_its_growth_beside_what_is_opened():
    times = np.datetime64("2012-06-16T20:00", "ns") + np.arange(
        0, 60, 2
    ) * np.timedelta64(1, "m")
    radius = 14.0 + np.arange(30) / 20.0
    series = xr.concat(
        [edges(np.full(24, 90.0 - r)) for r in radius], "time"
    ).assign_coords(time=times)
    cap = polar_cap.fit(series)
    budget = polar_cap.flux_budget(cap, wind(times, -5.0), window=20.0)
    growth = np.gradient(cap.flux.values) / 120.0
    np.testing.assert_allclose(budget.rate[6:-6], growth[6:-6], rtol=0.01)
    # 3.8 R_E wide at 400 km/s and 5 nT southward
    opened = 3.8 * 6371.2e3 * 400e3 * 5e-9
    np.testing.assert_allclose(budget.opening, opened, rtol=1e-6)
    np.testing.assert_allclose(budget.closing, opened - budget.rate)
    assert (budget.rate_uncertainty > 0).all()
    north = polar_cap.flux_budget(cap, wind(times, 5.0))
    assert np.abs(north.opening).max() < 1.0


def test_a_rate_needs_a_series_and_a_window():
    cap = polar_cap.fit(edges(np.full(24, 74.0)))
    times = np.array(["2012-06-16T20:00"], "datetime64[ns]")
    with pytest.raises(ValueError, match="needs a series of polar caps, got"):
        polar_cap.flux_budget(cap, wind(times, -5.0))
    series = cap.expand_dims(time=times)
    with pytest.raises(ValueError, match="window must be positive, got 0"):
        polar_cap.flux_budget(series, wind(times, -5.0), window=0)
    alone = polar_cap.flux_budget(series, wind(times, -5.0))
    assert alone.rate.isnull().all()


def test_the_power_is_that_of_the_light_between_the_edges(uv_scene):
    scene = uv_scene(f107=0.0, rng=None)
    found = oval.boundaries(scene.uv_map)
    power = polar_cap.hemispheric_power(scene.uv_map, found, mean_energy=4.0)
    # a ring of 400 R x 0.6 mean, sqrt(2 pi) 1.8 deg wide, about 69.5 deg
    ring = 240.0 / 132.0 * 1e-3 * np.sqrt(2 * np.pi) * np.radians(1.8)
    length = 2 * np.pi * np.sin(np.radians(20.5))
    expected = ring * length * 6481.2e3**2 * 1e-9
    assert power == pytest.approx(expected, rel=0.05)
    nothing = oval.boundaries(dayglow.remove(uv_scene(height=0.0).uv_map))
    none = polar_cap.hemispheric_power(scene.uv_map, nothing)
    assert np.isnan(none)
    with pytest.raises(
        ValueError, match="mean_energy must be positive, got 0"
    ):
        polar_cap.hemispheric_power(scene.uv_map, found, mean_energy=0.0)
