"""How bright the magnetosheath is, and how many counts, beside published.

The seat is that of the authors of CMEM, the aim that of Jorgensen et al.
(2019): from (6.57, -5.94, 17.33) to (9.5, 0, 0) R_E.
"""

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera, sxi
from smile_explore.instruments.response import tables
from smile_explore.physics import (
    charge_exchange,
    emissivity_models,
    emissivity_starts,
    magnetosphere,
)
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import SOLAR_WIND, SXI_IMAGE, TRAJECTORY

HALF_DEGREE = camera.Camera("SXI", 27.0, 16.0, 0.5)


def solar_wind(density, speed=400.0, bz=-5.0):
    return SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": density,
                "velocity": ("component", [-speed, 0.0, 0.0]),
                "temperature": 10.0,
                "magnetic_field": ("component", [0.0, 0.0, bz]),
                "dynamic_pressure": wind.dynamic_pressure(density, speed),
            },
            {"component": ["x", "y", "z"]},
        )
    )


def pointing(aim=9.5):
    place = xr.Dataset(
        {
            "position": ("component", [6.57, -5.94, 17.33]),
            "velocity": ("component", [0.0, 0.0, 0.0]),
        },
        {"component": ["x", "y", "z"]},
    )
    return camera.aim(TRAJECTORY.stamp(place), target=(aim, 0.0, 0.0))


def by_model(density):
    """Image of CMEM with its authors' start values for a density."""
    driver, seat = solar_wind(density), pointing()
    start = emissivity_starts.cmem(driver, method="density")
    parts = emissivity_models.components(
        seat["position"],
        camera.pixel_directions(HALF_DEGREE, seat),
        start,
        driver,
    )
    intensity = (parts * parts["amplitude"]).sum("name")
    return SXI_IMAGE.stamp(xr.Dataset({"intensity": intensity}))


def by_cube(density, aim=9.5, **options):
    """Image of the analytic magnetosphere, by the emissivity of its plasma."""
    axis = np.arange(-20.0, 20.1, 0.5)
    cube = magnetosphere.analytic_cube(
        solar_wind(density), axis + 5.0, axis, axis
    )
    glow = charge_exchange.emissivity(cube, **options)
    return sxi.intensity(glow, pointing(aim), camera=HALF_DEGREE)


def test_the_model_is_as_bright_as_its_authors_code_makes_it():
    # 20 cm-3: mean 35, largest 64 keV cm-2 s-1 sr-1, science/sxi.md 1.1
    seen = by_model(20.0)["intensity"]
    assert float(seen.mean()) == pytest.approx(35.0, rel=0.06)
    assert float(seen.max()) == pytest.approx(64.0, rel=0.03)


@pytest.mark.parametrize(
    ("density", "brightest", "counts", "behind"),
    # 300 s, 0.25 deg: what docs/sxi.md lists
    [
        (12.25, 33.0, 4.1, 2.9),
        (20.0, 64.8, 8.1, 2.9),
        (80.0, 390.0, 48.0, 2.9),
    ],
)
def test_counts_in_five_minutes_are_those_of_the_page(
    density, brightest, counts, behind
):
    image = by_cube(density)
    assert float(image["intensity"].max()) == pytest.approx(
        brightest, rel=0.04
    )
    seen = sxi.expected_counts(image, response=tables.assumed())
    quarter = (HALF_DEGREE.pixel / 0.25) ** 2
    background = seen["expected_background"]
    source = seen["expected_counts"] - background
    assert float(source.max()) / quarter == pytest.approx(counts, rel=0.05)
    assert float(background.median()) / quarter == pytest.approx(
        behind, rel=0.03
    )


@pytest.mark.parametrize("density", [12.25, 20.0, 80.0])
def test_plasma_and_fitted_model_are_alike_bright(density):
    # two ways that share nothing but the seat: emissivity of the plasma with
    # 1e-15 eV cm2, and a formula fitted to MHD runs with the same number.
    # At 80 cm-3 the fit is extrapolated, for its runs end at 35.
    plasma = float(by_cube(density)["intensity"].max())
    model = float(by_model(density)["intensity"].max())
    assert plasma == pytest.approx(model, rel=0.06 if density < 50 else 0.3)


def test_the_axis_is_as_bright_as_mshpy_makes_it():
    # 20 cm-3, 400 km/s, Bz -5 nT, 6e-16 eV cm2: 27 on the axis, science/
    # sxi.md 1.1; where that code stands and looks is not told there
    image = by_cube(20.0, efficiency=charge_exchange.EFFICIENCY["mshpy"])
    axis = image["intensity"].sel(fov_lon=0.25, fov_lat=0.25, method="nearest")
    assert float(axis) == pytest.approx(27.0, rel=0.15)


def test_the_sheath_brightens_faster_than_the_flux():
    # Robertson and Cravens: by another (rho u^2)^(1/3), for the magnetopause
    # moves in to denser hydrogen; with Lin's r0 ~ P^-0.194 and r^-3 hydrogen
    # along a path that shrinks with r0, by P^0.39
    noses = {12.25: 9.0, 80.0: 6.3}
    thin, dense = (
        float(by_cube(n, aim=nose)["intensity"].max())
        for n, nose in noses.items()
    )
    power = np.log(dense / thin) / np.log(80.0 / 12.25)
    assert 1.30 < power < 1.43
