import numpy as np
import pytest
import xarray as xr

from smile_explore.schema import CUBE, SOLAR_WIND


def cube(**changes):
    axis = np.arange(3.0)
    grid = (("x", "y", "z"), np.ones((3, 3, 3)))
    vector = (("component", "x", "y", "z"), np.ones((3, 3, 3, 3)))
    variables = {
        "density": grid,
        "velocity": vector,
        "temperature": grid,
        "magnetic_field": vector,
    }
    axes = {"x": axis, "y": axis, "z": axis}
    return xr.Dataset({**variables, **changes}, axes)


def test_a_stamped_cube_has_units_labels_and_components_last():
    stamped = CUBE.stamp(cube())
    assert stamped.density.attrs["units"] == "cm-3"
    assert stamped.x.attrs["units"] == "R_E"
    assert stamped.velocity.dims == ("x", "y", "z", "component")
    assert stamped.attrs["schema"] == "CUBE"


def test_leading_dimensions_stay_in_front():
    timed = cube().expand_dims(time=2, axis=-1)
    assert CUBE.stamp(timed).density.dims == ("time", "x", "y", "z")


def test_a_stamp_replaces_units_that_arithmetic_kept():
    squared = CUBE.stamp(cube())
    squared["velocity"].attrs["units"] = "m s-1"
    assert CUBE.stamp(squared).velocity.attrs["units"] == "km s-1"


def test_a_stamp_does_not_change_what_it_is_given():
    given = cube()
    CUBE.stamp(given)
    assert given.density.attrs == {}


def test_unknown_variables_are_kept():
    assert "beta" in CUBE.stamp(cube(beta=5.0))


def test_something_else_than_a_dataset_is_refused():
    with pytest.raises(TypeError, match="must be an xarray.Dataset, got list"):
        CUBE.check([])


def test_a_missing_variable_is_named_with_what_there_is():
    with pytest.raises(ValueError, match="lacks density; it has velocity"):
        CUBE.check(cube().drop_vars("density"))


def test_a_wrong_unit_is_named_with_the_right_one():
    wrong = CUBE.stamp(cube())
    wrong["density"].attrs["units"] = "m-3"
    with pytest.raises(ValueError, match="must be in cm-3, got m-3"):
        CUBE.check(wrong)


def test_a_missing_dimension_is_named():
    with pytest.raises(ValueError, match="density must have the dimensions"):
        CUBE.check(cube(density=("x", np.ones(3))))


def test_a_missing_axis_is_named():
    with pytest.raises(ValueError, match="lacks the coordinate z"):
        CUBE.check(cube().drop_vars("z"))


def test_an_axis_with_gaps_is_refused():
    with pytest.raises(ValueError, match="x must be finite, it holds 1 NaN"):
        CUBE.check(cube().assign_coords(x=[0.0, np.nan, 2.0]))


def test_an_axis_that_turns_back_is_refused():
    with pytest.raises(ValueError, match=r"sortby\('y'\)"):
        CUBE.check(cube().assign_coords(y=[0.0, 2.0, 1.0]))


def test_solar_wind_needs_no_time():
    wind = xr.Dataset(
        {
            "density": 5.0,
            "velocity": ("component", [-400.0, 0.0, 0.0]),
            "temperature": 10.0,
            "magnetic_field": ("component", [0.0, 0.0, -5.0]),
            "dynamic_pressure": 1.3,
        }
    )
    SOLAR_WIND.check(wind)
