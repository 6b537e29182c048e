"""From distorted cells to a rectangular grid, against closed forms."""

import numpy as np
import pytest

from smile_explore.physics import curvilinear


def ball(fine=1, inner=2.0, outer=20.0):
    """Nodes of a spherical grid about x, as grids of LFM are.

    Degenerate on the axis, where an edge has no length, and closed around it.
    """
    radius = np.geomspace(inner, outer, 8 * fine + 1)[:, None, None]
    angle = np.linspace(0.0, np.pi, 12 * fine + 1)[:, None]
    turn = np.linspace(0.0, 2.0 * np.pi, 16 * fine + 1)
    x = radius * np.cos(angle) * np.ones_like(turn)
    y = radius * np.sin(angle) * np.cos(turn)
    z = radius * np.sin(angle) * np.sin(turn)
    return np.stack([x, y, z], axis=-1)


def egg(fine=1):
    """The same drawn out and bent, so that no face is flat."""
    x, y, z = np.moveaxis(ball(fine), -1, 0)
    return np.stack([x - 0.02 * (y**2 + z**2), y, 1.2 * z], axis=-1)


def radius_in_egg(x, y, z):
    """The radius that a point had before it was drawn out."""
    z = z / 1.2
    return np.sqrt((x + 0.02 * (y**2 + z**2)) ** 2 + y**2 + z**2)


def linear(x, y, z):
    return 3.0 + 0.7 * x - 0.4 * y + 0.25 * z


def shifted(count=23, reach=14.0):
    """A grid that has the axis of the sphere among its points."""
    axis = np.linspace(-reach, reach, count)
    return axis, axis, axis


def test_a_linear_field_comes_out_exactly_and_nothing_else():
    nodes, axes = egg(), shifted()
    places = curvilinear.locate(nodes, axes)
    found = curvilinear.resample(linear(*np.moveaxis(nodes, -1, 0)), places)
    grid = np.meshgrid(*axes, indexing="ij")
    inside = ~np.isnan(found)
    np.testing.assert_allclose(
        found[inside], linear(*grid)[inside], rtol=0, atol=3e-6
    )
    # flat faces cut into the sphere by at most 1 - cos(half a cell)
    radius = radius_in_egg(*grid)
    assert inside[(radius > 2.05) & (radius < 18.0)].all()
    assert not inside[(radius < 1.7) | (radius > 20.1)].any()


def test_points_on_the_axis_of_the_sphere_are_found():
    nodes = ball()
    x = np.array([-19.0, -8.0, -3.0, 3.0, 7.5, 12.0, 19.0])
    places = curvilinear.locate(nodes, (x, np.zeros(1), np.zeros(1)))
    values = linear(*np.moveaxis(nodes, -1, 0))
    found = curvilinear.resample(values, places).ravel()
    np.testing.assert_allclose(found, linear(x, 0.0, 0.0), atol=3e-6)


def test_a_grid_that_is_rectangular_already_keeps_its_values():
    axes = [np.array([0.0, 1.0, 3.0]), np.arange(4.0), np.arange(3.0)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    values = np.random.default_rng(1).normal(size=nodes.shape[:3])
    places = curvilinear.locate(nodes, axes)
    np.testing.assert_allclose(
        curvilinear.resample(values, places), values, rtol=1e-6
    )


def test_a_node_that_is_missing_takes_only_its_cells_away():
    axes = [np.arange(4.0)] * 3
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    values = np.ones(nodes.shape[:3])
    values[0, 0, 0] = np.nan
    middles = [np.arange(3.0) + 0.5] * 3
    found = curvilinear.resample(values, curvilinear.locate(nodes, middles))
    assert np.isnan(found[0, 0, 0])
    assert np.isnan(found).sum() == 1


def test_a_curved_field_converges_with_the_square_of_the_cells():
    errors = []
    for fine in (1, 2):
        nodes = egg(fine)
        values = (nodes**2).sum(axis=-1)
        axes = shifted(9, 8.0)
        grid = np.meshgrid(*axes, indexing="ij")
        radius = radius_in_egg(*grid)
        found = curvilinear.resample(values, curvilinear.locate(nodes, axes))
        wrong = found - sum(side**2 for side in grid)
        errors.append(np.abs(wrong[(radius > 3) & (radius < 15)]).max())
    assert errors[1] < errors[0] / 3.0


def test_values_that_are_not_on_the_nodes_are_refused():
    places = curvilinear.locate(egg(), shifted(3))
    with pytest.raises(ValueError, match="must be on the nodes"):
        curvilinear.resample(np.zeros((2, 2, 2)), places)


def test_nodes_in_one_layer_are_refused():
    with pytest.raises(ValueError, match="two or more along each side"):
        curvilinear.locate(egg()[:1], shifted(3))
