"""UTC, which has leap seconds, and the clocks that have none.

``datetime64`` counts days of 86 400 s, so that no time can fall within a leap
second, and a difference across one is a second short.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["CLOCKS", "from_utc", "to_utc"]

#: What each clock shows when TAI shows zero (IERS Conventions 2010, chapter
#: 10; IS-GPS-200). TDB is TT to 2 ms, which is 15 m at 7 km s-1. [s]
_AHEAD_OF_TAI: Final = {"TAI": 0.0, "TT": 32.184, "TDB": 32.184, "GPS": -19.0}
#: Clocks known here.
CLOCKS: Final = ("UTC", *_AHEAD_OF_TAI)


def from_utc(time: ArrayLike, *, clock: str) -> np.ndarray:
    """Read another clock at a time in UTC.

    Parameters
    ----------
    time : datetime64, array_like
        UTC.
    clock : str
        One of ``UTC, TAI, TT, TDB, GPS``.

    Returns
    -------
    time : numpy.ndarray of datetime64[ns]

    Raises
    ------
    ValueError
        If the clock is unknown.
    """
    utc = np.asarray(time, dtype="datetime64[ns]")
    if clock == "UTC":
        return utc
    return utc + _nanoseconds(_leap_seconds(utc) + _ahead(clock))


def to_utc(time: ArrayLike, *, clock: str) -> np.ndarray:
    """Return the UTC at which another clock shows a time.

    Parameters
    ----------
    time : datetime64, array_like
        As `clock` shows it.
    clock : str
        One of ``UTC, TAI, TT, TDB, GPS``.

    Returns
    -------
    utc : numpy.ndarray of datetime64[ns]

    Raises
    ------
    ValueError
        If the clock is unknown.
    """
    shown = np.asarray(time, dtype="datetime64[ns]")
    if clock == "UTC":
        return shown
    tai = shown - _nanoseconds(_ahead(clock))
    # taken at a time that is late by the leap seconds, then at the right one
    utc = tai - _nanoseconds(_leap_seconds(tai))
    return tai - _nanoseconds(_leap_seconds(utc))


def _ahead(clock: str) -> float:
    if clock not in _AHEAD_OF_TAI:
        raise ValueError(
            f"unknown clock {clock!r}; the known ones are {', '.join(CLOCKS)}"
        )
    return _AHEAD_OF_TAI[clock]


def _leap_seconds(utc: np.ndarray) -> np.ndarray:
    """TAI - UTC [s], by the table that came with ERFA; whole since 1972."""
    import erfa

    table = erfa.leap_seconds.get()
    table = table[table["year"] >= 1972]
    since = np.array(
        [f"{one['year']}-{one['month']:02}-01" for one in table],
        dtype="datetime64[ns]",
    )
    row = np.searchsorted(since, utc, side="right") - 1
    return table["tai_utc"][np.maximum(row, 0)]


def _nanoseconds(seconds: ArrayLike) -> np.ndarray:
    whole = np.rint(np.asarray(seconds, dtype=float) * 1e9)
    return whole.astype("timedelta64[ns]")
