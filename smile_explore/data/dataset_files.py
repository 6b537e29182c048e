"""Any dataset as a file that other tools read: CSV, NetCDF, FITS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import _netcdf, policy
from smile_explore.data._dataset_fits import write_fits
from smile_explore.data._whole import whole
from smile_explore.data.policy import Policy

__all__ = ["table", "write"]

#: Of what no column of the table has.
_APART: Final = "not in this table, for they have other dimensions: "


def write(data: xr.Dataset, path: Path, terms: Policy) -> None:
    """Write a dataset in the form that the name asks for.

    Parameters
    ----------
    data : xarray.Dataset
        With ``title`` among its attributes; units in those of its variables.
    path : path
        Named ``.csv``, ``.nc`` or ``.fits``.
    terms : Policy
        Stands in the file.

    Raises
    ------
    ValueError
        If the name is of another kind of file, or there is text that FITS
        cannot keep.
    OSError
        If the file cannot be written; nothing of it is left then.
    """
    if path.suffix not in _WRITERS:
        raise ValueError(
            f"data are written as .csv, .nc or .fits, got {path.name}"
        )
    _WRITERS[path.suffix](data.compute(), path, terms)


def table(data: xr.Dataset) -> tuple[pd.DataFrame, list[str]]:
    """Return a dataset as one table.

    A dimension of names (components, estimates) becomes columns, of which
    each has its name at the end. The others make the rows.

    Parameters
    ----------
    data : xarray.Dataset

    Returns
    -------
    table : pandas.DataFrame
        Units by column in ``table.attrs["units"]``.
    apart : list of str
        Variables whose dimensions are not those of the rows.
    """
    flat: dict[str, xr.DataArray] = {}
    for name in data.data_vars:
        flat |= _spread(str(name), data[name])
    for name in data.coords:
        if name not in data.dims and data[name].ndim:
            flat |= _spread(str(name), data[name])
    rows = max((one.dims for one in flat.values()), key=_count(data))
    kept = {
        name: one.reset_coords(drop=True)
        for name, one in flat.items()
        if set(one.dims) <= set(rows)
    }
    apart = sorted(set(flat) - set(kept))
    made = xr.Dataset(kept)
    frame = made.to_dataframe(dim_order=list(rows)) if rows else None
    if frame is None:
        frame = pd.DataFrame(
            {name: [one.item()] for name, one in kept.items()}
        )
    else:
        frame = frame.reset_index()
    units = {
        name: str(one.attrs.get("units", ""))
        for name, one in (*kept.items(), *data.coords.items())
    }
    frame.attrs["units"] = {
        str(name): units.get(str(name), "") for name in frame.columns
    }
    return frame, apart


def _count(data: xr.Dataset) -> Any:
    return lambda dims: int(np.prod([data.sizes[one] for one in dims]))


def _spread(name: str, array: xr.DataArray) -> dict[str, xr.DataArray]:
    """Return an array in parts that have no dimension of names."""
    for dim in array.dims:
        if dim in array.coords and array[dim].dtype.kind in "UO":
            parts: dict[str, xr.DataArray] = {}
            for number, label in enumerate(array[dim].values):
                part = array.isel({dim: number})
                parts |= _spread(f"{name}_{label}", part)
            return parts
    return {name: array}


def _write_csv(data: xr.Dataset, path: Path, terms: Policy) -> None:
    title = str(data.attrs.get("title", ""))
    frame, apart = table(data)
    units = {name: unit for name, unit in frame.attrs["units"].items() if unit}
    lines = [
        title,
        "units: " + ", ".join(f"{k} [{v}]" for k, v in units.items()),
        terms.contents,
        terms.rules,
        terms.acknowledgement,
        f"references: {'; '.join(terms.references)}",
    ]
    if apart:
        lines.append(f"{_APART}{', '.join(apart)}; NetCDF has them")
    head = "".join(f"# {line}\n" for line in lines)
    with whole(path) as part, part.open("w", encoding="utf-8") as file:
        file.write(head)
        frame.to_csv(file, index=False, date_format="%Y-%m-%dT%H:%M:%S.%f")


def _write_netcdf(data: xr.Dataset, path: Path, terms: Policy) -> None:
    _netcdf.write_groups({"/": data}, path, policy.netcdf(terms))


_WRITERS: Final = {
    ".csv": _write_csv,
    ".nc": _write_netcdf,
    ".fits": write_fits,
}
