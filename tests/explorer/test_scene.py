import dataclasses
import json

import numpy as np
import pytest
from bokeh.events import Pan, Tap
from bokeh.models import ColorBar

from smile_explore.events import find, moment
from smile_explore.explorer import panels
from smile_explore.explorer.panels import PANELS, PRESETS, Place, Shown, places
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
def glow(observations, times):
    return moment.emissivity(observations, times[1])


@pytest.fixture(scope="module")
def sight(observations, times, glow):
    return moment.sight(
        observations, times[1], glow, fov_lon=-5.1, fov_lat=-2.4
    )


@pytest.fixture(scope="module")
def picked():
    return []


@pytest.fixture(scope="module")
def drawn(observations, times, picked):
    scene = Scene(
        Shown(observations, times[0]),
        on_time=picked.append,
        on_pixel=picked.append,
    )
    yield scene
    scene.figure.close()


@pytest.fixture
def scene(drawn, observations, times, picked):
    """The scene at its first time, whatever a test has made of it."""
    if drawn.preset != "Overview":
        drawn.arrange("Overview")
    drawn.change(
        observations=observations,
        time=times[0],
        sight=None,
        cut="density",
        image="intensity",
        method="all",
    )
    picked.clear()
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


def break_panel(monkeypatch, name, error):
    def broken(shown):
        raise error

    layers = {**PANELS[name].layers, "time": broken}
    kind = dataclasses.replace(PANELS[name], layers=layers)
    monkeypatch.setitem(PANELS, name, kind)


def image_of(scene, name, label):
    (image,) = scene._panels[name].sources[label].data["image"]
    return image


def expected_image(observations, time, name):
    if name == "sxi":
        return sxi.layers(observations, time)["intensity"]["image"][0]
    return cube.layers(observations, time, plane=name)["density"]["image"][0]


def on_page(scene):
    return {model.id for model in scene.figure._model.references()}


# Presets


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_draws_its_panels_and_no_others(scene, sent, preset):
    scene.arrange(preset)
    names = {place.panel for place in places(preset)}
    assert set(scene._panels) | set(scene._texts) == names
    shown = on_page(scene)
    assert {p.figure.id for p in scene._panels.values()} <= shown
    assert {text.id for text in scene._texts.values()} <= shown
    assert len(sent) == 3  # one message
    scene.arrange("Overview")
    others = names - {p.panel for p in places("Overview")}
    assert not others & set(scene._panels)


def test_a_place_of_a_preset_names_a_panel():
    for preset in PRESETS:
        assert all(place.panel in PANELS for place in places(preset))


def test_a_new_preset_takes_one_entry(scene, times, monkeypatch):
    monkeypatch.setitem(
        panels.PRESETS,
        "Wind",
        ((Place("speed", 600, 200),), (Place("readings", 300),)),
    )
    scene.arrange("Wind")
    figure = scene._panels["speed"].figure
    assert (figure.frame_width, figure.frame_height) == (600, 200)
    assert figure.xaxis[0].visible
    assert scene.change(time=times[1]) == []


def test_another_preset_shows_the_same_time_and_pixel(scene, times, sight):
    scene.change(time=times[1], sight=sight)
    scene.arrange("X-ray")
    assert scene._panels["sxi"].sources["picked"].data["fov_lon"] == [-5.125]
    clock = scene._panels["standoff"].clock
    assert clock.location == times[1].astype("datetime64[ms]").astype(int)


def test_every_panel_can_be_found_on_the_page(scene):
    for name, panel in scene._panels.items():
        expected = f"smile-{name.replace(' ', '-')}"
        assert panel.figure.css_classes == [expected]


# The clock


@pytest.mark.parametrize("index", [0, 1, 3])
def test_every_panel_follows_the_clock(scene, observations, times, index):
    time = times[index]
    assert scene.change(time=time) == []
    for name in SERIES:
        clock = scene._panels[name].clock
        assert clock.location == time.astype("datetime64[ms]").astype(int)
    for name in PICTURES:
        label = "intensity" if name == "sxi" else "density"
        np.testing.assert_array_equal(
            image_of(scene, name, label),
            expected_image(observations, time, name),
        )
    assert scene._texts["readings"].html == readings(observations, time)


def test_a_step_of_the_clock_is_one_message(scene, times, sent):
    scene.change(time=times[2])
    header, _, content = (json.loads(part["payload"]) for part in sent)
    assert header["msgtype"] == "PATCH-DOC"
    changed = {event["model"]["id"] for event in content["events"]}
    assert {scene._panels[name].clock.id for name in SERIES} <= changed
    assert scene._texts["readings"].id in changed
    assert scene._panels["sxi"].sources["intensity"].id in changed
    # lines that stand still are not sent again
    still = scene._panels["standoff"].sources["Shue 1998"].id
    assert still not in changed


def test_panels_that_fail_are_each_named_and_the_others_live(
    scene, observations, times, sent, monkeypatch
):
    break_panel(monkeypatch, "noon", ValueError("the cube is missing"))
    break_panel(monkeypatch, "sxi", OSError("no data"))
    failures = scene.change(time=times[2])
    assert failures == [
        "The panel noon failed: the cube is missing.",
        "The panel sxi failed: no data.",
    ]
    for name, time in (("noon", times[0]), ("equator", times[2])):
        np.testing.assert_array_equal(
            image_of(scene, name, "density"),
            expected_image(observations, time, name),
        )
    assert scene._texts["readings"].html == readings(observations, times[2])
    assert len(sent) == 3


def test_a_panel_that_cannot_be_drawn_says_so_in_its_place(
    scene, observations, times
):
    nowhere = observations.cuts.drop_vars("density_noon")
    scene.change(observations=dataclasses.replace(observations, cuts=nowhere))
    scene.arrange("X-ray")
    assert "noon" not in scene._panels
    assert "The panel noon failed: " in scene._texts["noon"].html
    assert scene._texts["noon"].id in on_page(scene)
    assert scene.change(time=times[1]) == [], "the others follow"
    scene.change(observations=observations)
    assert scene._panels["noon"].figure.id in on_page(scene)


def test_readings_that_fail_hide_no_other_failure(
    scene, observations, times, monkeypatch
):
    break_panel(monkeypatch, "sxi", OSError("no data"))
    wind = observations.solar_wind.isel(time=slice(0, 12))  # ends at 21:51
    short = dataclasses.replace(observations, solar_wind=wind)
    scene.shown = dataclasses.replace(scene.shown, observations=short)
    panel, table = scene.change(time=times[3])
    assert panel == "The panel sxi failed: no data."
    assert table.startswith(
        "The panel readings failed: 2012-06-16 22:02 is outside the event"
    )


# Taps


@pytest.mark.parametrize("kind", [Tap, Pan])
@pytest.mark.parametrize("name", SERIES)
def test_a_tap_or_a_drag_on_a_time_series_picks_its_time(
    scene, times, picked, name, kind
):
    figure = scene._panels[name].figure
    where = times[1].astype("datetime64[ms]").astype(float) + 0.4
    figure._trigger_event(kind(model=figure, x=where, y=0.0))
    assert picked == [times[1]]


def test_a_tap_on_the_image_picks_a_pixel(scene, picked):
    figure = scene._panels["sxi"].figure
    figure._trigger_event(Tap(model=figure, x=-5.0, y=2.5))
    assert picked == [(-5.0, 2.5)]


def test_a_tap_on_a_cut_picks_nothing(scene, picked):
    figure = scene._panels["noon"].figure
    figure._trigger_event(Tap(model=figure, x=8.0, y=0.0))
    assert picked == []


def test_a_picked_pixel_is_seen_in_every_panel_that_knows_it(
    scene, observations, times, sight
):
    scene.arrange("X-ray")
    scene.change(time=times[1], sight=sight)
    ray = scene._panels["noon"].sources["line of sight"].data
    start = observations.pointing.position.sel(time=times[1])
    assert ray["x"][0] == pytest.approx(start.sel(component="x").item())
    assert ray["z"][0] == pytest.approx(start.sel(component="z").item())
    light = scene._panels["line of sight"]
    np.testing.assert_array_equal(
        light.sources["light"].data["emissivity"], sight.emissivity
    )
    assert light.figure.x_range.end == pytest.approx(sight.distance.max())
    scene.change(sight=None)
    assert np.isnan(scene._panels["noon"].sources["line of sight"].data["x"])
    assert light.sources["note"].data["text"] == [
        "Tap a pixel of the SXI image"
    ]


# Sizes


def test_all_time_series_share_one_axis_that_is_labelled_once(scene):
    figures = [scene._panels[name].figure for name in SERIES]
    assert len({figure.x_range.id for figure in figures}) == 1
    visible = [figure.xaxis[0].visible for figure in figures]
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


# Choices


def test_cuts_drawn_anew_show_the_quantity_and_follow_the_clock(
    scene, observations, times, sent
):
    before = {name: scene._panels[name].figure for name in PICTURES}
    scene.change(time=times[1])
    sent.clear()
    scene.change(cut="emissivity")
    assert len(sent) == 3
    assert scene._panels["sxi"].figure is before["sxi"]
    for name in ("noon", "equator"):
        values = observations.cuts[f"emissivity_{name}"]
        assert before[name].id not in on_page(scene)
        assert scene._panels[name].figure.id in on_page(scene)
        for time in (times[1], times[3]):
            scene.change(time=time)
            np.testing.assert_array_equal(
                image_of(scene, name, "emissivity"), values.sel(time=time)
            )
    assert "density" not in scene._panels["noon"].sources


def test_an_image_drawn_anew_shows_the_quantity_and_follows_the_clock(
    scene, observations, times, sent
):
    noon = scene._panels["noon"].figure
    scene.change(image="counts")
    assert scene._panels["noon"].figure is noon
    counts = observations.sxi.counts.transpose("time", "fov_lat", "fov_lon")
    np.testing.assert_array_equal(image_of(scene, "sxi", "counts"), counts[0])
    scene.change(time=times[2])
    np.testing.assert_array_equal(image_of(scene, "sxi", "counts"), counts[2])
    colours = scene._panels["sxi"].figure.select({"type": ColorBar})
    assert colours[0].color_mapper.high == counts[2].max()


def test_one_method_can_be_chosen(scene):
    shared = scene._panels["speed"].figure.x_range
    scene.change(method="maximum")
    for name in ("sxi", "standoff"):
        sources = scene._panels[name].sources
        assert "maximum" in sources
        assert "tangent fit" not in sources
    standoff = scene._panels["standoff"].figure
    assert standoff.x_range is shared
    assert standoff.xaxis[0].visible


# Other observations of the same event


def test_other_observations_replace_what_is_drawn_in_place(
    scene, observations, times
):
    scene.arrange("X-ray")
    before = {name: panel.figure for name, panel in scene._panels.items()}
    nearer = dataclasses.replace(
        observations,
        standoff=observations.standoff.assign(
            standoff=observations.standoff.standoff - 1.0
        ),
        sxi=observations.sxi.assign(intensity=observations.sxi.intensity * 2),
    )
    assert scene.change(observations=nearer) == []
    after = {name: panel.figure for name, panel in scene._panels.items()}
    assert after == before
    np.testing.assert_array_equal(
        image_of(scene, "sxi", "intensity"),
        2.0 * expected_image(observations, times[0], "sxi"),
    )
    shown = scene._panels["standoff"].sources["gradient"].data["standoff"]
    expected = observations.standoff.standoff.sel(estimate="gradient") - 1.0
    np.testing.assert_array_equal(shown, expected)


def test_a_further_method_is_drawn_too(scene, observations, times):
    more = find.added(observations, "boundary_fit", times=times[:1])
    assert scene.change(observations=more) == []
    for name in ("sxi", "standoff"):
        assert "boundary fit" in scene._panels[name].sources
    assert "◆" in scene._texts["readings"].html


def test_marked_moments_stand_in_every_time_series(scene, observations):
    marked = sorted(
        when.astype("datetime64[ms]").astype(float)
        for when in observations.event.moments.values()
    )
    assert marked
    for name, figure in scene.pictures.items():
        marks = figure.select({"name": "moment"})
        is_series = getattr(PANELS[name], "taps", "") == "time"
        assert sorted(one.location for one in marks) == (
            marked if is_series else []
        )
        assert not any(one.syncable for one in marks)
