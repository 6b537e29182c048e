"""Positions in columns: reports of STK as CMEM reads them, and CSV.

A report has some lines of heading, then ``DD Mon YYYY hh:mm:ss.sss x y z vx vy
vz`` in GSE and km, as ``smile_updated_ephemeris_gse_2025_2028.txt``, which
https://github.com/swharton1/CMEM_Image reads. A CSV names its columns
``time``, ``x_km`` and so on, or ``x_re``; ``vx_km_s`` and so on may follow. A
line such as ``# frame: GSE`` leads.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np

from smile_explore.constants import EARTH_RADIUS
from smile_explore.data.ephemeris.segments import Segment, dates, numbers

__all__ = ["read_csv", "read_report", "sees_csv", "sees_report"]

_DATED: Final = re.compile(
    rb"^\s*\d{1,2} [A-Za-z]{3,} \d{4} \d\d:\d\d:\d\d", re.M
)
_FRAME: Final = re.compile(r"^#\s*frame\s*[:=]\s*(\S+)", re.M | re.I)
#: Units in a heading that a report may have.
_REPORTED: Final = {"km", "km/sec", "km/s", "utcg", "utc"}
#: [km]
_LENGTHS: Final = {"km": 1.0, "m": 1e-3, "re": EARTH_RADIUS}


def sees_report(_path: Path, head: bytes) -> bool:
    """Whether a file is a table with dates in four words."""
    return bool(_DATED.search(head))


def read_report(path: Path, _time: np.ndarray | None) -> list[Segment]:
    """Read a table in km and GSE, with or without velocities."""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    first = next(
        n for n, line in enumerate(lines) if _DATED.match(line.encode())
    )
    heading = " ".join(lines[:first])
    units = {word.lower() for word in re.findall(r"\(([^)]*)\)", heading)}
    if strange := sorted(units - _REPORTED):
        raise ValueError(
            "a table with dates in words must be in km and km/sec, its "
            f"heading says {', '.join(strange)}"
        )
    rows = [line.split() for line in lines[first:] if line.strip()]
    columns = 6 if len(rows[0]) >= 10 else 3
    values = numbers([row[4:] for row in rows], columns)
    when = dates([" ".join(row[:4]) for row in rows])
    velocity = values[:, 3:] if columns == 6 else None
    return [Segment(when, values[:, :3], velocity, "GSE")]


def sees_csv(_path: Path, head: bytes) -> bool:
    """Whether a file is a CSV with a column of times."""
    text = head.decode("utf-8", errors="replace")
    return bool(re.search(r"^\s*\"?time\"?\s*,", text, re.M | re.I))


def read_csv(path: Path, _time: np.ndarray | None) -> list[Segment]:
    """Read a CSV whose columns name their units."""
    text = path.read_text("utf-8", errors="replace")
    frame = _FRAME.search(text)
    if frame is None:
        raise ValueError(
            "a CSV must name its frame in a line such as '# frame: GSE'"
        )
    lines = [
        line.split(",")
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]
    names = [name.strip().strip('"').lower() for name in lines[0]]
    rows = lines[1:]
    if not rows:
        raise ValueError("it holds no positions")
    if short := [row for row in rows if len(row) < len(names)]:
        raise ValueError(
            f"it was cut off: a row must have {len(names)} columns, got "
            f"{','.join(short[0])[:60]!r}"
        )
    unit = next((u for u in _LENGTHS if f"x_{u}" in names), None)
    if unit is None:
        raise ValueError(
            "the columns of a CSV must be named time, x_km, y_km, z_km, or "
            f"x_re and so on, got {', '.join(names)}"
        )
    position = _columns(names, rows, [f"{one}_{unit}" for one in "xyz"])
    velocity = None
    if any(name.startswith("vx") for name in names):
        velocity = _columns(names, rows, [f"v{one}_km_s" for one in "xyz"])
    when = dates([row[names.index("time")] for row in rows])
    return [Segment(when, position * _LENGTHS[unit], velocity, frame[1])]


def _columns(
    names: list[str], rows: list[list[str]], wanted: list[str]
) -> np.ndarray:
    if lacking := [name for name in wanted if name not in names]:
        raise ValueError(
            f"it lacks the columns {', '.join(lacking)}; it has "
            f"{', '.join(names)}"
        )
    places = [names.index(name) for name in wanted]
    return numbers([[row[n] for n in places] for row in rows], len(wanted))
