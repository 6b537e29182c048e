"""The panels of the Sun follow the clock and the event."""

import dataclasses

import pytest

from smile_explore import events
from smile_explore.explorer.panels import PANELS, PRESETS, Place, Shown
from smile_explore.explorer.scene import Scene

NAMES = ("Sun", "CME", "arrival", "sun angle", "sun readings")


@pytest.fixture
def scene(observations, monkeypatch):
    places = tuple(Place(name, 300, 300) for name in NAMES)
    monkeypatch.setitem(PRESETS, "Sun", (places,))
    scene = Scene(
        Shown(observations, observations.cuts.time.values[0]),
        on_time=lambda _: None,
        on_pixel=lambda _: None,
        preset="Sun",
    )
    yield scene
    scene.figure.close()


def test_all_of_them_are_panels():
    assert set(NAMES) <= set(PANELS)


def test_they_follow_the_clock(scene, observations):
    last = observations.cuts.time.values[-1]
    before = {name: dict(scene._panels[name].sources) for name in NAMES[:3]}
    front = scene._panels["CME"].sources["drag-based"].data["x"].max()
    assert scene.change(time=last) == []
    assert scene._panels["CME"].sources["drag-based"].data["x"].max() > front
    for name in NAMES[:3]:  # changed in place
        assert scene._panels[name].sources == before[name]
    clock = scene._panels["arrival"].clock
    assert clock.location == last.astype("datetime64[ms]").astype(int)


def test_another_event_is_drawn_anew(scene, observations):
    assert "NOAA 11504" in scene._panels["Sun"].figure.title.text
    other = dataclasses.replace(
        observations,
        event=dataclasses.replace(
            observations.event, sun=events.load("2014-09-12").sun
        ),
    )
    assert scene.change(observations=other) == []
    assert "NOAA 12158" in scene._panels["Sun"].figure.title.text
    assert "X1.6" in scene._texts["sun readings"].html
    bare = dataclasses.replace(
        observations, event=dataclasses.replace(observations.event, sun=())
    )
    assert scene.change(observations=bare) == []
    assert scene.change(time=observations.cuts.time.values[1]) == []
    assert "not in its catalogue" in scene._texts["sun readings"].html
