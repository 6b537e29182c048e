"""One row of buttons, one drawer open."""

from __future__ import annotations

import ipywidgets as widgets
import pytest

from smile_explore.explorer.drawers import Drawers, Part


@pytest.fixture
def opened():
    return []


@pytest.fixture
def drawers(opened):
    return Drawers(
        {
            "Events": Part(
                widgets.HTML("e"), "find", lambda: opened.append("Events")
            ),
            "About": Part(widgets.HTML("a"), "sources"),
        }
    )


def shown(drawers):
    return [
        box.value for box in drawers.box.children if box.layout.display is None
    ]


def test_all_are_closed_at_first(drawers, opened):
    assert shown(drawers) == []
    assert drawers.open_one is None
    assert opened == []


def test_one_that_is_opened_closes_the_other(drawers, opened):
    drawers.buttons["Events"].value = True
    assert shown(drawers) == ["e"]
    drawers.buttons["About"].value = True
    assert shown(drawers) == ["a"]
    assert drawers.open_one == "About"
    assert opened == ["Events"], "told once, when it was opened"


def test_a_second_press_closes_it(drawers):
    drawers.open("About")
    drawers.buttons["About"].value = False
    assert shown(drawers) == []
