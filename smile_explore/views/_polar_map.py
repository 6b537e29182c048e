"""Geometry of a polar map: noon up, dawn at the right, the pole amid.

Places on it are x and y in degrees of colatitude, x toward dawn (06 MLT) and
y toward noon.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.instruments.footpoints import dipole_foot
from smile_explore.physics import apex

__all__ = [
    "LOWEST",
    "coastlines",
    "coasts",
    "footpoint",
    "frame",
    "place",
    "raster",
    "spokes",
    "sunset",
    "terminator",
]

#: Lowest latitude on the map. [deg]
LOWEST: Final = 50.0
#: Pixels of the picture along each axis.
PIXELS: Final = 240
CIRCLES: Final = (80, 70, 60)
HOURS: Final = {0: "00 MLT", 6: "06", 12: "12", 18: "18"}
_COASTS = Path(__file__).with_name("coastlines_110m.npz")


def place(mlat: Any, mlt: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y on the map; NaN beyond its lowest latitude."""
    colatitude = 90.0 - np.asarray(mlat, dtype=float)
    inside = colatitude <= 90.0 - LOWEST + 1e-9
    colatitude = np.where(inside, colatitude, np.nan)
    angle = np.radians((np.asarray(mlt, dtype=float) - 6.0) * 15.0)
    return colatitude * np.cos(angle), colatitude * np.sin(angle)


def raster(
    values: np.ndarray, mlat: np.ndarray, mlt: np.ndarray
) -> np.ndarray:
    """Return a map (mlat, mlt) as a square picture (y, x)."""
    index = _index(mlat.tobytes(), mlt.tobytes())
    return np.append(values.ravel(), values.dtype.type(np.nan))[index]


@functools.lru_cache(maxsize=4)
def _index(mlat: bytes, mlt: bytes) -> np.ndarray:
    """Cell under each pixel of the picture; the last but one past the end."""
    lat, hour = np.frombuffer(mlat), np.frombuffer(mlt)
    x, y = np.meshgrid(pixel_centres(), pixel_centres())
    wanted_lat = 90.0 - np.hypot(x, y)
    wanted_hour = (np.degrees(np.arctan2(y, x)) / 15.0 + 6.0) % 24.0
    step = lat[1] - lat[0], hour[1] - hour[0]
    row = np.rint((wanted_lat - lat[0]) / step[0]).astype(int)
    # half a step beyond the last cell, the pole
    row = np.where(wanted_lat > lat[-1], lat.size - 1, row)
    column = np.rint((wanted_hour - hour[0]) / step[1]).astype(int) % hour.size
    inside = (row >= 0) & (wanted_lat >= LOWEST)
    return np.where(inside, row * hour.size + column, lat.size * hour.size)


def pixel_centres() -> np.ndarray:
    """Return the centres of the pixels along an axis. [deg]."""
    reach = 90.0 - LOWEST
    return (np.arange(PIXELS) + 0.5) / PIXELS * 2.0 * reach - reach


@functools.lru_cache(maxsize=1)
def coasts() -> tuple[np.ndarray, np.ndarray]:
    """Return geographic latitude and longitude of the coastlines. [deg]."""
    with np.load(_COASTS) as data:
        return data["glat"].astype(float), data["glon"].astype(float)


@functools.lru_cache(maxsize=2)
def _magnetic_coasts(year: int) -> tuple[np.ndarray, np.ndarray]:
    """Magnetic coordinates of the coastlines in the middle of a year."""
    return apex.magnetic(*coasts(), np.datetime64(f"{year}-07-01"))


def coastlines(time: np.datetime64) -> dict[str, np.ndarray]:
    """Return the coastlines as they stand under the Sun at a time."""
    year = time.astype("datetime64[Y]").astype(int) + 1970
    mlat, mlon = _magnetic_coasts(min(int(year), 2029))
    return _columns(*place(mlat, apex.local_time(mlon, time)))


def sunset(time: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
    """Return geographic places where the Sun is on the horizon.

    The verticals at right angles to the Sun make a great circle; refraction
    and the height of the aurora, which sees farther, are left out as in its
    zenith angle.
    """
    sun = apex.sunward(time)
    side = np.cross(sun, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side)
    around = np.linspace(0.0, 2.0 * np.pi, 361)[:, None]
    upward = np.cos(around) * side + np.sin(around) * np.cross(side, sun)
    glat = np.degrees(np.arcsin(upward[:, 2].clip(-1.0, 1.0)))
    return glat, np.degrees(np.arctan2(upward[:, 1], upward[:, 0]))


def terminator(time: np.datetime64) -> dict[str, np.ndarray]:
    """Return where the zenith angle of the Sun is 90 deg."""
    mlat, mlon = apex.magnetic(*sunset(time), time)
    return _columns(*place(mlat, apex.local_time(mlon, time)))


def footpoint(position: xr.DataArray) -> dict[str, np.ndarray]:
    """Return where the dipole line through a place meets the aurora.

    From south of the magnetic equator no foot is drawn: the line to it leads
    far out first.
    """
    mlat, hour = dipole_foot(position)
    z = frames.rotate(position, to="SM").sel(component="z").values
    return _columns(*place(np.where(z > 0.0, mlat, np.nan)[None], hour[None]))


def frame() -> dict[str, np.ndarray]:
    """Return circles of latitude and the lines of 00, 06, 12 and 18 MLT."""
    hours = np.append(np.linspace(0.0, 24.0, 181), np.nan)
    rings = [place(np.full(182, lat), hours) for lat in (*CIRCLES, LOWEST)]
    lines = [
        place([LOWEST, 89.0, np.nan], [h, h, 0.0]) for h in range(0, 24, 3)
    ]
    x, y = np.concatenate(
        [np.stack(part) for part in (*rings, *lines)], axis=1
    )
    return _columns(x, y)


def spokes(
    mlt: np.ndarray, mlat: np.ndarray, error: np.ndarray
) -> dict[str, np.ndarray]:
    """Return lines from less to more by an error, parted by NaN."""
    ends = np.stack([mlat - error, np.minimum(mlat + error, 90.0)], axis=-1)
    ends = np.pad(ends, ((0, 0), (0, 1)), constant_values=np.nan)
    return _columns(*place(ends.ravel(), np.repeat(mlt, 3)))


def _columns(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    return {"x": x, "y": y}
