"""Dayglow from the Sun's height and the view, in spite of the aurora.

Dayglow depends smoothly on how high the Sun stands and on how slanting the
view is; aurora does not, and can only add. So the smooth part is fitted
again and again, and what stays above it counts less and less (Ohma et al.
2023 remove it from IMAGE's images in this way, https://github.com/aohma/fuvpy;
the terms and the weights here are our own).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from scipy.interpolate import BSpline

from smile_explore.physics.ultraviolet import slant

__all__ = ["Dayglow", "evaluate", "fit"]

#: Below this height of the Sun there is no dayglow: SZA 100 deg.
DARK: Final = float(np.cos(np.radians(100.0)))
#: Inner knots of the cubic spline along the cosine of the SZA.
KNOTS: Final = (-0.05, 0.05, 0.15, 0.3, 0.5, 0.75)
#: Residuals at which a value counts no more, above and below, over the
#: scatter below the fit. Aurora only adds, so the first is the smaller.
CUTS: Final = (2.5, 5.0)
#: Cells fewer than this determine no model.
FEWEST: Final = 60
_ROUNDS = 25
#: A step of the fit this small, over the scatter, is the last.
_SETTLED = 0.02
_LEVELS = np.cos(np.radians(np.arange(0.0, 181.0, 5.0)))[::-1]


class Dayglow(NamedTuple):
    """Coefficients, their covariance, and the scatter about the fit."""

    coefficients: np.ndarray
    covariance: np.ndarray
    heights: np.ndarray  # cosines of the SZA at which the scatter is known
    scatter: np.ndarray


def evaluate(
    model: Dayglow, sun: np.ndarray, view: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Dayglow and its uncertainty; `sun` and `view` are cosines."""
    glow = np.full(sun.shape, np.nan)
    spread = np.full(sun.shape, np.nan)
    seen = np.isfinite(sun) & np.isfinite(view)
    terms = _terms(sun[seen], view[seen])
    glow[seen] = terms @ model.coefficients
    variance = ((terms @ model.covariance) * terms).sum(-1)
    around = np.interp(sun[seen], model.heights, model.scatter)
    spread[seen] = np.sqrt(np.maximum(variance, 0.0) + around**2)
    return glow, spread


def fit(
    values: np.ndarray, error: np.ndarray, sun: np.ndarray, view: np.ndarray
) -> Dayglow | None:
    """Fit the dayglow of one image; None where too little is seen.

    Parameters
    ----------
    values, error : numpy.ndarray, (cell,)
        Brightness and its noise. [R]
    sun, view : numpy.ndarray, (cell,)
        Cosines of the zenith angles of the Sun and of the view.
    """
    # here, for the first import may compile
    from smile_explore.retrieval._dayglow_kernel import spread_below

    seen = np.isfinite(values + error + sun + view)
    if seen.sum() < FEWEST:
        return None
    level = np.digitize(sun[seen], _LEVELS)
    order = np.flatnonzero(seen)[np.argsort(level, kind="stable")]
    values, error, sun, view = (a[order] for a in (values, error, sun, view))
    _, sizes = np.unique(level, return_counts=True)
    borders = np.r_[0, np.cumsum(sizes)]
    groups = [slice(*ends) for ends in pairwise(borders)]
    terms = _terms(sun, view)
    noise = np.array([np.median(error[group]) for group in groups], float)
    glow = _lower_part(values, groups, slant(view))
    around = np.empty(sizes.size)
    for _ in range(_ROUNDS):
        rest = values - glow
        spread_below(rest, borders, noise, around)
        scatter = np.repeat(around, sizes)
        over = rest / scatter
        share = over / np.where(over > 0, CUTS[0], CUTS[1])
        weight = np.clip(1.0 - share**2, 0.0, None) / scatter
        found, covariance = _solve(terms, values, weight)
        before, glow = glow, terms @ found
        if (np.abs(glow - before) < _SETTLED * scatter).all():
            break
    heights = np.array([sun[group].mean() for group in groups])
    lack = np.sqrt(np.maximum(around**2 - noise**2, 0.0))
    return Dayglow(found, covariance, heights, lack)


def _terms(sun: np.ndarray, view: np.ndarray) -> np.ndarray:
    """Columns of the model: a constant and a surface that ends in the dark."""
    knots = np.r_[[DARK] * 4, KNOTS, [1.0] * 4]
    # in single precision the ends would lie beside the knots
    height = sun.astype(float).clip(DARK, 1.0)
    spline = BSpline.design_matrix(height, knots, 3).toarray()[:, 2:]
    path = slant(view)
    lit = np.maximum(height - DARK, 0.0)
    shape = lit * (path - 1.0)
    columns = [
        np.ones_like(sun),
        *(spline * path[:, None]).T,
        shape,
        shape * lit,
        shape * (path - 1.0),
    ]
    return np.stack(columns, axis=-1)


def _lower_part(
    values: np.ndarray, groups: list[slice], path: np.ndarray
) -> np.ndarray:
    """Begin with the lower third at each height of the Sun."""
    glow = np.empty_like(values)
    for group in groups:
        above = values[group] / path[group]
        glow[group] = np.quantile(above, 0.33) * path[group]
    return glow


def _solve(
    terms: np.ndarray, values: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    scaled = terms * weight[:, None]
    normal = scaled.T @ scaled
    # A term that nothing in view determines is left at zero.
    inverse = np.linalg.pinv(normal, rcond=1e-10, hermitian=True)
    return inverse @ (scaled.T @ (values * weight)), inverse
