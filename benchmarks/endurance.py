"""The explorer in use for long: what its kernel's memory does.

For MINUTES (30 unless the variable says otherwise) the slider, taps, views,
quantities, drawers and both events are used at random, the same each time. The
memory that counts is that after the first fifth, in which both events and all
views were on screen once or more. Nothing may be told on the console.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks import Figure
from benchmarks.explorer import kernel_of, machine_load, open_lab
from smile_explore import events
from smile_explore.events import library
from smile_explore.explorer.panels import PRESETS
from tools.lab import Lab
from tools.lab_server import ROOT

NOTEBOOK = ROOT / "notebooks" / "event_explorer.ipynb"
MINUTES = float(os.environ.get("MINUTES", "30"))
_KEYS = ("ArrowRight", "ArrowRight", "ArrowLeft", "PageDown", "Home", "]", "[")
_DRAWERS = ("Events", "Settings", "Share", "Export", "About")
_QUANTITIES = ("density", "emissivity", "intensity", "counts")
_TAPPED = ("sxi", "uvi", "polar-map", "density", "standoff", "noon")


def measure() -> Iterator[Figure]:
    """Yield how the memory grows, and what the page complained of."""
    names = list(events.catalog().index)
    for name in names:
        library.keep(events.load(name))
    chance = random.Random(1)
    with open_lab() as lab:
        lab.open_notebook(NOTEBOOK, timeout=120.0)
        lab.wait_drawn(lab.page.locator(".smile-sxi").first)
        kernel = kernel_of(lab)
        actions = [
            lambda: _press(lab, chance.choice(_KEYS)),
            lambda: _press(lab, chance.choice(_KEYS)),
            lambda: _tap(lab, chance),
            lambda: _button(lab, chance.choice(tuple(PRESETS))),
            lambda: _button(lab, chance.choice(_DRAWERS)),
            lambda: _button(lab, chance.choice(_QUANTITIES)),
        ]
        memory: list[float] = []
        done = 0
        begin = time.monotonic()
        while (gone := time.monotonic() - begin) < 60 * MINUTES:
            if len(memory) < 60 * gone / (60 * MINUTES):
                memory.append(kernel.memory_info().rss)
                if len(memory) % 6 == 0:
                    _event(lab, names[len(memory) // 6 % len(names)])
            action: Callable[[], None] = chance.choice(actions)
            action()
            done += 1
            lab.page.wait_for_timeout(300)
        yield machine_load()
        warm, last = memory[len(memory) // 5 :], memory[-len(memory) // 5 :]
        yield Figure(f"used at random for {MINUTES:g} min, actions", done, "")
        yield Figure("memory of the kernel, at most", max(memory) / 1e9, "GB")
        yield Figure(
            "growth after the first fifth",
            100 * (np.median(last) / np.median(warm[: len(last)]) - 1),
            "%",
            at_most=5.0,
        )
        for problem in lab.problems[:5]:
            print("   ", problem[:200])
        yield Figure(
            "complaints of the page", len(lab.problems), "", None, 0.0
        )


def _press(lab: Lab, key: str) -> None:
    lab.page.locator(".smile-clock .noUi-handle").first.focus()
    lab.page.keyboard.press(key)


def _tap(lab: Lab, chance: random.Random) -> None:
    panel = lab.page.locator(f".smile-{chance.choice(_TAPPED)}").first
    box = panel.bounding_box() if panel.count() else None
    if box:
        lab.page.mouse.click(
            box["x"] + chance.uniform(0.3, 0.7) * box["width"],
            box["y"] + chance.uniform(0.3, 0.7) * box["height"],
        )


def _button(lab: Lab, name: str) -> None:
    button = lab.page.get_by_role("button", name=name, exact=True)
    if button.first.is_visible():
        button.first.click()


def _event(lab: Lab, name: str) -> None:
    title = events.load(name).title
    row = lab.page.locator(".widget-dropdown", has_text="Event")
    row.locator("select").first.select_option(label=title)
