"""Compute lazy data on the workers of ``dask.distributed``."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import dask

__all__ = ["active", "computed", "each", "on_client"]

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

#: Progress is told, and cancelling heard, at least this often. [s]
_PULSE = 0.1
#: The lines of sight of a hundred images are 17 MB, which is no mistake.
_GRAPHS: dict[str, Any] = {
    "distributed.admin.large-graph-warning-threshold": "1GB"
}
_CHOSEN: ContextVar[Any] = ContextVar("client", default=None)


@contextmanager
def on_client(client: Any) -> Iterator[None]:
    """Compute on a client what this thread computes meanwhile.

    Parameters
    ----------
    client : distributed.Client or None
        With None dask decides: the client that was made last, if any is open,
        else threads.

    Raises
    ------
    TypeError
        If it is no such client.
    ValueError
        If the client has been closed.
    """
    if client is not None:
        _check(client)
    before = _CHOSEN.set(client)
    try:
        yield
    finally:
        _CHOSEN.reset(before)


def active() -> Any:
    """Return the client that computes what this thread asks for, or None."""
    if (client := _CHOSEN.get()) is not None:
        return client
    chosen = getattr(dask.base.get_scheduler(), "__self__", None)
    return chosen if hasattr(chosen, "persist") else None


def computed(
    client: Any,
    lazy: tuple[Any, ...],
    progress: Callable[[int, int], None] | None,
) -> tuple[Any, ...]:
    """Compute several lazy things at once, and tell how far they have come.

    What is raised by `progress` cancels the work on all workers. What a
    worker has lost when it dies, the others compute again.
    """
    from distributed import futures_of

    _check(client)
    with dask.config.set(_GRAPHS):
        held = _persisted(client, lazy)
    futures = futures_of(held)
    try:
        while left := sum(not future.done() for future in futures):
            if progress is not None:
                progress(len(futures) - left, len(futures))
            if any(future.status == "error" for future in futures):
                break  # told by what follows
            time.sleep(_PULSE)
        result = dask.compute(*held, scheduler=client)
        if progress is not None:
            progress(len(futures), len(futures))
    except BaseException as error:
        _stop(client, futures, error)
        raise
    return result


def each(
    client: Any,
    work: Callable[[_Part], _Result],
    parts: Sequence[_Part],
) -> Generator[_Result]:
    """Work on parts on the workers, and give the results in order.

    When it is closed what is left is cancelled. What a worker has lost when
    it dies, the others do again.
    """
    _check(client)
    # not pure: a part may have a random generator, and equal parts no name
    waiting = deque(client.map(work, parts, pure=False))
    try:
        while waiting:
            yield waiting[0].result()
            waiting.popleft()  # and its worker may forget it
    except BaseException as error:
        _stop(client, waiting, error)
        raise


def _stop(client: Any, futures: Iterable[Any], error: BaseException) -> None:
    """Cancel what is left, or tell that nobody is there to work."""
    if client.status != "running":
        raise ConnectionError(_lost(client)) from error
    client.cancel(list(futures))


def _persisted(client: Any, lazy: tuple[Any, ...]) -> tuple[Any, ...]:
    """Start the work on what is lazy, and leave the rest as it is."""
    begun = iter(client.persist([one for one in lazy if _lazy(one)]))
    return tuple(next(begun) if _lazy(one) else one for one in lazy)


def _lazy(data: Any) -> bool:
    return bool(dask.is_dask_collection(data))


def _check(client: Any) -> None:
    from distributed import Client

    if not isinstance(client, Client):
        raise TypeError(
            "client must be a dask.distributed.Client, got "
            f"{type(client).__name__}"
        )
    if client.asynchronous:
        raise ValueError(
            "client must not be asynchronous; make it with Client(...) "
            "without asynchronous=True"
        )
    if client.status != "running":
        raise ValueError(_lost(client))


def _lost(client: Any) -> str:
    return (
        f"the dask client is {client.status}, it has no workers to compute "
        "on; make another with dask.distributed.Client(...) and pass that, "
        "or none for this machine's threads"
    )
