"""The preset of the aurora: its panels, and what is picked in them."""

import dataclasses

import numpy as np
import pytest
import xarray as xr
from bokeh.events import Tap

import smile_explore
from smile_explore.explorer.panels import Shown, local_time
from smile_explore.explorer.scene import Scene
from smile_explore.views import _polar_map, aurora, polar

PICTURES = ("uvi", "polar map")
SERIES = ("modes", "magnetic field", "keogram", "open flux", "flux rates")


@pytest.fixture(scope="module")
def times(observations):
    return observations.cuts.time.values


@pytest.fixture
def picked():
    return []


@pytest.fixture
def scene(observations, times, picked):
    scene = Scene(
        Shown(observations, times[0]),
        on_time=picked.append,
        on_pixel=picked.append,
        preset="Aurora",
        on_spot=picked.append,
        on_local_time=picked.append,
    )
    yield scene
    scene.figure.close()


@pytest.fixture
def blind(observations):
    nothing = xr.Dataset()
    return dataclasses.replace(
        observations,
        uvi=nothing,
        light=nothing,
        oval=nothing,
        polar_cap=nothing,
        flux_budget=nothing,
    )


def title(scene, name):
    return scene._panels[name].figure.title.text


def test_pictures_follow_the_clock(scene, observations, times):
    assert scene.change(time=times[2]) == []
    seen = observations
    image = aurora.layers(
        seen.uvi, times[2], pointing=seen.uvi_pointing, oval=seen.oval
    )
    shown = scene._panels["uvi"].sources["radiance"].data["image"][0]
    np.testing.assert_array_equal(shown, image["radiance"]["image"][0])
    uv_map = polar.layers(seen.light, times[2])
    shown = scene._panels["polar map"].sources["radiance"].data["image"][0]
    np.testing.assert_array_equal(shown, uv_map["radiance"]["image"][0])
    for name in SERIES:
        clock = scene._panels[name].clock
        assert clock.location == times[2].astype("datetime64[ms]").astype(int)


def test_counts_are_shown_where_the_earth_is(scene, observations, times):
    assert scene.change(image="counts") == []
    shown = scene._panels["uvi"].sources["counts"].data["image"][0]
    on = observations.uvi.radiance.sel(time=times[0]).notnull().values
    np.testing.assert_array_equal(np.isfinite(shown), on)
    assert title(scene, "uvi").startswith("UVI counts")


@pytest.mark.parametrize("hour", [0.2, 6.9, 12.0, 17.5, 23.9])
def test_a_place_on_the_map_picks_its_local_time(scene, picked, hour):
    figure = scene._panels["polar map"].figure
    x, y = _polar_map.place(70.0, hour)
    figure._trigger_event(Tap(figure, x=float(x), y=float(y)))
    assert picked == [np.floor(hour) + 0.5]
    assert local_time(float(x), float(y)) == picked[0]


def test_another_local_time_has_another_keogram(scene, observations):
    assert title(scene, "keogram").startswith("Aurora at 23.5 MLT")
    before = scene._panels["keogram"].figure
    assert scene.change(mlt=9.5) == []
    assert title(scene, "keogram").startswith("Aurora at 9.5 MLT")
    after = scene._panels["keogram"].figure
    assert after.x_range is before.x_range
    ray = scene._panels["polar map"].sources["picked"].data
    far = np.hypot(ray["x"][0], ray["y"][0])
    assert far == pytest.approx(40.0)
    assert local_time(ray["x"][0], ray["y"][0] + 1e-6) == 9.5
    edge = scene._panels["keogram"].sources["poleward"].data["mlat"]
    found = observations.oval.poleward.sel(mlt=9.5)
    np.testing.assert_array_equal(edge, found)


def test_a_place_in_the_image_is_picked_and_marked(scene, picked):
    figure = scene._panels["uvi"].figure
    figure._trigger_event(Tap(figure, x=0.5, y=-1.0))
    assert picked == [(0.5, -1.0)]
    scene.change(spot=(0.5, -1.0), glance="<b>a pixel</b>")
    mark = scene._panels["uvi"].sources["picked"].data
    assert (mark["fov_lon"], mark["fov_lat"]) == ([0.5], [-1.0])
    assert scene._texts["glance"].html == "<b>a pixel</b>"


def test_what_uvi_did_not_see_is_said_to_be_so(scene, observations, blind):
    assert scene.change(observations=blind) == []
    for name in ("keogram", "open flux", "flux rates"):
        assert "UVI saw nothing" in title(scene, name)
    assert "saw nothing" in scene._texts["aurora readings"].html
    (said,) = scene._panels["uvi"].sources["note"].data["text"]
    assert "UVI saw nothing" in said
    assert scene.change(mlt=3.5, time=blind.cuts.time.values[1]) == []
    # and what it did see comes back
    assert scene.change(observations=observations) == []
    assert title(scene, "keogram").startswith("Aurora at 3.5 MLT")
    assert "radiance" in scene._panels["uvi"].sources


def test_readings_say_what_drives_the_aurora_and_what_is_found(scene, times):
    said = scene._texts["aurora readings"].html
    assert "Kp 6.3 (measured), dayglow at F10.7 of 134.5" in said
    assert "open flux" in said
    assert "simulated, 60 s; assumed: brightness × 0.5" in said


def test_the_explorer_tells_what_a_tapped_pixel_sees(observations):
    explorer = smile_explore.explore(observations=observations)
    explorer._controls.preset.value = "Aurora"
    explorer._scene._on_local_time(12.5)
    assert explorer._scene.shown.mlt == 12.5
    explorer._scene._on_spot((0.0, 0.2))
    assert explorer.cursor.spot == (0.0, 0.2)
    said = explorer._scene._texts["glance"].html
    for word in (
        "Footprint",
        "km",
        "aurora",
        "Signal to noise",
        "Exposure for 3",
    ):
        assert word in said
    explorer.cursor.index = 0
    moved = explorer._scene._texts["glance"].html
    assert moved != said
    explorer._scene._on_spot((0.05, 0.25))  # the same, to a finger
    assert explorer.cursor.spot is None
    assert "Tap UVI's image" in explorer._scene._texts["glance"].html
    explorer.close()


def test_a_box_on_the_image_is_counted_until_a_pixel_is_tapped(observations):
    explorer = smile_explore.explore(observations=observations)
    explorer._controls.preset.value = "Aurora"

    def said():
        return explorer._scene._texts["glance"].html

    explorer._scene._on_spot((0.0, 0.2))
    explorer._scene._on_box("uvi", ((-1.0, 1.0), (-1.0, 1.0)))
    assert explorer.cursor.spot is None
    assert "pixels that see the Earth" in said()
    before = said()
    explorer.cursor.index = 0
    assert "pixels that see the Earth" in said() != before
    explorer._scene._on_spot((0.0, 0.2))
    assert explorer._scene.shown.box is None
    assert "Signal to noise" in said()
    explorer.close()
