"""Compute lazy data, and tell how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dask

from smile_explore.events.cluster import active, computed

__all__ = ["Progress", "compute"]

#: Called with the steps done and their number; raise from it to cancel.
Progress = Callable[[int, int], None]


def compute(
    lazy: tuple[Any, ...], progress: Progress | None
) -> tuple[Any, ...]:
    """Compute several lazy things at once, on the client if there is one.

    Of dask's tasks the steps are told of this computation alone: dask's own
    ``with Callback()`` would hear of all that run meanwhile in any thread.
    """
    if (client := active()) is not None:
        return computed(client, lazy, progress)
    if progress is None:
        return dask.compute(*lazy)
    done = total = 0

    def begin(_graph: Any, state: dict[str, Any]) -> None:
        nonlocal total
        total = sum(
            len(state[kind]) for kind in ("ready", "waiting", "running")
        )

    def step(*_: Any) -> None:
        nonlocal done
        done += 1
        progress(done, total)

    # as dask orders them: start, start of the state, before a task, after
    # it, end
    return dask.compute(*lazy, callbacks=[(None, begin, None, step, None)])
