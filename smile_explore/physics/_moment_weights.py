"""What each bin of a distribution weighs in each sum, apart from its speed.

A bin's weight is a function of elevation times a function of azimuth, so
the sum over a sphere is two matrix products: over azimuth with `AROUND`
functions, then over elevation with `SUMS` columns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = [
    "BLUR",
    "CENTRE_1",
    "CENTRE_2",
    "EXACT_0",
    "EXACT_1",
    "EXACT_2",
    "SHRINK",
    "SUMS",
    "TENSOR",
    "Grid",
    "around",
    "upward",
]

#: Where in a full tensor the six sums xx, xy, xz, yy, yz, zz go.
TENSOR = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])

#: Sums over the sphere with exact integrals over each bin of 1, u and uu,
#: u the direction; with u and uu at the middle of the bin; of the variance
#: of u in a bin; and of how much a bin shortens u.
EXACT_0 = 0
EXACT_1 = slice(1, 4)
EXACT_2 = slice(4, 10)
CENTRE_1 = slice(10, 13)
CENTRE_2 = slice(13, 19)
BLUR = slice(19, 25)
SHRINK = slice(25, 28)
SUMS = 28

_AROUND = 16


class Grid(NamedTuple):
    """Bins of an analyser, as plain arrays.

    Parameters
    ----------
    energy : numpy.ndarray, (energy,)
        Energy per charge of a step. [eV]
    steps : numpy.ndarray, (energy, 2)
        Edges of the steps. [eV]
    elevation : numpy.ndarray, (energy or 1, elevation, 2)
        Edges. [rad]
    azimuth : numpy.ndarray, (azimuth, 2)
        Edges. [rad]
    """

    energy: np.ndarray
    steps: np.ndarray
    elevation: np.ndarray
    azimuth: np.ndarray

    @property
    def width(self) -> np.ndarray:
        """Widths of the steps, in eV."""
        return self.steps[:, 1] - self.steps[:, 0]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Steps, elevations and azimuths."""
        return self.energy.size, self.elevation.shape[1], len(self.azimuth)


def around(azimuth: np.ndarray) -> np.ndarray:
    """Functions of azimuth, (azimuth, 16)."""
    low, high = azimuth.T
    width, middle = high - low, (high + low) / 2.0
    cos, sin = np.cos(middle), np.sin(middle)

    def between(integral: np.ndarray) -> np.ndarray:
        return integral[:, 1] - integral[:, 0]

    s, c = np.sin(azimuth), np.cos(azimuth)
    variance = width**3 / 12.0
    return np.stack(
        [
            width,
            between(s),
            between(-c),
            between((azimuth + s * c) / 2.0),
            between(s**2 / 2.0),
            between((azimuth - s * c) / 2.0),
            width * cos,
            width * sin,
            width * cos**2,
            width * cos * sin,
            width * sin**2,
            variance * cos**2,
            variance * cos * sin,
            variance * sin**2,
            variance * cos,
            variance * sin,
        ],
        axis=-1,
    )


def upward(grid: Grid) -> np.ndarray:
    """Functions of elevation, (energy or 1, elevation * 16, 28).

    The row of elevation e and function of azimuth a is ``16 e + a``.
    """
    edges = grid.elevation
    s, c = np.sin(edges), np.cos(edges)
    low, high = edges[..., 0], edges[..., 1]
    middle, width = (low + high) / 2.0, high - low
    cos, sin = np.cos(middle), np.sin(middle)

    def between(integral: np.ndarray) -> np.ndarray:
        return integral[..., 1] - integral[..., 0]

    solid = between(s)
    weights = np.zeros((*solid.shape, _AROUND, SUMS))
    exact = {
        (0, 0): solid,
        (1, 1): (squared := between((edges + s * c) / 2.0)),
        (2, 2): squared,
        (0, 3): between(s**2 / 2.0),
        (3, 4): (cubed := between(s - s**3 / 3.0)),
        (4, 5): cubed,
        (1, 6): (mixed := between(-(c**3) / 3.0)),
        (5, 7): cubed,
        (2, 8): mixed,
        (0, 9): between(s**3 / 3.0),
    }
    centre = {
        (6, 10): cos,
        (7, 11): cos,
        (0, 12): sin,
        (8, 13): cos**2,
        (9, 14): cos**2,
        (6, 15): cos * sin,
        (10, 16): cos**2,
        (7, 17): cos * sin,
        (0, 18): sin**2,
    }
    for (function, column), value in exact.items():
        weights[..., function, column] = value
    for (function, column), value in centre.items():
        weights[..., function, column] = solid * value
    _blur(weights, solid, width**2 / 12.0, cos, sin)
    return weights.reshape(len(edges), -1, SUMS)


def _blur(
    weights: np.ndarray,
    solid: np.ndarray,
    variance: np.ndarray,
    cos: np.ndarray,
    sin: np.ndarray,
) -> None:
    """Add the variance of u in a bin, and its loss of length, half of it.

    Elevation moves u along e = (-sin cos, -sin sin, cos), azimuth along
    a = (-sin, cos, 0) by the cosine of the elevation.
    """
    along = solid * variance
    across = solid * cos**2
    columns = {
        (8, 19): along * sin**2,
        (13, 19): across,
        (9, 20): along * sin**2,
        (12, 20): -across,
        (6, 21): -along * sin * cos,
        (10, 22): along * sin**2,
        (11, 22): across,
        (7, 23): -along * sin * cos,
        (0, 24): along * cos**2,
        (6, 25): along * cos / 2.0,
        (14, 25): solid * cos / 2.0,
        (7, 26): along * cos / 2.0,
        (15, 26): solid * cos / 2.0,
        (0, 27): along * sin / 2.0,
    }
    for (function, column), value in columns.items():
        weights[..., function, column] = value
