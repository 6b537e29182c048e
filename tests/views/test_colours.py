"""Colours for every eye, judged by CAM02-UCS (colorspacious)."""

import itertools

import numpy as np
import pytest
from colorspacious import cspace_convert
from holoviews.plotting.util import process_cmap

from smile_explore.views import _uv_picture, comparison, cube
from smile_explore.views.style import COMPONENT, MARK, METHOD

#: What half of the colours of a map may differ by from even steps.
EVEN = 0.6
#: Colours that are told apart side by side differ by more than this.
APART = 10.0
CAM = "CAM02-UCS"
EYES = {
    "all": "sRGB1",
    **{
        kind: {
            "name": "sRGB1+CVD",
            "cvd_type": kind,
            "severity": 100,
        }
        for kind in ("deuteranomaly", "protanomaly")
    },
}


def rgb(colours):
    return np.array(
        [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours]
    )


def seen(colours, eye):
    """Lightness and hue of colours as an eye sees them."""
    linear = cspace_convert(rgb(colours), EYES[eye], "sRGB1")
    return cspace_convert(np.clip(linear, 0, 1), "sRGB1", CAM)


def maps():
    return {
        "inferno": "inferno",
        "viridis": "viridis",
        "UV": _uv_picture.COLOURS,
        **{f"cut, {name}": one for name, one in cube._COLOURS.items()},
    }


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", maps())
def test_a_map_grows_steadily_lighter_for_every_eye(name, eye):
    colours = process_cmap(maps()[name], 256)
    light = seen(colours, eye)[:, 0]
    rises = np.diff(light[::8]) * np.sign(light[-1] - light[0])
    assert (rises > 0).all()
    assert abs(light[-1] - light[0]) > 50


@pytest.mark.parametrize("name", maps())
def test_equal_steps_of_a_map_look_equal(name):
    colours = seen(process_cmap(maps()[name], 256), "all")
    steps = np.linalg.norm(np.diff(colours[::8], axis=0), axis=1)
    assert np.std(steps) / np.mean(steps) < EVEN


def test_a_diverging_map_is_as_light_on_both_sides():
    light = seen(process_cmap(comparison._DIVERGING, 255), "all")[:, 0]
    assert np.abs(light - light[::-1]).max() < 10
    half = light[:128] if light[127] > light[0] else -light[:128]
    assert (np.diff(half[::8]) > 0).all()


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(
    "colours", [COMPONENT, {n: METHOD[n] for n in MARK}], ids=["B", "methods"]
)
def test_lines_of_one_picture_are_told_apart_by_every_eye(colours, eye):
    for one, other in itertools.combinations(colours, 2):
        a, b = seen([colours[one], colours[other]], eye)
        assert np.linalg.norm(a - b) > APART, (one, other)


def test_the_measure_finds_what_is_not_uniform():
    rainbow = process_cmap("jet", 256)
    light = seen(rainbow, "all")[:, 0]
    assert (np.diff(light[::8]) < 0).any()
