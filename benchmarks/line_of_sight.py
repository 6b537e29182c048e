"""Lines of sight through a cube of 256^3, beside scipy on the same samples.

SXI's field of view (16 by 27 degrees) from 19.5 R_E over the north, toward
the magnetopause. scipy's interpn gets the very points at which the exact rule
needs the field, two for each cell on a ray. The error is that of the
integral, against 40 samples per cell on some of the rays.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import xarray as xr
from scipy.interpolate import interpn

from benchmarks import Figure, best_of
from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics.boundaries import (
    jelinek_bow_shock,
    shue_magnetopause,
)
from smile_explore.physics.line_of_sight import integrate

NODES = 256
SEAT = np.array([6.57, -5.94, 17.33])
TARGET = np.array([8.5, 0.0, 0.0])
KEV = EARTH_RADIUS * 1e5 / 1e3 / (4 * np.pi)
GAUSS = 0.5 + np.array([-0.5, 0.5]) / np.sqrt(3.0)


def measure() -> Iterator[Figure]:
    """Yield speed and error for pixels of 0.25 and 0.1 degrees."""
    field = sheath()
    yield from _measure(field, 0.25, {"in one call": 1, "in 8 pieces": 8})
    yield from _measure(field, 0.1, {"in 50 pieces": 50})


def sheath() -> xr.DataArray:
    """Return a magnetosheath with sharp edges, in single precision."""
    axis = np.linspace(-20.0, 20.0, NODES)
    values = np.zeros((NODES,) * 3, np.float32)
    across = np.hypot(axis[:, None], axis)
    for plane, x in zip(values, axis, strict=True):
        radius = np.maximum(np.hypot(x, across), 1.0)
        theta = np.degrees(np.arctan2(across, x))
        inner = shue_magnetopause(theta, 5.0, -3.0)
        outer = jelinek_bow_shock(theta, 5.0)
        depth = np.clip((radius - inner) / (outer - inner), 0.0, 1.0)
        heating = np.where(depth < 1.0, 4.0 - 1.5 * depth, 1.0)
        plane[:] = 1.2e-5 * (10 / radius) ** 3 * heating * (radius > inner)
    return xr.DataArray(
        values,
        dict.fromkeys("xyz", axis),
        ("x", "y", "z"),
        attrs={"units": "eV cm-3 s-1"},
    )


def directions(pixel: float) -> xr.DataArray:
    """Directions of the pixels of a camera of 16 by 27 degrees."""
    boresight = (TARGET - SEAT) / np.linalg.norm(TARGET - SEAT)
    up = np.array([1.0, 0.0, 0.0])
    up -= up @ boresight * boresight
    up /= np.linalg.norm(up)
    right = np.cross(boresight, up)
    lat, lon = np.meshgrid(
        *(
            np.radians(np.arange(-half + pixel / 2, half, pixel))
            for half in (8.0, 13.5)
        ),
        indexing="ij",
    )
    parts = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    vectors = np.stack(parts, axis=-1) @ np.stack([boresight, right, up])
    return xr.DataArray(vectors, dims=("fov_lat", "fov_lon", "component"))


def _measure(
    field: xr.DataArray, pixel: float, ways: dict[str, int]
) -> Iterator[Figure]:
    rays = directions(pixel)
    exact = best_of(9, lambda: integrate(field, SEAT, rays, tail=False))
    bare = rays.values.reshape(-1, 3)
    seen = exact.result.values.ravel()
    mean = seen.mean()
    name = f"{pixel} deg, {bare.shape[0]} rays:"
    yield Figure(f"{name} exact, CPU", exact.cpu * 1e3, "ms")
    yield Figure(f"{name} exact, wall", exact.wall * 1e3, "ms")
    for way, pieces in ways.items():
        sums, cells, cpu, wall = _with_interpn(field, bare, pieces)
        goal = 50.0 if pieces == 1 else None
        yield Figure(f"{name} interpn {way}, CPU", cpu * 1e3, "ms")
        yield Figure(f"{name} interpn {way}, wall", wall * 1e3, "ms")
        yield Figure(
            f"{name} interpn {way} / exact, CPU", cpu / exact.cpu, "", goal
        )
    yield Figure(f"{name} exact, cells", cells / exact.cpu / 1e6, "1e6 / s")
    yield Figure(f"{name} mean intensity", mean, "keV/..")
    difference = np.abs(sums - seen).max() / mean
    yield Figure(f"{name} difference to interpn / mean", difference)
    some = np.random.default_rng(1).choice(len(bare), 200, replace=False)
    error = np.abs(seen[some] - _converged(field, bare[some])).max() / mean
    yield Figure(f"{name} largest error / mean", error, "", None, 1e-4)


def _with_interpn(
    field: xr.DataArray, rays: np.ndarray, pieces: int
) -> tuple[np.ndarray, int, float, float]:
    """Sum scipy's samples at the two Gauss points of each cell on a ray."""
    axes = [field[name].values for name in "xyz"]
    sums, cells, cpu, wall = [], 0, 0.0, 0.0
    for part in np.array_split(rays, pieces):
        ends = _ends_of_cells(axes, part)
        length = np.diff(ends, axis=1)
        along = ends[:, :-1, None] + length[..., None] * GAUSS
        used = length > 0.0
        cells += used.sum()
        ray = np.nonzero(used)[0]
        points = SEAT + along[used][..., None] * part[ray][:, None]
        del along, ends
        start = time.process_time(), time.perf_counter()
        values = interpn(axes, field.values, points)
        total = np.bincount(ray, values.mean(axis=1) * length[used])
        cpu += time.process_time() - start[0]
        wall += time.perf_counter() - start[1]
        sums.append(KEV * total)
    return np.concatenate(sums), int(cells), cpu, wall


def _ends_of_cells(axes: list[np.ndarray], rays: np.ndarray) -> np.ndarray:
    """Where along each ray it meets planes of nodes, in order, (rays, n)."""
    planes = [
        (axis - start) / along[:, None]
        for axis, start, along in zip(axes, SEAT, rays.T, strict=True)
    ]
    stop = np.minimum.reduce([plane.max(axis=1) for plane in planes])
    meets = np.concatenate([*planes, np.zeros((len(rays), 1))], axis=1)
    # a hair inside, for interpn refuses a point a rounding outside
    return np.sort(np.clip(meets, 0.0, stop[:, None] * (1 - 1e-13)), axis=1)


def _converged(field: xr.DataArray, rays: np.ndarray) -> np.ndarray:
    """Sum 40 samples for each length of a cell, in double precision."""
    axes = [field[name].values for name in "xyz"]
    values = field.values.astype(float)
    step = (axes[0][1] - axes[0][0]) / 40
    sums = []
    for ray in rays:
        stop = _ends_of_cells(axes, ray[None])[0, -1]
        count = int(np.ceil(stop / step))
        along = (np.arange(count) + 0.5) * stop / count
        samples = interpn(axes, values, SEAT + along[:, None] * ray)
        sums.append(KEV * samples.sum() * stop / count)
    return np.array(sums)
