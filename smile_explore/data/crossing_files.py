"""Lists of boundary crossings as CSV or JSON, one row each, and back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import policy
from smile_explore.data._whole import refuse_to_replace, whole
from smile_explore.data.policy import Policy
from smile_explore.schema import COMPONENTS, CROSSINGS

__all__ = ["read", "write"]

_FORMAT = "smile_explore crossings 1"
_VECTORS = tuple(
    name
    for name, variable in CROSSINGS.variables.items()
    if "component" in variable.dims
)
_TEXTS = ("boundary", "direction", "normal_method", "notes")
_NUMBERS = tuple(
    name for name in CROSSINGS.variables if name not in (*_VECTORS, *_TEXTS)
)


def write(
    crossings: xr.Dataset,
    path: str | PathLike[str],
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write crossings to a file.

    Parameters
    ----------
    crossings : xarray.Dataset (CROSSINGS)
    path : str or path-like
        Its ending says how: ``.csv``, a table that begins with comments, or
        ``.json``.
    terms : Policy, optional
        By default what `policy.of` finds in the crossings.
    overwrite : bool
        Whether a file that is there is replaced.

    Raises
    ------
    ValueError
        If it ends otherwise, or the crossings are none.
    FileExistsError
        If the file is there and is not to be replaced.
    OSError
        If it cannot be written; nothing of it is left then.
    """
    CROSSINGS.check(crossings)
    path = Path(path)
    writer, _ = _forms(path)
    refuse_to_replace(path, overwrite=overwrite)
    about = _about(crossings, terms or policy.of(crossings))
    with whole(path) as part:
        part.write_text(writer(crossings, about), "utf-8")


def read(path: str | PathLike[str]) -> xr.Dataset:
    """Read crossings that `write` wrote, or a table with the same columns.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    crossings : xarray.Dataset (CROSSINGS)
        As they were, to the last digit.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no list of crossings, or a column is missing.
    """
    path = Path(path)
    _, reader = _forms(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no list of crossings at {path}")
    try:
        table, about = reader(path.read_text("utf-8"))
        return _dataset(table, about)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path.name} is no list of crossings: {error}"
        ) from error


_Writer = Callable[[xr.Dataset, dict[str, Any]], str]
_Reader = Callable[[str], tuple[pd.DataFrame, dict[str, Any]]]


def _forms(path: Path) -> tuple[_Writer, _Reader]:
    forms: dict[str, tuple[_Writer, _Reader]] = {
        ".csv": (_to_csv, _from_csv),
        ".json": (_to_json, _from_json),
    }
    if path.suffix.lower() not in forms:
        raise ValueError(
            f"a list of crossings must be named .csv or .json, got {path.name}"
        )
    return forms[path.suffix.lower()]


def _table(crossings: xr.Dataset) -> pd.DataFrame:
    """Return one row for each crossing, vectors by component."""
    times = crossings["time"].values.astype("datetime64[ns]")
    columns: dict[str, Any] = {"time": np.datetime_as_string(times)}
    for name in CROSSINGS.variables:
        values = crossings[name].values
        if name not in _VECTORS:
            columns[name] = values
            continue
        for number, component in enumerate(COMPONENTS):
            columns[f"{name}_{component}"] = values[:, number]
    return pd.DataFrame(columns)


def _about(crossings: xr.Dataset, terms: Policy) -> dict[str, Any]:
    settings = {k: v for k, v in crossings.attrs.items() if k != "schema"}
    units = {name: one.units for name, one in CROSSINGS.variables.items()}
    return {
        "format": _FORMAT,
        "settings": settings,
        "units": units,
        "policy": policy.plain(terms),
    }


def _to_csv(crossings: xr.Dataset, about: dict[str, Any]) -> str:
    head = "".join(f"# {key}: {json.dumps(about[key])}\n" for key in about)
    return head + _table(crossings).to_csv(index=False)


def _from_csv(text: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    lines = text.splitlines(keepends=True)
    head = 0
    while head < len(lines) and lines[head].startswith("#"):
        head += 1
    about = {}
    for line in lines[:head]:
        key, _, value = line.lstrip("# ").partition(": ")
        about[key] = json.loads(value) if key == "settings" else value
    # As text, so that Python reads the numbers: pandas' own readers differ
    # in the last digit from version to version.
    table = pd.read_csv(
        io.StringIO("".join(lines[head:])), dtype=str, keep_default_na=False
    )
    for name in set(_plain_numbers()) & set(table):
        table[name] = [float(text or "nan") for text in table[name]]
    return table, about


def _plain_numbers() -> list[str]:
    parts = [f"{name}_{one}" for name in _VECTORS for one in COMPONENTS]
    return [*_NUMBERS, *parts]


def _to_json(crossings: xr.Dataset, about: dict[str, Any]) -> str:
    rows = _table(crossings).to_dict("records")
    plain = [
        {
            key: None if isinstance(value, float) and value != value else value
            for key, value in row.items()
        }
        for row in rows
    ]
    return json.dumps(about | {"crossings": plain}, indent=1, allow_nan=False)


def _from_json(text: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    whole = json.loads(text)
    if not isinstance(whole, dict) or whole.get("format") != _FORMAT:
        raise ValueError(f"its format is not {_FORMAT!r}")
    table = pd.DataFrame(whole["crossings"])
    if table.empty:
        table = pd.DataFrame(
            columns=["time", *_TEXTS, *_plain_numbers()], dtype=object
        )
    return table, whole


def _dataset(table: pd.DataFrame, about: dict[str, Any]) -> xr.Dataset:
    wanted = ["time", *_TEXTS, *_plain_numbers()]
    if lacking := [name for name in wanted if name not in table]:
        raise ValueError(f"it lacks the columns {', '.join(lacking)}")
    columns: dict[str, Any] = {}
    for name, variable in CROSSINGS.variables.items():
        if name in _TEXTS:
            values = table[name].fillna("").to_numpy(dtype=str)
        elif name in _VECTORS:
            parts = [f"{name}_{one}" for one in COMPONENTS]
            values = table[parts].to_numpy(dtype=float)
        else:
            values = table[name].to_numpy(dtype=float)
        told = {"frame": "GSM"} if name in _VECTORS else {}
        columns[name] = (variable.dims, values, told)
    times = table["time"].to_numpy(dtype="datetime64[ns]")
    coords = {"time": ("crossing", times), "component": list(COMPONENTS)}
    settings = about.get("settings", {})
    return CROSSINGS.stamp(xr.Dataset(columns, coords, settings))
