"""Any dataset as FITS: grids as images with their axes, series as tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.data import _fits
from smile_explore.data._fits_columns import column_of, elapsed, stored_type
from smile_explore.data.policy import Policy

__all__ = ["write_fits"]

_FIXED = "FIXED"


def write_fits(data: xr.Dataset, path: Path, terms: Policy) -> None:
    """Write a dataset, whole or not at all.

    What runs along two axes of numbers is an image. The rest is a column of
    the table of its axis, which has the places on that axis too; FIXED has
    what runs along none, SETTINGS the attributes.

    Parameters
    ----------
    data : xarray.Dataset
        With ``title`` among its attributes.
    path : path
    terms : Policy

    Raises
    ------
    ValueError
        If there is text that is not ASCII, which FITS cannot keep.
    OSError
        If the file cannot be written.
    """
    from astropy.io import fits

    hdus: list[Any] = [fits.PrimaryHDU()]
    tables: dict[str, list[Any]] = {}
    for dim in data.dims:
        if dim in data.coords:
            values = data[dim].values
            tables[str(dim)] = [column_of(str(dim), data[dim], values)]
            if dim == "time" and len(values):
                tables["time"].insert(0, elapsed(values))
    for key, array in data.variables.items():
        name, one = str(key), data[key]
        if key in data.dims:
            continue
        if len(_axes(one)) > 1 and array.dtype.kind in "fiub":
            hdus.append(_image(name, one))
        elif not one.ndim:
            column = column_of(name, one, one.values[None])
            tables.setdefault(_FIXED, []).append(column)
        else:
            first = next(iter(_axes(one)), str(one.dims[0]))
            turned = one.transpose(first, ...)
            column = column_of(name, turned, turned.values)
            tables.setdefault(first, []).append(column)
    hdus += [
        fits.BinTableHDU.from_columns(columns, name=name.upper())
        for name, columns in tables.items()
    ]
    hdus.append(_fits.settings_table(data.attrs))
    for hdu in hdus:
        hdu.header["ORIGIN"] = "smile_explore"
        if data.sizes.get("time"):
            begin = np.datetime_as_string(data.time.values[0], unit="ms")
            hdu.header["DATE-OBS"] = str(begin)
            hdu.header["TIMESYS"] = "UTC"
    _fits.write(hdus, path, False, terms)


def _axes(array: xr.DataArray) -> list[str]:
    """Return the dimensions of numbers along which there is more than one."""
    return [
        str(dim)
        for dim in array.dims
        if array.sizes[dim] > 1
        and not (dim in array.coords and array[dim].dtype.kind in "UO")
    ]


def _image(name: str, array: xr.DataArray) -> Any:
    """Return a grid as an image, with coordinates where steps are even."""
    from astropy.io import fits

    axes = _axes(array)
    array = array.transpose(..., *axes)
    values = array.values
    hdu = fits.ImageHDU(
        values.astype(stored_type(values.dtype, images=True)),
        name=name.upper(),
    )
    unit = str(array.attrs.get("units", ""))
    hdu.header["BUNIT"] = "" if unit == "1" else unit
    for number, dim in enumerate(reversed(array.dims), 1):
        hdu.header.update(_axis(array, str(dim), number))
    return hdu


def _axis(array: xr.DataArray, dim: str, number: int) -> dict[str, Any]:
    """Return the cards of an axis; uneven ones count rows of their table."""
    start, step, unit = 1.0, 1.0, ""
    if dim in array.coords and array[dim].dtype.kind in "fiuM":
        places = array[dim].values
        unit = str(array[dim].attrs.get("units", ""))
        if places.dtype.kind == "M":
            places, unit = (places - places[0]) / np.timedelta64(1, "s"), "s"
        steps = np.diff(places.astype(float))
        if len(steps) and np.allclose(steps, steps[0], rtol=1e-6):
            start, step = float(places[0]), float(steps[0])
        else:
            unit = ""
    return {
        f"CTYPE{number}": dim.upper(),
        f"CUNIT{number}": unit,
        f"CRPIX{number}": 1.0,
        f"CRVAL{number}": start,
        f"CDELT{number}": step,
    }
