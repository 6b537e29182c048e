"""Make an event of any day: its solar wind, what is known of it, its entry.

    solar wind -> minute by minute -> a file beside the user's catalog
                                   -> extremes, shocks, gaps, title
    indices    -> Kp, F10.7, SYM-H
    date       -> SMILE at apogee when it matters
                                   -> an entry of the user's catalog

The hours without solar wind stay without cubes, and so without images.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import samples
from smile_explore.data import solar_wind as wind_data
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.events import kept_wind, own, wind_facts
from smile_explore.events._entry import entry
from smile_explore.events._steps import Progress
from smile_explore.events.catalog import catalog, catalog_file, load
from smile_explore.observations import Event

__all__ = ["CADENCE", "LONGEST", "make", "remove"]

_LOGGER = logging.getLogger(__name__)
#: Of images, unless said otherwise. [s]
CADENCE: Final = 60
#: An event is no longer than this: 4321 images a minute apart. [h]
LONGEST: Final = 72.0


@dataclass(frozen=True)
class _Span:
    """When an event is, and what its solar wind is taken from."""

    start: pd.Timestamp
    stop: pd.Timestamp
    source: str | None


def make(
    start: str | np.datetime64 | None = None,
    hours: float | None = None,
    *,
    name: str | None = None,
    title: str | None = None,
    source: str | PathLike[str] | None = None,
    cadence: int = CADENCE,
    bridge: float = kept_wind.BRIDGE,
    overwrite: bool = False,
    progress: Progress | None = None,
    warn: Callable[[str], object] = _LOGGER.warning,
) -> Event:
    """Make an event of one's own and add it to the user's catalog.

    Parameters
    ----------
    start : str or numpy.datetime64, optional
        Its first minute, UTC: ``"2015-03-17"`` or ``"2015-03-17T04:00"``. By
        default the first of `source`, if that is a file.
    hours : float, optional
        How long, up to 72; by default 24, or all of a file without `start`.
    name : str, optional
        By default the day that it starts.
    title : str, optional
        By default one made of what its solar wind did.
    source : str or path-like, optional
        ``"OMNI"``, ``"ACE"`` or ``"Wind"``, or a file as
        `data.solar_wind.open_file` reads it. By default the first that
        has the interval: measured and on this computer, measured and in the
        archives, a reconstruction that ships.
    cadence : int
        Of its images. [s]
    bridge : float
        Gaps of the wind up to so long are bridged by straight lines; in
        longer ones there is nothing to see. [min]
    overwrite : bool
        Whether an event of the same name is replaced.
    progress : callable, optional
        ``progress(done, total)`` while data are fetched; an exception raised
        in it cancels.
    warn : callable, optional
        Given one sentence on what is to be known but no error.

    Returns
    -------
    event : Event
        As `load` returns it from now on: its solar wind stands in a file
        beside the catalog, so that it needs no network any more.

    Raises
    ------
    ValueError
        If the time cannot be, no source has a solar wind of it, or there is
        an event of this name; in one sentence.
    FileNotFoundError
        If `source` is no file.
    OSError
        If the folder of the catalog cannot be written.

    Notes
    -----
    SMILE is virtual: it is at apogee when the event is at its focus, on the
    orbit whose node lets SXI look longest.
    """
    span = _span(start, hours, source)
    name = _checked_name(name or f"{span.start:%Y-%m-%d}", overwrite)
    _check_steps(cadence, bridge)
    _check_folder()
    solar_wind = _solar_wind(span, progress)
    first, last = (time.to_datetime64() for time in (span.start, span.stop))
    kept = kept_wind.by_minute(solar_wind, first, last, bridge=bridge)
    known = wind_facts.known(kept)
    if not known.any():
        raise ValueError(
            f"the solar wind of {span.start} to {span.stop} UTC is known at "
            f"no minute ({solar_wind.attrs.get('source')}): try another "
            "source, another time, or a longer bridge than "
            f"{bridge:g} min"
        )
    made = entry(
        kept, title=title, cadence=cadence, bridge=bridge, progress=progress
    )
    for sentence in _remarks(name, span, kept):
        warn(sentence)
    return _added(name, made, kept)


def remove(name: str) -> None:
    """Remove an event that `make` made, and the file of its solar wind.

    Parameters
    ----------
    name : str
        Its whole name.

    Raises
    ------
    ValueError
        If there is none: those that ship and those written by hand stay.
    OSError
        If the catalog cannot be written.
    """
    before = own.made(name)
    own.drop(name)
    _forget_wind(before)


def _span(
    start: str | np.datetime64 | None,
    hours: float | None,
    source: str | PathLike[str] | None,
) -> _Span:
    """Return the interval, in whole minutes."""
    named = None if source is None else str(source)
    if start is None:
        if named is None or named in wind_data.MEASURED:
            raise ValueError(
                "an event needs its start, such as 2015-03-17, or a file of "
                "solar wind as source"
            )
        times = wind_data.open_file(samples.find(named)).indexes["time"]
        first, end = times[0].ceil("min"), times[-1].floor("min")
        long = (end - first) / pd.Timedelta(1, "h")
    else:
        first, long = _time(start), 24.0
    long = long if hours is None else hours
    if not isinstance(long, int | float) or not 0.0 < long <= LONGEST:
        raise ValueError(
            f"an event lasts more than 0 and up to {LONGEST:g} hours, got "
            f"{long!r}; make several, or choose a part by start and hours"
        )
    stop = (first + pd.Timedelta(hours=long)).floor("min")
    if stop <= first:
        raise ValueError(f"an event lasts a minute or more, got {long!r} h")
    return _Span(first, stop, named)


def _time(text: str | np.datetime64) -> pd.Timestamp:
    try:
        time = pd.Timestamp(text)
    except (ValueError, TypeError):
        time = pd.NaT
    if time is pd.NaT:
        raise ValueError(
            f"start must be a time such as 2015-03-17T04:00, got {text!r}"
        )
    if time.tzinfo is not None:
        time = time.tz_convert("UTC").tz_localize(None)
    return time.floor("min")


def _checked_name(name: str, overwrite: bool) -> str:
    if not own.NAME.fullmatch(name):
        raise ValueError(
            "an event is named by up to 64 letters, digits, dots, dashes and "
            f"underscores, got {name!r}"
        )
    if name in catalog().index and not overwrite:
        raise ValueError(
            f"there is an event {name} already: give another name, or "
            "overwrite=True to replace it"
        )
    return name


def _check_steps(cadence: int, bridge: float) -> None:
    if not isinstance(cadence, int) or not 1 <= cadence <= 3600:
        raise ValueError(
            f"cadence must be 1 to 3600 whole seconds, got {cadence!r}"
        )
    if not 0.0 <= bridge <= 180.0:
        raise ValueError(f"bridge must be 0 to 180 min, got {bridge!r}")


def _check_folder() -> None:
    """Refuse at once what would fail after a fetch."""
    import tempfile

    folder = catalog_file().parent
    with own.writing():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def _solar_wind(span: _Span, progress: Progress | None) -> xr.Dataset:
    """Return the solar wind from the first source that has it."""
    times = span.start, span.stop
    if span.source in wind_data.MEASURED:
        return wind_data.fetch(*times, source=span.source, progress=progress)
    if span.source is not None:
        return wind_data.load(*times, source=span.source)
    if near := wind_data.measured(*times):
        return wind_data.load(*times, source=near, download=False)
    try:
        return wind_data.fetch(*times, progress=progress)
    except DataUnavailable as error:
        try:
            return wind_data.load(*times, download=False)
        except ValueError:
            raise ValueError(
                f"there is no solar wind of {span.start} to {span.stop} UTC: "
                f"{error}; give a file as source"
            ) from error


def _remarks(name: str, span: _Span, kept: xr.Dataset) -> list[str]:
    """Return what is to be known of an event that is made all the same."""
    remarks = []
    if not kept.attrs.get("measured"):
        remarks.append(
            f"The solar wind of {name} was not measured: "
            f"{kept.attrs.get('source')}."
        )
    others = [
        other
        for other, row in catalog().iterrows()
        if other != name and row.start < span.stop and span.start < row.stop
    ]
    if others:
        remarks.append(f"{name} overlaps {', '.join(map(str, others))}.")
    return remarks


def _added(name: str, made: dict[str, Any], kept: xr.Dataset) -> Event:
    """Write wind and entry; what was there before goes last."""
    before = own.made(name)
    with own.writing():
        path = kept_wind.write(kept, catalog_file().parent, name)
    try:
        own.add(name, made | {"solar_wind": path.name})
    except (OSError, ValueError):
        if before is None or before.get("solar_wind") != path.name:
            path.unlink(missing_ok=True)
        raise
    if before is not None and before.get("solar_wind") != path.name:
        _forget_wind(before)
    return load(name)


def _forget_wind(before: dict[str, Any] | None) -> None:
    """Remove the file of an entry that is no more, if `make` wrote it."""
    if before is None:
        return
    path = catalog_file().parent / Path(before["solar_wind"]).name
    if "_solar_wind_" in path.name:
        path.unlink(missing_ok=True)
