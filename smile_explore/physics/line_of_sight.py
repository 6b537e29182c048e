"""Exact integrals through gridded fields along lines of sight.

Between the nodes of a grid a field is taken as its trilinear interpolant.
Along a ray that is a cubic in each cell, so walking from cell to cell (as
Amanatides & Woo 1987) with the two-point rule of Gauss integrates it exactly:
there is no step size to choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics._line_of_sight_blocks import (
    cast,
    cuts,
    lazy_sums,
    sum_in_memory,
)
from smile_explore.schema import COMPONENTS

__all__ = ["integrate"]

_GRID = ("x", "y", "z")
#: R_E -> cm, eV -> keV, and over the full sphere.
_KEV_PER_STERADIAN = EARTH_RADIUS * 1e5 / 1e3 / (4.0 * np.pi)


def integrate(
    field: xr.DataArray,
    position: xr.DataArray | np.ndarray | Sequence[float],
    directions: xr.DataArray,
    *,
    tail: bool = True,
) -> xr.DataArray:
    """Intensity seen along rays through a field of emissivity.

    I = 1 / (4 pi) times the integral of the emissivity along each ray, for
    light that is emitted equally to all sides and not absorbed.

    Parameters
    ----------
    field : xarray.DataArray
        Emissivity on the axes x, y, z [R_E], which may be spaced unevenly,
        with or without `time`. Reduced block by block, and lazily, where it
        is a dask array. [eV cm-3 s-1]
    position : xarray.DataArray or array_like of 3 floats
        Where the rays start, with dimension `component`, GSM. [R_E]
    directions : xarray.DataArray
        Where the rays go, with dimension `component`, GSM; of any length,
        for only their direction counts.
    tail : bool, optional
        Continue the field beyond the grid, and from a spacecraft outside to
        the grid, as r^-3 from its value at the edge: the fall of the
        geocorona in a uniform solar wind.

    Returns
    -------
    intensity : xarray.DataArray
        Dimensions of `directions` without `component`, led by `time` where
        any input has it. [keV cm-2 s-1 sr-1]

    Raises
    ------
    TypeError
        If `field` or `directions` is no DataArray.
    ValueError
        If an axis is missing, not finite or not increasing; if a unit or a
        frame is another; if times differ; if the spacecraft is inside Earth,
        a direction has no length, or no ray at all crosses the grid.

    Notes
    -----
    A ray that misses the grid is NaN, and so is one that crosses a cell with
    a NaN at a corner, or whose tail would run into the Earth. Inside the
    grid a ray is not stopped by the Earth. Values are read as float32 and
    summed as float64, which costs about 1e-7 of the result.

    References
    ----------
    .. [1] Amanatides & Woo (1987), Eurographics 87,
       https://doi.org/10.2312/egtp.19871000.
    """
    field = _checked_field(field)
    position, directions = _checked_rays(position, directions)
    image = _template(field, position, directions)
    axes = tuple(field[axis].values.astype(np.float64) for axis in _GRID)
    meeting = cuts(field.shape[-3:], field.chunks and field.chunks[-3:])
    rays = [
        cast(axes, meeting, *pair) for pair in _pairs(position, directions)
    ]
    if all(group.missed.all() for group in rays):
        raise ValueError(_no_ray_message(axes, position))
    steps = image.sizes.get("time", 1)
    rays *= steps // len(rays)
    if "time" not in field.dims:
        field = field.expand_dims(time=steps)
    if field.chunks is None:
        sums = np.stack(
            [
                sum_in_memory(field.data[n], axes, group, tail=tail)
                for n, group in enumerate(rays)
            ]
        )
    else:
        sums = lazy_sums(field.data, axes, rays, tail=tail)
    intensity = _KEV_PER_STERADIAN * sums.reshape(image.shape)
    return image.copy(data=intensity).assign_attrs(
        tail="r^-3 beyond the grid" if tail else "none"
    )


def _checked_field(field: xr.DataArray) -> xr.DataArray:
    """Refuse what is no emissivity on a grid; put time, x, y, z in order."""
    if not isinstance(field, xr.DataArray):
        raise TypeError(
            f"field must be an xarray.DataArray, got {type(field).__name__}"
        )
    if not {*_GRID} <= set(field.dims) <= {"time", *_GRID}:
        raise ValueError(
            "field must have the dimensions x, y, z, and may have time; got "
            f"{', '.join(map(str, field.dims))}"
        )
    _check_units("field", field, "eV cm-3 s-1")
    for name in _GRID:
        _check_axis(field, name)
    return field.transpose("time", *_GRID, missing_dims="ignore")


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


def _checked_rays(
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


def _template(
    field: xr.DataArray, position: xr.DataArray, directions: xr.DataArray
) -> xr.DataArray:
    """Return an image with the dimensions and coordinates of the result."""
    image = directions.isel(component=0, drop=True)
    strange = set(position.dims) - {"time", "component", *image.dims}
    if strange:
        raise ValueError(
            "position may have time, component and dimensions of directions, "
            f"got {', '.join(map(str, strange))} too"
        )
    timed = [a for a in (directions, position, field) if "time" in a.dims]
    for array in timed[1:]:
        if not np.array_equal(array["time"].values, timed[0]["time"].values):
            raise ValueError(
                "field, position and directions must have the same times; "
                "select one at the times of the other with "
                '.sel(time=..., method="nearest")'
            )
    if timed and "time" not in image.dims:
        image = image.drop_vars("time", errors="ignore").expand_dims(
            time=timed[0]["time"].values
        )
    image.attrs = {
        "units": "keV cm-2 s-1 sr-1",
        "long_name": "X-ray intensity",
    }
    return image.rename("intensity")


def _at(array: xr.DataArray, n: int) -> xr.DataArray:
    return array.isel(time=n) if "time" in array.dims else array


def _pairs(
    position: xr.DataArray, directions: xr.DataArray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield origins (rays or 1, 3) and directions (rays, 3) of each time."""
    sizes = {**directions.sizes, **position.sizes}
    for n in range(sizes.get("time", 1)):
        start, along = _at(position, n), _at(directions, n)
        if start.ndim > 1:
            start = start.broadcast_like(along).transpose(*along.dims)
        yield start.values.reshape(-1, 3), along.values.reshape(-1, 3)


def _no_ray_message(
    axes: tuple[np.ndarray, ...], position: xr.DataArray
) -> str:
    box = ", ".join(
        f"{name} {axis[0]:g} to {axis[-1]:g}"
        for name, axis in zip(_GRID, axes, strict=True)
    )
    seat = np.nanmean(position.values.reshape(-1, 3), axis=0).round(2).tolist()
    return (
        f"no ray crosses the field's grid ({box} R_E) from {seat} R_E; "
        "point the camera at it, or use a larger grid"
    )
