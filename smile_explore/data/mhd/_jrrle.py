"""The run-length coded text that OpenGGCM writes its fields in ("jrrle").

A field is four lines, ``FIELD-3D-1`` (or 1D), its name, the time, and a number
and the sizes; then ``WRN2`` with the count of values and the least and largest
logarithm of their size; then for each 64 values two lines, the high and the
low digit of 4410 logarithmic levels to the base 94, 47 added to the high one
of a negative value, 33 to each. A byte above 127 says how often the next one
stands, plus 170; the first byte of a line is 33 plus the sum of the others
modulo 92 (``_jrrle.f90`` of viscid-hub/Viscid, ``readmagfile3d.f`` of
nasa/Kamodo).

So a value is right to half a level: 0.01 % for each e-folding of the range.
"""

from __future__ import annotations

import mmap
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["MARK", "Field", "fields_of", "values_of"]

MARK = b"FIELD-"
_VALUES, _LEVELS, _BASE, _NEGATIVE, _FIRST = 64, 4410, 94, 47, 33
_COUNT, _REPEAT, _SUM = 127, 170, 92


class Field(NamedTuple):
    """Where a field lies in a file, and what its header says."""

    time: str
    sizes: tuple[int, ...]
    logarithms: tuple[float, float]
    start: int
    end: int


def fields_of(path: Path) -> dict[str, Field]:
    """Find the fields of a file, and check that each is whole.

    Raises
    ------
    ValueError
        If one is not.
    """
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        starts = [0] if text[: len(MARK)] == MARK else []
        while (at := text.find(b"\n" + MARK, (starts or [0])[-1])) >= 0:
            starts.append(at + 1)
        found = {}
        for start, end in pairwise([*starts, len(text)]):
            name, field = _header(text, start, end, path)
            found[name] = field
    return found


def _header(
    text: mmap.mmap, start: int, end: int, path: Path
) -> tuple[str, Field]:
    text.seek(start)
    lines = [text.readline().decode("latin-1").strip() for _ in range(5)]
    _, name, time, sizes, code = lines
    try:
        shape = tuple(int(word) for word in sizes.split()[1:])
        count = int(code[4:12])
        logarithms = float(code[12:26]), float(code[26:40])
    except ValueError:
        raise _damaged(path, name) from None
    data = text.tell()
    if logarithms[0] != logarithms[1]:
        block = np.frombuffer(text[data:end], np.uint8)
        lines_there = np.count_nonzero(block == ord("\n"))
        if lines_there != 2 * -(-count // _VALUES):
            raise _damaged(path, name)
    if code[:4] != "WRN2" or not shape or int(np.prod(shape)) != count:
        raise _damaged(path, name)
    return name, Field(time, shape, logarithms, data, end)


def _damaged(path: Path, name: str) -> ValueError:
    return ValueError(
        f"{path.name}: its field {name or 'without a name'} is cut short or "
        "damaged; get it again"
    )


def values_of(path: Path, name: str, field: Field) -> np.ndarray:
    """Return the values of a field, the first index slowest, float32."""
    count = int(np.prod(field.sizes))
    low, high = field.logarithms
    if low == high:  # as the readers named above have it
        flat = np.full(count, low)
    else:
        with path.open("rb") as file:
            file.seek(field.start)
            codes = np.frombuffer(file.read(field.end - field.start), np.uint8)
        digits = _digits(codes, count)
        if digits is None:
            raise _damaged(path, name)
        upper, lower = digits
        negative = upper >= _NEGATIVE
        level = lower + _BASE * (upper - _NEGATIVE * negative)
        flat = np.exp(low + (high - low) / _LEVELS * level)
        flat = np.where(negative, -flat, flat)
    return flat.reshape(field.sizes[::-1]).astype(np.float32)


def _digits(
    codes: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the high and the low digits; None if lines do not add up."""
    starts = np.flatnonzero(codes == ord("\n")) + 1
    starts = np.concatenate([[0], starts[:-1]])
    repeats = (codes > ord(" ")).astype(np.int32)
    counts = np.flatnonzero(codes > _COUNT)
    if counts.size and counts[-1] + 1 == codes.size:
        return None
    repeats[counts] = 0
    repeats[counts + 1] = codes[counts].astype(np.int32) - _REPEAT
    sums = codes[starts].astype(np.int32)
    repeats[starts] = 0
    rest = count % _VALUES
    lengths = np.full(starts.size, _VALUES)
    if rest:
        lengths[-2:] = rest
    if (
        (repeats < 0).any()
        or (np.add.reduceat(repeats, starts) != lengths).any()
        or (
            _FIRST + np.add.reduceat(codes * repeats, starts) % _SUM != sums
        ).any()
    ):
        return None
    digits = np.repeat(codes, repeats).astype(np.int32) - _FIRST
    split = 2 * (count - rest)
    whole = digits[:split].reshape(-1, 2, _VALUES)
    last = digits[split:].reshape(2, -1)
    return (
        np.concatenate([whole[:, 0].ravel(), last[0]]),
        np.concatenate([whole[:, 1].ravel(), last[1]]),
    )
