import dataclasses
import json

import numpy as np
import pytest
from bokeh.events import Pan, Tap
from bokeh.models import ColorBar

from smile_explore.explorer.scene import Scene
from smile_explore.views import cube, sxi
from smile_explore.views.readings import readings
from smile_explore.views.solar_wind import QUANTITIES

SERIES = [*QUANTITIES, "standoff"]
PICTURES = ["noon", "equator", "sxi"]


@pytest.fixture(scope="module")
def times(observations):
    return observations.cuts.time.values


@pytest.fixture(scope="module")
def picked():
    return []


@pytest.fixture(scope="module")
def drawn(observations, times, picked):
    scene = Scene(observations, times[0], on_pick=picked.append)
    yield scene
    scene.figure.close()


@pytest.fixture
def scene(drawn, times, picked, monkeypatch):
    """The scene at its first time, with whatever a test breaks mended."""
    drawn.show(times[0])
    picked.clear()
    monkeypatch.setattr(drawn, "_panels", dict(drawn._panels))
    return drawn


@pytest.fixture
def sent(scene, monkeypatch):
    messages = []
    monkeypatch.setattr(
        scene.figure,
        "send",
        lambda content, buffers=None: messages.append(content),
    )
    return messages


def image_of(scene, name, label):
    (image,) = scene._panels[name].sources[label].data["image"]
    return image


def expected_image(observations, time, name):
    if name == "sxi":
        return sxi.layers(observations, time)["intensity"]["image"][0]
    return cube.layers(observations, time, plane=name)["density"]["image"][0]


def test_all_panels_stand_in_one_model(scene):
    assert list(scene._panels) == [*SERIES, *PICTURES]
    on_page = {model.id for model in scene.figure._model.references()}
    assert {p.figure.id for p in scene._panels.values()} <= on_page
    assert scene._readings.id in on_page


def test_every_panel_can_be_found_on_the_page(scene):
    classes = [p.figure.css_classes for p in scene._panels.values()]
    assert classes == [
        ["smile-density"],
        ["smile-speed"],
        ["smile-magnetic-field"],
        ["smile-dynamic-pressure"],
        ["smile-standoff"],
        ["smile-noon"],
        ["smile-equator"],
        ["smile-sxi"],
    ]


@pytest.mark.parametrize("index", [0, 1, 3])
def test_every_panel_follows_the_clock(scene, observations, times, index):
    time = times[index]
    assert scene.show(time) == []
    for name in SERIES:
        clock = scene._panels[name].clock
        assert clock.location == time.astype("datetime64[ms]").astype(int)
    for name in PICTURES:
        label = "intensity" if name == "sxi" else "density"
        np.testing.assert_array_equal(
            image_of(scene, name, label),
            expected_image(observations, time, name),
        )
    assert scene._readings.html == readings(observations, time)


def test_a_step_of_the_clock_is_one_message(scene, times, sent):
    scene.show(times[2])
    header, _, content = (json.loads(part["payload"]) for part in sent)
    assert header["msgtype"] == "PATCH-DOC"
    changed = {event["model"]["id"] for event in content["events"]}
    assert {scene._panels[name].clock.id for name in SERIES} <= changed
    assert scene._readings.id in changed
    assert scene._panels["sxi"].sources["intensity"].id in changed


def test_a_panel_that_fails_says_so_and_the_others_live(
    scene, observations, times, sent
):
    def broken(time):
        raise ValueError("the cube of this time is missing")

    scene._panels["noon"] = dataclasses.replace(
        scene._panels["noon"], layers=broken
    )
    failures = scene.show(times[2])
    assert failures == [
        "The panel noon failed: the cube of this time is missing."
    ]
    np.testing.assert_array_equal(
        image_of(scene, "noon", "density"),
        expected_image(observations, times[0], "noon"),
    )
    for name in ("equator", "sxi"):
        label = "intensity" if name == "sxi" else "density"
        np.testing.assert_array_equal(
            image_of(scene, name, label),
            expected_image(observations, times[2], name),
        )
    assert scene._readings.html == readings(observations, times[2])
    assert len(sent) == 3


def test_several_panels_that_fail_are_each_named(scene, times):
    def broken(time):
        raise OSError("no data")

    for name in ("noon", "sxi"):
        scene._panels[name] = dataclasses.replace(
            scene._panels[name], layers=broken
        )
    assert scene.show(times[1]) == [
        "The panel noon failed: no data.",
        "The panel sxi failed: no data.",
    ]


def test_readings_that_fail_hide_no_other_failure(
    scene, observations, times, monkeypatch
):
    def broken(time):
        raise OSError("no data")

    scene._panels["sxi"] = dataclasses.replace(
        scene._panels["sxi"], layers=broken
    )
    wind = observations.solar_wind.isel(time=slice(0, 12))  # ends at 21:51
    short = dataclasses.replace(observations, solar_wind=wind)
    monkeypatch.setattr(scene, "_observations", short)
    panel, table = scene.show(times[3])
    assert panel == "The panel sxi failed: no data."
    assert table.startswith(
        "The table of readings failed: 2012-06-16 22:02 is outside the event"
    )


@pytest.mark.parametrize("kind", [Tap, Pan])
@pytest.mark.parametrize("name", SERIES)
def test_a_tap_or_a_drag_on_a_time_series_picks_its_time(
    scene, times, picked, name, kind
):
    figure = scene._panels[name].figure
    where = times[1].astype("datetime64[ms]").astype(float) + 0.4
    figure._trigger_event(kind(model=figure, x=where, y=0.0))
    assert picked == [times[1]]


def test_a_tap_on_a_picture_picks_no_time(scene, picked):
    figure = scene._panels["noon"].figure
    figure._trigger_event(Tap(model=figure, x=8.0, y=0.0))
    assert picked == []


def test_all_time_series_share_one_axis_that_is_labelled_once(scene):
    figures = [scene._panels[name].figure for name in SERIES]
    assert len({figure.x_range.id for figure in figures}) == 1
    visible = [figure.xaxis.visible for figure in figures]
    assert visible == [False] * len(QUANTITIES) + [True]


@pytest.mark.parametrize(("name", "side"), [("noon", "z"), ("equator", "y")])
def test_a_radius_of_earth_is_as_long_across_as_up(
    scene, observations, name, side
):
    figure = scene._panels[name].figure
    x, up = observations.cuts.x, observations.cuts[side]
    across = figure.frame_width / float(x[-1] - x[0])
    upwards = figure.frame_height / float(up[-1] - up[0])
    assert across == pytest.approx(upwards, rel=0.01)


def test_a_degree_is_as_long_across_as_up_in_the_image(scene):
    figure = scene._panels["sxi"].figure
    assert figure.frame_width / 27.0 == pytest.approx(
        figure.frame_height / 16.0, rel=0.01
    )


def test_cuts_drawn_anew_show_the_quantity_and_follow_the_clock(
    scene, observations, times, sent
):
    before = {name: scene._panels[name].figure for name in PICTURES}
    scene.show(times[1])
    sent.clear()
    scene.redraw(cut="emissivity")
    assert len(sent) == 3
    assert scene._panels["sxi"].figure is before["sxi"]
    on_page = {model.id for model in scene.figure._model.references()}
    for name in ("noon", "equator"):
        values = observations.cuts[f"emissivity_{name}"]
        assert before[name].id not in on_page
        assert scene._panels[name].figure.id in on_page
        for time in (times[1], times[3]):
            np.testing.assert_array_equal(
                image_of(scene, name, "emissivity"), values.sel(time=time)
            )
            scene.show(times[3])
        scene.show(times[1])
    assert "density" not in scene._panels["noon"].sources
    scene.redraw(cut="density")
    assert "density" in scene._panels["noon"].sources


def test_an_image_drawn_anew_shows_the_quantity_and_follows_the_clock(
    scene, observations, times, sent
):
    noon = scene._panels["noon"].figure
    scene.redraw(image="counts")
    assert len(sent) == 3
    assert scene._panels["noon"].figure is noon
    counts = observations.sxi.counts.transpose("time", "fov_lat", "fov_lon")
    np.testing.assert_array_equal(image_of(scene, "sxi", "counts"), counts[0])
    scene.show(times[2])
    np.testing.assert_array_equal(image_of(scene, "sxi", "counts"), counts[2])
    colours = scene._panels["sxi"].figure.select({"type": ColorBar})
    assert colours[0].color_mapper.high == counts[2].max()
    scene.redraw(image="intensity")
    assert scene._panels["sxi"].figure.css_classes == ["smile-sxi"]


def test_a_scene_can_open_on_other_quantities(observations, times):
    scene = Scene(
        observations, times[0], on_pick=print, cut="emissivity", image="counts"
    )
    assert "emissivity" in scene._panels["equator"].sources
    assert "counts" in scene._panels["sxi"].sources
    scene.figure.close()
