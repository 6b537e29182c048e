import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from smile_explore.data import mhd, samples

TOOL = Path(__file__).parents[2] / "tools" / "build_samples.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("build_samples", TOOL)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def values():
    rng = np.random.default_rng(0)
    scale = 10.0 ** rng.uniform(-3, 4, 10_000)
    return (rng.choice([-1, 1], 10_000) * scale).astype("f4")


def test_rounding_errs_by_half_a_step_at_most(tool, values):
    rounded = tool.quantise(values, 6, 1.0)
    allowed = np.maximum(np.abs(values) * 2.0**-7, 0.5)
    assert (np.abs(rounded - values) <= allowed).all()
    assert np.unique(rounded).size < np.unique(values).size / 4


def test_without_a_floor_rounding_is_relative(tool, values):
    rounded = tool.quantise(values, 7, 0.0)
    np.testing.assert_allclose(rounded, values, rtol=2.0**-8)


def test_rounding_twice_changes_nothing(tool, values):
    once = tool.quantise(values, 7, 0.125)
    np.testing.assert_array_equal(tool.quantise(once, 7, 0.125), once)


def test_rounding_keeps_what_is_not_known_and_zero(tool):
    rounded = tool.quantise(np.array([np.nan, 0.0, -0.0, 8.0], "f4"), 7, 0.0)
    np.testing.assert_array_equal(rounded, [np.nan, 0.0, 0.0, 8.0])
    assert not np.signbit(rounded[2])


def test_the_samples_are_what_the_tool_would_write(tool):
    assert [case.sample for case in tool.CASES] + [
        *tool.RECONSTRUCTIONS
    ] == list(samples.names())
    for case in tool.CASES:
        cube = mhd.open_cube(samples.path(case.sample))
        assert cube.attrs["note"] == case.note
        assert cube.attrs["quantisation"] == tool.QUANTISATION
        frame = cube.isel(time=-1).compute()
        for name, (bits, floor) in tool.ROUNDING.items():
            kept = frame[name].values
            np.testing.assert_array_equal(
                tool.quantise(kept, bits, floor), kept
            )
