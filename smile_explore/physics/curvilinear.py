"""From a distorted grid of six-sided cells to a rectangular one.

Within a cell a field is the trilinear interpolant of its eight corners, and
so are the coordinates: a field that is linear in space comes out exactly,
however distorted the cells are. Newton's method finds where in a cell a point
is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from smile_explore.physics.threads import in_parts

__all__ = ["Places", "locate", "resample"]


class Places(NamedTuple):
    """Where the points of a rectangular grid lie in a distorted one."""

    cell: np.ndarray
    place: np.ndarray
    nodes: tuple[int, ...]


def locate(nodes: np.ndarray, axes: Sequence[np.ndarray]) -> Places:
    """Find the cell of each point of a rectangular grid.

    Parameters
    ----------
    nodes : numpy.ndarray
        Positions of the corners of the cells, of shape (i, j, k, 3). Cells
        may be degenerate, as at the axis of a spherical grid. [R_E]
    axes : sequence of 3 numpy.ndarray
        The rectangular grid; each increases. [R_E]

    Returns
    -------
    places : Places
        For `resample`, on x, y, z: the number of the cell, -1 for none, and
        the logical coordinates in it.

    Raises
    ------
    ValueError
        If there are fewer than two nodes along a side.

    Notes
    -----
    16 bytes a point are kept.
    """
    from smile_explore.physics import _curvilinear_kernel as kernel

    if nodes.ndim != 4 or nodes.shape[-1] != 3 or min(nodes.shape[:3]) < 2:
        raise ValueError(
            "nodes must have the shape (i, j, k, 3) with two or more along "
            f"each side, got {nodes.shape}"
        )
    nodes = np.ascontiguousarray(nodes, dtype=np.float64)
    x, y, z = (np.ascontiguousarray(axis, np.float64) for axis in axes)
    cell = np.full((x.size, y.size, z.size), -1, dtype=np.int32)
    place = np.zeros((*cell.shape, 3), dtype=np.float32)

    def work(first: int, end: int) -> None:
        kernel.locate(nodes, x, y, z, first, end, cell, place)

    in_parts(work, x.size, smallest=8, each=2)
    return Places(cell, place, nodes.shape[:3])


def resample(values: np.ndarray, places: Places) -> np.ndarray:
    """Interpolate a field of the nodes at points that were located.

    Parameters
    ----------
    values : numpy.ndarray
        On the nodes, of shape (i, j, k).
    places : Places

    Returns
    -------
    resampled : numpy.ndarray
        On x, y, z, float32; NaN outside the cells.

    Raises
    ------
    ValueError
        If the values are not on the nodes of `places`.
    """
    from smile_explore.physics import _curvilinear_kernel as kernel

    if values.shape != places.nodes:
        raise ValueError(
            f"values must be on the nodes, {places.nodes}, got {values.shape}"
        )
    values = np.ascontiguousarray(values, dtype=np.float32)
    cell, place = places.cell.ravel(), places.place.reshape(-1, 3)
    result = np.empty(cell.size, dtype=np.float32)

    def work(first: int, end: int) -> None:
        kernel.interpolate(values, cell, place, first, end, result)

    in_parts(work, cell.size, smallest=1 << 16)
    return result.reshape(places.cell.shape)
