"""Read one event from its entry in a catalog, saying what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from smile_explore.data import sun
from smile_explore.observations import Event, Fact, Known, Run

__all__ = ["from_entry"]

_NEEDED = {
    "title": str,
    "summary": str,
    "start": dt.datetime,
    "stop": dt.datetime,
    "focus": dt.datetime,
    "solar_wind": str,
}
_OPTIONAL = {
    "runs": list,
    "moments": dict,
    "orbit": dict,
    "activity": dict,
    "origin": list,
    "facts": list,
    "references": list,
    "sun": list,
    "cadence": int,
}
_KNOWN = dict.fromkeys(Known.__dataclass_fields__, object)
_KINDS = {
    str: "text",
    dt.datetime: "a time such as 2012-06-16T22:25:00",
    list: "a list",
    dict: "a table",
    int: "a whole number",
}


def from_entry(name: str, entry: Mapping[str, Any], *, file: Path) -> Event:
    """Make an `Event` of one entry of a catalog.

    Parameters
    ----------
    name : str
        Name of the entry.
    entry : mapping
        As ``tomllib`` returns it.
    file : pathlib.Path
        File that the entry stands in. Files that the entry names are looked
        for beside it first.

    Returns
    -------
    event : Event

    Raises
    ------
    ValueError
        If a field is missing, unknown or of the wrong kind, or the times
        contradict each other; the message names file, entry and field.
    """
    where = f"{file}, event {name!r}"
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where} must be a table of fields")
    _check_fields(entry, _NEEDED, _OPTIONAL, where)
    times = {
        field: _time(entry[field], f"{where}, {field}")
        for field in ("start", "stop", "focus")
    }
    if not times["start"] <= times["focus"] <= times["stop"]:
        raise ValueError(
            f"{where}: focus must lie between start and stop, got "
            f"{times['focus']} for {times['start']} to {times['stop']}"
        )
    return Event(
        name=name,
        title=entry["title"],
        summary=entry["summary"].strip(),
        **times,
        solar_wind=_beside(file, entry["solar_wind"]),
        runs=tuple(
            replace(run, sample=_beside(file, run.sample))
            for run in _table(Run, entry.get("runs", []), f"{where}, runs")
        ),
        moments={
            moment: _time(time, f"{where}, moments, {moment!r}")
            for moment, time in entry.get("moments", {}).items()
        },
        orbit=dict(entry.get("orbit", {})),
        activity=dict(entry.get("activity", {})),
        origin=_table(Fact, entry.get("origin", []), f"{where}, origin"),
        facts=_table(Fact, entry.get("facts", []), f"{where}, facts"),
        references=tuple(entry.get("references", ())),
        sun=_of_the_sun(entry.get("sun", []), f"{where}, sun"),
        cadence=_cadence(entry.get("cadence", 600), where),
    )


def _check_fields(
    entry: Mapping[str, Any],
    needed: Mapping[str, type],
    optional: Mapping[str, type],
    where: str,
) -> None:
    known = {**needed, **optional}
    if missing := [field for field in needed if field not in entry]:
        raise ValueError(f"{where} lacks {', '.join(missing)}")
    if unknown := [field for field in entry if field not in known]:
        raise ValueError(
            f"{where}: {', '.join(unknown)} unknown; the fields are "
            f"{', '.join(known)}"
        )
    for field, value in entry.items():
        kind = known[field]
        if not isinstance(value, kind):
            raise ValueError(
                f"{where}: {field} must be {_KINDS[kind]}, got {value!r}"
            )


def _table(kind: Any, rows: list[Any], where: str) -> tuple[Any, ...]:
    """Make one dataclass of texts per row."""
    needed = dict.fromkeys(kind.__dataclass_fields__, str)
    for number, row in enumerate(rows, start=1):
        place = f"{where} {number}"
        if not isinstance(row, Mapping):
            raise ValueError(f"{place} must be a table of fields")
        _check_fields(row, needed, {}, place)
    return tuple(kind(**row) for row in rows)


def _of_the_sun(rows: list[Any], where: str) -> tuple[Known, ...]:
    """Make one `Known` per row, its time as text."""
    known = []
    for number, row in enumerate(rows, start=1):
        place = f"{where} {number}"
        if not isinstance(row, Mapping):
            raise ValueError(f"{place} must be a table of fields")
        _check_fields(row, _KNOWN, {}, place)
        value = row["value"]
        if isinstance(value, dt.datetime):
            value = str(_time(value, place).astype("datetime64[s]"))
        one = Known(**{**row, "value": value})
        try:
            sun.check(one)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from None
        known.append(one)
    return tuple(known)


def _cadence(seconds: int, where: str) -> float:
    if not 1 <= seconds <= 3600:
        raise ValueError(
            f"{where}: cadence must be 1 to 3600 s, got {seconds}"
        )
    return float(seconds)


def _beside(file: Path, name: str) -> str:
    """Return the path of a file beside the catalog, else the name as it is."""
    beside = file.parent / name
    return str(beside) if beside.is_file() else name


def _time(value: object, where: str) -> np.datetime64:
    if not isinstance(value, dt.datetime):
        raise ValueError(
            f"{where} must be {_KINDS[dt.datetime]}, got {value!r}"
        )
    if value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    return np.datetime64(value, "ns")
