"""Lines of sight that graze a magnetopause of the shape of Shue et al.

The surface r(theta) = r0 (2 / (1 + cos theta))^a is the level r0 of

    F(R) = r ((1 + x / r) / 2)^a        with r = |R|,

whose gradient is normal to it. A ray R = S + t d is tangent to the level
that F reaches at its minimum along the ray: there the gradient, and so the
normal n, is perpendicular to d, which is the condition n . (R - S) = 0. The
level of a ray is therefore found without drawing the surface, and the
standoff distance follows from a direction, not from where the direction
crosses the Sun-Earth line: from over the pole the two differ by 0.8 R_E.

F is of first degree in R, so its level is a standoff distance in R_E, and
the change of the level with a follows from the tangent point alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore.schema import COMPONENTS

__all__ = ["grazing_level", "tangent_curve"]

#: Steps of the search for the minimum; each halves what is left, or better.
_STEPS: Final = 24
#: Farthest point of a ray that is searched, beyond its distance. [R_E]
_BEYOND: Final = 40.0


def grazing_level(
    position: np.ndarray, directions: np.ndarray, *, flaring: float
) -> tuple[np.ndarray, np.ndarray]:
    """Standoff distance of the surface that each ray just touches.

    Parameters
    ----------
    position : array_like, shape (3,)
        Where the rays start, GSM. [R_E]
    directions : array_like, shape (..., 3)
        Unit vectors along the rays, GSM.
    flaring : float
        Exponent a of the surface, 0 to 1. [1]

    Returns
    -------
    level : numpy.ndarray, shape (...)
        Standoff distance r0; NaN for a ray that touches none ahead of the
        spacecraft (it only moves away, or crosses the tail axis). [R_E]
    point : numpy.ndarray, shape (..., 3)
        Where each ray touches its surface, GSM. [R_E]
    """
    start = np.asarray(position, dtype=np.float64)
    way = np.asarray(directions, dtype=np.float64)
    near = np.zeros(way.shape[:-1])
    far = np.full(way.shape[:-1], np.sqrt((start**2).sum()) + _BEYOND)
    t = np.clip(-(way @ start), 1e-3, far)
    for _ in range(_STEPS):
        slope, bend = _slope(start, way, t, flaring)
        far = np.where(slope > 0, t, far)
        near = np.where(slope > 0, near, t)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = t - slope / bend
        good = (newton > near) & (newton < far)
        moved = np.where(good, newton, (near + far) / 2)
        if np.abs(moved - t).max(initial=0.0) < 1e-6:
            break
        t = moved
    point = start + t[..., None] * way
    radius = np.sqrt((point**2).sum(-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        level = radius * ((1 + point[..., 0] / radius) / 2) ** flaring
    behind = t < 1e-4
    beyond = t > np.sqrt((start**2).sum()) + _BEYOND - 1e-3
    level = np.where(behind | beyond | (level < 1e-3), np.nan, level)
    return level, np.where(np.isnan(level)[..., None], np.nan, point)


def _slope(
    start: np.ndarray, way: np.ndarray, t: np.ndarray, flaring: float
) -> tuple[np.ndarray, np.ndarray]:
    """First and second derivative of log F along the rays."""
    along = way @ start + t
    squared = (start**2).sum() + t * (2 * (way @ start) + t)
    radius = np.sqrt(squared)
    x = start[0] + t * way[..., 0]
    sum_ = np.maximum(radius + x, 1e-9)
    growth = along / radius + way[..., 0]
    slope = (1 - flaring) * along / squared + flaring * growth / sum_
    bend = (1 - flaring) * (1 - 2 * along**2 / squared) / squared
    bend += flaring * (1 - along**2 / squared) / (radius * sum_)
    bend -= flaring * (growth / sum_) ** 2
    return slope, bend


def tangent_curve(
    standoff: float,
    position: np.ndarray | xr.DataArray,
    *,
    flaring: float,
    points: int = 181,
    widest: float = 110.0,
) -> xr.DataArray:
    """Points where lines of sight graze a magnetopause: its visible rim.

    Parameters
    ----------
    standoff : float
        Subsolar distance r0 of the surface. [R_E]
    position : array_like, shape (3,)
        Where it is seen from, GSM. [R_E]
    flaring : float
        Exponent a of the surface. [1]
    points : int
        Number of points along the curve.
    widest : float
        Largest angle from the Sun-Earth line. [deg]

    Returns
    -------
    curve : xarray.DataArray, dimensions (point, component)
        In order along the rim, GSM; NaN where no line of sight grazes, and
        everywhere when it is seen from inside. [R_E]
    """
    start = np.asarray(position, dtype=np.float64)
    toward = np.arctan2(start[2], start[1])
    # The middle of the rim faces the spacecraft; it ends on the far side.
    turn = np.linspace(-np.pi, np.pi, points, endpoint=False)
    phi = toward + turn
    theta = np.radians(np.linspace(0.0, widest, 1101))[:, None]
    unit = np.stack(
        [
            np.broadcast_to(np.cos(theta), (theta.size, points)),
            np.sin(theta) * np.cos(phi),
            np.sin(theta) * np.sin(phi),
        ],
        -1,
    )
    plus = 1 + np.cos(theta)
    shape = (plus / 2) ** flaring
    # Euler's rule, grad F . R = F = r0, leaves grad F . S = r0.
    seen = shape * (
        (1 - flaring + flaring / plus) * (unit @ start)
        + flaring * start[0] / plus
    )
    rises = (seen[:-1] >= standoff) != (seen[1:] >= standoff)
    first = np.argmax(rises, axis=0)
    column = np.arange(points)
    low, high = seen[first, column], seen[first + 1, column]
    share = (standoff - low) / np.where(high == low, 1.0, high - low)
    angle = theta[first, 0] + share * (theta[1, 0] - theta[0, 0])
    radius = standoff * (2 / (1 + np.cos(angle))) ** flaring
    curve = np.stack(
        [
            radius * np.cos(angle),
            radius * np.sin(angle) * np.cos(phi),
            radius * np.sin(angle) * np.sin(phi),
        ],
        -1,
    )
    curve[~rises.any(axis=0)] = np.nan
    if np.isnan(curve[points // 2]).any():
        # Seen from ahead of the nose, the rim runs round the far side.
        curve = np.roll(curve, points // 2, axis=0)
    return xr.DataArray(
        curve,
        dims=("point", "component"),
        coords={"component": list(COMPONENTS)},
        attrs={"units": "R_E", "frame": "GSM", "long_name": "visible rim"},
    )
