from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xarray as xr

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics import boundaries, line_of_sight
from smile_explore.physics import emissivity_models as models
from smile_explore.physics import solar_wind as wind

# eV cm-3 s-1 over 1 R_E, in keV cm-2 s-1 sr-1
ONE_RADIUS = EARTH_RADIUS * 1e5 / 1e3 / (4 * np.pi)
#: An r^-3 glow alone: the boundaries are shrunk into the Earth.
BARE = models.JorgensenParameters(
    magnetopause=1e-3, bow_shock=1e-3, sheath=0.0, flank=0.0, wind=2e-5
)
#: A sheath between spheres of 8 and 12 R_E, as bright everywhere.
SHELL = models.JorgensenParameters(
    magnetopause=8.0, bow_shock=12.0, magnetopause_y=0.0, magnetopause_z=0.0,
    bow_shock_y=0.0, bow_shock_z=0.0, slope=0.0, slope_flank=0.0,
    sheath=1e-5, flank=0.0, wind=0.0,
)  # fmt: skip


def solar_wind(density=20.0, speed=400.0, b=(1.0, 2.0, -5.0)):
    return xr.Dataset(
        {
            "density": density,
            "velocity": ("component", [-speed, 0.0, 0.0]),
            "temperature": 10.0,
            "magnetic_field": ("component", list(b)),
            "dynamic_pressure": wind.dynamic_pressure(density, speed),
        },
        {"component": ["x", "y", "z"]},
    )


def rays(*vectors):
    return xr.DataArray(np.array(vectors, float), dims=("ray", "component"))


def fan(seat, count=200, seed=1, target=(8.0, 0.0, 0.0), spread=5.0):
    points = np.random.default_rng(seed).normal(target, spread, (count, 3))
    return rays(*(points - seat))


def brightness(parts):
    return (parts * parts.amplitude).sum("name")


def test_the_sheath_and_the_wind_have_the_published_form():
    p = models.JorgensenParameters()
    nose, wind_ahead, inside = models.jorgensen(
        [[8.0, 0, 0], [10.0, 0, 0], [6.0, 0, 0]], p
    )
    assert nose == pytest.approx(3.2285e-5 * 0.8**-2.4908)
    assert wind_ahead == pytest.approx(1.35885e-5)
    assert inside == 0.0
    # at the terminator sin(theta) is 1, and the exponent alpha + beta
    flank = models.jorgensen([0.0, 12.0, 0.0], p)
    assert flank == pytest.approx(
        (3.2285e-5 - 1.79847e-5) * 1.2 ** -(2.4908 - 1.64578)
    )


def test_boundaries_flare_apart_in_y_and_z():
    p = models.JorgensenParameters(magnetopause_y=0.6, magnetopause_z=0.4)
    y, z = 6.708 * 2**0.6, 6.708 * 2**0.4
    along_y = models.jorgensen([[0, y - 0.01, 0], [0, y + 0.01, 0]], p)
    along_z = models.jorgensen([[0, 0, z - 0.01], [0, 0, z + 0.01]], p)
    for below, above in (along_y, along_z):
        assert below == 0.0 < above


def test_an_unscaled_cmem_magnetopause_is_that_of_lin_at_half_pressure():
    p = dataclasses.replace(
        models.CmemParameters(), bow_shock=40.0, cusp_depth=1.0,
        cusp_slope=1.0, magnetopause_scale=1.0,
    )  # fmt: skip
    theta, phi = np.meshgrid([0.0, 30, 60, 90, 110], [0.0, 60, 90, 200, 270])
    driver = solar_wind()
    radius = boundaries.lin_magnetopause(
        theta,
        phi,
        0.5 * driver.dynamic_pressure.item(),
        wind.magnetic_pressure(30.0**0.5),
        -5.0,
        dipole_tilt=12.0,
    )
    for share, shines in ((0.999, False), (1.001, True)):
        points = boundaries.surface_points(share * radius, theta, phi)
        glow = models.cmem(points, p, driver, dipole_tilt=12.0)
        np.testing.assert_array_equal(glow > 0.0, shines)


def test_published_cmem_parameters_give_the_standoff_they_were_fitted_to():
    # Their fit to 20 cm-3 and 400 km/s has p0 0.82 and a nose near 7.85 R_E;
    # with m n v^2 instead of half of it the nose would come to 6.9 R_E.
    p = models.CmemParameters(magnetopause_scale=0.82, bow_shock=20.0)
    x = np.arange(5.0, 12.0, 0.001)
    line = np.stack([x, 0 * x, 0 * x], axis=-1)
    glow = models.cmem(line, p, solar_wind(b=(0.0, 0.0, -5.0)))
    assert 7.6 < x[np.argmax(glow > 0)] < 8.1


@pytest.mark.parametrize("seat", [(15.0, 0, 0), (5.0, -9, 8), (0.0, 0, 19)])
def test_an_r3_glow_has_the_closed_form(seat):
    seat = np.array(seat)
    along = fan(seat, target=3.0 * seat)
    parts = models.components(seat, along, BARE)
    d = along.values / np.linalg.norm(along.values, axis=-1, keepdims=True)
    b, r = d @ seat, np.linalg.norm(seat)
    h2 = r**2 - b**2
    exact = 2e-5 * 1e3 / h2 * (1 - b / r) * ONE_RADIUS
    np.testing.assert_allclose(brightness(parts), exact, rtol=1e-9)


def test_a_radial_ray_outward_has_the_closed_form():
    parts = models.components((10.0, 0, 0), rays((1, 0, 0), (7, 0, 0)), BARE)
    np.testing.assert_allclose(
        brightness(parts), 2e-5 * 1e3 / 200 * ONE_RADIUS, rtol=1e-9
    )


def test_a_uniform_shell_gives_the_length_of_the_ray_in_it():
    seat = np.array([20.0, 0.0, 0.0])
    miss = np.array([0.5, 1.5, 5.0, 7.99, 7.9999, 8.0001, 9.0, 11.9999, 13.0])
    angle = np.arcsin(miss / 20.0)
    along = rays(*np.stack([-np.cos(angle), np.sin(angle), 0 * angle], -1))
    parts = models.components(seat, along, SHELL)
    outer = np.sqrt(np.clip(144 - miss**2, 0, None))
    inner = np.sqrt(np.clip(64 - miss**2, 0, None))
    length = 2 * (outer - inner)
    length[0] /= 2  # this one ends on the Earth
    np.testing.assert_allclose(
        brightness(parts), 1e-5 * length * ONE_RADIUS, rtol=1e-7, atol=1e-9
    )


@pytest.mark.parametrize(
    "seat", [(6.57, -5.94, 17.33), (0, 0, 19), (10, -30, 0)]
)
@pytest.mark.parametrize("name", ["jorgensen", "cmem"])
def test_images_agree_with_fine_steps_through_the_formula(name, seat):
    seat = np.array(seat, float)
    along = fan(seat, count=60)
    along = along / np.sqrt((along**2).sum("component"))
    if name == "jorgensen":
        p, extra = models.JorgensenParameters(), ()
        formula = models.jorgensen
    else:
        p = models.CmemParameters(magnetopause_scale=0.8, bow_shock=11.0)
        extra, formula = (solar_wind(),), models.cmem
    seen = brightness(models.components(seat, along, p, *extra))
    step = 0.01
    t = np.arange(step / 2, 50.0, step)
    points = seat + t[:, None] * along.values[:, None]
    glow = formula(points, p, *extra)
    last = points[:, -1]
    radius = np.linalg.norm(last, axis=-1)
    u = (last * along.values).sum(-1)
    in_wind = np.isclose(glow[:, -1], p.wind * 1e3 / radius**3)
    tail = np.where(in_wind, p.wind * 1e3 / (radius * (radius + u)), 0.0)
    stepped = ONE_RADIUS * (step * glow.sum(-1) + tail)
    # a step may hold an edge: a few times step x 1e-5 x ONE_RADIUS
    np.testing.assert_allclose(seen, stepped, rtol=1e-4, atol=0.04)


def test_images_agree_with_a_fine_grid():
    p = models.JorgensenParameters()
    axis = np.arange(-16.0, 16.01, 0.25)
    grid = xr.DataArray(
        np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1),
        {"x": axis, "y": axis, "z": axis},
        dims=("x", "y", "z", "component"),
    )
    field = models.jorgensen(grid.chunk(x=16), p).compute()
    seat = (6.57, -5.94, 14.0)
    along = fan(seat, count=300, spread=2.5)
    gridded = line_of_sight.integrate(field, seat, along)
    seen = brightness(models.components(seat, along, p))
    error = (gridded - seen) / seen.mean()
    # sharp edges on cells of 0.25 R_E, not the integrals, make the difference
    assert abs(float(error.mean())) < 0.005
    assert float(error.std()) < 0.03


def test_more_intervals_find_no_more_boundaries():
    from smile_explore.physics.emissivity_rays import model_image

    p = models.CmemParameters(magnetopause_scale=0.8, bow_shock=11.0)
    settings = models.shape(p, solar_wind(), dipole_tilt=20.0)
    seat = np.array([[3.0, -8.0, 15.0]])
    along = fan(seat[0], count=3000).values
    along = along / np.linalg.norm(along, axis=-1, keepdims=True)
    few = model_image(seat, along, *settings)
    many = model_image(seat, along, *settings, intervals=1000)
    wrong = np.abs(few - many).max(0) > 1e-6 * many.max()
    assert wrong.mean() < 2e-3


def test_components_change_smoothly_with_the_shape():
    seat, along = (6.57, -5.94, 17.33), fan((6.57, -5.94, 17.33))

    def total(magnetopause):
        p = models.JorgensenParameters(magnetopause=magnetopause)
        return float(brightness(models.components(seat, along, p)).sum())

    slopes = [
        (total(6.7 + h) - total(6.7 - h)) / (2 * h) for h in (1e-3, 1e-5)
    ]
    assert slopes[0] == pytest.approx(slopes[1], rel=0.02)


def test_a_ray_without_direction_is_unknown():
    parts = models.components(
        (15.0, 0, 0), rays((np.nan, 0, 1), (1, 0, 0)), BARE
    )
    assert np.isnan(parts.isel(ray=0)).all()
    assert np.isfinite(parts.isel(ray=1)).all()


def test_numpy_xarray_and_dask_agree():
    points = np.random.default_rng(2).normal(0, 10, (4, 5, 3))
    array = xr.DataArray(points, dims=("time", "x", "component"))
    p, driver = models.CmemParameters(), solar_wind()
    for function, extra in ((models.jorgensen, ()), (models.cmem, (driver,))):
        q = models.JorgensenParameters() if not extra else p
        plain = function(points, q, *extra)
        eager = function(array, q, *extra)
        lazy = function(array.chunk(time=1), q, *extra)
        assert lazy.chunks is not None
        assert eager.dims == lazy.dims == ("time", "x")
        assert eager.attrs["units"] == "eV cm-3 s-1"
        np.testing.assert_array_equal(plain, eager)
        np.testing.assert_array_equal(plain, lazy)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"bow_shock": -1.0}, ValueError, "bow_shock must be positive"),
        ({"magnetopause": 0.0}, ValueError, "magnetopause must be positive"),
        ({"slope": np.nan}, ValueError, "slope must be finite, got nan"),
    ],
)
def test_parameters_that_cannot_be_are_refused(change, error, message):
    p = dataclasses.replace(models.JorgensenParameters(), **change)
    with pytest.raises(error, match=message):
        models.jorgensen([10.0, 0, 0], p)


def test_what_is_no_position_is_refused():
    p = models.JorgensenParameters()
    with pytest.raises(ValueError, match="x, y, z as its last axis"):
        models.jorgensen([1.0, 2.0], p)
    with pytest.raises(ValueError, match="component of 3 values"):
        models.jorgensen(xr.DataArray([1.0, 2.0], dims="x"), p)
    with pytest.raises(ValueError, match="outside Earth"):
        models.components((0.5, 0, 0), rays((1, 0, 0)), p)
    with pytest.raises(ValueError, match="directions must have a length"):
        models.components((15, 0, 0), rays((0, 0, 0)), p)


def test_the_wrong_parameters_or_wind_are_refused():
    p = models.CmemParameters()
    with pytest.raises(TypeError, match="must be JorgensenParameters, got C"):
        models.jorgensen([10.0, 0, 0], p)
    with pytest.raises(TypeError, match="CMEM needs the solar_wind"):
        models.shape(p)
    several = solar_wind().expand_dims(time=2)
    with pytest.raises(ValueError, match="solar_wind must be at one time"):
        models.cmem([10.0, 0, 0], p, several)
