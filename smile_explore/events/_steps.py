"""Compute lazy data, share out other work, and tell how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

import dask

from smile_explore.events.cluster import active, computed, each
from smile_explore.physics.threads import processors

__all__ = ["Progress", "compute", "shared_out"]

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

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


def shared_out(
    work: Callable[[_Part], _Result],
    parts: Sequence[_Part],
    progress: Progress | None,
    *,
    sizes: Sequence[int],
) -> list[_Result]:
    """Work on parts, on the client if there is one, else in threads.

    Parameters
    ----------
    work : callable
        Of one part; pickled, as its part is, on its way to a worker.
    parts : sequence
    progress : callable, optional
        ``progress(done, total)`` in the unit of `sizes`, after each part; an
        exception raised in it cancels the parts that are left.
    sizes : sequence of int
        Of the parts.

    Returns
    -------
    results : list
        In the order of the parts.
    """
    client = active()
    coming = each(client, work, parts) if client else _threads(work, parts)
    results: list[_Result] = []
    with closing(coming):
        for result in coming:
            results.append(result)
            if progress is not None:
                progress(sum(sizes[: len(results)]), sum(sizes))
    return results


def _threads(
    work: Callable[[_Part], _Result], parts: Sequence[_Part]
) -> Generator[_Result]:
    pool = ThreadPoolExecutor(min(4, processors()))
    try:
        yield from pool.map(work, parts)
    finally:
        pool.shutdown(cancel_futures=True)
