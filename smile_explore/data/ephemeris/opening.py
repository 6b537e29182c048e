"""Open an ephemeris in whatever format it is written.

A format is two functions: ``sees(path, head)`` tells from the first bytes
whether a file is of this format, and ``read(path, times)`` returns its
segments. To add one, write such a module and enter it here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.data.ephemeris import oem, spice, stk, tables, two_line
from smile_explore.data.ephemeris.segments import Segment
from smile_explore.physics import trajectories

__all__ = ["FORMATS", "Format", "open_ephemeris"]

#: So many first bytes tell a format.
_HEAD = 4096


class Format(NamedTuple):
    """One way in which orbits are written."""

    name: str
    sees: Callable[[Path, bytes], bool]
    read: Callable[[Path, np.ndarray | None], list[Segment]]


FORMATS: Final = (
    Format("OEM", oem.sees, oem.read),
    Format("STK ephemeris", stk.sees, stk.read),
    Format("SPICE kernel", spice.sees, spice.read),
    Format("two-line elements", two_line.sees, two_line.read),
    Format("table of STK", tables.sees_report, tables.read_report),
    Format("CSV", tables.sees_csv, tables.read_csv),
)


def open_ephemeris(
    path: str | PathLike[str], times: ArrayLike | None = None
) -> xr.Dataset:
    """Read where a spacecraft was or will be.

    Parameters
    ----------
    path : str or path-like
        An OEM (CCSDS, KVN), an ephemeris of STK (``.e``), a table of STK in
        GSE as CMEM has it, two-line elements, a CSV, or a SPICE kernel if
        spiceypy is installed. The contents tell which.
    times : datetime64, array_like or xarray.DataArray, optional
        One time or a series, UTC, within the ephemeris; its own unless
        given. Two-line elements and SPICE need them.

    Returns
    -------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM, with inertial velocities, as `orbit.trajectory` has them. Its
        attributes tell file, checksum, format and object.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the format is none of these, the file is cut off, empty or not
        about Earth, its frame, unit or time system is unknown, its times do
        not increase, or a time asked for is outside. Nothing is extrapolated.

    Notes
    -----
    Between the times of a file, the Hermite polynomial of degree 7 through
    four places and velocities is taken, in inertial axes, or Lagrange's
    through eight places; an OEM's own choice is not followed. Segments are
    not interpolated across. In a frame that turns, a file's velocity is taken
    as the rate of change of the coordinates there.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no ephemeris at {path}")
    wanted = None if times is None else trajectories.time_series(times)
    form = _recognise(path)
    try:
        segments = form.read(
            path, None if wanted is None else np.atleast_1d(wanted)
        )
        segments = [one.inertial() for one in segments]
        time, position, velocity = _places(segments, wanted)
    except ValueError as error:
        raise ValueError(f"{path.name} ({form.name}): {error}") from error
    told = {"object": "unknown"} | segments[0].told
    return trajectories.from_inertial(
        time,
        position,
        velocity,
        source=form.name,
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        **told,
    )


def _recognise(path: Path) -> Format:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for form in FORMATS:
        if form.sees(path, head):
            return form
    began = f"begins with {head[:24]!r}" if head.strip() else "is empty"
    raise ValueError(
        f"{path.name} {began}, which is none of the formats known here: "
        f"{', '.join(form.name for form in FORMATS)}"
    )


def _places(
    segments: Sequence[Segment], wanted: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Interpolate each time in the first segment that has it."""
    time = _own_times(segments) if wanted is None else wanted
    flat = np.atleast_1d(time)
    places = np.full((2, flat.size, 3), np.nan)
    left = np.ones(flat.size, dtype=bool)
    for one in segments:
        first, last = one.span
        rows = left & (flat >= first) & (flat <= last)
        if rows.any():
            places[:, rows] = one.at(flat[rows])
            left &= ~rows
    if left.any():
        spans = " and ".join(
            f"{one.span[0]} to {one.span[1]}" for one in segments[:3]
        )
        more = f" and {len(segments) - 3} more" if len(segments) > 3 else ""
        raise ValueError(
            f"{int(left.sum())} of {flat.size} times, the first of them "
            f"{flat[left][0]}, lie outside of what it covers, {spans}{more}; "
            "nothing is extrapolated"
        )
    position, velocity = places.reshape(2, *time.shape, 3)
    return time, position, velocity


def _own_times(segments: Sequence[Segment]) -> np.ndarray:
    """Join the times of segments; where two overlap, the first has them."""
    time = np.empty(0, dtype="datetime64[ns]")
    for one in segments:
        first, last = one.span
        own = one.time[(one.time >= first) & (one.time <= last)]
        if time.size:
            own = own[own > time[-1]]
        time = np.concatenate([time, own])
    return time
