"""The preset of the orbit: planes, window and bars on the clock."""

import numpy as np
import pytest

from smile_explore.explorer.panels import Shown
from smile_explore.explorer.scene import Scene
from smile_explore.views import orbit, window


@pytest.fixture(scope="module")
def times(observations):
    return observations.cuts.time.values


@pytest.fixture
def scene(observations, times):
    scene = Scene(
        Shown(observations, times[0]),
        on_time=lambda _: None,
        on_pixel=lambda _: None,
        preset="Orbit",
    )
    yield scene
    scene.figure.close()


def test_pictures_follow_the_clock(scene, observations, times):
    assert scene.change(time=times[-1]) == []
    seen = observations
    for name in orbit.PLANES:
        across, _ = orbit.PLANES[name]
        expected = orbit.layers(
            seen.trajectory,
            times[-1],
            plane=name,
            pointing=seen.pointing,
            solar_wind=seen.solar_wind,
        )
        sources = scene._panels[f"orbit {name}"].sources
        for label in ("SMILE", "magnetopause", "boresight"):
            np.testing.assert_array_equal(
                sources[label].data[across], expected[label][across]
            )
    expected = window.layers(
        seen.pointing,
        times[-1],
        solar_wind=seen.solar_wind,
        uvi_pointing=seen.uvi_pointing,
    )
    shown = scene._panels["window"].sources["nose"].data["fov_lat"]
    np.testing.assert_array_equal(shown, expected["nose"]["fov_lat"])
    for name in ("visibility", "view angles", "modes"):
        clock = scene._panels[name].clock
        expected = times[-1].astype("datetime64[ms]").astype(int)
        assert clock.location == expected


def test_other_observations_have_other_bars(scene, observations, times):
    before = scene._panels["visibility"].figure
    words = scene._texts["view readings"].html
    part = {
        name: getattr(observations, name).isel(time=slice(0, -1))
        for name in ("trajectory", "pointing")
    }
    fewer = type(observations)(
        **{**vars(observations), **part},
    )
    assert scene.change(observations=fewer) == []
    assert scene._panels["visibility"].figure is not before
    angles = scene._panels["view angles"].sources["Sun"].data
    assert len(angles["sun_angle"]) == times.size - 1
    assert scene._texts["view readings"].html == words
