"""Draw the pictures of the gallery: every panel of the explorer, by itself.

    python tools/build_gallery.py [--only PANEL ...]

Writes docs/images/gallery/PANEL.png, from a kept observation of an event (the
first time it is made, which takes a minute) and with a headless Chromium. Run
it anew when views have changed, and look at what it draws.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from bokeh.embed import file_html
from bokeh.models import LayoutDOM
from bokeh.resources import Resources
from PIL import Image
from playwright.sync_api import Browser

from smile_explore import events
from smile_explore.events import library, moment
from smile_explore.explorer.panel import render
from smile_explore.explorer.panels import PANELS, PRESETS, Picture, Shown
from tools.lab import start_chromium

__all__ = ["draw", "file_name", "main"]

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images" / "gallery"
#: Two storms, and a moment of each at which all instruments see something.
STORM, AURORA_STORM = "2012-06-16", "2014-09-12"
#: Panels of the second.
OF_SECOND = frozenset(
    {
        "uvi",
        "polar map",
        "modes",
        "magnetic field",
        "keogram",
        "open flux",
        "flux rates",
    }
)
_RESOURCES = Resources(mode="inline")


def main(arguments: list[str] | None = None) -> None:
    """Draw all, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="*", metavar="PANEL")
    options = parser.parse_args(arguments)
    chosen = options.only or [
        name for name, panel in PANELS.items() if isinstance(panel, Picture)
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with start_chromium() as chromium:
        for name, model in _figures(chosen):
            size = draw(chromium, model, FOLDER / file_name(name))
            print(f"{name}: {size / 1024:.0f} kB")


def file_name(panel: str) -> str:
    """Name of the picture of a panel."""
    return panel.lower().replace(" ", "_") + ".png"


def _figures(names: list[str]) -> Iterator[tuple[str, LayoutDOM]]:
    for event in (STORM, AURORA_STORM):
        here = [n for n in names if (n in OF_SECOND) == (event != STORM)]
        if here:
            shown = _shown(event)
            for name in here:
                view = PANELS[name].view(shown)
                yield name, render(view, _size(name, shown)).figure


def _shown(name: str) -> Shown:
    """Return what panels show: the focus of an event, a pixel picked."""
    seen = library.keep(events.load(name))
    time = seen.cuts.time.sel(time=seen.event.focus, method="nearest").values
    glow = moment.emissivity(seen, time)
    sight = moment.sight(seen, time, glow, fov_lon=0.0, fov_lat=-4.0)
    return Shown(seen, np.datetime64(time, "ns"), sight=sight)


def _size(name: str, shown: Shown) -> dict[str, int]:
    """Of the frame: as in the preset that has it, 420 pixels wide."""
    places = [p for one in PRESETS.values() for part in one for p in part]
    place = next((place for place in places if place.panel == name), None)
    width, height = (place.width, place.height) if place else (560, 330)
    aspect = PANELS[name].aspect
    if aspect:
        width = min(width, round(height * aspect(shown)))
        height = round(width / aspect(shown))
    scale = max(1.0, 420 / width)
    height = round(height * scale)
    low = 20 if height < 20 else 90  # a row of colours, a series
    return {
        "frame_width": round(width * scale),
        "frame_height": height if aspect else max(height, low),
    }


def draw(chromium: Browser, model: LayoutDOM, path: Path) -> int:
    """Take the picture of a figure, at twice the pixels, in 256 colours."""
    model.toolbar_location = None
    page = chromium.new_page(
        viewport={"width": 1000, "height": 900}, device_scale_factor=2
    )
    try:
        page.set_content(file_html(model, _RESOURCES, path.stem))
        page.wait_for_function("Bokeh.documents.every(one => one.is_idle)")
        picture = page.locator(".bk-Figure").first.screenshot()
    finally:
        page.close()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256).save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    main()
