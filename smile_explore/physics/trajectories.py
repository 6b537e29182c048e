"""Trajectories from places in inertial axes, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.schema import COMPONENTS, TRAJECTORY

__all__ = ["from_inertial", "time_series", "to_inertial"]


def time_series(times: ArrayLike) -> np.ndarray:
    """Return one time or a series, none of it missing.

    Parameters
    ----------
    times : datetime64, array_like or xarray.DataArray

    Returns
    -------
    times : numpy.ndarray of datetime64[ns]

    Raises
    ------
    ValueError
        If a time is missing (NaT) or the times are not in one dimension.
    """
    time = np.asarray(times, dtype="datetime64[ns]")
    if time.ndim > 1 or np.isnat(time).any():
        raise ValueError(
            "times must be one time or a series without gaps (NaT), got the "
            f"shape {time.shape} with {int(np.isnat(time).sum())} missing"
        )
    return time


def from_inertial(
    time: np.ndarray,
    position: np.ndarray,
    velocity: np.ndarray,
    **told: Any,
) -> xr.Dataset:
    """Turn places in GEI into a trajectory.

    Parameters
    ----------
    time : numpy.ndarray of datetime64[ns]
        One time or a series, UTC.
    position, velocity : numpy.ndarray (..., 3)
        In GEI. [km], [km s-1]
    **told
        Attributes of the trajectory, such as its source.

    Returns
    -------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM. The velocity is the inertial one, written in GSM axes.
    """
    dims = ("time", "component") if time.ndim else ("component",)
    coords = {
        "time": ("time", time) if time.ndim else time,
        "component": list(COMPONENTS),
    }
    gei = xr.DataArray(
        np.stack([position / EARTH_RADIUS, velocity]),
        coords,
        ("vector", *dims),
        attrs={"frame": "GEI"},
    )
    gsm = frames.rotate(gei, to="GSM")
    turned = {"position": gsm[0], "velocity": gsm[1]}
    return TRAJECTORY.stamp(xr.Dataset(turned, attrs=told))


def to_inertial(
    trajectory: xr.Dataset,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of a trajectory in GEI.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)

    Returns
    -------
    time : numpy.ndarray of datetime64[ns]
    position, velocity : numpy.ndarray (..., 3)
        In GEI. [km], [km s-1]

    Raises
    ------
    ValueError
        If it is no trajectory, or has no time or frame.
    """
    TRAJECTORY.check(trajectory)
    turned = [
        frames.rotate(trajectory[name], to="GEI")
        .transpose(..., "component")
        .values
        for name in ("position", "velocity")
    ]
    time = trajectory["time"].values.astype("datetime64[ns]")
    return time, turned[0] * EARTH_RADIUS, turned[1]
