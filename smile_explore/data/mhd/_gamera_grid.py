"""The grid of GAMERA: one file or a tile for each rank, and where it closes.

Values are of cells, and the cells' corners are what the file tells. Here the
centres of the cells become the nodes between which is interpolated; a grid
that goes round the x axis is closed there, and on the axis itself a node is
set between those around it.
"""

from __future__ import annotations

import itertools
import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from smile_explore.physics import curvilinear

__all__ = ["Axes", "Part", "cells", "closed", "located", "parts_of", "reach"]

#: First place, count and spacing along x, y and z. [R_E]
Axes = tuple[tuple[float, int, float], ...]

#: ``run_0004_0002_0001_0003_0001_0000.gam.h5``: so many ranks along i, j, k,
#: and which this one is.
_TILE = re.compile(r"(.+)" + 6 * r"_(\d{4})" + r"((?:\.gam)?\.h5)")
#: Corners nearer to each other than this share of the grid are one.
_SAME = 1e-5

_lock = threading.Lock()


class Part(NamedTuple):
    """One file, and which it is along i, j, k."""

    place: tuple[int, ...]
    path: Path


class _Seams(NamedTuple):
    """Where a grid closes: around k, and at the two ends of j."""

    around: bool
    poles: tuple[bool, bool]


def parts_of(path: Path) -> tuple[Part, ...]:
    """Return the files that make up a run, of which this is one."""
    tile = _TILE.fullmatch(path.name)
    if not tile:
        return (Part((0, 0, 0), path),)
    ranks = [int(tile[n]) for n in (2, 3, 4)]
    stem = "_".join(tile[n] for n in (1, 2, 3, 4))
    found = [
        Part(
            place,
            path.with_name(
                stem + "".join(f"_{n:04d}" for n in place) + tile[8]
            ),
        )
        for place in itertools.product(*map(range, ranks))
    ]
    lacking = [part.path.name for part in found if not part.path.is_file()]
    if lacking:
        raise ValueError(
            f"{path.name} is one of {len(found)} tiles of a run, and "
            f"{len(lacking)} are not beside it, such as {lacking[0]}"
        )
    return tuple(found)


def cells(
    parts: tuple[Part, ...], name: str, *, corners: bool = False
) -> np.ndarray:
    """Return a variable of all parts, on i, j, k.

    The corners of neighbouring parts are shared, their cells are not.
    """
    import h5py

    found = {}
    for part in parts:
        with h5py.File(part.path, "r") as file:
            # Fortran's first index is HDF5's last
            found[part.place] = np.asarray(file[name], np.float32).T
    shared = int(corners)
    inner = [size - shared for size in found[0, 0, 0].shape]
    ranks = np.max(list(found), axis=0) + 1
    whole = np.empty(np.multiply(ranks, inner) + shared, np.float32)
    for place, values in found.items():
        if values.shape != found[0, 0, 0].shape:
            raise ValueError(f"tiles of a run differ in the size of {name}")
        start = np.multiply(place, inner)
        end = start + values.shape
        whole[tuple(map(slice, start, end))] = values
    return whole


def closed(values: np.ndarray, seams: _Seams) -> np.ndarray:
    """Close a field of cells as the grid closes."""
    if not seams.around:
        return values
    ends = [
        np.broadcast_to(
            values[:, end].mean(axis=1)[:, None, None],
            (values.shape[0], 1, *values.shape[2:]),
        )
        for end in (0, -1)
    ]
    chosen = [ends[0]] if seams.poles[0] else []
    chosen += [values]
    chosen += [ends[1]] if seams.poles[1] else []
    joined = np.concatenate(chosen, axis=1)
    return np.concatenate([joined, joined[:, :, :1]], axis=2)


def reach(parts: tuple[Part, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest x, y, z of the grid, in R_E."""
    nodes = _nodes(parts)[0].reshape(-1, 3)
    return nodes.min(axis=0), nodes.max(axis=0)


def located(
    parts: tuple[Part, ...],
    changed: int,
    axes: Axes,
) -> tuple[curvilinear.Places, _Seams]:
    """Find the points of a rectangular grid; found once for all variables.

    Parameters
    ----------
    parts : tuple of Part
    changed : int
        When the first was changed, so that a new file is looked at anew.
    axes : Axes
    """
    with _lock:  # all variables of a time come at once, in threads
        return _located(parts, changed, axes)


@lru_cache(maxsize=1)  # 16 bytes a point
def _located(
    parts: tuple[Part, ...],
    changed: int,  # noqa: ARG001
    axes: Axes,
) -> tuple[curvilinear.Places, _Seams]:
    nodes, seams = _nodes(parts)
    grid = [first + step * np.arange(count) for first, count, step in axes]
    return curvilinear.locate(nodes, grid), seams


def _nodes(parts: tuple[Part, ...]) -> tuple[np.ndarray, _Seams]:
    """Return the centres of the cells, closed, and where they close."""
    corners = np.stack(
        [cells(parts, name, corners=True) for name in "XYZ"], axis=-1
    ).astype(np.float64)
    seams = _seams_of(corners)
    eighths = [
        corners[i : i - 1 or None, j : j - 1 or None, k : k - 1 or None]
        for i, j, k in itertools.product((0, 1), repeat=3)
    ]
    return closed(sum(eighths[1:], eighths[0]) / 8.0, seams), seams


def _seams_of(corners: np.ndarray) -> _Seams:
    near = _SAME * np.ptp(corners, axis=(0, 1, 2)).max()

    def same(one: np.ndarray, other: np.ndarray) -> bool:
        return bool(np.abs(one - other).max() <= near)

    return _Seams(
        around=same(corners[:, :, 0], corners[:, :, -1]),
        poles=(
            same(corners[:, 0], corners[:, 0, :1]),
            same(corners[:, -1], corners[:, -1, :1]),
        ),
    )
