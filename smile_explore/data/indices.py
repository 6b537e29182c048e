"""Kp, SYM-H, AE, AL and F10.7, through the ladder of sources."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import tables
from smile_explore.data.sources import ladder, reading
from smile_explore.data.sources.process import Progress
from smile_explore.data.sources.products import PRODUCTS
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.schema import INDICES

__all__ = ["load", "open_file"]

_MINUTE, _HOURLY = "OMNI 1 min", "OMNI hourly"
#: How the columns of listings and tables begin.
_COLUMNS = {
    "kp": ("kp",),
    "sym_h": ("sym/h", "sym_h", "dst_sm"),
    "ae": ("ae-index", "ae_index"),
    "al": ("al-index", "al"),
    "f10_7": ("f10",),
}
#: The longest that an hourly value stands for.
_HOUR = "3599s"


def load(
    start: str | np.datetime64,
    stop: str | np.datetime64,
    *,
    source: str | PathLike[str] | None = None,
    download: bool = True,
    refresh: bool = False,
    progress: Progress | None = None,
    deadline: float = ladder.DEADLINE,
) -> xr.Dataset:
    """Load indices of activity between two times.

    Parameters
    ----------
    start, stop : str or numpy.datetime64
        First and last time wanted. [UTC]
    source : str or path-like, optional
        A file as `open_file` reads it; by default OMNI.
    download : bool
        Whether the network may be asked for days that are not on this
        computer.
    refresh : bool
        Whether they are fetched again where they are.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.
    deadline : float
        When a fetch is given up. [s]

    Returns
    -------
    indices : xarray.Dataset (INDICES)
        Every minute, or every hour where only hourly values are to be had.
        The ``source`` of each variable says where it comes from, or why it is
        not known.

    Raises
    ------
    ValueError
        If `start` is not before `stop`, or a file is not as it should be.
    DataUnavailable
        A ValueError that says why there is nothing.

    Notes
    -----
    Kp is GFZ's (Matzka et al. 2021, CC BY 4.0), SYM-H, AE and AL are of the
    World Data Center for Geomagnetism, Kyoto, both by way of OMNI. OMNI does
    not say whether its F10.7 is as observed or adjusted to 1 AU.
    """
    first, last = ladder.interval(start, stop)
    if source is not None:
        return _cut(open_file(source), first, last)
    found = ladder.days(
        [_MINUTE, _HOURLY],
        # A value begins before the times that it stands for.
        first.floor("h"),
        last,
        download=download,
        refresh=refresh,
        progress=progress,
        deadline=deadline,
    )
    return _cut(_merged(found), first, last)


def open_file(path: str | PathLike[str]) -> xr.Dataset:
    """Read indices from a file.

    Parameters
    ----------
    path : str or path-like
        A listing of OMNIWeb (``.lst`` with its ``.fmt``), a CDF of OMNI,
        Kp and F10.7 by day of GFZ or CelesTrak, or a table of SYM-H and AL
        with a header such as ``year mo dy hr mn sc msc dst_sm AL``.

    Returns
    -------
    indices : xarray.Dataset (INDICES)
        What the file does not have is NaN.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it has none of the indices, or its times do not increase.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file of indices at {path}")
    about = {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "measured": True,
    }
    if path.suffix == ".cdf":
        data = reading.read(path, PRODUCTS[_MINUTE])
        values = {name: data[name].values for name in _COLUMNS if name in data}
        return _stamped(
            data["time"].values,
            values,
            dict.fromkeys(values, path.name),
            about,
        )
    table = _table(path)
    values = {
        name: table[column].to_numpy()
        for name, starts in _COLUMNS.items()
        if (column := _column(table, starts))
    }
    if not values:
        raise ValueError(
            f"{path.name} has none of {', '.join(_COLUMNS)}; it has "
            f"{'; '.join(table.columns)}"
        )
    return _stamped(
        table.index.values, values, dict.fromkeys(values, path.name), about
    )


def _table(path: Path) -> pd.DataFrame:
    if path.suffix == ".lst":
        return tables.listing(path).columns
    try:
        return tables.days_of_kp(path).columns
    except ValueError as refusal:
        try:
            return tables.swmf(path).columns
        except ValueError:
            raise refusal from None


def _column(table: pd.DataFrame, starts: tuple[str, ...]) -> str:
    fitting = (c for c in table.columns if c.lower().startswith(starts))
    return next(fitting, "")


def _merged(found: Mapping[str, xr.Dataset | DataUnavailable]) -> xr.Dataset:
    """Put hourly values on the minutes that they stand for."""
    here = {
        name: data
        for name, data in found.items()
        if isinstance(data, xr.Dataset)
    }
    if not here:
        raise DataUnavailable(
            "indices", "; ".join(str(error) for error in found.values())
        )
    time = next(iter(here.values()))["time"]
    values: dict[str, np.ndarray] = {}
    sources: dict[str, str] = {}
    for product, data in found.items():
        names = ("kp", "f10_7") if product == _HOURLY else _COLUMNS
        for name in names:
            if isinstance(data, DataUnavailable):
                sources.setdefault(name, f"not known: {data}")
            elif name in data:
                held = data[name].reindex(
                    time=time, method="ffill", tolerance=_HOUR
                )
                values[name] = held.values
                sources[name] = f"{data.attrs['source']} ({product})"
    attrs = dict(next(iter(here.values())).attrs)
    for key in ("file", "sha256", "url", "retrieved"):
        attrs[key] = ", ".join(
            str(one.attrs.get(key)) for one in here.values()
        )
    return _stamped(time.values, values, sources, attrs)


def _stamped(
    time: np.ndarray,
    values: Mapping[str, np.ndarray],
    sources: str | Mapping[str, str],
    about: Mapping[str, Any],
) -> xr.Dataset:
    nothing = np.full(time.size, np.nan)
    if isinstance(sources, str):
        sources = dict.fromkeys(values, sources)
    data = INDICES.stamp(
        xr.Dataset(
            {name: ("time", values.get(name, nothing)) for name in _COLUMNS},
            {"time": time},
            dict(about),
        )
    )
    for name in _COLUMNS:
        data[name].attrs["source"] = sources.get(name, "not known")
    return data


def _cut(
    data: xr.Dataset, start: pd.Timestamp, stop: pd.Timestamp
) -> xr.Dataset:
    """Return an interval, with the value that stands at its start."""
    time = data.indexes["time"]
    if stop < time[0] or start > time[-1] + pd.Timedelta(1, "D"):
        raise ValueError(
            f"{data.attrs['file']} covers {time[0]} to {time[-1]}, asked for "
            f"{start} to {stop}"
        )
    before = max(int(time.searchsorted(start, side="right")) - 1, 0)
    return data.isel(time=slice(before, None)).sel(time=slice(None, stop))
