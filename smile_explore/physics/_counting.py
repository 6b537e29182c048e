"""Counting uncertainty of moments, with all covariances between them.

Gershman et al. (2015): counts in different bins are independent, and every
moment is a sum over bins, so the covariance of the sums about zero is itself
a sum over bins, and that of the moments follows from their derivatives.
"""

from __future__ import annotations

import numpy as np

from smile_explore.physics import _moment_kernel as kernel
from smile_explore.physics._moment_weights import Grid

__all__ = ["covariance", "squares_around", "squares_upward"]

#: Exponents of the direction (x, y, z) in a product of two weights.
_MONOMIALS = [
    (a, b, total - a - b)
    for total in range(5)
    for a in range(total, -1, -1)
    for b in range(total - a, -1, -1)
]
_PLANAR = [(a, b) for a in range(5) for b in range(5 - a)]
#: The 16 sums about zero: n, nV (3), nVV (9), n v^2 V (3), as exponents of
#: the direction and of the speed.
_UNIT = np.eye(3, dtype=int)
_SUMS = [
    (np.zeros(3, int), 0),
    *[(u, 1) for u in _UNIT],
    *[(u + w, 2) for u in _UNIT for w in _UNIT],
    *[(u, 3) for u in _UNIT],
]
_SPEED = np.array([[p + q for _, q in _SUMS] for _, p in _SUMS])
_COLUMN = np.array(
    [
        [_MONOMIALS.index(tuple((u + w).tolist())) for w, _ in _SUMS]
        for u, _ in _SUMS
    ]
)


def squares_around(azimuth: np.ndarray) -> np.ndarray:
    """Products of weights as functions of azimuth, (azimuth, 15)."""
    width = azimuth[:, 1] - azimuth[:, 0]
    middle = azimuth.mean(axis=1)
    return np.stack(
        [
            width**2 * np.cos(middle) ** a * np.sin(middle) ** b
            for a, b in _PLANAR
        ],
        axis=-1,
    )


def squares_upward(grid: Grid, factor: np.ndarray) -> np.ndarray:
    """Products of weights as functions of elevation.

    `factor`, (energy or 1, elevation), turns data into the variance of f.
    """
    edges = grid.elevation
    solid = np.diff(np.sin(edges), axis=-1)[..., 0]
    middle = edges.mean(axis=-1)
    base = solid**2 * factor
    weights = np.zeros((*base.shape, len(_PLANAR), len(_MONOMIALS)))
    for column, (a, b, c) in enumerate(_MONOMIALS):
        weights[..., _PLANAR.index((a, b)), column] = (
            base * np.cos(middle) ** (a + b) * np.sin(middle) ** c
        )
    return weights.reshape(len(base), -1, len(_MONOMIALS))


def covariance(
    sums: np.ndarray,
    volume: np.ndarray,
    speed: np.ndarray,
    moments: kernel.Central,
    mass: float,
) -> np.ndarray:
    """Covariance of n, V, T (9) and q, (n, 16, 16), q in eV cm-3 km/s.

    Parameters
    ----------
    sums : numpy.ndarray, (n, energy, 35)
        Of the variances, by the weights above.
    volume, speed : numpy.ndarray, (n, energy)
        From `far_away`.
    moments : Central
    mass : float
        [kg]
    """
    powers = volume[:, None] ** 2 * speed[:, None] ** np.arange(7)[:, None]
    raw = (powers @ sums)[:, _SPEED, _COLUMN]
    slopes = _slopes(moments, kernel.mass_in_ev(mass))
    return slopes @ raw @ np.swapaxes(slopes, 1, 2)


def _slopes(moments: kernel.Central, mass: float) -> np.ndarray:
    """Return derivatives of the moments by the sums, (n, 16, 16)."""
    density, v, temperature, _ = moments
    count = len(density)
    n = np.where(density > 0.0, density, np.nan)
    slopes = np.zeros((count, 16, 16))
    slopes[:, 0, 0] = 1.0
    square = (v**2).sum(axis=1)
    trace = np.trace(temperature, axis1=1, axis2=2)
    for k in range(3):
        slopes[:, 1 + k, 0] = -v[:, k] / n
        slopes[:, 1 + k, 1 + k] = 1.0 / n
        heat = 13 + k
        slopes[:, heat, 13 + k] = mass / 2.0
        slopes[:, heat, 1 + k] += mass / 2.0 * square - trace / 2.0
        slopes[:, heat, 0] += v[:, k] * (trace - mass * square) / 2.0
        for j in range(3):
            row, drag = 4 + 3 * k + j, temperature[:, k, j]
            slopes[:, row, row] += mass / n
            slopes[:, row, 1 + k] -= mass * v[:, j] / n
            slopes[:, row, 1 + j] -= mass * v[:, k] / n
            slopes[:, row, 0] += (mass * v[:, k] * v[:, j] - drag) / n
            slopes[:, heat, 4 + 3 * k + j] -= mass * v[:, j]
            slopes[:, heat, 4 + 3 * j + j] -= mass * v[:, k] / 2.0
            slopes[:, heat, 1 + j] += mass * v[:, k] * v[:, j] - drag
            slopes[:, heat, 0] += drag * v[:, j]
    return slopes
