"""Magnetic coordinates of the aurora: modified apex latitude and local time.

Places and heights are those of the northern aurora: 110 km above the
ellipsoid, geodetic latitude 35 and more. A grid that ships stands in the
place of the field model: apexpy 2.1.1 (IGRF-14) on each degree, at each knot
of the IGRF from 2000 to 2030, with a reference height of 110 km
(``tools/build_apex_grid.py``). Interpolation between the nodes is wrong by
at most 0.003 deg beyond 0.5 deg from the pole of the grid, and between the
epochs by 4e-5 deg.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr
from scipy.ndimage import map_coordinates

from smile_explore import frames
from smile_explore.physics.geodesy import unit_vector

__all__ = [
    "EPOCHS",
    "HEIGHT",
    "LOWEST_LATITUDE",
    "geographic",
    "local_time",
    "longitude",
    "magnetic",
    "solar_zenith_angle",
    "sunward",
]

#: Of the places, and reference height of the coordinates. [km]
HEIGHT: Final = 110.0
#: Southern edge of the grid. [deg]
LOWEST_LATITUDE: Final = 35.0

#: Knots of the IGRF that the grid stands on. [years]
EPOCHS: Final = (2000, 2005, 2010, 2015, 2020, 2025, 2030)
# g11, h11 and g10 of IGRF-14 at the epochs, the last by its secular
# variation; https://doi.org/10.5281/zenodo.14012302. [nT]
_DIPOLE = np.array(
    [
        [-1728.2, 5186.1, -29619.4],
        [-1669.05, 5077.99, -29554.63],
        [-1586.42, 4944.26, -29496.57],
        [-1501.77, 4795.99, -29441.46],
        [-1451.37, 4653.35, -29403.41],
        [-1410.3, 4545.5, -29350.0],
        [-1360.3, 4438.0, -29287.0],
    ]
)

_FILE = Path(__file__).with_name("apex_grid_110km.npz")
_STEPS = 12
# The places of the grid have magnetic latitudes above this. [deg]
_INVERSE_SOUTH = 20.0


@functools.lru_cache(maxsize=1)
def _grid() -> np.ndarray:
    """Return the vectors that ship, (epoch, component, glat, glon)."""
    with np.load(_FILE) as data:
        return data["vector"]


def magnetic(glat: Any, glon: Any, time: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return modified apex coordinates of places at 110 km.

    Parameters
    ----------
    glat, glon : array_like
        Geodetic latitude and longitude. [deg]
    time : datetime64 or str
        UTC; it sets the epoch of the field.

    Returns
    -------
    mlat, mlon : numpy.ndarray
        [deg]; NaN south of 35 deg, where the grid ends.

    Raises
    ------
    ValueError
        If the time is outside 2000-2030.

    References
    ----------
    .. [1] Richmond (1995), Ionospheric electrodynamics using magnetic apex
       coordinates, https://doi.org/10.5636/jgg.47.191
    .. [2] van der Meeren et al., apexpy, https://doi.org/10.5281/zenodo.4585641
    """
    return _angles(_read(_at(time, _grid().__getitem__), glat, glon))


def geographic(
    mlat: Any, mlon: Any, time: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return geodetic coordinates at 110 km of modified apex coordinates.

    Parameters
    ----------
    mlat, mlon : array_like
        [deg]
    time : datetime64 or str
        UTC; it sets the epoch of the field.

    Returns
    -------
    glat, glon : numpy.ndarray
        [deg]; NaN where the place lies south of the grid.

    Raises
    ------
    ValueError
        If the time is outside 2000-2030.

    Notes
    -----
    The inverse of `magnetic` to 0.003 deg: read from a table of inverses,
    which is worked out once for an epoch (0.1 s).
    """
    inverse = _at(time, _inverse)
    return _angles(_read(inverse, mlat, mlon, south=_INVERSE_SOUTH))


def sunward(time: Any) -> np.ndarray:
    """Return the unit vector from the Earth to the Sun, in GEO."""
    return _sunward(np.datetime64(time, "ns")).copy()


@functools.lru_cache(maxsize=64)
def _sunward(time: np.datetime64) -> np.ndarray:
    x_axis = xr.DataArray(
        [1.0, 0.0, 0.0],
        dims="component",
        coords={"time": time},
        attrs={"frame": "GSM"},
    )
    return frames.rotate(x_axis, to="GEO").values


def solar_zenith_angle(glat: Any, glon: Any, time: Any) -> np.ndarray:
    """Return the angle of the Sun from the vertical; 90 at the terminator.

    Parameters
    ----------
    glat, glon : array_like
        Geodetic latitude and longitude. [deg]
    time : datetime64 or str
        UTC.

    Returns
    -------
    solar_zenith_angle : numpy.ndarray
        [deg]
    """
    cosine = unit_vector(glat, glon) @ sunward(time)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def local_time(mlon: Any, time: Any) -> np.ndarray:
    """Magnetic local time of a magnetic longitude.

    Parameters
    ----------
    mlon : array_like
        Modified apex longitude. [deg]
    time : datetime64 or str
        UTC.

    Returns
    -------
    mlt : numpy.ndarray
        From 0 to 24. [h]

    Notes
    -----
    12 h is where the Sun stands in the centred dipole of the IGRF, as in
    apexpy, which takes the apex longitude of the subsolar point 50 R_E out;
    the two differ by less than 0.005 h.
    """
    dipole = _at(time, _DIPOLE.__getitem__)
    north = -dipole / np.linalg.norm(dipole)
    sun = sunward(time)
    dusk = np.cross([0.0, 0.0, 1.0], north)
    noon = np.cross(dusk, north)
    noon_lon = np.degrees(np.arctan2(sun @ dusk, sun @ noon))
    return (12.0 + (np.asarray(mlon, float) - noon_lon) / 15.0) % 24.0


def longitude(mlt: Any, time: Any) -> np.ndarray:
    """Magnetic longitude [deg] of a magnetic local time [h]."""
    behind = (np.asarray(mlt, float) - local_time(0.0, time)) * 15.0
    return (behind + 180.0) % 360.0 - 180.0


def _at(time: Any, value: Callable[[int], np.ndarray]) -> np.ndarray:
    """Interpolate between the epochs what `value` gives for their numbers."""
    moment = np.datetime64(time, "ns")
    start = moment.astype("datetime64[Y]")
    first, last = (
        year.astype("datetime64[ns]") for year in (start, start + 1)
    )
    year = start.astype(int) + 1970 + (moment - first) / (last - first)
    if not EPOCHS[0] <= year <= EPOCHS[-1]:
        raise ValueError(
            f"magnetic coordinates are known from {EPOCHS[0]} to "
            f"{EPOCHS[-1]}, got the time {time}; choose an event of those "
            "years"
        )
    after = int(np.clip(np.searchsorted(EPOCHS, year), 1, len(EPOCHS) - 1))
    step = EPOCHS[after] - EPOCHS[after - 1]
    share = (year - EPOCHS[after - 1]) / step
    return (1.0 - share) * value(after - 1) + share * value(after)


def _read(
    table: np.ndarray, lat: Any, lon: Any, *, south: float = LOWEST_LATITUDE
) -> np.ndarray:
    """Interpolate a table (component, lat, lon) of one degree."""
    lat, lon = np.broadcast_arrays(
        np.asarray(lat, float), np.asarray(lon, float)
    )
    node = np.stack([(lat - south).ravel(), ((lon + 180.0) % 360.0).ravel()])
    found = [
        map_coordinates(component, node, order=1, cval=np.nan)
        for component in table
    ]
    return np.array(found).reshape(3, *lat.shape)


def _closer(
    place: np.ndarray, wanted: np.ndarray, table: np.ndarray, turn: np.ndarray
) -> np.ndarray:
    """Move places by what their magnetic coordinates lack, turned back.

    Magnetic coordinates are nearly the geographic ones turned, so that a
    fifth of the error is left at the worst.
    """
    here = unit_vector(*_angles(_read(table, *_angles(place))))
    moved = place + np.moveaxis((wanted - here) @ turn, -1, 0)
    return moved / np.linalg.norm(moved, axis=0)


@functools.lru_cache(maxsize=len(EPOCHS))
def _inverse(epoch: int) -> np.ndarray:
    """Geographic unit vectors of each degree of mlat, mlon, at an epoch."""
    wanted = unit_vector(
        np.arange(_INVERSE_SOUTH, 91.0)[:, None], np.arange(-180.0, 181.0)
    )
    components = _grid()[epoch]
    turn = _best_turn(components)
    place = np.moveaxis(wanted @ turn, -1, 0)
    for _ in range(_STEPS):
        place = _closer(place, wanted, components, turn)
    return place


@functools.lru_cache(maxsize=1)
def _nodes() -> np.ndarray:
    """Geographic unit vectors of the grid, (glat, glon, component)."""
    glat = np.arange(LOWEST_LATITUDE, 91.0)[:, None]
    return unit_vector(glat, np.arange(-180.0, 181.0))


def _best_turn(components: np.ndarray) -> np.ndarray:
    """Rotation from geographic to magnetic unit vectors (Kabsch)."""
    there = components.reshape(3, -1)
    here = _nodes().reshape(-1, 3)
    left, _, right = np.linalg.svd(there @ here)
    left[:, -1] *= np.sign(np.linalg.det(left @ right))
    return left @ right


def _angles(vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude [deg] of vectors (component, ...)."""
    x, y, z = vector
    return (
        np.degrees(np.arctan2(z, np.hypot(x, y))),
        np.degrees(np.arctan2(y, x)),
    )
