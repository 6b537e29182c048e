"""Reading a gridded field at points: trilinear, and only what is needed."""

from __future__ import annotations

from collections.abc import Iterator

import dask.array as da
import numpy as np
import xarray as xr

__all__ = ["along", "at_points", "frames_of", "nearest_runs"]

Runs = list[tuple[int | None, slice]]


def nearest_runs(times: np.ndarray, frames: np.ndarray) -> Runs:
    """Split `times` into stretches that share their nearest frame.

    Returns
    -------
    list of (int or None, slice)
        Index of the frame, None before the first and after the last frame
        (and where the time is missing), and the stretch of `times`.
    """
    if times.size == 0:
        return [(None, slice(0, 0))]
    middles = frames[:-1] + (frames[1:] - frames[:-1]) / 2
    nearest = np.searchsorted(middles, times, side="left")
    inside = (times >= frames[0]) & (times <= frames[-1])
    nearest = np.where(inside, nearest, -1)
    starts = np.flatnonzero(np.diff(nearest, prepend=nearest[0] - 1))
    stops = [*starts[1:], times.size]
    return [
        (int(nearest[a]) if nearest[a] >= 0 else None, slice(int(a), int(b)))
        for a, b in zip(starts, stops, strict=True)
    ]


def frames_of(cube: xr.Dataset, trajectory: xr.Dataset, count: int) -> Runs:
    """Stretches of the trajectory and the frame each is read from."""
    if "time" not in cube.dims:
        return [(0, slice(0, count))]
    if "time" not in trajectory.coords:
        raise ValueError(
            "the cube has times and the trajectory none; select a frame "
            "with cube.sel(time=..., method='nearest')"
        )
    times = np.atleast_1d(trajectory["time"].to_numpy())
    return nearest_runs(times, cube["time"].to_numpy())


def along(
    field: xr.DataArray,
    points: np.ndarray,
    runs: Runs,
    lead: tuple[str, ...],
) -> xr.DataArray:
    """Values of one variable at the points, each from its frame."""
    rest = [d for d in field.dims if d not in ("time", "x", "y", "z")]
    axes = tuple(field[name].to_numpy() for name in "xyz")
    parts = []
    for index, stretch in runs:
        one = field.isel(time=index or 0) if "time" in field.dims else field
        data = one.transpose("x", "y", "z", *rest).data
        here = points[stretch]
        here = np.full_like(here, np.nan) if index is None else here
        parts.append(at_points(data, axes, here))
    lazy = isinstance(field.data, da.Array)
    joined = (da if lazy else np).concatenate(parts)
    along = xr.DataArray(joined, dims=("time", *rest), attrs=field.attrs)
    return along if lead else along.isel(time=0)


def at_points(
    field: np.ndarray | da.Array,
    axes: tuple[np.ndarray, ...],
    points: np.ndarray,
) -> np.ndarray | da.Array:
    """Trilinear values of a field (x, y, z, ...) at points (n, 3).

    NaN outside the axes. Of a dask field only the box that holds the points
    is read, and only when the result is computed.
    """
    low = [
        np.searchsorted(a, p, side="right") - 1
        for a, p in _pairs(axes, points)
    ]
    inside = np.ones(len(points), bool)
    for axis, point in _pairs(axes, points):
        inside &= (point >= axis[0]) & (point <= axis[-1])
    shape = (len(points), *field.shape[3:])
    if not inside.any():
        nothing = np.full(shape, np.nan, field.dtype)
        return da.from_array(nothing) if _lazy(field) else nothing
    low = [
        np.clip(i, 0, max(a.size - 2, 0))
        for i, a in zip(low, axes, strict=True)
    ]
    box = tuple(
        slice(int(i[inside].min()), int(i[inside].max()) + 2) for i in low
    )
    cut = [a[b] for a, b in zip(axes, box, strict=True)]
    if not _lazy(field):
        return _interpolate(field[box], cut, points, inside)
    rest = tuple(range(3, field.ndim))
    # Not by dask.delayed, which would hide that others read the same frame,
    # and have it computed twice.
    return da.blockwise(
        _interpolate,
        (-1, *rest),
        field[box],
        (0, 1, 2, *rest),
        new_axes={-1: len(points)},
        concatenate=True,
        dtype=field.dtype,
        meta=np.empty((0,) * len(shape), field.dtype),
        axes=cut,
        points=points,
        inside=inside,
    )


def _pairs(
    axes: tuple[np.ndarray, ...], points: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    return zip(axes, points.T, strict=True)


def _lazy(field: np.ndarray | da.Array) -> bool:
    return isinstance(field, da.Array)


def _interpolate(
    field: np.ndarray,
    axes: list[np.ndarray],
    points: np.ndarray,
    inside: np.ndarray,
) -> np.ndarray:
    """Weigh the eight corners around each point that lies inside."""
    values = np.full((len(points), *field.shape[3:]), np.nan, field.dtype)
    corners, shares = [], []
    for axis, point in _pairs(tuple(axes), points[inside]):
        last = max(axis.size - 2, 0)
        i = np.clip(np.searchsorted(axis, point, side="right") - 1, 0, last)
        j = np.minimum(i + 1, axis.size - 1)
        step = np.where(j > i, axis[j] - axis[i], 1.0)
        t = (point - axis[i]) / step
        corners.append((i, j))
        shares.append((1.0 - t, t))
    total = np.zeros((int(inside.sum()), *field.shape[3:]))
    for a in range(2):
        for b in range(2):
            for c in range(2):
                weight = shares[0][a] * shares[1][b] * shares[2][c]
                weight = weight.reshape(-1, *(1,) * (field.ndim - 3))
                corner = field[corners[0][a], corners[1][b], corners[2][c]]
                # A corner without weight may be NaN: it is not asked.
                total += np.where(weight > 0.0, weight * corner, 0.0)
    values[inside] = total
    return values
