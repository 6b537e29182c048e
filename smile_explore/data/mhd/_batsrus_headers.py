"""Headers of BATS-R-US (IDL-type) files: what snapshots a file holds.

Five records head each snapshot: units; step, time and sizes; cells along
each axis; parameters; names. Layout from the manual of the SWMF and from the
files themselves.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from smile_explore.data.mhd._batsrus_layout import (
    GZIP,
    Snapshot,
    contents,
    opened,
)

__all__ = ["looks_like", "snapshots"]

#: Lengths of the second record in single and double precision.
_REAL = {20: 4, 24: 8}
#: No header line is longer.
_LONGEST = 2000


def looks_like(head: bytes) -> bool:
    """Tell from the first bytes whether a file is of this kind."""
    if head.startswith(GZIP):
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
        with opened(path) as file:
            head = file.read(_LONGEST + 12)
        order, _ = _first_record(head)
        if order:
            found = list(_binary(path, version, order))
        else:
            found = list(_text(path, version))
    except (EOFError, ValueError, zlib.error, gzip.BadGzipFile) as error:
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


class _Records:
    """The records of a Fortran file, one after the other."""

    def __init__(self, numbers: np.ndarray, order: Any) -> None:
        self.numbers = numbers
        self.order = order
        self.place = 0

    def skip(self) -> int:
        """Go on behind the next record; return its length."""
        front = self.numbers[self.place : self.place + 4].tobytes()
        length = int.from_bytes(front, self.order)
        behind = self.place + 4 + length
        if len(front) < 4 or behind + 4 > self.numbers.size:
            raise EOFError(
                f"a record of {length} bytes begins at byte {self.place} of "
                f"{self.numbers.size}"
            )
        if self.numbers[behind : behind + 4].tobytes() != front:
            raise EOFError(
                f"the record at byte {self.place} does not end as it begins"
            )
        self.place = behind + 4
        return length

    def read(self) -> bytes:
        """Return the next record."""
        length = self.skip()
        return self.numbers[self.place - 4 - length : self.place - 4].tobytes()


def _binary(
    path: Path, version: tuple[int, int], order: Any
) -> Iterator[Snapshot]:
    sign = "<" if order == "little" else ">"
    records = _Records(contents(path, version), order)
    while records.place < records.numbers.size:
        heading = records.read()
        second = records.read()
        real = _REAL.get(len(second), 0)
        if not real:
            raise EOFError(f"the second record has {len(second)} bytes")
        layout = f"{sign}i4,{sign}f{real},{sign}i4,{sign}i4,{sign}i4"
        step, elapsed, axes, parameters, variables = np.frombuffer(
            second, layout
        )[0].item()
        shape = np.frombuffer(records.read(), f"{sign}i4")
        given = records.read() if parameters else b""
        names = records.read()
        snapshot = _snapshot(
            path,
            version,
            (heading, names),
            (step, elapsed, axes, variables),
            (shape, np.frombuffer(given, f"{sign}f{real}")),
            (real, sign, records.place),
        )
        for count in (abs(axes), *(1,) * variables):
            if records.skip() != count * snapshot.size * real:
                raise EOFError(
                    f"the record that ends at byte {records.place} does not "
                    f"hold {count} times {snapshot.size} numbers"
                )
        yield snapshot


def _text(path: Path, version: tuple[int, int]) -> Iterator[Snapshot]:
    with opened(path) as file:
        while heading := file.readline():
            second = file.readline()
            if not (heading + second).strip():  # nothing but an end of line
                return
            sizes = _sizes(second)
            if sizes is None:
                raise EOFError("the second line has no five sizes")
            step, elapsed, axes, parameters, variables = sizes
            shape = np.array(file.readline().split(), int)
            line = file.readline() if parameters else b""
            given = np.array(line.split(), float)
            names = file.readline()
            snapshot = _snapshot(
                path,
                version,
                (heading, names),
                (step, elapsed, axes, variables),
                (shape, given),
                (0, "<", file.tell()),
            )
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
    lines: tuple[bytes, bytes],
    sizes: tuple[int, float, int, int],
    numbers: tuple[np.ndarray, np.ndarray],
    place: tuple[int, str, int],
) -> Snapshot:
    """Put a header together, and check that it fits together."""
    heading, names = (line.decode("latin-1").strip() for line in lines)
    step, elapsed, axes, variables = sizes
    shape, given = numbers
    real, order, begin = place
    words = names.lower().split()
    count = abs(axes) + variables
    if (
        shape.size != abs(axes)
        or (shape < 1).any()
        or len(words) < count + given.size
    ):
        raise EOFError(
            f"the header has {axes} axes, the sizes {shape.tolist()}, "
            f"{given.size} parameters and the names {names!r}"
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
