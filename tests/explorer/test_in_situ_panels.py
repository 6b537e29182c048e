"""Ions and field in the explorer: panels, boxes, and their widgets."""

import dataclasses
import re

import ipywidgets as widgets
import numpy as np
import pytest
import xarray as xr
from bokeh.events import Pan, SelectionGeometry, Tap

from smile_explore.data import crossing_files
from smile_explore.events import in_situ
from smile_explore.explorer import explorer as door
from smile_explore.explorer.about import about
from smile_explore.explorer.explorer import Explorer
from smile_explore.explorer.in_situ import save_crossings
from smile_explore.explorer.panels import Shown
from smile_explore.explorer.scene import Scene
from smile_explore.retrieval import crossings
from smile_explore.views.box import Box

SERIES = ["spectrogram", "ion density", "ion speed", "ion temperature"]
BOX = Box("distribution", (-100.0, 100.0), (0.0, 600.0))


@pytest.fixture(scope="module")
def times(observations):
    return observations.cuts.time.values


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def drawn(observations, times, told):
    scene = Scene(
        Shown(observations, times[0]),
        on_time=told.append,
        on_pixel=told.append,
        on_box=lambda *box: told.append(box),
        preset="In situ",
    )
    yield scene
    scene.figure.close()


@pytest.fixture
def scene(drawn, observations, times):
    """The scene at its first time, whatever a test has made of it."""
    drawn.change(
        observations=observations,
        time=times[0],
        plane="B and V",
        estimate="corrected",
        box=None,
    )
    return drawn


@pytest.fixture
def picked(scene, told):
    told.clear()
    return told


@pytest.fixture
def crossed(observations):
    """With a row that nobody measured: only its place counts here."""
    times = np.datetime64("2012-06-16T20:00", "ns") + np.arange(
        40
    ) * np.timedelta64(30, "s")
    late = np.arange(40) >= 20
    moments = observations.ion_moments.sel(species="H+", estimate="plain")
    series = moments.isel(time=0, drop=True).expand_dims(time=times)
    series = series.assign(
        density=("time", np.where(late, 0.5, 30.0)),
        temperature=("time", np.where(late, 4000.0, 200.0)),
        velocity=series.velocity * 0.1,
    )
    field = observations.magnetic_field.isel(time=0, drop=True)
    field = field.expand_dims(time=times)
    rows = crossings.find(series, field)
    assert rows.sizes["crossing"] == 1
    return dataclasses.replace(observations, crossings=rows)


def words(scene, name="moments"):
    return re.sub("<[^>]+>", " ", scene._texts[name].html)


def geometry(scene, name, final=True, **ends):
    figure = scene._panels[name].figure
    event = SelectionGeometry(
        figure, geometry={"type": "rect", **ends}, final=final
    )
    figure._trigger_event(event)


def test_the_slice_and_the_table_follow_the_clock(scene, times):
    before = scene._panels["distribution"].sources["distribution"].data
    table = words(scene)
    assert scene.change(time=times[3]) == []
    after = scene._panels["distribution"].sources["distribution"].data
    assert not np.array_equal(
        before["image"][0], after["image"][0], equal_nan=True
    )
    assert words(scene) != table
    for name in SERIES:
        clock = scene._panels[name].clock.location
        assert clock == times[3].astype("datetime64[ms]").astype(float)


def test_the_table_has_three_estimates_the_truth_and_its_assumptions(scene):
    said = words(scene)
    for word in ("plain", "corrected", "fit", "truth", "simulated", "mid"):
        assert word in said
    assert "assumed: ions have 0.5 of the temperature" in said


def test_a_box_on_the_slice_is_told_when_it_is_done(scene, picked):
    ends = {"x0": 120.0, "x1": -80.0, "y0": 10.0, "y1": 400.0}
    geometry(scene, "distribution", final=False, **ends)
    assert picked == []
    geometry(scene, "distribution", **ends)
    assert picked == [("distribution", ((-80.0, 120.0), (10.0, 400.0)))]


def test_a_tap_on_the_slice_lets_the_box_go(scene, picked):
    figure = scene._panels["distribution"].figure
    figure._trigger_event(Tap(figure, x=1.0, y=1.0))
    assert picked == [("distribution", None)]


def test_on_the_spectrogram_a_tap_moves_the_clock_and_a_drag_draws(
    scene, times, picked
):
    figure = scene._panels["spectrogram"].figure
    stamp = float(times[2].astype("datetime64[ms]").astype(int))
    figure._trigger_event(Pan(figure, x=stamp, y=100.0))
    assert picked == []
    figure._trigger_event(Tap(figure, x=stamp, y=100.0))
    assert picked == [times[2].astype("datetime64[ms]")]
    assert figure.toolbar.active_drag.dimensions == "height"


def test_partial_moments_follow_the_box_and_the_clock(
    scene, observations, times
):
    assert "In the box" not in words(scene)
    scene.change(box=BOX)
    part = in_situ.partial(
        observations, times[0], plane="B and V", right=BOX.x, up=BOX.y
    )
    assert (
        f"{part.density.sel(estimate='plain').item():.2f} ±"
        in words(scene).split("In the box")[1]
    )
    frame = scene._panels["distribution"].sources["box"].data
    assert frame["right"].max() == 100.0
    before = words(scene)
    scene.change(time=times[3])
    assert words(scene) != before
    scene.change(box=None)
    assert "In the box" not in words(scene)
    frame = scene._panels["distribution"].sources["box"].data
    assert np.isnan(frame["right"]).all()


def test_a_band_is_framed_on_the_spectrogram_alone(scene):
    scene.change(box=Box("spectrogram", (0.0, 1.0), (300.0, 3000.0)))
    band = scene._panels["spectrogram"].sources["box"].data
    assert band["energy"].min() == 300.0
    assert np.isnan(
        scene._panels["distribution"].sources["box"].data["up"]
    ).all()
    assert "300 to 3e+03 eV" in words(scene)


def test_an_empty_box_is_told_where_its_moments_would_be(scene):
    scene.change(box=Box("distribution", (1.0, 1.1), (1.0, 1.1)))
    assert "The box is empty: no bin lies between 1 and 1.1" in words(scene)


def test_another_plane_and_estimate_are_drawn_at_once(scene):
    scene.change(plane="x and z", estimate="fit")
    slice_ = scene._panels["distribution"].figure
    assert slice_.xaxis[0].axis_label == "Vx GSM [km s⁻¹]"
    assert "fit" in scene._panels["ion density"].sources


def test_where_nothing_was_seen_the_panels_say_so(scene, observations, times):
    empty = dict.fromkeys(in_situ.IN_SITU, xr.Dataset())
    blind = dataclasses.replace(observations, **empty)
    assert scene.change(observations=blind) == []
    for name in ("spectrogram", "distribution", "ion speed"):
        assert scene._panels[name].figure.title.text == "LIA saw nothing here"
    assert scene._panels["field"].figure.title.text == "MAG saw nothing here"
    assert "LIA saw nothing here" in words(scene)
    assert scene.change(time=times[2]) == []
    assert scene.change(observations=observations) == []
    assert (
        "image" in scene._panels["distribution"].sources["distribution"].data
    )


def test_crossings_are_listed_and_the_nearest_is_bold(scene, crossed):
    assert "No crossing was found" in words(scene, "crossings")
    scene.change(observations=crossed)
    assert "06-16 20:0" in words(scene, "crossings")
    assert "magnetopause" in words(scene, "crossings")
    assert "font-weight:bold" in scene._texts["crossings"].html


def test_crossings_are_saved_beside_and_never_over_others(crossed, tmp_path):
    first = save_crossings(crossed, tmp_path)
    assert first == (
        f"1 crossings saved in {tmp_path / 'crossings_2012-06-16.csv'}."
    )
    assert "crossings_2012-06-16_2.csv" in save_crossings(crossed, tmp_path)
    rows = crossing_files.read(tmp_path / "crossings_2012-06-16.csv")
    np.testing.assert_array_equal(rows.time, crossed.crossings.time)


def test_without_crossings_nothing_is_saved(observations, tmp_path):
    assert "nothing was saved" in save_crossings(observations, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_page_about_names_what_is_assumed_of_lia_and_mag(observations):
    said = about(observations)
    for words in ("LIA in mode mid", "dead time", "MAG's error", "Crossings"):
        assert words in said


# The widgets


@pytest.fixture
def explorer(observations):
    explorer = Explorer(observations.event, observations)
    yield explorer
    explorer._scene.figure.close()


def test_the_row_stands_only_with_its_panels(explorer):
    controls = explorer._controls
    assert explorer._in_situ.row.layout.display == "none"
    controls.preset.value = "In situ"
    assert explorer._in_situ.row.layout.display is None
    assert controls.of_image.layout.display == "none"
    controls.preset.value = "Overview"
    assert explorer._in_situ.row.layout.display == "none"
    assert controls.of_image.layout.display is None


def test_widgets_change_what_is_shown_and_a_box_ends_with_its_plane(explorer):
    explorer._controls.preset.value = "In situ"
    explorer._picks.box("distribution", (BOX.x, BOX.y))
    assert explorer._scene.shown.box == BOX
    explorer._in_situ.plane.value = "x and y"
    assert explorer._scene.shown.plane == "x and y"
    assert explorer._scene.shown.box is None
    explorer._picks.box("distribution", (BOX.x, BOX.y))
    explorer._in_situ.whole.click()
    assert explorer._scene.shown.box is None


def test_the_mode_is_that_of_the_settings_and_changes_what_is_seen(explorer):
    assert isinstance(explorer._in_situ.mode, widgets.Dropdown)
    explorer._controls.preset.value = "In situ"
    explorer._in_situ.mode.value = "lo"
    seen = explorer._scene.shown.observations
    assert seen.ions.attrs["mode"] == "lo"
    assert explorer._session.settings.mode == "lo"
    assert "mode lo: 22.5 x 30°" in words(explorer._scene)


def test_saving_is_told(explorer, monkeypatch):
    monkeypatch.setattr(door, "save_crossings", lambda seen: "Saved there.")
    explorer._in_situ.save.click()
    assert "Saved there." in explorer._controls.message.value
