"""Where the cells of a BATS-R-US file lie: on a regular grid or in blocks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from smile_explore.data.mhd._batsrus_layout import Snapshot
from smile_explore.data.mhd._batsrus_units import scale
from smile_explore.physics.block_grid import BlockGrid
from smile_explore.schema import COMPONENTS

__all__ = ["Regular", "blocks_of", "regular"]

#: Decimals of coordinates that single precision keeps. [R_E]
_DECIMALS = 5
#: Coordinates may be off by so much of a cell.
_OFF = 0.01
#: Rows of cells that are looked at along each side of a regular file.
_ROWS = 16


class Regular(NamedTuple):
    """A regular grid: its axes [R_E], the part of the file, and a remark."""

    axes: dict[str, np.ndarray]
    part: tuple[slice, slice, slice]
    note: str


def regular(snapshot: Snapshot) -> Regular:
    """Find the axes of a structured file.

    Raises
    ------
    ValueError
        If the cells do not lie on a regular grid along x, y and z.
    """
    axes = {}
    for n, name in enumerate(COMPONENTS):
        rows = _along(snapshot, n)
        few = [slice(None, None, max(1, k // _ROWS)) for k in rows.shape[1:]]
        some = rows[:, few[0], few[1]].astype("f8")
        axis = some[:, 0, 0]
        step = np.diff(axis).min() if axis.size > 1 else 1.0
        if step <= 0 or abs(some - axis[:, None, None]).max() > _OFF * step:
            return _pixels(snapshot)
        axes[name] = _rounded(axis, snapshot, name)
    whole = slice(None)
    return Regular(axes, (whole, whole, whole), "")


def _along(snapshot: Snapshot, n: int) -> np.ndarray:
    """Coordinate along the n-th axis, that axis first."""
    values = snapshot.values(COMPONENTS[n]).reshape(snapshot.shape[::-1])
    return np.moveaxis(values, 2 - n, 0)


def _rounded(axis: np.ndarray, snapshot: Snapshot, name: str) -> np.ndarray:
    return (axis * scale(snapshot, name, "length")).round(_DECIMALS)


def _pixels(snapshot: Snapshot) -> Regular:
    """Find the axes where cells of other sizes were put on one grid.

    Such files repeat a coarse cell, and its centre, for each node in it. On
    the outermost planes they hold sums of two cells, coordinates doubled as
    well; these planes are left out.
    """
    axes, parts, most = {}, [], 0.0
    for n, name in enumerate(COMPONENTS):
        rows = _along(snapshot, n).astype("f8")
        inner = rows[:, 1:-1, 1:-1]
        axis, step = _pixel_axis(inner)
        off = abs(inner - axis[:, None, None]).max(axis=(1, 2), initial=0.0)
        # A node is off the centre of its cell by 0, 1/2, 3/2, 7/2 ... steps.
        allowed = off[1:-1].max(initial=0.0) + _OFF * step
        if not allowed < axis.size * step / 4:
            raise ValueError(
                f"its cells lie on no regular grid along {name}; write it as "
                "a box, or block-adaptive (3d)"
            )
        good = np.flatnonzero(off <= allowed)
        part = slice(int(good[0]), int(good[-1]) + 1)
        axes[name] = _rounded(axis, snapshot, name)[part]
        parts.append(part)
        most = max(most, 2 * off[part].max() + step)
    note = (
        f"cells of up to {most:.3g} R_E, repeated at each node in them; "
        "planes with sums of cells at the rim are left out"
    )
    return Regular(axes, (parts[2], parts[1], parts[0]), note)


def _pixel_axis(rows: np.ndarray) -> tuple[np.ndarray, float]:
    """Nodes along the first axis of coordinates, and their distance.

    From the finest cells, which have a node each: the first and the last.
    """
    steps = np.diff(rows, axis=0)
    least = _OFF * np.quantile(steps, 0.9) if steps.size else 0.0
    steps[steps <= least] = np.inf
    nodes = np.arange(rows.shape[0])
    if not np.isfinite(steps).any():
        return np.full(nodes.size, np.inf), 1.0
    i, j, k = np.unravel_index(steps.argmin(), steps.shape)
    step = float(steps[i, j, k])
    axis = rows[i, j, k] + (nodes - i) * step
    fine = np.argwhere(abs(rows - axis[:, None, None]) < _OFF * step)
    first, last = tuple(fine[0]), tuple(fine[-1])
    step = float((rows[last] - rows[first]) / (last[0] - first[0]))
    return rows[first] + (nodes - first[0]) * step, step


def blocks_of(snapshot: Snapshot) -> BlockGrid:
    """Return the blocks of a block-adaptive file, in R_E.

    Raises
    ------
    ValueError
        If it does not tell the cells of a block, or they make no blocks.
    """
    nx, ny, nz = (
        int(snapshot.parameters.get(f"n{name}", 0)) for name in COMPONENTS
    )
    if min(nx, ny, nz) < 2 or snapshot.size % (nx * ny * nz):
        raise ValueError(
            f"its parameters nx ny nz give blocks of {nx} x {ny} x {nz} "
            f"cells, which do not fit its {snapshot.size} cells; it must "
            "hold whole blocks (a 3d plot of BATS-R-US)"
        )
    first, step = [], []
    for n, name in enumerate(COMPONENTS):
        blocks = snapshot.values(name).reshape(-1, nz, ny, nx)
        rows = np.moveaxis(blocks, 3 - n, 1)
        low, high, other = (
            rows[:, i, j, j].astype("f8")
            for i, j in ((0, 0), (-1, 0), (-1, -1))
        )
        length = high - low
        if abs(other - high).max() > _OFF * abs(length).min():
            raise ValueError(
                f"its cells lie along no axis {name} in blocks of {nx} x "
                f"{ny} x {nz} cells; it must hold whole Cartesian blocks"
            )
        unit = scale(snapshot, name, "length")
        first.append(low * unit)
        step.append(length / (rows.shape[1] - 1) * unit)
    return BlockGrid.from_centres(
        np.stack(first, 1), np.stack(step, 1), (nx, ny, nz)
    )
