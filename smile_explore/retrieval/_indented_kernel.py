# mypy: allow-untyped-defs
"""Compiled search for the surface that a ray grazes; imported on first use."""

from __future__ import annotations

import numpy as np
from numba import njit

# The nearest point to Earth of a ray, and how far before and after it the
# surface can be grazed. [R_E]
_BEFORE, _AFTER = 14.0, 8.0
_COARSE, _FINE = 0.8, 0.2


@njit(cache=True)
def _log_level(table, theta_step, phi_step, x, y, z):
    """Logarithm of the standoff distance of the surface through a point."""
    radius = np.sqrt(x * x + y * y + z * z)
    u = np.arccos(min(max(x / radius, -1.0), 1.0)) / theta_step
    v = (np.arctan2(z, y) + np.pi) / phi_step
    i = min(int(u), table.shape[0] - 2)
    j = min(int(v), table.shape[1] - 2)
    a, b = min(u - i, 1.0), min(v - j, 1.0)
    shape = (table[i, j] * (1 - b) + table[i, j + 1] * b) * (1 - a)
    shape += (table[i + 1, j] * (1 - b) + table[i + 1, j + 1] * b) * a
    return np.log(radius) - shape


@njit(cache=True)
def _search(table, theta_step, phi_step, start, way, first, last, step):
    """Lowest level between two distances: where, and its neighbours'."""
    place, lowest = first, np.inf
    t = first
    while t <= last:
        value = _log_level(
            table, theta_step, phi_step,
            start[0] + t * way[0], start[1] + t * way[1],
            start[2] + t * way[2],
        )  # fmt: skip
        if value < lowest:
            place, lowest = t, value
        t += step
    return place, lowest


@njit(cache=True, nogil=True)
def graze(table, theta_step, phi_step, start, ways, level, distance):
    """Fill the level each ray grazes, and how far along it; NaN if none."""
    for n in range(ways.shape[0]):
        way = ways[n]
        nearest = -(way[0] * start[0] + way[1] * start[1] + way[2] * start[2])
        first, last = max(nearest - _BEFORE, 1e-3), nearest + _AFTER
        level[n] = distance[n] = np.nan
        if last <= first:
            continue
        rough, _ = _search(
            table, theta_step, phi_step, start, way, first, last, _COARSE
        )
        if rough - first < _COARSE or last - rough < _COARSE:
            continue
        low, high = rough - _COARSE + _FINE, rough + _COARSE - _FINE / 2
        place, middle = _search(
            table, theta_step, phi_step, start, way, low, high, _FINE
        )
        _, before = _search(
            table, theta_step, phi_step, start, way,
            place - _FINE, place - _FINE, 1.0,
        )  # fmt: skip
        _, after = _search(
            table, theta_step, phi_step, start, way,
            place + _FINE, place + _FINE, 1.0,
        )  # fmt: skip
        bend = before - 2 * middle + after
        shift = 0.0
        if bend > 0.0:
            shift = min(max((before - after) / (2 * bend), -1.0), 1.0)
        level[n] = np.exp(middle - (before - after) * shift / 4)
        distance[n] = place + shift * _FINE
