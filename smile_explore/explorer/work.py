"""Long work beside the widgets: progress, cancel, one job at a time."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

__all__ = ["Cancelled", "Later", "Worker"]

_LOGGER = logging.getLogger(__name__)
#: Progress is told at most this often, to spare the browser. [s]
_PULSE = 0.1


class Cancelled(Exception):
    """A computation was given up because nobody waits for it any more."""


class Worker:
    """Runs one job at a time in a thread; a new job cancels the last.

    Callbacks come back on the event loop of the notebook, where widgets may
    be touched. Without a running loop (a plain script) the job runs at once.

    Parameters
    ----------
    on_progress : callable
        ``on_progress(done, total)``; done is None when a job has ended.
    """

    def __init__(self, on_progress: Callable[[int | None, int], None]) -> None:
        self._on_progress = on_progress
        self._stop = threading.Event()

    def start(
        self,
        job: Callable[[Callable[[int, int], None]], Any],
        on_done: Callable[[Any], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Run ``job(progress)``, then call `on_done` with its result."""
        self.cancel()
        stop = self._stop = threading.Event()
        tell = _on_loop()
        self._on_progress(0, 1)

        def end(callback: Callable[[Any], None], value: Any) -> None:
            if stop is not self._stop:
                return
            self._on_progress(None, 1)
            if stop.is_set():  # only after the last step of the job
                on_failure(Cancelled("cancelled"))
            else:
                callback(value)

        def run() -> None:
            try:
                result = job(self._progress(stop, tell))
            except Exception as error:
                _LOGGER.info("a job ended: %r", error, exc_info=True)
                tell(end, on_failure, error)
            else:
                tell(end, on_done, result)

        if tell is _at_once:
            run()
        else:
            threading.Thread(target=run, daemon=True).start()

    def cancel(self) -> None:
        """Give up the running job, if there is one."""
        self._stop.set()

    def _progress(
        self, stop: threading.Event, tell: Callable[..., object]
    ) -> Callable[[int, int], None]:
        told = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if stop.is_set():
                raise Cancelled("cancelled")
            now = time.monotonic()
            if now - told > _PULSE:
                told = now
                tell(self._tell, stop, done, total)

        return progress

    def _tell(self, stop: threading.Event, done: int, total: int) -> None:
        if stop is self._stop and not stop.is_set():
            self._on_progress(done, total)


class Later:
    """Answers after a rest, of each name the last that was asked for.

    Without a running loop (a plain script) an answer comes at once.

    Parameters
    ----------
    guard : callable
        Wraps an answer so that what fails in it is told.
    """

    def __init__(
        self, guard: Callable[[Callable[[], None]], Callable[[], None]]
    ) -> None:
        self._guard = guard
        self._waiting: dict[str, asyncio.TimerHandle] = {}

    def ask(self, name: str, delay: float, answer: Callable[[], None]) -> None:
        """Answer in `delay` seconds, unless asked again before."""
        self.forget(name)

        def now() -> None:
            self._waiting.pop(name, None)
            self._guard(answer)()

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            now()
        else:
            self._waiting[name] = loop.call_later(delay, now)

    def forget(self, name: str) -> None:
        """Give an answer up."""
        waiting = self._waiting.pop(name, None)
        if waiting is not None:
            waiting.cancel()

    def waits(self, name: str) -> bool:
        """Tell whether there is an answer to come."""
        return name in self._waiting


def _on_loop() -> Callable[..., object]:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return _at_once
    # In the context of the request that the job answers: without it ipykernel
    # takes what widgets then send for an answer to any other request, and
    # their messages go to a subshell that may be gone.
    context = contextvars.copy_context()

    def tell(callback: Callable[..., object], *values: Any) -> None:
        # a loop that is closed between the two has nobody left to be told
        with contextlib.suppress(RuntimeError):
            if not loop.is_closed():
                loop.call_soon_threadsafe(
                    partial(callback, *values), context=context
                )

    return tell


def _at_once(callback: Callable[..., object], *values: Any) -> None:
    callback(*values)
