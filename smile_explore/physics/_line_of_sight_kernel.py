"""Compiled walk of rays through a grid; the door is ``line_of_sight``.

Importing this module compiles the walk or loads it from numba's cache. It
starts no threads and lets go of the interpreter's lock: dask or a thread pool
runs one call per block or per group of rays.

Every function sees a *block*: the nodes ``first`` to ``first + shape - 1`` of
a grid whose axes are given whole. A ray's stretches in two neighbouring
blocks meet at the same floating-point number, because both compute it from
the same plane in the same way; so blocks add up to the grid with no gap and
no overlap, and each end of a ray lies in one block only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import boolean, float32, float64, int64, njit

from smile_explore.physics._compile import at_once, readonly

__all__ = ["integrate_block"]

#: "contract" alone: fused multiply-adds, but a NaN stays a NaN.
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract"},
}


_AXIS = readonly(float64, 1)
_RAYS = readonly(float64, 2)


@njit(**_OPTIONS)
def _between(
    origin: float, direction: float, lower: float, upper: float, last: bool
) -> tuple[float, float]:
    """Where along a ray one coordinate lies between two planes.

    A ray that runs in a plane belongs to the block above it; in the last
    plane of the grid, to the block below.
    """
    if direction == 0.0:
        if lower <= origin < upper or (last and origin == upper):
            return -np.inf, np.inf
        return np.inf, -np.inf
    inverse = 1.0 / direction
    near = (lower - origin) * inverse
    far = (upper - origin) * inverse
    return (near, far) if direction > 0.0 else (far, near)


@njit(**_OPTIONS)
def _span(
    origin: np.ndarray,
    direction: np.ndarray,
    axes: tuple[np.ndarray, ...],
    first: tuple[int, ...],
    final: tuple[int, ...],
) -> tuple[float, float]:
    """Where a ray, from its origin on, is between nodes first and final."""
    start, stop = 0.0, np.inf
    for n in range(3):
        axis = axes[n]
        near, far = _between(
            origin[n],
            direction[n],
            axis[first[n]],
            axis[final[n]],
            final[n] == axis.size - 1,
        )
        start = max(start, near)
        stop = min(stop, far)
        # max and min may drop a NaN, a comparison does not
        if not abs(origin[n]) + abs(direction[n]) < np.inf:
            return np.inf, -np.inf
    return start, stop


@njit(**_OPTIONS)
def _cell(axis: np.ndarray, first: int, final: int, place: float) -> int:
    """Return the node below a place, by bisection within a block."""
    low, high = first, final
    while high - low > 1:
        middle = (low + high) // 2
        if axis[middle] <= place:
            low = middle
        else:
            high = middle
    return low


@njit(**_OPTIONS)
def _mean_in_cell(line: tuple[Any, ...], start: float, end: float) -> float:
    """Mean of the trilinear interpolant over a stretch of a ray in one cell.

    The interpolant is a cubic along the ray. Its two Gauss points lie at the
    middle of the stretch -+ extent / sqrt(12); the mean of the values there is
    the value in the middle plus the mixed second differences over 12, which
    costs half as much as two interpolations.
    """
    values, corner, row, plane, u, v, w, du, dv, dw = line
    middle = 0.5 * (start + end)
    u, v, w = u + middle * du, v + middle * dv, w + middle * dw
    one = np.uint64(1)
    c000 = float64(values[corner])
    c001 = float64(values[corner + one])
    c010 = float64(values[corner + row])
    c011 = float64(values[corner + row + one])
    x00 = float64(values[corner + plane]) - c000
    x01 = float64(values[corner + plane + one]) - c001
    x10 = float64(values[corner + plane + row]) - c010
    x11 = float64(values[corner + plane + row + one]) - c011
    a00, a01 = c000 + u * x00, c001 + u * x01
    y0, y1 = c010 + u * x10 - a00, c011 + u * x11 - a01
    b0, b1 = a00 + v * y0, a01 + v * y1
    xyz = x11 - x01 - x10 + x00
    xy = x10 - x00 + w * xyz
    xz = x01 - x00 + v * xyz
    mixed = du * (dv * xy + dw * xz) + dv * dw * (y1 - y0)
    return b0 + w * (b1 - b0) + mixed * (end - start) ** 2 / 12.0


@njit(**_OPTIONS)
def _polar(
    origin: np.ndarray, direction: np.ndarray, t: float
) -> tuple[float, float]:
    """Distance from Earth of a point on a ray, and its part along the ray."""
    square, along = 0.0, 0.0
    for n in range(3):
        place = origin[n] + t * direction[n]
        square += place**2
        along += place * direction[n]
    return np.sqrt(square), along


@njit(**_OPTIONS)
def _tail(
    value: float, origin: np.ndarray, direction: np.ndarray, stop: float
) -> float:
    """Integral of value (r0 / r)^3 along a ray from its exit to infinity.

    With A = value r0^3, u the part of r0 along the ray and h its distance
    from Earth, it is A / h^2 (1 - u / r0), here written to hold at h = 0 too.
    """
    radius, along = _polar(origin, direction, stop)
    if value == 0.0:
        return 0.0
    if along < 0.0 and radius**2 - along**2 < 1.0:
        return np.nan  # the ray goes on into the Earth
    return value * radius**2 / (radius + along)


@njit(**_OPTIONS)
def _lead(
    value: float, origin: np.ndarray, direction: np.ndarray, start: float
) -> float:
    """Integral of value (r0 / r)^3 from a ray's origin to its entry at r0."""
    radius, along = _polar(origin, direction, start)
    far, far_along = _polar(origin, direction, 0.0)
    if value == 0.0:
        return 0.0
    rest = 1.0 / (radius * (radius + abs(along)))
    far_rest = 1.0 / (far * (far + abs(far_along)))
    if (far_along < 0.0) == (along < 0.0):
        return value * radius**3 * abs(far_rest - rest)
    square = radius**2 - along**2
    if square < 1.0:
        return np.nan  # the Earth stands before the box
    return value * radius**3 * (2.0 / square - rest - far_rest)


@njit(**_OPTIONS)
def _next_plane(
    axis: np.ndarray, node: int, origin: float, direction: float
) -> float:
    """Where along a ray it leaves the cell above a node, on one axis."""
    if direction == 0.0:
        return np.inf
    return (axis[node + int(direction > 0.0)] - origin) * (1.0 / direction)


@njit(**_OPTIONS)
def _in_cell(
    axis: np.ndarray, node: int, origin: float, direction: float
) -> tuple[float, float]:
    """Offset and slope of a ray's coordinate in units of a cell."""
    inverse = 1.0 / (axis[node + 1] - axis[node])
    return (origin - axis[node]) * inverse, direction * inverse


@njit(**_OPTIONS)
def _walk(
    values: np.ndarray,
    axes: tuple[np.ndarray, ...],
    first: tuple[int, ...],
    final: tuple[int, ...],
    origin: np.ndarray,
    direction: np.ndarray,
    start: float,
    stop: float,
) -> tuple[float, float, float]:
    """Integral from cell to cell, and the values at its two ends."""
    x, y, z = axes
    ox, oy, oz = origin[0], origin[1], origin[2]
    dx, dy, dz = direction[0], direction[1], direction[2]
    i = _cell(x, first[0], final[0], ox + start * dx)
    j = _cell(y, first[1], final[1], oy + start * dy)
    k = _cell(z, first[2], final[2], oz + start * dz)
    # unsigned: a signed index costs a test for "counted from the end"
    row = np.uint64(final[2] - first[2] + 1)
    plane = row * np.uint64(final[1] - first[1] + 1)
    corner = np.uint64(i - first[0]) * plane
    corner += np.uint64(j - first[1]) * row + np.uint64(k - first[2])
    step_x = 1 if dx > 0.0 else -1
    step_y = 1 if dy > 0.0 else -1
    step_z = 1 if dz > 0.0 else -1
    next_x = _next_plane(x, i, ox, dx)
    next_y = _next_plane(y, j, oy, dy)
    next_z = _next_plane(z, k, oz, dz)
    u, du = _in_cell(x, i, ox, dx)
    v, dv = _in_cell(y, j, oy, dy)
    w, dw = _in_cell(z, k, oz, dz)
    line = (values, corner, row, plane, u, v, w, du, dv, dw)
    begin = _mean_in_cell(line, start, start)
    total = 0.0
    while True:
        end = min(min(next_x, next_y), min(next_z, stop))
        if end > start:
            line = (values, corner, row, plane, u, v, w, du, dv, dw)
            total += (end - start) * _mean_in_cell(line, start, end)
            start = end
        if end >= stop:
            break
        if next_x <= end:
            i += step_x
            corner += np.uint64(step_x) * plane
            next_x = _next_plane(x, i, ox, dx)
            u, du = _in_cell(x, i, ox, dx)
        elif next_y <= end:
            j += step_y
            corner += np.uint64(step_y) * row
            next_y = _next_plane(y, j, oy, dy)
            v, dv = _in_cell(y, j, oy, dy)
        else:
            k += step_z
            corner += np.uint64(step_z)
            next_z = _next_plane(z, k, oz, dz)
            w, dw = _in_cell(z, k, oz, dz)
    return total, begin, _mean_in_cell(line, stop, stop)


@at_once(
    readonly(float32, 3),
    _AXIS,
    _AXIS,
    _AXIS,
    readonly(int64, 1),
    _RAYS,
    _RAYS,
    boolean,
    float64[::1],
    **_OPTIONS,
)
def integrate_block(
    block: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    first: np.ndarray,
    origins: np.ndarray,
    directions: np.ndarray,
    tail: bool,
    out: np.ndarray,
) -> None:
    """Write each ray's integral within a block into `out`.

    With `tail`, a ray that enters or leaves the grid in this block brings
    along the integral of an r^-3 fall beyond the grid.
    """
    values = block.ravel()
    axes = (x, y, z)
    grid = (x.size - 1, y.size - 1, z.size - 1)
    low = (first[0], first[1], first[2])
    high = (
        first[0] + block.shape[0] - 1,
        first[1] + block.shape[1] - 1,
        first[2] + block.shape[2] - 1,
    )
    for n in range(out.size):
        # one origin may serve all rays
        origin = origins[min(n, origins.shape[0] - 1)]
        direction = directions[n]
        out[n] = 0.0
        start, stop = _span(origin, direction, axes, low, high)
        if not start < stop:
            continue
        out[n], begin, finish = _walk(
            values, axes, low, high, origin, direction, start, stop
        )
        if tail:
            first_in, last_in = _span(origin, direction, axes, (0, 0, 0), grid)
            if stop == last_in:
                out[n] += _tail(finish, origin, direction, stop)
            if start == first_in and start > 0.0:
                out[n] += _lead(begin, origin, direction, start)
