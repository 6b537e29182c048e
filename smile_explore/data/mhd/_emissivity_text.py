"""Emissivity cubes as text, the layout that PPMLR's were published in.

Line 1 is a title; lines 2 to 9 are T, n, vx, vy, vz, bx, by, bz of the solar
wind; line 10 is nx ny nz; then the axes x, y and z, six to a line; then the
emissivity, x fastest and z slowest. BATS-R-US and OpenGGCM cubes of the SMILE
modelling working group have it too (``read_ppmlr.py``, ``read_batsrus.py``
and ``read_openggcm_ascii.py`` of swharton1/Emissivity_Cubes).
"""

from __future__ import annotations

from pathlib import Path

import dask
import dask.array as da
import numpy as np

from smile_explore.data.mhd._emissivity_held import WIND, Held
from smile_explore.schema import COMPONENTS

__all__ = ["held", "sees"]

_LINES = 2 + len(WIND)
_PIECE = 1 << 24
#: No number takes more bytes, with what stands before it.
_LONGEST = 64
#: The last byte of white space in ASCII; all before it separate words too.
_SPACE = 32


def sees(head: bytes) -> bool:
    """Tell from its first ten lines whether this is such a text."""
    try:
        _header(head.split(b"\n")[:_LINES])
    except ValueError:
        return False
    return True


def held(path: Path) -> Held:
    """Read the header and the axes; the emissivity stays in the file."""
    with path.open("rb") as file:
        title, wind, sizes = _header([file.readline() for _ in range(_LINES)])
        began = file.tell()
        _check_count(path, began, sum(sizes) + int(np.prod(sizes)))
        file.seek(began)
        found = _numbers(path, began, sum(sizes))
    axes = np.split(found, np.cumsum(sizes)[:-1])
    lazy = da.from_delayed(
        dask.delayed(_values)(path, began, sizes),
        shape=sizes[::-1],
        dtype=np.float32,
    )
    return Held(
        dict(zip(COMPONENTS, axes, strict=True)), lazy, wind, {"title": title}
    )


def _header(
    lines: list[bytes],
) -> tuple[str, dict[str, float], tuple[int, ...]]:
    """Read the first ten lines; a ValueError if they are of another kind."""
    if len(lines) < _LINES:
        raise ValueError("too short")
    title = lines[0].decode("utf-8").strip()
    wind = {
        name: float(line) for name, line in zip(WIND, lines[1:-1], strict=True)
    }
    sizes = tuple(int(word) for word in lines[-1].split())
    if len(sizes) != len(COMPONENTS) or min(sizes) < 1:
        raise ValueError("no three sizes")
    return title, wind, sizes


def _check_count(path: Path, began: int, wanted: int) -> None:
    """Count the numbers without reading them, and refuse too few or many."""
    count, spaced = 0, True
    with path.open("rb") as file:
        file.seek(began)
        while piece := file.read(_PIECE):
            space = np.frombuffer(piece, np.uint8) <= _SPACE
            count += int(spaced and not space[0])
            count += int((space[:-1] & ~space[1:]).sum())
            spaced = bool(space[-1])
    if count != wanted:
        raise ValueError(
            f"{path.name} must have {wanted} numbers after its header, as "
            f"its line {_LINES} says, and has {count}: it is cut short or "
            "damaged; get it again"
        )


def _numbers(path: Path, began: int, count: int) -> np.ndarray:
    with path.open("rb") as file:
        file.seek(began)
        try:
            found = np.fromstring(
                file.read(_LONGEST * count), count=count, sep=" "
            )
        except (DeprecationWarning, ValueError):
            found = np.empty(0)
    # where a word is no number, numpy warns and stops, or raises
    if found.size != count:
        raise ValueError(
            f"{path.name} holds words that are no numbers; get it again"
        )
    return found


def _values(path: Path, began: int, sizes: tuple[int, ...]) -> np.ndarray:
    first = sum(sizes)
    found = _numbers(path, began, first + int(np.prod(sizes)))
    return found[first:].reshape(sizes[::-1]).astype(np.float32)
