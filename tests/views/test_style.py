import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.schema import CUTS, SOLAR_WIND, SXI_IMAGE
from smile_explore.views import style

MINUTES = np.array(
    ["2012-06-16T22:00", "2012-06-16T22:10", "2012-06-16T22:20"],
    "datetime64[ns]",
)


@pytest.fixture
def series():
    return xr.Dataset({"count": ("time", [1, 2, 3])}, {"time": MINUTES})


@pytest.mark.parametrize(
    ("units", "shown"),
    [
        ("cm-3", "cm⁻³"),
        ("km s-1", "km s⁻¹"),
        ("keV cm-2 s-1 sr-1", "keV cm⁻² s⁻¹ sr⁻¹"),
        ("eV cm-3 s-1", "eV cm⁻³ s⁻¹"),
        ("s3 m-6", "s³ m⁻⁶"),
        ("R_E", "Rᴇ"),
        ("nT", "nT"),
        ("1", "1"),
    ],
)
def test_a_unit_is_shown_as_it_is_printed(units, shown):
    assert style.pretty(units) == shown


def test_a_dimension_has_name_and_unit_of_its_schema():
    density = style.dimension(SOLAR_WIND, "density")
    assert (density.name, density.label) == (
        "density",
        "proton density [cm⁻³]",
    )
    axis = style.dimension(CUTS, "x")
    assert (axis.name, axis.label) == ("x", "X GSM [Rᴇ]")


def test_a_dimension_may_say_something_shorter_or_feed_another_column():
    short = style.dimension(SOLAR_WIND, "density", "n")
    assert (short.name, short.label) == ("density", "n [cm⁻³]")
    other = style.dimension(CUTS, "density_noon", key="density")
    assert (other.name, other.label) == ("density", "density [cm⁻³]")


def test_every_variable_that_is_shown_has_a_label_with_its_unit():
    for schema in (SOLAR_WIND, CUTS, SXI_IMAGE):
        for name, variable in {**schema.variables, **schema.axes}.items():
            label = style.dimension(schema, name).label
            assert label.startswith(variable.long_name)
            assert label.endswith(f"[{style.pretty(variable.units)}]")


@pytest.mark.parametrize(
    ("time", "nearest"),
    [("22:00", 1), ("22:04", 1), ("22:06", 2), ("22:20", 3)],
)
def test_the_nearest_sample_is_selected(series, time, nearest):
    time = np.datetime64(f"2012-06-16T{time}", "ns")
    assert style.at(series, time)["count"] == nearest


@pytest.mark.parametrize("time", ["2012-06-16T21:59", "2012-06-16T22:21"])
def test_a_time_outside_is_refused_with_the_times_there_are(series, time):
    with pytest.raises(ValueError, match="outside") as refusal:
        style.at(series, np.datetime64(time, "ns"))
    assert str(refusal.value) == (
        f"{time.replace('T', ' ')} is outside the event, which has data from "
        "2012-06-16 22:00 to 2012-06-16 22:20"
    )


def test_a_choice_that_is_not_known_is_refused_with_the_known_ones():
    with pytest.raises(
        ValueError, match="plane must be one of noon, equator, got 'dusk'"
    ):
        style.check_choice("plane", "dusk", ("noon", "equator"))
    style.check_choice("plane", "noon", iter(("noon", "equator")))


def test_boundaries_and_methods_of_one_name_have_one_colour():
    for name in style.BOUNDARY.keys() & style.METHOD.keys():
        assert style.BOUNDARY[name] == style.METHOD[name]


def test_the_clock_is_a_line_above_what_it_crosses():
    plot = hv.renderer("bokeh").get_plot(style.clock(MINUTES[1]))
    span = plot.handles["glyph"]
    assert span.dimension == "height"
    assert span.level == "overlay"


def test_a_note_stands_where_it_is_told():
    axes = [style.dimension(CUTS, "x"), style.dimension(CUTS, "z")]
    columns = {"x": [1.0], "z": [2.0], "text": ["simulated"]}
    source = (
        hv.renderer("bokeh")
        .get_plot(style.note(axes, columns, "model"))
        .handles["source"]
    )
    assert {key: list(source.data[key]) for key in columns} == columns


def test_a_drag_over_a_panel_is_left_to_the_clock():
    line = hv.Curve([(0, 1), (1, 2)])
    picture = style.picture(
        [line], title="Density", xlim=(0.0, 1.0), ylim=(1.0, 2.0)
    )
    for overlay in (style.time_series([line]), picture):
        figure = hv.renderer("bokeh").get_plot(overlay).state
        assert figure.toolbar.active_drag is None
        wheel = figure.toolbar.active_scroll  # the page's, without Shift
        assert wheel is None or wheel.modifiers == {"shift": True}
        assert figure.toolbar.logo is None
