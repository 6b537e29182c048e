"""Which chunks of a lazy cube a result needs, told without computing."""

import dask.array as da
import numpy as np
import pytest
import xarray as xr

from smile_explore.events.out_of_core import (
    edges,
    peak_memory,
    touched,
    touched_nodes,
)


@pytest.fixture
def source():
    """12 x 6 nodes in chunks of 5 and 2; the last along x has 2."""
    values = da.from_array(np.arange(72.0).reshape(12, 6), chunks=(5, 2))
    axes = {"x": np.arange(12.0), "y": np.arange(6.0)}
    return xr.DataArray(values, axes, ("x", "y"))


def test_chunks_that_a_result_needs_are_those_it_reads(source):
    marks = touched((2.0 * source).isel(x=slice(5, 11), y=3), source)
    assert marks.dims == ("x", "y")
    np.testing.assert_array_equal(
        marks,
        [[False, False, False], [False, True, False], [False, True, False]],
    )


def test_nodes_of_chunks_at_the_edge_are_counted_as_they_are(source):
    marks = touched(source.isel(x=[11], y=[0]), source)
    assert touched_nodes(marks, source) == 2 * 2
    assert touched_nodes(touched(source, source), source) == source.size


def test_what_another_source_gave_touches_nothing(source):
    other = xr.DataArray(da.zeros((4,), chunks=2), dims="x")
    assert not touched(other, source).any()


def test_a_result_in_memory_is_refused(source):
    with pytest.raises(ValueError, match="the result is in memory already"):
        touched(source.compute(), source)
    with pytest.raises(ValueError, match="the source is in memory already"):
        touched(source, source.compute())


def test_edges_lie_between_the_nodes_of_neighbours(source):
    np.testing.assert_allclose(edges(source, "x"), [0.0, 4.5, 9.5, 11.0])
    np.testing.assert_allclose(edges(source, "y"), [0.0, 1.5, 3.5, 5.0])


def test_memory_once_used_is_told():
    before = peak_memory()
    kept = np.ones(40_000_000)
    if np.isnan(before):
        pytest.skip("the system does not tell")
    assert peak_memory() * 1e9 >= kept.nbytes
    assert peak_memory() >= before
