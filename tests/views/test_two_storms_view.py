import dataclasses

import holoviews as hv
import numpy as np
import pytest

from smile_explore import events
from smile_explore.events import two_storms
from smile_explore.views import two_storms as view


@pytest.fixture(scope="module")
def stories():
    return tuple(
        two_storms.story(events.load(name))
        for name in ("2012-06-16", "2014-09-12")
    )


def drawn(element):
    return hv.renderer("bokeh").get_plot(element).state


@pytest.mark.parametrize("name", view.QUANTITIES)
def test_a_line_of_each_storm_is_drawn(stories, name):
    overlay = view.line(stories, name, 1.0, xlim=(-2.0, 8.0))
    curves = [one for one in overlay if isinstance(one, hv.Curve)]
    assert [one.label for one in curves] == [one.name for one in stories]
    for curve, story in zip(curves, stories, strict=True):
        np.testing.assert_array_equal(
            curve.dimension_values(1), story.told[name].values
        )
    figure = drawn(overlay)
    assert (figure.x_range.start, figure.x_range.end) == (-2.0, 8.0)
    assert "hours after: shock arrives" in figure.xaxis[0].axis_label


def test_a_quantity_that_is_known_at_no_time_is_drawn_empty(stories):
    one, other = stories
    nothing = dataclasses.replace(
        one, told=one.told.assign(oval=one.told.oval * np.nan)
    )
    drawn(view.line((nothing, nothing), "oval", 0.0, xlim=(-1.0, 1.0)))


def test_a_missing_image_says_why(stories):
    figure = drawn(view.image(stories[0], None, 10.0))
    assert "no image: SXI off, or a gap" in figure.title.text


def test_both_storms_stand_side_by_side_with_one_clock(stories):
    look = two_storms.image(stories[0], 2.0)
    layout = view.side_by_side(
        stories, 2.0, (look, None), xlim=two_storms.together(stories)
    )
    clocks = [
        mark.data
        for one in layout
        for mark in one
        if isinstance(mark, hv.VLine)
    ]
    assert clocks == [2.0] * 4
    images = [
        part for one in layout for part in one if isinstance(part, hv.Image)
    ]
    top = float(look.intensity.max())
    assert [one.vdims[0].range for one in images] == [(0.0, top)] * 2
    drawn(layout)
