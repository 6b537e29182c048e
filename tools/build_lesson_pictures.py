"""Take the pictures of the lessons: what each cell of a notebook shows.

    python tools/build_lesson_pictures.py [NOTEBOOK ...]

Runs notebooks in JupyterLab, in a headless Chromium, and writes what their
cells put out to docs/images/lessons/NAME_CELL.png, where the pages of the
site find them. Run it anew when a lesson has changed, and look.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Locator

from tools.lab import Lab, colours, open_page, start_chromium
from tools.lab_server import ROOT, start_server

__all__ = ["main"]

FOLDER = ROOT / "docs" / "images" / "lessons"
#: Of the page: so high that no cell is out of it.
WIDTH, HEIGHT = 1500, 7000
#: A picture has more colours than an empty or a broken one. [1]
_FEWEST = 8
_SECONDS = 400
_MARGIN = 6
_NUMBERED = re.compile(r"\[\d+\]")
#: The numbers of the cells are no part of what they show.
_STYLE = ".jp-OutputPrompt { visibility: hidden }"


def main(arguments: list[str] | None = None) -> None:
    """Take the pictures of all notebooks, or of those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    chosen = parser.parse_args(arguments).notebooks
    chosen = chosen or sorted((ROOT / "notebooks").glob("*.ipynb"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home, notebooks = Path(folder, "home"), Path(folder, "notebooks")
        home.mkdir()
        notebooks.mkdir()
        with (
            start_server(home, notebooks) as server,
            start_chromium() as chromium,
        ):
            for path in chosen:
                with open_page(
                    server, chromium, path.stem, width=WIDTH, height=HEIGHT
                ) as lab:
                    _take(lab, path)


def _take(lab: Lab, path: Path) -> None:
    lab.open_notebook(path, timeout=_SECONDS)
    if not lab.outputs().count():
        lab.run_all()
    last = lab.page.locator(".jp-CodeCell").last
    # it may show nothing, but is numbered once it has run
    last.locator(".jp-InputPrompt", has_text=_NUMBERED).wait_for(
        timeout=1000 * _SECONDS
    )
    idle = lab.page.locator("#jp-main-statusbar").get_by_text("Idle")
    idle.wait_for(timeout=1000 * _SECONDS)
    lab.page.add_style_tag(content=_STYLE)
    cells = lab.page.locator(".jp-Notebook .jp-Cell")
    for old in FOLDER.glob(f"{path.stem}_*.png"):
        old.unlink()
    for number in range(cells.count()):
        shown = cells.nth(number).locator(".jp-Cell-outputWrapper")
        if shown.count() and shown.first.is_visible():
            _keep(lab, shown.first, FOLDER / f"{path.stem}_{number}.png")


def _keep(lab: Lab, shown: Locator, path: Path) -> None:
    if not shown.locator(".jp-OutputArea-output").count():
        return
    lab.wait_settled(shown)
    picture = shown.locator(".jp-OutputArea").first.screenshot()
    if colours(picture) < _FEWEST:
        return
    image = _without_margins(Image.open(io.BytesIO(picture)).convert("RGB"))
    image.quantize(256).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB", flush=True)


def _without_margins(image: Image.Image) -> Image.Image:
    """Cut off what is white all around, but for a few pixels."""
    white = Image.new("RGB", image.size, "white")
    left, top, right, bottom = ImageChops.difference(image, white).getbbox()
    return image.crop(
        (
            max(left - _MARGIN, 0),
            max(top - _MARGIN, 0),
            min(right + _MARGIN, image.width),
            min(bottom + _MARGIN, image.height),
        )
    )


if __name__ == "__main__":
    main()
