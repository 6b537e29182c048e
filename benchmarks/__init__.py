"""Speed and accuracy in numbers: ``python -m benchmarks [name ...]``.

Each module here has a function ``measure`` that yields figures. CPU times
are of the whole process, all threads; they depend less on what else the
machine does than wall times, of which the best is taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Figure", "Timing", "best_of"]


class Figure(NamedTuple):
    """One number of a benchmark, and what it should at least or at most be."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None


class Timing(NamedTuple):
    """Least CPU time and wall time of some calls [s], and their result."""

    cpu: float
    wall: float
    result: Any


def best_of(count: int, function: Callable[[], Any]) -> Timing:
    """Call a function some times, after one call to warm it up."""
    result = function()
    cpu, wall = [], []
    for _ in range(count):
        start = time.process_time(), time.perf_counter()
        result = function()
        cpu.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
    return Timing(min(cpu), min(wall), result)
