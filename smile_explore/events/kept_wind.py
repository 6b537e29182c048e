"""The solar wind of an event of one's own: minute by minute, in a file.

It stands beside the catalog, so that the event opens anywhere and without a
network as it was made.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.constants import KELVIN_PER_EV
from smile_explore.data import atomic, solar_wind_arrays

__all__ = ["BRIDGE", "by_minute", "write"]

#: Gaps of so long are bridged by straight lines unless said otherwise: an
#: assumption. The magnetopause follows the wind within minutes. [min]
BRIDGE: Final = 10.0
_MINUTE: Final = np.timedelta64(1, "m")
_COLUMNS: Final = ("bx", "by", "bz", "vx", "vy", "vz", "n", "T")
#: What is told of where a wind comes from.
_ORIGIN: Final = ("source", "url", "file", "sha256", "retrieved", "note")


def by_minute(
    solar_wind: xr.Dataset,
    start: np.datetime64,
    stop: np.datetime64,
    *,
    bridge: float = BRIDGE,
) -> xr.Dataset:
    """Return a solar wind at every minute between two times.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time`, in GSM, of any cadence; NaN where it is not known.
    start, stop : numpy.datetime64
        Both are minutes of the result.
    bridge : float
        Between samples so far from each other values lie on a straight line;
        in longer gaps they are NaN. [min]

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        With `bridged` along time: whether any value lies between samples
        that are a minute or more from it. The dynamic pressure is that of
        the protons.
    """
    minutes = np.arange(start, stop + _MINUTE, _MINUTE)
    minutes = minutes.astype("datetime64[ns]")
    order = ("time", ...)
    columns = np.column_stack(
        [
            solar_wind["magnetic_field"].transpose(*order).values,
            solar_wind["velocity"].transpose(*order).values,
            solar_wind["density"].values,
            solar_wind["temperature"].values * KELVIN_PER_EV,
        ]
    )
    lines = [
        _line(solar_wind["time"].values, column, minutes, bridge)
        for column in columns.T
    ]
    values = np.column_stack([line for line, _ in lines])
    bridged = np.any([far for _, far in lines], axis=0)
    kept = solar_wind_arrays.solar_wind(
        minutes,
        magnetic_field=values[:, :3],
        velocity=values[:, 3:6],
        density=values[:, 6],
        temperature=values[:, 7],
        about=dict(solar_wind.attrs),
    )
    return kept.assign(bridged=("time", bridged))


def write(solar_wind: xr.Dataset, folder: Path, name: str) -> Path:
    """Write what `by_minute` returned as CSV that says where it comes from.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
    folder : pathlib.Path
        Is made if need be.
    name : str
        The file is called after it and its content, so that another wind
        never takes the place of one that is in use.

    Returns
    -------
    path : pathlib.Path
        As `data.solar_wind.open_file` reads it.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    values = np.column_stack(
        [
            solar_wind["magnetic_field"].values,
            solar_wind["velocity"].values,
            solar_wind["density"].values,
            solar_wind["temperature"].values * KELVIN_PER_EV,
        ]
    )
    table = pd.DataFrame(values, columns=list(_COLUMNS))
    table.insert(
        0, "time", np.datetime_as_string(solar_wind.time.values, unit="s")
    )
    table["bridged"] = solar_wind["bridged"].values.astype(int)
    text = "\n".join(_head(solar_wind)) + "\n" + table.to_csv(index=False)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    path = folder / f"{name}_solar_wind_{digest}.csv"
    atomic.write_text(path, text)
    return path


def _line(
    times: np.ndarray, values: np.ndarray, minutes: np.ndarray, bridge: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return values at minutes, and which of them are far from a sample."""
    good = np.isfinite(values)
    if not good.any():
        return np.full(minutes.size, np.nan), np.zeros(minutes.size, bool)
    at, to = (one.astype("int64") / 6e10 for one in (times[good], minutes))
    right = np.searchsorted(at, to)
    left = np.clip(np.searchsorted(at, to, side="right") - 1, 0, None)
    before, after = at[left], at[np.clip(right, 0, at.size - 1)]
    # Beyond the ends the nearest sample stands for a minute.
    near = np.minimum(abs(to - before), abs(to - after)) < 1.0
    inside = (before <= to) & (to <= after)
    known = (inside & (after - before <= bridge)) | near
    line = np.interp(to, at, values[good])
    return np.where(known, line, np.nan), known & ~near


def _head(solar_wind: xr.Dataset) -> list[str]:
    """Return lines that `open_csv` takes for notes, the first for more."""
    about = solar_wind.attrs
    measured = "true" if about.get("measured") else "false"
    lines = [f"measured: {measured}"]
    lines += [
        f"{name}: {' '.join(str(about[name]).split())}"
        for name in _ORIGIN
        if about.get(name)
    ]
    lines.append("bridged: 1 where a short gap was bridged by a straight line")
    return [f"# {line}" for line in lines]
