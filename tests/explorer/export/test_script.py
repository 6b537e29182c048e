"""The lines give the view again: they are run."""

from __future__ import annotations

import ast
import dataclasses

import numpy as np
import pytest
from PIL import Image

from smile_explore import events
from smile_explore.events import library, simulate
from smile_explore.events.settings import Settings
from smile_explore.explorer.export.pictures import save_picture
from smile_explore.explorer.export.script import script
from smile_explore.explorer.export.unseen import unseen
from smile_explore.explorer.panels import Shown
from smile_explore.explorer.state import State, read
from smile_explore.views.box import Box

PIXEL = (-5.1, -2.4)


@pytest.fixture
def kept(observations, short_event, monkeypatch, tmp_path):
    """The short event under its name, observed already."""
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(library, "_observed", lambda *_: observations)
    monkeypatch.setattr(events, "load", lambda name: short_event)
    monkeypatch.chdir(tmp_path)
    return short_event.runs[0].name


@pytest.fixture
def displayed(monkeypatch):
    """What the lines hand to the notebook."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    return shown


def run(lines):
    """Run them as a notebook would, and return what they leave."""
    names: dict = {}
    exec(compile(lines, "lines", "exec"), names)
    return names


def test_the_lines_draw_the_same_picture(
    kept, shown, observations, tmp_path, displayed
):
    changed = simulate.again(
        observations,
        Settings(exposure=30.0),
        run=kept,
        rng=library.SEED,
    )
    view = dataclasses.replace(
        shown, observations=changed, cut="emissivity", image="counts"
    )
    state = State(
        event=observations.event.name,
        run=kept,
        time=shown.time,
        cut="emissivity",
        image="counts",
        pixel=PIXEL,
        spot=shown.spot,
        settings={"exposure": 30.0},
    )
    left = run(script(view, state))
    assert Settings.of(left["seen"]).exposure == 30.0
    again, notices = read(left["state"])
    assert (again, notices) == (state, [])
    (explorer,) = displayed
    assert explorer.cursor.time == shown.time
    assert explorer.cursor.pixel == PIXEL
    explorer.close()
    wanted = save_picture(unseen(view, "Overview"), tmp_path / "wanted.png")
    (found,) = tmp_path.glob("2012*.png")
    with Image.open(found) as one, Image.open(wanted) as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))


def test_settings_that_are_usual_are_not_told(kept, shown):
    lines = script(shown, State(event="2012-06-16", run=kept))
    assert "Settings" not in lines
    assert "sight" not in lines
    assert "smile.explore(state=state)" in lines


def test_what_was_handed_over_is_opened_from_a_file(shown):
    lines = script(shown, State(event="2012-06-16", preset="Sun"))
    assert "archive.open('smile_2012-06-16.nc')" in lines
    assert "smile.explore" not in lines
    ast.parse(lines)


def test_every_choice_is_written_so_that_python_reads_it(shown):
    view = dataclasses.replace(
        shown,
        method="maximum",
        plane="X and Y",
        mlt=np.float64(11.5),
        spot=(np.float64(0.25), 1.0),
        box=Box("spectrogram", (0.0, 1.0), (10.0, 100.0)),
    )
    lines = script(view, State(run="BATS-R-US E", preset="In situ"))
    ast.parse(lines)
    (made,) = (line for line in lines.splitlines() if "Shown(seen" in line)
    names = {"Shown": Shown, "Box": Box, "seen": view.observations}
    again = eval(made.split("=", 1)[1], names | {"time": view.time})
    for name in ("method", "plane", "mlt", "spot", "box"):
        assert getattr(again, name) == getattr(view, name)
