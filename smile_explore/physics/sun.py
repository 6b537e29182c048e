"""Where the Sun's disc stands as Earth sees it, and places on it.

Heliographic latitude and longitude are Stonyhurst's: north is positive, and
longitude counts from Earth's meridian, westward positive. Helioprojective x
and y are those of solar images: x westward, y along solar north. [arcsec]
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

__all__ = [
    "AU",
    "RADIUS",
    "Disc",
    "disc",
    "ecliptic",
    "place",
    "rotation",
]

#: Astronomical unit, IAU 2012 Resolution B2. [km]
AU: Final = 149_597_870.7
#: Nominal solar radius, IAU 2015 Resolution B3. [km]
RADIUS: Final = 695_700.0
#: Inclination of the Sun's equator to the ecliptic (Carrington). [deg]
_INCLINATION: Final = 7.25
#: Sidereal rotation of the photosphere, A + B sin^2 + C sin^4 of latitude
#: (Howard, Harvey and Forgach 1990). [urad s-1]
_ROTATION: Final = (2.894, -0.428, -0.370)
#: Mean motion of Earth around the Sun. [deg d-1]
_EARTH: Final = 0.9856076686


class Disc(NamedTuple):
    """How the Sun is seen from Earth's centre; numbers or arrays alike.

    Parameters
    ----------
    latitude : float
        Heliographic latitude of the middle of the disc, B0. [deg]
    ecliptic_tilt : float
        Position angle of solar from ecliptic north, eastward. [deg]
    distance : float
        Of the Sun from Earth. [km]
    radius : float
        Of the limb. [arcsec]
    """

    latitude: Any
    ecliptic_tilt: Any
    distance: Any
    radius: Any


def disc(time: Any) -> Disc:
    """Return how the Sun is seen from Earth at a time.

    Parameters
    ----------
    time : datetime64, str or array_like
        UTC.

    Returns
    -------
    disc : Disc
        Within 0.008 deg and 4e-5 of the distance from 1990 to 2050, measured
        against sunpy.

    Notes
    -----
    Low-accuracy place of the Sun and its physical ephemeris, chapters 25 and
    29 of [1]_. UTC is taken for terrestrial time, 70 s off: 1e-3 deg.

    References
    ----------
    .. [1] Meeus (1998), Astronomical Algorithms, 2nd edition.
    """
    moment = np.asarray(time, "datetime64[ms]")
    days = (moment - np.datetime64("2000-01-01T12:00", "ms")).astype(float)
    days = days / 86_400_000.0
    t = days / 36525.0
    mean_longitude = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    anomaly = np.radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t**2) * np.sin(anomaly)
        + (0.019993 - 0.000101 * t) * np.sin(2.0 * anomaly)
        + 0.000289 * np.sin(3.0 * anomaly)
    )
    eccentricity = 0.016708634 - 0.000042037 * t - 0.0000001267 * t**2
    true_anomaly = anomaly + np.radians(centre)
    distance = (
        1.000001018
        * (1.0 - eccentricity**2)
        / (1.0 + eccentricity * np.cos(true_anomaly))
    )
    # seen where it was when its light left
    longitude = mean_longitude + centre - 20.4898 / 3600.0 / distance
    node = 73.6667 + 1.3958333 * (days + 2451545.0 - 2396758.0) / 36525.0
    from_node = np.radians(longitude - node)
    tilt = np.radians(_INCLINATION)
    latitude = np.arcsin(np.sin(from_node) * np.sin(tilt))
    turned = np.arctan(-np.cos(from_node) * np.tan(tilt))
    away = distance * AU
    limb = np.degrees(np.arcsin(RADIUS / away)) * 3600.0
    return Disc(np.degrees(latitude), np.degrees(turned), away, limb)


def place(
    latitude: Any, longitude: Any, seen: Disc
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where a place of the photosphere is seen.

    Parameters
    ----------
    latitude, longitude : array_like
        Stonyhurst. [deg]
    seen : Disc
        From where.

    Returns
    -------
    x, y : numpy.ndarray
        Helioprojective. [arcsec]
    visible : numpy.ndarray of bool
        Whether it is on the near side of the limb.

    References
    ----------
    .. [1] Thompson (2006), Coordinate systems for solar image data, equations
       4, 11 and 16, https://doi.org/10.1051/0004-6361:20054262
    """
    west, north, near = RADIUS * _seen(latitude, longitude, seen.latitude)
    depth = seen.distance - near
    away = np.sqrt(west**2 + north**2 + depth**2)
    x = np.degrees(np.arctan2(west, depth)) * 3600.0
    y = np.degrees(np.arcsin(north / away)) * 3600.0
    # the limb is where a line of sight touches, not where near is zero
    return x, y, near > RADIUS**2 / seen.distance


def ecliptic(latitude: Any, longitude: Any, seen: Disc) -> np.ndarray:
    """Return a heliographic direction in Earth ecliptic axes (HEE).

    Parameters
    ----------
    latitude, longitude : array_like
        Stonyhurst. [deg]
    seen : Disc

    Returns
    -------
    direction : numpy.ndarray, shape (3, ...)
        Unit vectors: x to Earth, z to ecliptic north, y westward.
    """
    west, north, near = _seen(latitude, longitude, seen.latitude)
    turn = np.radians(seen.ecliptic_tilt)
    return np.stack(
        [
            near,
            west * np.cos(turn) - north * np.sin(turn),
            north * np.cos(turn) + west * np.sin(turn),
        ]
    )


def rotation(latitude: Any) -> Any:
    """Return the synodic rotation of the photosphere. [deg d-1].

    Parameters
    ----------
    latitude : array_like
        Heliographic. [deg]

    References
    ----------
    .. [1] Howard, Harvey and Forgach (1990), Solar surface velocity fields
       determined from small magnetic features,
       https://doi.org/10.1007/BF00156795
    """
    squared = np.sin(np.radians(latitude)) ** 2
    a, b, c = _ROTATION
    sidereal = a + b * squared + c * squared**2
    return np.degrees(sidereal * 1e-6 * 86_400.0) - _EARTH


def _seen(latitude: Any, longitude: Any, b0: Any) -> np.ndarray:
    """Return a place as seen: west, north and toward Earth, of length 1."""
    lat, lon, tip = (np.radians(one) for one in (latitude, longitude, b0))
    across = np.cos(lat) * np.cos(lon)
    return np.stack(
        np.broadcast_arrays(
            np.cos(lat) * np.sin(lon),
            np.sin(lat) * np.cos(tip) - across * np.sin(tip),
            np.sin(lat) * np.sin(tip) + across * np.cos(tip),
        )
    )
