"""A stretch of an orbit as places at times, and what a file said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from smile_explore.data.ephemeris import axes
from smile_explore.physics import clocks, hermite

__all__ = ["Segment", "dates", "in_utc", "numbers"]

_DAY_OF_YEAR: Final = re.compile(r"(\d{4})-(\d{3})(?=T|$)")
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec"


@dataclass(frozen=True)
class Segment:
    """Places at increasing times.

    Parameters
    ----------
    time : numpy.ndarray of datetime64[ns]
        UTC.
    position : numpy.ndarray (times, 3)
        [km]
    velocity : numpy.ndarray (times, 3) or None
        Rate of change of the position in the axes of the frame. [km s-1]
    frame : str
        As the file calls it.
    told : dict
        What else the file says.
    usable : tuple of numpy.datetime64, optional
        The part that may be interpolated, where it is not all.

    Raises
    ------
    ValueError
        If it is empty, its times do not increase, a number is missing, or
        the frame is unknown.
    """

    time: np.ndarray
    position: np.ndarray
    velocity: np.ndarray | None
    frame: str
    told: dict[str, Any] = field(default_factory=dict)
    usable: tuple[np.datetime64, np.datetime64] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be interpolated."""
        axes.known(self.frame)
        if not self.time.size:
            raise ValueError("it holds no positions")
        late = np.flatnonzero(np.diff(self.time) <= np.timedelta64(0))
        if late.size:
            raise ValueError(
                f"its times must increase, but {self.time[late[0] + 1]} comes "
                f"after {self.time[late[0]]}"
            )
        both = [self.position]
        if self.velocity is not None:
            both.append(self.velocity)
        if not all(np.isfinite(one).all() for one in both):
            raise ValueError("a position or velocity is no finite number")

    @property
    def span(self) -> tuple[np.datetime64, np.datetime64]:
        """First and last time that may be asked for."""
        return self.usable or (self.time[0], self.time[-1])

    def inertial(self) -> Segment:
        """Return it in GEI."""
        position, velocity = axes.to_gei(
            self.time, self.position, self.velocity, self.frame
        )
        return replace(self, position=position, velocity=velocity, frame="GEI")

    def at(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Interpolate position [km] and velocity [km s-1] at UTC within."""
        if self.velocity is None and self.time.size < 2:
            raise ValueError("one position alone has no velocity")
        start = clocks.from_utc(self.time[0], clock="TAI")
        wanted, nodes = (
            (clocks.from_utc(one, clock="TAI") - start)
            / np.timedelta64(1, "s")
            for one in (time, self.time)
        )
        return hermite.interpolate(wanted, nodes, self.position, self.velocity)


def numbers(rows: Sequence[Sequence[str]], columns: int) -> np.ndarray:
    """Read a table of numbers that all rows must have.

    Raises
    ------
    ValueError
        If a row has fewer columns, or one is no number.
    """
    for row in rows:
        if len(row) < columns:
            raise ValueError(
                f"it was cut off: a row must have {columns} numbers, got "
                f"{' '.join(row)[:60]!r}"
            )
    try:
        return np.array([row[:columns] for row in rows], dtype=float).reshape(
            -1, columns
        )
    except ValueError as error:
        raise ValueError(f"a position is no number: {error}") from None


def dates(texts: Sequence[str]) -> np.ndarray:
    """Read dates as CCSDS, ISO or STK write them.

    Raises
    ------
    ValueError
        If one is no date.
    """
    try:
        plain = [_plain(text) for text in texts]
        return np.array(plain, dtype="datetime64[ns]")
    except ValueError as error:
        raise ValueError(f"a time is no date: {error}") from None


def _plain(text: str) -> str:
    """Return ``2026-09-01T00:00:00.0`` for any way to write it."""
    text = text.strip().removesuffix("Z")
    parts = text.split()
    if len(parts) == 4:  # 1 Sep 2026 00:00:00.000
        day, month, year, clock = parts
        number = _MONTHS.find(month.lower()[:3]) // 4 + 1
        if not number:
            raise ValueError(f"{month!r} is no month")
        text = f"{year}-{number:02}-{int(day):02}T{clock}"
    elif found := _DAY_OF_YEAR.match(text):
        first = np.datetime64(f"{found[1]}-01-01")
        day = str(first + np.timedelta64(int(found[2]) - 1, "D"))
        text = day + text[found.end() :]
    whole, dot, fraction = text.partition(".")
    return f"{whole}{dot}{fraction[:9]}" if fraction else whole


def in_utc(time: np.ndarray, clock: str) -> np.ndarray:
    """Return UTC for the time system that a file names.

    Raises
    ------
    ValueError
        If it is unknown.
    """
    try:
        return clocks.to_utc(time, clock=clock.upper())
    except ValueError as error:
        raise ValueError(f"its time system: {error}") from None
