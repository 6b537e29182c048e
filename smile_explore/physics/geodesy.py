"""Places above the Earth: Cartesian and geodetic, and where a ray meets it.

The Earth is the ellipsoid of WGS84. A shell at a height h is the ellipsoid
with both axes longer by h, as in the programs of auroral cameras; it differs
from the surface of equal height by 0.15 m at 110 km.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics._checks import check_positive

__all__ = [
    "EQUATORIAL_RADIUS",
    "POLAR_RADIUS",
    "Geodetic",
    "cartesian",
    "geodetic",
    "shell_intersection",
    "unit_vector",
]

#: Semi-axes of WGS84 (NGA.STND.0036, 2014, table 3.1). [km]
EQUATORIAL_RADIUS: Final = 6378.137
POLAR_RADIUS: Final = EQUATORIAL_RADIUS * (1.0 - 1.0 / 298.257223563)

_ECCENTRICITY2 = 1.0 - (POLAR_RADIUS / EQUATORIAL_RADIUS) ** 2
_SECOND2 = (EQUATORIAL_RADIUS / POLAR_RADIUS) ** 2 - 1.0


class Geodetic(NamedTuple):
    """Geodetic latitude and longitude [deg] and height [km]."""

    latitude: np.ndarray
    longitude: np.ndarray
    height: np.ndarray


def geodetic(position: Any) -> Geodetic:
    """Geodetic coordinates of places, by one step of Bowring's method.

    Parameters
    ----------
    position : array_like
        Geographic (GEO) components along the last axis. [R_E]

    Returns
    -------
    place : Geodetic
        Longitudes from -180 to 180.

    Notes
    -----
    One step is right to 1e-8 deg for heights below 1000 km.

    References
    ----------
    .. [1] Bowring (1976), Transformation from spatial to geographical
       coordinates, Survey Review 23, https://doi.org/10.1179/003962676791280626
    """
    x, y, z = np.moveaxis(np.asarray(position, float) * EARTH_RADIUS, -1, 0)
    across = np.hypot(x, y)
    # the reduced latitude, as tangent over the length of its sides
    side = z * EQUATORIAL_RADIUS
    base = across * POLAR_RADIUS
    length = np.hypot(side, base)
    sine, cosine = side / length, base / length
    up = z + _SECOND2 * POLAR_RADIUS * sine**3
    out = across - _ECCENTRICITY2 * EQUATORIAL_RADIUS * cosine**3
    length = np.hypot(up, out)
    sine, cosine = up / length, out / length
    # along the normal: well behaved at the poles too
    curved = EQUATORIAL_RADIUS * np.sqrt(1.0 - _ECCENTRICITY2 * sine**2)
    height = across * cosine + z * sine - curved
    return Geodetic(
        np.degrees(np.arctan2(up, out)), np.degrees(np.arctan2(y, x)), height
    )


def cartesian(latitude: Any, longitude: Any, height: float = 0.0) -> Any:
    """Place of geodetic coordinates.

    Parameters
    ----------
    latitude, longitude : array_like
        Geodetic. [deg]
    height : float
        Above the ellipsoid. [km]

    Returns
    -------
    position : numpy.ndarray
        Geographic (GEO) components along a new last axis. [R_E]
    """
    normal = unit_vector(latitude, longitude)
    sine = normal[..., 2]
    curvature = EQUATORIAL_RADIUS / np.sqrt(1.0 - _ECCENTRICITY2 * sine**2)
    scale = np.stack(
        [
            curvature + height,
            curvature + height,
            (1.0 - _ECCENTRICITY2) * curvature + height,
        ],
        axis=-1,
    )
    return normal * scale / EARTH_RADIUS


def unit_vector(latitude: Any, longitude: Any) -> np.ndarray:
    """Return unit vectors of a latitude and a longitude [deg].

    Of geodetic coordinates: the vertical there.
    """
    lat = np.radians(np.asarray(latitude, float))
    lon = np.radians(np.asarray(longitude, float))
    lat, lon = np.broadcast_arrays(lat, lon)
    across = np.cos(lat)
    return np.stack(
        [across * np.cos(lon), across * np.sin(lon), np.sin(lat)], axis=-1
    )


def shell_intersection(
    position: Any, directions: Any, *, height: float
) -> np.ndarray:
    """Where lines of sight first meet a shell around the Earth.

    Parameters
    ----------
    position : array_like, shape (3,)
        Where they start: outside the shell, in GEO. [R_E]
    directions : array_like, shape (..., 3)
        Unit vectors, in GEO.
    height : float
        Of the shell above the ellipsoid. [km]

    Returns
    -------
    places : numpy.ndarray, shape (..., 3)
        In GEO; NaN where a line misses the shell or leaves it behind. [R_E]

    Raises
    ------
    ValueError
        If the height is not positive or the start is not outside the shell.
    """
    check_positive(height=height)
    axes = np.array([EQUATORIAL_RADIUS, EQUATORIAL_RADIUS, POLAR_RADIUS])
    axes = (axes + height) / EARTH_RADIUS
    start = np.asarray(position, float) / axes  # on a unit sphere
    outside = start @ start - 1.0
    if not outside > 0.0:
        above = (np.sqrt(outside + 1.0) - 1.0) * EARTH_RADIUS + height
        raise ValueError(
            f"the camera must be above the shell at {height:g} km, it is at "
            f"about {above:.4g} km; choose a time higher on the orbit"
        )
    sight = np.asarray(directions, float) / axes
    along = sight @ start
    square = np.einsum("...i,...i", sight, sight)
    root = along**2 - square * outside
    meets = (root >= 0.0) & (along < 0.0)
    root = np.sqrt(np.where(meets, root, np.nan))
    # outside / (...) keeps the digits that -along - root would lose
    distance = outside / (root - along)
    return np.asarray(position) + distance[..., None] * np.asarray(directions)
