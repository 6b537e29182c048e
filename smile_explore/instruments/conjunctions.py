"""Who stands where SMILE's field line comes down: stations and spacecraft."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments._runs import spans
from smile_explore.instruments.footpoints import footpoints as feet_of
from smile_explore.instruments.surroundings import NOMINAL
from smile_explore.physics import geodesy
from smile_explore.schema import FOOTPOINTS, PLACES

__all__ = ["CAMERA_REACH", "NIGHT", "conjunctions", "spacecraft", "stations"]

#: Aurora at 110 km stands 10 deg above the horizon at this distance. [km]
CAMERA_REACH: Final = 500.0
#: Zenith angle of the Sun from which auroral cameras see: nautical twilight
#: is over. [deg]
NIGHT: Final = 102.0
_FILE = Path(__file__).with_name("stations.csv")


def stations() -> xr.Dataset:
    """Return well-known cameras and radars of the auroral zone.

    Returns
    -------
    stations : xarray.Dataset (PLACES)
        Along `place`, its names. Cameras of THEMIS in North America and of
        the Nordic countries, EISCAT and AMISR, SuperDARN.

    Notes
    -----
    Coordinates to 0.1 deg, as the networks' own pages commonly give them;
    they were not checked one by one, nor whether a station runs today. A
    radar of SuperDARN sees from 200 to 3500 km ahead of itself, not around.
    """
    table = pd.read_csv(_FILE, index_col="place", encoding="utf-8")
    known = xr.Dataset.from_dataframe(table)
    known.attrs["source"] = "commonly known places, to 0.1 deg"
    return PLACES.stamp(known)


def spacecraft(
    others: Mapping[str, xr.Dataset],
    time: xr.DataArray,
    *,
    solar_wind: xr.Dataset = NOMINAL,
) -> xr.Dataset:
    """Return footpoints of other spacecraft as places.

    Parameters
    ----------
    others : mapping of str to xarray.Dataset (TRAJECTORY)
        By name, in GSM or GSE.
    time : xarray.DataArray
        At which places are wanted; between positions they are interpolated,
        beyond them not known.
    solar_wind : xarray.Dataset (SOLAR_WIND)

    Returns
    -------
    places : xarray.Dataset (PLACES)
        Along `place` and `time`.
    """
    feet = []
    for trajectory in others.values():
        known = trajectory.interp(time=time).dropna("time")
        # interpolation drops what a vector says of itself
        for name in ("position", "velocity"):
            known[name].attrs = dict(trajectory[name].attrs)
        found = feet_of(known, solar_wind=solar_wind)
        feet.append(found[["glat", "glon"]].reindex(time=time))
    names = xr.Variable("place", list(others))
    places = xr.concat(feet, names).assign(
        kind=("place", ["spacecraft"] * len(others))
    )
    return PLACES.stamp(places.transpose("time", "place", ...))


def conjunctions(
    footpoints: xr.Dataset,
    places: xr.Dataset,
    *,
    within_km: float = CAMERA_REACH,
    connected: bool = False,
) -> pd.DataFrame:
    """Tell when a footpoint passes stations or other spacecraft's feet.

    Parameters
    ----------
    footpoints : xarray.Dataset (FOOTPOINTS)
        Along `time`.
    places : xarray.Dataset (PLACES)
        Of `stations` or of `spacecraft`.
    within_km : float
        Farthest distance along the ground. [km]
    connected : bool
        Count only moments with SMILE on a line that comes down.

    Returns
    -------
    conjunctions : pandas.DataFrame
        In order of time: `place`, `kind`, `start`, `stop`, `closest` (when),
        `distance` then [km], zenith angle of the Sun at the place then [deg],
        `night` (the Sun 12 deg or more below the horizon) and `connected`.

    Raises
    ------
    ValueError
        If the distance is not positive, or the footpoints are no series.
    """
    FOOTPOINTS.check(footpoints)
    PLACES.check(places)
    if not within_km > 0.0:
        raise ValueError(f"within_km must be positive, got {within_km:g} km")
    if footpoints["glat"].dims != ("time",):
        raise ValueError(
            "conjunctions need footpoints along time, got the dimensions "
            f"{footpoints['glat'].dims}"
        )
    time = footpoints["time"].values
    here = geodesy.unit_vector(footpoints["glat"], footpoints["glon"])
    sunward = frames.matrices(time, of="GSM", to="GEO")[:, :, 0]
    counted = footpoints["connected"].values | (not connected)
    rows = []
    for n, name in enumerate(places["place"].values):
        place = places.isel(place=n)
        there = geodesy.unit_vector(place["glat"], place["glon"])
        there = np.broadcast_to(there, here.shape)
        distance = EARTH_RADIUS * _angle(here, there)
        for first, last in spans((distance <= within_km) & counted, time):
            at = first + int(np.argmin(distance[first : last + 1]))
            zenith = np.degrees(_angle(there[at], sunward[at]))
            rows.append(
                {
                    "place": str(name),
                    "kind": str(place["kind"].values),
                    "start": time[first],
                    "stop": time[last],
                    "closest": time[at],
                    "distance": distance[at],
                    "solar_zenith_angle": zenith,
                    "night": bool(zenith >= NIGHT),
                    "connected": bool(footpoints["connected"].values[at]),
                }
            )
    return pd.DataFrame(rows, columns=_COLUMNS).sort_values(
        ["start", "distance"], ignore_index=True
    )


_COLUMNS = [
    *("place", "kind", "start", "stop", "closest", "distance"),
    *("solar_zenith_angle", "night", "connected"),
]


def _angle(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Angle between unit vectors, exact for small ones too. [rad]."""
    return 2.0 * np.arcsin(
        np.minimum(np.linalg.norm(one - other, axis=-1) / 2.0, 1.0)
    )
