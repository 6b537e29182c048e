import dataclasses

import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.views import cube

QUANTITIES = {"density": "cm⁻³", "emissivity": "eV cm⁻³ s⁻¹"}
PLANES = {"noon": "z", "equator": "y"}


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


@pytest.fixture(scope="module")
def times(observations):
    return observations.cuts.time.values


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("plane", PLANES)
def test_a_place_has_the_colour_of_its_value(
    observations, times, plane, quantity
):
    view = cube.cut(observations, times[2], plane=plane, quantity=quantity)
    image = part(view, quantity)
    values = observations.cuts[f"{quantity}_{plane}"].isel(time=2)
    for x, side in ((-4.75, -9.75), (6.25, 3.25), (12.25, -2.25)):
        expected = values.sel({"x": x, PLANES[plane]: side}).item()
        assert image[x, side] == pytest.approx(expected, rel=1e-12)
        assert image[x + 0.2, side - 0.2] == image[x, side]
    low, high = image.opts.get().kwargs["clim"]
    assert low < values.max() < high


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("plane", PLANES)
def test_axes_title_and_hovering_say_the_unit(
    observations, times, plane, quantity
):
    view = cube.cut(observations, times[0], plane=plane, quantity=quantity)
    figure = hv.renderer("bokeh").get_plot(view).state
    side, unit = PLANES[plane], QUANTITIES[quantity]
    assert figure.xaxis.axis_label == "X GSM [Rᴇ]"
    assert figure.yaxis.axis_label == f"{side.upper()} GSM [Rᴇ]"
    where = {"noon": "y = 0", "equator": "z = 0"}[plane]
    assert figure.title.text == f"{quantity.capitalize()} [{unit}], {where}"
    hovering = dict(figure.hover[0].tooltips)
    assert list(hovering) == ["x", side, quantity]
    assert hovering[side].endswith(" Rᴇ")
    assert hovering[quantity].endswith(f" {unit}")


@pytest.mark.parametrize("plane", PLANES)
def test_a_boundary_stands_at_its_distance_in_its_direction(
    observations, times, plane
):
    view = cube.cut(observations, times[1], plane=plane)
    cuts, side = observations.cuts.isel(time=1), PLANES[plane]
    assert set(cuts.boundary.values) <= {one.label for one in view}
    for name in cuts.boundary.values:
        line = part(view, name)
        x, up = line["x"], line[side]
        radius = cuts[f"boundary_{plane}"].sel(boundary=name)
        np.testing.assert_allclose(np.hypot(x, up), radius, rtol=1e-12)
        theta = np.rad2deg(np.arctan2(up, x))
        np.testing.assert_allclose(theta, cuts.theta, atol=1e-9)


def test_the_nose_is_where_the_standoff_says(observations, times):
    line = part(cube.cut(observations, times[1]), "Shue 1998")
    nose = observations.standoff.standoff.isel(time=1)
    expected = nose.sel(estimate="Shue 1998").item()
    assert line["x"][line["z"] == 0.0] == pytest.approx(expected)


@pytest.mark.parametrize("plane", PLANES)
def test_smile_stands_on_its_orbit_and_looks_at_its_aim(
    observations, times, plane
):
    side = PLANES[plane]
    now = observations.pointing.isel(time=3)
    view = cube.cut(observations, times[3], plane=plane)
    smile = part(view, "SMILE")
    x, up = now.position.sel(component=["x", side]).values
    assert smile["x"].tolist() == [x]
    assert smile[side].tolist() == [up]
    # The line of sight meets the Sun-Earth line at the aim.
    sight = part(view, "boresight")
    (x0, x1), (up0, up1) = sight["x"], sight[side]
    assert (x0, up0) == (x, up)
    share = up0 / (up0 - up1)
    assert 0.0 < share < 1.0
    assert x0 + share * (x1 - x0) == pytest.approx(now.aim_x.item())


@pytest.mark.parametrize("plane", PLANES)
def test_the_field_of_view_is_16_by_27_degrees(observations, times, plane):
    side = PLANES[plane]
    fan = part(cube.cut(observations, times[0], plane=plane), "field of view")
    now = observations.pointing.isel(time=0)
    boresight, up = now.boresight.values, now.up.values
    right = np.cross(boresight, up)
    position = now.position.sel(component=["x", side]).values
    columns = [0, "xyz".index(side)]
    expected = []
    for lon, lat in ((-13.5, -8), (13.5, -8), (13.5, 8), (-13.5, 8)):
        lon, lat = np.deg2rad([lon, lat])
        along = np.cos(lat) * (np.cos(lon) * boresight + np.sin(lon) * right)
        end = (along + np.sin(lat) * up)[columns] * 45.0 + position
        expected += [position, end, (np.nan, np.nan)]
    drawn = np.column_stack([fan["x"], fan[side]])
    np.testing.assert_allclose(drawn, expected, atol=1e-9)


def test_earth_is_a_circle_of_one_radius(observations, times):
    earth = part(cube.cut(observations, times[0]), "Earth")
    np.testing.assert_allclose(np.hypot(earth["x"], earth["z"]), 1.0)


@pytest.mark.parametrize(
    ("index", "model"), [(0, "analytic model"), (3, "BATS-R-US E")]
)
def test_the_panel_says_what_it_was_simulated_with(
    observations, times, index, model
):
    note = part(cube.cut(observations, times[index]), "model")
    assert note["text"].tolist() == [f"simulated: {model}"]
    # within the picture, where it can be read
    assert observations.cuts.x[0] <= note["x"][0] <= observations.cuts.x[-1]
    assert observations.cuts.z[0] <= note["z"][0] <= observations.cuts.z[-1]


@pytest.mark.parametrize("plane", PLANES)
def test_the_picture_ends_where_the_cube_ends(observations, times, plane):
    view = cube.cut(observations, times[0], plane=plane)
    figure = hv.renderer("bokeh").get_plot(view).state
    x, side = observations.cuts.x, observations.cuts[PLANES[plane]]
    assert (figure.x_range.start, figure.x_range.end) == (x[0], x[-1])
    assert (figure.y_range.start, figure.y_range.end) == (side[0], side[-1])


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("plane", PLANES)
def test_what_moves_with_the_clock_is_what_the_view_draws(
    observations, times, plane, quantity
):
    options = {"plane": plane, "quantity": quantity}
    moved = cube.layers(observations, times[3], **options)
    still = {"Earth", "line of sight"}
    view = cube.cut(observations, times[3], **options)
    assert set(moved) == {one.label for one in view} - still
    for label, columns in moved.items():
        drawn = part(view, label)
        for name, values in columns.items():
            shown = (
                [drawn.dimension_values(2, flat=False)]
                if name == "image"
                else drawn.dimension_values(name)
            )
            np.testing.assert_array_equal(values, shown)


def test_every_time_has_a_look_of_its_own(observations, times):
    first, last = (cube.layers(observations, time) for time in times[[0, 3]])
    for label in first:
        assert any(
            not np.array_equal(first[label][name], last[label][name])
            for name in first[label]
        ), label


def test_between_two_times_the_nearest_is_shown(observations, times):
    later = times[2] + np.timedelta64(40, "s")
    np.testing.assert_array_equal(
        cube.layers(observations, later)["density"]["image"][0],
        observations.cuts.density_noon.isel(time=2),
    )


def test_missing_cells_are_drawn_grey(observations, times):
    cuts = observations.cuts.copy()
    cuts["density_noon"] = cuts.density_noon.where(cuts.x > 0)
    holed = dataclasses.replace(observations, cuts=cuts)
    view = cube.cut(holed, times[0])
    plot = hv.renderer("bokeh").get_plot(view)
    mapper = plot.subplots[("Image", "Density")].handles["color_mapper"]
    assert mapper.nan_color == "#BBBBBB"
    assert np.isnan(part(view, "density")[-2.25, 0.25])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"plane": "dusk"}, "plane must be one of noon, equator, got 'dusk'"),
        (
            {"quantity": "speed"},
            "quantity must be one of density, emissivity, got 'speed'",
        ),
    ],
)
def test_a_plane_or_quantity_that_is_not_there_is_refused(
    observations, times, options, message
):
    with pytest.raises(ValueError, match=message):
        cube.cut(observations, times[0], **options)


def test_a_time_outside_the_event_is_refused_in_one_sentence(
    observations, times
):
    late = times[-1] + np.timedelta64(1, "h")
    message = (
        r"^2012-06-16 23:02 is outside the event, which has data from "
        r"2012-06-16 21:40 to 2012-06-16 22:02$"
    )
    for door in (cube.cut, cube.layers):
        with pytest.raises(ValueError, match=message):
            door(observations, late)


@pytest.mark.parametrize(("plane", "side"), [("noon", "z"), ("equator", "y")])
def test_a_line_of_sight_is_projected_from_its_start_to_its_end(
    observations, times, plane, side
):
    ray = xr.Dataset(
        {
            "position": (
                ("distance", "component"),
                [[1.0, -5.0, 19.0], [4.0, -2.0, 9.0], [7.0, 1.0, -1.0]],
            )
        },
        {"component": ["x", "y", "z"]},
    )
    view = cube.cut(observations, times[0], plane=plane, sight=ray)
    drawn = part(view, "line of sight")
    ends = ray.position.sel(component=side).values[[0, -1]]
    assert drawn["x"].tolist() == [1.0, 7.0]
    assert drawn[side].tolist() == ends.tolist()
    nothing = cube.picked(None, plane=plane)["line of sight"]
    assert np.isnan(nothing["x"]).all()


def test_the_field_line_through_smile_leads_to_the_earth(observations):
    time = observations.cuts.time.values[1]
    now = cube.layers(observations, time, plane="noon")
    line, smile = now["field line"], now["SMILE"]
    assert line["x"][0] == pytest.approx(smile["x"][0])
    assert line["z"][0] == pytest.approx(smile["z"][0])
    assert np.hypot(line["x"][-1], line["z"][-1]) <= 1.02


def test_a_sector_of_the_oval_maps_to_the_equator(observations):
    time = observations.cuts.time.values[1]
    shown = cube.layers(observations, time, plane="equator", mlt=0.5)
    x, y = shown["oval maps to"].values()
    assert (x < 0.0).all()
    assert (np.hypot(x, y) > 2.0).all()
    nothing = cube.layers(observations, time, plane="equator")
    assert np.isnan(nothing["oval maps to"]["x"]).all()
