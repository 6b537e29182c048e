"""Run a call in a Python process of its own, which is ended at a deadline."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time as clock
from collections.abc import Callable
from typing import Any, Final

__all__ = ["Progress", "Unavailable", "in_process"]

#: How often a wait looks up. [s]
_LOOK: Final = 0.2
_CHILD: Final = """
import os, pickle, sys
answer = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # what libraries print is no part of the answer
call = pickle.loads(sys.stdin.buffer.read())
try:
    result = ("done", call())
except (OSError, ValueError, ImportError) as error:
    result = ("failed", str(error) or type(error).__name__)
pickle.dump(result, answer)
"""

Progress = Callable[[float, float], object]


class Unavailable(OSError):
    """What was asked for cannot be had now; the message is one sentence."""


def in_process(
    call: Callable[[], Any],
    deadline: float,
    progress: Progress | None = None,
) -> Any:
    """Run a call in a process of its own, which is ended at the deadline.

    Parameters
    ----------
    call : callable
        Without arguments; it and what it returns can be pickled.
    deadline : float
        [s]
    progress : callable, optional
        ``progress(elapsed, deadline)``; an exception raised in it cancels.

    Raises
    ------
    Unavailable
        If it failed, or was not done in time.
    """
    paths = os.pathsep.join(path for path in sys.path if path)
    started = clock.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    with child:
        try:
            given: bytes | None = pickle.dumps(call)
            while True:
                try:
                    answer, said = child.communicate(given, timeout=_LOOK)
                    break
                except subprocess.TimeoutExpired:
                    given = None  # it was sent
                elapsed = clock.monotonic() - started
                if elapsed > deadline:
                    raise Unavailable(
                        f"There was no answer in {deadline:g} s; try again "
                        "later, or open a file of your own."
                    )
                if progress is not None:
                    progress(elapsed, deadline)
        finally:
            child.kill()
    if not answer:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise Unavailable(f"The worker ended early: {' '.join(last)}")
    state, result = pickle.loads(answer)
    if state == "failed":
        raise Unavailable(result)
    return result
