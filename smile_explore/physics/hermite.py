"""Interpolation along an orbit, through places and velocities."""

from __future__ import annotations

import numpy as np

__all__ = ["DEGREE", "interpolate"]

#: Of the polynomial: four places with their velocities, or eight places.
DEGREE = 7
# Times that are worked on at once, to bound the memory.
_AT_ONCE = 50_000


def interpolate(
    at: np.ndarray,
    nodes: np.ndarray,
    values: np.ndarray,
    slopes: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Interpolate by the Hermite or Lagrange polynomial of the nearest nodes.

    Parameters
    ----------
    at : numpy.ndarray (times,)
        Within the nodes.
    nodes : numpy.ndarray (nodes,)
        Increasing; fewer than the degree asks for lower it.
    values : numpy.ndarray (nodes, components)
    slopes : numpy.ndarray (nodes, components), optional
        Rate of change of the values; without it the polynomial is
        Lagrange's.

    Returns
    -------
    values, slopes : numpy.ndarray (times, components)

    References
    ----------
    .. [1] CCSDS 502.0-B-3 (2023), Orbit Data Messages, section 5.2.4.
    """
    parts = [
        _newton(part, nodes, values, slopes)
        for part in np.array_split(at, max(1, -(-at.size // _AT_ONCE)))
    ]
    found, rates = zip(*parts, strict=True)
    return np.concatenate(found), np.concatenate(rates)


def _newton(
    at: np.ndarray,
    nodes: np.ndarray,
    values: np.ndarray,
    slopes: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    each = 1 if slopes is None else 2
    count = min((DEGREE + 1) // each, nodes.size)
    first = np.searchsorted(nodes, at) - count // 2
    first = np.clip(first, 0, nodes.size - count)
    window = np.repeat(first[:, None] + np.arange(count), each, axis=1)
    # counted from the time asked for, at which the polynomial is evaluated
    place = nodes[window] - at[:, None]
    table = values[window]
    coefficients = [table[:, 0]]
    for level in range(1, window.shape[1]):
        apart = (place[:, level:] - place[:, :-level])[..., None]
        change = table[:, 1:] - table[:, :-1]
        if level == 1 and slopes is not None:
            # of a node with itself: the slope
            table = change / np.where(apart == 0.0, 1.0, apart)
            table[:, ::2] = slopes[window[:, ::2]]
        else:
            table = change / apart
        coefficients.append(table[:, 0])
    value = coefficients[-1]
    slope = np.zeros_like(value)
    for level in range(len(coefficients) - 2, -1, -1):
        step = -place[:, level, None]
        slope = slope * step + value
        value = value * step + coefficients[level]
    return value, slope
