"""From a cube to counts: SXI's whole chain, beside plain numpy and scipy.

Cube, emissivity, intensity, expected counts, Poisson counts, at 0.25 deg. The
plain way is what one writes first: the field at steps of half a cell along
each ray, by scipy's interpn, then the same factors; it leaves out what lies
beyond the grid. Both start from the same
cube of 128^3 nodes with a known mask. A cube of MHD has to be masked first,
which is measured apart, on a sample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr
from scipy.interpolate import interpn
from scipy.ndimage import gaussian_filter

from benchmarks import Figure, best_of
from smile_explore.constants import (
    EARTH_RADIUS,
    ELEMENTARY_CHARGE,
    PROTON_MASS,
)
from smile_explore.data import mhd, samples
from smile_explore.instruments import camera, sxi
from smile_explore.instruments.response import tables
from smile_explore.physics import charge_exchange, magnetosphere, masks
from smile_explore.physics import solar_wind as wind
from smile_explore.physics.line_of_sight import integrate
from smile_explore.schema import SOLAR_WIND, TRAJECTORY

NODES = 128
SAMPLE = "batsrus_e_2012-06-16.nc"
#: The spot of SXI in pixels, for scipy's Gaussian.
SPREAD = 8.0 / 60.0 / np.sqrt(8.0 * np.log(2.0)) / sxi.SXI.pixel


def measure() -> Iterator[Figure]:
    """Yield the times of the chain, of its parts, and of the plain way."""
    cube, pointing = sheath(), seat()
    response = tables.assumed(arm_share=0.5)
    ours = best_of(7, lambda: counts(cube, pointing))
    yield Figure("cube to counts, CPU", ours.cpu * 1e3, "ms", None, 150.0)
    yield Figure("cube to counts, wall", ours.wall * 1e3, "ms")
    full = best_of(7, lambda: counts(cube, pointing, response))
    yield Figure(
        "the same with the full response, CPU", full.cpu * 1e3, "ms", None,
        150.0,
    )  # fmt: skip
    for name, step in _steps(cube, pointing, response).items():
        yield Figure(f"  {name}, CPU", best_of(5, step).cpu * 1e3, "ms")
    plain = best_of(1, lambda: _plain_counts(cube, pointing))
    yield Figure("plain numpy and scipy, CPU", plain.cpu * 1e3, "ms")
    yield Figure("plain / ours, CPU", plain.cpu / ours.cpu)
    exact = integrate(
        charge_exchange.emissivity(cube),
        pointing["position"],
        camera.pixel_directions(sxi.SXI, pointing),
        tail=False,
    ).values
    error = np.sqrt(((plain.result - exact) ** 2).mean()) / exact.mean()
    yield Figure("plain, rms difference from ours / mean", error)
    one = mhd.open_cube(samples.path(SAMPLE)).isel(time=0).compute()
    mask = best_of(2, lambda: masks.by_tracing(one))
    yield Figure("mask of a sample of MHD by tracing, CPU", mask.cpu, "s")


def sheath() -> xr.Dataset:
    """Return the analytic cube of a dense wind."""
    density, speed = 20.0, 400.0
    driver = SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": density,
                "velocity": ("component", [-speed, 0.0, 0.0]),
                "temperature": 10.0,
                "magnetic_field": ("component", [0.0, 0.0, -5.0]),
                "dynamic_pressure": wind.dynamic_pressure(density, speed),
            },
            {"component": ["x", "y", "z"]},
        )
    )
    axis = np.linspace(-20.0, 20.0, NODES)
    return magnetosphere.analytic_cube(
        driver, axis + 5.0, axis, axis
    ).compute()


def seat() -> xr.Dataset:
    """Return the pointing from 19 R_E over the north to the nose."""
    place = xr.Dataset(
        {
            "position": ("component", [6.57, -5.94, 17.33]),
            "velocity": ("component", [0.0, 0.0, 0.0]),
        },
        {"component": ["x", "y", "z"]},
    )
    return camera.aim(TRAJECTORY.stamp(place), target=(8.0, 0.0, 0.0))


def counts(
    cube: xr.Dataset,
    pointing: xr.Dataset,
    response: xr.Dataset | None = None,
) -> xr.Dataset:
    """Go the whole way."""
    seen = sxi.intensity(charge_exchange.emissivity(cube), pointing)
    return sxi.expose(sxi.expected_counts(seen, response=response), rng=1)


def _steps(
    cube: xr.Dataset, pointing: xr.Dataset, response: xr.Dataset
) -> dict[str, Callable[[], xr.Dataset | xr.DataArray]]:
    glow = charge_exchange.emissivity(cube)
    seen = sxi.intensity(glow, pointing)
    mean = sxi.expected_counts(seen)
    return {
        "emissivity": lambda: charge_exchange.emissivity(cube),
        "intensity": lambda: sxi.intensity(glow, pointing),
        "expected counts": lambda: sxi.expected_counts(seen),
        "expected counts, full response": lambda: sxi.expected_counts(
            seen, response=response
        ),
        "Poisson counts": lambda: sxi.expose(mean, rng=1),
    }


def _plain_counts(cube: xr.Dataset, pointing: xr.Dataset) -> np.ndarray:
    """Go the same way in plain numpy and scipy; the intensity is returned."""
    axes = [cube[name].values for name in "xyz"]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    speed = np.sqrt(
        (cube["velocity"].values ** 2).sum(axis=-1)
        + 3.0
        * ELEMENTARY_CHARGE
        / PROTON_MASS
        / 1e6
        * cube["temperature"].values
    )
    radius = np.sqrt(x**2 + y**2 + z**2)
    field = 1e-15 * cube["density"].values * speed * 1e5
    field *= 25.0 * (10.0 / np.maximum(radius, 1.0)) ** 3
    field *= cube["solar_wind_fraction"].values
    start = pointing["position"].values
    rays = camera.pixel_directions(sxi.SXI, pointing).values
    step = (axes[0][1] - axes[0][0]) / 2.0
    along = np.arange(0.5 * step, 45.0, step)
    total = np.zeros(rays.shape[:2])
    for distance in along:
        points = start + distance * rays
        total += interpn(
            axes, field, points, bounds_error=False, fill_value=0.0
        )
    seen = total * step * EARTH_RADIUS * 1e5 / 1e3 / (4.0 * np.pi)
    pixel = np.radians(sxi.SXI.pixel) ** 2
    mean = (seen + 5.0) * pixel * 15.0 * 0.89 / 0.5 * 300.0
    np.random.default_rng(1).poisson(gaussian_filter(mean, SPREAD))
    return seen
