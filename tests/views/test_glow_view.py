"""The lesson on charge exchange."""

import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import (
    charge_exchange,
    ion_emission,
    line_of_sight,
    magnetosphere,
)
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import SOLAR_WIND
from smile_explore.views import glow as views

AXIS = np.arange(-14.0, 20.1, 1.0)
AXES = AXIS, AXIS, AXIS


@pytest.fixture(scope="module")
def driver():
    return SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": 12.0,
                "velocity": ("component", [-400.0, 0.0, 0.0]),
                "temperature": 13.0,
                "magnetic_field": ("component", [0.0, 0.0, -5.0]),
                "dynamic_pressure": wind.dynamic_pressure(12.0, 400.0),
            },
            {"component": ["x", "y", "z"]},
        )
    )


@pytest.fixture(scope="module")
def cube(driver):
    return magnetosphere.analytic_cube(driver, *AXES)


def test_the_factors_multiply_to_what_the_program_says(cube):
    table = views.nose(cube).loc[[8.0, 11.0, 18.0]]
    product = 1e-15 * table.hydrogen * table.protons * table["mean speed"]
    light = charge_exchange.emissivity(cube, mask=None)
    there = light.interp(x=table.index, y=0.0, z=0.0)
    np.testing.assert_allclose(1e5 * product, there, rtol=1e-5)


def test_the_sky_beyond_the_shock_is_what_one_integrates_on_paper(driver):
    """In a wind that does not change: P (10/r)^3 from 15 R_E outward."""
    fine = np.arange(10.0, 20.1, 0.25)
    side = np.arange(-1.0, 1.1, 0.25)
    cube = magnetosphere.analytic_cube(driver, fine, side, side)
    table = views.nose(cube).loc[18.0]
    at_10 = 1e-10 * 25.0 * table.protons * table["mean speed"]
    paper = at_10 * 1e3 / (2 * 15.0**2) * 6.3712e8 / 1e3 / (4 * np.pi)
    sunward = xr.DataArray([[1.0, 0.0, 0.0]], dims=("ray", "component"))
    glow = charge_exchange.emissivity(cube)
    seen = line_of_sight.integrate(glow, [15.0, 0.0, 0.0], sunward)
    assert float(seen[0]) == pytest.approx(paper, rel=2e-3)


def test_all_settings_of_the_glow_are_followed(driver, cube):
    same = views.glow_of(driver, AXES, 12.0)
    xr.testing.assert_allclose(same, charge_exchange.emissivity(cube))
    twice = views.glow_of(driver, AXES, 12.0, hydrogen=50.0)
    np.testing.assert_allclose(twice, 2.0 * same, rtol=1e-6)
    other = views.glow_of(driver, AXES, 12.0, efficiency=5e-16)
    np.testing.assert_allclose(other, 0.5 * same, rtol=1e-6)
    denser = views.glow_of(driver, AXES, 24.0).sel(y=0.0, z=0.0)
    assert int(denser.argmax("x")) < int(same.sel(y=0.0, z=0.0).argmax("x"))


def test_factors_are_shares_and_the_magnetosphere_is_dark(cube):
    glow = charge_exchange.emissivity(cube)
    drawn = views.factors(
        cube, glow, charge_exchange.emissivity(cube, mask=None)
    )
    lines = {curve.label.split(",")[0]: curve for curve in drawn}
    light = next(c for c in drawn if c.label.startswith("emissivity, 1 is"))
    values = dict(
        zip(
            light.dimension_values("x"),
            light.dimension_values("share"),
            strict=True,
        )
    )
    assert max(values.values()) == pytest.approx(1.0)
    assert values[6.0] < 1e-3
    hydrogen = lines["hydrogen"].dimension_values("share")
    assert (np.diff(hydrogen) < 0.0).all()
    hv.render(drawn)


def test_light_along_a_ray_adds_up_to_the_whole(cube):
    glow = charge_exchange.emissivity(cube)
    ray = line_of_sight.profile(glow, [10.0, 0.0, 18.0], [0.0, 0.05, -1.0])
    drawn = views.along_ray(ray, "a ray")
    light = next(c for c in drawn if c.label.startswith("light so far"))
    rising = light.dimension_values("share")
    assert (np.diff(rising) >= 0.0).all()
    whole = float(ray.intensity.sum() + ray.beyond)
    assert rising[-1] == pytest.approx(1.0 - float(ray.beyond) / whole)
    hv.render(drawn)


def test_lines_are_coloured_by_their_element():
    table = ion_emission.line_table()
    drawn = views.lines(table)
    assert sum(len(stems) for stems in drawn) == table.sizes["photon_energy"]
    carbon = next(stems for stems in drawn if stems.label == "C")
    shares = table.share.where(table.ion.str.startswith("C"), drop=True)
    assert carbon.dimension_values("share").sum() == pytest.approx(
        float(shares.sum())
    )
    hv.render(drawn)
