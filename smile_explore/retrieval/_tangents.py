"""The tangent direction method: one surface from a series of images.

Each image gives one line of sight that grazes the magnetopause, in the plane
of the spacecraft and the Sun-Earth line. While the spacecraft moves and the
magnetopause does not, the lines envelop its cross-section. It is given as it
is, without a model, and extrapolated to the nose with a family of surfaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from smile_explore.retrieval import _directions, _strip, _tangent_fit
from smile_explore.retrieval._view import NoMagnetopause, Surface, View

__all__ = ["FEWEST", "fit"]

#: Fewest images with a direction.
FEWEST: Final = 3
#: Least span of the normals for a cross-section without a model. [deg]
LEAST_SPAN: Final = 3.0
#: Tangents that scatter this many times as far as their noise have not seen
#: a magnetopause at rest. [1]
MOVING: Final = 3.0
#: Least error of a direction: a bin of the strip. [R_E]
_LEAST_ERROR: Final = 0.05
_ROUNDS: Final = 6


@dataclass(frozen=True)
class _Tangents:
    """The tangents of all images, by a member of the family."""

    level: np.ndarray
    spread: np.ndarray
    angle: np.ndarray  # deg


def fit(views: list[View], *, strip: float) -> list[Surface]:
    """Return the surface that the directions of all images envelop.

    Raises
    ------
    NoMagnetopause
        If there are too few directions.
    """
    seen, used, reason = [], [], ""
    for view in views:
        try:
            seen.append(_strip.direction(view, edge="maximum", strip=strip))
            used.append(view)
        except NoMagnetopause as nothing:
            reason = f" ({nothing})"
    if len(seen) < FEWEST:
        raise NoMagnetopause(
            f"tangent_direction needs the directions of {FEWEST} images from "
            f"different places along the orbit, got {len(seen)}{reason}; give "
            f"a series along time, or use method='tangent_fit'"
        )
    standoff, flaring, covariance, tangents = _enveloped(used, seen)
    noise = float(np.median(tangents.spread))
    scatter = _scatter(tangents, standoff)
    status = "found"
    if scatter > MOVING * noise:
        status = (
            f"found, but the tangents scatter by {scatter:.2g} R_E and their "
            f"noise is {noise:.2g} R_E: the magnetopause was not at rest"
        )
    sections = _section(used, seen, tangents.spread)
    error = _directions.METHOD_ERROR["maximum"] / standoff
    covariance[0, 0] += error**2
    found = []
    for view in views:
        more = {"scatter": scatter, "images": float(len(seen))}
        more |= sections.get(id(view), dict.fromkeys(_OWN, np.nan))
        found.append(
            Surface(
                family=view.family,
                standoff=standoff,
                flaring=flaring,
                covariance=covariance,
                widest=float(tangents.angle.max()),
                converged=scatter <= MOVING * noise,
                status=status,
                more=more,
            )
        )
    return found


def _enveloped(
    views: list[View], seen: list[_strip.Direction]
) -> tuple[float, float, np.ndarray, _Tangents]:
    """Fit standoff and flaring so that all lines graze one surface."""
    prior = views[0].family.prior
    flaring = prior[0]
    for _ in range(_ROUNDS):
        tangents = _grazed(views, seen, flaring)
        log_standoff, change, covariance = _tangent_fit.solve(
            tangents.level,
            tangents.spread,
            np.radians(tangents.angle),
            flaring,
            prior,
        )
        flaring += change
        if abs(change) < 1e-3:
            break
    return float(np.exp(log_standoff)), flaring, covariance, tangents


def _grazed(
    views: list[View], seen: list[_strip.Direction], flaring: float
) -> _Tangents:
    rows = []
    for view, one in zip(views, seen, strict=True):
        level, angle = _directions.grazed(
            view.family, view.position, one.way(), flaring=flaring
        )
        noise = _directions.spread(
            view.family, view.position, one, level, flaring=flaring
        )
        rows.append((level, max(noise, _LEAST_ERROR), angle))
    return _Tangents(*np.array(rows).T)


def _scatter(tangents: _Tangents, standoff: float) -> float:
    """Spread of the standoffs of single tangents about the common one."""
    levels = tangents.level / standoff
    return float(standoff * np.sqrt(np.mean(np.log(levels) ** 2)))


_OWN: Final = (
    "elongation",
    "elongation_uncertainty",
    "section_x",
    "section_distance",
    "section_uncertainty",
)


def _section(
    views: list[View], seen: list[_strip.Direction], spread: np.ndarray
) -> dict[int, dict[str, float]]:
    """Points of the cross-section from the support function of the tangents.

    A line with the normal (cos psi, sin psi) in the half plane of X and the
    distance from X lies h(psi) from Earth, and touches its envelope at
    h n + h' n'. A parabola through all h gives h and h'.
    """
    rows = []
    for view, one in zip(views, seen, strict=True):
        away = float(np.hypot(*view.position[1:]))
        way = one.way()
        outward = float(way[1:] @ view.position[1:]) / away
        normal = np.array([-outward, way[0]])
        place = np.array([view.position[0], away])
        if normal @ place < 0:
            normal = -normal
        rows.append((np.arctan2(*normal[::-1]), normal @ place))
    psi, support = np.array(rows).T
    span = np.degrees(np.ptp(psi))
    middle = psi.mean()
    order = 2 if len(rows) > FEWEST and span > 2 * LEAST_SPAN else 1
    points = np.full((len(rows), 3), np.nan)
    if span >= LEAST_SPAN:
        design = (psi - middle)[:, None] ** np.arange(order + 1)
        slope = np.zeros_like(design)
        for n in range(1, order + 1):
            slope[:, n] = n * (psi - middle) ** (n - 1)
        weight = 1 / spread
        scaled = design * weight[:, None]
        covariance = np.linalg.inv(scaled.T @ scaled)
        found = covariance @ scaled.T @ (support * weight)
        h, along = design @ found, slope @ found
        points[:, 0] = h * np.cos(psi) - along * np.sin(psi)
        points[:, 1] = h * np.sin(psi) + along * np.cos(psi)
        points[:, 2] = np.sqrt(
            np.einsum("ia,ab,ib->i", design, covariance, design)
        )
    return {
        id(view): dict(
            zip(_OWN, (one.elongation, one.uncertainty, *point), strict=True)
        )
        for view, one, point in zip(views, seen, points, strict=True)
    }
