"""Masks are judged on fields and flows whose boundary is a known sphere."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import mhd, samples
from smile_explore.physics import masks
from smile_explore.schema import CUBE

SPHERE = 7.0
AXIS = np.linspace(-14.0, 14.0, 43)


def hill_flow(x, y, z, speed=-400.0):
    """Flow past a sphere, with Hill's vortex inside it. [km s-1]

    Batchelor (1967), An Introduction to Fluid Dynamics, sections 6.8, 7.2:
    no streamline crosses the sphere.
    """
    rho_squared = y**2 + z**2
    radius = np.maximum(np.sqrt(x**2 + rho_squared), 1e-6)
    share = (SPHERE / radius) ** 3
    outside = (
        speed * (1 - share + 1.5 * share * rho_squared / radius**2),
        -1.5 * speed * share * x / radius**2,
    )
    inside = (
        -1.5 * speed * (1 - (x**2 + 2 * rho_squared) / SPHERE**2),
        -1.5 * speed * x / SPHERE**2,
    )
    along, across = np.where(radius > SPHERE, outside, inside)
    return along, across * y, across * z


def wind(x, y, z):
    return -400.0 + 0 * x, 0 * x, 0 * x


def dipole_in(field):
    """Dipole in a uniform field along z. [nT]

    In a northward field, field lines within the radius (2 M / B)^(1/3) are
    closed and none crosses that sphere; in a southward field the polar caps
    are connected to the wind.
    """

    def vector(x, y, z):
        moment = 40.0 * SPHERE**3 / 2
        squared = x**2 + y**2 + z**2
        fifth = np.maximum(squared, 1.0) ** 2.5
        return (
            -3 * moment * x * z / fifth,
            -3 * moment * y * z / fifth,
            field - moment * (3 * z**2 - squared) / fifth,
        )

    return vector


def cube_of(velocity, magnetic_field, density_inside=5.0) -> xr.Dataset:
    dims = ("x", "y", "z")
    x, y, z = np.meshgrid(AXIS, AXIS, AXIS, indexing="ij")
    inside = x**2 + y**2 + z**2 < SPHERE**2
    density = np.where(inside, density_inside, 10.0)
    flow = np.stack(velocity(x, y, z), -1)
    cube = xr.Dataset(
        {
            "density": (dims, density),
            "temperature": (dims, np.full(x.shape, 20.0)),
            "velocity": ((*dims, "component"), flow),
            "magnetic_field": (
                (*dims, "component"),
                np.stack(magnetic_field(x, y, z), -1),
            ),
        },
        coords={"x": AXIS, "y": AXIS, "z": AXIS},
    )
    return CUBE.stamp(cube.astype(np.float32))


def radius_of(cube):
    return np.sqrt(cube.x**2 + cube.y**2 + cube.z**2)


def assert_sphere(fraction):
    """1 outside the sphere and 0 inside, but for its nearest nodes."""
    radius = radius_of(fraction)
    assert float(fraction.where(radius > SPHERE + 0.7).min()) == 1.0
    assert float(fraction.where(radius < SPHERE - 0.7).max()) == 0.0


@pytest.fixture(scope="module")
def closed():
    """Wind that blows through everything, over a closed sphere of field."""
    return cube_of(wind, dipole_in(40.0))


def test_flow_from_the_wind_is_told_from_a_vortex():
    cube = cube_of(hill_flow, dipole_in(0.0))
    fraction = masks.by_flow(cube)
    downstream = fraction.where(fraction.x > -SPHERE)
    assert_sphere(downstream.dropna("x"))


def test_closed_field_lines_hold_where_the_flow_leaks(closed):
    sunward = masks.by_flow(closed).where(closed.x > 4.0)
    assert float(sunward.min()) == 1.0
    fraction = masks.by_tracing(closed)
    # On the polar axis itself the line runs through a null, and out.
    assert_sphere(fraction.where(np.hypot(fraction.x, fraction.y) > 0.5))


def test_lines_with_one_foot_are_wind_where_plasma_overrules_the_field():
    thin = cube_of(wind, dipole_in(-40.0))
    dense = cube_of(wind, dipole_in(-40.0), density_inside=5e4)

    def over_the_pole(cube, **settings):
        fraction = masks.by_tracing(cube, **settings)
        return float(fraction.sel(x=0, y=0, z=6, method="nearest"))

    assert over_the_pole(thin) == 0.0
    assert over_the_pole(dense) == 1.0
    assert over_the_pole(thin, pressure_ratio=1e-6) == 1.0


def test_a_threshold_keeps_what_is_dense_and_far(closed):
    kept = masks.by_threshold(closed)
    radius = radius_of(closed)
    np.testing.assert_array_equal(kept, radius > 5.0)
    thin = closed.assign(density=closed.density.where(radius > SPHERE, 1.0))
    np.testing.assert_array_equal(masks.by_threshold(thin), radius > SPHERE)
    kept = masks.by_threshold(thin, density_share=0.05, inner_radius=6.0)
    np.testing.assert_array_equal(kept, radius > 6.0)


def test_a_cube_that_knows_its_solar_wind_is_believed(closed):
    own = xr.full_like(closed.density, 0.25)
    own.attrs = {"method": "model"}
    known = closed.assign(solar_wind_fraction=own)
    fraction = masks.solar_wind_fraction(known)
    assert fraction.attrs["method"] == "model"
    np.testing.assert_array_equal(fraction, own)
    made = masks.solar_wind_fraction(closed)
    xr.testing.assert_identical(made, masks.by_tracing(closed))


def test_the_inside_of_the_inner_boundary_is_no_solar_wind(closed):
    hollow = closed.where(radius_of(closed) > 3.0)
    fraction = masks.by_tracing(CUBE.stamp(hollow))
    np.testing.assert_array_equal(fraction, masks.by_tracing(closed))
    assert float(fraction.sel(x=0, y=0, z=0, method="nearest")) == 0.0


@pytest.mark.parametrize(
    "method", [masks.by_tracing, masks.by_flow, masks.by_threshold]
)
def test_lazy_series_agree_with_arrays_in_one_task_per_time(method, closed):
    other = cube_of(hill_flow, dipole_in(40.0))
    series = CUBE.stamp(xr.concat([closed, other], "time"))
    eager = method(series)
    lazy = method(series.chunk({"time": 2, "x": 10}))
    assert lazy.chunks[0] == (1, 1)
    assert eager.dims == lazy.dims == ("time", "x", "y", "z")
    assert eager.dtype == lazy.dtype == np.float32
    np.testing.assert_array_equal(eager, lazy)
    np.testing.assert_array_equal(eager[0], method(closed))
    assert eager.attrs == lazy.attrs
    assert eager.attrs["method"] == method.__name__


def test_settings_are_recorded(closed):
    fraction = masks.by_tracing(closed, step=1.5, pressure_ratio=1.0)
    assert fraction.attrs["step"] == 1.5
    assert fraction.attrs["pressure_ratio"] == 1.0
    assert fraction.attrs["inner_radius"] == 4.0


def test_half_the_step_changes_few_nodes(closed):
    change = masks.by_tracing(closed) != masks.by_tracing(closed, step=0.5)
    assert float(change.mean()) < 1e-3


@pytest.mark.parametrize(
    ("method", "settings", "message"),
    [
        (masks.by_tracing, {"step": 0}, "step must be positive, got 0"),
        (masks.by_tracing, {"pressure_ratio": -1}, "pressure_ratio must be"),
        (masks.by_flow, {"longest": -5}, "longest must be positive"),
        (masks.by_flow, {"inner_radius": 0}, "inner_radius must be positive"),
        (masks.by_threshold, {"density_share": 1.0}, "from 0 to below 1"),
        (masks.by_threshold, {"inner_radius": -1}, "inner_radius must be"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    method, settings, message, closed
):
    with pytest.raises(ValueError, match=message):
        method(closed, **settings)


def test_a_cube_without_field_is_refused(closed):
    with pytest.raises(ValueError, match="CUBE lacks magnetic_field"):
        masks.by_tracing(closed.drop_vars("magnetic_field"))


def nose(fraction):
    """Innermost solar wind on the Sun-Earth line. [R_E]"""
    line = fraction.interp(y=0, z=0).sel(x=slice(4.5, None))
    return float(line.x[int(np.argmax(line.values > 0.5))])


@pytest.mark.parametrize(
    ("name", "minutes", "last_closed"),
    [
        # Last closed field line, found when the runs were made.
        ("batsrus_d_2014-09-12.nc", 0.0, 10.75),
        ("batsrus_d_2014-09-12.nc", 1.5, 9.4),
        ("batsrus_d_2014-09-12.nc", 2.5, 7.25),
        ("batsrus_d_2014-09-12.nc", 8.0, 7.0),
        ("batsrus_d_2014-09-12.nc", 25.0, 6.25),
        ("batsrus_e_2012-06-16.nc", 0.0, 6.50),
        ("batsrus_b_2012-06-16.nc", 0.0, 5.88),
    ],
)
def test_the_edge_in_mhd_runs_is_the_last_closed_line(
    name, minutes, last_closed
):
    series = mhd.open_cube(samples.path(name))
    time = series.time[0] + np.timedelta64(round(60 * minutes), "s")
    cube = series.sel(time=time, method="nearest")
    edge = nose(masks.by_tracing(cube.compute()))
    assert edge == pytest.approx(last_closed, abs=0.51)


def test_the_flow_alone_leaks_while_a_shock_passes():
    series = mhd.open_cube(samples.path("batsrus_d_2014-09-12.nc"))
    cube = series.isel(time=3).compute()
    assert nose(masks.by_flow(cube)) < nose(masks.by_tracing(cube)) - 2.0
