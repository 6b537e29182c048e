"""Lines of sight through a dask array: each chunk is read once, and let go.

A task *visits* a chunk: it integrates the rays that cross its cells, and of
its nodes keeps those at its faces that seams need. Seams, the cells between
chunks, are integrated from these. So no task waits for two chunks, in
whatever order a scheduler takes them, and what stays of a chunk is a number
for each ray through it, and for a while its faces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from smile_explore.physics._line_of_sight_blocks import (
    Block,
    Rays,
    integrated,
)

__all__ = ["lazy_sums"]

#: Numbers of rays, and their integrals through one block.
Sums = tuple[np.ndarray, np.ndarray]
Nodes = tuple[slice, ...]
Place = tuple[int, ...]


class _Piece(NamedTuple):
    """Nodes of a block that one chunk has."""

    chunk: Place
    there: Nodes  # in the chunk
    here: Nodes  # in the block


class _Seam(NamedTuple):
    """A block between chunks, and where its nodes are found."""

    block: Block
    #: Which of the visits has a piece, as which of its faces, and where it is
    #: put.
    pieces: list[tuple[int, int, Nodes]]


def lazy_sums(
    values: Any, rays: Sequence[Rays], blocks: Sequence[list[Block]]
) -> Any:
    """Integrate rays through a dask array, lazily.

    Parameters
    ----------
    values : dask.array.Array, shape (times, x, y, z)
    rays, blocks : sequence
        Of each time, as `cast` returns them.

    Returns
    -------
    sums : dask.array.Array, shape (times, rays)
    """
    import dask.array as da
    from dask.base import tokenize
    from dask.highlevelgraph import HighLevelGraph

    values = values.rechunk({0: 1})
    starts = [np.cumsum([0, *sizes[:-1]]) for sizes in values.chunks[1:]]
    name = f"sight-{tokenize(values.name, rays)}"
    # One layer for all times: with dask.delayed every time would walk
    # through the graph of the whole series.
    layer: dict[Any, Any] = {}
    for n, pair in enumerate(zip(rays, blocks, strict=True)):
        layer |= _tasks(name, values.name, n, *pair, starts)
    graph = HighLevelGraph.from_collections(name, layer, dependencies=[values])
    chunks = ((1,) * len(rays), (rays[0].missed.size,))
    return da.Array(graph, name, chunks, dtype=np.float64)


def _tasks(
    name: str,
    source: str,
    n: int,
    rays: Rays,
    blocks: list[Block],
    starts: list[np.ndarray],
) -> dict[Any, Any]:
    """Tasks of one time, by their keys; the last adds up all others."""
    within: dict[Place, Block] = {}
    faces: dict[Place, list[Nodes]] = {}
    between: dict[Place, list[tuple[Block, list[_Piece]]]] = {}
    for block in blocks:
        pieces = list(_pieces(block.nodes, starts))
        home = pieces[0].chunk
        if len(pieces) == 1:
            within[home] = block
            faces.setdefault(home, [])
        else:
            between.setdefault(home, []).append((block, pieces))
    seams = {home: _seams(some, faces) for home, some in between.items()}
    sight = f"{name}-rays", n  # one for all tasks of the time
    tasks: dict[Any, Any] = {sight: rays}
    parts: list[Any] = []
    for chunk, kept in faces.items():
        visit, part = (f"{name}-visit", n, *chunk), (f"{name}-in", n, *chunk)
        work = partial(_visit, within.get(chunk), kept)
        tasks[visit] = (work, (source, n, *chunk), sight)
        # apart, so that the faces are let go before all is added up
        tasks[part] = (itemgetter(0), visit)
        parts.append(part)
    for home, (chunks, some) in seams.items():
        part = f"{name}-seam", n, *home
        visits = [(f"{name}-visit", n, *chunk) for chunk in chunks]
        tasks[part] = (partial(_sew, some), visits, sight)
        parts.append(part)
    tasks[name, n, 0] = (_total, parts, sight)
    return tasks


def _pieces(nodes: Nodes, starts: list[np.ndarray]) -> Iterator[_Piece]:
    """Which nodes of which chunks a block has; of its lowest chunk first."""
    ways = [
        _along(part, start) for part, start in zip(nodes, starts, strict=True)
    ]
    for way in product(*ways):
        yield _Piece(*zip(*way, strict=True))


def _along(nodes: slice, starts: np.ndarray) -> list[tuple[int, slice, slice]]:
    """Share out nodes along an axis: chunk, nodes in it, in the block."""
    first = int(np.searchsorted(starts, nodes.start, side="right")) - 1
    last = int(np.searchsorted(starts, nodes.stop - 1, side="right")) - 1
    ways = []
    for chunk in range(first, last + 1):
        origin = int(starts[chunk])
        low = max(nodes.start, origin)
        high = nodes.stop if chunk == last else int(starts[chunk + 1])
        ways.append(
            (
                chunk,
                slice(low - origin, high - origin),
                slice(low - nodes.start, high - nodes.start),
            )
        )
    return ways


def _seams(
    blocks: list[tuple[Block, list[_Piece]]], faces: dict[Place, list[Nodes]]
) -> tuple[list[Place], list[_Seam]]:
    """Ask chunks for faces; return the chunks, and what is made of these."""
    chunks = list({p.chunk: None for _, pieces in blocks for p in pieces})
    seams = []
    for block, pieces in blocks:
        found = []
        for piece in pieces:
            kept = faces.setdefault(piece.chunk, [])
            found.append((chunks.index(piece.chunk), len(kept), piece.here))
            kept.append(piece.there)
        seams.append(_Seam(block, found))
    return chunks, seams


def _visit(
    block: Block | None, faces: list[Nodes], values: np.ndarray, rays: Rays
) -> tuple[list[Sums], list[np.ndarray]]:
    """Integrate within a chunk, and copy the faces that seams need."""
    nodes = np.asarray(values)[0]
    sums = [] if block is None else [_sums(nodes, block, rays)]
    return sums, [nodes[face].astype(np.float32) for face in faces]


def _sew(
    seams: list[_Seam],
    visits: list[tuple[list[Sums], list[np.ndarray]]],
    rays: Rays,
) -> list[Sums]:
    """Integrate through the seams above a chunk."""
    sums = []
    for block, pieces in seams:
        shape = [nodes.stop - nodes.start for nodes in block.nodes]
        values = np.empty(shape, np.float32)
        for visit, face, here in pieces:
            values[here] = visits[visit][1][face]
        sums.append(_sums(values, block, rays))
    return sums


def _sums(values: np.ndarray, block: Block, rays: Rays) -> Sums:
    """Integrate through a block, and leave out the rays that miss it."""
    first = tuple(nodes.start for nodes in block.nodes)
    sums = integrated(values, first, rays, block.rays)
    met = np.flatnonzero(sums)
    return met + block.rays.start, sums[met]


def _total(parts: list[list[Sums]], rays: Rays) -> np.ndarray:
    """Add up blocks; for a ray that misses all of them there is no answer.

    Returned with a leading dimension for the time.
    """
    total = np.where(rays.missed, np.nan, 0.0)
    for part in parts:
        for met, sums in part:
            total[met] += sums
    return total[None]
