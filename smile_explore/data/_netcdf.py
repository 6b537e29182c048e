"""Datasets in NetCDF as they are: types, attributes, times to the nanosecond.

Attributes that NetCDF cannot hold as they are (truth values, lists, nothing)
are written as JSON and named in ``json_attributes``.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import xarray as xr

from smile_explore.data._whole import refuse_to_replace, whole

__all__ = [
    "attributes_of",
    "clause",
    "read_dataset",
    "read_group",
    "write_dataset",
    "write_groups",
]

_JSON = "json_attributes"
_EPOCH = "nanoseconds since 1970-01-01"
#: Under it, a file of one dataset says of which schema it is.
_FORMAT = "smile_explore {} 1"


def write_groups(
    groups: Mapping[str, xr.Dataset],
    path: str | PathLike[str],
    attributes: Mapping[str, Any],
) -> None:
    """Write datasets as groups of a file, whole or not at all.

    Parameters
    ----------
    groups : mapping of str to xarray.Dataset
        By name; ``"/"`` is the root. Lazy ones are computed.
    path : str or path-like
        A file of the same name is replaced.
    attributes : mapping
        Of the file: texts and numbers.

    Raises
    ------
    TypeError
        If an attribute cannot be stored.
    OSError
        If the file cannot be written.
    """
    stored = {name: _to_store(data) for name, data in groups.items()}
    tree = xr.DataTree.from_dict(stored)
    tree.attrs = {**tree.attrs, **attributes}
    encoding = {
        f"/{name.strip('/')}": _encoding(group)
        for name, group in stored.items()
    }
    with whole(path) as part:
        try:
            tree.to_netcdf(part, engine="netcdf4", encoding=encoding)
        except RuntimeError as error:  # what netCDF4 says of a full disk
            raise OSError(str(error)) from error


def attributes_of(path: Path) -> tuple[dict[str, Any], set[str]]:
    """Return the attributes of a file and the names of its groups."""
    with netCDF4.Dataset(path) as file:
        return {key: file.getncattr(key) for key in file.ncattrs()}, set(
            file.groups
        )


def read_group(path: Path, group: str | None) -> xr.Dataset:
    """Read a dataset into memory; the file is closed again."""
    with xr.open_dataset(
        path, group=group, engine="netcdf4", decode_timedelta=False, cache=True
    ) as file:
        return _from_store(file.load())


def write_dataset(
    data: xr.Dataset,
    path: str | PathLike[str],
    attributes: Mapping[str, Any],
    *,
    overwrite: bool,
) -> None:
    """Write one stamped dataset as a file of its own.

    Raises
    ------
    ValueError
        If the file is not named ``.nc``.
    FileExistsError
        If the file is there and is not to be replaced.
    """
    if Path(path).suffix != ".nc":
        raise ValueError(
            f"a NetCDF file must be named .nc, got {Path(path).name}"
        )
    refuse_to_replace(path, overwrite=overwrite)
    form = _FORMAT.format(data.attrs["schema"])
    # Its own attributes apart from those of the file, to come back alone.
    own = json.dumps(_attributes_to_store(data.attrs))
    told = {"format": form, "settings": own, **attributes}
    write_groups({"/": data.drop_attrs(deep=False)}, path, told)


def read_dataset(path: str | PathLike[str], schema: str) -> xr.Dataset:
    """Read what `write_dataset` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is damaged, or holds something else.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no NetCDF file at {path}")
    wanted = _FORMAT.format(schema)
    try:
        told, _ = attributes_of(path)
        if told.get("format") == wanted:
            data = read_group(path, None)
            data.attrs = _attributes_from_store(json.loads(told["settings"]))
            return data
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise ValueError(
            f"{path.name} is damaged or only partly written "
            f"({clause(error)}); get it again"
        ) from error
    raise ValueError(
        f"{path.name} holds no {schema} of smile_explore: its format is "
        f"{told.get('format')!r} instead of {wanted!r}"
    )


def clause(error: Exception) -> str:
    """Return the first line of what an error says."""
    return (str(error) or type(error).__name__).splitlines()[0]


def _encoding(dataset: xr.Dataset) -> dict[Hashable, dict]:
    """Compress numbers; keep times to the nanosecond."""
    encoding: dict[Hashable, dict] = {}
    for name, array in dataset.variables.items():
        if array.dtype.kind == "M":
            encoding[name] = {"units": _EPOCH, "dtype": "int64"}
        elif array.dtype.kind in "fiu" and array.ndim:
            encoding[name] = {"zlib": True, "complevel": 1, "shuffle": True}
    return encoding


def _to_store(dataset: xr.Dataset) -> xr.Dataset:
    """Return a copy in memory whose attributes NetCDF can hold."""
    stored = dataset.compute()
    stored.attrs = _attributes_to_store(dataset.attrs)
    for name in stored.variables:
        variable = stored.variables[name]
        variable.attrs = _attributes_to_store(variable.attrs)
        variable.encoding = {}
    stored.encoding = {}
    return stored


def _from_store(dataset: xr.Dataset) -> xr.Dataset:
    dataset.attrs = _attributes_from_store(dataset.attrs)
    for name in list(dataset.variables):
        variable = dataset.variables[name]
        variable.attrs = _attributes_from_store(variable.attrs)
        if variable.dtype == object:
            dataset[name] = dataset[name].astype(str)
            variable = dataset.variables[name]
        variable.encoding = {}
    dataset.encoding = {}
    return dataset


def _attributes_to_store(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    written = []
    for name, value in attributes.items():
        if isinstance(value, np.generic):
            value = value.item()
        if type(value) in (int, float) or (isinstance(value, str) and value):
            kept[name] = value
            continue
        try:
            kept[name] = json.dumps(value)
        except TypeError:
            raise TypeError(
                f"the attribute {name} cannot be saved: "
                f"{type(value).__name__} is neither text, number, truth value "
                "nor a list or mapping of these"
            ) from None
        written.append(name)
    if written:
        kept[_JSON] = json.dumps(written)
    return kept


def _attributes_from_store(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    kept = dict(attributes)
    written = json.loads(kept.pop(_JSON, "[]"))
    for name, value in kept.items():
        if name in written:
            kept[name] = json.loads(value)
        elif isinstance(value, np.generic):
            kept[name] = value.item()
    return kept
