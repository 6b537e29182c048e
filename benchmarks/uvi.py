"""UVI on 16 June 2012 at 22:25 UT: 512 x 512 pixels, and a map of 100 x 96.

A frame is the aurora at a Kp, what reaches the camera, its counts with
noise, and their map. A place is what has to be worked out once when the
spacecraft moves: what the pixels see, and which of them a cell of the map
takes. All times are CPU times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from benchmarks import Figure, best_of
from smile_explore.instruments import _uvi_geometry, _uvi_map, orbit, uvi
from smile_explore.instruments.camera import Camera
from smile_explore.physics import apex
from smile_explore.physics.aurora import grid, zhang_paxton

TIME = np.datetime64("2012-06-16T22:25", "ns")
MLAT, MLT = grid()


def measure() -> Iterator[Figure]:
    """Yield CPU times of frames and places, and how true a map is."""
    pointing = uvi.pointing(orbit.trajectory(TIME))
    for size in (1, 2, 4):
        camera = uvi.binned(size)
        pixels = f"{512 // size} x {512 // size} pixels"
        timing = best_of(10, lambda: frame(pointing, camera))  # noqa: B023
        goal = 0.060 if size == 1 else None
        yield Figure(f"{pixels}: a frame", timing.cpu, "s", at_most=goal)
        timing = best_of(3, lambda: place(pointing, camera))  # noqa: B023
        yield Figure(f"{pixels}: a place", timing.cpu, "s")
        image, _ = frame(pointing, camera)
        megabytes = image["radiance"].nbytes / 1e6
        yield Figure(f"{pixels}: radiance of a frame", megabytes, "MB")
    yield from accuracy(pointing)


def frame(
    pointing: xr.Dataset, camera: Camera
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return an exposure of a storm and its map."""
    aurora = zhang_paxton(5.0, MLAT, MLT)
    image = uvi.radiance(aurora, pointing, camera=camera)
    seen = uvi.expose(uvi.expected_counts(image), rng=1)
    return seen, uvi.to_magnetic_grid(seen, pointing, MLAT, MLT)


def place(pointing: xr.Dataset, camera: Camera) -> None:
    """Work out the geometry and the weights of a map anew."""
    for kept in (
        _uvi_geometry._kept,
        _uvi_geometry._turned,
        _uvi_map.seen_by,
        apex._sunward,
    ):
        kept.cache_clear()
    image = uvi.geometry(pointing, camera=camera).rename(footprint="radiance")
    image["radiance"].attrs["units"] = "R"
    uvi.to_magnetic_grid(image, pointing, MLAT, MLT)


def accuracy(pointing: xr.Dataset) -> Iterator[Figure]:
    """Yield how well pixels and places find each other."""
    look = uvi.geometry(pointing)
    seen = np.isfinite(look["glat"].values)
    row, column = np.nonzero(seen)
    found = _uvi_geometry.pixel_of(
        look["glat"].values[seen],
        look["glon"].values[seen],
        pointing,
        uvi.UVI,
    )
    error = np.hypot(found[0] - row, found[1] - column)
    yield Figure("project, unproject", float(error.max()), "px", at_most=0.1)
    footprint = float(look["footprint"].min())
    yield Figure("footprint in the middle", footprint, "km", at_most=150.0)
    aurora = zhang_paxton(5.0, MLAT, MLT)
    image = uvi.radiance(aurora, pointing, f107=None, absorption=False)
    mapped = uvi.to_magnetic_grid(image, pointing, MLAT, MLT)
    above = mapped["radiance"] * np.cos(
        np.radians(mapped["view_zenith_angle"])
    )
    error = abs(above.where(mapped["coverage"] > 0.99) - aurora["radiance"])
    share = float(error.max() / aurora["radiance"].max())
    yield Figure("map against the aurora, share of its peak", share)
