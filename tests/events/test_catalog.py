import numpy as np
import pytest

from smile_explore import events
from smile_explore.data import mhd, samples, solar_wind
from smile_explore.data.sources import day_files
from smile_explore.events import library
from smile_explore.instruments import orbit
from tests.data.measured import NAME, keep, omni_day

STORMS = ("2012-06-16", "2014-09-12")

OWN = """
["2015-03-17"]
title = "St Patrick's Day"
summary = "A great storm."
start = 2015-03-17T00:00:00
stop = 2015-03-18T00:00:00
focus = 2015-03-17T05:00:00+01:00
solar_wind = "wind.csv"
"""


@pytest.fixture(autouse=True)
def _nothing_of_the_user(tmp_path, monkeypatch):
    """Keep events of whoever runs the tests out of them."""
    monkeypatch.setenv("SMILE_EXPLORE_EVENTS", str(tmp_path / "events.toml"))


@pytest.fixture
def own(tmp_path):
    def write(text=OWN):
        path = tmp_path / "own.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_both_storms_of_the_mission_are_known():
    table = events.catalog()
    assert list(table.index) == list(STORMS)
    assert table.loc["2012-06-16", "runs"] == "BATS-R-US E, BATS-R-US B"
    assert table.loc["2014-09-12", "stop"] == np.datetime64("2014-09-14")


@pytest.mark.parametrize("name", STORMS)
def test_every_statement_has_a_source(name):
    event = events.load(name)
    assert event.title
    assert event.summary
    assert event.origin
    assert event.facts
    assert event.references
    for fact in event.origin + event.facts:
        assert fact.text.endswith(".")
        assert len(fact.source) > 5
    assert any("reconstruction" in fact.text for fact in event.facts)


@pytest.mark.parametrize("name", STORMS)
def test_the_solar_wind_covers_the_event(name):
    event = events.load(name)
    wind = solar_wind.load(event.start, event.stop, source=event.solar_wind)
    assert wind.time.values[0] == event.start
    assert wind.time.values[-1] == event.stop


@pytest.mark.parametrize("name", STORMS)
def test_moments_lie_within_the_event(name):
    event = events.load(name)
    times = list(event.moments.values())
    assert times == sorted(times)
    assert event.start < times[0]
    assert times[-1] < event.stop


@pytest.mark.parametrize("name", STORMS)
def test_moments_are_those_of_the_solar_wind(name):
    event = events.load(name)
    wind = solar_wind.load(event.start, event.stop, source=event.solar_wind)
    arrival = event.moments["shock arrives"]
    speed = -wind.velocity.sel(component="x")
    jump = speed.diff("time")
    assert jump.idxmax("time").values == arrival
    strongest = wind.dynamic_pressure.idxmax("time").values
    assert strongest == event.moments["strongest compression"]


@pytest.mark.parametrize("name", STORMS)
def test_runs_lie_within_the_event_and_say_what_they_are_not(name):
    event = events.load(name)
    for run in event.runs:
        cube = mhd.open_cube(samples.find(run.sample))
        assert event.start <= cube.time.values[0]
        assert cube.time.values[-1] <= event.stop
        assert "not measured" in run.note or "idealised, not" in run.note
    assert "time-accurate" in event.runs[0].note.lower()


@pytest.mark.parametrize("name", STORMS)
def test_smile_is_high_over_the_north_and_sxi_can_look(name):
    event = events.load(name)
    elements = orbit.Elements(**event.orbit)
    times = np.arange(event.start, event.stop, np.timedelta64(1, "h"))
    flight = orbit.trajectory(np.append(times, event.focus), elements=elements)
    distance = np.sqrt((flight.position**2).sum("component"))
    assert float(distance[-1]) > 15.0
    assert float(flight.position.sel(component="z")[-1]) > 12.0
    assert (flight.position.sel(component="z") > 0.0).all()
    assert (orbit.altitude(flight) > 50_000.0).all()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2012-06-16", "2012-06-16"),
        ("2012", "2012-06-16"),
        ("2012-06-17", "2012-06-16"),
        ("2014-09-13", "2014-09-12"),
    ],
)
def test_an_event_is_found_by_name_beginning_or_day(text, name):
    assert events.load(text).name == name


@pytest.mark.parametrize(
    "text", ["2001-11-05", "", "storm", "2014-09-14", "2012-06-18", "NaT"]
)
def test_an_unknown_event_is_refused_and_the_known_are_listed(text):
    with pytest.raises(
        ValueError, match="is not known; .* are 2012-06-16, 2014-09-12"
    ):
        events.load(text)


def test_what_fits_two_events_is_refused():
    with pytest.raises(ValueError, match="'20' fits 2012-06-16, 2014-09-12"):
        events.load("20")


def test_an_event_is_loaded_by_a_text():
    with pytest.raises(TypeError, match="by its name, got int"):
        events.load(2012)


def test_events_of_a_file_are_added(own):
    path = own()
    assert list(events.catalog(path=path).index) == [*STORMS, "2015-03-17"]
    event = events.load("2015-03-17", path=path)
    assert event.focus == np.datetime64("2015-03-17T04:00")
    assert event.solar_wind == "wind.csv"
    assert event.runs == ()


def test_files_beside_a_catalog_are_found(own):
    path = own()
    path.with_name("wind.csv").write_text("")
    event = events.load("2015-03-17", path=path)
    assert event.solar_wind == str(path.with_name("wind.csv"))


def test_events_of_the_user_are_found_without_asking(tmp_path):
    (tmp_path / "events.toml").write_text(OWN)
    assert events.load("2015").title == "St Patrick's Day"


def test_the_users_file_has_a_place_of_its_own(monkeypatch):
    monkeypatch.delenv("SMILE_EXPLORE_EVENTS")
    assert events.catalog_file().parts[-2:] == ("smile_explore", "events.toml")


def test_a_changed_file_is_read_again(own):
    path = own()
    events.catalog(path=path)
    path = own(OWN.replace("St Patrick's Day", "Another title, longer"))
    title = events.load("2015-03-17", path=path).title
    assert title == "Another title, longer"


def test_a_missing_catalog_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no catalog of events at"):
        events.catalog(path=tmp_path / "none.toml")


RUN = '[["2015-03-17".runs]]\nname = "E"\n'
FACT = '[["2015-03-17".facts]]\ntext = "A."\nsource = 1\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            OWN.replace("title", "titel"),
            "own.toml, event '2015-03-17' lacks t",
        ),
        (OWN + "colour = 1\n", "event '2015-03-17': colour unknown; the fiel"),
        (OWN.replace('"A great storm."', "5"), "summary must be text, got 5"),
        (
            OWN.replace("2015-03-18T00:00:00", '"late"'),
            "stop must be a time such as .* got 'late'",
        ),
        (
            OWN.replace("2015-03-17T05:00", "2015-03-19T05:00"),
            "focus must lie between start and stop, got 2015-03-19",
        ),
        (OWN + RUN, "'2015-03-17', runs 1 lacks sample, note"),
        (OWN + FACT, "'2015-03-17', facts 1: source must be text, got 1"),
        (
            OWN + '["2015-03-17".moments]\nshock = "noon"\n',
            "moments, 'shock' must be a time",
        ),
        ("title = 5\n", "own.toml, event 'title' must be a table"),
        ("[broken", "own.toml is not valid TOML"),
    ],
)
def test_a_bad_entry_is_refused_by_file_entry_and_field(own, text, message):
    path = own(text)
    with pytest.raises(ValueError, match=message):
        events.load("2015-03-17", path=path)


def test_measured_wind_on_this_computer_wins_over_a_reconstruction(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path))
    keep("2012-06-16", cadence=600)
    assert events.load("2012-06-16").solar_wind.endswith("construction.csv")
    keep("2012-06-17", cadence=600)
    event = events.load("2012-06-16")
    assert event.solar_wind == "OMNI"
    assert events.load("2014-09-12").solar_wind.endswith("construction.csv")
    wind = solar_wind.load(event.start, event.stop, source=event.solar_wind)
    assert wind.attrs["measured"] is True


def test_an_event_of_ones_own_may_name_what_was_measured(
    own, tmp_path, monkeypatch
):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path))
    keep("2015-03-17", cadence=600)
    event = events.load(
        "2015-03-17", path=own(OWN.replace("wind.csv", "OMNI"))
    )
    wind = solar_wind.load(event.start, event.stop, source=event.solar_wind)
    assert wind.attrs["source"] == "OMNI_HRO_1MIN"


def test_observations_of_another_measurement_are_others(tmp_path, monkeypatch):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path))
    keep("2012-06-16", "2012-06-17", cadence=600)
    event = events.load("2012-06-16")
    before = library._name(event, None)
    assert library._name(event, None) == before
    newer = omni_day("2012-06-17", cadence=600)
    newer.attrs["sha256"] = "another"
    day_files.store(NAME, "2012-06-17", newer)
    assert library._name(event, None) != before
