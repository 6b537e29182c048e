"""Standoff distances from one direction an image, by tangency.

`maximum` and `gradient` take the brightest and the steepest line of sight
along the Sun-Earth line for the tangent; `tangent_direction` puts the
tangents of many images together.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from smile_explore.retrieval import _strip
from smile_explore.retrieval._families import Family
from smile_explore.retrieval._tangent_fit import TYPICAL
from smile_explore.retrieval._view import NoMagnetopause, Surface, View

__all__ = ["METHOD_ERROR", "one"]

#: How far each criterion is off: two in three images of the MHD runs D and E,
#: with the counts of five minutes, are nearer than this to the last closed
#: field line (events.requirement). Most of it is a bias: the peak lies
#: outside, the steepest rise inside. [R_E]
METHOD_ERROR: Final = {"maximum": 0.35, "gradient": 0.4}
_ROUNDS: Final = 8


def one(view: View, *, edge: str, strip: float) -> Surface:
    """Return the surface of the family that one direction grazes."""
    seen = _strip.direction(view, edge=edge, strip=strip)
    mean, width = view.family.prior
    level, angle = grazed(view.family, view.position, seen.way(), flaring=mean)
    noise = spread(view.family, view.position, seen, level, flaring=mean)
    size = np.hypot(noise, METHOD_ERROR[edge]) / level
    lean = np.log((1 + np.cos(np.radians(angle))) / 2)
    change = np.array([lean, 1.0]) * width
    covariance = np.outer(change, change)
    covariance[0, 0] += size**2
    return Surface(
        family=view.family,
        standoff=level,
        flaring=mean,
        covariance=covariance,
        widest=angle,
        converged=True,
        more={
            "elongation": seen.elongation,
            "elongation_uncertainty": seen.uncertainty,
            "axis_crossing": crossing(view.position, seen.way()),
            "tangent_angle": angle,
        },
    )


def grazed(
    family: Family, position: np.ndarray, way: np.ndarray, *, flaring: float
) -> tuple[float, float]:
    """Return the standoff of the member that a ray grazes, and the angle.

    Raises
    ------
    NoMagnetopause
        If the ray grazes none.
    """
    standoff = TYPICAL
    for _ in range(_ROUNDS):
        level, point = family.graze(
            position, way[None], standoff=standoff, flaring=flaring
        )
        if not np.isfinite(level[0]):
            raise NoMagnetopause(
                "the direction found grazes no magnetopause ahead of the "
                "spacecraft"
            )
        moved, standoff = abs(level[0] - standoff), float(level[0])
        if moved < 1e-3:
            break
    cosine = point[0, 0] / np.sqrt((point[0] ** 2).sum())
    return standoff, float(np.degrees(np.arccos(cosine)))


def spread(
    family: Family,
    position: np.ndarray,
    seen: _strip.Direction,
    standoff: float,
    *,
    flaring: float,
) -> float:
    """Return how far the noise of the direction moves the standoff."""
    step = max(seen.uncertainty, 0.05)
    both = np.stack([seen.way(-step), seen.way(step)])
    level, _ = family.graze(position, both, standoff=standoff, flaring=flaring)
    slope = abs(level[1] - level[0]) / (2 * step)
    # A line near the edge of what can be grazed: as far as the search goes.
    return float(np.nan_to_num(slope, nan=10.0) * seen.uncertainty)


def crossing(position: np.ndarray, way: np.ndarray) -> float:
    """X where a line of sight in the plane of the X axis crosses it."""
    across = position[1:] @ position[1:]
    toward = -(position[1:] @ way[1:])
    return float(position[0] + across / toward * way[0])
