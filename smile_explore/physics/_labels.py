"""Numbers, numpy, dask and xarray alike: into a formula, and out of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

__all__ = ["label", "number", "where"]


def number(value: Any) -> Any:
    """Return what ufuncs take: xarray and dask as they are, the rest numpy."""
    if hasattr(value, "__array_ufunc__"):
        return value
    return np.asarray(value, dtype=np.float64)


def where(inside: Any, value: Any) -> Any:
    """Return `value` where `inside`, else NaN."""
    if isinstance(inside, xr.DataArray) or isinstance(value, xr.DataArray):
        return xr.where(inside, value, np.nan)
    return np.where(inside, value, np.nan)[()]


def label(value: Any, name: str, units: str, long_name: str) -> Any:
    """Give an xarray result its own name and unit, not those of an input."""
    if not isinstance(value, xr.DataArray):
        return value
    labelled = value.rename(name)
    labelled.attrs = {"units": units, "long_name": long_name}
    return labelled
