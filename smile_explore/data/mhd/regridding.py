"""Cubes on other nodes or in another frame, made chunk by chunk."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import dask.array as da
import numpy as np
import xarray as xr
from scipy.interpolate import RegularGridInterpolator

from smile_explore import frames
from smile_explore.data.mhd.grids import Grid, described
from smile_explore.schema import COMPONENTS

__all__ = ["chunk_sizes", "regridded"]

#: Nodes along each side of a chunk where values are resampled, at most.
_SIDE = 128
#: More chunks than this take minutes before anything is computed.
_MOST_CHUNKS = 100_000
#: As the schema orders them.
_ORDER = ("z", "y", "x")
#: Rounding of a rotation moves a node by less; it still lies on the rim. [R_E]
_RIM = 1e-9


def chunk_sizes(
    axes: Mapping[str, np.ndarray], chunks: Mapping[str, int]
) -> tuple[tuple[int, ...], ...]:
    """Sizes of the chunks along z, y and x of a cube that is resampled."""
    shape = tuple(axes[name].size for name in _ORDER)
    asked = tuple(chunks.get(name, _SIDE) for name in _ORDER)
    sides = [
        min(side, size) if side > 0 else size
        for side, size in zip(asked, shape, strict=True)
    ]
    count = np.prod([-(-n // s) for n, s in zip(shape, sides, strict=True)])
    if count > _MOST_CHUNKS:
        raise ValueError(
            f"a grid of {' x '.join(map(str, shape[::-1]))} nodes makes "
            f"{count} chunks, more than {_MOST_CHUNKS}; give a coarser grid, "
            "a box, or larger chunks"
        )
    return da.core.normalize_chunks(sides, shape=shape)


def regridded(
    cube: xr.Dataset, grid: Grid, chunks: Mapping[str, int], *, frame: str
) -> xr.Dataset:
    """Bring a cube onto nodes in GSM, by trilinear interpolation.

    Parameters
    ----------
    cube : xarray.Dataset
        Variables of ``CUBE``, lazy, on axes of `frame`.
    grid : Grid
        Nodes that are wanted; by default the axes of `cube` are kept, as
        axes of GSM now.
    chunks : mapping of str to int
        Sizes of the chunks that are made.
    frame : str
        Frame of the axes and vectors of `cube`; each time is turned by the
        rotation of its moment.

    Returns
    -------
    cube : xarray.Dataset
        In GSM; NaN where the nodes lie outside what `cube` holds, or in a
        cell with a corner that is NaN. Each chunk is made from the part of
        `cube` that it lies in.

    Raises
    ------
    ValueError
        If the frame is not GSM and there is no time.
    """
    axes = {name: cube[name].to_numpy().astype("f8") for name in COMPONENTS}
    limits = {name: (axis[0], axis[-1]) for name, axis in axes.items()}
    finest = min(np.diff(axis).min() for axis in axes.values())
    nodes = axes
    if grid.resamples or grid.box:
        nodes = grid.within(limits, finest)
    cube = _with_time_axis(cube, frame)
    matrices = _matrices(cube, frame)
    sizes = chunk_sizes(nodes, chunks)
    made = {}
    for name, array in cube.data_vars.items():
        if set(COMPONENTS) <= set(array.dims):
            made[name] = _regridded(array, axes, nodes, matrices, sizes)
        else:
            made[name] = array
    kept = {n: c for n, c in cube.coords.items() if n not in COMPONENTS}
    regridded = xr.Dataset(made, {**kept, **nodes}, cube.attrs)
    return regridded.assign_attrs(
        grid=described(nodes),
        resampled=f"trilinear, from {described(axes)} in {frame}",
    )


def _with_time_axis(cube: xr.Dataset, frame: str) -> xr.Dataset:
    if frame != "GSM" and "time" not in cube.coords:
        raise ValueError(
            f"a cube in {frame} needs a time to be turned into GSM, and the "
            "file does not say any; give start=, or turn it before opening"
        )
    if "time" in cube.coords and "time" not in cube.dims:
        time = cube["time"].values
        return cube.drop_vars("time").expand_dims(time=[time])
    return cube


def _matrices(cube: xr.Dataset, frame: str) -> np.ndarray:
    """Rotations from GSM to the frame of the cube, (time, 3, 3)."""
    if frame == "GSM":
        return np.broadcast_to(np.eye(3), (cube.sizes.get("time", 1), 3, 3))
    axes = xr.DataArray(
        np.broadcast_to(np.eye(3), (cube.sizes["time"], 3, 3)),
        {"time": cube["time"].values},
        ("time", "axis", "component"),
        attrs={"frame": "GSM"},
    )
    # Each row is an axis of GSM, written in the frame of the cube.
    rows = frames.rotate(axes, to=frame).to_numpy()
    return np.swapaxes(rows, 1, 2)


def _regridded(
    array: xr.DataArray,
    axes: Mapping[str, np.ndarray],
    nodes: Mapping[str, np.ndarray],
    matrices: np.ndarray,
    sizes: tuple[tuple[int, ...], ...],
) -> xr.DataArray:
    vector = "component" in array.dims
    rest = ("component",) if vector else ()
    lead = ("time",) if "time" in array.dims else ()
    dims = (*lead, *_ORDER, *rest)
    data = array.transpose(*dims).data
    if vector:  # its components are turned into each other
        data = data.rechunk({data.ndim - 1: -1})
    source = tuple(axes[name] for name in _ORDER)
    frames_made = [
        _one_time(one, source, nodes, matrix, sizes)
        for one, matrix in zip(
            data if lead else data[None], matrices, strict=True
        )
    ]
    made = da.stack(frames_made) if lead else frames_made[0]
    return xr.DataArray(made, dims=dims, attrs=array.attrs)


def _one_time(
    data: da.Array,
    axes: tuple[np.ndarray, ...],
    nodes: Mapping[str, np.ndarray],
    matrix: np.ndarray,
    sizes: tuple[tuple[int, ...], ...],
) -> da.Array:
    """Chunks of one time, each from the box of nodes that it lies in."""
    ends = [np.cumsum((0, *lengths)) for lengths in sizes]
    parts = np.empty([len(lengths) for lengths in sizes], object)
    for index in product(*(range(n) for n in parts.shape)):
        here = tuple(
            nodes[name][end[i] : end[i + 1]]
            for name, end, i in zip(_ORDER, ends, index, strict=True)
        )
        parts[index] = _chunk(data, axes, here, matrix)
    rows = [[da.concatenate(list(row), 2) for row in plane] for plane in parts]
    return da.concatenate([da.concatenate(plane, 1) for plane in rows], 0)


def _chunk(
    data: da.Array,
    axes: tuple[np.ndarray, ...],
    nodes: tuple[np.ndarray, ...],
    matrix: np.ndarray,
) -> da.Array:
    """One chunk of the values at `nodes`, as a single task."""
    corners = np.array(list(product(*((n[0], n[-1]) for n in nodes))))
    places = corners[:, ::-1] @ matrix.T
    box = []
    for axis, place in zip(axes, places.T[::-1], strict=True):
        first = np.searchsorted(axis, place.min() - _RIM, side="right") - 1
        last = np.searchsorted(axis, place.max() + _RIM, side="left")
        box.append(slice(max(int(first), 0), int(last) + 1))
    shape = tuple(n.size for n in nodes)
    cut = tuple(a[b] for a, b in zip(axes, box, strict=True))
    if any(c.size < 2 for c in cut):
        return da.full((*shape, *data.shape[3:]), np.nan, data.dtype)
    rest = tuple(range(6, 3 + data.ndim))
    # Not by dask.delayed, which would hide that others read the same chunk.
    return da.blockwise(
        _interpolated,
        (3, 4, 5, *rest),
        data[tuple(box)],
        (0, 1, 2, *rest),
        new_axes=dict(zip((3, 4, 5), shape, strict=True)),
        concatenate=True,
        dtype=data.dtype,
        meta=np.empty((0,) * data.ndim, data.dtype),
        axes=cut,
        nodes=nodes,
        matrix=matrix,
    )


def _interpolated(
    values: np.ndarray,
    axes: tuple[np.ndarray, ...],
    nodes: tuple[np.ndarray, ...],
    matrix: np.ndarray,
) -> np.ndarray:
    """Trilinear values (z, y, x, ...) at the nodes, turned into GSM."""
    shape = tuple(n.size for n in nodes)
    made = np.empty((*shape, *values.shape[3:]), values.dtype)
    look_up = RegularGridInterpolator(
        axes, values, bounds_error=False, fill_value=np.nan
    )
    y, x = (a.ravel() for a in np.meshgrid(*nodes[1:], indexing="ij"))
    for i, z in enumerate(nodes[0]):  # plane by plane: bounded memory
        points = np.column_stack([x, y, np.full_like(x, z)]) @ matrix.T
        for column, axis in zip(points.T, axes[::-1], strict=True):
            rim = np.clip(column, axis[0], axis[-1])
            column[abs(rim - column) < _RIM] = rim[abs(rim - column) < _RIM]
        plane = look_up(points[:, ::-1])
        if values.ndim == 4:
            plane = plane @ matrix
        made[i] = plane.reshape(made.shape[1:])
    return made
