"""What is made once for several panels."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
import xarray as xr

from smile_explore.views import _kept
from smile_explore.views._kept import kept
from smile_explore.views.style import at


def test_the_same_is_made_once_and_other_data_anew():
    made = []

    @kept
    def total(data, factor):
        made.append(factor)
        return factor * data["a"].sum().item()

    one = xr.Dataset({"a": ("x", [1.0, 2.0])})
    other = xr.Dataset({"a": ("x", [5.0, 2.0])})
    assert total(one, 2) == total(one, 2) == 6.0
    assert total(other, 2) == 14.0
    assert total(one, 3) == 9.0
    assert made == [2, 2, 3]


def test_data_are_not_kept_alive_and_results_are_few():
    made = []

    @kept
    def size(data, _number):
        made.append(None)
        return data.sizes["x"]

    data = xr.Dataset({"a": ("x", [1.0, 2.0])})
    for number in range(_kept._MOST + 1):
        size(data, number)
    size(data, 0)  # the oldest has gone
    assert len(made) == _kept._MOST + 2
    gone = weakref.ref(data)
    del data
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("minutes", [0, 2, 4.9, 5, 5.1, 12, 20])
def test_at_selects_what_xarray_does(minutes):
    start = np.datetime64("2012-06-16T12:00", "ns")
    times = start + np.array([0, 10, 20]) * np.timedelta64(1, "m")
    data = xr.Dataset({"a": ("time", [1, 2, 3])}, {"time": times})
    time = start + np.timedelta64(round(60 * minutes), "s")
    expected = data.sel(time=time, method="nearest")
    xr.testing.assert_identical(at(data, time), expected)
