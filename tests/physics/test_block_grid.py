"""Sampling of block-adaptive grids."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from smile_explore.physics.block_grid import BlockGrid

#: Cells along x, y, z of each block; not the same, to tell the axes apart.
CELLS = (4, 6, 2)


def tree(*refined):
    """Eight blocks of size 8 around the origin, some split into eight."""
    blocks = [
        (np.array([x, y, z], float), 8.0)
        for x in (-8, 0)
        for y in (-8, 0)
        for z in (-8, 0)
    ]
    for corner in refined:
        at = next(
            n
            for n, (low, size) in reversed(list(enumerate(blocks)))
            if (low <= corner).all() and (corner < low + size).all()
        )
        low, size = blocks.pop(at)
        half = size / 2
        blocks += [
            (low + half * np.array([i, j, k]), half)
            for i in (0, 1)
            for j in (0, 1)
            for k in (0, 1)
        ]
    return blocks


#: One octant refined; then a corner of that which touches all the others, so
#: that cells meet others of four times their size.
BALANCED = tree((1, 1, 1), (-5, -5, -5))
STEEP = tree((1, 1, 1), (1, 1, 1), (0.1, 0.1, 0.1))


def built(blocks, seed=1):
    """Return the grid in mixed order, and the centres of its cells."""
    order = np.random.default_rng(seed).permutation(len(blocks))
    step = np.array([[blocks[n][1] / c for c in CELLS] for n in order])
    first = np.array([blocks[n][0] for n in order]) + step / 2
    centres = np.stack(
        [
            np.stack(
                np.meshgrid(
                    *(
                        a + s * np.arange(c)
                        for a, s, c in zip(f, d, CELLS, strict=True)
                    ),
                    indexing="ij",
                ),
                -1,
            ).transpose(2, 1, 0, 3)
            for f, d in zip(first, step, strict=True)
        ]
    )
    grid = BlockGrid.from_centres(
        first.astype("f4").astype("f8"), step.astype("f4"), CELLS
    )
    return grid, centres


def linear(x, y, z):
    return 5.0 + 0.3 * x - 0.7 * y + 1.1 * z


@pytest.mark.parametrize("blocks", [BALANCED, STEEP])
def test_a_linear_field_is_exact_across_changes_of_resolution(blocks):
    grid, centres = built(blocks)
    values = linear(*np.moveaxis(centres, -1, 0))
    rng = np.random.default_rng(3)
    x, y, z = (
        np.sort(rng.uniform(low, high, 40)) for low, high in grid.limits()
    )
    made = grid.sample(values.__getitem__, z, y, x)
    expected = linear(x, y[:, None], z[:, None, None])
    np.testing.assert_allclose(made, expected, atol=1e-5)


@pytest.mark.parametrize("blocks", [BALANCED, STEEP])
def test_the_centre_of_a_cell_has_its_value(blocks):
    grid, centres = built(blocks)
    values = np.random.default_rng(4).random(centres.shape[:-1])
    for block in range(len(centres)):
        x, y, z = (np.unique(axis) for axis in centres[block].reshape(-1, 3).T)
        made = grid.sample(values.__getitem__, z, y, x)
        np.testing.assert_allclose(made, values[block], rtol=1e-6)


def by_dense_levels(centres, values, points):
    """Interpolate on each level as one array with gaps, the finest first."""
    dense = {}
    for size in (8.0, 4.0, 2.0, 1.0):
        count = [int(16 / size) * c for c in CELLS]
        axes = [-8 + 16 / n * (np.arange(n) + 0.5) for n in count]
        here = np.full(count, np.nan)
        for centre, value in zip(centres, values, strict=True):
            step = np.ptp(centre[..., 0]) / (CELLS[0] - 1)
            if np.isclose(step * CELLS[0], size):
                at = [
                    np.rint((centre[..., n] - axes[n][0])
                            / (axes[n][1] - axes[n][0])).astype(int)
                    for n in range(3)
                ]  # fmt: skip
                here[tuple(at)] = value
        dense[size] = (axes, here)
    sizes = sorted(dense)
    for fine, coarse in pairwise(sizes):
        values_fine = dense[fine][1]
        mean = values_fine.reshape(
            *(n for c in values_fine.shape for n in (c // 2, 2))
        ).mean(axis=(1, 3, 5))
        coarser = dense[coarse][1]
        coarser[np.isnan(coarser)] = mean[np.isnan(coarser)]
    result = np.full(len(points), np.nan)
    for size in reversed(sizes):
        axes, here = dense[size]
        found = RegularGridInterpolator(axes, here, bounds_error=False)(points)
        result = np.where(np.isfinite(found), found, result)
    return result


@pytest.mark.parametrize("blocks", [BALANCED, STEEP])
def test_any_field_is_as_by_dense_arrays_of_each_level(blocks):
    grid, centres = built(blocks)
    values = np.random.default_rng(5).random(centres.shape[:-1])
    rng = np.random.default_rng(6)
    x, y, z = (np.sort(rng.uniform(-8.5, 8.5, 30)) for _ in range(3))
    made = grid.sample(values.__getitem__, z, y, x)
    places = np.stack(np.meshgrid(x, y, z, indexing="ij"), -1)
    expected = by_dense_levels(
        centres, values, places.transpose(2, 1, 0, 3).reshape(-1, 3)
    )
    np.testing.assert_allclose(made.ravel(), expected, rtol=1e-5)
    assert 0.05 < np.isnan(expected).mean() < 0.8


def test_only_the_blocks_around_the_nodes_are_asked_for():
    grid, centres = built(tree(*[(1, 1, 1)] * 2, (7, 7, 7), (7, 7, 7)))
    values = linear(*np.moveaxis(centres, -1, 0))
    asked = []

    def cells(blocks):
        asked.append(blocks)
        return values[blocks]

    nodes = np.linspace(7.0, 7.9, 4)
    made = grid.sample(cells, nodes - 1.0, nodes - 1.0, nodes - 1.0)
    assert np.isfinite(made).all()
    (few,) = asked
    # The octants beyond x, y, z = 0 and what is next to them are far away.
    assert 0 < len(few) < len(centres) / 2
    assert (centres[few].max(axis=(1, 2, 3)) > 0).all()


def test_parts_are_as_the_whole():
    grid, centres = built(STEEP)
    values = np.random.default_rng(7).random(centres.shape[:-1])
    axis = np.linspace(-8, 8, 24)
    whole = grid.sample(values.__getitem__, axis, axis, axis)
    for low in (0, 5, 13, 20):
        part = grid.sample(
            values.__getitem__, axis[low : low + 4], axis, axis[low:]
        )
        np.testing.assert_array_equal(part, whole[low : low + 4, :, low:])


def test_where_no_block_is_there_is_no_value():
    blocks = [b for b in BALANCED if not (b[0] == (-8, 0, 0)).all()]
    grid, centres = built(blocks)
    values = linear(*np.moveaxis(centres, -1, 0))
    made = grid.sample(
        values.__getitem__, np.array([4.0]), np.array([4.0]),
        np.array([-9.0, -4.0, 4.0, 8.0, 9.0]),
    )  # fmt: skip
    np.testing.assert_array_equal(
        np.isfinite(made[0, 0]), [False, False, True, False, False]
    )


def test_small_blocks_may_stick_out_beyond_the_coarsest():
    blocks = [b for b in BALANCED if b[0][0] >= 0 or (b[0] == -4).all()]
    assert min(low[0] for low, _ in blocks) == -4.0
    grid, centres = built(blocks)
    values = linear(*np.moveaxis(centres, -1, 0))
    axis = np.linspace(-2.5, -1.5, 5)
    made = grid.sample(values.__getitem__, axis, axis, axis)
    expected = linear(axis, axis[:, None], axis[:, None, None])
    np.testing.assert_allclose(made, expected, atol=1e-5)


def test_limits_lie_inside_the_outermost_centres_of_the_coarsest_cells():
    grid, _ = built(BALANCED)
    half = 8.0 / np.array(CELLS) / 2
    np.testing.assert_allclose(
        grid.limits(), np.stack([-8 + half, 8 - half], 1), rtol=1e-6
    )
    np.testing.assert_allclose(grid.finest, 4.0 / np.array(CELLS), rtol=1e-6)


@pytest.mark.parametrize(
    ("shift", "stretch", "message"),
    [
        ((0.3, 0, 0), 1.0, "off the lattice"),
        ((0, 0, 0), 1.5, "other factors than powers of two"),
        ((8, 0, 0), 1.0, "two blocks lie on each other"),
        ((0, 0, 0), 0.0, "do not increase along x, y and z"),
    ],
)
def test_blocks_that_make_no_grid_are_refused(shift, stretch, message):
    first = np.array([low for low, _ in tree()]) + 8.0 / np.array(CELLS) / 2
    step = np.tile(8.0 / np.array(CELLS), (8, 1))
    first[0] += shift
    step[0] *= stretch
    with pytest.raises(ValueError, match=message):
        BlockGrid.from_centres(first, step, CELLS)
