"""One snapshot of a BATS-R-US (IDL-type) file, and where its numbers lie.

The coordinates of all cells come first, then each variable. In binary files
these are Fortran records, with their length in front and behind, in either
byte order; text files have a row for each cell.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["GZIP", "Snapshot", "contents", "opened"]

#: First bytes of a compressed file.
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One state in a file: its header, and where its numbers begin.

    Parameters
    ----------
    path : pathlib.Path
    version : tuple of int
        Time of writing and size of the file.
    heading : str
        First line: a date or not, then units.
    step : int
        Iteration.
    elapsed : float
        Time since the run began. [s]
    axes : int
        Dimensions.
    irregular : bool
        Whether the cells lie on no one regular grid.
    shape : tuple of int
        Cells along each axis; all along the first if irregular.
    parameters : dict of str to float
        Names in lower case.
    names : tuple of str
        Coordinates, then variables, in lower case.
    real : int
        Bytes of a number; 0 in text.
    order : str
        Of these bytes: ``<`` or ``>``.
    begin : int
        First byte of the numbers, in the unpacked file.
    """

    path: Path
    version: tuple[int, int]
    heading: str
    step: int
    elapsed: float
    axes: int
    irregular: bool
    shape: tuple[int, ...]
    parameters: dict[str, float]
    names: tuple[str, ...]
    real: int
    order: str
    begin: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def precision(self) -> str:
        """What the numbers are, in words."""
        if not self.real:
            return "text"
        endian = "little" if self.order == "<" else "big"
        return f"real{self.real}, {endian}-endian"

    def values(self, name: str) -> np.ndarray:
        """Return a coordinate or variable, flat; mapped, not read."""
        index = self.names.index(name)
        if not self.real:
            return _table(self)[:, index]
        width = self.size * self.real
        first = self.begin + 4 + index * width
        if index >= self.axes:  # each variable has a record of its own
            first += 8 * (index - self.axes + 1)
        part = contents(self.path, self.version)[first : first + width]
        return part.view(f"{self.order}f{self.real}")


def opened(path: Path) -> Any:
    """Open a file that may be compressed, to read bytes."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")


def contents(path: Path, version: tuple[int, int]) -> np.ndarray:
    """Bytes of a file: mapped, or unpacked and kept if compressed."""
    with path.open("rb") as file:
        if file.read(2) == GZIP:
            return _unpacked(path, version)
    return np.memmap(path, np.uint8, mode="r")


@lru_cache(maxsize=2)
def _unpacked(path: Path, version: tuple[int, int]) -> np.ndarray:
    del version  # another one is another entry of the cache
    with gzip.open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8)


@lru_cache(maxsize=2)
def _rows(
    path: Path, version: tuple[int, int], begin: int, size: int
) -> np.ndarray:
    del version
    with opened(path) as file:
        file.seek(begin)
        try:
            return np.loadtxt(islice(file, size), ndmin=2)
        except ValueError as error:
            raise ValueError(
                f"{path.name} is damaged: {error}; fetch it again"
            ) from error


def _table(snapshot: Snapshot) -> np.ndarray:
    """All numbers of a snapshot in text; it cannot be read in parts."""
    return _rows(
        snapshot.path, snapshot.version, snapshot.begin, snapshot.size
    )
