"""Work shared out among threads, for compiled code that releases the lock.

Numba's own threads (``parallel=True``) are not used: where neither OpenMP nor
TBB is installed, the layer that is left ends the process as soon as two
threads, such as dask's, enter it together.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

__all__ = ["in_parts", "processors"]

_Result = TypeVar("_Result")


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_parts(
    work: Callable[[int, int], _Result],
    count: int,
    *,
    smallest: int = 1,
    each: int = 1,
) -> list[_Result]:
    """Call ``work(first, last)`` on the parts of a range, in threads.

    Parameters
    ----------
    work : callable
    count : int
        Length of the range.
    smallest : int
        A part shorter than this is not worth a thread.
    each : int
        Parts for each thread; several even out what takes unequal times.

    Returns
    -------
    results : list
        In the order of the range.
    """
    threads = processors()
    parts = min(each * threads, count // smallest)
    if parts <= 1:
        return [work(0, count)]
    cuts = np.linspace(0, count, parts + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, cuts[:-1], cuts[1:]))
