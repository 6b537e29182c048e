"""Datasets with images as FITS, exactly (`_fits_series_reading` reads them).

What runs over the field of view is an image, first the axes of time and the
like, then latitude and longitude. What else runs along time is a column of
the table TIMES, the rest a column of FIXED, which has one row. VARIABLES says
of each variable where it stands, its dimensions and its type; SETTINGS keeps
the attributes.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any

import xarray as xr

from smile_explore.data import policy
from smile_explore.data._fits import (
    FilePath,
    as_json,
    julian_day,
    settings_table,
    time_cards,
    write,
)
from smile_explore.data._fits_columns import (
    column_of,
    elapsed,
    stored_type,
)
from smile_explore.data.policy import Policy
from smile_explore.schema import POINTING, Schema

if TYPE_CHECKING:
    from astropy.io import fits

__all__ = [
    "AXES",
    "axis_cards",
    "order",
    "part_name",
    "write_series",
]

#: World coordinates: angles from the boresight, linear in plate carree.
AXES = {1: ("fov_lon", "FVLN-CAR"), 2: ("fov_lat", "FVLT-CAR")}
_FIELD = ("fov_lat", "fov_lon")


def write_series(
    data: xr.Dataset,
    path: FilePath,
    schema: Schema,
    *,
    instrument: str,
    first: tuple[str, ...],
    pointing: xr.Dataset | None,
    terms: Policy | None,
    overwrite: bool,
) -> None:
    """Write images, and their pointing as a table beside them.

    Parameters
    ----------
    data : xarray.Dataset
        With or without `time`.
    path : str or path-like
    schema : Schema
        Of the images.
    instrument : str
        For the keyword INSTRUME.
    first : tuple of str
        The image to come first, for tools that open only one: the first of
        these that is there.
    pointing : xarray.Dataset (POINTING), optional
    terms : Policy, optional
    overwrite : bool
    """
    schema.check(data)
    if pointing is not None:
        POINTING.check(pointing)
    data = data.compute()
    _check_length(data)
    origin = {
        "TELESCOP": "SMILE",
        "INSTRUME": instrument,
        "ORIGIN": "smile_explore",
        "CREATOR": "smile_explore",
        "SCHEMA": schema.name,
    }
    hdus = [*_images(data, first), *_tables(data, "")]
    if pointing is not None:
        hdus += _tables(pointing.compute(), POINTING.name)
    for hdu in hdus:
        hdu.header.update(origin | _clock(data))
    write(hdus, path, overwrite, terms or policy.of(data))


def axis_cards(data: xr.Dataset) -> dict[str, Any]:
    """Return the world coordinates of images over the field of view."""
    cards: dict[str, Any] = {}
    for axis, (coordinate, kind) in AXES.items():
        places = data[coordinate].values
        step = (places[-1] - places[0]) / (places.size - 1)
        cards |= {
            f"CTYPE{axis}": kind,
            f"CUNIT{axis}": "deg",
            # the boresight, where plate carree has its origin
            f"CRVAL{axis}": 0.0,
            f"CRPIX{axis}": 1.0 - places[0] / step,
            f"CDELT{axis}": step,
        }
    return cards


def _check_length(data: xr.Dataset) -> None:
    for name in _FIELD:
        if data.sizes[name] < 2:
            raise ValueError(
                f"an image needs at least two pixels along {name}, got "
                f"{data.sizes[name]}"
            )


def _is_image(array: xr.DataArray) -> bool:
    return set(_FIELD) <= set(array.dims)


def _images(data: xr.Dataset, first: Iterable[str]) -> list[Any]:
    from astropy.io import fits

    names = [str(name) for name in data.variables if _is_image(data[name])]
    leading = next(name for name in first if name in names)
    names.sort(key=lambda name: name != leading)
    made: list[Any] = []
    for name in names:
        array = data[name].transpose(*order(data[name].dims))
        values = array.values
        hdu = (fits.ImageHDU if made else fits.PrimaryHDU)(
            values.astype(stored_type(values.dtype, images=True))
        )
        hdu.header["EXTNAME"] = name.upper()
        unit = array.attrs.get("units", "1")
        hdu.header["BUNIT"] = "count" if unit == "1" else unit
        hdu.header.update(axis_cards(data))
        for axis, dim in enumerate(reversed(array.dims[:-2]), 3):
            # places of a row in the table of its dimension
            hdu.header[f"CTYPE{axis}"] = str(dim).upper()
            for card in ("CRPIX", "CRVAL", "CDELT"):
                hdu.header[f"{card}{axis}"] = 1.0
        made.append(hdu)
    return made


def _tables(data: xr.Dataset, name: str) -> list[fits.BinTableHDU]:
    """Return series, fixed values, list and settings of a dataset."""
    from astropy.io import fits

    series, fixed, rows = [], [], []
    for label in map(str, data.variables):
        array = data[label]
        if _is_image(array):
            place = label.upper()
        elif "time" in array.dims:
            values = array.transpose(*order(array.dims)).values
            series.append(column_of(label, array, values))
            place = name or "TIMES"
        else:
            fixed.append(column_of(label, array, array.values[None]))
            place = part_name(name, "FIXED")
        rows.append(_row(label, array, place, label in data.coords))
    if series and data["time"].ndim:
        series.insert(0, elapsed(data["time"].values))
    parts = {name or "TIMES": series, part_name(name, "FIXED"): fixed}
    tables = [
        fits.BinTableHDU.from_columns(columns, name=place)
        for place, columns in parts.items()
        if columns
    ]
    if "component" in data.dims:
        tables[0].header["COORDSYS"] = _frame(data)
    tables.append(_list(rows, part_name(name, "VARIABLES")))
    settings = settings_table(data.attrs)
    settings.name = part_name(name, "SETTINGS")
    return [*tables, settings]


def _list(rows: list[tuple[str, ...]], name: str) -> fits.BinTableHDU:
    from astropy.io import fits

    columns = []
    for number, key in enumerate(_ROW):
        words = [row[number] for row in rows]
        width = max(map(len, words))
        columns.append(fits.Column(key, f"{width}A", array=words))
    return fits.BinTableHDU.from_columns(columns, name=name)


def _frame(data: xr.Dataset) -> str:
    """Name the frame of the vectors, that of the house unless they say."""
    told = [array.attrs.get("frame") for array in data.values()]
    return str(next(filter(None, told), "GSM"))


_ROW = ("NAME", "KIND", "PLACE", "DIMS", "TYPE", "ABOUT")


def _row(
    name: str, array: xr.DataArray, place: str, coordinate: bool
) -> tuple[str, ...]:
    kind = "coordinate" if coordinate else "data"
    about = as_json(array.attrs, f"of {name}")
    dims = json.dumps(array.dims)
    return name, kind, place, dims, array.dtype.str, about


def _clock(data: xr.Dataset) -> dict[str, Any]:
    """Return when the first image began and the last one ended."""
    if "time" not in data.dims:
        return time_cards(data)
    if data["exposure"].ndim if "exposure" in data else False:
        data = data.drop_vars("exposure")
    start, end = (time_cards(data.isel(time=n)) for n in (0, -1))
    day, part = julian_day(data["time"].values[0].astype("datetime64[ns]"))
    since: dict[str, Any] = {
        "MJDREFI": int(day),
        "MJDREFF": part,
        "TIMEUNIT": "s",
    }
    since["DATEREF"] = start["DATE-OBS"]
    return since | start | {k: v for k, v in end.items() if "-END" in k}


def order(dims: Iterable[Hashable]) -> tuple[str, ...]:
    """Return dimensions as they stand in the file, whatever they were."""
    names = tuple(map(str, dims))
    if set(_FIELD) <= set(names):
        return (*(name for name in names if name not in _FIELD), *_FIELD)
    if "time" in names:
        return ("time", *(name for name in names if name != "time"))
    return names


def part_name(name: str, part: str) -> str:
    """Name a table of a dataset; that of the images has no name."""
    return f"{name}_{part}" if name else part
