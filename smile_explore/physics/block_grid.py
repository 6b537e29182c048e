"""Block-adaptive grids: blocks of equal cells, each twice as fine or coarse.

Between the centres of cells values are trilinear, on the finest level on
which all eight neighbours exist; where finer cells take the place of a
neighbour, it is their mean. So a field that is linear in space is found
exactly, across changes of resolution too, and elsewhere the value may jump by
the second order of the cell size where the resolution changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["BlockGrid"]

#: Blocks may be off the lattice by so much of their size; the coordinates of
#: single precision at 200 R_E are off by 1e-4 of a small block.
_OFF_LATTICE = 0.01


@dataclass(frozen=True, eq=False)
class BlockGrid:
    """Where the blocks lie; x, y, z throughout, in any one unit of length.

    Parameters
    ----------
    cells : tuple of int
        Cells of each block along x, y and z.
    origin : numpy.ndarray, (3,)
        Corner of the lattice.
    size : numpy.ndarray, (3,)
        Of the finest blocks.
    order : numpy.ndarray of int, (block,)
        Blocks as they were given, sorted along the curve of `codes`.
    codes, places : numpy.ndarray of int
        Sorted; see `_block_kernel.fill`.
    """

    cells: tuple[int, int, int]
    origin: np.ndarray
    size: np.ndarray
    order: np.ndarray
    codes: np.ndarray
    places: np.ndarray

    @classmethod
    def from_centres(
        cls, first: np.ndarray, step: np.ndarray, cells: tuple[int, int, int]
    ) -> BlockGrid:
        """Find the lattice on which blocks lie.

        Parameters
        ----------
        first : numpy.ndarray, (block, 3)
            Centre of the first cell of each block.
        step : numpy.ndarray, (block, 3)
            Size of its cells.
        cells : tuple of int
            Cells of each block along x, y and z.

        Raises
        ------
        ValueError
            If sizes differ by other factors than powers of two, or blocks
            lie off the lattice of their size or on each other.
        """
        from smile_explore.physics._block_kernel import morton

        if not (np.isfinite(first).all() and (step > 0).all()):
            raise ValueError(
                "the cells of a block do not increase along x, y and z; the "
                "file is damaged or not of blocks"
            )
        finer = np.log2(step.max(axis=0) / step)
        level = np.rint(finer[:, 0]).astype(np.int64)
        if abs(finer - level[:, None]).max() > _OFF_LATTICE:
            raise ValueError(
                "the blocks differ in size by other factors than powers of "
                "two, the same along x, y and z; they make no adaptive grid"
            )
        shift = level.max() - level
        corner, size = _lattice(first - step / 2, step * cells, shift)
        codes = np.array([morton(*place) for place in corner.tolist()])
        order = np.argsort(codes)
        if (np.diff(codes[order]) < 8 ** shift[order[:-1]]).any():
            raise ValueError(
                "two blocks lie on each other; the file is damaged or holds "
                "blocks that are not leaves"
            )
        origin = np.median(first - step / 2 - corner * size, axis=0)
        places = np.column_stack([corner, shift, np.arange(len(shift))])
        return cls(
            cells, origin, size, order, codes[order], places[order].copy()
        )

    @property
    def finest(self) -> np.ndarray:
        """Size of the finest cells along x, y and z."""
        return self.size / self.cells

    def limits(self) -> np.ndarray:
        """Where values are known along x, y, z: (3, 2), all around.

        From the centres of the coarsest cells on one side of the domain to
        those on the other.
        """
        low, high = self._edges()
        half = (high - low) / self.cells / 2
        lowest = np.isclose(low, low.min(axis=0), atol=self.finest / 2)
        highest = np.isclose(high, high.max(axis=0), atol=self.finest / 2)
        first = np.where(lowest, low + half, -np.inf).max(axis=0)
        last = np.where(highest, high - half, np.inf).min(axis=0)
        return np.stack([first, last], axis=1)

    def sample(
        self,
        values: Callable[[np.ndarray], np.ndarray],
        z: np.ndarray,
        y: np.ndarray,
        x: np.ndarray,
    ) -> np.ndarray:
        """Values at the nodes of axes.

        Parameters
        ----------
        values : callable
            Given the indices of blocks, returns their cells, (block, z, y,
            x). It is only asked for what lies under the nodes and next to
            them.
        z, y, x : numpy.ndarray
            Nodes along each axis, ascending.

        Returns
        -------
        values : numpy.ndarray of float32, (z, y, x)
            NaN where there is no block, and beyond the outermost centres.
        """
        from smile_explore.physics._block_kernel import fill

        nodes = [
            np.ascontiguousarray((axis - self.origin[n]) / self.size[n])
            for n, axis in zip((2, 1, 0), (z, y, x), strict=True)
        ]
        made = np.empty((z.size, y.size, x.size), np.float32)
        lacking = np.zeros(1, bool)
        # Neighbours are at most one coarse cell away, and in a balanced tree
        # at most twice as coarse; in others we look further afield.
        for reach in (3.0, 24.0, np.inf):
            near = self._near(nodes, reach)
            places = self.places.copy()
            places[:, 4] = -1
            places[near, 4] = np.arange(near.size)
            loaded = np.ascontiguousarray(
                values(self.order[near]), dtype=np.float32
            )
            lacking[0] = False
            fill(made, *nodes, self.codes, places, loaded, lacking)
            if not lacking[0]:
                break
        return made

    def _edges(self) -> tuple[np.ndarray, np.ndarray]:
        low = self.origin + self.places[:, :3] * self.size
        return low, low + (1 << self.places[:, 3])[:, None] * self.size

    def _near(self, nodes: list[np.ndarray], reach: float) -> np.ndarray:
        """Sorted blocks that touch the box of nodes widened by `reach`.

        In cells of the coarsest block that touches the box itself.
        """
        low = self.places[:, :3]
        high = low + (1 << self.places[:, 3])[:, None]
        first = np.array([axis[0] for axis in nodes[::-1]])
        last = np.array([axis[-1] for axis in nodes[::-1]])
        under = ((low <= last) & (high >= first)).all(axis=1)
        if not under.any():
            return np.flatnonzero(under)
        coarse = 1 << int(self.places[under, 3].max())
        margin = reach * coarse / np.array(self.cells)
        near = (low <= last + margin) & (high >= first - margin)
        return np.flatnonzero(near.all(axis=1))


def _lattice(
    corner: np.ndarray, size: np.ndarray, shift: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Places on the lattice of the finest blocks, and the size of these.

    Lower corners and sizes come in single precision; the size is fitted to
    all of them once the places are known.
    """
    scale = (1 << shift)[:, None]
    coarse = int(shift.argmax())
    unit = np.median(size / scale, axis=0)
    # The origin must be a corner of a coarsest block on their own lattice.
    step = scale[coarse] * unit
    before = np.ceil((corner[coarse] - corner.min(axis=0)) / step - 0.1)
    origin = corner[coarse] - before * step
    place = np.rint((corner - origin) / (unit * scale)).astype(np.int64)
    off = abs(origin + place * unit * scale - corner) / size
    if off.max() > _OFF_LATTICE:
        raise ValueError(
            f"blocks lie up to {off.max():.2g} of their size off the lattice "
            "of blocks of that size; they make no adaptive grid"
        )
    place *= scale
    span = place - place.mean(axis=0)
    moved = corner - corner.mean(axis=0)
    spread = (span**2).sum(axis=0)
    fitted = (span * moved).sum(axis=0) / np.where(spread > 0, spread, 1.0)
    return place, np.where(spread > 0, fitted, unit)
