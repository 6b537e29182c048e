"""Days of measured data in our own cache: one small NetCDF each, sealed.

A month of OMNI as CDF takes pyspedas and seconds to open; a day here takes
neither, and its checksum says whether it is still what was fetched.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import _netcdf, cache

__all__ = ["days_of", "from_folder", "load", "split", "store"]

#: Under the cache's folder. Another form of the files gets another name.
_FOLDER = "measured-1"


def days_of(start: pd.Timestamp, stop: pd.Timestamp) -> list[str]:
    """Return the dates that an interval touches; midnight ends a day."""
    last = max(start, stop - pd.Timedelta(1, "ns"))
    days = pd.date_range(start.normalize(), last.normalize(), freq="D")
    return [f"{day:%Y-%m-%d}" for day in days]


def load(product: str, day: str) -> xr.Dataset | None:
    """Return a day from the cache, or None; a damaged one is thrown away."""
    try:
        return cache.load(_name(product, day), read=_read)
    except KeyError:
        return None


def store(product: str, day: str, data: xr.Dataset) -> None:
    """Put a day in the cache.

    Raises
    ------
    cache.CacheUnwritable
    """
    cache.store(_name(product, day), data, write=_write)


def from_folder(folder: Path, product: str, day: str) -> xr.Dataset:
    """Return a day from the cache that another process kept in `folder`."""
    return _read(folder / _name(product, day))


def split(
    data: xr.Dataset, main: tuple[str, ...]
) -> tuple[dict[str, xr.Dataset], list[str]]:
    """Return the days of a file that hold data, and those that hold none.

    Parameters
    ----------
    data : xarray.Dataset
        Along `time`.
    main : tuple of str
        A day on which none of these is known anywhere holds nothing.
    """
    dates = data["time"].values.astype("datetime64[D]")
    full, empty = {}, []
    for date in np.unique(dates[~np.isnat(dates)]):
        day = data.isel(time=dates == date)
        known = any(
            np.isfinite(day[name].values).any() for name in main if name in day
        )
        if known:
            full[str(date)] = day
        else:
            empty.append(str(date))
    return full, empty


def _name(product: str, day: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", product.lower())
    return f"{_FOLDER}/{slug}/{day}.nc"


def _write(data: xr.Dataset, path: Path) -> None:
    _netcdf.write_groups({"/": data}, path, {})
    cache.seal(path)


def _read(path: Path) -> xr.Dataset:
    cache.unseal(path)
    return _netcdf.read_group(path, None)
