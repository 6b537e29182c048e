"""The solar wind of an interval, from the first source that has it.

Measurements that ship, measurements in the cache, the archives if they may be
asked, and last the labelled reconstructions: ``docs/data_sources.md``.
"""

from __future__ import annotations

from functools import partial
from os import PathLike
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import _upstream, samples
from smile_explore.data.solar_wind_files import open_csv, open_file
from smile_explore.data.sources import ladder
from smile_explore.data.sources.process import Progress
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.schema import SOLAR_WIND

__all__ = [
    "MEASURED",
    "MOST_MISSING",
    "fetch",
    "load",
    "measured",
    "open_csv",
    "open_file",
]

#: Sources of measured solar wind by name, in the order they are looked for.
MEASURED = ("OMNI", "ACE", "Wind")
#: **An assumption**: with more than this share of fill a measurement is not
#: taken of itself in place of another source; by its name it always is.
MOST_MISSING: Final = 0.5


def load(
    start: str | np.datetime64,
    stop: str | np.datetime64,
    *,
    source: str | PathLike[str] | None = None,
    download: bool | None = None,
) -> xr.Dataset:
    """Load the solar wind at Earth between two times.

    Parameters
    ----------
    start, stop : str or numpy.datetime64
        First and last time wanted. [UTC]
    source : str or path-like, optional
        One of `MEASURED`, the name of a sample, or the path of a file as
        `open_file` reads it. By default the first that has the interval:
        measured and on this computer, else the network's OMNI, else a
        reconstruction that ships.
    download : bool, optional
        Whether the network may be asked. By default only for an interval
        that nothing on this computer covers, so that an event that ships
        never waits for it; True asks before a reconstruction is taken.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        ``attrs["measured"]`` says whether it was measured; ``source``,
        ``file``, ``sha256`` and ``note``, or ``url`` and ``retrieved``, where
        it comes from; ``missing`` which part of it is fill.

    Raises
    ------
    ValueError
        If `start` is not before `stop`, or no source covers the interval.
    FileNotFoundError
        If `source` is neither a sample nor a file.
    """
    first, last = ladder.interval(start, stop)
    if source in MEASURED:
        return _measured(
            str(source), first, last, download=download is not False
        )
    if source is not None:
        return _between(open_file(samples.find(source)), first, last)
    refusals = []
    for attempt in _rungs(download):
        try:
            return attempt(first, last)
        except LookupError as refusal:
            refusals.append(str(refusal.args[0]))
    raise ValueError(
        f"no source has the solar wind of {_span(first, last)}: "
        f"{'; '.join(refusals)}; give a file as source"
    )


def fetch(
    start: str | np.datetime64,
    stop: str | np.datetime64,
    *,
    source: str = "OMNI",
    refresh: bool = False,
    progress: Progress | None = None,
    deadline: float = ladder.DEADLINE,
) -> xr.Dataset:
    """Fetch measured solar wind into the cache, for `load` to find it there.

    Parameters
    ----------
    start, stop : str or numpy.datetime64
        [UTC]
    source : str
        One of `MEASURED`.
    refresh : bool
        Whether days that are in the cache are fetched again, as those of the
        last weeks should be: OMNI is completed later.
    progress : callable, optional
        ``progress(done, total)`` several times a second; an exception raised
        in it cancels, and is passed on.
    deadline : float
        When it is given up, the start of pyspedas included. [s]

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)

    Raises
    ------
    ValueError
        If the interval or the source is none.
    DataUnavailable
        A ValueError with ``source`` and ``reason``.
    """
    first, last = ladder.interval(start, stop)
    if source not in MEASURED:
        raise ValueError(
            f"source must be one of {', '.join(MEASURED)}, got {source!r}"
        )
    return _measured(
        source,
        first,
        last,
        download=True,
        refresh=refresh,
        progress=progress,
        deadline=deadline,
    )


def measured(start: str | np.datetime64, stop: str | np.datetime64) -> str:
    """Return the measured source that is on this computer, or nothing.

    The first of `MEASURED` that has the interval with at most `MOST_MISSING`
    of it fill.
    """
    first, last = ladder.interval(start, stop)
    for source in MEASURED:
        try:
            data = _measured(source, first, last, download=False)
        except DataUnavailable:
            continue
        if data.attrs["missing"] <= MOST_MISSING:
            return source
    return ""


def _rungs(download: bool | None) -> list[Any]:
    """Return the sources in the order in which they are asked.

    Each takes start and stop and raises LookupError with one clause when it
    does not have the interval.
    """
    network = [] if download is False else [_from_network]
    before, after = ([], network) if download is None else (network, [])
    shipped, stand_in = (
        partial(_from_samples, measured=m) for m in (True, False)
    )
    return [shipped, _from_cache, *before, stand_in, *after]


def _from_cache(start: pd.Timestamp, stop: pd.Timestamp) -> xr.Dataset:
    """Return what was fetched before."""
    source = measured(start, stop)
    if not source:
        raise LookupError("nothing measured is on this computer")
    return _measured(source, start, stop, download=False)


def _from_network(start: pd.Timestamp, stop: pd.Timestamp) -> xr.Dataset:
    """Return what OMNI has."""
    try:
        return _measured("OMNI", start, stop, download=True)
    except DataUnavailable as error:
        raise LookupError(str(error)) from error


def _from_samples(
    start: pd.Timestamp, stop: pd.Timestamp, *, measured: bool
) -> xr.Dataset:
    """Return what ships and covers the interval: measurements, or the rest."""
    covered = []
    for name in samples.names():
        if name.endswith(".csv"):
            data = open_csv(samples.path(name))
            first, last = _ends(data)
            if data.attrs["measured"] is not measured:
                continue
            if first <= start and stop <= last:
                return _between(data, start, stop)
            covered.append(_span(first, last))
    what = "measurements that ship" if measured else "samples"
    raise LookupError(f"the {what} cover {', '.join(covered) or 'nothing'}")


def _measured(
    source: str, start: pd.Timestamp, stop: pd.Timestamp, **fetch: Any
) -> xr.Dataset:
    if source == "OMNI":
        (found,) = ladder.require(["OMNI 1 min"], start, stop, **fetch)
        data = found[list(SOLAR_WIND.variables)]
    else:
        data = _upstream.solar_wind(source, start, stop, **fetch)
    data.attrs["missing"] = float(np.isnan(data["dynamic_pressure"]).mean())
    if data.attrs["missing"] == 1.0:
        raise DataUnavailable(source, "it has nothing but fill values then")
    told = data.attrs
    told["note"] = (
        f"{told['source']} of {told['file']}, fetched {told['retrieved']}, "
        f"{told['missing']:.0%} of it fill"
        + (f"; {told['lag']}" if "lag" in told else "")
    )
    return data


def _between(
    data: xr.Dataset, start: pd.Timestamp, stop: pd.Timestamp
) -> xr.Dataset:
    first, last = _ends(data)
    if start < first or stop > last:
        raise ValueError(
            f"{data.attrs['file']} covers {_span(first, last)}, asked for "
            f"{_span(start, stop)}"
        )
    return data.sel(time=slice(start, stop))


def _ends(data: xr.Dataset) -> tuple[pd.Timestamp, pd.Timestamp]:
    times = data.indexes["time"]
    return times[0], times[-1]


def _span(start: pd.Timestamp, stop: pd.Timestamp) -> str:
    return f"{start:%Y-%m-%d %H:%M} to {stop:%Y-%m-%d %H:%M} UTC"
