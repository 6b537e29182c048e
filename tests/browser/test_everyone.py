"""The explorer for those who hear it, or use keys, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_explorer import (  # noqa: F401  fixtures
    NOTEBOOK,
    clock,
    explorer,
    observed,
    panel,
    press,
)

pytestmark = pytest.mark.browser

DRAWERS = ("Events", "Settings", "Share", "Export", "About")


def serious(lab):
    """What axe finds in what we draw, that keeps people out."""
    found = Axe().run(lab.page, context=".smile-explorer").response
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def darken(lab):
    page = lab.page
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator("li", has_text="Theme").first.hover()
    page.locator("li", has_text="JupyterLab Dark").first.click()
    dark = page.locator("body[data-jp-theme-light='false']")
    dark.wait_for(state="attached")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(explorer, theme):  # noqa: F811
    if theme == "dark":
        darken(explorer)
    for preset, name in (
        ("Overview", "noon"),
        ("Classroom", "noon"),
        ("In situ", "distribution"),
    ):
        press(explorer, preset)
        explorer.wait_drawn(panel(explorer, name))
        explorer.page.wait_for_timeout(1500)  # for the sentences
        explorer.screenshot(f"{preset}-{theme}".replace(" ", "-"))
        assert serious(explorer) == [], preset
        for drawer in DRAWERS:
            press(explorer, drawer)
            explorer.page.wait_for_timeout(400)
            assert serious(explorer) == [], (preset, drawer)
        press(explorer, DRAWERS[-1])


def test_a_picture_says_what_is_seen_once_the_clock_rests(
    explorer,  # noqa: F811
):
    page = explorer.page
    noon = page.locator(".smile-noon[role=img]")
    noon.wait_for()
    before = noon.get_attribute("aria-label")
    assert "at 22:24 UTC greatest at x" in before
    said = page.locator(".smile-said")
    assert said.get_attribute("aria-live") == "polite"
    assert "2012-06-16 22:24 UTC. Nose at" in said.text_content()
    page.locator(".smile-clock .noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    label = page.locator(".smile-noon[aria-label*='22:26']")
    label.wait_for(timeout=10_000)
    handle = page.get_by_role("slider", name="Time")
    page.wait_for_timeout(500)
    assert handle.get_attribute("aria-valuetext") == clock(explorer)


def test_a_pixel_is_picked_by_keys(explorer):  # noqa: F811
    press(explorer, "X-ray")
    explorer.wait_drawn(panel(explorer, "spectrum"))
    explorer.page.locator(".smile-clock .noUi-handle").focus()
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight"):
        explorer.page.keyboard.press(key)
    picked = explorer.page.locator(
        ".smile-lines[aria-label*='longitude 0.6°, latitude -0.4°']"
    )
    picked.wait_for(timeout=30_000)
    explorer.screenshot("picked")
    explorer.page.keyboard.press("x")
    picked.wait_for(state="detached", timeout=30_000)


def test_what_has_the_focus_has_a_ring(explorer):  # noqa: F811
    page = explorer.page
    page.locator(".smile-clock .noUi-handle").focus()
    page.keyboard.press("Tab")
    style = page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement);"
        " return [s.outlineStyle, parseFloat(s.outlineWidth)]; }"
    )
    assert style[0] == "solid"
    assert style[1] >= 2


WIDTHS = """() => {
  const found = [];
  const walk = (part) => {
    for (const one of part.querySelectorAll("*")) {
      if (one.shadowRoot) walk(one.shadowRoot);
      const name = [...one.classList].find((c) => /^(smile-|bk-Pane)/.test(c));
      if (name && part !== document) {
        const { left, right } = one.getBoundingClientRect();
        found.push([name, left, right]);
      }
    }
  };
  walk(document);
  return found;
}"""


@pytest.mark.parametrize("preset", ["Overview", "Classroom", "In situ"])
def test_every_panel_fits_on_a_phone(lab, observed, preset):  # noqa: F811
    lab.page.set_viewport_size({"width": 390, "height": 844})
    lab.open_notebook(NOTEBOOK, timeout=120.0)
    lab.wait_drawn(panel(lab, "noon"))
    press(lab, preset)
    lab.page.wait_for_timeout(4000)
    lab.screenshot("phone")
    found = lab.page.evaluate(WIDTHS)
    assert len(found) >= 5
    for name, left, right in found:
        assert left >= 0, name
        assert right <= 390, name
