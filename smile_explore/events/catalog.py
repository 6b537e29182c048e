"""The events that are known: those that ship, and the user's own."""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from functools import lru_cache
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from smile_explore.data import samples
from smile_explore.events.event import from_entry
from smile_explore.observations import Event

__all__ = ["catalog", "catalog_file", "load"]

_SHIPPED = Path(__file__).with_name("catalog.toml")


def catalog_file() -> Path:
    """Return the file where events of your own are looked for.

    ``SMILE_EXPLORE_EVENTS``, or a file in the user's configuration folder.
    It need not exist. Its form is that of ``catalog.toml`` beside this
    module; files that it names are looked for beside it. An event of the
    same name replaces the one that ships.
    """
    if chosen := os.environ.get("SMILE_EXPLORE_EVENTS"):
        return Path(chosen)
    import platformdirs

    folder = platformdirs.user_config_path("smile_explore", appauthor=False)
    return folder / "events.toml"


def catalog(*, path: str | PathLike[str] | None = None) -> pd.DataFrame:
    """Return a table of the known events.

    Parameters
    ----------
    path : str or path-like, optional
        A further file of events; by default `catalog_file`, if there is one.

    Returns
    -------
    catalog : pandas.DataFrame
        One row an event by ``name``, in the order of their start: ``title``,
        ``start``, ``stop``, ``focus`` [UTC], names of the MHD ``runs``,
        ``solar_wind``.

    Raises
    ------
    FileNotFoundError
        If `path` is given and not there.
    ValueError
        If a file is not as it should be; file, event and field are named.
    """
    events = _events(path).values()
    rows = [
        {
            "name": event.name,
            "title": event.title,
            "start": event.start,
            "stop": event.stop,
            "focus": event.focus,
            "runs": ", ".join(run.name for run in event.runs),
            "solar_wind": event.solar_wind,
        }
        for event in sorted(events, key=lambda event: event.start)
    ]
    return pd.DataFrame(rows).set_index("name")


def load(name: str, *, path: str | PathLike[str] | None = None) -> Event:
    """Load a known event.

    Parameters
    ----------
    name : str
        Its name, such as ``"2012-06-16"``; the beginning of a name or a day
        within the event will do when only one event fits.
    path : str or path-like, optional
        A further file of events; by default `catalog_file`, if there is one.

    Returns
    -------
    event : Event
        Where each statement comes from stands in ``facts`` and ``origin``.
        Where its solar wind is a reconstruction that ships, and measured
        wind is on this computer, it names the measured source instead.

    Raises
    ------
    TypeError
        If `name` is no text.
    ValueError
        If no event or more than one fits; the known ones are listed.
    """
    if not isinstance(name, str):
        raise TypeError(
            f"an event is loaded by its name, got {type(name).__name__}"
        )
    return _with_measured_wind(_named(name, _events(path)))


def _named(name: str, events: dict[str, Event]) -> Event:
    if name in events:
        return events[name]
    fitting = {
        event.name: event
        for event in events.values()
        if name and (event.name.startswith(name) or _within(name, event))
    }
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    fits = f"fits {', '.join(fitting)}" if fitting else "is not known"
    raise ValueError(
        f"the event {name!r} {fits}; the known events are "
        f"{', '.join(sorted(events))}"
    )


def _with_measured_wind(event: Event) -> Event:
    if event.solar_wind not in samples.names():
        return event
    # Here, since the catalog is all that a program may want of the house.
    from smile_explore.data import solar_wind

    source = solar_wind.measured(event.start, event.stop)
    return replace(event, solar_wind=source) if source else event


def _within(name: str, event: Event) -> bool:
    """Tell whether `name` is a day (and only a day) of the event."""
    try:
        day = np.datetime64(name)
    except ValueError:
        return False
    if np.isnat(day) or np.datetime_data(day.dtype)[0] != "D":
        return False
    first, last = (
        time.astype("datetime64[D]") for time in (event.start, event.stop)
    )
    # An event that ends at midnight has no part in the day that begins.
    if event.stop == last:
        last = last - np.timedelta64(1, "D")
    return bool(first <= day <= last)


def _events(path: str | PathLike[str] | None) -> dict[str, Event]:
    files = [_SHIPPED]
    own = catalog_file() if path is None else Path(path)
    if own.is_file():
        files.append(own)
    elif path is not None:
        raise FileNotFoundError(f"there is no catalog of events at {own}")
    events: dict[str, Event] = {}
    for file in files:
        events |= _read(file, file.stat().st_mtime_ns)
    return events


@lru_cache(maxsize=8)
def _read(file: Path, modified: int) -> dict[str, Event]:  # noqa: ARG001
    try:
        entries = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is not valid TOML: {error}") from error
    return {
        name: from_entry(name, entry, file=file)
        for name, entry in entries.items()
    }
