from dataclasses import replace

import numpy as np
import pytest

from smile_explore import events
from smile_explore.events import two_storms
from smile_explore.physics import aurora_boundaries, boundaries
from tests.events.winds import write

JUNE, SEPTEMBER = "2012-06-16", "2014-09-12"


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("SMILE_EXPLORE_EVENTS", str(tmp_path / "events.toml"))
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def june():
    return two_storms.story(events.load(JUNE))


def test_hours_count_from_the_shock(june):
    assert june.moment == "shock arrives"
    at_zero = june.told.sel(hours=0.0)
    before = june.told.sel(hours=-1.0 / 60.0, method="nearest")
    assert float(at_zero.speed) - float(before.speed) > 20.0
    assert june.time(0.0) == june.event.moments["shock arrives"]
    assert june.time(-0.5) - june.zero == -np.timedelta64(30, "m")


def test_hours_may_count_from_another_moment():
    story = two_storms.story(events.load(JUNE), moment="strongest compression")
    most = story.told.hours[story.told.dynamic_pressure.argmax("hours")]
    assert float(most) == 0.0


def test_an_event_without_a_shock_counts_from_its_focus():
    event = replace(events.load(JUNE), moments={})
    assert two_storms.story(event).zero == event.focus


def test_a_moment_that_an_event_does_not_have_is_refused():
    with pytest.raises(ValueError, match="no moment 'lunch'; it has focus, s"):
        two_storms.story(events.load(JUNE), moment="lunch")


def test_nose_and_oval_are_those_of_the_models(june):
    now = june.told.sel(hours=2.0, method="nearest")
    nose = boundaries.shue_magnetopause(0.0, now.dynamic_pressure, now.bz)
    assert float(now.standoff) == pytest.approx(float(nose))
    al = float(aurora_boundaries.al_from_kp(round(float(now.kp), 1)))
    edge = aurora_boundaries.starkov(np.arange(24.0), al=al)
    assert float(now.oval) == pytest.approx(90.0 - edge.equatorward.mean())
    assert june.told.attrs["kp_source"].startswith("measured")


def test_storms_share_the_hours_that_both_have(june):
    other = two_storms.story(events.load(SEPTEMBER))
    first, last = two_storms.together((june, other))
    assert first == other.told.hours[0]
    assert last == june.told.hours[-1]


def test_storms_without_common_hours_are_refused(june):
    late = replace(
        june, told=june.told.assign_coords(hours=june.told.hours + 99.0)
    )
    with pytest.raises(ValueError, match="no hours in common"):
        two_storms.together((june, late))


def test_an_image_is_that_of_its_hour(june):
    dense, thin = (two_storms.image(june, hours) for hours in (2.05, -5.0))
    assert str(dense.time.values)[:16] == "2012-06-16T22:24"
    assert float(dense.intensity.max()) > 5.0 * float(thin.intensity.max())


def test_there_is_no_image_in_a_gap(tmp_path):
    gap = (np.datetime64("2015-03-17T05"), np.datetime64("2015-03-17T07"))
    made = events.make("2015-03-17", source=write(tmp_path / "w.csv", gap=gap))
    story = two_storms.story(made)
    assert two_storms.image(story, 1.0) is None


def test_the_table_says_what_was_not_measured(june):
    table = two_storms.extremes_of(june)
    assert table.loc[JUNE, "wind"] == "not measured"
    assert table.loc[JUNE, "largest pressure [nPa]"] == 32.62
    assert june.name == f"{JUNE} (not measured)"
