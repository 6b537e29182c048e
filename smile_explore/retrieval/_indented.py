"""Lines of sight that graze a magnetopause with cusps, as of Lin et al.

The family has one member for each standoff distance: the surface of Lin et
al. (2010) at IMF Bz = 0 for the pressure P at which their a0 P^a1 is that
distance, scaled to have its nose there (the cusps move it by 0.2 R_E), times
(2 / (1 + cos theta))^a with a small a for what Bz and the rest do. As
in `tangent`, a ray grazes the member whose level is lowest along it. From
high over the pole the visible rim runs along the cusps, where a surface
without them is wrong by up to 1 R_E at the nose.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from smile_explore.physics.boundaries import (
    LIN_COEFFICIENTS,
    lin_magnetopause,
)

_THETA: Final = np.arange(0.0, 150.1, 1.5)
_PHI: Final = np.arange(-180.0, 180.1, 3.0)
#: a0 [R_E, nPa] and a1 of Lin et al. (2010): r0 = a0 P^a1.
_NOSE, _POWER = LIN_COEFFICIENTS[:2]


def log_shape(
    theta: np.ndarray,
    phi: np.ndarray,
    *,
    standoff: float,
    dipole_tilt: float,
    flaring: float,
) -> np.ndarray:
    """Return log(r / r0) of the member with a standoff distance; degrees."""
    pressure = (standoff / _NOSE) ** (1 / _POWER)

    def lin(theta: np.ndarray, phi: np.ndarray) -> np.ndarray:
        return np.asarray(
            lin_magnetopause(
                theta, phi, pressure, 0.0, 0.0, dipole_tilt=dipole_tilt
            )
        )

    shape = np.log(lin(theta, phi) / lin(np.zeros(1), np.zeros(1)))
    return shape + flaring * np.log(2 / (1 + np.cos(np.radians(theta))))


def _table(standoff: float, dipole_tilt: float, flaring: float) -> np.ndarray:
    return np.ascontiguousarray(
        log_shape(
            _THETA[:, None],
            _PHI[None, :],
            standoff=standoff,
            dipole_tilt=dipole_tilt,
            flaring=flaring,
        )
    )


def grazing_level(
    position: np.ndarray,
    directions: np.ndarray,
    *,
    standoff: float,
    dipole_tilt: float,
    flaring: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the level each ray grazes and where, as `tangent` does.

    The shape is that of the member near `standoff`, scaled.
    """
    from smile_explore.retrieval import _indented_kernel as kernel

    start = np.ascontiguousarray(position, np.float64)
    ways = np.ascontiguousarray(directions, np.float64).reshape(-1, 3)
    level, distance = np.empty(len(ways)), np.empty(len(ways))
    kernel.graze(
        _table(standoff, dipole_tilt, flaring),
        np.radians(_THETA[1]),
        np.radians(_PHI[1] - _PHI[0]),
        start,
        ways,
        level,
        distance,
    )
    return level, start + distance[:, None] * ways


def tangent_curve(
    position: np.ndarray,
    *,
    standoff: float,
    dipole_tilt: float,
    flaring: float,
    points: int = 181,
    widest: float = 110.0,
) -> np.ndarray:
    """Return the visible rim, (point, component), as `tangent` does.

    With r0 = r exp(-T) the gradient of the level is exp(-T) (1, -dT/dtheta,
    -dT/dphi / sin theta), and times the position it is the level on the rim.
    Behind a cusp lip this holds too; only lines of sight that graze nothing
    before are kept.
    """
    start = np.asarray(position, dtype=np.float64)
    turn = np.linspace(-np.pi, np.pi, points, endpoint=False)
    phi = np.arctan2(start[2], start[1]) + turn
    theta = np.radians(np.linspace(0.5, widest, 440))
    known = {
        "standoff": standoff, "dipole_tilt": dipole_tilt, "flaring": flaring,
    }  # fmt: skip
    shape = log_shape(
        np.degrees(theta)[:, None], np.degrees(phi)[None, :], **known
    )
    along_theta = np.gradient(shape, theta, axis=0)
    along_phi = np.gradient(shape, turn, axis=1)
    outward, across, around = _along_sphere(start, theta, phi)
    seen = np.exp(-shape) * (
        outward
        - along_theta * across
        - along_phi / np.sin(theta)[:, None] * around
    )
    rises = (seen[:-1] >= standoff) != (seen[1:] >= standoff)
    nth = np.cumsum(rises, axis=0)
    curve = np.full((points, 3), np.nan)
    for crossing in range(1, 4):
        here = rises & (nth == crossing)
        row = np.argmax(here, axis=0)
        column = np.arange(points)
        low, high = seen[row, column], seen[row + 1, column]
        share = (standoff - low) / np.where(high == low, 1.0, high - low)
        share = np.clip(share, 0, 1)[:, None]
        way = _way(theta[row], phi) * (1 - share)
        way += _way(theta[row + 1], phi) * share
        stretch = np.exp(shape[row, column])[:, None] * (1 - share)
        stretch += np.exp(shape[row + 1, column])[:, None] * share
        point = standoff * stretch * way
        ray = point - start
        ray /= np.sqrt((ray**2).sum(-1))[:, None]
        level, _ = grazing_level(start, ray, **known)
        first = here.any(axis=0) & (np.abs(level / standoff - 1) < 0.01)
        curve = np.where(
            (np.isnan(curve[:, :1]) & first[:, None]), point, curve
        )
    if np.isnan(curve[points // 2]).any():
        curve = np.roll(curve, points // 2, axis=0)
    return curve


def _way(theta: np.ndarray, phi: np.ndarray) -> np.ndarray:
    """Return unit vectors at angles from +X, and about it."""
    across = np.sin(theta)
    return np.stack(
        [np.cos(theta), across * np.cos(phi), across * np.sin(phi)], -1
    )


def _along_sphere(
    vector: np.ndarray, theta: np.ndarray, phi: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the parts outward, of theta and of phi, (theta, phi) each."""
    sunward, duskward, northward = vector
    cos, sin = np.cos(theta)[:, None], np.sin(theta)[:, None]
    away = duskward * np.cos(phi) + northward * np.sin(phi)
    around = northward * np.cos(phi) - duskward * np.sin(phi)
    return (
        cos * sunward + sin * away,
        cos * away - sin * sunward,
        np.broadcast_to(around, (theta.size, phi.size)),
    )
