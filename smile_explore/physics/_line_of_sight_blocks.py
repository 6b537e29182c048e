"""A grid in blocks: which rays cross which, and the sum over one.

An array in memory is one block, and its rays are shared out among threads. A
dask array is cut at its chunks, see ``_line_of_sight_lazy``. Cells between
the last nodes of a chunk and the first of the next are blocks of their own,
*seams*: so the cells within a chunk need no other chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from smile_explore.physics.threads import in_parts

__all__ = ["Block", "Rays", "cast", "cuts", "integrated", "sum_in_memory"]

#: Fewer rays than this are done before a second thread has started.
_RAYS_PER_THREAD = 1000

Axes = tuple[np.ndarray, ...]


class Block(NamedTuple):
    """A part of the grid that rays cross."""

    nodes: tuple[slice, ...]
    rays: slice  # from the first to the last that crosses it


@dataclass(frozen=True)
class Rays:
    """Rays in a grid, and where they meet it."""

    axes: Axes
    origins: np.ndarray  # (rays or 1, 3)
    directions: np.ndarray  # (rays, 3), of unit length
    missed: np.ndarray  # (rays,), whether a ray misses the grid
    tail: bool  # whether the field goes on beyond the grid


def cuts(shape: tuple[int, ...], chunks: Any = None) -> list[np.ndarray]:
    """Nodes at which blocks meet: the first and the last of every chunk."""
    chunks = chunks or [(size,) for size in shape]
    ends = [np.cumsum(sizes) for sizes in chunks]
    return [
        np.unique(np.concatenate([[0], end[:-1], end - 1])) for end in ends
    ]


def cast(
    axes: Axes,
    cuts: list[np.ndarray],
    origins: np.ndarray,
    directions: np.ndarray,
    *,
    tail: bool,
) -> tuple[Rays, list[Block]]:
    """Find out which rays miss the grid, and which blocks rays cross."""
    spans = [
        _between(origins[:, n], directions[:, n], axes[n][cuts[n]])
        for n in range(3)
    ]
    start = np.maximum.reduce([near.min(axis=0) for near, _ in spans])
    stop = np.minimum.reduce([far.max(axis=0) for _, far in spans])
    missed = ~(np.maximum(start, 0.0) < stop)
    met = np.flatnonzero(~missed)
    blocks = list(
        _crossed(spans, cuts, (), met, np.zeros(met.size), stop[met])
    )
    return Rays(axes, origins, directions, missed, tail), blocks


def _crossed(
    spans: list[tuple[np.ndarray, np.ndarray]],
    cuts: list[np.ndarray],
    nodes: tuple[slice, ...],
    rays: np.ndarray,
    start: np.ndarray,
    stop: np.ndarray,
) -> Iterator[Block]:
    """Blocks in a part of the grid that some of the rays in it cross.

    Goes down from slabs in x to columns to blocks, so that what no ray meets
    is left out early.
    """
    if not rays.size:
        return
    if len(nodes) == 3:
        yield Block(nodes, slice(int(rays[0]), int(rays[-1]) + 1))
        return
    near, far = spans[len(nodes)]
    cut = cuts[len(nodes)]
    for n in range(cut.size - 1):
        begin = np.maximum(start, near[n, rays])
        end = np.minimum(stop, far[n, rays])
        met = begin < end
        yield from _crossed(
            spans,
            cuts,
            (*nodes, slice(int(cut[n]), int(cut[n + 1]) + 1)),
            rays[met],
            begin[met],
            end[met],
        )


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


def sum_in_memory(values: Any, rays: Rays) -> np.ndarray:
    """Integrate through an array, a group of rays to each thread."""
    if rays.missed.all():
        return np.full(rays.missed.shape, np.nan)
    values = np.asarray(values)

    def integrate(first: int, last: int) -> np.ndarray:
        return integrated(values, (0, 0, 0), rays, slice(first, last))

    parts = in_parts(integrate, rays.missed.size, smallest=_RAYS_PER_THREAD)
    return np.where(rays.missed, np.nan, np.concatenate(parts))


def integrated(
    values: np.ndarray, first: tuple[int, ...], rays: Rays, some: slice
) -> np.ndarray:
    """Integrate some rays through the block that begins at a node.

    The axes are taken in the order in which memory has them.
    """
    # here, for the first import may compile
    from smile_explore.physics._line_of_sight_kernel import integrate_block

    origins = rays.origins[some] if len(rays.origins) > 1 else rays.origins
    directions = rays.directions[some]
    order = np.argsort(values.strides, kind="stable")[::-1]
    out = np.empty(len(directions))
    integrate_block(
        np.require(values.transpose(order), np.float32, ["C", "A"]),
        *(rays.axes[n] for n in order),
        np.array(first)[order],
        np.ascontiguousarray(origins[:, order]),
        np.ascontiguousarray(directions[:, order]),
        rays.tail,
        out,
    )
    return out
