"""Where a spacecraft's field line comes down."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments._vectors import length
from smile_explore.instruments.surroundings import NOMINAL, regions
from smile_explore.physics import apex
from smile_explore.physics.field_lines import trace
from smile_explore.schema import FOOTPOINTS, TRAJECTORY

__all__ = ["dipole_foot", "dipole_line", "equatorial", "footpoints"]

# Height of the aurora from the centre. [R_E]
_AURORA = 1.0 + apex.HEIGHT / EARTH_RADIUS
# Where a traced line is handed to the dipole. [R_E]
_INNER_RADIUS: Final = 3.0


def footpoints(
    trajectory: xr.Dataset,
    *,
    solar_wind: xr.Dataset = NOMINAL,
    cube: xr.Dataset | None = None,
) -> xr.Dataset:
    """Where the field line through a spacecraft meets the northern aurora.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        Along `time` or at one, in GSM or GSE, from 2000 to 2030.
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Without a cube it tells whether the spacecraft is inside the
        magnetopause.
    cube : xarray.Dataset (CUBE), optional
        Of one time: its field, analytic or simulated, is followed down to
        3 R_E. Without one the line is a dipole's throughout.

    Returns
    -------
    footpoints : xarray.Dataset (FOOTPOINTS)
        At 110 km. `connected`: traced down to Earth, or without a cube
        inside the magnetopause. A dipole has a foot for every place, also in
        the solar wind where it means nothing; a cube has none there (NaN).

    Raises
    ------
    ValueError
        As `regions` and `field_lines.trace` do.

    Notes
    -----
    A dipole is a fair guess within about 6 R_E; farther out the true field
    is stretched or compressed, and the foot is wrong by degrees. Its
    latitude and local time are taken for modified apex coordinates, which
    brings the bends of the true field near Earth into the geographic place.
    """
    TRAJECTORY.check(trajectory)
    position = trajectory["position"]
    if cube is None:
        around = regions(trajectory, solar_wind=solar_wind)
        connected = around["region"] == "magnetosphere"
        field = "dipole"
    else:
        position = _traced(frames.rotate(position, to="GSM"), cube)
        connected = length(position) > 0.0  # not where it is NaN
        field = str(cube.attrs.get("source", "cube")) + ", dipole below 3 R_E"
    mlat, mlt = dipole_foot(position)
    glat, glon = _geographic(mlat, mlt, position["time"])
    coords = {"time": position["time"]}
    dims = position["time"].dims
    found = xr.Dataset(
        {
            name: (dims, values)
            for name, values in {
                "mlat": mlat,
                "mlt": mlt,
                "glat": glat,
                "glon": glon,
                "connected": connected.values,
            }.items()
        },
        coords,
        {"field": field},
    )
    return FOOTPOINTS.stamp(found)


def _traced(position: xr.DataArray, cube: xr.Dataset) -> xr.DataArray:
    """Follow the field to the north, as far as 3 R_E; NaN where it does not.

    Earth's field points north outside of it: its own direction leads there.
    """
    position = position.transpose(..., "component")
    places = position.values.reshape(-1, 3)
    known = np.isfinite(places).all(-1)
    far = known & ((places**2).sum(-1) > _INNER_RADIUS**2)
    lines = trace(
        cube, places[far], direction="forward", inner_radius=_INNER_RADIUS
    )
    ends = lines["position"].values
    count = np.isfinite(ends[..., 0]).sum(-1)
    last = ends[np.arange(len(ends)), np.maximum(count, 1) - 1]
    down = (lines["end"].values == "inner sphere")[:, None]
    feet = places.copy()
    feet[far] = np.where(down, last, np.nan)
    return position.copy(data=feet.reshape(position.shape)).assign_attrs(
        frame="GSM"
    )


def dipole_foot(position: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Where the dipole line through a place meets the northern aurora.

    Parameters
    ----------
    position : xarray.DataArray
        (..., component), with `time` and the attribute `frame`. [R_E]

    Returns
    -------
    mlat, mlt : numpy.ndarray
        Magnetic latitude [deg] and local time [h] at 110 km.
    """
    local = frames.rotate(position, to="SM").transpose(..., "component")
    x, y, z = np.moveaxis(local.values, -1, 0)
    square = x * x + y * y + z * z
    # cos^2 of the latitude grows with the distance along a line
    share = (x * x + y * y) / square * _AURORA / np.sqrt(square)
    mlat = np.degrees(np.arccos(np.sqrt(np.minimum(share, 1.0))))
    return mlat, (12.0 + np.degrees(np.arctan2(y, x)) / 15.0) % 24.0


def dipole_line(position: xr.DataArray, *, points: int = 41) -> xr.DataArray:
    """Follow the dipole line from a place down to the northern aurora.

    Along a line the distance is L cos^2 of the magnetic latitude.

    Parameters
    ----------
    position : xarray.DataArray
        (component,), at one `time`, with the attribute `frame`. [R_E]
    points : int

    Returns
    -------
    line : xarray.DataArray
        (point, component) in the same frame; NaN from south of the magnetic
        equator, whence a line leads far out before it comes down. [R_E]
    """
    place = frames.rotate(position, to="SM").values
    radius, across = np.linalg.norm(place), np.hypot(*place[:2])
    latitude = np.arctan2(place[2], across)
    if latitude < 0.0 or across == 0.0:
        line = np.full((points, 3), np.nan)
    else:
        shell = radius / np.cos(latitude) ** 2
        foot = np.arccos(np.sqrt(min(_AURORA / shell, 1.0)))
        along = np.linspace(latitude, foot, points)
        distance = shell * np.cos(along) ** 2
        flat = distance * np.cos(along) / across
        line = np.stack(
            [
                place[0] * flat,
                place[1] * flat,
                distance * np.sin(along),
            ],
            axis=-1,
        )
    local = xr.DataArray(
        line,
        dims=("point", "component"),
        coords={
            "component": ["x", "y", "z"],
            "time": position["time"].values,
        },
        attrs={"frame": "SM", "units": "R_E"},
    )
    return frames.rotate(local, to=position.attrs["frame"])


def equatorial(
    mlat: ArrayLike, mlt: ArrayLike, time: np.datetime64
) -> xr.DataArray:
    """Map places of the aurora along the dipole to the magnetic equator.

    Parameters
    ----------
    mlat, mlt : array_like
        (place,): magnetic latitude [deg] and local time [h] at 110 km.
    time : numpy.datetime64

    Returns
    -------
    position : xarray.DataArray
        (place, component) in GSM: a guide, for the true field beyond some
        6 R_E is compressed by day and stretched by night. [R_E]
    """
    latitude, hour = np.radians(mlat), np.asarray(mlt, float)
    shell = _AURORA / np.cos(latitude) ** 2
    angle = np.radians(15.0 * (hour - 12.0))
    flat = np.stack(
        [shell * np.cos(angle), shell * np.sin(angle), 0.0 * shell], axis=-1
    )
    local = xr.DataArray(
        flat,
        dims=("place", "component"),
        coords={"component": ["x", "y", "z"], "time": time},
        attrs={"frame": "SM", "units": "R_E"},
    )
    return frames.rotate(local, to="GSM")


def _geographic(
    mlat: np.ndarray, mlt: np.ndarray, time: xr.DataArray
) -> tuple[np.ndarray, np.ndarray]:
    """Geographic places; the epoch of the field changes with the month."""
    moments = np.atleast_1d(time.values)
    sun = frames.matrices(moments, of="GSM", to="MAG")[:, :, 0]
    noon = np.degrees(np.arctan2(sun[:, 1], sun[:, 0]))
    mlon = noon + 15.0 * (np.atleast_1d(mlt) - 12.0)
    mlon = (mlon + 180.0) % 360.0 - 180.0
    months = moments.astype("datetime64[M]")
    place = np.full((2, moments.size), np.nan)
    known = np.isfinite(np.atleast_1d(mlat))
    for month in np.unique(months[known]):
        part = known & (months == month)
        place[:, part] = apex.geographic(
            np.atleast_1d(mlat)[part], mlon[part], month
        )
    return place[0].reshape(time.shape), place[1].reshape(time.shape)
