"""Cubes larger than memory: what a computation touches of them, and holds.

For lessons and for choosing chunks, before anything is computed.
"""

from __future__ import annotations

import sys

import numpy as np
import xarray as xr

__all__ = ["edges", "peak_memory", "touched", "touched_nodes"]


def touched(lazy: xr.DataArray, source: xr.DataArray) -> xr.DataArray:
    """Tell which chunks of a source a lazy result needs; computes nothing.

    Parameters
    ----------
    lazy : xarray.DataArray
        Made of `source`, by dask.
    source : xarray.DataArray
        A variable of a lazy cube, or its emissivity.

    Returns
    -------
    touched : xarray.DataArray of bool
        Dimensions of `source`, one value a chunk.

    Raises
    ------
    ValueError
        If one of the two is not lazy.
    """
    from dask.core import flatten

    for name, array in (("result", lazy), ("source", source)):
        if array.chunks is None:
            raise ValueError(
                f"the {name} is in memory already and tells no chunks; give "
                "it as it is before .compute()"
            )
    wanted = set(flatten(lazy.__dask_keys__()))
    tasks = lazy.data.__dask_graph__().cull(wanted)
    own = source.data.name
    marks = np.zeros(source.data.numblocks, dtype=bool)
    for key in tasks:
        if isinstance(key, tuple) and key[0] == own:
            marks[key[1:]] = True
    return xr.DataArray(marks, dims=source.dims, name="touched")


def touched_nodes(marks: xr.DataArray, source: xr.DataArray) -> int:
    """Return how many nodes of a source lie in the chunks touched.

    Parameters
    ----------
    marks : xarray.DataArray
        Of `touched`.
    source : xarray.DataArray
        The same as there.
    """
    nodes = marks.values.astype(np.int64)
    for axis, sizes in enumerate(source.data.chunks):
        shape = np.ones(nodes.ndim, int)
        shape[axis] = -1
        nodes = nodes * np.reshape(sizes, shape)
    return int(nodes.sum())


def edges(source: xr.DataArray, axis: str) -> np.ndarray:
    """Return where the chunks of a source end along one axis.

    Parameters
    ----------
    source : xarray.DataArray
        Lazy.
    axis : {"x", "y", "z"}

    Returns
    -------
    edges : numpy.ndarray, shape (chunks + 1,)
        Halfway between the last node of one and the first of the next;
        the outermost nodes at the ends. [R_E]
    """
    nodes = source[axis].values
    firsts = np.cumsum(source.chunksizes[axis])[:-1]
    between = 0.5 * (nodes[firsts - 1] + nodes[firsts])
    return np.concatenate([nodes[:1], between, nodes[-1:]])


def peak_memory() -> float:
    """Return the most memory that this process has had, in GB.

    NaN on Windows, which does not tell it to Python.
    """
    if sys.platform == "win32":
        return float("nan")
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e9 if sys.platform == "darwin" else most * 1024 / 1e9
