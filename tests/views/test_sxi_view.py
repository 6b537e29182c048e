import dataclasses

import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.views import style, sxi
from smile_explore.views.box import Box

METHODS = ["tangent fit", "maximum", "gradient"]
UNIT = "keV cm⁻² s⁻¹ sr⁻¹"


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


@pytest.fixture(scope="module")
def times(observations):
    return observations.sxi.time.values


@pytest.fixture(scope="module")
def off(observations):
    """SXI is off at the first time, as it is low down on the orbit."""
    image = observations.sxi
    on = xr.DataArray([False, True, True, True], dims="time")
    dark = image.assign(
        {name: image[name].where(on) for name in ("intensity", "counts")}
    )
    return dataclasses.replace(observations, sxi=dark)


@pytest.mark.parametrize("quantity", ["intensity", "counts"])
def test_a_pixel_has_the_colour_of_its_value(observations, times, quantity):
    image = part(
        sxi.image(observations, times[1], quantity=quantity), quantity
    )
    values = observations.sxi[quantity].isel(time=1)
    for lon, lat in ((-13.375, -7.875), (5.125, 2.375), (13.375, -7.875)):
        expected = values.sel(fov_lon=lon, fov_lat=lat).item()
        assert image[lon, lat] == expected
        assert image[lon + 0.1, lat - 0.1] == expected


@pytest.mark.parametrize(
    ("quantity", "title", "unit"),
    [
        ("intensity", f"SXI intensity [{UNIT}]", UNIT),
        ("counts", "SXI counts [1]", ""),
    ],
)
def test_axes_title_and_hovering_say_the_unit(
    observations, times, quantity, title, unit
):
    view = sxi.image(observations, times[0], quantity=quantity)
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.xaxis.axis_label == "field-of-view longitude [deg]"
    assert figure.yaxis.axis_label == "field-of-view latitude [deg]"
    assert figure.title.text == title
    hovering = dict(figure.hover[0].tooltips)
    assert hovering["from the boresight"].count("°") == 2
    assert hovering[quantity] == f"@image{{0.0}} {unit}"


def test_the_picture_is_27_by_16_degrees(observations, times):
    figure = (
        hv.renderer("bokeh").get_plot(sxi.image(observations, times[0])).state
    )
    assert (figure.x_range.start, figure.x_range.end) == (-13.5, 13.5)
    assert (figure.y_range.start, figure.y_range.end) == (-8.0, 8.0)


@pytest.mark.parametrize("name", METHODS)
def test_the_edge_that_each_method_found_is_drawn_on_the_image(
    observations, times, name
):
    found = observations.magnetopause.isel(time=2).sel(estimate=name)
    assert np.isfinite(found.rim_lon).sum() > 50
    view = sxi.image(observations, times[2])
    edge = part(view, name)
    np.testing.assert_array_equal(edge["fov_lon"], found.rim_lon)
    np.testing.assert_array_equal(edge["fov_lat"], found.rim_lat)
    assert edge.opts.get().kwargs["color"] == style.METHOD[name]
    halo = part(view, "halo")["fov_lat"]
    assert set(found.rim_lat.values[np.isfinite(found.rim_lat)]) <= set(halo)


def test_one_method_can_be_chosen(observations, times):
    view = sxi.image(observations, times[2], method="gradient")
    labels = {one.label for one in view}
    assert labels & set(METHODS) == {"gradient"}
    halo = part(view, "halo")["fov_lat"]
    found = observations.magnetopause.isel(time=2).sel(estimate="gradient")
    assert np.isfinite(halo).sum() == np.isfinite(found.rim_lat).sum()


def test_edges_lie_over_their_halo_and_are_named(observations, times):
    view = sxi.image(observations, times[0])
    labels = [one.label for one in view]
    assert all(labels.index("halo") < labels.index(name) for name in METHODS)
    figure = hv.renderer("bokeh").get_plot(view).state
    named = [item.label.value for item in figure.legend[0].items]
    assert named == METHODS


def test_a_picked_pixel_is_marked(observations, times):
    sight = xr.Dataset(coords={"fov_lon": 3.125, "fov_lat": -2.625})
    mark = part(sxi.image(observations, times[0], sight=sight), "picked")
    assert (mark["fov_lon"], mark["fov_lat"]) == ([3.125], [-2.625])
    assert sxi.picked(sight)["picked"]["fov_lat"] == [-2.625]
    assert np.isnan(sxi.picked(None)["picked"]["fov_lat"])


def test_a_remark_of_an_image_is_shown(observations, times):
    image = observations.sxi.assign_coords(remark=("time", list("abcd")))
    said = dataclasses.replace(observations, sxi=image)
    assert sxi.layers(said, times[2])["note"]["text"] == ["c"]


@pytest.mark.parametrize("quantity", ["intensity", "counts"])
def test_colours_reach_the_brightest_pixel_of_the_time(
    observations, times, quantity
):
    image = part(
        sxi.image(observations, times[3], quantity=quantity), quantity
    )
    brightest = observations.sxi[quantity].isel(time=3).max().item()
    assert image.opts.get().kwargs["clim"] == (0.0, brightest)


def test_colours_of_a_dark_image_still_span_a_range(observations, times):
    dark = dataclasses.replace(
        observations,
        sxi=observations.sxi.assign(counts=lambda d: d.counts * 0),
    )
    limits = sxi.layers(dark, times[0], quantity="counts")["colours"]
    assert limits == {"low": 0.0, "high": 1.0}


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("intensity", "simulated, quick-look, not for publication"),
        ("counts", "simulated, quick-look, not for publication, 300 s"),
    ],
)
def test_the_panel_says_what_it_is_not(observations, times, quantity, text):
    note = part(sxi.image(observations, times[0], quantity=quantity), "note")
    assert note["text"].tolist() == [text]
    assert -13.5 < note["fov_lon"][0] < 13.5
    assert -8.0 < note["fov_lat"][0] < 8.0


@pytest.mark.parametrize("quantity", ["intensity", "counts"])
def test_an_instrument_that_is_off_is_said_to_be_off(off, times, quantity):
    view = sxi.image(off, times[0], quantity=quantity)
    (text,) = part(view, "note")["text"]
    assert text.startswith("SXI is off")
    assert part(view, quantity).opts.get().kwargs["clim"] == (0.0, 1.0)
    assert hv.renderer("bokeh").get_plot(view).state.title.text
    (later,) = sxi.layers(off, times[1], quantity=quantity)["note"]["text"]
    assert later.startswith("simulated")


@pytest.mark.parametrize("quantity", ["intensity", "counts"])
def test_what_moves_with_the_clock_is_what_the_view_draws(
    observations, times, quantity
):
    moved = sxi.layers(observations, times[3], quantity=quantity)
    view = sxi.image(observations, times[3], quantity=quantity)
    still = {"picked", "box"}
    assert set(moved) | still == {one.label for one in view} | {"colours"}
    for label, columns in moved.items():
        if label == "colours":
            limits = part(view, quantity).opts.get().kwargs["clim"]
            assert tuple(columns.values()) == limits
            continue
        drawn = part(view, label)
        for name, values in columns.items():
            shown = (
                [drawn.dimension_values(2, flat=False)]
                if name == "image"
                else drawn.dimension_values(name)
            )
            np.testing.assert_array_equal(values, shown)


def test_a_quantity_that_is_not_there_is_refused(observations, times):
    with pytest.raises(
        ValueError, match="one of intensity, counts, got 'expected_counts'"
    ):
        sxi.image(observations, times[0], quantity="expected_counts")


def test_a_time_outside_the_event_is_refused_in_one_sentence(
    observations, times
):
    early = times[0] - np.timedelta64(10, "m")
    for door in (sxi.image, sxi.layers):
        with pytest.raises(
            ValueError, match=r"^2012-06-16 21:30 is outside the event, which"
        ):
            door(observations, early)


def test_a_box_is_framed_where_it_was_drawn():
    box = Box("sxi", (-5.0, 2.0), (-4.0, 0.0))
    frame = sxi.boxed(box)["box"]
    assert set(frame["fov_lon"]) == {-5.0, 2.0}
    assert set(frame["fov_lat"]) == {-4.0, 0.0}
    other = Box("spectrogram", (0.0, 1.0), (10.0, 100.0))
    for nothing in (None, other):
        assert np.isnan(sxi.boxed(nothing)["box"]["fov_lon"]).all()
