"""Compiled look-up in blocks of nested cells (see `block_grid`).

Blocks are found by their place on a space-filling (Morton) curve through the
lattice of the finest blocks: a block covers one unbroken stretch of it.
"""

from __future__ import annotations

import math

import numpy as np
from numba import float32, float64, int64, njit, types

from smile_explore.physics._compile import at_once, readonly

__all__ = ["fill", "morton"]

#: Closer than this to a cell's centre, in cells, is on it.
_ON_CENTRE = 1e-4
#: Bits along each axis of the lattice.
_BITS = 21


@njit(inline="always")
def _spread(bits):  # type: ignore[no-untyped-def]
    """Put two empty bits between each two of 21 bits."""
    bits = (bits | bits << 32) & 0x1F00000000FFFF
    bits = (bits | bits << 16) & 0x1F0000FF0000FF
    bits = (bits | bits << 8) & 0x100F00F00F00F00F
    bits = (bits | bits << 4) & 0x10C30C30C30C30C3
    return (bits | bits << 2) & 0x1249249249249249


@at_once(int64, int64, int64)
def morton(i: int, j: int, k: int) -> int:
    """Place on the curve of a point of the lattice; 0 <= i, j, k < 2^21."""
    return _spread(i) | _spread(j) << 1 | _spread(k) << 2


_CODES = readonly(int64, 1)
_PLACES = readonly(int64, 2)


@at_once(int64, int64, int64, int64, _PLACES)
def _holds(block: int, i: int, j: int, k: int, places: np.ndarray) -> int:
    """Whether a block covers a point of the lattice."""
    shift = places[block, 3]
    return (
        i >> shift == places[block, 0] >> shift
        and j >> shift == places[block, 1] >> shift
        and k >> shift == places[block, 2] >> shift
    )


@at_once(int64, int64, int64, int64, _CODES, _PLACES)
def _find(
    hint: int, i: int, j: int, k: int, codes: np.ndarray, places: np.ndarray
) -> int:
    """Block that covers a point of the lattice, -1 if none; try `hint`."""
    if _holds(hint, i, j, k, places):
        return hint
    if min(i, j, k) < 0 or max(i, j, k) >> _BITS:
        return -1
    block = np.searchsorted(codes, morton(i, j, k), side="right") - 1
    if block >= 0 and _holds(block, i, j, k, places):
        return block
    return -1


_VALUES = readonly(float32, 4)
_FLAG = types.Array(types.boolean, 1, "C")


@at_once(int64, int64, int64, int64, int64, _CODES, _PLACES, _VALUES, _FLAG)
def _cell(
    hint: int,
    shift: int,
    i: int,
    j: int,
    k: int,
    codes: np.ndarray,
    places: np.ndarray,
    values: np.ndarray,
    lacking: np.ndarray,
) -> float:
    """Value of a cell of one level: its own, or the mean of finer ones.

    NaN where the block is coarser, or there is none. A block whose values
    were not loaded raises the flag.
    """
    _, nz, ny, nx = values.shape
    a, b, c = i // nx, j // ny, k // nz
    block = _find(hint, a << shift, b << shift, c << shift, codes, places)
    if block < 0 or places[block, 3] > shift:
        return math.nan
    if places[block, 3] == shift:
        slot = places[block, 4]
        if slot < 0:
            lacking[0] = True
            return math.nan
        return values[slot, k - c * nz, j - b * ny, i - a * nx]
    total = 0.0
    for child in range(8):
        total += _cell(
            block,
            shift - 1,
            2 * i + (child & 1),
            2 * j + (child >> 1 & 1),
            2 * k + (child >> 2),
            codes,
            places,
            values,
            lacking,
        )
    return total / 8.0


@at_once(float64)
def _below(place: float) -> tuple[float, float]:
    """Cell centre at or below a place, and the share of the next one."""
    low = math.floor(place)
    share = place - low
    if share < _ON_CENTRE:
        return low, 0.0
    if share > 1.0 - _ON_CENTRE:
        return low + 1.0, 0.0
    return low, share


@at_once(
    int64, int64, float64, float64, float64, _CODES, _PLACES, _VALUES, _FLAG
)
def _trilinear(
    block: int,
    shift: int,
    x: float,
    y: float,
    z: float,
    codes: np.ndarray,
    places: np.ndarray,
    values: np.ndarray,
    lacking: np.ndarray,
) -> float:
    """Value on one level at a place in `block`; NaN if a neighbour lacks."""
    _, nz, ny, nx = values.shape
    unit = 1 << shift
    i, fx = _below(x * nx / unit - 0.5)
    j, fy = _below(y * ny / unit - 0.5)
    k, fz = _below(z * nz / unit - 0.5)
    # Within the block, where most neighbours are, they need no search.
    slot = places[block, 4] if places[block, 3] == shift else -1
    i0 = (places[block, 0] >> shift) * nx
    j0 = (places[block, 1] >> shift) * ny
    k0 = (places[block, 2] >> shift) * nz
    total = 0.0
    for corner in range(8):
        a, b, c = corner & 1, corner >> 1 & 1, corner >> 2
        weight = fx if a else 1.0 - fx
        weight *= fy if b else 1.0 - fy
        weight *= fz if c else 1.0 - fz
        if weight == 0.0:  # may be missing: it is not asked
            continue
        u, v, w = int(i) + a, int(j) + b, int(k) + c
        if (
            slot >= 0
            and 0 <= u - i0 < nx
            and 0 <= v - j0 < ny
            and 0 <= w - k0 < nz
        ):
            total += weight * values[slot, w - k0, v - j0, u - i0]
        else:
            total += weight * _cell(
                block, shift, u, v, w, codes, places, values, lacking
            )
    return total


_NODES = readonly(float64, 1)


@at_once(
    types.Array(float32, 3, "C"),
    _NODES,
    _NODES,
    _NODES,
    _CODES,
    _PLACES,
    _VALUES,
    _FLAG,
    nogil=True,
)
def fill(
    made: np.ndarray,
    z: np.ndarray,
    y: np.ndarray,
    x: np.ndarray,
    codes: np.ndarray,
    places: np.ndarray,
    values: np.ndarray,
    lacking: np.ndarray,
) -> None:
    """Trilinear values at nodes, on the finest level with all neighbours.

    Parameters
    ----------
    made : numpy.ndarray of float32, (z, y, x)
        Written to.
    z, y, x : numpy.ndarray of float64
        Nodes, in finest blocks from the origin of the lattice.
    codes : numpy.ndarray of int64, (block,)
        Places on the curve, ascending.
    places : numpy.ndarray of int64, (block, 5)
        Lower corner on the lattice i, j, k; how often the block is twice as
        large as the finest; index into `values`, or -1.
    values : numpy.ndarray of float32, (loaded block, nz, ny, nx)
        Of the cells.
    lacking : numpy.ndarray of bool, (1,)
        Set if a block was needed that is not loaded.
    """
    coarsest = places[:, 3].max()
    block = 0
    for k in range(z.size):
        for j in range(y.size):
            for i in range(x.size):
                made[k, j, i] = math.nan
                found = _find(
                    block,
                    int(math.floor(x[i])),
                    int(math.floor(y[j])),
                    int(math.floor(z[k])),
                    codes,
                    places,
                )
                if found < 0:
                    continue
                block = found
                for shift in range(places[block, 3], coarsest + 1):
                    value = _trilinear(
                        block,
                        shift,
                        x[i],
                        y[j],
                        z[k],
                        codes,
                        places,
                        values,
                        lacking,
                    )
                    if not math.isnan(value):
                        made[k, j, i] = value
                        break
