"""Run the worker, watch the clock, and end it when nobody waits any more."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import smile_explore

__all__ = ["COMMAND", "Progress", "run"]

Progress = Callable[[int, int], object]
#: What is run; the request is added to it.
COMMAND = [sys.executable, "-m", "smile_explore.data.sources.worker"]
#: How often the caller is told, and may cancel. [s]
_PULSE = 0.2
_Lines = queue.SimpleQueue[bytes]


def run(
    request: dict[str, Any],
    *,
    folder: Path,
    deadline: float,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the worker's answer.

    Parameters
    ----------
    request : dict
        As the worker takes it.
    folder : pathlib.Path
        The cache that the worker uses.
    deadline : float
        After so long it is ended, the start of pyspedas included. [s]
    progress : callable, optional
        ``progress(done, total)`` several times a second, in steps; an
        exception raised in it ends the worker and is passed on.

    Raises
    ------
    TimeoutError
        At the deadline.
    RuntimeError
        If the worker ends without an answer.
    """
    total = 1 + 3 * len(request["products"])
    environment = os.environ | {
        "SMILE_EXPLORE_CACHE": str(folder),
        "SPEDAS_DATA_DIR": str(folder / "pyspedas"),
        "PYTHONPATH": _import_path(),
        "MPLBACKEND": "agg",
    }
    with tempfile.TemporaryFile() as complaints:
        worker = subprocess.Popen(
            [*COMMAND, json.dumps(request)],
            stdin=subprocess.DEVNULL,  # nobody can be asked for a password
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environment,
        )
        assert worker.stdout is not None
        lines: _Lines = queue.SimpleQueue()
        reader = threading.Thread(
            target=_forward, args=(worker.stdout, lines.put), daemon=True
        )
        reader.start()
        try:
            return _answer(lines, total, deadline, progress)
        except EOFError:
            complaints.seek(0)
            raise RuntimeError(_last_line(complaints)) from None
        finally:
            worker.kill()
            worker.wait()
            reader.join()
            worker.stdout.close()


def _answer(
    lines: _Lines, total: int, deadline: float, progress: Progress | None
) -> dict[str, Any]:
    end, done = time.monotonic() + deadline, 0
    while True:
        if progress:
            progress(done, total)
        if time.monotonic() > end:
            raise TimeoutError(f"no answer within {deadline:g} s")
        try:
            line = lines.get(timeout=_PULSE)
        except queue.Empty:
            continue
        if not line:
            raise EOFError
        if not line.startswith(b"{"):
            continue  # printed by what the worker itself imports
        told = json.loads(line)
        if "step" not in told:
            if progress:
                progress(total, total)
            return told
        done = min(done + 1, total - 1)


def _forward(stream: IO[bytes], put: Callable[[bytes], None]) -> None:
    for line in stream:
        put(line)
    put(b"")


def _last_line(stream: IO[bytes]) -> str:
    lines = stream.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _import_path() -> str:
    """Return where the worker finds this package, installed or not."""
    here = str(Path(smile_explore.__file__).parents[1])
    return os.pathsep.join(
        part for part in (here, os.environ.get("PYTHONPATH", "")) if part
    )
