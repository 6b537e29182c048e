"""A newcomer: from a clean clone to the first picture, by the README alone.

The README's two lines are typed, in a home that is empty, on a machine whose
package index is as near as it is here; then the address that is printed is
opened in a browser without history.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Figure
from benchmarks.explorer import PANELS, PROBE, machine_load
from tools.lab import start_chromium
from tools.lab_server import ROOT

#: What the README says to type; the clone is of this checkout.
COMMANDS = (
    f"git clone -q {ROOT} smile_explore && cd smile_explore",
    "make run",
)
PATIENCE = 1800.0


def measure() -> Iterator[Figure]:
    """Yield how many commands it takes, and how many minutes."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        home, log = Path(folder, "home"), Path(folder, "log")
        home.mkdir()
        own = ("XDG_", "SMILE_EXPLORE", "JUPYTER", "IPYTHON", "VIRTUAL_ENV")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(own)}
        with log.open("w") as file:
            process = subprocess.Popen(
                ["bash", "-ec", "\n".join(COMMANDS)],
                cwd=folder,
                env=kept | {"HOME": str(home), "BROWSER": "true"},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        try:
            address = _address(process, log)
            yield Figure("commands", len(COMMANDS), "")
            yield Figure("to the address", _minutes(started), "min")
            with start_chromium() as chromium:
                page = chromium.new_context(
                    viewport={"width": 1440, "height": 900}
                ).new_page()
                page.goto(address)
                page.evaluate(PROBE, {"names": PANELS})
                page.evaluate("smileProbe.complete(1000, 120000)")
            yield machine_load()
            yield Figure("to the first picture", _minutes(started), "min")
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def _minutes(started: float) -> float:
    return (time.monotonic() - started) / 60


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait for the address that the last command prints."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"http://127\S+\?token=\w+", log.read_text()):
            time.sleep(1)  # printed a moment before it answers
            return found.group()
        time.sleep(0.5)
    raise RuntimeError(f"no address was printed:\n{log.read_text()[-3000:]}")
