"""From an ultraviolet image back to the oval: CPU time per image, and error.

UVI at 512 x 512 from 19.2 R_E, Kp 5 of Zhang and Paxton in June sunlight at
F10.7 of 130, one minute of counts; cells of 0.5 deg by 0.25 h. The error is
that of the edges at half maximum against the source, median over 24 h.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from benchmarks import Figure, best_of
from smile_explore.instruments import orbit, uvi
from smile_explore.physics import aurora
from smile_explore.retrieval import dayglow, oval, polar_cap
from smile_explore.views import aurora as view
from smile_explore.views import polar

TIMES = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
    5
) * np.timedelta64(1, "m")


def measure() -> Iterator[Figure]:
    """Yield the CPU time of each step per image, and the error."""
    count = TIMES.size
    pointing, images = _images()
    grid = aurora.grid(lowest=50.0)
    remap = best_of(3, lambda: uvi.to_magnetic_grid(images, pointing, *grid))
    light = best_of(3, lambda: dayglow.remove(remap.result))
    edges = best_of(3, lambda: oval.boundaries(light.result))
    cap = best_of(3, lambda: polar_cap.fit(edges.result))
    steps = {
        "to the magnetic grid": remap,
        "dayglow removed": light,
        "edges": edges,
        "circle and flux": cap,
    }
    for name, step in steps.items():
        yield Figure(f"{name}, CPU per image", step.cpu / count * 1e3, "ms")
    total = sum(step.cpu for step in steps.values()) / count
    yield Figure("all four, CPU per image", total * 1e3, "ms")
    shown = best_of(
        5,
        lambda: polar.layers(
            light.result, TIMES[2], oval=edges.result, cap=cap.result
        ),
    )
    yield Figure("polar map, a step of the clock, CPU", shown.cpu * 1e3, "ms")
    shown = best_of(
        5, lambda: view.layers(images, TIMES[2], pointing=pointing)
    )
    yield Figure("camera, a step of the clock, CPU", shown.cpu * 1e3, "ms")
    half = oval.boundaries(light.result, offset=0.5)
    yield Figure("sectors with edges", float(half.found.mean()), "of 24")
    yield Figure("error of the edges", _error(half), "deg", None, 0.5)


def _images() -> tuple[xr.Dataset, xr.Dataset]:
    trajectory = orbit.trajectory(TIMES)
    place = xr.zeros_like(trajectory["position"])
    place[:] = [6.57, -5.94, 17.33]
    pointing = uvi.pointing(trajectory.assign(position=place), target="oval")
    source = aurora.zhang_paxton(5.0, *aurora.grid(lowest=45.0))
    seen = uvi.radiance(source, pointing, f107=130.0)
    return pointing, uvi.expose(uvi.expected_counts(seen), rng=1)


def _error(found: xr.Dataset) -> float:
    fine = np.arange(45.05, 90.0, 0.1)
    source = aurora.zhang_paxton(5.0, fine, np.arange(0.125, 24, 0.25))
    light = source.radiance.values.reshape(fine.size, 24, 4).mean(-1)
    bright = light >= light.max(0) / 2.0
    north = fine[fine.size - 1 - bright[::-1].argmax(0)]
    south = fine[bright.argmax(0)]
    away = [found.poleward - north, found.equatorward - south]
    return float(np.nanmedian(np.abs(away)))
