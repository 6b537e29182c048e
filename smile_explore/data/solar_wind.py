"""The solar wind of an interval, from the first source that has it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.constants import KELVIN_PER_EV
from smile_explore.data import samples
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import COMPONENTS, SOLAR_WIND

__all__ = ["load", "open_csv"]

_COLUMNS = ("time", "bx", "by", "bz", "vx", "vy", "vz", "n", "T")


def load(
    start: str | np.datetime64,
    stop: str | np.datetime64,
    *,
    source: str | PathLike[str] | None = None,
) -> xr.Dataset:
    """Load the solar wind at Earth between two times.

    Parameters
    ----------
    start, stop : str or numpy.datetime64
        First and last time wanted. [UTC]
    source : str or path-like, optional
        Name of a sample or path of a CSV file as `open_csv` reads it. By
        default the first source that covers the interval.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        ``attrs["measured"]`` says whether it was measured, ``source``,
        ``file``, ``sha256`` and ``note`` where it comes from.

    Raises
    ------
    ValueError
        If `start` is not before `stop`, or no source covers the interval.
    FileNotFoundError
        If `source` is neither a sample nor a file.
    """
    first, last = pd.Timestamp(start), pd.Timestamp(stop)
    if not first < last:
        raise ValueError(
            f"the interval must start before it stops, got "
            f"{_span(first, last)}"
        )
    if source is not None:
        return _between(open_csv(samples.find(source)), first, last)
    refusals = []
    for attempt in _SOURCES:
        try:
            return attempt(first, last)
        except LookupError as refusal:
            refusals.append(str(refusal.args[0]))
    raise ValueError(
        f"no source has the solar wind of {_span(first, last)}: "
        f"{'; '.join(refusals)}; give a file as source"
    )


def open_csv(path: str | PathLike[str]) -> xr.Dataset:
    """Read solar wind from a CSV file.

    Parameters
    ----------
    path : str or path-like
        Columns ``time`` (UTC, ISO 8601), ``bx by bz`` [nT], ``vx vy vz``
        [km s-1], both GSM, ``n`` [cm-3] and ``T`` [K]; others are ignored.
        Lines that start with ``#`` are kept as ``note``; only a line
        ``# measured: true`` makes it a measurement.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a column is missing, or the times are not increasing.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no solar wind file at {path}")
    try:
        table = pd.read_csv(path, comment="#")
        lacking = [name for name in _COLUMNS if name not in table]
        if lacking:
            raise ValueError(
                f"it lacks the columns {', '.join(lacking)} of "
                f"{', '.join(_COLUMNS)}"
            )
        if table.empty:
            raise ValueError("it has no rows")
        time = pd.to_datetime(table["time"], format="ISO8601", utc=True)
        numbers = table[list(_COLUMNS[1:])].astype(float)
    except (ValueError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path.name} is no solar wind table: {error}"
        ) from error
    if not (time.diff().dropna() > pd.Timedelta(0)).all():
        raise ValueError(f"{path.name}: its times must increase; sort it")
    numbers.index = pd.DatetimeIndex(time).tz_localize(None).as_unit("ns")
    return _dataset(numbers, path)


def _dataset(numbers: pd.DataFrame, path: Path) -> xr.Dataset:
    """Bring a table in the units of the file to the house schema."""
    comments = [
        line.lstrip("# ").strip()
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("#")
    ]
    measured = "measured: true" in comments
    velocity = numbers[["vx", "vy", "vz"]].to_numpy()
    density = numbers["n"].to_numpy()
    speed = np.linalg.norm(velocity, axis=-1)
    vector, gsm = ("time", "component"), {"frame": "GSM"}
    data = xr.Dataset(
        {
            "density": ("time", density),
            "velocity": (vector, velocity, gsm),
            "temperature": ("time", numbers["T"].to_numpy() / KELVIN_PER_EV),
            "magnetic_field": (vector, numbers[["bx", "by", "bz"]], gsm),
            "dynamic_pressure": (
                "time",
                wind.dynamic_pressure(density, speed),
            ),
        },
        coords={"time": numbers.index.values, "component": list(COMPONENTS)},
        attrs={
            "source": "measurement" if measured else "reconstruction",
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "measured": measured,
            "note": " ".join(comments),
        },
    )
    return SOLAR_WIND.stamp(data)


def _from_samples(start: pd.Timestamp, stop: pd.Timestamp) -> xr.Dataset:
    """Return the shipped reconstruction that covers the interval."""
    covered = []
    for name in samples.names():
        if name.endswith(".csv"):
            data = open_csv(samples.path(name))
            first, last = _ends(data)
            if first <= start and stop <= last:
                return _between(data, start, stop)
            covered.append(_span(first, last))
    raise LookupError(f"the samples cover {', '.join(covered)}")


#: Sources in the order in which they are asked. Each takes start and stop and
#: raises LookupError with one clause when it does not have the interval.
_SOURCES: tuple[Callable[[pd.Timestamp, pd.Timestamp], xr.Dataset], ...] = (
    _from_samples,
)


def _between(
    data: xr.Dataset, start: pd.Timestamp, stop: pd.Timestamp
) -> xr.Dataset:
    first, last = _ends(data)
    if start < first or stop > last:
        raise ValueError(
            f"{data.attrs['file']} covers {_span(first, last)}, asked for "
            f"{_span(start, stop)}"
        )
    return data.sel(time=slice(start, stop))


def _ends(data: xr.Dataset) -> tuple[pd.Timestamp, pd.Timestamp]:
    times = data.indexes["time"]
    return times[0], times[-1]


def _span(start: pd.Timestamp, stop: pd.Timestamp) -> str:
    return f"{start:%Y-%m-%d %H:%M} to {stop:%Y-%m-%d %H:%M} UTC"
