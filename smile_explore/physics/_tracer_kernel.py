# mypy: allow-untyped-defs
"""Compiled steps of the tracer; imported on first use, never before.

A point moves along the unit vector of the trilinear field with the
classical Runge-Kutta method of fourth order. The step is a share of the
cell the point is in, so that a refined grid is followed with its own
resolution; the interpolant has kinks at cell faces, which is why an error
estimate of higher order would not pay.

The loops over seeds release the interpreter's lock; `tracer` shares them
out among threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TOO_LONG = 0
LEFT_X_MIN, LEFT_X_MAX = 1, 2
LEFT_Y_MIN, LEFT_Y_MAX = 3, 4
LEFT_Z_MIN, LEFT_Z_MAX = 5, 6
INNER_SPHERE = 7
STAGNATED = 8
MISSING = 9
KNOWN = 10


@njit(cache=True, inline="always")
def _cell(axis, value, guess):
    """Return the cell that holds `value`, walking from a near guess."""
    while guess > 0 and value < axis[guess]:
        guess -= 1
    while guess < axis.size - 2 and value >= axis[guess + 1]:
        guess += 1
    return guess


@njit(cache=True, inline="always")
def _weight(axis, index, value):
    share = (value - axis[index]) / (axis[index + 1] - axis[index])
    return min(max(share, 0.0), 1.0)


@njit(cache=True, inline="always")
def _component(field, m, i, j, k, a, b, c):
    """Trilinear value of one component; unsigned indices are faster."""
    one = np.uintp(1)
    i, j, k = np.uintp(i), np.uintp(j), np.uintp(k)
    u, v, w = i + one, j + one, k + one
    m = np.uintp(m)
    left, down, back = 1.0 - a, 1.0 - b, 1.0 - c
    near = (field[i, j, k, m] * back + field[i, j, w, m] * c) * down + (
        field[i, v, k, m] * back + field[i, v, w, m] * c
    ) * b
    far = (field[u, j, k, m] * back + field[u, j, w, m] * c) * down + (
        field[u, v, k, m] * back + field[u, v, w, m] * c
    ) * b
    return near * left + far * a


@njit(cache=True)
def _unit(field, x, y, z, px, py, pz, i, j, k):
    """Return the unit vector and magnitude of the trilinear field."""
    i, j, k = _cell(x, px, i), _cell(y, py, j), _cell(z, pz, k)
    a, b, c = _weight(x, i, px), _weight(y, j, py), _weight(z, k, pz)
    vx = _component(field, 0, i, j, k, a, b, c)
    vy = _component(field, 1, i, j, k, a, b, c)
    vz = _component(field, 2, i, j, k, a, b, c)
    size = np.sqrt(vx * vx + vy * vy + vz * vz)
    if size > 0.0:
        vx, vy, vz = vx / size, vy / size, vz / size
    return vx, vy, vz, size, i, j, k


@njit(cache=True)
def _advance(field, x, y, z, px, py, pz, h, i, j, k):
    """One Runge-Kutta step of length `h`; the last speed tells trouble."""
    ax, ay, az, size, i, j, k = _unit(field, x, y, z, px, py, pz, i, j, k)
    bx, by, bz, _, i, j, k = _unit(
        field, x, y, z, px + h / 2 * ax, py + h / 2 * ay, pz + h / 2 * az,
        i, j, k,
    )  # fmt: skip
    cx, cy, cz, _, i, j, k = _unit(
        field, x, y, z, px + h / 2 * bx, py + h / 2 * by, pz + h / 2 * bz,
        i, j, k,
    )  # fmt: skip
    dx, dy, dz, _, i, j, k = _unit(
        field, x, y, z, px + h * cx, py + h * cy, pz + h * cz, i, j, k
    )
    px += h / 6 * (ax + 2 * bx + 2 * cx + dx)
    py += h / 6 * (ay + 2 * by + 2 * cy + dy)
    pz += h / 6 * (az + 2 * bz + 2 * cz + dz)
    return px, py, pz, size, i, j, k


@njit(cache=True)
def _outside(x, y, z, px, py, pz):
    """Face through which a point has left the grid, or 0."""
    if px < x[0]:
        return LEFT_X_MIN
    if px > x[-1]:
        return LEFT_X_MAX
    if py < y[0]:
        return LEFT_Y_MIN
    if py > y[-1]:
        return LEFT_Y_MAX
    if pz < z[0]:
        return LEFT_Z_MIN
    if pz > z[-1]:
        return LEFT_Z_MAX
    return 0


@njit(cache=True)
def follow(field, x, y, z, known, seed, sign, settings, path):
    """Follow one line; return why it ended and how many points were kept.

    `settings` = share of a cell per step, inner radius, longest length,
    slowest speed. Points are kept while `path` has room: none are kept
    when it has no rows, and the line goes on to its end all the same.
    """
    share, inner, longest, slowest = settings
    px, py, pz = seed[0], seed[1], seed[2]
    i = j = k = 0
    length, kept = 0.0, 0
    face = _outside(x, y, z, px, py, pz)
    if face or not (px == px and py == py and pz == pz):
        return MISSING, 0
    while True:
        if kept < path.shape[0]:
            path[kept, 0], path[kept, 1], path[kept, 2] = px, py, pz
            kept += 1
        if px * px + py * py + pz * pz < inner * inner:
            return INNER_SPHERE, kept
        i, j, k = _cell(x, px, i), _cell(y, py, j), _cell(z, pz, k)
        if known[i, j, k]:
            return KNOWN, kept
        if length >= longest or 0 < path.shape[0] == kept:
            return TOO_LONG, kept
        cell = min(x[i + 1] - x[i], y[j + 1] - y[j], z[k + 1] - z[k])
        step = share * cell
        qx, qy, qz, size, i, j, k = _advance(
            field, x, y, z, px, py, pz, sign * step, i, j, k
        )
        if qx != qx:
            # The inner boundary of a run is NaN, a cell around it unusable.
            near = inner + 2.0 * cell
            if px * px + py * py + pz * pz < near * near:
                return INNER_SPHERE, kept
            return MISSING, kept
        if size <= slowest:
            return STAGNATED, kept
        face = _outside(x, y, z, qx, qy, qz)
        if face:
            if 0 < kept < path.shape[0]:
                share_in = _inside_share(x, y, z, px, py, pz, qx, qy, qz)
                path[kept, 0] = px + share_in * (qx - px)
                path[kept, 1] = py + share_in * (qy - py)
                path[kept, 2] = pz + share_in * (qz - pz)
                kept += 1
            return face, kept
        px, py, pz = qx, qy, qz
        length += step


@njit(cache=True)
def _inside_share(x, y, z, px, py, pz, qx, qy, qz):
    """Share of the step p-q that lies inside the grid."""
    share = 1.0
    for axis, p, q in ((x, px, qx), (y, py, qy), (z, pz, qz)):
        if q < axis[0]:
            share = min(share, (axis[0] - p) / (q - p))
        elif q > axis[-1]:
            share = min(share, (axis[-1] - p) / (q - p))
    return share


@njit(cache=True, nogil=True)
def trace_lines(field, x, y, z, seeds, sign, settings, lines, ends, counts):
    """Follow every seed and keep the lines."""
    nothing = np.zeros(field.shape[:3], np.uint8)
    for n in range(seeds.shape[0]):
        ends[n], counts[n] = follow(
            field, x, y, z, nothing, seeds[n], sign, settings, lines[n]
        )


@njit(cache=True, nogil=True)
def trace_ends(field, x, y, z, known, seeds, sign, settings, ends):
    """Follow every seed and keep only why it ended."""
    path = np.empty((0, 3))
    for n in range(seeds.shape[0]):
        ends[n], _ = follow(
            field, x, y, z, known, seeds[n], sign, settings, path
        )
