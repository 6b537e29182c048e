"""Days of measured data from the first rung that has them.

Own cache, then files that pyspedas has, then the network; the two latter in a
process of their own and only where the caller allows it. What is shipped, and
the reconstructions that stand in, are rungs of `data.solar_wind`.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import cache, network
from smile_explore.data.sources import day_files, process
from smile_explore.data.sources.process import Progress
from smile_explore.data.sources.products import product
from smile_explore.data.sources.unavailable import DataUnavailable

__all__ = ["DEADLINE", "days", "interval", "require"]

_LOGGER = logging.getLogger(__name__)
#: Half of it is the start of pyspedas on a slow machine. [s]
DEADLINE = 90.0
#: Fetched in this session, where the cache cannot be written.
_unstored: dict[tuple[str, str], xr.Dataset] = {}
#: What differs from day to day and is told of all of them.
_PER_FILE = ("file", "sha256", "url", "retrieved")


def interval(
    start: str | np.datetime64, stop: str | np.datetime64
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return two times in order.

    Raises
    ------
    ValueError
        If they are not, or one is no time.
    """
    try:
        first, last = pd.Timestamp(start), pd.Timestamp(stop)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"the interval must be two times such as 2015-03-17T04:00, got "
            f"{start!r} and {stop!r}"
        ) from error
    if not first < last:
        raise ValueError(
            f"the interval must start before it stops, got {first} to {last}"
        )
    return first, last


def days(
    names: Sequence[str],
    start: pd.Timestamp,
    stop: pd.Timestamp,
    *,
    download: bool = False,
    refresh: bool = False,
    progress: Progress | None = None,
    deadline: float = DEADLINE,
) -> dict[str, xr.Dataset | DataUnavailable]:
    """Return products between two times, or why they are not to be had.

    Parameters
    ----------
    names : sequence of str
        Of `products.PRODUCTS`.
    start, stop : pandas.Timestamp
        [UTC]
    download : bool
        Whether pyspedas may be started and the network asked for days that
        are not in the cache.
    refresh : bool
        Whether days in the cache are fetched again.
    progress : callable, optional
        ``progress(done, total)`` while something is fetched; an exception
        raised in it cancels.
    deadline : float
        When a fetch is given up. [s]

    Returns
    -------
    found : dict
        For each name a dataset, or the error that says why there is none: a
        day is missing.
    """
    wanted = day_files.days_of(start, stop)
    have = {name: _kept(name, wanted) for name in names}
    reasons: dict[str, str] = {}
    lacking = [
        name for name in names if refresh or len(have[name]) < len(wanted)
    ]
    if lacking and download:
        reasons = _fetch(lacking, wanted, refresh, progress, deadline)
        have |= {name: _kept(name, wanted) for name in lacking}
    found: dict[str, xr.Dataset | DataUnavailable] = {}
    for name, parts in have.items():
        missing = ", ".join(day for day in wanted if day not in parts)
        why = reasons.get(name, "")
        if missing:
            why = why or "not on this computer, and the network was not asked"
            found[name] = DataUnavailable(name, f"no data of {missing}: {why}")
        elif refresh and why:
            found[name] = DataUnavailable(name, f"nothing newer came: {why}")
        else:
            found[name] = _joined(name, list(parts.values()), start, stop)
    return found


def require(
    names: Sequence[str],
    start: pd.Timestamp,
    stop: pd.Timestamp,
    **options: Any,
) -> list[xr.Dataset]:
    """Return products as `days` does, all of them.

    Raises
    ------
    DataUnavailable
        If one is not to be had.
    """
    found = []
    for data in days(names, start, stop, **options).values():
        if isinstance(data, DataUnavailable):
            raise data
        found.append(data)
    return found


def _kept(name: str, wanted: list[str]) -> dict[str, xr.Dataset]:
    """Return the days that the cache or the memory has."""
    product(name)  # refuses a name that is none
    found = {
        day: day_files.load(name, day) or _unstored.get((name, day))
        for day in wanted
    }
    return {day: data for day, data in found.items() if data is not None}


def _joined(
    name: str, parts: list[xr.Dataset], start: pd.Timestamp, stop: pd.Timestamp
) -> xr.Dataset | DataUnavailable:
    data = xr.concat(
        parts,
        "time",
        data_vars="minimal",
        join="exact",
        combine_attrs="override",
    ).sel(time=slice(start, stop))
    if not data.sizes["time"]:
        return DataUnavailable(name, f"no data between {start} and {stop}")
    for key in _PER_FILE:
        told = dict.fromkeys(str(part.attrs.get(key, "")) for part in parts)
        data.attrs[key] = ", ".join(told)
    return data


def _fetch(
    names: list[str],
    wanted: list[str],
    refresh: bool,
    progress: Progress | None,
    deadline: float,
) -> dict[str, str]:
    """Bring days into the cache, and say of each product why not."""
    offline = network.why_not()
    # What pyspedas has is of no use to one who wants the newest.
    rungs = [False] if offline else [True] if refresh else [False, True]
    if offline and not any(_has_files(name, wanted) for name in names):
        return dict.fromkeys(names, offline)
    request = {"products": names, "days": wanted, "network": rungs}
    with ExitStack() as stack:
        folder = cache.folder()
        try:
            cache.check_writable()
        except cache.CacheUnwritable as reason:
            _LOGGER.warning("%s", reason)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            told = process.run(
                request, folder=folder, deadline=deadline, progress=progress
            )
        except (TimeoutError, RuntimeError) as error:
            return dict.fromkeys(names, str(error))
        if folder != cache.folder():
            _unstored.update(
                ((name, day), day_files.from_folder(folder, name, day))
                for name, dates in told["days"].items()
                for day in dates
            )
    return {
        name: "; ".join(part for part in (reason, offline) if part)
        for name, reason in told["reasons"].items()
    }


def _has_files(name: str, wanted: list[str]) -> bool:
    """Tell whether pyspedas may have files of these days, by their names."""
    folder = cache.folder() / "pyspedas" / product(name).project
    # A file holds a day, a month, half a year or a year.
    stamps = {day[:7].replace("-", "") for day in wanted}
    stamps |= {day[:4] + half for day in wanted for half in ("0101", "0701")}
    return any(
        stamp in path.name for path in folder.rglob("*.*") for stamp in stamps
    )
