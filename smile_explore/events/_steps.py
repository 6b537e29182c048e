"""Compute lazy data, and tell how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dask
from dask.callbacks import Callback

__all__ = ["Progress", "compute"]

#: Called with the steps done and their number; raise from it to cancel.
Progress = Callable[[int, int], None]


def compute(
    lazy: tuple[Any, ...], progress: Progress | None
) -> tuple[Any, ...]:
    """Compute several lazy things at once."""
    if progress is None:
        return dask.compute(*lazy)
    with _Steps(progress):
        return dask.compute(*lazy)


class _Steps(Callback):
    """Tell how many of dask's tasks are done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = self._total = 0
        super().__init__()

    def _start_state(self, _graph: Any, state: dict[str, Any]) -> None:
        self._total = sum(
            len(state[kind]) for kind in ("ready", "waiting", "running")
        )

    def _posttask(self, *_: Any) -> None:
        self._done += 1
        self._progress(self._done, self._total)
