"""The boundary fit on 50 by 25 pixels, beside plain numpy and scipy.

An image of the model of Jorgensen et al. (2019) with the counts of five
minutes over a flat background. The plain way is that of the published codes:
the model sampled at 160 steps of each ray, and Nelder and Mead's search
through all parameters at once, amplitudes too, with at most 400 iterations.
It is told the background and a start near the answer; ours finds both.
The public code of CMEM needed 227 s for such a fit.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import xarray as xr
from scipy.optimize import minimize

from benchmarks import Figure, best_of
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments import camera, sxi
from smile_explore.physics import emissivity_models
from smile_explore.physics.emissivity_models import JorgensenParameters
from smile_explore.retrieval import magnetopause
from smile_explore.schema import SXI_IMAGE, TRAJECTORY

TRUTH = replace(
    JorgensenParameters(),
    magnetopause=7.6,
    bow_shock=9.8,
    magnetopause_y=0.6,
    magnetopause_z=0.55,
)
START = replace(
    TRUTH,
    magnetopause=8.4,
    bow_shock=11.0,
    magnetopause_y=0.5,
    magnetopause_z=0.5,
    sheath=2.7e-5,
)
#: Samples of a ray, and how far they reach. [R_E]
SAMPLES, LONGEST = 160, 50.0
BACKGROUND = 5.0


def measure() -> Iterator[Figure]:
    """Yield times and errors of our fits, and of the plain one."""
    image, pointing = seen()
    nose = TRUTH.magnetopause
    fits = {}
    for shape in ("shue", "lin"):
        fit = best_of(
            3,
            lambda shape=shape: magnetopause.locate(
                image,
                pointing,
                method="boundary_fit",
                quantity="counts",
                shape=shape,
            ),
        )
        fits[shape] = fit
        model = {"shue": "Jorgensen", "lin": "CMEM"}[shape]
        yield Figure(f"{model}, CPU", fit.cpu, "s", None, 5.0)
        error = abs(float(fit.result["standoff"]) - nose)
        yield Figure(f"{model}, error of the nose", error, "R_E")
    start = time.process_time()
    plain = plain_fit(image, pointing)
    cpu = time.process_time() - start
    yield Figure("plain, CPU", cpu, "s")
    error = abs(plain.x[0] * START.magnetopause - nose)
    yield Figure("plain, error of the nose", error, "R_E")
    yield Figure("plain, evaluations", plain.nfev)
    yield Figure("plain / ours, CPU", cpu / fits["shue"].cpu)


def seen() -> tuple[xr.Dataset, xr.Dataset]:
    """Return counts of the model in 25 rows of 50 pixels, and the pointing."""
    place = xr.Dataset(
        {
            "position": ("component", [6.57, -5.94, 17.33]),
            "velocity": ("component", [0.0, 0.0, 0.0]),
        },
        {"component": ["x", "y", "z"]},
    )
    pointing = camera.aim(TRAJECTORY.stamp(place), target=(8.0, 0.0, 0.0))
    pixels = {
        name: xr.DataArray(
            (np.arange(count) - (count - 1) / 2.0) * width / count, dims=name
        )
        for name, count, width in (
            ("fov_lon", 50, 27.0),
            ("fov_lat", 25, 16.0),
        )
    }
    rays = camera.unproject(**pixels, pointing=pointing).assign_coords(pixels)
    parts = emissivity_models.components(pointing["position"], rays, TRUTH)
    intensity = (parts * parts["amplitude"]).sum("name")
    image = SXI_IMAGE.stamp(xr.Dataset({"intensity": intensity}))
    mean = sxi.expected_counts(image, background=BACKGROUND)
    return sxi.expose(mean, rng=1), pointing


def plain_fit(image: xr.Dataset, pointing: xr.Dataset) -> Any:
    """Search all parameters at once, relative to their start."""
    rays = camera.unproject(
        image["fov_lon"], image["fov_lat"], pointing
    ).transpose("fov_lat", "fov_lon", "component")
    along = (np.arange(SAMPLES) + 0.5) * LONGEST / SAMPLES
    points = (
        pointing["position"].values + along[:, None, None, None] * rays.values
    )
    per_kev = sxi.expected_counts(image, background=0.0)
    response = per_kev["expected_counts"] / image["intensity"]
    counts, response = image["counts"].values, response.values
    scale = np.array(astuple(START))
    step = LONGEST / SAMPLES * EARTH_RADIUS * 1e5 / 1e3 / (4.0 * np.pi)

    def cost(vector: np.ndarray) -> float:
        glow = _plain_emissivity(points, vector * scale).sum(axis=0) * step
        model = (glow + BACKGROUND) * response
        return float(((model - counts) ** 2).sum() / (counts**2).sum())

    return minimize(
        cost,
        np.ones(scale.size),
        method="Nelder-Mead",
        options={"maxiter": 400},
    )


def _plain_emissivity(
    points: np.ndarray, parameters: np.ndarray
) -> np.ndarray:
    """Evaluate the formula of Jorgensen et al. in plain numpy."""
    mp, bs, mp_y, mp_z, bs_y, bs_z = parameters[:6]
    slope, slope_flank, sheath, wind, flank = parameters[6:]
    x, y, z = np.moveaxis(points, -1, 0)
    radius = np.sqrt(x**2 + y**2 + z**2)
    cosine = x / radius
    square = 1.0 - cosine**2
    part = y**2 / np.maximum(y**2 + z**2, 1e-12)

    def surface(nose: float, flare_y: float, flare_z: float) -> np.ndarray:
        opening = 2.0 / np.maximum(1.0 + cosine, 1e-9)
        return nose / np.sqrt(
            part * opening ** (-2.0 * flare_y)
            + (1.0 - part) * opening ** (-2.0 * flare_z)
        )

    inside = (sheath + flank * square**4) * (radius / 10.0) ** -(
        slope + slope_flank * square
    )
    glow = np.where(
        radius < surface(bs, bs_y, bs_z), inside, wind * (radius / 10.0) ** -3
    )
    return np.where(radius < surface(mp, mp_y, mp_z), 0.0, glow)
