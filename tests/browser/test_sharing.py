"""Links, a restarted kernel, two tabs, and keys, in a real browser."""

from __future__ import annotations

import pytest

from smile_explore import events
from smile_explore.events import library
from tests.browser.test_explorer import (
    NOTEBOOK,
    looks,
    panel,
    press,
    wait_for_clock,
)

pytestmark = pytest.mark.browser
#: What a canvas answers in a browser that has none.
NO_WEBGL = """
const canvas = HTMLCanvasElement.prototype;
const context = canvas.getContext;
canvas.getContext = function(kind, ...more) {
  return /webgl/.test(kind) ? null : context.call(this, kind, ...more);
};
"""


@pytest.fixture(scope="module", autouse=True)
def _observed():
    for name in events.catalog().index:
        library.keep(events.load(name))


def open_link(lab, query, names):
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    lab.open_notebook(NOTEBOOK, timeout=120.0, query=query)
    for name in names:
        lab.wait_drawn(panel(lab, name))


def message(lab, text):
    said = lab.page.locator(".smile-message").get_by_text(text)
    said.wait_for(timeout=60_000)


def test_a_link_opens_its_view_and_a_restart_brings_it_back(lab):
    link = "event=2014-09-12&time=2014-09-12T17:00&preset=Aurora&mlt=3.5"
    open_link(lab, link, ("uvi", "polar-map"))
    wait_for_clock(lab, "2014-09-12 17:00")
    assert (
        "Aurora"
        in lab.page.locator(
            ".widget-toggle-buttons .mod-active"
        ).all_inner_texts()
    )
    lab.page.keyboard.press("]")
    press(lab, "X-ray")
    lab.wait_drawn(panel(lab, "sxi"))
    lab.page.wait_for_timeout(2000)  # kept once it has been on screen
    (session,) = lab.server.call("/api/sessions")
    kernel = session["kernel"]["id"]
    lab.server.call(f"/api/kernels/{kernel}/restart", "POST")
    lab.page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for()
    lab.run_all()
    message(lab, "from before the kernel restarted")
    lab.wait_drawn(panel(lab, "sxi"))
    wait_for_clock(lab, "2014-09-12")
    lab.screenshot("restarted")


def test_a_link_to_an_unknown_event_opens_the_default_and_says_why(lab):
    open_link(lab, "event=1859-09-01&time=noon", ("sxi",))
    message(lab, "1859-09-01")
    wait_for_clock(lab, "2012-06-16 22:24")


def test_a_browser_without_webgl_shows_all_the_same(lab):
    lab.page.add_init_script(NO_WEBGL)
    open_link(lab, "event=2012-06-16", ("sxi", "uvi", "spectrogram"))
    assert lab.page.evaluate(
        "document.createElement('canvas').getContext('webgl2') === null"
    )
    before = looks(lab, ("sxi",))
    lab.page.locator(".smile-clock .noUi-handle").first.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_changed(panel(lab, "sxi"), before["sxi"])


def test_keys_work_wherever_the_focus_is(lab):
    open_link(lab, "event=2012-06-16", ("sxi", "noon"))
    before = looks(lab, ("sxi",))
    box = panel(lab, "noon").bounding_box()
    lab.page.mouse.click(box["x"] + 60, box["y"] + 90)
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
    wait_for_clock(lab, "2012-06-16 22:30")
    lab.wait_changed(panel(lab, "sxi"), before["sxi"])
    lab.page.keyboard.press("[")
    lab.page.keyboard.press("[")
    lab.page.locator(".smile-time", has_text="22:30").wait_for(
        state="detached"
    )
    press(lab, "Share")
    links = lab.page.locator(".smile-share")
    links.wait_for()
    lab.page.keyboard.press("Escape")
    links.wait_for(state="hidden")
    # the wheel zooms all times at once
    series = looks(lab, ("density", "standoff"))
    box = panel(lab, "density").bounding_box()
    lab.page.mouse.move(box["x"] + 200, box["y"] + 35)
    lab.page.keyboard.down("Shift")
    lab.page.mouse.wheel(0, -400)
    lab.page.keyboard.up("Shift")
    for name, look in series.items():
        lab.wait_changed(panel(lab, name), look)
    press(lab, "Whole event")
    for name, look in series.items():
        assert lab.wait_settled(panel(lab, name)) is not None
        assert look is not None


def test_two_tabs_on_one_kernel_do_not_disturb_each_other(lab):
    open_link(lab, "event=2012-06-16", ("sxi",))
    with lab.page.context.expect_page() as opened:
        lab.page.evaluate("open(location.href.split('?')[0])")
    second = opened.value
    clocks = [page.locator(".smile-time") for page in (lab.page, second)]
    clocks[1].first.wait_for(timeout=60_000)
    assert len(lab.server.call("/api/kernels")) == 1
    for page, steps in ((second, 2), (lab.page, 1)):
        page.locator(".smile-clock .noUi-handle").first.focus()
        for _ in range(steps):
            page.keyboard.press("ArrowRight")
    clocks[0].get_by_text("2012-06-16 22:26").wait_for(timeout=30_000)
    clocks[1].get_by_text("2012-06-16 22:28").wait_for(timeout=30_000)
    second.close()
