"""Moments of `magnetosphere.analytic_cube` as dask arrays, block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from operator import itemgetter
from typing import Any

import dask.array as da
import numpy as np
from dask.base import tokenize
from dask.highlevelgraph import HighLevelGraph

from smile_explore.physics import _sheath_frame as frame
from smile_explore.physics import _sheath_tables as sheath

__all__ = ["arrays"]

Boundary = Callable[..., Any]


def arrays(
    axes: tuple[np.ndarray, ...],
    inner: Boundary,
    outer: Boundary,
    moments: list[sheath.Moment],
    settings: frame.Settings,
    chunks: Mapping[str, int],
) -> list[da.Array]:
    """Return the variables of a cube, (time, x, y, z) and component.

    Of a block, the variables are made by one task that they share, and of a
    time, the blocks share the tables of its boundaries.
    """
    sizes = _chunks(axes, len(moments), chunks)
    parts = [
        np.split(axis, np.cumsum(along)[:-1])
        for axis, along in zip(axes, sizes[1:], strict=True)
    ]
    name = f"sheath-{tokenize(axes, inner, outer, moments, settings, sizes)}"
    places = list(product(*(range(len(along)) for along in sizes)))
    block: dict[Any, Any] = {
        (name, n, *place): (
            partial(
                frame.compute,
                tuple(p[k] for p, k in zip(parts, place, strict=True)),
                moments[n],
                settings,
            ),
            (f"{name}-tables", n),
        )
        for n, *place in places
    }
    block |= {
        (f"{name}-tables", n): (
            partial(frame.boundaries, inner, outer, moment),
        )
        for n, moment in enumerate(moments)
    }
    made = []
    for i, (variable, vector) in enumerate(frame.VARIABLES.items()):
        key = f"{variable}-{name}"
        last = (0,) * vector
        layer = {
            (key, *place, *last): (partial(_one, i), (name, *place))
            for place in places
        }
        layers: dict[str, Mapping[Any, Any]] = {name: block, key: layer}
        graph = HighLevelGraph(layers, {name: set(), key: {name}})
        made.append(
            da.Array(graph, key, (*sizes, *((3,),) * vector), np.float32)
        )
    return made


def _one(number: int, variables: tuple[np.ndarray, ...]) -> np.ndarray:
    return itemgetter(number)(variables)[None]


def _chunks(
    axes: tuple[np.ndarray, ...], times: int, chunks: Mapping[str, int]
) -> tuple[tuple[int, ...], ...]:
    """Return the sizes of the blocks along time, x, y and z."""
    wanted = {"time": 1, "x": -1, "y": -1, "z": -1}
    strange = set(chunks) - set(wanted)
    if strange or chunks.get("time", 1) != 1:
        raise ValueError(
            "chunks may have sizes for x, y and z, and 1 for time, got "
            f"{dict(chunks)}"
        )
    wanted |= chunks
    shape = (times, *(axis.size for axis in axes))
    return da.core.normalize_chunks(tuple(wanted.values()), shape)
