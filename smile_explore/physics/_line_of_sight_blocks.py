"""A grid in blocks: which rays cross which, and the sum over them.

Blocks share the nodes between them. An array in memory is one block, and its
rays are shared out among threads; a dask array is cut at its chunks, and the
blocks that some ray crosses become tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from smile_explore.physics.threads import in_parts

__all__ = ["Rays", "cast", "cuts", "lazy_sums", "sum_in_memory"]

#: Fewer rays than this are done before a second thread has started.
_RAYS_PER_THREAD = 1000

Axes = tuple[np.ndarray, ...]
Block = tuple[slice, ...]


class Rays(NamedTuple):
    """Rays in a grid, and where they meet it."""

    origins: np.ndarray  # (rays or 1, 3)
    directions: np.ndarray  # (rays, 3), of unit length
    missed: np.ndarray  # (rays,), whether a ray misses the grid
    blocks: list[Block]  # those that a ray crosses


def cuts(shape: tuple[int, ...], chunks: Any = None) -> list[np.ndarray]:
    """Nodes at which blocks meet: each block ends where the next begins."""
    chunks = chunks or [(size,) for size in shape]
    return [
        np.unique(np.minimum([0, *np.cumsum(sizes)], size - 1))
        for size, sizes in zip(shape, chunks, strict=True)
    ]


def cast(
    axes: Axes,
    cuts: list[np.ndarray],
    origins: np.ndarray,
    directions: np.ndarray,
) -> Rays:
    """Find out which rays miss the grid, and which blocks rays cross."""
    spans = [
        _between(origins[:, n], directions[:, n], axes[n][cuts[n]])
        for n in range(3)
    ]
    start = np.maximum.reduce([near.min(axis=0) for near, _ in spans])
    stop = np.minimum.reduce([far.max(axis=0) for _, far in spans])
    missed = ~(np.maximum(start, 0.0) < stop)
    start = np.where(missed, np.inf, 0.0)
    blocks = [
        _without_idle_nodes(block, axes, origins, directions, *ends)
        for block, *ends in _crossed(spans, cuts, (), start, stop)
    ]
    return Rays(origins, directions, missed, blocks)


def _crossed(
    spans: list[tuple[np.ndarray, np.ndarray]],
    cuts: list[np.ndarray],
    block: Block,
    start: np.ndarray,
    stop: np.ndarray,
) -> Iterator[tuple[Block, np.ndarray, np.ndarray]]:
    """Blocks in a part of the grid that some ray crosses, and from where on.

    Goes down from slabs in x to columns to blocks, so that what no ray meets
    is left out early.
    """
    if not (start < stop).any():
        return
    if len(block) == 3:
        yield block, start, stop
        return
    near, far = spans[len(block)]
    cut = cuts[len(block)]
    for n in range(cut.size - 1):
        yield from _crossed(
            spans,
            cuts,
            (*block, slice(int(cut[n]), int(cut[n + 1]) + 1)),
            np.maximum(start, near[n]),
            np.minimum(stop, far[n]),
        )


def _without_idle_nodes(
    block: Block,
    axes: Axes,
    origins: np.ndarray,
    directions: np.ndarray,
    start: np.ndarray,
    stop: np.ndarray,
) -> Block:
    """Leave out the nodes of the next chunk, and it, where no ray needs them.

    A block reaches up to the first nodes of the next chunk. Where all rays
    stay clear of the cells between the two, these nodes are not needed.
    """
    crossing = start < stop
    slices = []
    for axis, nodes, origin, direction in zip(
        axes, block, origins.T, directions.T, strict=True
    ):
        ends = np.where(crossing, [start, stop], np.nan) * direction + origin
        own = nodes.stop - 2  # the highest node of this chunk
        if own > nodes.start and nodes.stop < axis.size:
            clear = axis[own] - 1e-6 * (axis[own] - axis[own - 1])
            if np.nanmax(ends) < clear:
                nodes = slice(nodes.start, own + 1)
        slices.append(nodes)
    return tuple(slices)


def _between(
    origin: np.ndarray, direction: np.ndarray, planes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where rays are between planes, (planes - 1, rays), as in the kernel."""
    lower, upper = planes[:-1, None], planes[1:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1.0 / direction
        ends = (lower - origin) * inverse, (upper - origin) * inverse
    inside = (lower <= origin) & (origin < upper)
    inside[-1] |= origin == upper[-1]
    still = direction == 0.0
    near = np.where(
        still, np.where(inside, -np.inf, np.inf), np.minimum(*ends)
    )
    far = np.where(still, np.where(inside, np.inf, -np.inf), np.maximum(*ends))
    return near, far


def sum_in_memory(
    values: Any, axes: Axes, rays: Rays, *, tail: bool
) -> np.ndarray:
    """Integrate through an array, a group of rays to each thread."""
    if not rays.blocks:
        return np.full(rays.missed.shape, np.nan)
    values = np.asarray(values)
    several = len(rays.origins) > 1

    def integrate(first: int, last: int) -> np.ndarray:
        part = slice(first, last)
        origins = rays.origins[part] if several else rays.origins
        return _integrate(
            values, axes, (0, 0, 0), origins, rays.directions[part], tail
        )

    parts = in_parts(integrate, rays.missed.size, smallest=_RAYS_PER_THREAD)
    return _total(rays.missed, [np.concatenate(parts)])[0]


def lazy_sums(
    values: Any, axes: Axes, rays: Sequence[Rays], *, tail: bool
) -> Any:
    """One task for each block that a ray crosses, and one a time to add up.

    Parameters
    ----------
    values : dask.array.Array, shape (times, x, y, z)
    axes : tuple of numpy.ndarray
    rays : sequence of Rays
        Of each time.
    tail : bool

    Returns
    -------
    sums : dask.array.Array, shape (times, rays)
    """
    import dask.array as da
    from dask.base import tokenize
    from dask.highlevelgraph import HighLevelGraph

    token = tokenize(values.name, axes, *rays, tail)
    name, part = f"sight-{token}", f"sight-part-{token}"
    # One layer for all times: with dask.delayed every time would walk
    # through the graph of the whole series.
    layer: dict[Any, Any] = {}
    pieces = []
    for n, group in enumerate(rays):
        for k, block in enumerate(group.blocks):
            piece = values[(n, *block)].rechunk(-1)
            pieces.append(piece)
            integrate = partial(
                _integrate,
                axes=axes,
                first=tuple(nodes.start for nodes in block),
                origins=group.origins,
                directions=group.directions,
                tail=tail,
            )
            layer[part, n, k] = (integrate, (piece.name, 0, 0, 0))
        parts = [(part, n, k) for k in range(len(group.blocks))]
        layer[name, n, 0] = (partial(_total, group.missed), parts)
    graph = HighLevelGraph.from_collections(name, layer, dependencies=pieces)
    chunks = ((1,) * len(rays), (rays[0].missed.size,))
    return da.Array(graph, name, chunks, dtype=np.float64)


def _integrate(
    values: np.ndarray,
    axes: Axes,
    first: tuple[int, ...],
    origins: np.ndarray,
    directions: np.ndarray,
    tail: bool,
) -> np.ndarray:
    """Integrate through one block; the axes in the order memory has them."""
    # here, for the first import may compile
    from smile_explore.physics._line_of_sight_kernel import integrate_block

    order = np.argsort(values.strides, kind="stable")[::-1]
    out = np.empty(len(directions))
    integrate_block(
        np.require(values.transpose(order), np.float32, ["C", "A"]),
        *(axes[n] for n in order),
        np.array(first)[order],
        np.ascontiguousarray(origins[:, order]),
        np.ascontiguousarray(directions[:, order]),
        tail,
        out,
    )
    return out


def _total(missed: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
    """Add up blocks; for a ray that misses all of them there is no answer.

    Returned with a leading dimension for the time.
    """
    return np.where(missed, np.nan, sum(parts))[None]
