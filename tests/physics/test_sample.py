from __future__ import annotations

import dask
import dask.array as da
import numpy as np
import pytest
import xarray as xr
from scipy.interpolate import RegularGridInterpolator

from smile_explore.physics._sampling import at_points
from smile_explore.physics.magnetosphere import sample
from smile_explore.schema import COMPONENTS

X = np.array([-3.0, -1.0, 0.0, 2.5, 6.0])
Y = np.array([-2.0, 0.5, 1.0, 4.0])
Z = np.array([0.0, 1.0, 5.0])
TIMES = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
    4
) * np.timedelta64(60, "s")


def cube(rng=0):
    rng = np.random.default_rng(rng)
    shape = (X.size, Y.size, Z.size)
    vector = {"frame": "GSM"}
    return xr.Dataset(
        {
            "density": (("x", "y", "z"), rng.random(shape)),
            "velocity": (
                ("x", "y", "z", "component"),
                rng.normal(size=(*shape, 3)),
                vector,
            ),
            "temperature": (("x", "y", "z"), rng.random(shape)),
            "magnetic_field": (
                ("x", "y", "z", "component"),
                rng.normal(size=(*shape, 3)),
                vector,
            ),
        },
        coords={"x": X, "y": Y, "z": Z, "component": list(COMPONENTS)},
    )


def sequence():
    return xr.concat([cube(i) for i in range(4)], xr.Variable("time", TIMES))


def trajectory(points, times=None, frame="GSM"):
    points = np.asarray(points, float)
    lead = ("time",) if points.ndim == 2 else ()
    coords = {"component": list(COMPONENTS)}
    if times is not None:
        coords["time"] = (lead, np.asarray(times, "M8[ns]"))
    return xr.Dataset(
        {
            "position": ((*lead, "component"), points, {"frame": frame}),
            "velocity": ((*lead, "component"), 0.0 * points),
        },
        coords=coords,
    )


def points(count=40, seed=1):
    rng = np.random.default_rng(seed)
    low = [X[0], Y[0], Z[0]]
    return rng.uniform(low, [X[-1], Y[-1], Z[-1]], (count, 3))


def test_steady_cube_is_interpolated_as_scipy_does():
    along = sample(cube(), trajectory(points()))
    for name in ("density", "velocity", "temperature", "magnetic_field"):
        values = cube()[name].to_numpy()
        expected = RegularGridInterpolator((X, Y, Z), values)(points())
        np.testing.assert_allclose(along[name], expected, rtol=1e-12)
    assert along["velocity"].dims == ("time", "component")
    assert along["velocity"].attrs["frame"] == "GSM"


def test_linear_field_is_met_exactly_up_to_the_edges_of_the_box():
    flat = cube()
    flat["density"] = flat["x"] - 2.0 * flat["y"] + 0.5 * flat["z"] + 3.0
    corners = [[X[0], Y[0], Z[0]], [X[-1], Y[-1], Z[-1]], [0.3, 0.7, 4.0]]
    along = sample(flat, trajectory(corners))
    x, y, z = np.transpose(corners)
    np.testing.assert_allclose(along["density"], x - 2 * y + 0.5 * z + 3.0)


def test_each_time_reads_the_nearest_frame():
    times = TIMES[0] + np.array([0, 29, 31, 89, 100, 180]) * np.timedelta64(
        1, "s"
    )
    place = points(1)
    along = sample(sequence(), trajectory(np.repeat(place, 6, axis=0), times))
    expected = [
        float(sample(cube(i), trajectory(place))["density"][0])
        for i in (0, 0, 1, 1, 2, 3)
    ]
    np.testing.assert_allclose(along["density"], expected)
    np.testing.assert_array_equal(along["time"], times)


def test_outside_of_the_box_and_of_the_times_there_is_nothing():
    times = TIMES[0] + np.array([-1, 0, 60, 120, 181]) * np.timedelta64(1, "s")
    places = np.array([[0.0, 0.0, 1.0]] * 5)
    places[2] = [6.1, 0.0, 1.0]
    places[3] = [0.0, np.nan, 1.0]
    along = sample(sequence(), trajectory(places, times))
    missing = [True, False, True, True, True]
    np.testing.assert_array_equal(np.isnan(along["density"]), missing)
    np.testing.assert_array_equal(
        np.isnan(along["magnetic_field"]).all("component"), missing
    )


def test_missing_cells_spread_to_their_neighbours_only():
    holed = cube()
    holed["density"][1, 1, 1] = np.nan
    places = [[-0.5, 0.7, 2.0], [-0.5, 3.0, 2.0], [0.0, 1.0, 1.0]]
    along = sample(holed, trajectory(places))
    np.testing.assert_array_equal(
        np.isnan(along["density"]), [True, False, False]
    )


def test_lazy_cube_gives_the_same_lazily_and_reads_only_what_it_needs():
    read = []

    def block(values, block_info=None):
        read.append(block_info[0]["chunk-location"])
        return values

    steady = sequence()
    lazy = steady.chunk(time=1, x=2, y=2, z=2)
    for name in lazy.data_vars:
        data = lazy[name].data
        lazy[name].data = da.map_blocks(
            block, data, dtype=data.dtype, meta=data._meta
        )
    path = trajectory([[-2.5, -1.0, 0.2], [-1.5, 0.2, 0.9]], TIMES[[1, 1]])
    along = sample(lazy, path)
    assert all(dask.is_dask_collection(v.data) for v in along.values())
    assert not read
    xr.testing.assert_allclose(along.compute(), sample(steady, path))
    # One frame, and in space the one chunk that holds all corners.
    assert {location[:4] for location in read} == {(1, 0, 0, 0)}


@pytest.mark.parametrize("lazy", [False, True])
def test_one_position_without_a_time_gives_one_state(lazy):
    steady = cube().chunk() if lazy else cube()
    along = sample(steady, trajectory(points(1)[0]))
    assert along["density"].dims == ()
    assert along["velocity"].dims == ("component",)
    expected = sample(cube(), trajectory(points(1)))
    np.testing.assert_allclose(along["density"], expected["density"][0])


def test_moment_is_read_from_the_frame_of_its_time():
    along = sample(sequence(), trajectory(points(1)[0], TIMES[2]))
    expected = sample(cube(2), trajectory(points(1)))
    np.testing.assert_allclose(along["velocity"], expected["velocity"][0])


def test_empty_trajectory_gives_an_empty_answer():
    nothing = trajectory(np.empty((0, 3)), np.array([], "M8[ns]"))
    along = sample(sequence(), nothing)
    assert along["velocity"].shape == (0, 3)


def test_wrong_datasets_are_refused():
    path = trajectory(points(3), TIMES[:3])
    with pytest.raises(ValueError, match="CUBE lacks temperature"):
        sample(cube().drop_vars("temperature"), path)
    with pytest.raises(ValueError, match="axis y must increase"):
        sample(cube().isel(y=[1, 0, 2]), path)
    with pytest.raises(ValueError, match="axis x must be finite"):
        sample(cube().assign_coords(x=[0.0, 1.0, 2.0, 3.0, np.nan]), path)
    with pytest.raises(ValueError, match="TRAJECTORY lacks position"):
        sample(cube(), path.drop_vars("position"))
    with pytest.raises(ValueError, match="must be in GSM, got GSE"):
        sample(cube(), trajectory(points(3), TIMES[:3], frame="GSE"))
    with pytest.raises(ValueError, match="the trajectory none"):
        sample(sequence(), trajectory(points(1)[0]))
    with pytest.raises(ValueError, match="got also spacecraft"):
        sample(cube(), path.expand_dims(spacecraft=2))


def test_a_frame_that_others_read_too_is_computed_once():
    asked = []

    def frame():
        asked.append(1)
        return np.ones((4, 4, 4))

    lazy = da.from_delayed(dask.delayed(frame, pure=False)(), (4,) * 3, float)
    axis = np.arange(4.0)
    seen = at_points(lazy, (axis,) * 3, np.full((1, 3), 1.5))
    dask.compute(lazy.sum(), seen)
    assert len(asked) == 1
