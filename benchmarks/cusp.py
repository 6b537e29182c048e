"""The edges of the cusp in images of MHD runs, beside those in the cubes.

Each state is seen from five places around, the camera aimed at the cusp, so
that both edges are in view and Earth is not; without noise, and as the counts
of five minutes. Miss is the distance along the noon meridian from
`cusp.truth` at 0.9 of the standoff. Run B is steady, tilted by 24 deg, with
cells of 0.25 R_E; D and E change, without tilt, with cells of 0.5 R_E.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from benchmarks import Figure, best_of
from smile_explore.data import mhd, samples
from smile_explore.instruments import camera, sxi
from smile_explore.physics import charge_exchange, masks
from smile_explore.retrieval import cusp, magnetopause
from smile_explore.schema import TRAJECTORY

#: Run, its frame, and where the camera looks. [R_E]
STATES = (
    ("b_2012-06-16", 0, (4.5, 0.0, 3.0)),
    ("d_2014-09-12", 16, (4.0, 0.0, 4.0)),
    ("e_2012-06-16", 10, (4.0, 0.0, 4.0)),
)
PLACES = (
    (6.57, -5.94, 17.33),
    (4.0, -12.0, 14.0),
    (4.0, -18.0, 6.0),
    (-6.0, -6.0, 17.0),
    (0.0, -3.0, 19.0),
)
CAMERA = camera.Camera("SXI", 27.0, 16.0, 0.5)
#: Where the edges are looked for, over the standoff.
SHARE = 0.9


def measure() -> Iterator[Figure]:
    """Yield how far edges are off, by run, and the time of a fit."""
    slowest = None
    for run in ("b", "d", "e"):
        misses: dict[str, list[float]] = {}
        for name, frame, target in STATES:
            if not name.startswith(run):
                continue
            for image, pointing, state in _views(name, frame, target):
                slowest = slowest or (image, pointing)
                for key, miss in _misses(image, pointing, state):
                    misses.setdefault(key, []).append(miss)
        yield from _figures(run, misses)
    if slowest is not None:
        timing = best_of(2, lambda: cusp.edges(*slowest, dipole_tilt=24.08))
        yield Figure("edges of one image, CPU time", timing.cpu, "s")


def _views(
    name: str, frame: int, target: tuple[float, ...]
) -> Iterator[tuple[xr.Dataset, xr.Dataset, xr.Dataset]]:
    path = samples.path(f"batsrus_{name}.nc")
    state = mhd.open_cube(path).isel(time=frame, drop=True).compute()
    state["solar_wind_fraction"] = masks.by_tracing(state)
    glow = charge_exchange.emissivity(state)
    for place in PLACES:
        pointing = _aimed(place, target)
        seen = sxi.intensity(glow, pointing, camera=CAMERA)
        counted = sxi.expose(sxi.expected_counts(seen), rng=0)
        yield counted, pointing, state


def _aimed(place: tuple[float, ...], target: tuple[float, ...]) -> xr.Dataset:
    trajectory = xr.Dataset(
        {
            "position": ("component", np.array(place), {"frame": "GSM"}),
            "velocity": ("component", np.zeros(3), {"frame": "GSM"}),
        },
        coords={"component": ["x", "y", "z"]},
    )
    return camera.aim(TRAJECTORY.stamp(trajectory), target=target)


def _misses(
    image: xr.Dataset, pointing: xr.Dataset, state: xr.Dataset
) -> Iterator[tuple[str, float]]:
    standoff = float(magnetopause.truth(state, definition="last_closed"))
    known = cusp.truth(state, radius=SHARE * standoff)
    for quantity in ("intensity", "counts"):
        away = np.full(2, np.nan)
        try:
            found = cusp.edges(
                image,
                pointing,
                quantity=quantity,
                radius=SHARE * standoff,
                dipole_tilt=known["dipole_tilt"].item(),
            )
            turn = np.radians(found["angle"] - known["angle"]).values
            away = SHARE * standoff * turn
        except ValueError:
            pass
        for n, edge in enumerate(known["edge"].values):
            if np.isfinite(known["angle"][n]):
                yield f"{edge}, {quantity}", float(away[n])


def _figures(run: str, misses: dict[str, list[float]]) -> Iterator[Figure]:
    for key, values in sorted(misses.items()):
        away = np.array(values)
        known = away[np.isfinite(away)]
        label = f"run {run.upper()}, {key}"
        yield Figure(f"{label}: found", known.size / away.size, "")
        if known.size:
            yield Figure(f"{label}: median", np.median(abs(known)), "R_E")
            yield Figure(f"{label}: greatest", abs(known).max(), "R_E")
