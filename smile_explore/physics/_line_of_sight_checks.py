"""What a line of sight may be given, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from smile_explore.schema import COMPONENTS

__all__ = ["GRID", "checked_field", "checked_rays"]

GRID = ("x", "y", "z")


def checked_field(field: xr.DataArray) -> xr.DataArray:
    """Refuse what is no emissivity on a grid; put time, x, y, z in order."""
    if not isinstance(field, xr.DataArray):
        raise TypeError(
            f"field must be an xarray.DataArray, got {type(field).__name__}"
        )
    if not {*GRID} <= set(field.dims) <= {"time", *GRID}:
        raise ValueError(
            "field must have the dimensions x, y, z, and may have time; got "
            f"{', '.join(map(str, field.dims))}"
        )
    _check_units("field", field, "eV cm-3 s-1")
    for name in GRID:
        _check_axis(field, name)
    return field.transpose("time", *GRID, missing_dims="ignore")


def _check_axis(field: xr.DataArray, name: str) -> None:
    if name not in field.coords:
        raise ValueError(f"field lacks the coordinate {name} [R_E]")
    _check_units(name, field[name], "R_E")
    values = field[name].values
    if not np.isfinite(values).all():
        raise ValueError(
            f"the axis {name} must be finite, it holds "
            f"{int((~np.isfinite(values)).sum())} NaN or infinite values"
        )
    if values.size < 2 or not (np.diff(values) > 0).all():
        raise ValueError(
            f"the axis {name} must have two samples or more that increase; "
            f"sort the field with .sortby({name!r})"
        )


def _check_units(name: str, array: xr.DataArray, expected: str) -> None:
    units = array.attrs.get("units", expected)
    if units != expected:
        raise ValueError(
            f"{name} must be in {expected}, got {units}; convert it first"
        )


def checked_rays(
    position: xr.DataArray | np.ndarray | Sequence[float],
    directions: xr.DataArray,
) -> tuple[xr.DataArray, xr.DataArray]:
    """Refuse rays that make no sense; give directions the length 1."""
    if not isinstance(directions, xr.DataArray):
        raise TypeError(
            "directions must be an xarray.DataArray, got "
            f"{type(directions).__name__}"
        )
    if not isinstance(position, xr.DataArray):
        position = xr.DataArray(np.asarray(position, float), dims="component")
    position = _checked_vector("position", position)
    _check_units("position", position, "R_E")
    distance = np.linalg.norm(position.values, axis=-1)
    if (distance < 1.0).any():
        raise ValueError(
            "position must be outside Earth, got a distance of "
            f"{np.nanmin(distance):.3g} R_E from its centre; is it in R_E?"
        )
    directions = _checked_vector("directions", directions)
    length = np.linalg.norm(directions.values, axis=-1, keepdims=True)
    if (length == 0.0).any():
        raise ValueError(
            f"directions must have a length, {int((length == 0.0).sum())} of "
            f"{length.size} are (0, 0, 0)"
        )
    unit = directions.values / length
    # a part this small moves a ray by nothing, but would overflow as 1 / part
    unit[np.abs(unit) < 1e-15] = 0.0
    return position, directions.copy(data=unit)


def _checked_vector(name: str, vector: xr.DataArray) -> xr.DataArray:
    if vector.sizes.get("component") != 3:
        raise ValueError(
            f"{name} must have a dimension component of 3 values, got "
            f"{dict(vector.sizes)}"
        )
    frame = vector.attrs.get("frame", "GSM")
    if frame != "GSM":
        raise ValueError(
            f"{name} must be in GSM, got {frame}; use frames.rotate"
        )
    if "component" in vector.coords:
        vector = vector.sel(component=list(COMPONENTS))
    vector = vector.drop_vars("component", errors="ignore").compute()
    return vector.astype(np.float64).transpose(
        "time", ..., "component", missing_dims="ignore"
    )
