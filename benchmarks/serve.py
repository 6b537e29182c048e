"""A class of eight on one server: how soon the explorer follows each.

Server and browser share this machine, so that all eight pages are drawn here
too, in software; in a lecture hall students bring their own. Each student
moves the clock by a step, then looks at it for one to three seconds. A step is
timed as in `benchmarks/explorer.py`, from the key to the frame in which the
last panel of the "X-ray" view has other pixels.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Page

from benchmarks import Figure
from benchmarks.explorer import EVENT, PROBE, machine_load
from smile_explore import events
from smile_explore.events import library
from tools.lab import start_chromium
from tools.lab_server import start_class

STUDENTS = 8
STEPS = 10
#: Of the preset "X-ray" that change with every step.
PANELS = ["sxi", "noon", "standoff"]
#: One student: a step, a look, a step ...; what each took. [ms]
STUDENT = """
async (count) => {
  const taken = [];
  for (let step = 0; step < count; step++) {
    await new Promise((done) => setTimeout(done, 1000 + 2000 * Math.random()));
    taken.push(...await smileProbe.steps(["ArrowRight"], 5000));
  }
  return taken;
}
"""


def measure() -> Iterator[Figure]:
    """Yield how long the class takes to come in, and to be answered."""
    library.keep(events.load(EVENT))
    with (
        tempfile.TemporaryDirectory() as folder,
        start_class(
            Path(folder), f"--users={STUDENTS}", f"--ready={STUDENTS}"
        ) as (address, process),
        start_chromium() as chromium,
    ):
        server = psutil.Process(process)
        _rest(server)
        started = time.monotonic()
        contexts = [
            chromium.new_context(viewport={"width": 1280, "height": 800})
            for _ in range(STUDENTS)
        ]
        pages = [context.new_page() for context in contexts]
        for page in pages:
            page.goto(f"{address}?event={EVENT}&preset=X-ray")
        for page in pages:
            _wait(page)
        yield machine_load()
        yield Figure(
            f"{STUDENTS} students, first come to last seated",
            time.monotonic() - started,
            "s",
        )
        for page in pages:
            page.evaluate(
                f"window.taken = null; ({STUDENT})({STEPS})"
                ".then((all) => { window.taken = all; }); null"
            )
        taken = []
        for page in pages:
            page.wait_for_function("window.taken", timeout=600_000)
            taken += page.evaluate("taken")
        steps = np.array([np.inf if one is None else one for one in taken])
        yield machine_load()
        yield Figure(
            f"step, median of {STUDENTS} students",
            np.median(steps),
            "ms",
            at_most=500.0,
        )
        yield Figure(
            "step, 95 % of them within",
            np.quantile(steps, 0.95, method="higher"),
            "ms",
        )
        kernels = [
            child.memory_info().rss / 1e9
            for child in server.children(recursive=True)
            if any("ipykernel" in word for word in child.cmdline())
        ]
        yield Figure("memory of a seat, RSS", max(kernels), "GB", None, 1.5)
        yield Figure("memory of all seats, RSS", sum(kernels), "GB")


def _wait(page: Page) -> None:
    page.locator(".smile-time").first.wait_for(timeout=300_000)
    page.evaluate(PROBE, {"names": PANELS})
    page.evaluate("smileProbe.complete(1000, 120000)")


def _rest(process: psutil.Process) -> None:
    """Wait until all kernels have started and have nothing to do."""
    end = time.monotonic() + 300
    used = -1.0
    while time.monotonic() < end:
        time.sleep(5)
        kernels = process.children(recursive=True)
        now = sum(sum(one.cpu_times()[:2]) for one in kernels)
        if len(kernels) >= STUDENTS and now - used < 0.5:
            return
        used = now
    raise RuntimeError(f"load {os.getloadavg()[0]}: the seats never rested")
