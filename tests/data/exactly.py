"""What "as it was" means for a dataset that was in a file."""

from __future__ import annotations

import xarray as xr


def assert_the_same(again: xr.Dataset, data: xr.Dataset) -> None:
    """Values, gaps, coordinates, types, order of dimensions, attributes."""
    xr.testing.assert_identical(again, data)
    assert again.attrs == data.attrs
    for name in data.variables:
        assert again[name].dims == data[name].dims, name
        assert again[name].dtype == data[name].dtype, name
        assert again[name].attrs == data[name].attrs, name
    assert set(again.coords) == set(data.coords)
