"""pyspedas opens what LIA and MAG are kept in; its import takes long."""

from __future__ import annotations

import numpy as np
import pytest

from smile_explore.data import archive
from tests.authority import quiet_pyspedas
from tests.data.page import block_with


@pytest.fixture(scope="module")
def tplot():
    return quiet_pyspedas().tplot_tools


@pytest.fixture(scope="module")
def folder(observations, tmp_path_factory):
    where = tmp_path_factory.mktemp("export") / "storm"
    archive.export(observations, where, instruments=("LIA", "MAG"))
    return where


@pytest.fixture(scope="module")
def names(tplot, folder):
    files = [str(path) for path in folder.glob("*.cdf")]
    assert len(files) == 3
    loaded = []
    for path in files:
        loaded += tplot.cdf_to_tplot(path)
    yield loaded
    tplot.del_data("*")


def test_field_and_times_are_the_same(tplot, names, observations):
    assert "magnetic_field" in names
    found = tplot.get_data("magnetic_field")
    field = observations.magnetic_field
    np.testing.assert_array_equal(found.y, field.magnetic_field)
    seconds = (field.time - np.datetime64(0, "s")) / np.timedelta64(1, "s")
    np.testing.assert_allclose(found.times, seconds, atol=1e-6, rtol=0.0)


def test_distributions_and_their_axes_are_the_same(tplot, names, observations):
    assert "vdf" in names
    found, ions = tplot.get_data("vdf"), observations.ions
    np.testing.assert_array_equal(found.y, ions.vdf)
    for axis, given in zip(
        ("energy", "elevation", "azimuth"),
        (found.v1, found.v2, found.v3),
        strict=True,
    ):
        np.testing.assert_array_equal(given, ions[axis], axis)


def test_moments_and_their_units_are_the_same(tplot, names, observations):
    assert {"density", "velocity", "temperature_tensor"} <= set(names)
    moments = observations.ion_moments
    for name in ("density", "velocity"):
        array = moments[name].transpose("time", ...)
        np.testing.assert_array_equal(tplot.get_data(name).y, array)
        told = tplot.get_data(name, metadata=True)["CDF"]["VATT"]
        assert told["UNITS"] == array.attrs["units"]


def test_the_policy_comes_with_it(tplot, names):
    told = tplot.get_data("magnetic_field", metadata=True)["CDF"]["GATT"]
    assert "say that they are simulated" in str(told["Rules_of_use"])
    assert "smile_explore" in str(told["Acknowledgement"])


def test_the_page_opens_them_as_it_says(tplot, folder, monkeypatch):
    monkeypatch.chdir(folder)
    found = {}
    exec(block_with("pyspedas"), found)
    assert "say that they are simulated" in str(found["rules"])
    assert found["vectors"].shape == (4, 3)
    assert found["energy"].shape == (64,)
    tplot.del_data("*")
