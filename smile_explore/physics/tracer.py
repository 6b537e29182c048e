"""Following lines through a vector field given by bare arrays, in threads.

`field_lines.trace` is the door for labelled data; here are its parts, for
code that starts a line from every node of a cube.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from smile_explore.physics.threads import in_parts

__all__ = ["ENDS", "ends", "follow"]

#: Why a line ended, in the order of the codes of the compiled tracer.
ENDS: Final = (
    "too long",
    "left through x min",
    "left through x max",
    "left through y min",
    "left through y max",
    "left through z min",
    "left through z max",
    "inner sphere",
    "stagnated",
    "missing data",
    "known",
)
#: Fewer seeds than this are done before a second thread has started.
_SEEDS_PER_PART: Final = 32
#: Most numbers held at once for lines that are not yet cut to their length.
_MOST_NUMBERS: Final = 20_000_000


def follow(
    field: np.ndarray,
    axes: tuple[np.ndarray, ...],
    points: np.ndarray,
    sign: float,
    settings: tuple[float, ...],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the points of lines, their number, and why each line ends.

    Parameters
    ----------
    field : numpy.ndarray, shape (x, y, z, component)
        Contiguous float32.
    axes : tuple of numpy.ndarray
        x, y and z. [R_E]
    points : numpy.ndarray, shape (line, 3)
        Where the lines start, GSM. [R_E]
    sign : float
        1 along the vector, -1 against it.
    settings : tuple of float
        ``step``, ``inner_radius``, ``longest`` and ``slowest`` of `trace`.

    Returns
    -------
    lines : numpy.ndarray, shape (line, point, component)
        NaN after the last point. [R_E]
    counts, ends : numpy.ndarray, shape (line,)
        Points of each line, and the index of its end in `ENDS`.
    """
    share, _, longest, _ = settings
    finest = min(np.diff(axis).min() for axis in axes)
    room = int(np.ceil(longest / (share * finest))) + 3
    most = max(1, _MOST_NUMBERS // (3 * room))
    groups = [
        _follow_group(
            field, axes, points[start : start + most], sign, settings, room
        )
        for start in range(0, max(len(points), 1), most)
    ]
    width = max(lines.shape[1] for lines, _, _ in groups)
    padded = [
        np.pad(
            lines,
            ((0, 0), (0, width - lines.shape[1]), (0, 0)),
            constant_values=np.nan,
        )
        for lines, _, _ in groups
    ]
    _, counts, codes = zip(*groups, strict=True)
    return (
        np.concatenate(padded),
        np.concatenate(counts),
        np.concatenate(codes),
    )


def _follow_group(
    field: np.ndarray,
    axes: tuple[np.ndarray, ...],
    points: np.ndarray,
    sign: float,
    settings: tuple[float, ...],
    room: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow lines that fit into memory with `room` points each."""
    from smile_explore.physics._tracer_kernel import trace_lines

    lines = np.full((len(points), room, 3), np.nan, np.float32)
    x, y, z = axes
    codes = np.empty(len(points), np.int64)
    counts = np.empty(len(points), np.int64)

    def trace_part(first: int, last: int) -> None:
        part = slice(first, last)
        trace_lines(
            field, x, y, z, points[part], sign, settings,
            lines[part], codes[part], counts[part],
        )  # fmt: skip

    in_parts(trace_part, len(points), smallest=_SEEDS_PER_PART, each=4)
    return lines[:, : int(counts.max(initial=1))].copy(), counts, codes


def ends(
    field: np.ndarray,
    axes: tuple[np.ndarray, ...],
    points: np.ndarray,
    sign: float,
    settings: tuple[float, ...],
    *,
    known: np.ndarray | None = None,
) -> np.ndarray:
    """Return why each line ends, without keeping the lines.

    Parameters
    ----------
    field, axes, points, sign, settings
        As in `follow`.
    known : numpy.ndarray of uint8, optional
        Cells, one fewer than nodes along each axis, in which a line ends as
        ``"known"``.

    Returns
    -------
    ends : numpy.ndarray, shape (line,)
        Indices in `ENDS`.
    """
    from smile_explore.physics._tracer_kernel import trace_ends

    if known is None:
        known = np.zeros([axis.size - 1 for axis in axes], np.uint8)
    field = np.ascontiguousarray(field, np.float32)
    x, y, z = axes
    codes = np.empty(len(points), np.int64)

    def trace_part(first: int, last: int) -> None:
        part = slice(first, last)
        trace_ends(
            field, x, y, z, known, points[part], sign, settings, codes[part]
        )

    in_parts(trace_part, len(points), smallest=_SEEDS_PER_PART, each=4)
    return codes
