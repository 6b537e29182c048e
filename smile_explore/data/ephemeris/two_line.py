"""Two-line elements, through SGP4.

TLEs are mean elements of their own theory: `sgp4` alone may turn them into
places, to some km near the epoch and worse by the day.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import numpy as np

from smile_explore.data.ephemeris.segments import Segment

__all__ = ["REACH", "read", "sees"]

#: TLEs are not used farther from their epoch. **An assumption**. [d]
REACH: Final = 15.0

_PAIR: Final = re.compile(r"^(1 .{59,})\n(2 .{59,})$", re.M)


def sees(_path: Path, head: bytes) -> bool:
    """Whether a file holds two-line elements."""
    text = head.decode("ascii", errors="replace").replace("\r", "")
    return bool(re.search(r"^1 [ \w]{5}[UCS ].*\n(2 |\Z)", text, re.M))


def read(path: Path, time: np.ndarray | None) -> list[Segment]:
    """Compute places at the times asked for, by the nearest epoch."""
    if time is None:
        raise ValueError(
            "two-line elements have no times of their own; say times=..."
        )
    satellites = _satellites(path.read_text("ascii", errors="replace"))
    wanted = np.unique(time)
    epochs = np.array([_epoch(one) for one in satellites])
    away = np.abs(wanted[:, None] - epochs)
    nearest = away.argmin(axis=1)
    far = away.min(axis=1) / np.timedelta64(1, "D")
    if far.max(initial=0.0) > REACH:
        raise ValueError(
            f"two-line elements serve for {REACH:g} d about their epoch, "
            f"{wanted[far.argmax()]} is {far.max():.1f} d from the nearest "
            "one; give newer ones"
        )
    position, velocity = np.empty((2, wanted.size, 3))
    for row in np.unique(nearest):
        rows = nearest == row
        position[rows], velocity[rows] = _places(satellites[row], wanted[rows])
    number = satellites[0].satnum_str.strip()
    return [Segment(wanted, position, velocity, "TEME", {"object": number})]


def _satellites(text: str) -> list[Any]:
    """Return the elements, all of one object, their checksums right."""
    from sgp4.api import Satrec

    text = "\n".join(line.rstrip() for line in text.splitlines())
    pairs = _PAIR.findall(text)
    if not pairs or len(pairs) != len(re.findall(r"^1 ", text, re.M)):
        raise ValueError("it was cut off: a line 1 has no whole line 2")
    for line in (line for pair in pairs for line in pair):
        total = sum(int(c) for c in line[:68] if c.isdigit())
        total += line[:68].count("-")
        if line[68:69] != str(total % 10):
            raise ValueError(f"the checksum of {line[:30]!r}... is wrong")
    satellites = [Satrec.twoline2rv(*pair) for pair in pairs]
    objects = {one.satnum_str for one in satellites}
    if len(objects) > 1:
        raise ValueError(
            f"it must hold one object, got {', '.join(sorted(objects))}"
        )
    return satellites


def _epoch(satellite: Any) -> np.datetime64:
    days = satellite.jdsatepoch - 2451545.0 + satellite.jdsatepochF
    return np.datetime64("2000-01-01T12", "ns") + np.timedelta64(
        round(days * 86400e6), "us"
    )


def _places(satellite: Any, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sgp4.api import SGP4_ERRORS

    days = (time - np.datetime64("2000-01-01T12")) / np.timedelta64(1, "D")
    whole = np.floor(days)
    wrong, position, velocity = satellite.sgp4_array(
        2451545.0 + whole, days - whole
    )
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"SGP4 fails at {time[at]}: {SGP4_ERRORS[wrong[at]]}")
    return position, velocity
