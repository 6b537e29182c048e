"""From where the solar wind is measured to where it meets Earth."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics._labels import label, number, where
from smile_explore.physics.boundaries import jelinek_bow_shock
from smile_explore.schema import SOLAR_WIND

__all__ = ["arrive", "flat_delay"]


def flat_delay(x: Any, velocity_x: Any, *, target: Any) -> Any:
    """Time that the solar wind takes along the Sun-Earth line.

    Parameters
    ----------
    x : array_like
        Where it is measured, GSM or GSE. [R_E]
    velocity_x : array_like
        [km s-1]
    target : array_like
        Where it is wanted. [R_E]

    Returns
    -------
    lag : array_like
        (target - x) / velocity_x; NaN where the wind does not blow from the
        Sun. [min]

    Notes
    -----
    "Flat" since the fronts are taken as planes across the line: a tilted
    front meets Earth earlier or later, at 40 R_E beside the line by ten
    minutes and more. OMNI finds the tilt from the field's variance.
    """
    flow = number(velocity_x)
    away = (number(target) - number(x)) * EARTH_RADIUS
    lag = away / where(flow < 0.0, flow) / 60.0
    return label(lag, "lag", "min", "travel time of the solar wind")


def arrive(solar_wind: xr.Dataset, x: xr.DataArray) -> xr.Dataset:
    """Date a solar wind when it reaches the nose of the bow shock.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time`, where it was measured.
    x : xarray.DataArray
        GSM or GSE X of that place, along the same `time`. [R_E]

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        With `lag` [min], by which each time was moved, and the attributes
        ``lag`` and ``overtaken``: slow wind that faster wind behind it would
        overtake is left out. A gap moves like the wind around it.

    Raises
    ------
    ValueError
        If the speed is nowhere known.

    References
    ----------
    .. [1] Jelinek et al. (2012), https://doi.org/10.1029/2011JA017252, for
       the nose.
    """
    SOLAR_WIND.check(solar_wind)
    nose = jelinek_bow_shock(0.0, solar_wind["dynamic_pressure"].values)
    flow = solar_wind["velocity"].sel(component="x").values
    lag = flat_delay(x.values, flow, target=nose)
    known = np.isfinite(lag)
    if not known.any():
        raise ValueError("the wind's speed, density or place is not known")
    time = solar_wind["time"].values
    seconds = (time - time[0]) / np.timedelta64(1, "s")
    steady = np.interp(seconds, seconds[known], lag[known])
    arrival = time + np.round(steady * 60e9).astype("timedelta64[ns]")
    # What arrives after something measured later has been overtaken by it.
    later = np.append(
        np.minimum.accumulate(arrival[::-1])[::-1][1:],
        np.datetime64("2200-01-01", "ns"),
    )
    in_order = arrival < later
    moved = solar_wind.assign_coords(time=arrival)
    moved["lag"] = label(
        xr.DataArray(lag, dims="time"), "lag", "min", "lag to the bow shock"
    )
    moved.attrs |= {
        "lag": "flat delay x/V to the bow shock nose of Jelinek et al. (2012)"
        f", median {np.nanmedian(lag):.1f} min",
        "overtaken": int((~in_order).sum()),
    }
    return SOLAR_WIND.stamp(moved.isel(time=in_order))
