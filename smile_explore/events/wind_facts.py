"""What a solar wind says of itself: extremes, shocks, and gaps."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.schema import SOLAR_WIND

__all__ = ["extremes", "gaps", "known", "shocks"]

#: Means are taken over so long before and after a shock. [min]
WINDOW: Final = 5
#: A shock raises the dynamic pressure at least so many times (our choice),
PRESSURE_RATIO: Final = 1.5
#: the speed by so much [km s-1], and the field so many times, as in the
#: Heliospheric Shock Database, Kilpua et al. (2015),
#: https://doi.org/10.1002/2015JA021138.
SPEED_STEP: Final = 20.0
FIELD_RATIO: Final = 1.2
#: Two shocks are at least so far from each other. [min]
APART: Final = 60
_MINUTE: Final = np.timedelta64(1, "m")


def known(solar_wind: xr.Dataset) -> np.ndarray:
    """Tell at which times all of a solar wind is known.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time`.

    Returns
    -------
    known : numpy.ndarray of bool
    """
    whole = np.ones(solar_wind.sizes["time"], dtype=bool)
    for name in SOLAR_WIND.variables:
        values = np.isfinite(solar_wind[name].transpose("time", ...).values)
        whole &= values.reshape(whole.size, -1).all(axis=1)
    return whole


def extremes(solar_wind: xr.Dataset) -> dict[str, tuple[float, np.datetime64]]:
    """Return the extremes of a solar wind, and when they were.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time`, in GSM.

    Returns
    -------
    extremes : dict
        ``max_pressure`` [nPa], ``min_bz`` [nT] and ``max_speed`` [km s-1];
        without those that are known at no time.
    """
    time = solar_wind["time"].values
    series = {
        "max_pressure": (solar_wind["dynamic_pressure"].values, 1.0),
        "min_bz": (
            solar_wind["magnetic_field"].sel(component="z").values,
            -1.0,
        ),
        "max_speed": (_length(solar_wind["velocity"]), 1.0),
    }
    found = {}
    for name, (values, sign) in series.items():
        if np.isfinite(values).any():
            at = int(np.nanargmax(sign * values))
            found[name] = float(values[at]), time[at]
    return found


def shocks(solar_wind: xr.Dataset) -> list[np.datetime64]:
    """Find when shocks arrived.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time`, in GSM.

    Returns
    -------
    shocks : list of numpy.datetime64
        The first minutes behind them.

    Notes
    -----
    Between the means over five minutes before and after, the dynamic pressure
    rises by more than half, the speed by 20 km/s or more and the field by a
    fifth or more. Of the minutes that fit, the one where the pressure rises
    most is taken. It is a simple criterion, not an analysis: it takes steep
    fronts of other kinds for shocks, and leaves weak shocks out.
    """
    velocity, field = solar_wind["velocity"], solar_wind["magnetic_field"]
    table = pd.DataFrame(
        {
            "pressure": solar_wind["dynamic_pressure"].values,
            "speed": _length(velocity),
            "field": _length(field),
        },
        index=solar_wind.indexes["time"],
    )
    table = table.resample("1min").mean()
    enough = WINDOW // 2 + 1
    before = table.rolling(WINDOW, min_periods=enough).mean().shift(1)
    after = table[::-1].rolling(WINDOW, min_periods=enough).mean()[::-1]
    rise = after / before
    fits = (
        (rise["pressure"] > PRESSURE_RATIO)
        & (after["speed"] - before["speed"] >= SPEED_STEP)
        & (rise["field"] >= FIELD_RATIO)
    )
    found: list[np.datetime64] = []
    strongest = rise["pressure"][fits].sort_values(ascending=False)
    for time in strongest.index.values:
        if all(abs(time - one) >= APART * _MINUTE for one in found):
            found.append(time)
    return sorted(found)


def gaps(
    solar_wind: xr.Dataset,
) -> list[tuple[np.datetime64, np.datetime64]]:
    """Return the first and last time of each gap.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time`; a gap is where a part of it is NaN.
    """
    times = solar_wind["time"].values
    lacking = np.concatenate([[False], ~known(solar_wind), [False]])
    turns = np.flatnonzero(np.diff(lacking.astype(int)))
    return [
        (times[first], times[end - 1])
        for first, end in turns.reshape(-1, 2).tolist()
    ]


def _length(vector: xr.DataArray) -> np.ndarray:
    return np.linalg.norm(vector.transpose("time", ...).values, axis=1)
