import dataclasses

import numpy as np
import pytest

from smile_explore import events
from smile_explore.instruments import orbit
from smile_explore.instruments.planning import (
    best_hours,
    best_viewpoint,
    flown,
    runs,
    shares,
)
from smile_explore.instruments.visibility import visibility

START = np.datetime64("2018-03-20T10:36", "ns")
HOUR = np.timedelta64(1, "h")


@pytest.fixture(scope="module")
def plan():
    """Thirty hours that a test sets by hand, every half hour."""
    times = START + np.arange(60) * np.timedelta64(30, "m")
    return visibility(orbit.trajectory(times))


def test_a_quick_orbit_is_the_exact_one():
    times = START + np.arange(0, 51, 3) * HOUR
    exact = orbit.trajectory(times)
    other = orbit.Elements(raan=20.0)
    quick = flown(times, [orbit.SMILE, other])
    apart = np.linalg.norm(
        quick["position"].isel(orbit=0) - exact["position"], axis=-1
    )
    radius = np.linalg.norm(exact["position"], axis=-1)
    assert np.degrees(apart / radius).max() < 0.012
    for name in ("position", "velocity"):
        np.testing.assert_allclose(
            quick[name].isel(orbit=0), flown(times)[name]
        )
        np.testing.assert_allclose(
            quick[name].isel(orbit=1),
            orbit.trajectory(times, elements=other)[name],
            atol=5e-3,
        )


def handmade(plan, met, score):
    return plan.assign(
        useful=("time", met),
        nose_in_sxi_margin=("time", np.asarray(score, dtype=float)),
    )


def test_runs_are_the_stretches_that_are_met(plan):
    met = np.zeros(60, dtype=bool)
    met[3:8] = met[20] = met[50:] = True
    found = runs(handmade(plan, met, np.zeros(60)))
    times = plan.time.values
    assert found == [
        (times[3], times[7]),
        (times[20], times[20]),
        (times[50], times[59]),
    ]


def test_a_gap_in_time_ends_a_run(plan):
    met = np.ones(60, dtype=bool)
    holed = handmade(plan, met, np.zeros(60)).isel(
        time=[*range(10), *range(13, 30)]
    )
    times = holed.time.values
    assert runs(holed) == [(times[0], times[9]), (times[10], times[26])]
    windows = best_hours(holed, hours=5.0, most=99)
    gap = times[9], times[10]
    assert len(windows) == 1
    # the first moment after a gap may begin a window
    whole = best_hours(holed, hours=8.0)
    assert whole.start.tolist() == [times[10]]
    assert whole.stop.tolist() == [times[26]]
    assert not ((windows.start <= gap[0]) & (windows.stop >= gap[1])).any()


def test_the_best_windows_are_those_of_a_search_by_hand(plan):
    rng = np.random.default_rng(3)
    met = rng.random(60) > 0.1
    score = rng.normal(size=60)
    windows = best_hours(
        handmade(plan, met, score), hours=2.0, most=3, by="nose_in_sxi_margin"
    )
    left = {
        n: score[n : n + 5].mean() for n in range(56) if met[n : n + 5].all()
    }
    for _, window in windows.iterrows():
        best = max(left, key=left.get)
        assert window.score == pytest.approx(left[best])
        assert window.start == plan.time.values[best]
        assert window.stop - window.start == 2 * HOUR
        assert window.lowest == score[best : best + 5].min()
        left = {n: s for n, s in left.items() if abs(n - best) > 4}
    assert len(windows) == 3


def test_no_window_is_found_where_none_is_long_enough(plan):
    met = np.arange(60) % 4 > 0
    assert best_hours(handmade(plan, met, np.ones(60)), hours=2.0).empty
    assert len(best_hours(handmade(plan, met, np.ones(60)), hours=1.0)) == 10


def test_windows_may_be_ranked_by_another_number(plan):
    windows = best_hours(plan, hours=3.0, wanted="observing", by="altitude")
    assert windows.score.is_monotonic_decreasing
    np.testing.assert_allclose(windows.score, windows.altitude)
    first = windows.iloc[0]
    part = plan.sel(time=slice(first.start, first.stop))
    assert part["observing"].all()
    assert first.score == pytest.approx(part["altitude"].mean().item())


def test_an_event_is_seen_best_from_the_orbit_that_is_first():
    event = dataclasses.replace(
        events.load("2012-06-16"),
        start=np.datetime64("2012-06-16T20:00", "ns"),
        stop=np.datetime64("2012-06-17T02:00", "ns"),
    )
    table = best_viewpoint(event, raan=[0, 150, 270], phases=4)
    assert len(table) == 12
    assert table.useful_at_focus.iloc[0]
    assert not table.useful_at_focus.iloc[-1]
    assert table[table.useful_at_focus].useful.is_monotonic_decreasing
    # and it is what that orbit alone shows
    row = table.iloc[0]
    elements = orbit.Elements(
        **{
            **event.orbit,
            "raan": row.raan,
            "perigee_time": row.perigee_time.to_datetime64(),
        }
    )
    times = np.arange(event.start, event.stop + 1, np.timedelta64(1200, "s"))
    alone = visibility(flown(times, elements))
    assert row.useful == pytest.approx(alone["useful"].sum().item() / 3.0)
    assert row.observing == pytest.approx(alone["observing"].sum() / 3.0)
    shown = alone.where(alone["useful"])
    assert row.sun_angle == pytest.approx(shown["sun_angle"].mean().item())


def test_shares_are_means_over_whole_periods(plan):
    met = np.arange(60) % 3 == 0
    found = shares(handmade(plan, met, np.ones(60)), days=0.5)
    np.testing.assert_allclose(found["useful"], [1 / 3, 1 / 3, 1 / 3])
    middle = plan.time.values[0] + np.array([6, 18, 30]) * HOUR
    np.testing.assert_array_equal(found.time.values, middle)
    with pytest.raises(ValueError, match="days must be positive, got 0"):
        shares(plan, days=0.0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hours": -1.0}, "hours must be positive, got -1"),
        ({"by": "useful"}, "by must be one of altitude"),
        ({"wanted": "altitude"}, "wanted must be one of .*; got 'altitude'"),
    ],
)
def test_what_cannot_be_asked_is_said(plan, options, words):
    with pytest.raises(ValueError, match=words):
        best_hours(plan, **options)
