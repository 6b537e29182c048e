import holoviews as hv
import numpy as np
import pytest

from smile_explore.views.solar_wind import QUANTITIES, solar_wind

UNITS = {
    "density": ("n", "cm⁻³"),
    "speed": ("V", "km s⁻¹"),
    "magnetic field": ("B", "nT"),
    "dynamic pressure": ("P", "nPa"),
}


def lines(view):
    return {one.label: one for one in view if isinstance(one, hv.Curve)}


@pytest.fixture(scope="module")
def wind(observations):
    return observations.solar_wind


@pytest.fixture
def tilted(wind):
    """A wind whose velocity has all three components."""
    velocity = wind.velocity.copy(
        data=np.tile([-300.0, 40.0, 0.0], (wind.time.size, 1))
    )
    return wind.assign(velocity=velocity)


def test_all_its_quantities_can_be_shown():
    assert set(QUANTITIES) == set(UNITS)


@pytest.mark.parametrize(
    ("quantity", "variable", "label"),
    [
        ("density", "density", "n"),
        ("dynamic pressure", "dynamic_pressure", "P"),
    ],
)
def test_a_line_is_the_measured_series(wind, quantity, variable, label):
    view = solar_wind(wind, wind.time.values[0], quantity=quantity)
    (line,) = lines(view).values()
    assert line.label == label
    np.testing.assert_array_equal(line["time"], wind.time)
    np.testing.assert_array_equal(line[variable], wind[variable])


def test_speed_is_the_length_of_the_velocity(tilted):
    view = solar_wind(tilted, tilted.time.values[0], quantity="speed")
    (line,) = lines(view).values()
    np.testing.assert_allclose(line["velocity"], np.hypot(300.0, 40.0))


def test_each_component_of_the_field_has_a_line_and_a_colour(wind):
    view = solar_wind(wind, wind.time.values[0], quantity="magnetic field")
    drawn = lines(view)
    assert list(drawn) == ["Bx", "By", "Bz"]
    for label, line in drawn.items():
        field = wind.magnetic_field.sel(component=label[-1])
        np.testing.assert_array_equal(line["magnetic_field"], field)
    colours = {line.opts.get().kwargs["color"] for line in drawn.values()}
    assert len(colours) == 3
    figure = hv.renderer("bokeh").get_plot(view).state
    entries = [item.label.value for item in figure.legend[0].items]
    assert entries == ["Bx", "By", "Bz"]


@pytest.mark.parametrize("quantity", UNITS)
def test_axis_and_hovering_say_the_unit(wind, quantity):
    view = solar_wind(wind, wind.time.values[3], quantity=quantity)
    figure = hv.renderer("bokeh").get_plot(view).state
    text, unit = UNITS[quantity]
    assert figure.yaxis.axis_label == f"{text} [{unit}]"
    columns = {
        name
        for renderer in figure.renderers
        if hasattr(renderer, "data_source")
        for name in renderer.data_source.data
    }
    for hover in figure.hover:
        when, value = (shown for _, shown in hover.tooltips)
        assert when == "@{time}{%F %H:%M}"
        assert value.endswith(f"{{0.0}} {unit}")
        assert value[2:].partition("}")[0] in columns


@pytest.mark.parametrize("quantity", UNITS)
def test_the_clock_stands_at_the_time(wind, quantity):
    time = wind.time.values[7]
    view = solar_wind(wind, time, quantity=quantity)
    (clock,) = (one for one in view if isinstance(one, hv.VLine))
    assert clock.data == time


def test_gaps_in_the_wind_stay_gaps(wind):
    gap = wind.time != wind.time[5]
    holed = wind.assign(density=wind.density.where(gap))
    (line,) = lines(solar_wind(holed, wind.time.values[0])).values()
    assert np.isnan(line["density"]).tolist() == (~gap).values.tolist()


def test_a_quantity_that_is_not_there_is_refused(wind):
    with pytest.raises(
        ValueError, match="one of density, speed, .*, got 'temperature'"
    ):
        solar_wind(wind, wind.time.values[0], quantity="temperature")


@pytest.mark.parametrize(
    ("measured", "said"),
    [(False, "reconstruction, not measured"), (True, "measured")],
)
def test_the_first_panel_says_whether_it_was_measured(wind, measured, said):
    wind = wind.assign_attrs(measured=measured)
    titles = [
        hv.renderer("bokeh")
        .get_plot(solar_wind(wind, wind.time.values[0], quantity=quantity))
        .state.title.text
        for quantity in QUANTITIES
    ]
    assert titles == [f"Solar wind (GSM): {said}", "", "", ""]
