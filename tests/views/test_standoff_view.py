import holoviews as hv
import numpy as np
import pytest

from smile_explore.views import style
from smile_explore.views.standoff import standoff


@pytest.fixture(scope="module")
def data(observations):
    return observations.standoff


@pytest.fixture(scope="module")
def view(data):
    return standoff(data, data.time.values[1])


def test_every_estimate_is_drawn_with_its_values(data, view):
    drawn = {one.label: one for one in view if one.label}
    assert set(drawn) == set(data.estimate.values)
    for name, element in drawn.items():
        expected = data.standoff.sel(estimate=name)
        np.testing.assert_array_equal(element["time"], data.time)
        np.testing.assert_array_equal(element["standoff"], expected)


def test_every_estimate_has_the_colour_it_has_elsewhere(view):
    for element in view:
        if element.label:
            colour = element.opts.get().kwargs["color"]
            assert colour == style.METHOD[element.label]


def test_what_was_found_in_images_is_dots_with_their_uncertainty(data, view):
    found = data.sel(estimate="tangent fit")
    (dots,) = (one for one in view if isinstance(one, hv.Scatter))
    assert dots.label == "tangent fit"
    (bars,) = (one for one in view if isinstance(one, hv.ErrorBars))
    np.testing.assert_array_equal(bars["standoff"], found.standoff)
    np.testing.assert_array_equal(bars["uncertainty"], found.uncertainty)


def test_an_estimate_that_knows_nothing_has_no_line(data):
    covered = data.isel(time=slice(2, 4))  # by an MHD run
    assert np.isnan(covered.standoff.sel(estimate="exact")).all()
    view = standoff(covered, covered.time.values[0])
    labels = {one.label for one in view}
    assert "exact" not in labels
    assert "Shue 1998" in labels


def test_the_clock_stands_at_the_time(data, view):
    (clock,) = (one for one in view if isinstance(one, hv.VLine))
    assert clock.data == data.time.values[1]


def test_the_axis_says_the_unit_and_the_legend_the_methods(data, view):
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.yaxis.axis_label == "nose [Rᴇ]"
    assert figure.title.text.endswith(": simulated")
    entries = {item.label.value for item in figure.legend[0].items}
    assert entries == set(data.estimate.values)
