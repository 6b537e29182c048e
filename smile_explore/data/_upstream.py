"""The solar wind of a spacecraft at L1, dated when it reaches Earth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data.sources import ladder
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.physics import propagation
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import SOLAR_WIND

__all__ = ["solar_wind"]

#: From L1 the slowest wind (250 km/s) takes 105 min.
_BEFORE = pd.Timedelta(2, "h")
#: A vector of the field stands for the plasma within so long.
_NEAR = "60s"


def solar_wind(
    mission: str, start: pd.Timestamp, stop: pd.Timestamp, **fetch: Any
) -> xr.Dataset:
    """Return the solar wind that ACE or Wind measured, at the bow shock nose.

    Parameters
    ----------
    mission : str
    start, stop : pandas.Timestamp
        At the nose. [UTC]
    **fetch
        Options of `ladder.days`.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        At the times of the plasma, with the nearest vector of the field.

    Raises
    ------
    DataUnavailable
    """
    names = [f"{mission} {what}" for what in ("moments", "field", "position")]
    plasma, field, place = ladder.require(
        names, start - _BEFORE, stop, **fetch
    )
    data = plasma[["density", "velocity", "temperature"]].copy()
    data["magnetic_field"] = field["magnetic_field"].reindex(
        time=plasma["time"], method="nearest", tolerance=_NEAR
    )
    speed = np.linalg.norm(data["velocity"], axis=-1)
    data["dynamic_pressure"] = wind.dynamic_pressure(data["density"], speed)
    x = place["position"].sel(component="x").interp(time=plasma["time"])
    data.attrs = dict(plasma.attrs) | {"field": field.attrs["file"]}
    try:
        arrived = propagation.arrive(SOLAR_WIND.stamp(data), x)
    except ValueError as error:
        raise DataUnavailable(mission, str(error)) from error
    arrived = arrived.sel(time=slice(start, stop))
    if not arrived.sizes["time"]:
        raise DataUnavailable(mission, f"nothing arrives {start} to {stop}")
    return arrived
