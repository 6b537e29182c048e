import re

import pytest
from bokeh.models import Title
from bokeh.models.annotations import ColorBar, Legend

from smile_explore.explorer.panels import PRESETS, Shown
from smile_explore.explorer.scene import Scene

#: Smaller letters cannot be read on a usual screen. [px]
LEAST = 11.0
#: Letters of these are drawn by the figure that has them.
DRAWN = "(?:text|label|title|subgroup|group)?_?text_font_size$"


def sizes(model):
    """Every size of letters that a model draws with, in pixels."""
    for name in model.properties():
        if re.search(DRAWN, name):
            value = getattr(model, name)
            value = getattr(value, "value", value)
            if not isinstance(value, str):
                continue
            number, unit = re.fullmatch(r"([\d.]+)(px|pt|em)", value).groups()
            scale = {"px": 1.0, "pt": 4 / 3, "em": 16.0}[unit]
            yield name, float(number) * scale


def says_something(model):
    """Whether a model draws letters at all."""
    if isinstance(model, ColorBar | Legend):
        return model.visible
    return not isinstance(model, Title) or bool(model.text)


@pytest.mark.parametrize("preset", PRESETS)
def test_no_letters_are_too_small_to_read(preset, observations):
    shown = Shown(observations, observations.cuts.time.values[2])
    scene = Scene(shown, on_time=print, on_pixel=print, preset=preset)
    try:
        for name, picture in scene.pictures.items():
            for model in filter(says_something, picture.references()):
                for what, size in sizes(model):
                    assert size >= LEAST, (name, model, what)
        for name, html in scene.words.items():
            for size in re.findall(r"font-size:\s*([\d.]+)px", html):
                assert float(size) >= LEAST, name
            for size in re.findall(r"font-size:\s*([\d.]+)em", html):
                assert 12 * float(size) >= LEAST, name
            assert "<small" not in html, name
    finally:
        scene.close()
