import holoviews as hv
import numpy as np
import pytest

from smile_explore.explorer.panel import render
from smile_explore.views import style
from smile_explore.views.standoff import layers, standoff


@pytest.fixture(scope="module")
def data(observations):
    return observations.standoff


def elements(view):
    """Elements by label, without error bars and the clock."""
    return {
        one.label: one
        for one in view
        if one.label and not isinstance(one, hv.ErrorBars)
    }


@pytest.fixture(scope="module")
def view(data):
    return standoff(data, data.time.values[1])


def test_every_estimate_is_drawn_with_its_values(data, view):
    drawn = elements(view)
    assert set(drawn) == set(data.estimate.values)
    for name, element in drawn.items():
        expected = data.standoff.sel(estimate=name)
        np.testing.assert_array_equal(element["time"], data.time)
        np.testing.assert_array_equal(element["standoff"], expected)


def test_every_estimate_has_the_colour_it_has_elsewhere(view):
    for name, element in elements(view).items():
        assert element.opts.get().kwargs["color"] == style.METHOD[name]


@pytest.mark.parametrize("name", ["tangent fit", "maximum", "gradient"])
def test_what_was_found_in_images_is_dots_with_their_uncertainty(
    data, view, name
):
    found = data.sel(estimate=name)
    assert isinstance(elements(view)[name], hv.Scatter)
    (bars,) = (one for one in view if one.label == f"{name}, error")
    np.testing.assert_array_equal(bars["standoff"], found.standoff)
    np.testing.assert_array_equal(bars["uncertainty"], found.uncertainty)


def test_one_method_can_be_chosen(data):
    view = standoff(data, data.time.values[0], method="maximum")
    found = set(elements(view)) & set(style.MARK)
    assert found == {"maximum"}
    assert set(elements(view)) - found == {
        name for name in data.estimate.values if name not in style.MARK
    }


def test_marks_are_told_apart_without_colour():
    assert len(set(style.MARK.values())) == len(style.MARK)
    colours = [style.METHOD[name] for name in style.MARK]
    assert len(set(colours)) == len(colours)


def test_layers_are_what_the_view_is_drawn_from(data, view):
    panel = render(view, {})
    for label, columns in layers(data).items():
        for name, values in columns.items():
            np.testing.assert_array_equal(
                panel.sources[label].data[name], values
            )


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


def test_a_line_does_not_run_across_a_gap(data):
    """Of a wind that was not known for two hours."""
    start = np.datetime64("2015-03-17", "ns")
    minutes = np.array([0, 1, 2, 3, 123, 124, 125])
    times = start + minutes * np.timedelta64(1, "m")
    some = data.isel(time=[0] * minutes.size).assign_coords(time=times)
    line = layers(some)["exact"]
    assert line["time"].size == 8
    assert np.isnan(line["standoff"][4])
    assert times[3] < line["time"][4] < times[4]
    dots = layers(some)["tangent fit"]
    np.testing.assert_array_equal(dots["time"], times)


def test_a_change_of_cadence_is_no_gap(data):
    start = np.datetime64("2015-03-17", "ns")
    minutes = np.array([0, 10, 20, 22, 24, 34, 44])
    times = start + minutes * np.timedelta64(1, "m")
    some = data.isel(time=[0] * minutes.size).assign_coords(time=times)
    np.testing.assert_array_equal(layers(some)["exact"]["time"], times)
