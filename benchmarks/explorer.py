"""The explorer as its user meets it: JupyterLab in headless Chromium.

A step is a key pressed on the slider, up to the frame in which the last of
all panels has other pixels (all but Sun and orbit, where a step is too small
to see): the message to the kernel, its work, the
message back and the drawing. The steps are those of the hours before the
storm of June 2012, in which every panel changes with each. In situ a step ends
when the slice through the distribution has other pixels; the moments, those of
a box on it too, come in the same message. The event was observed before; page,
kernel and browser cache are fresh.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import Figure
from smile_explore import events
from smile_explore.events import library
from tools.lab import Lab, open_page, start_chromium
from tools.lab_server import ROOT, start_server

NOTEBOOK = ROOT / "notebooks" / "event_explorer.ipynb"
EVENT = "2012-06-16"
PANELS = [
    *("density", "speed", "magnetic-field", "dynamic-pressure", "standoff"),
    *("spectrogram", "ion-density", "field", "distribution"),
    *("noon", "equator", "sxi", "uvi", "polar-map"),
]
#: Of the preset "Aurora"; its strip of modes is lower than the probe looks.
AURORA_PANELS = [
    *("uvi", "polar-map", "magnetic-field"),
    *("keogram", "open-flux", "flux-rates"),
]
STEPS = 20
PROBE = Path(__file__).with_name("_probe.js").read_text(encoding="utf-8")
#: Counts what comes to the page over web sockets.
COUNTER = """
window.smileReceived = 0;
window.WebSocket = class extends WebSocket {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({data}) => {
      window.smileReceived += data.byteLength ?? data.size ?? data.length;
    });
  }
};
"""


def measure() -> Iterator[Figure]:
    """Yield how soon the explorer stands, how it follows, what it takes."""
    library.keep(events.load(EVENT))
    with open_lab() as lab:
        yield from _start(lab)
        kernel = kernel_of(lab)
        yield from _memory(kernel, "when opened")
        yield from _steps(lab, kernel)
        yield from _memory(kernel, f"after {STEPS} steps")
        _arrange(lab, "Aurora", AURORA_PANELS)
        yield from _steps(lab, kernel, "Aurora, ")
        yield from _memory(kernel, "in Aurora")
        yield from _in_situ(lab, kernel)


def _arrange(lab: Lab, preset: str, panels: list[str]) -> None:
    """Choose a preset, and watch its panels once they are drawn."""
    lab.page.get_by_role("button", name=preset, exact=True).click()
    lab.page.wait_for_timeout(2000)
    lab.page.evaluate(PROBE, {"names": panels})
    lab.page.evaluate("smileProbe.complete(1000, 60000)")


@contextlib.contextmanager
def open_lab() -> Iterator[Lab]:
    """Start JupyterLab and a browser of the size of a laptop's."""
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryDirectory() as folder,
        start_server(Path(home), Path(folder)) as server,
        start_chromium() as chromium,
        open_page(server, chromium, "bench", width=1440, height=900) as lab,
    ):
        yield lab


def _start(lab: Lab) -> Iterator[Figure]:
    """Open the notebook, which runs itself, and wait for all panels."""
    page = lab.page
    asked: list[Any] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request)
            if request.method == "POST" and "/api/sessions" in request.url
            else None
        ),
    )
    page.add_init_script(COUNTER)
    opened = 1e3 * time.time()
    lab.open_notebook(NOTEBOOK)
    page.evaluate(PROBE, {"names": PANELS})
    complete = page.evaluate("smileProbe.complete(1000, 60000)")
    kernel = asked[-1].timing["startTime"]
    yield machine_load()
    yield Figure(
        "kernel asked for to last panel drawn",
        (complete - kernel) / 1e3,
        "s",
        at_most=12.0,
    )
    yield Figure(
        "page opened to last panel drawn", (complete - opened) / 1e3, "s"
    )


def _in_situ(lab: Lab, kernel: psutil.Process) -> Iterator[Figure]:
    """Show ions and field, a box drawn on the slice, and step on."""
    page = lab.page
    page.get_by_role("button", name="In situ", exact=True).click()
    lab.wait_drawn(page.locator(".smile-hodogram").first)
    slice_ = page.locator(".smile-distribution").first
    lab.wait_drawn(slice_)
    box = slice_.bounding_box() or {}
    for part, act in ((0.3, page.mouse.down), (0.6, page.mouse.up)):
        page.mouse.move(
            box["x"] + part * box["width"], box["y"] + part * box["height"]
        )
        act()
    page.locator(".smile-partial").wait_for()
    page.evaluate(PROBE, {"names": ["distribution"]})
    yield from _steps(lab, kernel, "In situ, ", at_most=100.0)


def _steps(
    lab: Lab,
    kernel: psutil.Process,
    where: str = "",
    at_most: float = 150.0,
) -> Iterator[Figure]:
    page = lab.page
    page.evaluate("smileProbe.steps(['Home', 'ArrowRight'], 2000)")
    page.wait_for_timeout(500)
    before = _cpu(kernel), page.evaluate("smileReceived")
    taken = page.evaluate(
        f"smileProbe.steps(Array({STEPS}).fill('ArrowRight'), 3000)"
    )
    cpu, received = _cpu(kernel), page.evaluate("smileReceived")
    # A step that never came counts as one that never ends.
    taken = np.array([np.inf if one is None else one for one in taken])
    slow = np.quantile(taken, 0.95, method="higher")
    yield machine_load()
    yield Figure(
        f"{where}step, median", np.median(taken), "ms", at_most=at_most
    )
    yield Figure(
        f"{where}step, 95 % of them within", slow, "ms", at_most=300.0
    )
    yield Figure(
        f"{where}CPU of the kernel a step",
        (cpu - before[0]) / STEPS * 1e3,
        "ms",
    )
    yield Figure(
        f"{where}received a step", (received - before[1]) / STEPS / 1e3, "kB"
    )


def kernel_of(lab: Lab) -> psutil.Process:
    """Return the process of the one kernel that runs."""
    children = psutil.Process(lab.server.process).children(recursive=True)
    return next(
        child
        for child in children
        if any("ipykernel" in word for word in child.cmdline())
    )


def _cpu(process: psutil.Process) -> float:
    return process.cpu_times().user + process.cpu_times().system


def _memory(kernel: psutil.Process, when: str) -> Iterator[Figure]:
    memory = kernel.memory_full_info()
    yield Figure(
        f"memory of the kernel {when}, RSS", memory.rss / 1e9, "GB", None, 1.2
    )
    if hasattr(memory, "pss"):  # of Linux: shared pages shared out
        yield Figure(
            f"memory of the kernel {when}, PSS", memory.pss / 1e9, "GB"
        )


def machine_load() -> Figure:
    """Return what else the machine has to do."""
    return Figure("load of the machine", os.getloadavg()[0])
