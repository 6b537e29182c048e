import dataclasses
from functools import partial

import holoviews as hv
import numpy as np
import pytest
from bokeh.document import Document
from bokeh.io.doc import patch_curdoc

from smile_explore.explorer.panel import render
from smile_explore.views import cube, sxi
from smile_explore.views.solar_wind import solar_wind
from smile_explore.views.standoff import standoff

VIEWS = {
    "noon": (cube, {"plane": "noon"}),
    "equator": (cube, {"plane": "equator", "quantity": "emissivity"}),
    "intensity": (sxi, {"quantity": "intensity"}),
    "counts": (sxi, {"quantity": "counts"}),
}


@pytest.fixture(scope="module")
def times(observations):
    return observations.cuts.time.values


@pytest.fixture(params=VIEWS)
def panel(request, observations, times):
    module, options = VIEWS[request.param]
    view = cube.cut if module is cube else sxi.image
    return render(
        view(observations, times[0], **options),
        {"frame_width": 300, "frame_height": 200},
    )


@pytest.fixture
def layers(request, observations, panel):
    module, options = VIEWS[request.node.callspec.params["panel"]]
    return partial(module.layers, observations, **options)


def columns(panel):
    return {
        label: dict(source.data) for label, source in panel.sources.items()
    }


def assert_shows(panel, layers):
    """Every column of the layers is what its glyph is drawn from."""
    for label, layer in layers.items():
        if label == "colours":
            assert panel.colours.low == layer["low"]
            assert panel.colours.high == layer["high"]
            continue
        source = panel.sources[label]
        for name, values in layer.items():
            np.testing.assert_array_equal(source.data[name], values)


def test_a_view_is_drawn_with_the_columns_its_layers_give(
    panel, layers, times
):
    for label, layer in layers(times[0]).items():
        if label != "colours":
            assert set(layer) <= set(panel.sources[label].data)
    assert_shows(panel, layers(times[0]))


def test_a_step_of_the_clock_replaces_them(panel, layers, times):
    panel.show(layers(times[3]))
    assert_shows(panel, layers(times[3]))


def test_a_step_of_the_clock_replaces_data_and_no_model(panel, layers, times):
    before = columns(panel)
    models = {model.id for model in panel.figure.references()}
    moved = layers(times[3])
    panel.show(moved)
    assert {model.id for model in panel.figure.references()} == models
    for label, data in columns(panel).items():
        assert set(data) == set(before[label])
        for name in set(data) - set(moved.get(label, {})):
            np.testing.assert_array_equal(data[name], before[label][name])


def test_the_page_sends_no_change_back(panel):
    assert not any(model.syncable for model in panel.figure.references())


def test_each_source_feeds_the_glyph_of_its_label(observations, times):
    view = cube.cut(observations, times[0])
    panel = render(view, {})
    by_source = {
        renderer.data_source.id: type(renderer.glyph).__name__
        for renderer in panel.figure.renderers
    }
    glyphs = {
        label: by_source.get(source.id)
        for label, source in panel.sources.items()
    }
    assert glyphs["density"] == "Image"
    assert glyphs["SMILE"] == "Scatter"
    assert glyphs["Lin 2010"] == glyphs["boresight"] == "Line"
    assert set(glyphs) == {one.label for one in view}


def test_the_clock_of_a_time_series_is_moved_in_milliseconds(
    observations, times
):
    panel = render(solar_wind(observations.solar_wind, times[0]), {})
    panel.move(times[2])
    expected = times[2].astype("datetime64[ms]").astype(int)
    assert panel.clock.location == expected
    assert panel.clock in panel.figure.select({"type": type(panel.clock)})


def test_a_time_series_keeps_its_lines_while_the_clock_moves(
    observations, times
):
    panel = render(standoff(observations.standoff, times[0]), {})
    before = columns(panel)
    panel.move(times[1])
    after = columns(panel)
    for label in before:
        for name, values in before[label].items():
            np.testing.assert_array_equal(after[label][name], values)


def test_a_panel_has_the_size_it_is_given(panel):
    assert panel.figure.frame_width == 300
    assert panel.figure.frame_height == 200
    assert panel.figure.width is None
    assert panel.figure.height is None


def test_an_instrument_that_wakes_up_is_seen(observations, times):
    image = observations.sxi
    asleep = image.time == times[0]
    dark = dataclasses.replace(
        observations,
        sxi=image.assign(intensity=image.intensity.where(~asleep)),
    )
    layers = partial(sxi.layers, dark)
    panel = render(sxi.image(dark, times[0]), {})
    assert panel.sources["note"].data["text"][0].startswith("SXI is off")
    assert panel.colours.high == 1.0
    panel.show(layers(times[1]))
    assert panel.sources["note"].data["text"][0].startswith("simulated")
    brightest = image.intensity.sel(time=times[1]).max().item()
    assert panel.colours.high == brightest > 1.0


def test_a_layer_that_no_element_shows_is_refused():
    panel = render(hv.Overlay([hv.Curve([(0.0, 1.0)], label="line")]), {})
    with pytest.raises(KeyError, match="lines"):
        panel.show({"lines": {"x": [0.0]}})


def test_a_layer_of_ranges_moves_the_axes():
    panel = render(hv.Overlay([hv.Curve([(0.0, 1.0)], label="line")]), {})
    panel.show({"ranges": {"x": (2.0, 3.0), "y": (-1.0, 5.0)}})
    figure = panel.figure
    assert (figure.x_range.start, figure.x_range.end) == (2.0, 3.0)
    assert (figure.y_range.start, figure.y_range.end) == (-1.0, 5.0)


def test_the_document_that_answers_to_a_tap_keeps_its_looks():
    document = Document()
    theme = document.theme
    with patch_curdoc(document):
        render(hv.Overlay([hv.Curve([1, 2], label="line")]), {})
    assert document.theme is theme
