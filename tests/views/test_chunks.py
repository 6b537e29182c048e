"""Pictures of chunks, and the exercise about them."""

import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.events.out_of_core import touched
from smile_explore.instruments import orbit
from smile_explore.physics import magnetosphere
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import SOLAR_WIND
from smile_explore.views import chunks as views

TIMES = np.array(["2012-06-16T22:00", "2012-06-16T22:20"], "M8[ns]")
AXES = (
    np.linspace(-5.0, 16.0, 22),
    np.linspace(-12.0, 12.0, 24),
    np.linspace(-10.0, 19.5, 30),
)


@pytest.fixture(scope="module")
def driver():
    density = xr.DataArray([20.0, 25.0], {"time": TIMES}, "time")
    return SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": density,
                "velocity": ("component", [-450.0, 0.0, 0.0]),
                "temperature": 10.0,
                "magnetic_field": ("component", [0.0, 0.0, -3.0]),
                "dynamic_pressure": wind.dynamic_pressure(density, 450.0),
            },
            {"component": ["x", "y", "z"]},
        )
    )


@pytest.fixture(scope="module")
def path():
    return orbit.trajectory(TIMES)


def cube(driver, **sizes):
    return magnetosphere.analytic_cube(driver, *AXES, chunks=sizes)


def test_shares_are_of_what_is_asked_for(driver, path):
    """A plane lies in one slab of y; in one chunk, all is touched."""
    pointing = orbit.pointing(path)
    thin = cube(driver, x=22, y=8, z=30)
    found = views.shares(thin, pointing, path, TIMES[0])
    assert found["plane y = 0"] == pytest.approx(1.0 / 3.0)
    whole = views.shares(
        cube(driver, x=22, y=24, z=30), pointing, path, TIMES[0]
    )
    assert whole == {"image": 1.0, "plane y = 0": 1.0, "orbit": 1.0}


def test_the_exercise_says_what_is_met_and_what_not(driver, path):
    pointing = orbit.pointing(path)
    given = driver, AXES, pointing, path, TIMES[0]
    right, many = views.answer(*given, {"x": 2, "y": 2, "z": 2})
    assert not right
    assert many.startswith("Too many: <b>1980</b> chunks")
    right, whole = views.answer(*given, {"x": 22, "y": 24, "z": 30})
    assert not right
    assert whole.startswith("<b>1</b> chunks")
    assert whole.count("not met") == 3


def test_chunks_behind_each_other_are_counted(driver, path):
    density = cube(driver, x=11, y=12, z=15)["density"].isel(time=[0])
    corner = density.isel(x=slice(0, 3), y=slice(0, 3), z=slice(0, 3))
    marks = touched(corner, density)
    drawn = views.picture_of(marks, density, trajectory=path)
    boxes = next(e for e in drawn if isinstance(e, hv.QuadMesh))
    np.testing.assert_array_equal(
        boxes.dimension_values("share", flat=False), [[0.5, 0.0], [0.0, 0.0]]
    )
    hv.render(drawn)


def test_an_image_can_be_drawn_in_given_colours():
    seen = xr.Dataset(
        {"intensity": (("fov_lat", "fov_lon"), np.ones((3, 4)))},
        {"fov_lat": np.arange(3.0), "fov_lon": np.arange(4.0)},
    )
    drawn = views.image(seen, "an hour", brightest=5.0)
    pixels = next(e for e in drawn if isinstance(e, hv.Image))
    assert pixels.vdims[0].range == (0.0, 5.0)
    hv.render(drawn)
