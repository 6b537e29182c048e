"""Binder's image: how soon its page shows the explorer, in what memory.

The image is made by repo2docker's steps in an empty folder
(`tools/binder.py`), which takes minutes; the page's time is from its address
to the last panel of the "Overview", with a browser and a home that know
nothing of it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks import Figure
from benchmarks.explorer import PANELS, PROBE, machine_load
from tools.binder import build
from tools.lab import open_page, start_chromium
from tools.lab_server import start_server


def measure() -> Iterator[Figure]:
    """Yield how long the image takes, its page, and its memory."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        image = build(Path(folder))
        yield Figure("image made", (time.monotonic() - started) / 60, "min")
        with (
            start_server(Path(folder, "user"), image.home, image) as server,
            start_chromium() as chromium,
            open_page(
                server, chromium, "binder", width=1440, height=900
            ) as lab,
        ):
            opened = 1e3 * time.time()
            lab.page.goto(
                server.url("/lab/tree/notebooks/event_explorer.ipynb")
            )
            lab.page.evaluate(PROBE, {"names": PANELS})
            complete = lab.page.evaluate("smileProbe.complete(1000, 120000)")
            yield machine_load()
            yield Figure(
                "page opened to last panel drawn",
                (complete - opened) / 1e3,
                "s",
                at_most=30.0,
            )
            used = sum(
                one.memory_info().rss
                for one in (
                    psutil.Process(server.process),
                    *psutil.Process(server.process).children(recursive=True),
                )
            )
            yield Figure(
                "memory of server and kernel, RSS", used / 1e9, "GB", None, 1.5
            )
