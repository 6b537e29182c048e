"""How BATS-R-US (IDL-type) files are laid out, and where a variable lies.

Five records head each snapshot: units; step, time and sizes; cells along
each axis; parameters; names. Then come the coordinates of all cells, and each
variable. Binary files are made of Fortran records, with the length in front
and behind, in either byte order; text files have a row for each cell. Layout
from the manual of the SWMF and the files themselves.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Snapshot", "looks_like", "snapshots"]

_GZIP = b"\x1f\x8b"
#: Lengths of the second record in single and double precision.
_REAL = {20: 4, 24: 8}
#: No header line is longer.
_LONGEST = 2000


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
        part = _contents(self.path, self.version)[first : first + width]
        return part.view(f"{self.order}f{self.real}")


def looks_like(head: bytes) -> bool:
    """Tell from the first bytes whether a file is of this kind."""
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, 4096)
        except zlib.error:
            return False
    order, length = _first_record(head)
    if order:
        after = head[8 + length : 12 + length]
        return int.from_bytes(after, order) in _REAL
    lines = head.split(b"\n", 2)
    return len(lines) > 1 and _sizes(lines[1]) is not None


def snapshots(path: Path) -> list[Snapshot]:
    """Return all snapshots of a file.

    Raises
    ------
    ValueError
        If it is cut short, or its records do not fit together.
    """
    status = path.stat()
    version = (status.st_mtime_ns, status.st_size)
    try:
        with _opened(path) as file:
            head = file.read(_LONGEST + 12)
        order, _ = _first_record(head)
        if order:
            found = list(_binary(path, version, order))
        else:
            found = list(_text(path, version))
    except (EOFError, IndexError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(
            f"{path.name} is cut short or damaged ({error}); fetch it again"
        ) from error
    return found


def _first_record(head: bytes) -> tuple[Any, int]:
    """Byte order and length of the first Fortran record, if it is one."""
    for order in ("little", "big"):
        length = int.from_bytes(head[:4], order)
        if (
            0 < length <= _LONGEST
            and head[4 + length : 8 + length] == head[:4]
        ):
            return order, length
    return None, 0


def _sizes(line: bytes) -> tuple[int, float, int, int, int] | None:
    """Step, time, dimensions, parameters and variables of a text file."""
    try:
        step, time, axes, parameters, variables = line.split()
        sizes = (int(axes), int(parameters), int(variables))
        elapsed = float(time)
    except ValueError:
        return None
    if not (1 <= abs(sizes[0]) <= 3 and sizes[1] >= 0 and sizes[2] > 0):
        return None
    return int(step), elapsed, *sizes


def _opened(path: Path) -> Any:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")


@lru_cache(maxsize=2)
def _unpacked(path: Path, version: tuple[int, int]) -> np.ndarray:
    del version  # another one is another entry of the cache
    with gzip.open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8)


def _contents(path: Path, version: tuple[int, int]) -> np.ndarray:
    """Bytes of a file: mapped, or unpacked and kept if compressed."""
    with path.open("rb") as file:
        if file.read(2) == _GZIP:
            return _unpacked(path, version)
    return np.memmap(path, np.uint8, mode="r")


def _binary(
    path: Path, version: tuple[int, int], order: Any
) -> Iterator[Snapshot]:
    contents = _contents(path, version)
    sign = "<" if order == "little" else ">"
    place = 0

    def record() -> bytes:
        """Read one short record and go on behind it."""
        nonlocal place
        length = skip()
        return contents[place - 4 - length : place - 4].tobytes()

    def skip() -> int:
        nonlocal place
        front = contents[place : place + 4].tobytes()
        length = int.from_bytes(front, order)
        behind = place + 4 + length
        if len(front) < 4 or behind + 4 > contents.size:
            raise EOFError(
                f"a record of {length} bytes begins at byte {place} of "
                f"{contents.size}"
            )
        if contents[behind : behind + 4].tobytes() != front:
            raise EOFError(
                f"the record at byte {place} does not end as it begins"
            )
        place = behind + 4
        return length

    def numbers(kind: str) -> np.ndarray:
        return np.frombuffer(record(), sign + kind)

    while place < contents.size:
        heading = record().decode("latin-1").strip()
        second = record()
        real = _REAL.get(len(second), 0)
        if not real:
            raise EOFError(f"the second record has {len(second)} bytes")
        layout = f"{sign}i4,{sign}f{real},{sign}i4,{sign}i4,{sign}i4"
        step, elapsed, axes, parameters, variables = np.frombuffer(
            second, layout
        )[0].item()
        shape = numbers("i4")
        given = numbers(f"f{real}") if parameters else np.empty(0)
        names = record().decode("latin-1")
        begin = place
        snapshot = _snapshot(
            path, version, heading, (step, elapsed, axes, variables),
            shape, given, names, real, sign, begin,
        )  # fmt: skip
        wanted = snapshot.size * real
        for count in (abs(axes), *(1,) * variables):
            if skip() != count * wanted:
                raise EOFError(
                    f"the record that ends at byte {place} does not hold "
                    f"{count} times {snapshot.size} numbers"
                )
        yield snapshot


def _text(path: Path, version: tuple[int, int]) -> Iterator[Snapshot]:
    with _opened(path) as file:
        while heading := file.readline():
            sizes = _sizes(file.readline())
            if sizes is None:
                raise EOFError("the second line has no five sizes")
            step, elapsed, axes, parameters, variables = sizes
            try:
                shape = np.array(file.readline().split(), int)
                line = file.readline() if parameters else b""
                given = np.array(line.split(), float)
            except ValueError as error:
                raise EOFError(f"in the header, {error}") from error
            names = file.readline().decode("latin-1")
            snapshot = _snapshot(
                path, version, heading.decode("latin-1").strip(),
                (step, elapsed, axes, variables),
                shape, given, names, 0, "<", file.tell(),
            )  # fmt: skip
            count, row = 0, b""
            for one in islice(file, snapshot.size):
                count, row = count + 1, one
            words = len(row.split())
            whole = row.endswith(b"\n") and words == len(snapshot.names)
            if count < snapshot.size or not whole:
                raise EOFError(f"it ends in row {count} of {snapshot.size}")
            yield snapshot


def _snapshot(
    path: Path,
    version: tuple[int, int],
    heading: str,
    sizes: tuple[int, float, int, int],
    shape: np.ndarray,
    given: np.ndarray,
    names: str,
    real: int,
    order: str,
    begin: int,
) -> Snapshot:
    """Put a header together, and check that it fits together."""
    step, elapsed, axes, variables = sizes
    words = names.lower().split()
    count = abs(axes) + variables
    if (
        shape.size != abs(axes)
        or (shape < 1).any()
        or len(words) < count + given.size
    ):
        raise EOFError(
            f"the header has {axes} axes, the sizes {shape.tolist()}, "
            f"{given.size} parameters and the names {names.strip()!r}"
        )
    return Snapshot(
        path=path,
        version=version,
        heading=heading,
        step=step,
        elapsed=elapsed,
        axes=abs(axes),
        irregular=axes < 0,
        shape=tuple(shape.tolist()),
        parameters=dict(zip(words[count:], given.tolist(), strict=False)),
        names=tuple(words[:count]),
        real=real,
        order=order,
        begin=begin,
    )


@lru_cache(maxsize=2)
def _rows(
    path: Path, version: tuple[int, int], begin: int, size: int
) -> np.ndarray:
    del version
    with _opened(path) as file:
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
