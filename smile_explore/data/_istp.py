"""Datasets of the house in the form of ISTP (`_istp_reading` reads it).

Every dimension has a variable of its name: numbers with DELTA_MINUS_VAR and
DELTA_PLUS_VAR where the schema has edges, or labels. What ISTP has no place
for (settings, frames of estimates) stands as JSON in the global attribute
`Settings`.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.data._cdf import to_tt2000
from smile_explore.schema import Schema

__all__ = ["to_istp"]

_FLOAT_FILL = -1e31
_TIME_FILL = np.int64(-(2**63))
#: Attributes that have a place of their own.
_TOLD = {"units", "long_name", "frame"}
#: To the unit of the SI.
_SI = {
    "nT": "1e-9>T",
    "cm-3": "1e6>m^-3",
    "km s-1": "1e3>m s^-1",
    "eV": "1.602176634e-19>J",
    "deg": "1.7453292519943e-2>rad",
    "mW m-2": "1e-3>W m^-2",
    "s3 m-6": "1>s^3 m^-6",
    "s": "1>s",
    "V": "1>V",
}


def to_istp(
    data: xr.Dataset, schema: Schema, about: dict[str, Any]
) -> xr.Dataset:
    """Return a dataset that `_cdf.write` writes without a warning.

    Parameters
    ----------
    data : xarray.Dataset
        Of the schema, along `time`.
    schema : Schema
    about : dict
        Global attributes of ISTP.
    """
    schema.check(data)
    if "time" not in data.dims:
        raise ValueError(
            f"a file of {schema.name} holds a series: give it a dimension "
            'with .expand_dims("time")'
        )
    if not (np.diff(data["time"].values) > np.timedelta64(0)).all():
        raise ValueError(
            f"{schema.name}: the times must increase to be written; sort "
            'them with .sortby("time")'
        )
    data = data.compute()
    made: dict[str, Any] = {"Epoch": _epoch(data["time"].values)}
    for name in map(str, (*data.data_vars, *data.coords)):
        if name != "time" and (data[name].ndim or name in data.data_vars):
            made[name] = _variable(data, name)
    _with_deltas(made, data)
    _with_labels(made, data)
    return xr.Dataset(made, attrs=about | {"Settings": _settings(data)})


def _settings(data: xr.Dataset) -> str:
    kept: dict[str, Any] = {"": data.attrs}
    for name in data.variables:
        own = {k: v for k, v in data[name].attrs.items() if k not in _TOLD}
        if own:
            kept[str(name)] = own
    scalars = {
        str(name): data[name].item()
        for name in data.coords
        if not data[name].ndim
    }
    # Records come first in a file, whatever the order was.
    orders = {
        str(name): array.dims
        for name, array in data.variables.items()
        if "time" in array.dims[1:]
    }
    return json.dumps(
        {"attributes": kept, "scalars": scalars, "orders": orders},
        default=_plain,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(
        f"an attribute cannot be written: {type(value).__name__} is neither "
        "text, number, truth value nor a list or mapping of these"
    )


def _epoch(time: np.ndarray) -> xr.Variable:
    epoch = to_tt2000(time)
    return xr.Variable(
        "Epoch",
        epoch,
        {
            "CATDESC": "Time, middle of the sample",
            "FIELDNAM": "Time",
            "FORMAT": "I20",
            "UNITS": "ns",
            "VAR_TYPE": "support_data",
            "SCALETYP": "linear",
            "MONOTON": "INCREASE",
            "TIME_BASE": "J2000",
            "TIME_SCALE": "Terrestrial Time",
            "REFERENCE_POSITION": "Rotating Earth Geoid",
            "SI_CONVERSION": "1e-9>s",
            "LABLAXIS": "Time",
            "FILLVAL": _TIME_FILL,
            "VALIDMIN": np.int64(-(2**62)),
            "VALIDMAX": np.int64(2**62),
        },
    )


def _variable(data: xr.Dataset, name: str) -> xr.Variable:
    array = data[name].transpose("time", ..., missing_dims="ignore")
    found = array.values
    if found.dtype.kind in "OU":
        return _text(array, name)
    if found.dtype.kind == "b":
        found = found.astype(np.uint8)
    dims = tuple("Epoch" if dim == "time" else str(dim) for dim in array.dims)
    along = dims[:1] == ("Epoch",)
    units = array.attrs.get("units", "1")
    told = {
        "CATDESC": str(array.attrs.get("long_name", name)),
        "FIELDNAM": name,
        "FORMAT": "I3" if found.dtype.kind in "iu" else "E14.7",
        "UNITS": " " if units == "1" else units,
        "VAR_TYPE": "data" if along else "support_data",
        "SCALETYP": "log" if name in ("vdf", "energy") else "linear",
        "FILLVAL": _fill(found.dtype),
        "VALIDMIN": _limit(found.dtype, -1),
        "VALIDMAX": _limit(found.dtype, 1),
        "SI_CONVERSION": _SI.get(units, " > "),
    }
    if frame := array.attrs.get("frame"):
        told["COORDINATE_SYSTEM"] = frame
    told |= _axes(data, dims, name)
    return xr.Variable(dims, found, told)


def _axes(
    data: xr.Dataset, dims: tuple[str, ...], name: str
) -> dict[str, Any]:
    """Say along which variables a variable runs, and how it is shown."""
    along = dims[:1] == ("Epoch",)
    others = dims[1:] if along else dims
    told: dict[str, Any] = {"DEPEND_0": "Epoch"} if along else {}
    if others == (name,):
        return told | {"LABLAXIS": name}
    numbers = [dim for dim in others if _is_axis(data, dim)]
    for number, dim in enumerate(others, 1):
        told[f"DEPEND_{number}"] = dim
        if along:
            label = f"{dim}_label" if dim in numbers else dim
            told[f"LABL_PTR_{number}"] = label
    if not (along and others):
        told["LABLAXIS"] = name
    tensor = sum(dim.endswith("component") for dim in others)
    if tensor:
        told["TENSOR_ORDER"] = np.int32(tensor)
    told["DISPLAY_TYPE"] = "spectrogram" if numbers else "time_series"
    return told


def _is_axis(data: xr.Dataset, dim: str) -> bool:
    return dim in data.coords and data[dim].dtype.kind in "fiu"


def _text(array: xr.DataArray, name: str) -> xr.Variable:
    if "time" in array.dims:
        raise ValueError(
            f"{name} is text along time, which a CDF file of this form does "
            f'not hold; leave it out with .drop_vars("{name}")'
        )
    return xr.Variable(
        array.dims,
        array.values.astype(str),
        {
            "CATDESC": f"Labels of {name}",
            "FIELDNAM": name,
            "FORMAT": "A16",
            "VAR_TYPE": "metadata",
        },
    )


def _with_deltas(made: dict[str, Any], data: xr.Dataset) -> None:
    """Turn the edges of bins into distances from their middle."""
    for name in ("energy", "elevation", "azimuth"):
        for side, edge, sign in (
            ("MINUS", f"{name}_low", -1.0),
            ("PLUS", f"{name}_high", 1.0),
        ):
            if edge not in made or name not in made:
                continue
            away = sign * (data[edge] - data[name])
            away = away.transpose(*data[edge].dims)
            delta = f"{name}_delta_{side.lower()}"
            told = made.pop(edge).attrs | {"FIELDNAM": delta}
            told["CATDESC"] = f"Distance to the {side.lower()} edge of {name}"
            made[delta] = xr.Variable(away.dims, away.values, told)
            made[name].attrs[f"DELTA_{side}_VAR"] = delta


def _with_labels(made: dict[str, Any], data: xr.Dataset) -> None:
    """Add the labels of axes of numbers that spectrograms point to."""
    pointed = {
        value
        for one in made.values()
        for key, value in one.attrs.items()
        if key.startswith("LABL_PTR")
    }
    for label in pointed - set(made):
        dim = label.removesuffix("_label")
        shown = xr.DataArray(
            [f"{dim} {value:.6g}" for value in data[dim].values], dims=dim
        )
        made[label] = _text(shown, label)
        made[label].attrs["DEPEND_1"] = dim


def _fill(dtype: np.dtype) -> Any:
    if dtype.kind == "f":
        return dtype.type(_FLOAT_FILL)
    return np.iinfo(dtype).max if dtype.kind == "u" else np.iinfo(dtype).min


def _limit(dtype: np.dtype, sign: int) -> Any:
    if dtype.kind == "f":
        return dtype.type(sign * 1e30)
    limits = np.iinfo(dtype)
    return limits.max - 1 if sign > 0 else limits.min + (dtype.kind == "i")
