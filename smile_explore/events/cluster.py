"""Compute lazy data on the workers of ``dask.distributed``."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import dask

from smile_explore.physics.threads import processors

__all__ = [
    "active",
    "computed",
    "each",
    "local_workers",
    "on_client",
    "starts_processes",
]

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

#: Progress is told, and cancelling heard, at least this often. [s]
_PULSE = 0.1
#: The lines of sight of a hundred images are 17 MB, as are the images when
#: they are shared out, which is no mistake.
_GRAPHS: dict[str, Any] = {
    "distributed.admin.large-graph-warning-threshold": "1GB"
}
#: Fewer processors are better used by threads.
_WORTH_IT = 4
_CHOSEN: ContextVar[Any] = ContextVar("client", default=None)


@contextmanager
def on_client(client: Any) -> Iterator[None]:
    """Compute on a client what this thread computes meanwhile.

    Parameters
    ----------
    client : distributed.Client or None
        With None the one chosen before, or else dask decides: the client
        that was made last, if any is open, else threads.

    Raises
    ------
    TypeError
        If it is no such client.
    ValueError
        If the client has been closed.
    """
    if client is None:
        yield
        return
    _check(client)
    before = _CHOSEN.set(client)
    try:
        yield
    finally:
        _CHOSEN.reset(before)


@contextmanager
def local_workers(count: int | None = None) -> Iterator[Any]:
    """Start workers on this machine, each a process, and stop them at the end.

    ``with local_workers() as client: observe(event, client=client)``. A script
    that does so must guard its work by ``if __name__ == "__main__":``, for
    each process imports it again; a notebook need not.

    Parameters
    ----------
    count : int, optional
        By default as many as processors, where there are four or more: on
        processes an image takes twice the processor time that it takes in
        threads (``benchmarks/observe.py``), so that two win nothing. They
        share the memory of the machine evenly.

    Yields
    ------
    client : distributed.Client or None
        None for a single worker, which is this process.

    Raises
    ------
    ValueError
        If there are to be less than one.
    RuntimeError
        If they do not start, as from a script that is not guarded.
    """
    if count is None:
        count = processors() if processors() >= _WORTH_IT else 1
    if count < 1:
        raise ValueError(f"there must be 1 worker or more, got {count}")
    if count == 1:
        yield None
        return
    from distributed import Client

    with (
        _local_cluster(count) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _local_cluster(count: int) -> Any:
    from distributed import LocalCluster

    try:
        return LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
    except RuntimeError as error:
        raise RuntimeError(
            f"{count} workers could not be started; in a script, put what "
            'starts them under `if __name__ == "__main__":`, or ask for 1'
        ) from error


def starts_processes() -> bool:
    """Tell whether processes can be started whatever the program looks like.

    Each imports the main module again, if it is a file, as of a script; a
    notebook has none.
    """
    main = sys.modules["__main__"]
    return getattr(main, "__file__", None) is None


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
    # not pure: to name each part by its content would take time
    with dask.config.set(_GRAPHS):
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
