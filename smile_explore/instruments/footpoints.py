"""Where a spacecraft's field line comes down."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments._vectors import length
from smile_explore.instruments.surroundings import NOMINAL, regions
from smile_explore.physics import apex
from smile_explore.physics.field_lines import trace
from smile_explore.schema import FOOTPOINTS, TRAJECTORY

__all__ = ["footpoints"]

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
    mlat, mlt = _dipole_foot(position)
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


def _dipole_foot(position: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Magnetic latitude [deg] and local time [h] of the northern foot."""
    local = frames.rotate(position, to="SM").transpose(..., "component")
    x, y, z = np.moveaxis(local.values, -1, 0)
    square = x * x + y * y + z * z
    # cos^2 of the latitude grows with the distance along a line
    share = (x * x + y * y) / square * _AURORA / np.sqrt(square)
    mlat = np.degrees(np.arccos(np.sqrt(np.minimum(share, 1.0))))
    return mlat, (12.0 + np.degrees(np.arctan2(y, x)) / 15.0) % 24.0


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
