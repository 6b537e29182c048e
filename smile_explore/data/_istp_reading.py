"""Datasets of the house back from the form that `_istp` gave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from smile_explore.data._cdf import FilePath, attributes, times, values

if TYPE_CHECKING:
    import cdflib

__all__ = ["from_istp"]


def from_istp(file: cdflib.cdfread.CDF, path: FilePath) -> xr.Dataset:
    """Return the dataset that `to_istp` was given, edges by their deltas."""
    names = file.cdf_info().zVariables
    if "Epoch" not in names:
        raise ValueError(
            f"{Path(path).name} has no variable Epoch, so no times; it has "
            f"{', '.join(names) or 'no variables'}"
        )
    told = {name: attributes(file, name) for name in names}
    deltas = {
        told[name].get(f"DELTA_{side}_VAR")
        for name in names
        for side in ("MINUS", "PLUS")
    }
    data = xr.Dataset(coords={"time": times(file, "Epoch")})
    kept = [
        name
        for name in names
        if name != "Epoch"
        and name not in deltas
        and not name.endswith("_label")
    ]
    # Axes first, so that the rest finds their dimensions.
    for name in sorted(kept, key=lambda one: "DEPEND_1" in told[one]):
        array = _array(file, name, told)
        own_axis = array.dims == (name,)
        data = (
            data.assign_coords({name: array})
            if own_axis
            else (data.assign({name: array}))
        )
    data = _with_edges(data, file, told, path)
    return _with_settings(data, file)


def _array(
    file: cdflib.cdfread.CDF, name: str, told: dict[str, dict[str, Any]]
) -> xr.DataArray:
    own = told[name]
    found = values(file, name)
    if found.dtype == np.uint8:
        found = found.astype(bool)
    dims = ["time"] if own.get("DEPEND_0") else []
    number = 1
    while f"DEPEND_{number}" in own:
        dims.append(own[f"DEPEND_{number}"])
        number += 1
    if found.ndim == 1 and not dims:
        dims = [name] if found.size > 1 or _points_to(name, told) else []
        found = found if dims else found[0]
    if "time" in dims and found.ndim == len(dims) - 1:
        found = found[None]  # cdflib drops the dimension of a single record
    array = xr.DataArray(found, dims=dims)
    if found.dtype.kind not in "SU":
        units = str(own.get("UNITS", "")).strip()
        array.attrs = {"units": units or "1"}
        if "CATDESC" in own:
            array.attrs["long_name"] = own["CATDESC"]
        if "COORDINATE_SYSTEM" in own:
            array.attrs["frame"] = own["COORDINATE_SYSTEM"]
    return array


def _points_to(name: str, told: dict[str, dict[str, Any]]) -> bool:
    return any(
        value == name
        for one in told.values()
        for key, value in one.items()
        if key.startswith(("DEPEND_", "LABL_PTR_"))
    )


def _with_edges(
    data: xr.Dataset,
    file: cdflib.cdfread.CDF,
    told: dict[str, dict[str, Any]],
    path: FilePath,
) -> xr.Dataset:
    """Add the edges of the bins of a distribution."""
    if "vdf" not in data:
        return data
    for name in ("energy", "elevation", "azimuth"):
        for side, edge, sign in (("MINUS", "low", -1), ("PLUS", "high", 1)):
            delta = told.get(name, {}).get(f"DELTA_{side}_VAR")
            if delta not in told:
                raise ValueError(
                    f"{Path(path).name}: {name} has no DELTA_{side}_VAR, so "
                    "that the width of its bins, and with it any moment, is "
                    "not known; add it to the file"
                )
            away = _array(file, delta, told)
            if not away.ndim:
                away = away.expand_dims(name)
            elif away.dims == (delta,):
                away = away.rename({delta: name})
            edges = data[name] + sign * away
            edges = edges.transpose(*away.dims)
            edges.attrs = {"units": data[name].attrs["units"]}
            data[f"{name}_{edge}"] = edges
    return data


def _with_settings(data: xr.Dataset, file: cdflib.cdfread.CDF) -> xr.Dataset:
    written = file.globalattsget().get("Settings")
    if not written:
        return data
    kept = json.loads("".join(written))
    for name, own in kept["attributes"].items():
        if not name:
            data.attrs = own
        elif name in data.variables:
            data[name].attrs.update(own)
    for name, order in kept["orders"].items():
        data[name] = data[name].transpose(*order)
    return data.assign_coords(kept["scalars"])
