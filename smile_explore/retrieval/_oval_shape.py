"""A circle or an ellipse through the edges of an oval, about the pole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.optimize import least_squares

from smile_explore.physics.polar_cap import enclosed_flux

__all__ = ["LIMITS", "Shape", "fit", "rim"]

#: A fit is of use with at least so many sectors, a centre so near the pole
#: and a radius between these [deg]: the criteria of Chisham (2017),
#: https://doi.org/10.1002/2016JA023235, as the library ocbpy sets them.
LIMITS: Final = {"sectors": 7, "centre": 8.0, "least": 10.0, "most": 23.0}
#: Edges in less than half of the day leave the far side open. [h]
WIDEST_GAP: Final = 12.0
#: Edges farther off than so many of their typical distances count less. A
#: bulge or a wrong edge is not to pull the whole circle.
_SOFT: Final = 2.0
#: Distance that an edge may have from any circle and still be right. [deg]
_NATURAL: Final = 0.5
_Shaped = Callable[[np.ndarray], tuple[float, ...]]
_HOURS = (np.arange(360) + 0.5) / 15.0


class Shape(NamedTuple):
    """Parameters of the fit and what follows from it."""

    dawn_offset: float
    noon_offset: float
    semi_major: float
    semi_minor: float
    orientation: float
    radius: float
    radius_uncertainty: float
    scatter: float
    sectors: int
    flux: float
    flux_uncertainty: float
    status: str


def rim(shape: tuple[float, ...] | np.ndarray, mlt: np.ndarray) -> np.ndarray:
    """Colatitude of an ellipse at some local times, in degrees.

    `shape` is dawn and noon offset, half axes and orientation, as in
    `Shape`; NaN where the pole lies outside and the rim is met twice.
    """
    x0, y0, a, b, turn = shape
    angle = np.radians((mlt - 6.0) * 15.0)  # from dawn toward noon
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    along = (np.cos(angle) * cosine + np.sin(angle) * sine) / a
    across = (np.sin(angle) * cosine - np.cos(angle) * sine) / b
    start = (x0 * cosine + y0 * sine) / a, (y0 * cosine - x0 * sine) / b
    # |r (along, across) - start| = 1, a quadratic in r
    square = along**2 + across**2
    half = along * start[0] + across * start[1]
    inside = half**2 - square * (start[0] ** 2 + start[1] ** 2 - 1.0)
    with np.errstate(invalid="ignore"):
        radius = (half + np.sqrt(inside)) / square
    return np.where(start[0] ** 2 + start[1] ** 2 < 1.0, radius, np.nan)


def fit(
    mlt: np.ndarray,
    mlat: np.ndarray,
    error: np.ndarray,
    *,
    ellipse: bool,
    judged: bool,
) -> Shape:
    """Fit one image; `mlat` is NaN where no edge was found.

    `judged` by what is known of polar caps.
    """
    used = np.isfinite(mlat) & np.isfinite(error)
    count = int(used.sum())
    if count < LIMITS["sectors"]:
        return _none(f"edges in {count} sectors only", count)
    gap = np.diff(np.r_[mlt[used], mlt[used][0] + 24.0]).max()
    if gap > WIDEST_GAP:
        return _none(f"no edges over {gap:.0f} h of local time", count)
    hours, colat = mlt[used], 90.0 - mlat[used]
    weight = 1.0 / np.hypot(error[used], _NATURAL)
    shaped = _as_ellipse if ellipse else _as_circle

    def rest(free: np.ndarray) -> np.ndarray:
        found = rim(shaped(free), hours)
        return np.nan_to_num(found - colat, nan=30.0) * weight

    first = np.array([0.0, 0.0, np.median(colat), 0.0, 0.0])
    answer = least_squares(
        rest, first if ellipse else first[:3], loss="soft_l1", f_scale=_SOFT
    )
    away = rim(shaped(answer.x), hours) - colat
    found = _summary(answer, shaped, away)
    if not judged:
        return found
    return found._replace(status=_verdict(found))


def _as_circle(free: np.ndarray) -> tuple[float, ...]:
    return (*free[:2], abs(free[2]) + 1e-3, abs(free[2]) + 1e-3, 0.0)


def _as_ellipse(free: np.ndarray) -> tuple[float, ...]:
    """Half axes R exp(+-|e|), turned by half the direction of e.

    So the circle is no corner of the space that is searched.
    """
    x0, y0, size, even, skew = free
    stretch = np.exp(np.hypot(even, skew))
    turn = np.degrees(np.arctan2(skew, even)) / 2.0
    size = abs(size) + 1e-3
    return x0, y0, size * stretch, size / stretch, turn


def _summary(answer: Any, shaped: _Shaped, away: np.ndarray) -> Shape:
    free = answer.x
    normal = answer.jac.T @ answer.jac
    freedom = max(away.size - free.size, 1)
    excess = max(2.0 * answer.cost / freedom, 1.0)
    covariance = np.linalg.pinv(normal) * excess

    def flux(free: np.ndarray) -> float:
        return float(enclosed_flux(rim(shaped(free), _HOURS)))

    steps = 1e-3 * np.eye(free.size)
    slope = np.array([(flux(free + s) - flux(free - s)) / 2e-3 for s in steps])
    x0, y0, a, b, turn = (float(p) for p in shaped(free))
    radius = float(np.sqrt(a * b))
    return Shape(
        x0,
        y0,
        a,
        b,
        turn,
        radius,
        float(np.sqrt(covariance[2, 2])),
        float(np.sqrt((away**2).mean())),
        away.size,
        flux(free),
        float(np.sqrt(slope @ covariance @ slope)),
        "found",
    )


def _verdict(shape: Shape) -> str:
    centre = np.hypot(shape.dawn_offset, shape.noon_offset)
    if centre > LIMITS["centre"]:
        return f"doubtful: the centre is {centre:.1f} deg from the pole"
    if not LIMITS["least"] <= shape.radius <= LIMITS["most"]:
        return f"doubtful: a radius of {shape.radius:.1f} deg"
    return "found"


def _none(reason: str, count: int) -> Shape:
    n = np.nan
    return Shape(n, n, n, n, n, n, n, n, count, n, n, reason)
