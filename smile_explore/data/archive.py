"""Save observations in one NetCDF file, and open them again as they were.

Each dataset is a group of the file; the event stands as JSON in the
attributes of the root. Attributes that NetCDF cannot hold as they are (truth
values, lists, nothing) are written as JSON and named in ``json_attributes``.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Hashable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import xarray as xr

import smile_explore
from smile_explore.observations import (
    Event,
    Fact,
    Known,
    Observations,
    Run,
)

__all__ = ["open", "save"]

_FORMAT = "smile_explore observations 1"
_JSON = "json_attributes"
_GROUPS = tuple(
    field.name
    for field in dataclasses.fields(Observations)
    if field.name != "event"
)
#: Instruments that files written before them lack.
_LATER = frozenset(
    field.name
    for field in dataclasses.fields(Observations)
    if field.default_factory is not dataclasses.MISSING
)
_EPOCH = "nanoseconds since 1970-01-01"
_TIMES = ("start", "stop", "focus")


def save(observations: Observations, path: str | PathLike[str]) -> Path:
    """Write observations to one NetCDF file, whole or not at all.

    Parameters
    ----------
    observations : Observations
        Lazy datasets are computed.
    path : str or path-like
        File to write; one of the same name is replaced.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    TypeError
        If `observations` are none, or an attribute cannot be stored.
    OSError
        If the file cannot be written.
    """
    if not isinstance(observations, Observations):
        raise TypeError(
            "only Observations can be saved, got "
            f"{type(observations).__name__}"
        )
    path = Path(path)
    groups = {name: _to_store(getattr(observations, name)) for name in _GROUPS}
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {
        "format": _FORMAT,
        "software": f"smile_explore {smile_explore.__version__}",
        "event": json.dumps(_event_to_plain(observations.event)),
        "Conventions": "CF-1.8",
    }
    encoding = {f"/{name}": _encoding(group) for name, group in groups.items()}
    # Beside the target, so that the last step is a rename on one disk.
    with tempfile.TemporaryDirectory(
        dir=path.parent, prefix=".part-", ignore_cleanup_errors=True
    ) as workshop:
        part = Path(workshop) / path.name
        try:
            tree.to_netcdf(part, engine="netcdf4", encoding=encoding)
        except RuntimeError as error:  # what netCDF4 says of a full disk
            raise OSError(f"{path} cannot be written: {error}") from error
        part.replace(path)
    return path


def open(path: str | PathLike[str]) -> Observations:  # noqa: A001
    """Open observations that `save` wrote.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    observations : Observations
        Read into memory; the file is closed again.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged, partly written, or no file of observations.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file of observations at {path}")
    try:
        with netCDF4.Dataset(path) as file:
            form = getattr(file, "format", None)
            event = getattr(file, "event", "")
            lacking = _LATER - set(file.groups)
        if form == _FORMAT:
            datasets = {
                name: _read(path, name)
                for name in _GROUPS
                if name not in lacking
            }
            return Observations(event=_event_from_plain(event), **datasets)
    except (OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is damaged or only partly written ({_clause(error)}); "
            "save the observations again"
        ) from error
    raise ValueError(
        f"{path} holds no observations of smile_explore: its format is "
        f"{form!r} instead of {_FORMAT!r}"
    )


def _clause(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _read(path: Path, group: str) -> xr.Dataset:
    with xr.open_dataset(
        path, group=group, engine="netcdf4", decode_timedelta=False, cache=True
    ) as file:
        return _from_store(file.load())


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


def _event_to_plain(event: Event) -> dict[str, Any]:
    plain = dataclasses.asdict(event)
    for name in _TIMES:
        plain[name] = str(plain[name])
    plain["moments"] = {k: str(v) for k, v in plain["moments"].items()}
    return plain


def _event_from_plain(text: str) -> Event:
    plain = json.loads(text)
    for name in _TIMES:
        plain[name] = np.datetime64(plain[name])
    plain["moments"] = {
        name: np.datetime64(time) for name, time in plain["moments"].items()
    }
    plain["runs"] = tuple(Run(**run) for run in plain["runs"])
    for name in ("origin", "facts"):
        plain[name] = tuple(Fact(**fact) for fact in plain[name])
    plain["references"] = tuple(plain["references"])
    # files written before events knew the Sun lack it
    plain["sun"] = tuple(Known(**one) for one in plain.get("sun", ()))
    return Event(**plain)
