"""Ephemeris files of STK (``.e``).

After AGI, STK Help, Ephemeris File Format. Distances are in metres unless
the file says otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from smile_explore.data.ephemeris.segments import Segment, dates, numbers
from smile_explore.physics import clocks

__all__ = ["read", "sees"]

#: Columns after the time; accelerations are passed over.
_COLUMNS: Final = {
    "ephemeristimepos": 3,
    "ephemeristimeposvel": 6,
    "ephemeristimeposvelacc": 6,
}
#: [km]
_UNITS: Final = {"meters": 1e-3, "kilometers": 1.0}


def sees(_path: Path, head: bytes) -> bool:
    """Whether a file is an ephemeris of STK."""
    return head.lstrip().lower().startswith(b"stk.v.")


def read(path: Path, _time: np.ndarray | None) -> list[Segment]:
    """Read all segments; a time that comes twice begins a new one."""
    about: dict[str, str] = {}
    rows: list[list[str]] = []
    kind = ""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    for line in map(str.strip, lines):
        low = line.lower()
        if not line or line.startswith("#"):
            continue
        if low == "end ephemeris":
            break
        if kind:
            rows.append(line.split())
        elif low in _COLUMNS:
            kind = low
        elif low.startswith("ephemeris"):
            raise ValueError(
                f"its data must be one of {', '.join(_COLUMNS)}, got {line!r}"
            )
        else:
            key, _, value = line.partition(" ")
            about[key.lower()] = value.strip()
    else:
        raise ValueError("it was cut off: it has no END Ephemeris")
    return _segments(about, rows, _COLUMNS.get(kind, 3))


def _segments(
    about: dict[str, str], rows: list[list[str]], columns: int
) -> list[Segment]:
    if not rows:
        raise ValueError("it holds no positions")
    if "scenarioepoch" not in about:
        raise ValueError("it has no ScenarioEpoch, from which times count")
    body = about.get("centralbody", "Earth")
    if body.lower() != "earth":
        raise ValueError(f"positions must be about Earth, got {body}")
    unit = about.get("distanceunit", "Meters")
    if unit.lower() not in _UNITS:
        raise ValueError(
            f"its DistanceUnit must be Meters or Kilometers, got {unit}"
        )
    table = numbers(rows, 1 + columns)
    told = int(about.get("numberofephemerispoints", len(table)))
    if told != len(table):
        raise ValueError(
            f"it was cut off: it must hold {told} positions, got {len(table)}"
        )
    epoch = clocks.from_utc(dates([about["scenarioepoch"]]), clock="TAI")
    since = np.rint(table[:, 0] * 1e9).astype("timedelta64[ns]")
    time = clocks.to_utc(epoch + since, clock="TAI")
    values = table[:, 1:] * _UNITS[unit.lower()]
    again = np.flatnonzero(np.diff(time) == np.timedelta64(0)) + 1
    return [
        Segment(
            time[part],
            values[part, :3],
            values[part, 3:] if columns == 6 else None,
            about.get("coordinatesystem", "J2000"),
        )
        for part in np.split(np.arange(len(time)), again)
    ]
