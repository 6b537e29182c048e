"""Variables of a BATS-R-US file as lazy arrays, on a regular grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dask.array as da
import numpy as np
from dask.base import tokenize

from smile_explore.data.mhd._batsrus_layout import Snapshot
from smile_explore.data.mhd._batsrus_units import Source
from smile_explore.data.mhd.regridding import chunk_sizes
from smile_explore.physics.block_grid import BlockGrid
from smile_explore.schema import COMPONENTS

__all__ = ["lazy"]


@dataclass(frozen=True, eq=False)
class _Field:
    """One variable, as an array of which dask asks part after part.

    Each time only what lies under that part is read.
    """

    snapshot: Snapshot
    source: Source
    axes: tuple[np.ndarray, np.ndarray, np.ndarray]
    cells: BlockGrid | tuple[slice, slice, slice]
    body: float

    ndim = 3
    dtype = np.dtype("f4")

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(axis.size for axis in self.axes)

    def __getitem__(self, key: tuple[Any, ...]) -> np.ndarray:
        """Values (z, y, x) at the nodes of `key`, NaN inside the body."""
        parts = [
            slice(k, k + 1 or None) if isinstance(k, int | np.integer) else k
            for k in key
        ]
        nodes = [a[part] for a, part in zip(self.axes, parts, strict=True)]
        flat = self.snapshot.values(self.source.name)
        if isinstance(self.cells, BlockGrid):
            cells = flat.reshape(-1, *self.cells.cells[::-1])
            values = self.cells.sample(cells.__getitem__, *nodes)
        else:
            whole = flat.reshape(self.snapshot.shape[::-1])[self.cells]
            values = whole[parts[0]][:, parts[1]][:, :, parts[2]].astype("f4")
        values *= np.float32(self.source.factor)
        z, y, x = np.meshgrid(*nodes, indexing="ij", sparse=True)
        values[x**2 + y**2 + z**2 < self.body**2] = np.nan
        kept = tuple(
            0 if isinstance(k, int | np.integer) else slice(None) for k in key
        )
        return values[kept]


def lazy(
    snapshot: Snapshot,
    source: Source,
    axes: Mapping[str, np.ndarray],
    *,
    cells: BlockGrid | tuple[slice, slice, slice],
    body: float,
    chunks: Mapping[str, int],
) -> da.Array:
    """Return a variable as dask array (z, y, x).

    Parameters
    ----------
    snapshot : Snapshot
    source : Source
        Which of its variables, and the factor to the unit of the house.
    axes : mapping of str to numpy.ndarray
        Nodes along x, y and z. [R_E]
    cells : BlockGrid or tuple of slice
        Blocks that the values are interpolated from, or the part (z, y, x) of
        a regular file that lies at the nodes.
    body : float
        NaN within this radius, where files hold no plasma. [R_E]
    chunks : mapping of str to int
    """
    nodes = (axes["z"], axes["y"], axes["x"])
    field = _Field(snapshot, source, nodes, cells, body)
    if not isinstance(cells, BlockGrid):  # one chunk, unless told otherwise
        chunks = {**dict.fromkeys(COMPONENTS, -1), **chunks}
    file = str(snapshot.path.resolve())
    token = tokenize(
        file, snapshot.version, snapshot.begin, source, nodes, body
    )
    return da.from_array(
        field,
        chunks=chunk_sizes(axes, chunks),
        name=f"batsrus-{source.name}-{token}",
        meta=np.empty((0, 0, 0), "f4"),
    )
