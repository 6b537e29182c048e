"""The explorer in a real browser, without internet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smile_explore import events
from smile_explore.events import library

pytestmark = pytest.mark.browser

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "event_explorer.ipynb"
SERIES = ("density", "speed", "magnetic-field", "dynamic-pressure", "standoff")
PICTURES = ("noon", "equator", "sxi")
#: The others of the preset "Overview".
OTHERS = (
    *("spectrogram", "ion-density", "field", "uvi", "polar-map"),
    *("distribution", "orbit-xz", "Sun"),
)


@pytest.fixture(scope="module")
def observed():
    """Both events, observed once and kept."""
    for name in events.catalog().index:
        library.keep(events.load(name))


@pytest.fixture
def explorer(lab, observed):
    """The explorer, opened as `make run` opens it."""
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    lab.open_notebook(NOTEBOOK, timeout=120.0)
    for name in (*SERIES, *PICTURES):
        lab.wait_drawn(panel(lab, name))
    return lab


def panel(lab, name):
    return lab.page.locator(f".smile-{name}").first


def looks(lab, names=(*SERIES, *PICTURES)):
    return {name: lab.wait_settled(panel(lab, name)) for name in names}


def clock(lab):
    return lab.page.locator(".smile-time").inner_text()


def wait_for_clock(lab, start):
    lab.page.locator(".smile-time").get_by_text(start).wait_for(timeout=30_000)


def press(lab, name):
    lab.page.get_by_role("button", name=name, exact=True).click()


def tap(lab, name, across, down):
    box = panel(lab, name).bounding_box()
    lab.page.mouse.click(
        box["x"] + across * box["width"], box["y"] + down * box["height"]
    )


def dropdown(lab, label):
    row = lab.page.locator(".widget-dropdown", has_text=label)
    return row.locator("select").first


def test_every_panel_is_drawn_when_the_notebook_opens(explorer):
    assert clock(explorer).startswith("2012-06-16 22:24")
    explorer.screenshot("explorer")


def test_the_slider_moves_every_panel(explorer):
    before = looks(explorer)
    explorer.page.locator(".noUi-handle").first.focus()
    for _ in range(4):
        explorer.page.keyboard.press("ArrowRight")
    for name, look in before.items():
        explorer.wait_changed(panel(explorer, name), look)
    wait_for_clock(explorer, "2012-06-16 22:32")


@pytest.mark.parametrize("name", ["density", "standoff"])
def test_a_tap_on_a_time_series_sets_the_time(explorer, name):
    before = looks(explorer, PICTURES)
    box = panel(explorer, name).bounding_box()
    explorer.page.mouse.click(
        box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"]
    )
    for picture, look in before.items():
        explorer.wait_changed(panel(explorer, picture), look)
    assert not clock(explorer).startswith("2012-06-16 22:24")


def test_a_drag_over_the_solar_wind_takes_the_clock_along(explorer):
    box = panel(explorer, "speed").bounding_box()
    middle = box["y"] + 0.5 * box["height"]
    explorer.page.mouse.move(box["x"] + 0.5 * box["width"], middle)
    explorer.page.mouse.down()
    for step in range(1, 11):
        explorer.page.mouse.move(
            box["x"] + (0.5 + 0.02 * step) * box["width"], middle
        )
    explorer.page.mouse.up()
    wait_for_clock(explorer, "2012-06-17")


def test_another_event_can_be_chosen_and_left_again(explorer):
    before = looks(explorer, PICTURES)
    choice = dropdown(explorer, "Event")
    choice.select_option(index=1)
    wait_for_clock(explorer, "2014-09-12")
    for name, look in before.items():
        explorer.wait_changed(panel(explorer, name), look)
    explorer.screenshot("2014")
    choice.select_option(index=0)
    wait_for_clock(explorer, "2012-06-16 22:24")


def test_a_moment_can_be_jumped_to(explorer):
    dropdown(explorer, "Jump to").select_option(label="shock arrives")
    wait_for_clock(explorer, "2012-06-16 20:20")


def test_play_moves_the_clock_by_itself(explorer):
    explorer.page.locator(".widget-play button").first.click()
    # Whichever of the later times it is at when it is looked at.
    wait_for_clock(explorer, re.compile("22:(2[6-9]|[345])|23:|2012-06-17"))
    explorer.page.locator(".widget-play button").first.click()


def test_everything_stands_on_a_laptop_screen(explorer):
    for name in (*SERIES, *PICTURES, *OTHERS):
        explorer.wait_drawn(panel(explorer, name))
        box = panel(explorer, name).bounding_box()
        assert box["x"] + box["width"] <= 1440
        assert box["y"] + box["height"] <= 872  # above the status bar


def test_a_tapped_pixel_tells_where_its_light_comes_from(explorer):
    press(explorer, "X-ray")
    views = ("line-of-sight", "lines", "spectrum")
    for name in views:
        explorer.wait_drawn(panel(explorer, name))
    before = looks(explorer, (*views, "noon"))
    tap(explorer, "sxi", 0.35, 0.6)
    for name, look in before.items():
        explorer.wait_changed(panel(explorer, name), look)
    explorer.screenshot("pixel")
    for name in (*views, "noon", "standoff", "sxi"):
        box = panel(explorer, name).bounding_box()
        assert box["x"] + box["width"] <= 1440
        assert box["y"] + box["height"] <= 872


def test_in_situ_a_box_gives_partial_moments_and_the_mode_changes(explorer):
    page = explorer.page
    press(explorer, "In situ")
    names = ("spectrogram", "ion-density", "field", "distribution", "noon")
    explorer.wait_drawn(panel(explorer, "hodogram"))  # others had them too
    for name in names:
        explorer.wait_drawn(panel(explorer, name))
    explorer.screenshot("in-situ")
    for name in names:
        box = panel(explorer, name).bounding_box()
        assert box["x"] + box["width"] <= 1440
        assert box["y"] + box["height"] <= 872
    slice_ = panel(explorer, "distribution").bounding_box()
    for part, act in ((0.25, page.mouse.down), (0.6, page.mouse.up)):
        page.mouse.move(
            slice_["x"] + part * slice_["width"],
            slice_["y"] + part * slice_["height"],
            steps=8,
        )
        page.wait_for_timeout(200)  # a busy page takes a hasty drag for a tap
        act()
    page.locator(".smile-partial").get_by_text("In the box").wait_for()
    explorer.screenshot("box")
    press(explorer, "Whole distribution")
    page.locator(".smile-partial").wait_for(state="detached")
    before = looks(explorer, ("spectrogram", "distribution"))
    dropdown(explorer, "LIA mode").select_option(label="lo")
    page.get_by_text("mode lo: 22.5 x 30°").wait_for(timeout=120_000)
    for name, look in before.items():
        explorer.wait_changed(panel(explorer, name), look)


def test_methods_and_settings_change_what_is_drawn(explorer):
    before = looks(explorer, ("sxi", "standoff"))
    dropdown(explorer, "Nose by").select_option(label="maximum")
    for name, look in before.items():
        explorer.wait_changed(panel(explorer, name), look)
    press(explorer, "counts")
    press(explorer, "Settings")
    field = explorer.page.get_by_label("Exposure [s]", exact=True)
    said = explorer.page.locator(".smile-message")
    field.fill("-5")
    field.press("Enter")
    said.get_by_text("exposure must be from 1 to 86400 s, got -5").wait_for()
    assert field.input_value() == "300"
    before = looks(explorer, ("sxi", "standoff"))
    field.fill("30")
    field.press("Enter")
    explorer.wait_changed(panel(explorer, "sxi"), before["sxi"])
    # the series follows, unless it is cancelled
    cancel = explorer.page.get_by_role("button", name="Cancel", exact=True)
    cancel.wait_for()
    cancel.click()
    said.get_by_text("Cancelled; what was on screen is kept.").wait_for()
    assert field.input_value() == "300"


def test_events_are_found_and_made_with_the_keyboard_alone(explorer):
    page = explorer.page
    toggle = page.get_by_role("button", name="Events", exact=True)
    toggle.focus()
    page.keyboard.press("Enter")
    page.locator(".smile-events").wait_for()
    find = page.get_by_label("Find", exact=True)
    find.focus()
    page.keyboard.type("merged")
    page.keyboard.press("Enter")
    page.get_by_text("1 found", exact=True).wait_for()
    choices = dropdown(explorer, "Event").locator("option")
    assert choices.count() == 1
    start = page.get_by_label("New event from", exact=True)
    for _ in range(3):  # over pressure and Bz
        page.keyboard.press("Tab")
    assert start.evaluate("one => one === document.activeElement")
    page.keyboard.type("the Ides of March")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Make", exact=True).press("Enter")
    said = page.locator(".smile-events-message")
    said.get_by_text("start must be a time such as").wait_for()
    explorer.screenshot("events")


@pytest.mark.parametrize(
    ("button", "names"),
    [("emissivity", ("noon", "equator")), ("counts", ("sxi",))],
)
def test_another_quantity_can_be_shown_and_follows_the_clock(
    explorer, button, names
):
    before = looks(explorer, names)
    explorer.page.get_by_role("button", name=button, exact=True).click()
    for name, look in before.items():
        explorer.wait_changed(panel(explorer, name), look)
    explorer.screenshot(button)
    drawn = looks(explorer, names)
    explorer.page.locator(".noUi-handle").first.focus()
    explorer.page.keyboard.press("ArrowRight")
    for name, look in drawn.items():
        explorer.wait_changed(panel(explorer, name), look)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("sxi", "keV cm⁻² s⁻¹ sr⁻¹"),
        ("noon", "cm⁻³"),
        ("dynamic-pressure", "nPa"),
    ],
)
def test_hovering_tells_the_value_with_its_unit(explorer, name, unit):
    box = panel(explorer, name).bounding_box()
    explorer.page.mouse.move(
        box["x"] + 0.5 * box["width"], box["y"] + 0.45 * box["height"]
    )
    explorer.page.locator(".bk-Tooltip").get_by_text(unit).first.wait_for()


def test_the_aurora_answers_to_taps_on_its_map_and_its_image(explorer):
    press(explorer, "Aurora")
    pictures = ("uvi", "polar-map")
    views = (*pictures, "modes", "keogram", "open-flux", "flux-rates")
    explorer.wait_drawn(panel(explorer, "keogram"))  # others had some too
    for name in views:
        explorer.wait_drawn(panel(explorer, name))
        box = panel(explorer, name).bounding_box()
        assert box["x"] + box["width"] <= 1440
        assert box["y"] + box["height"] <= 872
    before = looks(explorer, ("keogram", "polar-map", "open-flux"))
    tap(explorer, "polar-map", 0.3, 0.3)
    for name in ("keogram", "polar-map"):
        explorer.wait_changed(panel(explorer, name), before[name])
    # and no panel has lost its looks to the one that is drawn anew
    assert (
        explorer.wait_settled(panel(explorer, "open-flux"))
        == (before["open-flux"])
    )
    tap(explorer, "uvi", 0.42, 0.42)
    told = explorer.page.get_by_text("Signal to noise", exact=True)
    told.first.wait_for()
    explorer.page.get_by_text("expected in 60 s").wait_for()
    explorer.screenshot("aurora")


def test_the_orbit_and_the_window_follow_the_clock(explorer):
    press(explorer, "Orbit")
    views = ("orbit-xy", "orbit-xz", "orbit-yz", "window", "visibility")
    for name in (*views, "view-angles", "modes"):
        explorer.wait_drawn(panel(explorer, name))
        box = panel(explorer, name).bounding_box()
        # from the left edge on: nothing has to be scrolled
        assert box["x"] >= 100, name
        assert box["x"] + box["width"] <= 1440, name
        assert box["y"] + box["height"] <= 872, name
    explorer.page.get_by_text("Boresight to", exact=True).wait_for()
    explorer.screenshot("orbit")
    before = looks(explorer, ("orbit-xz", "window", "visibility"))
    tap(explorer, "visibility", 0.8, 0.5)
    for name, look in before.items():
        explorer.wait_changed(panel(explorer, name), look)
    explorer.screenshot("orbit_later")
