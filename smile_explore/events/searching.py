"""Find events in the catalog, and storms in any stretch of solar wind."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import samples
from smile_explore.data import solar_wind as wind_data
from smile_explore.events import wind_facts
from smile_explore.events.catalog import catalog, load
from smile_explore.observations import Event

__all__ = ["extremes", "search", "storms"]

#: Two stretches that are nearer than this are one storm. [h]
APART: Final = 6.0
_COLUMNS: Final = (
    "start",
    "stop",
    "max_pressure",
    "min_bz",
    "minutes",
    "known",
    "make_from",
)


def extremes(event: Event) -> dict[str, float]:
    """Return the extremes of an event, from its solar wind and indices.

    Parameters
    ----------
    event : Event

    Returns
    -------
    extremes : dict
        ``max_pressure`` of protons [nPa], ``min_bz`` in GSM [nT] and, where
        the catalog has it, ``min_sym_h`` [nT]; NaN where it is not known.
    """
    found = dict.fromkeys(("max_pressure", "min_bz", "min_sym_h"), np.nan)
    # An event whose wind is gone is still found by date and text.
    with contextlib.suppress(ValueError, OSError):
        found |= _wind_extremes(
            event.solar_wind,
            event.start,
            event.stop,
            _modified(event.solar_wind),
        )
    if "sym_h_min" in event.activity:
        found["min_sym_h"] = float(event.activity["sym_h_min"])
    return found


def search(
    *,
    start: str | np.datetime64 | None = None,
    stop: str | np.datetime64 | None = None,
    min_pressure: float | None = None,
    max_bz: float | None = None,
    max_sym_h: float | None = None,
    text: str | None = None,
) -> list[Event]:
    """Return the known events that meet all that is asked for.

    Parameters
    ----------
    start, stop : str or numpy.datetime64, optional
        The event has a part between them; a day as `stop` counts whole. [UTC]
    min_pressure : float, optional
        The dynamic pressure of protons reaches this. [nPa]
    max_bz : float, optional
        Bz in GSM falls to this or below. [nT]
    max_sym_h : float, optional
        SYM-H falls to this or below, where it is known. [nT]
    text : str, optional
        Words that name, title, summary or facts hold, in any order; a day
        finds the events that it has a part in.

    Returns
    -------
    events : list of Event
        In the order of their start.

    Raises
    ------
    ValueError
        If a time cannot be read, or `start` is not before `stop`.
    """
    first, last = _bounds(start, stop)
    limits = {
        "max_pressure": (min_pressure, 1.0),
        "min_bz": (max_bz, -1.0),
        "min_sym_h": (max_sym_h, -1.0),
    }
    wanted = {
        name: (value, sign)
        for name, (value, sign) in limits.items()
        if value is not None
    }
    found = []
    for name in catalog().index:
        event = load(name)
        if not (event.stop > first and event.start < last):
            continue
        if text and not _tells(event, text):
            continue
        known = extremes(event) if wanted else {}
        # of NaN both sides are false: what is not known does not meet it
        if all(
            sign * known[quantity] >= sign * value
            for quantity, (value, sign) in wanted.items()
        ):
            found.append(event)
    return found


def storms(
    solar_wind: xr.Dataset | None = None,
    *,
    start: str | np.datetime64 | None = None,
    stop: str | np.datetime64 | None = None,
    min_pressure: float | None = None,
    max_bz: float | None = None,
    lasting: float = 10.0,
    apart: float = APART,
) -> pd.DataFrame:
    """Find the storms in a stretch of solar wind of any length.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND), optional
        Along `time`, in GSM. By default that of `start` to `stop`, as
        `data.solar_wind.load` finds it.
    start, stop : str or numpy.datetime64, optional
        [UTC]
    min_pressure : float, optional
        The dynamic pressure of protons is this or more. [nPa]
    max_bz : float, optional
        Bz in GSM is this or less. [nT]
    lasting : float
        At so many minutes of a storm, at least, all of these hold; they need
        not follow on each other. [min]
    apart : float
        Stretches nearer to each other than this are one storm. [h]

    Returns
    -------
    storms : pandas.DataFrame
        One row a storm, the highest pressure first: ``start`` and ``stop`` of
        the limits [UTC], ``max_pressure`` [nPa], ``min_bz`` [nT], ``minutes``
        within the limits, ``known``, the share of its time whose wind is
        known, and ``make_from``, the start of 24 h around its strongest
        compression, for `make`.

    Raises
    ------
    ValueError
        If there is no limit, or no solar wind.

    Examples
    --------
    >>> found = events.storms(start="2015-01-01", stop="2016", max_bz=-20)
    >>> events.make(found.make_from.iloc[0])
    """
    if min_pressure is None and max_bz is None:
        raise ValueError(
            "storms are found by min_pressure [nPa], max_bz [nT] or both"
        )
    if solar_wind is None:
        if start is None or stop is None:
            raise ValueError("give a solar wind, or start and stop")
        solar_wind = wind_data.load(start, stop)
    else:
        solar_wind = solar_wind.sel(time=slice(start, stop))
    table = pd.DataFrame(
        {
            "pressure": solar_wind["dynamic_pressure"].values,
            "bz": solar_wind["magnetic_field"].sel(component="z").values,
            "known": wind_facts.known(solar_wind),
        },
        index=solar_wind.indexes["time"],
    )
    meets = pd.Series(True, table.index)
    if min_pressure is not None:
        meets &= table["pressure"] >= min_pressure
    if max_bz is not None:
        meets &= table["bz"] <= max_bz
    return _grouped(table, meets, lasting, apart)


def _grouped(
    table: pd.DataFrame, meets: pd.Series, lasting: float, apart: float
) -> pd.DataFrame:
    """Gather times that meet the limits into storms."""
    times = table.index[meets]
    if not times.size:
        return pd.DataFrame(columns=list(_COLUMNS))
    number = (times.to_series().diff() > pd.Timedelta(hours=apart)).cumsum()
    step = table.index.to_series().diff().median() / pd.Timedelta(1, "min")
    rows = []
    for _, part in times.to_series().groupby(number):
        minutes = part.size * step
        if minutes < lasting:
            continue
        storm = table[part.iloc[0] : part.iloc[-1]]
        pressure = storm["pressure"].dropna()
        strongest = part.iloc[0] if pressure.empty else pressure.idxmax()
        rows.append(
            (
                part.iloc[0],
                part.iloc[-1],
                storm["pressure"].max(),
                storm["bz"].min(),
                minutes,
                storm["known"].mean(),
                strongest.floor("h") - pd.Timedelta(12, "h"),
            )
        )
    found = pd.DataFrame(rows, columns=list(_COLUMNS))
    found = found.sort_values("max_pressure", ascending=False)
    return found.reset_index(drop=True)


def _bounds(
    start: str | np.datetime64 | None, stop: str | np.datetime64 | None
) -> tuple[pd.Timestamp, pd.Timestamp]:
    try:
        first = pd.Timestamp(start or pd.Timestamp.min)
        last = pd.Timestamp(stop or pd.Timestamp.max)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"start and stop must be times such as 2015-03-17, got {start!r} "
            f"and {stop!r}"
        ) from error
    if isinstance(stop, str) and len(stop) == len("2015-03-17"):
        last += pd.Timedelta(1, "D")
    if not first < last:
        raise ValueError(
            f"the search must start before it stops, got {start} to {stop}"
        )
    return first, last


def _tells(event: Event, text: str) -> bool:
    """Tell whether all words stand in what is told of an event."""
    facts = (fact.text for fact in (*event.origin, *event.facts))
    days = np.arange(
        event.start.astype("datetime64[D]"),
        event.stop.astype("datetime64[D]") + 1,
    )
    told = " ".join(
        [event.name, event.title, event.summary, *facts, *map(str, days)]
    ).lower()
    return all(word in told for word in text.lower().split())


def _modified(source: str) -> int:
    if source in samples.names():
        return 0
    try:
        return Path(source).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=256)
def _wind_extremes(
    source: str,
    start: np.datetime64,
    stop: np.datetime64,
    modified: int,  # noqa: ARG001  a part of the key
) -> dict[str, float]:
    options = {"download": False} if source in wind_data.MEASURED else {}
    wind = wind_data.load(start, stop, source=source, **options)
    found = wind_facts.extremes(wind)
    return {
        name: found[name][0]
        for name in ("max_pressure", "min_bz")
        if name in found
    }
