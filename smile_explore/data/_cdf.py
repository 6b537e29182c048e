"""CDF files: opened with one clear sentence, written whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from smile_explore.data._whole import refuse_to_replace, whole

if TYPE_CHECKING:
    import cdflib

__all__ = [
    "FilePath",
    "attributes",
    "from_tt2000",
    "increasing",
    "opened",
    "provenance",
    "times",
    "to_tt2000",
    "values",
    "write",
]

FilePath = str | PathLike[str]

_DAY = np.timedelta64(1, "D")
#: 1 January 1970 as CDF_EPOCH. [ms]
_YEAR_1970 = 62_167_219_200_000.0


@contextmanager
def opened(path: FilePath) -> Iterator[cdflib.cdfread.CDF]:
    """Open a CDF file, and say what is wrong with one that cannot be read."""
    import cdflib

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no CDF file at {path}")
    try:
        file = cdflib.CDF(path)
        # A file that was cut still opens: what is missing shows on reading.
        for name in file.cdf_info().zVariables:
            file.varinq(name)
            file.varattsget(name)
    except Exception as error:  # cdflib raises whatever the bytes lead to
        raise _damaged(path, error) from error
    yield file


def _damaged(path: Path, error: Exception) -> ValueError:
    reason = (str(error) or type(error).__name__).splitlines()[0]
    return ValueError(
        f"{path.name} is no CDF file, or damaged or only partly there "
        f"({reason}); get it again"
    )


def attributes(file: cdflib.cdfread.CDF, name: str) -> dict[str, Any]:
    """Return the attributes of a variable, texts without their padding."""
    found = file.varattsget(name)
    return {
        key: value.strip() if isinstance(value, str) else value
        for key, value in found.items()
    }


def values(file: cdflib.cdfread.CDF, name: str) -> np.ndarray:
    """Return the values of a variable, NaN for what is fill in floats."""
    found = _get(file, name)
    if found.dtype.kind in "SU":
        return np.char.strip(found.astype(str))
    fill = attributes(file, name).get("FILLVAL")
    if found.dtype.kind == "f" and fill is not None:
        fill = np.asarray(fill, dtype=found.dtype)
        return np.where(found == fill, np.asarray(np.nan, found.dtype), found)
    return found


def _get(file: cdflib.cdfread.CDF, name: str) -> np.ndarray:
    try:
        return np.asarray(file.varget(name))
    except Exception as error:  # as on opening
        raise _damaged(Path(file.file), error) from error


def times(file: cdflib.cdfread.CDF, name: str) -> np.ndarray:
    """Return the times of a variable of CDF's three kinds of epochs."""
    import cdflib

    kind = file.varinq(name).Data_Type_Description
    found = np.atleast_1d(_get(file, name))
    if kind == "CDF_TIME_TT2000":
        return from_tt2000(found)
    if kind == "CDF_EPOCH":
        return _from_epoch(found)
    if kind != "CDF_EPOCH16":
        raise ValueError(
            f"{Path(file.file).name}: {name} is {kind}, which is no time of "
            "CDF (CDF_TIME_TT2000, CDF_EPOCH, CDF_EPOCH16)"
        )
    return cdflib.cdfepoch.to_datetime(found).astype("datetime64[ns]")


def _from_epoch(epoch: np.ndarray) -> np.ndarray:
    """Return milliseconds since year 0 as UTC, NaT for fill.

    A subtraction: cdflib takes each time apart into year, month and so on,
    which is seconds for a month of minutes.
    """
    known = (epoch > 0.0) & (epoch < 4e14)
    since_1970 = np.where(known, epoch, _YEAR_1970) - _YEAR_1970
    microseconds = np.round(since_1970 * 1e3).astype("int64")
    times = microseconds.astype("datetime64[us]").astype("datetime64[ns]")
    return np.where(known, times, np.datetime64("NaT", "ns"))


def increasing(data: xr.Dataset, path: FilePath, sort: bool) -> xr.Dataset:
    """Return data whose times increase, sorted only if that is asked for."""
    steps = np.diff(data["time"].values)
    wrong = int((~(steps > np.timedelta64(0))).sum())
    if not wrong:
        return data
    if not sort:
        raise ValueError(
            f"{Path(path).name}: its times must increase, {wrong} of "
            f"{steps.size + 1} do not; read it with sort=True to order them "
            "and keep the first of each"
        )
    kept = data.isel(time=~np.isnat(data["time"].values))
    return kept.sortby("time").drop_duplicates("time")


def provenance(file: cdflib.cdfread.CDF, path: FilePath) -> dict[str, Any]:
    """Say where data come from, as they say themselves."""
    told = file.globalattsget()
    names = ("Logical_source", "Source_name", "Data_version", "PI_name")
    parts = {name: told.get(name) for name in names}
    source = parts["Logical_source"] or parts["Source_name"]
    return {
        "source": _text(source) or "unknown",
        "file": Path(path).name,
        "sha256": hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        "measured": True,
        **{
            key: _text(parts[name])
            for key, name in (("version", "Data_version"), ("PI", "PI_name"))
            if parts[name]
        },
    }


def _text(value: Any) -> str:
    if isinstance(value, list | tuple | np.ndarray):
        return " ".join(str(one).strip() for one in value)
    return str(value or "").strip()


def to_tt2000(time: np.ndarray) -> np.ndarray:
    """Return UTC as nanoseconds of terrestrial time since J2000.

    One conversion a day: leap seconds change only between days.
    """
    import cdflib

    time = time.astype("datetime64[ns]")
    days, which = np.unique(time.astype("datetime64[D]"), return_inverse=True)
    starts = [
        cdflib.cdfepoch.compute_tt2000(
            [int(part) for part in str(day).split("-")] + [0] * 6
        )
        for day in days
    ]
    within = (time - days[which]).astype("timedelta64[ns]").astype(np.int64)
    return np.array(starts, dtype=np.int64)[which] + within


def from_tt2000(epoch: np.ndarray) -> np.ndarray:
    """Return nanoseconds of terrestrial time since J2000 as UTC."""
    import cdflib

    return cdflib.cdfepoch.to_datetime(epoch).astype("datetime64[ns]")


def write(data: xr.Dataset, path: FilePath, *, overwrite: bool) -> None:
    """Write a dataset of the ISTP form, beside the target and then moved."""
    from cdflib.xarray import xarray_to_cdf

    path = Path(path)
    if path.suffix != ".cdf":
        raise ValueError(f"a CDF file must be named .cdf, got {path.name}")
    refuse_to_replace(path, overwrite=overwrite)
    with whole(path) as part:
        xarray_to_cdf(data, str(part), istp=True, record_dimensions=["Epoch"])
