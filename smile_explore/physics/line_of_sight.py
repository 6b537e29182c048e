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
    sum_in_memory,
)
from smile_explore.physics._line_of_sight_checks import (
    GRID,
    checked_field,
    checked_rays,
)
from smile_explore.physics._line_of_sight_lazy import lazy_sums
from smile_explore.physics._sampling import at_points
from smile_explore.schema import COMPONENTS, PROFILE

__all__ = ["integrate", "profile"]

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
    field = checked_field(field)
    position, directions = checked_rays(position, directions)
    image = _template(field, position, directions)
    axes = tuple(field[axis].values.astype(np.float64) for axis in GRID)
    meeting = cuts(field.shape[-3:], field.chunks and field.chunks[-3:])
    groups = [
        cast(axes, meeting, *pair, tail=tail)
        for pair in _pairs(position, directions)
    ]
    if all(rays.missed.all() for rays, _ in groups):
        raise ValueError(_no_ray_message(axes, position))
    steps = image.sizes.get("time", 1)
    groups *= steps // len(groups)
    if "time" not in field.dims:
        field = field.expand_dims(time=steps)
    rays, blocks = zip(*groups, strict=True)
    if field.chunks is None:
        sums = np.stack(
            [sum_in_memory(field.data[n], one) for n, one in enumerate(rays)]
        )
    else:
        sums = lazy_sums(field.data, rays, blocks)
    intensity = _KEV_PER_STERADIAN * sums.reshape(image.shape)
    return image.copy(data=intensity).assign_attrs(
        tail="r^-3 beyond the grid" if tail else "none"
    )


def profile(
    field: xr.DataArray,
    position: xr.DataArray | np.ndarray | Sequence[float],
    direction: xr.DataArray | np.ndarray | Sequence[float],
) -> xr.Dataset:
    """Emissivity along one ray: where the light of `integrate` comes from.

    Parameters
    ----------
    field : xarray.DataArray
        Emissivity on the axes x, y, z [R_E], at one time. Of a dask array
        only what the ray crosses is read. [eV cm-3 s-1]
    position : xarray.DataArray or array_like of 3 floats
        Where the ray starts, GSM. [R_E]
    direction : xarray.DataArray or array_like of 3 floats
        Where it goes, GSM; of any length.

    Returns
    -------
    profile : xarray.Dataset (PROFILE)
        Along `distance` from the start, at the borders of the cells that the
        ray crosses and half way between: `emissivity`; `intensity`, what
        each sample adds to the whole; and the `position`. `beyond` is what
        the r^-3 fall beyond the grid adds [keV cm-2 s-1 sr-1].

    Raises
    ------
    TypeError, ValueError
        As `integrate` does, also if there is more than one ray or time.

    Notes
    -----
    The trilinear interpolant is a cubic within a cell, which three samples
    integrate exactly by Simpson's rule: the sum of `intensity` and `beyond` is
    what `integrate` gives.
    """
    if not isinstance(direction, xr.DataArray):
        direction = xr.DataArray(
            np.asarray(direction, float), dims="component"
        )
    field = checked_field(field)
    start, along = checked_rays(position, direction)
    for name, array in (("field", field), ("direction", along)):
        extra = set(array.dims) - {*GRID, "component"}
        if extra:
            raise ValueError(
                f"a profile has one ray at one time, {name} has "
                f"{', '.join(map(str, extra))} too; choose one with .isel"
            )
    axes = tuple(field[axis].values.astype(np.float64) for axis in GRID)
    distance, weight = _samples(axes, start.values, along.values)
    if not distance.size:
        raise ValueError(_no_ray_message(axes, start))
    points = start.values + distance[:, None] * along.values
    inside = np.clip(points, [a[0] for a in axes], [a[-1] for a in axes])
    values = np.asarray(at_points(field.data, axes, inside), np.float64)
    whole, bare = (
        integrate(field, start, along.expand_dims("ray"), tail=tail)
        for tail in (True, False)
    )
    sampled = xr.Dataset(
        {
            "emissivity": ("distance", values),
            "intensity": ("distance", _KEV_PER_STERADIAN * weight * values),
            "position": (("distance", "component"), points),
            "beyond": float(whole[0]) - float(bare[0]),
        },
        {"distance": distance, "component": list(COMPONENTS)},
    )
    sampled["position"].attrs["frame"] = "GSM"
    return PROFILE.stamp(sampled)


def _samples(
    axes: tuple[np.ndarray, ...], start: np.ndarray, along: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return distances along a ray in a grid, and their Simpson weights."""
    near, far, crossed = 0.0, np.inf, []
    for axis, origin, step in zip(axes, start, along, strict=True):
        if step == 0.0:
            if not axis[0] <= origin <= axis[-1]:
                return np.empty(0), np.empty(0)
            continue
        planes = (axis - origin) / step
        near, far = max(near, planes.min()), min(far, planes.max())
        crossed.append(planes)
    if not near < far:
        return np.empty(0), np.empty(0)
    planes = np.concatenate([*crossed, [near, far]])
    borders = np.unique(planes[(planes >= near) & (planes <= far)])
    # A ray through an edge of cells meets two planes a rounding apart.
    apart = np.diff(borders) > 1e-12 * borders[-1]
    borders = borders[np.append(True, apart)]
    length = np.diff(borders)
    distance = np.empty(2 * borders.size - 1)
    distance[::2], distance[1::2] = borders, borders[:-1] + length / 2.0
    weight = np.zeros_like(distance)
    weight[1::2] = 4.0 * length / 6.0
    weight[:-1:2] += length / 6.0
    weight[2::2] += length / 6.0
    return distance, weight


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
        for name, axis in zip(GRID, axes, strict=True)
    )
    seat = np.nanmean(position.values.reshape(-1, 3), axis=0).round(2).tolist()
    return (
        f"no ray crosses the field's grid ({box} R_E) from {seat} R_E; "
        "point the camera at it, or use a larger grid"
    )
