"""A figure fitted to its place."""

import pytest
from bokeh.models import ColorBar, Legend, Scatter
from bokeh.models.glyphs import Line

from smile_explore.explorer.panel import render
from smile_explore.views import solar_wind, standoff, sxi


@pytest.fixture
def image(observations):
    time = observations.sxi.time.values[0]
    return sxi.image(observations, time, method="all")


@pytest.fixture
def series(observations):
    data = observations.standoff
    return standoff.standoff(data, data.time.values[0])


SIZE = {"frame_width": 200, "frame_height": 100}


def models(panel, kind):
    return [one for one in panel.figure.references() if isinstance(one, kind)]


def test_a_brief_picture_has_its_ticks_and_no_bar(image):
    figure = render(image, SIZE, brief=True).figure
    panel = render(image, SIZE, brief=True)
    assert not any(bar.visible for bar in models(panel, ColorBar))
    assert not any(one.visible for one in models(panel, Legend))
    assert figure.xaxis[0].axis_label is None
    assert figure.yaxis[0].axis_label is None


def test_a_brief_series_says_what_and_its_unit_in_two_lines(observations):
    wind = observations.solar_wind
    view = solar_wind.solar_wind(wind, wind.time.values[0], quantity="speed")
    axis = render(view, SIZE, brief=True).figure.yaxis[0]
    assert axis.axis_label == "V\n[km s⁻¹]"
    assert axis.axis_label_orientation == "horizontal"


def test_larger_are_letters_lines_and_marks_but_not_the_frame(series):
    small, large = render(series, SIZE), render(series, SIZE, scale=2.0)
    assert large.figure.frame_width == small.figure.frame_width
    for plain, grown in zip(
        models(small, Scatter)[:3], models(large, Scatter)[:3], strict=True
    ):
        assert grown.size == 2 * plain.size
    widths = [
        {line.line_width for line in models(one, Line)}
        for one in (small, large)
    ]
    assert widths[1] == {2 * width for width in widths[0]}
    assert large.figure.xaxis[0].major_label_text_font_size == "22px"
    legends = models(large, Legend)
    assert legends
    assert legends[0].label_text_font_size == "22px"
