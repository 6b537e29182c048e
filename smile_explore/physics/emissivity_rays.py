"""Compiled integrals of the boundary models along rays.

A ray is told by its angle `psi` from the point where it comes closest to
Earth, at the distance h: r = h / cos(psi). In this angle a surface r = R is
met where h - R cos(psi) changes sign, which needs no square root and runs
smoothly out to infinity. The ray is split at the magnetopause and the bow
shock; the sheath is integrated by Gauss-Legendre in `psi`, the wind in closed
form. So the result is smooth in all parameters, which a fit likes.

Importing this module compiles or loads the kernel from numba's cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float64, int64, njit

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics._compile import at_once, readonly

__all__ = ["CMEM", "JORGENSEN", "model_image"]

#: Kinds of model.
JORGENSEN, CMEM = 0, 1

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_KEV_PER_STERADIAN = EARTH_RADIUS * 1e5 / 1e3 / (4.0 * np.pi)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
#: Longest stretch for one set of nodes. [rad]
_PANEL = 0.5
#: A ray that would pass nearer to the centre of Earth is moved out to this.
_LEAST_MISS = 1e-5
_MOST_CROSSINGS = 24
_ROW, _ROWS = readonly(float64, 1), readonly(float64, 2)


def model_image(
    origins: np.ndarray,
    directions: np.ndarray,
    kind: int,
    magnetopause: np.ndarray,
    bow_shock: np.ndarray,
    sheath: np.ndarray,
    *,
    longest: float = 50.0,
    intervals: int = 24,
) -> np.ndarray:
    """Intensity per unit of each amplitude that a model is linear in.

    The image of a model is ``amplitudes @ model_image(...)``.

    Parameters
    ----------
    origins : numpy.ndarray
        Where the rays start, outside Earth: (rays, 3), or (1, 3) for all.
        [R_E]
    directions : numpy.ndarray
        Unit vectors, (rays, 3). A NaN in one makes its ray NaN.
    kind : int
        `JORGENSEN` or `CMEM`.
    magnetopause, bow_shock, sheath : numpy.ndarray
        As `emissivity_models.shape` gives them.
    longest : float, optional
        Length of a ray within which the sheath shines and boundaries are
        looked for; the solar wind beyond it goes on to infinity. [R_E]
    intervals : int, optional
        Of a ray, in each of which a boundary is looked for. With 24, at most
        3 rays in 10 000 miss a boundary that they graze.

    Returns
    -------
    components : numpy.ndarray
        (amplitudes, rays): sheath A1, wind A2, and, for `JORGENSEN` alone,
        flank B. [keV cm-2 s-1 sr-1 per eV cm-3 s-1]

    Notes
    -----
    A ray that meets Earth ends there.
    """
    out = np.empty((3, directions.shape[0]))
    _integrate_rays(
        np.ascontiguousarray(origins, float),
        np.ascontiguousarray(directions, float),
        kind,
        magnetopause,
        bow_shock,
        sheath,
        float(longest),
        intervals,
        out,
    )
    return _KEV_PER_STERADIAN * out[: 3 if kind == JORGENSEN else 2]


@njit(**_OPTIONS)
def _flared(shape: np.ndarray, x: float, y: float, z: float) -> float:
    """Radius of r0 (2 / (1 + cos theta))^a, with another a in y and z."""
    across = y * y + z * z
    open_ = np.log(2.0 / max(1.0 + x, 1e-12))
    if across == 0.0:
        return shape[0] * np.exp(shape[1] * open_)
    part = y * y / across
    square = part * np.exp(-2.0 * shape[1] * open_) + (1.0 - part) * np.exp(
        -2.0 * shape[2] * open_
    )
    return shape[0] / np.sqrt(square)


@njit(**_OPTIONS)
def _indented(shape: np.ndarray, x: float, y: float, z: float) -> float:
    """Radius of a magnetopause of the form of Lin et al. (2010)."""
    across = np.sqrt(y * y + z * z)
    theta = np.arctan2(across, x)
    cosine, sine = (y / across, z / across) if across > 0.0 else (1.0, 0.0)
    flaring = (
        shape[1] + shape[2] * cosine + shape[3] * sine + shape[4] * sine**2
    )
    middle = np.cos(0.5 * theta) + shape[5] * 2.0 * across * x * (
        1.0 - np.exp(-theta)
    )
    radius = shape[0] * max(middle, 1e-12) ** flaring
    for n in range(2):
        centre = shape[9 + n]
        toward = sine if n == 0 else -sine
        cosine_away = x * np.cos(centre) + across * np.sin(centre) * toward
        away = np.arccos(min(max(cosine_away, -1.0), 1.0))
        if shape.size > 12:  # longer toward dawn and dusk than round
            aside = np.arcsin(min(max(across * cosine, -1.0), 1.0))
            away = np.sqrt(max(away**2 - shape[12] * aside**2, 0.0))
        radius += shape[6] * np.exp(shape[7 + n] * away ** shape[11])
    return radius


@njit(**_OPTIONS)
def _radius(
    surface: int,
    kind: int,
    magnetopause: np.ndarray,
    bow_shock: np.ndarray,
    x: float,
    y: float,
    z: float,
) -> float:
    if surface == 1:
        return _flared(bow_shock, x, y, z)
    if kind == 0:
        return _flared(magnetopause, x, y, z)
    return _indented(magnetopause, x, y, z)


@njit(**_OPTIONS)
def _height(
    psi: float, surface: int, ray: np.ndarray, model: tuple[Any, ...]
) -> float:
    """Positive where the ray is outside a surface: h - R cos(psi)."""
    kind, magnetopause, bow_shock = model
    c, s = np.cos(psi), np.sin(psi)
    radius = _radius(
        surface,
        kind,
        magnetopause,
        bow_shock,
        c * ray[1] + s * ray[4],
        c * ray[2] + s * ray[5],
        c * ray[3] + s * ray[6],
    )
    return ray[0] - radius * c


@njit(**_OPTIONS)
def _root(
    low: float,
    high: float,
    at_low: float,
    at_high: float,
    surface: int,
    ray: np.ndarray,
    model: tuple[Any, ...],
) -> float:
    """Zero between two angles of other sign: false position, Illinois."""
    side = 0
    for _ in range(60):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = _height(middle, surface, ray, model)
        if abs(value) < 1e-13 * ray[0] or high - low < 1e-14:
            return middle
        if (value > 0.0) == (at_high > 0.0):
            high, at_high = middle, value
            if side == 1:
                at_low *= 0.5
            side = 1
        else:
            low, at_low = middle, value
            if side == -1:
                at_high *= 0.5
            side = -1
    return 0.5 * (low + high)


@njit(**_OPTIONS)
def _crossings(
    start: float,
    stop: float,
    intervals: int,
    surface: int,
    ray: np.ndarray,
    model: tuple[Any, ...],
    found: np.ndarray,
    count: int,
) -> int:
    """Add the angles at which a ray meets a surface; return their number."""
    step = (stop - start) / intervals
    before, last = np.nan, _height(start, surface, ray, model)
    for n in range(1, intervals + 1):
        psi = start + n * step
        value = _height(psi, surface, ray, model)
        if count >= found.size - 2:
            break
        if (value > 0.0) != (last > 0.0):
            found[count] = _root(
                psi - step, psi, last, value, surface, ray, model
            )
            count += 1
        elif abs(last) < abs(before) and abs(last) <= abs(value):
            # it comes near and turns away: did it touch in between?
            bend = before - 2.0 * last + value
            if (before > 0.0) == (last > 0.0) and bend * last > 0.0:
                middle = psi - step + 0.5 * step * (before - value) / bend
                low = _height(middle, surface, ray, model)
                if (low > 0.0) != (last > 0.0):
                    found[count] = _root(
                        psi - 2.0 * step, middle, before, low, surface, ray,
                        model,
                    )  # fmt: skip
                    found[count + 1] = _root(
                        middle, psi, low, value, surface, ray, model
                    )
                    count += 2
        before, last = last, value
    return count


@njit(**_OPTIONS)
def _cubic(start: float, stop: float, miss: float) -> float:
    """Integral of r^-3 along a ray; the ends are tan(psi) h, or infinity."""
    total = 0.0
    if start < 0.0 <= stop:
        total = 2.0 / miss**2
    for n in range(2):
        along = start if n == 0 else stop
        if abs(along) == np.inf:
            continue
        radius = np.sqrt(miss**2 + along**2)
        rest = 1.0 / (radius * (radius + abs(along)))
        # what is left from here to infinity, on this side
        inside = (n == 0) == (along >= 0.0)
        total += rest if inside else -rest
    return total


@njit(**_OPTIONS)
def _add_sheath(
    start: float,
    stop: float,
    kind: int,
    ray: np.ndarray,
    sheath: np.ndarray,
    totals: np.ndarray,
) -> None:
    panels = int(np.ceil((stop - start) / _PANEL))
    half = 0.5 * (stop - start) / panels
    for panel in range(panels):
        middle = start + (2 * panel + 1) * half
        for n in range(_NODES.size):
            psi = middle + half * _NODES[n]
            c, s = np.cos(psi), np.sin(psi)
            x = c * ray[1] + s * ray[4]
            square = max(1.0 - x * x, 0.0)
            power = sheath[0] + sheath[1] * square
            value = np.exp(-power * np.log(0.1 * ray[0] / c))
            value *= _WEIGHTS[n] * half * ray[0] / (c * c)
            if kind == 0:
                totals[0] += value
                totals[2] += value * square**4
            else:
                half_theta = 0.5 * np.arccos(min(max(x, -1.0), 1.0))
                totals[0] += value * np.exp(-sheath[2] * half_theta**4)


@njit(**_OPTIONS)
def _set_ray(
    origin: np.ndarray, direction: np.ndarray, ray: np.ndarray
) -> float:
    """Write h, the unit vector to the closest point, and the direction."""
    along, square = 0.0, 0.0
    for n in range(3):
        along += origin[n] * direction[n]
    for n in range(3):
        ray[1 + n] = origin[n] - along * direction[n]
        ray[4 + n] = direction[n]
        square += ray[1 + n] ** 2
    ray[0] = np.sqrt(square)
    if ray[0] < _LEAST_MISS:
        # any vector across the ray will do
        least = np.argmin(np.abs(direction))
        for n in range(3):
            ray[1 + n] = (1.0 if n == least else 0.0) - direction[
                least
            ] * direction[n]
        length = np.sqrt(ray[1] ** 2 + ray[2] ** 2 + ray[3] ** 2)
        ray[0] = _LEAST_MISS
    else:
        length = ray[0]
    for n in range(3):
        ray[1 + n] /= length
    return along


@at_once(
    _ROWS, _ROWS, int64, _ROW, _ROW, _ROW, float64, int64, float64[:, ::1],
    **_OPTIONS,
)  # fmt: skip
def _integrate_rays(
    origins: np.ndarray,
    directions: np.ndarray,
    kind: int,
    magnetopause: np.ndarray,
    bow_shock: np.ndarray,
    sheath: np.ndarray,
    longest: float,
    intervals: int,
    out: np.ndarray,
) -> None:
    model = (kind, magnetopause, bow_shock)
    ray, totals = np.empty(7), np.empty(3)
    found = np.empty(_MOST_CROSSINGS + 2)
    for n in range(directions.shape[0]):
        totals[:] = 0.0
        along = _set_ray(
            origins[min(n, origins.shape[0] - 1)], directions[n], ray
        )
        miss, end = ray[0], along + longest
        blocked = miss < 1.0 and along < 0.0
        if blocked:
            end = min(end, -np.sqrt(1.0 - miss**2))
        if not abs(along) + miss < np.inf:
            out[:, n] = np.nan
            continue
        start, stop = np.arctan2(along, miss), np.arctan2(end, miss)
        found[0] = start
        count = _crossings(
            start, stop, intervals, 0, ray, model, found[:14], 1
        )
        count = _crossings(
            start, stop, intervals, 1, ray, model, found[:25], count
        )
        found[count] = stop
        places = np.sort(found[: count + 1])
        for k in range(count):
            near, far = places[k], places[k + 1]
            if far <= near:
                continue
            middle = 0.5 * (near + far)
            if _height(middle, 0, ray, model) < 0.0:
                continue
            if _height(middle, 1, ray, model) < 0.0:
                _add_sheath(near, far, kind, ray, sheath, totals)
                continue
            final = miss * np.tan(far)
            if k == count - 1 and not blocked:
                final = np.inf
            totals[1] += 1e3 * _cubic(miss * np.tan(near), final, miss)
        out[:, n] = totals
