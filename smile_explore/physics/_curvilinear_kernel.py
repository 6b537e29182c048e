"""Compiled search and interpolation in hexahedra; the door is `curvilinear`.

Importing this module compiles both or loads them from numba's cache. They
start no threads and let go of the interpreter's lock.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, float64, int32, int64, njit

from smile_explore.physics._compile import at_once, readonly

__all__ = ["interpolate", "locate"]

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract"},
}
#: A point this far outside a cell, in its logical coordinates, is in it:
#: neighbours share a face, and none must fall between them.
_EDGE = 1e-6
#: How near a point must be met, in units of the cell.
_MISS = 1e-9
_MOST_STEPS = 30
#: After so many steps a point that is still far outside will not come in.
_PATIENCE, _FAR = 4, 0.4


@njit(**_OPTIONS)
def _polynomial(nodes: np.ndarray, i: int, j: int, k: int) -> np.ndarray:
    """Coefficients of 1, u, v, w, uv, vw, wu, uvw in a cell, (8, 3)."""
    made = np.empty((8, 3))
    for n in range(3):
        c000, c100 = nodes[i, j, k, n], nodes[i + 1, j, k, n]
        c010, c001 = nodes[i, j + 1, k, n], nodes[i, j, k + 1, n]
        c110, c011 = nodes[i + 1, j + 1, k, n], nodes[i, j + 1, k + 1, n]
        c101, c111 = nodes[i + 1, j, k + 1, n], nodes[i + 1, j + 1, k + 1, n]
        made[0, n] = c000
        made[1, n], made[2, n], made[3, n] = (
            c100 - c000,
            c010 - c000,
            c001 - c000,
        )
        made[4, n] = c110 - c100 - c010 + c000
        made[5, n] = c011 - c010 - c001 + c000
        made[6, n] = c101 - c100 - c001 + c000
        made[7, n] = c111 - c110 - c011 - c101 + c100 + c010 + c001 - c000
    return made


@njit(**_OPTIONS)
def _step(slope: np.ndarray, miss: np.ndarray) -> tuple[float, float, float]:
    """Solve slope @ step = miss, damped where the cell is degenerate.

    On the axis of a spherical grid an edge has no length: turning about it
    changes nothing, and the damping leaves that coordinate alone.
    """
    a = b = c = d = e = f = p = q = r = 0.0
    for n in range(3):
        first, second, third = slope[n, 0], slope[n, 1], slope[n, 2]
        a, b, c = a + first**2, b + first * second, c + first * third
        d, e, f = d + second**2, e + second * third, f + third**2
        p, q, r = (
            p + first * miss[n],
            q + second * miss[n],
            r + third * miss[n],
        )
    damping = 1e-14 * (a + d + f)
    a, d, f = a + damping, d + damping, f + damping
    one, two, three = d * f - e * e, c * e - b * f, b * e - c * d
    inverse = 1.0 / (a * one + b * two + c * three)
    four, five, six = a * f - c * c, b * c - a * e, a * d - b * b
    u = one * p + two * q + three * r
    v = two * p + four * q + five * r
    w = three * p + five * q + six * r
    return u * inverse, v * inverse, w * inverse


@njit(**_OPTIONS)
def _invert(
    shape: np.ndarray, point: np.ndarray, size: float, found: np.ndarray
) -> bool:
    """Newton's way to the logical coordinates of a point; False if outside."""
    found[:] = 0.5
    miss, slope = np.empty(3), np.empty((3, 3))
    for step in range(_MOST_STEPS):
        u, v, w = found
        worst = 0.0
        for n in range(3):
            uv, vw, wu = shape[4, n], shape[5, n], shape[6, n]
            uvw = shape[7, n]
            slope[n, 0] = shape[1, n] + uv * v + wu * w + uvw * v * w
            slope[n, 1] = shape[2, n] + uv * u + vw * w + uvw * u * w
            slope[n, 2] = shape[3, n] + vw * v + wu * u + uvw * u * v
            there = shape[0, n] + shape[1, n] * u
            there += (shape[2, n] + uv * u) * v
            there += (shape[3, n] + vw * v + wu * u + uvw * u * v) * w
            miss[n] = point[n] - there
            worst = max(worst, abs(miss[n]))
        outside = max(
            max(-u, u - 1.0), max(max(-v, v - 1.0), max(-w, w - 1.0))
        )
        if worst <= _MISS * size:
            return outside <= _EDGE
        if step >= _PATIENCE and outside > _FAR:
            return False
        du, dv, dw = _step(slope, miss)
        found[0] = min(max(u + du, -0.5), 1.5)
        found[1] = min(max(v + dv, -0.5), 1.5)
        found[2] = min(max(w + dw, -0.5), 1.5)
    return False


@njit(**_OPTIONS)
def _reach(axis: np.ndarray, corners: np.ndarray) -> tuple[int, int]:
    """Find the samples of an axis within a cell, first and end."""
    slack = 1e-9 * (corners.max() - corners.min())
    return (
        np.searchsorted(axis, corners.min() - slack),
        np.searchsorted(axis, corners.max() + slack, side="right"),
    )


@at_once(
    readonly(float64, 4),
    readonly(float64, 1),
    readonly(float64, 1),
    readonly(float64, 1),
    int64,
    int64,
    int32[:, :, ::1],
    float32[:, :, :, ::1],
    **_OPTIONS,
)
def locate(
    nodes: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    first: int,
    end: int,
    cell: np.ndarray,
    place: np.ndarray,
) -> None:
    """Find the cells of the points ``x[first:end], y, z``, and where in them.

    `cell` is the flat number of the cell, -1 for none, and `place` the
    logical coordinates in it; both are filled in.
    """
    point, found = np.empty(3), np.empty(3)
    cells = nodes.shape[0] - 1, nodes.shape[1] - 1, nodes.shape[2] - 1
    for i in range(cells[0]):
        for j in range(cells[1]):
            for k in range(cells[2]):
                corner = nodes[i : i + 2, j : j + 2, k : k + 2]
                i0, i1 = _reach(x, corner[..., 0])
                i0, i1 = max(i0, first), min(i1, end)
                if i0 >= i1:
                    continue
                j0, j1 = _reach(y, corner[..., 1])
                if j0 >= j1:
                    continue
                k0, k1 = _reach(z, corner[..., 2])
                if k0 >= k1:
                    continue
                shape = _polynomial(nodes, i, j, k)
                size = 0.0
                for n in range(3):
                    side = corner[..., n]
                    size = max(size, side.max() - side.min())
                number = (i * cells[1] + j) * cells[2] + k
                for ix in range(i0, i1):
                    for iy in range(j0, j1):
                        for iz in range(k0, k1):
                            if cell[ix, iy, iz] >= 0:
                                continue
                            point[0], point[1], point[2] = x[ix], y[iy], z[iz]
                            if _invert(shape, point, size, found):
                                cell[ix, iy, iz] = number
                                for n in range(3):
                                    place[ix, iy, iz, n] = min(
                                        max(found[n], 0.0), 1.0
                                    )


@at_once(
    readonly(float32, 3),
    readonly(int32, 1),
    readonly(float32, 2),
    int64,
    int64,
    float32[::1],
    **_OPTIONS,
)
def interpolate(
    values: np.ndarray,
    cell: np.ndarray,
    place: np.ndarray,
    first: int,
    end: int,
    result: np.ndarray,
) -> None:
    """Fill in the trilinear interpolant at points first to end - 1."""
    ny, nz = values.shape[1] - 1, values.shape[2] - 1
    for n in range(first, end):
        if cell[n] < 0:
            result[n] = np.nan
            continue
        rest, k = divmod(cell[n], nz)
        i, j = divmod(rest, ny)
        u, v, w = float64(place[n, 0]), float64(place[n, 1]), place[n, 2]
        total = 0.0
        for di in range(2):
            for dj in range(2):
                for dk in range(2):
                    share = u if di else 1.0 - u
                    share *= v if dj else 1.0 - v
                    share *= w if dk else 1.0 - w
                    if share > 0.0:
                        total += share * values[i + di, j + dj, k + dk]
        result[n] = total
