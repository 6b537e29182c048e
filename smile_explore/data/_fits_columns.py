"""Arrays as columns of FITS tables, so that they come back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from astropy.io import fits

__all__ = ["column_name", "column_of", "elapsed", "stored_type"]

#: Forms of columns, after what FITS has; others are widened, and back.
_FORMS = {
    "bool": "L",
    "uint8": "B",
    "int16": "I",
    "int32": "J",
    "int64": "K",
    "float32": "E",
    "float64": "D",
}
_WIDER = {
    "int8": "int16",
    "uint16": "int32",
    "uint32": "int64",
    "float16": "float32",
}


def column_of(
    name: str, array: xr.DataArray, values: np.ndarray
) -> fits.Column:
    """Return an array as a column: one cell along its first dimension."""
    from astropy.io import fits

    kind, shape = values.dtype.kind, values.shape[1:]
    count = int(np.prod(shape))
    if kind == "M":
        values = np.datetime_as_string(values.astype("datetime64[ns]"))
    if kind in "MUO":
        values = _words(name, values)
        width = values.dtype.itemsize
        form, shape = f"{count * width}A", (*shape, width)
    else:
        values = values.astype(stored_type(values.dtype))
        form = f"{count}{_FORMS[values.dtype.name]}"
    unit = array.attrs.get("units", "")
    return fits.Column(
        column_name(name),
        form,
        "" if unit == "1" else unit,
        array=values,
        dim=str(shape[::-1]) if len(shape) > 1 else None,
    )


def _words(name: str, values: np.ndarray) -> np.ndarray:
    """Return texts as FITS holds them, if it can."""
    words = values.astype(str)
    try:
        kept = np.char.encode(words, "ascii")
    except UnicodeEncodeError:
        kept = np.array(b"")
    if not np.array_equal(np.char.strip(words), kept.astype(str)):
        raise ValueError(
            f"{name} holds text that FITS cannot keep (not ASCII, or with "
            f'blanks around it); leave it out with .drop_vars("{name}")'
        )
    return kept if kept.dtype.itemsize else kept.astype("S1")


def stored_type(dtype: np.dtype, *, images: bool = False) -> str:
    """Name the type that FITS has for one, in a table or an image."""
    if images and dtype.kind == "b":
        return "uint8"
    if images and dtype.kind == "u":
        return dtype.name  # by BZERO, as the standard has it
    name = _WIDER.get(dtype.name, dtype.name)
    if name not in _FORMS:
        raise ValueError(f"FITS has no numbers of the type {dtype}")
    return name


def column_name(name: str) -> str:
    """Name a column; TIME is what tools take for seconds."""
    return "UTC" if name == "time" else name.upper()


def elapsed(times: np.ndarray) -> fits.Column:
    """Return the seconds since the first of times, for tools."""
    from astropy.io import fits

    away = (times - times[0]) / np.timedelta64(1, "s")
    return fits.Column("TIME", "D", "s", array=away)
