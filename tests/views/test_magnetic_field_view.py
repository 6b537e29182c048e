import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import mag
from smile_explore.retrieval import crossings
from smile_explore.views.hodogram import PLANES, hodogram, layers
from smile_explore.views.magnetic_field import (
    CROSSING,
    QUANTITIES,
    series,
    standoff_marks,
)
from smile_explore.views.standoff import standoff
from tests.retrieval.in_situ import axes_of, magnetopause, rotational

NORMAL = axes_of((0.8, 0.2, 0.4))[2]
OFFSET = (0.0, 0.0, 0.0)


def rendered(view):
    return hv.renderer("bokeh").get_plot(view).state


def elements(view, kind):
    # an Area is a Curve, too
    return {one.label: one for one in view if type(one) is kind}


@pytest.fixture(scope="module")
def field():
    return mag.measure(rotational(NORMAL)[1], offset=OFFSET, rng=1)


@pytest.fixture(scope="module")
def found(field):
    return crossings.find(rotational(NORMAL)[0], field)


@pytest.fixture(scope="module")
def time(field):
    return field.time.values[300]


def test_components_and_strength_are_drawn_as_they_are(field, time):
    drawn = elements(series(field, time), hv.Curve)
    assert list(drawn) == ["Bx", "By", "Bz", "B"]
    for name in "xyz":
        expected = field.magnetic_field.sel(component=name)
        np.testing.assert_array_equal(
            drawn[f"B{name}"]["magnetic_field"], expected
        )
    strength = np.linalg.norm(field.magnetic_field, axis=1)
    np.testing.assert_allclose(drawn["B"]["magnetic_field"], strength)
    np.testing.assert_array_equal(drawn["B"]["time"], field.time)


def test_the_accuracy_is_a_band_around_each_line(field, time):
    bands = [one for one in series(field, time) if isinstance(one, hv.Area)]
    assert len(bands) == 4
    middle = field.magnetic_field.sel(component="x")
    np.testing.assert_allclose(bands[0]["magnetic_field"], middle - 2.0)
    np.testing.assert_allclose(bands[0]["upper"], middle + 2.0)
    bare = field.assign_attrs(accuracy=0.0)
    assert not any(isinstance(one, hv.Area) for one in series(bare, time))


def test_the_clock_angle_stands_in_its_cone(field, time):
    view = series(field, time, quantity="direction")
    (line,) = elements(view, hv.Curve).values()
    y, z = (field.magnetic_field.sel(component=one).values for one in "yz")
    np.testing.assert_allclose(
        line["clock_angle"], np.degrees(np.arctan2(y, z))
    )
    (cone,) = (one for one in view if isinstance(one, hv.Area))
    half = np.degrees(np.arcsin(2.0 / np.hypot(y, z)))
    np.testing.assert_allclose(
        cone["upper"] - line["clock_angle"], half, rtol=1e-6
    )
    figure = rendered(view)
    assert figure.yaxis.axis_label == "clock angle [deg]"
    assert (figure.y_range.start, figure.y_range.end) == (-180.0, 180.0)


def test_a_field_shorter_than_its_error_has_any_direction(field, time):
    short = field.assign(
        magnetic_field=(0.0 * field.magnetic_field + 1.0).assign_attrs(
            frame="GSM"
        )
    )
    view = series(short, time, quantity="direction")
    (cone,) = (one for one in view if isinstance(one, hv.Area))
    np.testing.assert_allclose(cone["upper"] - cone["clock_angle"], 360.0)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_crossings_are_marked_where_they_were(field, found, time, quantity):
    view = series(field, time, crossings=found, quantity=quantity)
    (mark,) = [
        one
        for name, one in elements(view, hv.Curve).items()
        if name in CROSSING
    ]
    assert mark.label == "discontinuity"
    assert mark["time"][0] == found.time.values[0]
    assert mark.opts.get().kwargs["color"] == CROSSING["discontinuity"]
    figure = rendered(view)
    entries = [item.label.value for item in figure.legend[0].items]
    assert "discontinuity" in entries


def test_a_crossing_outside_of_the_series_is_not_marked(field, found):
    early = field.isel(time=slice(100))
    view = series(early, early.time.values[0], crossings=found)
    assert not set(elements(view, hv.Curve)) & set(CROSSING)


def test_the_clock_stands_at_the_time_and_the_axis_says_the_unit(field, time):
    view = series(field, time)
    (clock,) = (one for one in view if isinstance(one, hv.VLine))
    assert clock.data == time
    figure = rendered(view)
    assert figure.yaxis.axis_label == "B GSM [nT]"
    assert -50.0 < figure.y_range.start < -40.0 < 40.0 < figure.y_range.end
    assert figure.y_range.end < 55.0
    assert figure.title.text == "MAG: simulated"
    real = series(field.assign_attrs(measured=True), time)
    assert rendered(real).title.text == "MAG: measured"


def test_gaps_stay_gaps(field, time):
    gap = field.time == field.time[5]
    holed = field.assign(
        magnetic_field=field.magnetic_field.where(~gap).assign_attrs(
            frame="GSM"
        )
    )
    for quantity, column in (
        ("components", "magnetic_field"),
        ("direction", "clock_angle"),
    ):
        view = series(holed, time, quantity=quantity)
        for line in elements(view, hv.Curve).values():
            assert np.flatnonzero(np.isnan(line[column])).tolist() == [5]


@pytest.mark.parametrize("plane", PLANES)
def test_a_hodogram_is_the_field_in_the_axes_of_the_boundary(
    field, found, time, plane
):
    view = hodogram(field, found, time, plane=plane)
    path = elements(view, hv.Curve)["path"]
    half = np.timedelta64(60, "s")
    when = found.time.values[0]
    part = field.sel(time=slice(when - half, when + half)).magnetic_field
    row = found.isel(crossing=0)
    np.testing.assert_allclose(path["L"], part @ row.tangent, atol=1e-9)
    across = PLANES[plane][0]
    if across == "N":
        np.testing.assert_allclose(path["N"], part @ row.normal, atol=1e-9)
    else:
        circle = np.hypot(path["L"], path["M"])
        np.testing.assert_allclose(circle, 40.0, atol=0.2)
    figure = rendered(view)
    assert figure.xaxis.axis_label == f"B{across} [nT]"
    assert figure.yaxis.axis_label == "BL [nT]"
    assert figure.title.text == f"Hodogram {plane}"


def test_the_clock_is_a_dot_on_the_path(field, found, time):
    now = layers(field, found, time)
    step = int((abs(field.time.values - time)).argmin())
    vector = field.magnetic_field.values[step]
    assert now["now"]["L"][0] == pytest.approx(
        float(vector @ found.tangent.values[0])
    )
    far = layers(field, found, field.time.values[0])
    assert far["now"]["L"].size == 0
    assert far["path"]["L"].size > 10


def test_the_nearest_of_several_crossings_is_shown():
    moments, true = magnetopause()
    first = crossings.find(moments, true)
    early = first.assign_coords(
        time=first.time - np.timedelta64(400, "s")
    ).assign(boundary=("crossing", ["bow shock"]))
    both = xr.concat([early, first], "crossing", combine_attrs="override")
    for step, words in ((90, "bow shock"), (310, "magnetopause")):
        now = layers(true, both, true.time.values[step])
        assert words in now["note"]["text"][0]
    now = layers(true, both, true.time.values[310])
    assert now["note"]["text"][0].startswith("22:09:5")
    assert "BN" in now["note"]["text"][0]


def test_layers_are_the_columns_that_are_drawn(field, found, time):
    drawn = {one.label: one for one in hodogram(field, found, time)}
    for label, columns in layers(field, found, time).items():
        for name, values in columns.items():
            np.testing.assert_array_equal(drawn[label][name], values)


def test_what_a_crossing_implies_lies_beside_what_was_imaged(
    observations, found
):
    both = found.isel(crossing=[0, 0]).assign(
        boundary=("crossing", ["magnetopause", "bow shock"]),
        standoff_shue=("crossing", [7.1, np.nan]),
        standoff_model=("crossing", [6.9, 9.0]),
    )
    marks = standoff_marks(both)
    drawn = elements(marks, hv.Scatter)
    assert drawn["crossed, Shue 1998"]["standoff"].tolist() == [7.1]
    assert drawn["crossed, Lin 2010"]["standoff"].tolist() == [6.9]
    imaged = standoff(
        observations.standoff, observations.standoff.time.values[0]
    )
    figure = rendered(imaged * marks)
    entries = {item.label.value for item in figure.legend[0].items}
    assert {"tangent fit", "crossed, Lin 2010"} <= entries


def test_without_a_crossing_it_says_so(field, found, time):
    none = found.isel(crossing=slice(0))
    view = hodogram(field, none, time)
    assert layers(field, none, time)["note"]["text"] == [
        "no crossing was found"
    ]
    rendered(view)
    rendered(series(field, time, crossings=none))


def test_choices_that_are_not_there_are_refused(field, found, time):
    with pytest.raises(ValueError, match="one of components, direction, got"):
        series(field, time, quantity="speed")
    with pytest.raises(ValueError, match="plane must be one of LM, LN, got"):
        hodogram(field, found, time, plane="MN")
