"""A solar wind of the arrays that a file of whatever kind holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import KELVIN_PER_EV
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import COMPONENTS, SOLAR_WIND

__all__ = ["solar_wind"]

_VECTOR = ("time", "component")


def solar_wind(
    time: np.ndarray,
    *,
    density: np.ndarray,
    velocity: np.ndarray,
    temperature: np.ndarray,
    magnetic_field: np.ndarray,
    frame: tuple[str, str] = ("GSM", "GSM"),
    about: dict[str, Any],
) -> xr.Dataset:
    """Make a solar wind of arrays, rotated to GSM.

    Parameters
    ----------
    time : numpy.ndarray of datetime64
    density : numpy.ndarray
        [cm-3]
    velocity : numpy.ndarray
        Shape (time, 3). [km s-1]
    temperature : numpy.ndarray
        [K]
    magnetic_field : numpy.ndarray
        Shape (time, 3). [nT]
    frame : tuple of str
        Of velocity and field.
    about : dict
        Attributes.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        The dynamic pressure is that of the protons alone.
    """
    coords = {"time": time, "component": list(COMPONENTS)}
    flow, field = (
        frames.rotate(
            xr.DataArray(values, coords, _VECTOR, attrs={"frame": of}),
            to="GSM",
        )
        for values, of in zip((velocity, magnetic_field), frame, strict=True)
    )
    pressure = wind.dynamic_pressure(density, np.linalg.norm(velocity, axis=1))
    return SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": ("time", density),
                "velocity": flow,
                "temperature": ("time", temperature / KELVIN_PER_EV),
                "magnetic_field": field,
                "dynamic_pressure": ("time", pressure),
            },
            coords,
            about,
        )
    )
