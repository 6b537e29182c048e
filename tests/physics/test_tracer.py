import numpy as np
import pytest

from smile_explore.physics import _tracer_kernel as kernel
from smile_explore.physics import threads, tracer

AXIS = np.linspace(-5.0, 5.0, 11)
SETTINGS = (0.5, 2.0, 100.0, 1e-6)


def field(*vector):
    return np.broadcast_to(
        np.array(vector, np.float32), (11, 11, 11, 3)
    ).copy()


def test_ends_are_named_in_the_order_of_the_kernels_codes():
    codes = {
        "too long": kernel.TOO_LONG,
        "left through x min": kernel.LEFT_X_MIN,
        "left through x max": kernel.LEFT_X_MAX,
        "left through y min": kernel.LEFT_Y_MIN,
        "left through y max": kernel.LEFT_Y_MAX,
        "left through z min": kernel.LEFT_Z_MIN,
        "left through z max": kernel.LEFT_Z_MAX,
        "inner sphere": kernel.INNER_SPHERE,
        "stagnated": kernel.STAGNATED,
        "missing data": kernel.MISSING,
        "known": kernel.KNOWN,
    }
    assert [codes[end] for end in tracer.ENDS] == list(range(len(codes)))


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_line_leaves_through_the_face_it_runs_to(axis, sign):
    vector = np.eye(3)[axis]
    start = np.full((1, 3), 3.5)
    (end,) = tracer.ends(field(*vector), (AXIS,) * 3, start, sign, SETTINGS)
    face = "xyz"[axis] + (" max" if sign > 0 else " min")
    assert tracer.ENDS[end] == f"left through {face}"


def test_a_line_ends_in_a_cell_that_is_known():
    known = np.zeros((10, 10, 10), np.uint8)
    known[9] = 1
    (end,) = tracer.ends(
        field(1, 0, 0), (AXIS,) * 3, np.array([[0.0, 3.0, 3.0]]), 1.0,
        SETTINGS, known=known,
    )  # fmt: skip
    assert tracer.ENDS[end] == "known"


def test_following_and_only_ending_agree_for_any_number_of_threads(
    monkeypatch,
):
    rng = np.random.default_rng(0)
    turning = rng.normal(size=(11, 11, 11, 3)).astype(np.float32)
    starts = rng.uniform(-4.9, 4.9, (500, 3))
    found = []
    for processors in (1, 3):
        monkeypatch.setattr(threads, "processors", lambda n=processors: n)
        lines, counts, ends = tracer.follow(
            turning, (AXIS,) * 3, starts, 1.0, SETTINGS
        )
        found.append((lines, counts, ends))
        same = tracer.ends(turning, (AXIS,) * 3, starts, 1.0, SETTINGS)
        np.testing.assert_array_equal(ends, same)
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_numbas_own_threads_which_dask_must_not_enter_are_not_used():
    import ast
    from pathlib import Path

    import smile_explore

    for path in Path(smile_explore.__file__).parent.rglob("*_kernel.py"):
        words = {
            node.arg
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.keyword)
        }
        assert "parallel" not in words, path
