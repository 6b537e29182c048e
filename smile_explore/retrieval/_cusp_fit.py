"""The cusp in one image: a boundary fit whose cusp is free.

The magnetopause of Lin et al. (2010) has a cusp, a dent whose place follows
the dipole tilt and whose depth the pressure. Here depth, width, place and
roundness are parameters of the boundary fit. In the noon meridian the surface
found is a curve r(theta); the cusp's edges at a distance are where r is that
distance, on both sides of the deepest point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from smile_explore.retrieval import _boundary_fit
from smile_explore.retrieval import _boundary_model as model
from smile_explore.retrieval._families import PRIORS, Family
from smile_explore.retrieval._view import Surface, View

__all__ = ["EDGES", "OWN_ERROR", "Cusp", "CuspedFamily", "crossings", "fit"]

#: Names of the edges, in the order they are given.
EDGES: Final = ("equatorward", "poleward")
#: Angles from the Sun-Earth line at which the meridian is drawn. [deg]
ANGLES: Final = np.arange(0.0, 130.1, 0.25)
#: The deepest point is looked for this near to where it may be. [deg]
NEAR: Final = 35.0
#: Standoffs of the surfaces of which the best one begins the fit. [R_E]
STANDOFFS: Final = (5.5, 6.5, 7.5, 8.5, 10.0, 12.0)
#: What the method itself is off, as it scatters over images without noise of
#: the MHD runs and of made-up funnels, by edge: where both are in view, and
#: where one is outside and the depth of the cusp is guessed from a part. [R_E]
OWN_ERROR: Final = {
    "whole": np.array([0.5, 0.3]),
    "part": np.array([1.5, 1.5]),
}
_STEP: Final = 1e-4


@dataclass(frozen=True)
class CuspedFamily(Family):
    """Surfaces of Lin et al. (2010) whose cusps are free."""

    name: str = "cusp"

    @property
    def prior(self) -> tuple[float, float]:
        """Mean and standard deviation of the exponent."""
        return PRIORS["lin"]


@dataclass(frozen=True)
class Cusp:
    """The cusp of a surface that was fitted, in the noon meridian."""

    surface: Surface
    family: CuspedFamily
    north: bool

    def radius(self, angle: Any, vector: np.ndarray | None = None) -> Any:
        """Distance [R_E] of the magnetopause at angles from +X [deg]."""
        if vector is None:
            vector = self.surface.more["parameter_value"]
        inner = model.magnetopause(vector, self.family)
        return model.meridian(inner, np.radians(angle), self.north)

    @property
    def deepest(self) -> tuple[float, float]:
        """Angle [deg] and distance [R_E] of the deepest point."""
        vector = self.surface.more["parameter_value"]
        centre = model.magnetopause(vector, self.family)[9 + (not self.north)]
        near = np.abs(ANGLES - np.degrees(centre)) < NEAR
        radius = np.where(near, self.radius(ANGLES), np.inf)
        lowest = int(radius.argmin())
        return float(ANGLES[lowest]), float(radius[lowest])

    def edges(self, distance: float) -> np.ndarray:
        """Angles of both edges at a distance, NaN where there is none."""
        inside = distance - self.radius(ANGLES)
        return crossings(ANGLES, inside, self.deepest[0])

    def spread(self, angles: np.ndarray) -> np.ndarray:
        """One standard deviation [R_E] of the noise along the arc.

        The edge moves by -(dr / dp) / (dr / dtheta) with a parameter p.
        """
        more = self.surface.more
        vector, deviation = (
            more["parameter_value"],
            more["parameter_uncertainty"],
        )
        slope = (self.radius(angles + 0.1) - self.radius(angles - 0.1)) / 0.2
        moves = np.empty((angles.size, vector.size))
        for n in range(vector.size):
            step = np.zeros(vector.size)
            step[n] = _STEP
            above, below = (
                self.radius(angles, vector + sign * step) for sign in (1, -1)
            )
            moves[:, n] = -(above - below) / (2 * _STEP) / slope
        covariance = more["correlation"] * np.outer(deviation, deviation)
        variance = np.einsum("ei,ij,ej->e", moves, covariance, moves)
        return np.radians(np.sqrt(variance)) * self.radius(angles)


def fit(view: View, *, north: bool, evaluations: int) -> Cusp:
    """Fit a sheath around a magnetopause with a free cusp to an image."""
    family = CuspedFamily(dipole_tilt=view.family.dipole_tilt)
    view = replace(view, family=family)
    # The bright arc, where other methods begin, need not be in view.
    first = _boundary_fit.nearest(view, STANDOFFS)
    surface = _boundary_fit.fit(view, evaluations=evaluations, first=first)
    return Cusp(surface, family, north)


def crossings(
    angles: np.ndarray, inside: np.ndarray, middle: float
) -> np.ndarray:
    """Where `inside` changes sign on both sides of `middle`.

    Parameters
    ----------
    angles, inside : numpy.ndarray
        The second is positive within the cusp.
    middle : float
        An angle within the cusp.

    Returns
    -------
    edges : numpy.ndarray
        Below and above; NaN if `middle` is not inside, or for a side on
        which the end of the angles comes first.
    """
    found = np.full(2, np.nan)
    start = int(np.abs(angles - middle).argmin())
    if not inside[start] > 0:
        return found
    for n, way in enumerate((-1, 1)):
        walk = np.arange(start, -1 if way < 0 else angles.size, way)
        out = ~(inside[walk] > 0)
        if not out.any():
            continue
        far = int(np.argmax(out))
        a, b = walk[far - 1], walk[far]
        if not np.isfinite(inside[b]):
            continue
        share = inside[a] / (inside[a] - inside[b])
        found[n] = angles[a] + share * (angles[b] - angles[a])
    return found
