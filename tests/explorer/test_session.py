"""A preview computes what depends on what was changed, and nothing else."""

import pytest

from smile_explore.events import aurora_moment, simulate
from smile_explore.events.settings import Settings
from smile_explore.explorer.session import Session
from smile_explore.explorer.work import Worker


@pytest.fixture
def steps(monkeypatch):
    """What is computed, by name, in order."""
    done = []
    for where, name, known_as in (
        (simulate, "counted", "X-rays"),
        (aurora_moment, "preview", "UVI"),
    ):
        real = getattr(where, name)

        def counted(*given, _real=real, _as=known_as, **named):
            done.append(_as)
            return _real(*given, **named)

        monkeypatch.setattr(where, name, counted)
    return done


@pytest.mark.parametrize(
    ("changed", "computed"),
    [
        ({"exposure": 60.0}, ["X-rays"]),
        ({"hydrogen": 50.0}, ["X-rays"]),
        ({"uv_scale": 1.0}, ["UVI"]),
        ({"f107": 90.0}, ["UVI"]),
        ({"mode": "hi"}, []),
        ({}, []),
        ({"exposure": 60.0, "uv_exposure": 30.0}, ["X-rays", "UVI"]),
    ],
)
def test_a_preview_computes_what_depends(
    observations, steps, changed, computed
):
    session = Session(Worker(lambda *_: None), Worker(lambda *_: None))
    session.hold(observations, "")
    shown = []
    session.preview(
        Settings(**changed),
        observations.cuts.time.values[1],
        show=shown.append,
        failed=pytest.fail,
    )
    assert steps == computed
    (new,) = shown
    assert (new.sxi is observations.sxi) == ("X-rays" not in computed)
    assert (new.uvi is observations.uvi) == ("UVI" not in computed)
    assert new.ions is observations.ions
