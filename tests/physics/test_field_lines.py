"""Lines are compared with those of fields whose lines are known."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import field_lines
from smile_explore.schema import CUBE


def cube_of(vector, axis=None, axes=None) -> xr.Dataset:
    """Put a field given by a function of x, y, z on a grid."""
    axis = np.linspace(-10.0, 10.0, 41) if axis is None else axis
    x, y, z = axes or (axis, axis, axis)
    grid = np.meshgrid(x, y, z, indexing="ij")
    values = np.stack(np.broadcast_arrays(*vector(*grid)), -1)
    dims = ("x", "y", "z")
    cube = xr.Dataset(
        {
            "density": (dims, np.ones(values.shape[:3])),
            "temperature": (dims, np.ones(values.shape[:3])),
            "velocity": ((*dims, "component"), values),
            "magnetic_field": ((*dims, "component"), values),
        },
        coords={"x": x, "y": y, "z": z, "component": ["x", "y", "z"]},
    )
    return CUBE.stamp(cube)


def dipole(x, y, z):
    """Earth's dipole, northward at the equator. [nT]"""
    squared = x**2 + y**2 + z**2
    fifth = np.maximum(squared, 1.0) ** 2.5
    moment = 30_000.0
    return (
        -3 * moment * x * z / fifth,
        -3 * moment * y * z / fifth,
        -moment * (3 * z**2 - squared) / fifth,
    )


def uniform(x, y, z):
    return 3.0 + 0 * x, 4.0 + 0 * x, 0.0 * x


def rotation(x, y, z):
    return -y, x, 0 * x


def last(position):
    """Last point of a line that is not NaN."""
    return position.dropna("point").isel(point=-1).values


def test_lines_of_a_uniform_field_are_straight_and_end_on_the_face():
    lines = field_lines.trace(
        cube_of(uniform), [[4.0, -7.0, 1.0]], direction="forward"
    )
    line = lines.position.isel(line=0).dropna("point").values
    across = (line - line[0]) @ np.array([0.8, -0.6, 0.0])
    np.testing.assert_allclose(across, 0, atol=1e-5)
    np.testing.assert_allclose(line[-1], [10, 1, 1], atol=1e-4)
    assert lines.length.item() == pytest.approx(10.0, abs=1e-4)
    assert lines.end.item() == "left through x max"
    assert lines.start.item() == "seed"


def test_a_line_both_ways_runs_along_the_vector():
    lines = field_lines.trace(cube_of(uniform), [[0.0, 5.0, 0.0]])
    line = lines.position.isel(line=0).dropna("point").values
    assert (np.diff(line[:, 0]) >= 0).all()
    assert lines.start.item() == "left through x min"
    assert lines.end.item() == "left through y max"
    assert lines.length.item() == pytest.approx(6.25 + 50 / 3, abs=1e-3)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_one_way_is_half_of_both_ways(direction):
    seeds = [[5.0, 1.0, 2.0], [-4.0, 4.0, -1.0]]
    whole = field_lines.trace(cube_of(dipole), seeds).length
    halves = sum(
        field_lines.trace(cube_of(dipole), seeds, direction=way).length
        for way in ("forward", "backward")
    )
    np.testing.assert_allclose(whole, halves, rtol=1e-6)
    one = field_lines.trace(cube_of(dipole), seeds, direction=direction)
    seed = 0 if direction == "forward" else -1
    first = one.position.isel(line=0).dropna("point").values[seed]
    np.testing.assert_allclose(first, seeds[0], atol=1e-6)


def test_dipole_lines_keep_their_shell():
    fine = np.linspace(-10, 10, 81)
    seeds = [[5.0, 0.0, 0.0], [0.0, 7.0, 0.0], [4.0, 4.0, 1.0]]
    lines = field_lines.trace(
        cube_of(dipole, fine), seeds, inner_radius=3.0, step=0.25
    )
    assert lines.closed.all()
    radius = np.sqrt((lines.position**2).sum("component", skipna=False))
    colatitude = np.arccos(lines.position.sel(component="z") / radius)
    shell = radius / np.sin(colatitude) ** 2
    assert float((shell.max("point") / shell.min("point")).max()) < 1.015


def test_a_line_in_a_circular_flow_comes_back():
    lines = field_lines.trace(
        cube_of(rotation),
        [[6.0, 0.0, 2.0]],
        variable="velocity",
        direction="forward",
        longest=2 * np.pi * 6 - 1e-9,
        step=0.1,
    )
    radius = np.hypot(*lines.position.isel(component=slice(2)).T)
    np.testing.assert_allclose(radius, 6.0, atol=1e-4)
    assert lines.end.item() == "too long"
    reached = last(lines.position.isel(line=0))
    np.testing.assert_allclose(reached, [6, 0, 2], atol=0.06)


def test_uneven_axes_give_the_same_lines():
    even = np.linspace(-10, 10, 81)
    uneven = 10 * np.tanh(np.linspace(-1.5, 1.5, 81)) / np.tanh(1.5)
    seed = [[5.0, 2.0, 0.0]]
    ends = [
        last(
            field_lines.trace(
                cube_of(dipole, axis), seed, inner_radius=3.0, step=0.1,
                direction="forward",
            ).position.isel(line=0)
        )
        for axis in (even, uneven)
    ]  # fmt: skip
    np.testing.assert_allclose(ends[0], ends[1], atol=0.1)


def test_steps_converge_to_the_circle():
    def error(step):
        line = field_lines.trace(
            cube_of(rotation), [[6.0, 0.0, 2.0]], direction="forward",
            longest=30.0, step=step,
        ).position.isel(line=0).dropna("point")  # fmt: skip
        return abs(np.hypot(line[-1, 0], line[-1, 1]).item() - 6.0)

    assert error(1.0) < 1e-4
    assert error(4.0) > 3 * error(2.0)


def test_ends_say_why_a_line_stops():
    still = cube_of(lambda x, y, z: (0 * x, 0 * x, np.where(z < 0, 1.0, 0.0)))
    lines = field_lines.trace(
        still, [[5.0, 5.0, -5.0], [50.0, 0.0, 0.0]], direction="forward"
    )
    assert list(lines.end.values) == ["stagnated", "missing data"]
    hollow = cube_of(dipole).where(lambda c: c.x**2 + c.y**2 + c.z**2 > 9)
    lines = field_lines.trace(hollow, [[6.0, 0.0, 0.0]], inner_radius=3.0)
    assert lines.closed.all()


def test_seeds_may_be_a_data_array_of_any_shape():
    seeds = np.random.default_rng(0).uniform(4, 6, (2, 3, 3))
    named = xr.DataArray(seeds, dims=("a", "b", "component"))
    cube = cube_of(dipole)
    plain = field_lines.trace(cube, seeds)
    assert plain.sizes["line"] == 6
    xr.testing.assert_identical(
        plain, field_lines.trace(cube, named.transpose("component", "a", "b"))
    )
    assert field_lines.trace(cube, np.zeros((0, 3))).sizes["line"] == 0


def test_one_time_of_a_lazy_series_is_traced():
    cube = cube_of(dipole)
    series = xr.concat([cube, cube], "time").chunk(time=1).isel(time=[1])
    series = CUBE.stamp(series)
    lines = field_lines.trace(series, [[5.0, 0.0, 0.0]])
    xr.testing.assert_identical(
        lines, field_lines.trace(cube, [[5.0, 0.0, 0.0]])
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"direction": "up"}, "direction must be one of forward"),
        ({"variable": "density"}, "variable must be a vector of the cube"),
        ({"variable": "wind"}, "velocity, magnetic_field; got 'wind'"),
        ({"step": 0.0}, "step must be positive, got 0"),
        ({"longest": -1.0}, "longest must be positive"),
        ({"inner_radius": np.nan}, "inner_radius must be positive"),
        ({"seeds": [1.0, 2.0]}, "seeds must have three components"),
    ],
)
def test_settings_that_cannot_be_are_refused(change, message):
    settings = {"seeds": [[5.0, 0.0, 0.0]], **change}
    with pytest.raises(ValueError, match=message):
        field_lines.trace(cube_of(dipole), **settings)


def test_more_than_one_time_is_refused():
    cube = cube_of(dipole)
    series = CUBE.stamp(xr.concat([cube, cube], "time"))
    with pytest.raises(ValueError, match="choose one with .isel"):
        field_lines.trace(series, [[5.0, 0.0, 0.0]])
