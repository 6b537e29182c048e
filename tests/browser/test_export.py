"""What is exported, in a real browser: the page, the link, the clipboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from smile_explore import events
from smile_explore.events import library
from smile_explore.explorer.export.page import save_page
from smile_explore.explorer.export.unseen import unseen
from smile_explore.explorer.panels import Shown
from tools.lab import Lab, listen

pytestmark = pytest.mark.browser

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "event_explorer.ipynb"


@pytest.fixture
def page(observations, tmp_path, chromium, request):
    """The page of the short event, opened as a file; it must be quiet."""
    times = observations.cuts.time.values
    scene = unseen(Shown(observations, times[1]), "Overview")
    path = save_page(scene, tmp_path / "view.html", times)
    size = {"width": 1440, "height": 1000}
    context = chromium.new_context(viewport=size, offline=True)
    lab = Lab(None, context.new_page(), request.node.name)
    asked = []
    listen(lab)
    lab.page.on("request", lambda sent: asked.append(sent.url))
    lab.page.goto(path.as_uri())
    lab.page.locator("body[data-ready]").wait_for(timeout=30_000)
    yield lab
    lab.screenshot("end")
    context.close()
    lab.assert_quiet()
    assert asked == [path.as_uri()], "it asks for nothing but itself"


def test_the_page_works_without_kernel_and_internet(page):
    page_ = page.page
    panels = {
        name: page_.locator(f".smile-{name}").first
        for name in ("density", "noon", "sxi")
    }
    before = {name: page.wait_drawn(one) for name, one in panels.items()}
    assert page_.locator("#time").inner_text() == "2012-06-16 21:40 UTC"
    # the slider, as a hand moves it
    box = page_.locator("#frame").bounding_box()
    middle = box["y"] + box["height"] / 2
    page_.mouse.click(box["x"] + box["width"] - 4, middle)
    for name, look in before.items():
        page.wait_changed(panels[name], look)
    assert page_.locator("#time").inner_text() == "2012-06-16 22:02 UTC"
    # back by the keyboard: every panel is as it was
    page_.keyboard.press("Home")
    page_.locator("#time").get_by_text("21:40").wait_for()
    for name, look in before.items():
        page._wait(
            lambda one=panels[name], look=look: one.screenshot() == look,
            20.0,
            f"{name} is not as it was",
        )
    page_.keyboard.press("ArrowRight")
    page_.locator("#time").get_by_text("21:50").wait_for()
    # a click on a curve goes to its time
    box = panels["density"].bounding_box()
    page_.mouse.click(
        box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"]
    )
    page_.locator("#time").get_by_text("21:40").wait_for()
    page_.get_by_role("button", name="Play").click()
    page_.locator("#time").get_by_text("22:02").wait_for()
    page_.get_by_role("button", name="Stop").click()
    text = page_.locator("body").inner_text()
    assert "Simulated, not measured" in text
    assert "Cite" in text
    assert "https://doi.org/" in text


def test_the_drawer_gives_files_and_lines(lab, tmp_path):
    library.keep(events.load("2012-06-16"))
    page = lab.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.open_notebook(NOTEBOOK, timeout=120.0)
    lab.wait_drawn(page.locator(".smile-sxi").first)
    page.get_by_role("button", name="Export", exact=True).click()
    said = page.locator(".smile-export")
    page.get_by_role("button", name="Save", exact=True).click()
    link = said.get_by_role("link", name="Download")
    link.wait_for(timeout=60_000)
    lab.screenshot("saved")
    with page.expect_download() as waiting:
        link.click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(r"2012-06-16_Overview_\w+\.png", name)
    waiting.value.save_as(tmp_path / name)
    with Image.open(tmp_path / name) as picture:
        assert picture.width > 2000
    drawer = page.locator(".smile-drawers")
    drawer.get_by_label("as", exact=True).select_option(label="Python lines")
    page.get_by_role("button", name="Save", exact=True).click()
    said.get_by_role("button", name="Copy").click()
    said.get_by_text("Copied.").wait_for()
    held = page.evaluate("navigator.clipboard.readText()")
    assert "smile.explore(state=state)" in held
    lab.screenshot("lines")
