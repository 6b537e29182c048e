import errno
import os
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from smile_explore import events
from smile_explore.data import archive, atomic, solar_wind
from smile_explore.events import _entry, cubes, library
from smile_explore.instruments import orbit
from tests.data.measured import keep
from tests.events import winds
from tests.events.winds import SHOCK, write

DAY = "2015-03-17"
NODES = _entry._NODES


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    return winds.alone(tmp_path, monkeypatch)


@pytest.fixture
def wind(tmp_path):
    return write(tmp_path / "wind.csv")


def test_a_file_of_solar_wind_becomes_an_event(wind, own):
    made = events.make(DAY, source=wind)
    assert made.name == DAY
    assert made.title == "17 March 2015: 6 nPa, Bz down to -12 nT"
    assert made.start == np.datetime64("2015-03-17")
    assert made.stop == np.datetime64("2015-03-18")
    assert made.moments["shock arrives"] == SHOCK
    assert made.focus == made.moments["strongest compression"]
    assert made.cadence == 60.0
    assert any("shock or steep front" in fact.text for fact in made.facts)
    assert events.load(DAY) == made
    assert own.is_file()


def test_an_event_needs_its_source_no_more(wind):
    made = events.make(DAY, source=wind)
    before = solar_wind.load(made.start, made.stop, source=made.solar_wind)
    wind.unlink()
    again = events.load(DAY)
    after = solar_wind.load(again.start, again.stop, source=again.solar_wind)
    assert after.identical(before)
    assert after.attrs["measured"] is True
    assert "file: wind.csv" in after.attrs["note"]


def test_a_file_alone_is_event_enough(wind):
    made = events.make(source=wind, name="all")
    assert (made.start, made.stop) == (
        np.datetime64("2015-03-17"),
        np.datetime64("2015-03-18"),
    )


def test_measured_wind_on_this_computer_is_found_without_a_network():
    keep(DAY)
    made = events.make(DAY, 6)
    assert "Measured: OMNI_HRO_1MIN" in made.summary
    # all that OMNI's own minutes know of Earth
    assert made.activity["sym_h_min"] == -50.0
    assert made.title.endswith("SYM-H -50 nT")


def test_a_wind_that_was_not_measured_says_so_and_takes_no_indices(tmp_path):
    keep(DAY)
    source = write(tmp_path / "what_if.csv", measured=False)
    told = []
    made = events.make(DAY, source=source, name="what-if", warn=told.append)
    assert "Not measured" in made.summary
    assert made.activity == {}
    assert told == [
        "The solar wind of what-if was not measured: reconstruction."
    ]


def test_kp_is_written_in_thirds():
    assert [_entry._kp_text(k) for k in (0.0, 0.33, 2.67, 3.0, 8.67, 9.0)] == [
        "0o",
        "0+",
        "3-",
        "3o",
        "9-",
        "9o",
    ]


@pytest.mark.parametrize("day", ["2015-03-17", "2015-12-20", "2003-10-29"])
def test_smile_is_high_and_can_look_at_any_season(tmp_path, monkeypatch, day):
    monkeypatch.setattr(_entry, "_NODES", NODES)
    source = write(tmp_path / "wind.csv", start=day)
    made = events.make(day, source=source)
    elements = orbit.Elements(**made.orbit)
    times = np.arange(made.start, made.stop, np.timedelta64(1, "h"))
    flight = orbit.trajectory(times, elements=elements)
    assert orbit.pointing(flight)["sxi_on"].mean() > 0.8
    at_focus = orbit.trajectory([made.focus], elements=elements)
    assert float(orbit.altitude(at_focus)[0]) > 115_000.0


def test_there_is_no_cube_where_there_is_no_wind(tmp_path):
    gap = (
        np.datetime64("2015-03-17T10:00"),
        np.datetime64("2015-03-17T11:00"),
    )
    source = write(tmp_path / "wind.csv", gap=gap)
    made = events.make(DAY, source=source, cadence=600)
    wind = solar_wind.load(made.start, made.stop, source=made.solar_wind)
    cube = cubes.cube(made, wind, cadence=made.cadence)
    assert cube.sizes["time"] == 145 - 7
    assert not ((cube.time >= gap[0]) & (cube.time <= gap[1])).any()
    assert any(
        "not known at 61 minutes in 1 gap, the longest 2015-03-17 "
        "10:00 UT to 2015-03-17 11:00 UT" in fact.text
        for fact in made.facts
    )


def test_bridged_minutes_are_told(tmp_path):
    gap = (
        np.datetime64("2015-03-17T10:00"),
        np.datetime64("2015-03-17T10:05"),
    )
    source = write(tmp_path / "wind.csv", gap=gap)
    made = events.make(DAY, source=source)
    assert any("At 6 of 1441 minutes" in fact.text for fact in made.facts)
    strict = events.make(DAY, source=source, bridge=0, overwrite=True)
    assert any("not known at 6 minutes" in fact.text for fact in strict.facts)


def test_an_event_is_observed_at_its_own_cadence(wind, monkeypatch):
    made = events.make(DAY, 0.05, source=wind, cadence=90)
    asked = []

    def no_cubes(event, wind, *, run, cadence):
        asked.append(cadence)
        raise RuntimeError("far enough")

    monkeypatch.setattr(cubes, "cube", no_cubes)
    with pytest.raises(RuntimeError, match="far enough"):
        library.keep(made)
    assert asked == [90.0]


def test_a_wind_that_is_nothing_but_gaps_is_refused(tmp_path, own):
    gap = (np.datetime64("2015-03-17"), np.datetime64("2015-03-19"))
    source = write(tmp_path / "wind.csv", gap=gap)
    with pytest.raises(ValueError, match="is known at no minute"):
        events.make(DAY, source=source)
    assert not own.exists()


@pytest.mark.parametrize(
    ("start", "hours", "message"),
    [
        ("2015-03-20", 24, "covers 2015-03-17 00:00 to 2015-03-18 00:00"),
        (DAY, 0, "more than 0 and up to 72 hours, got 0"),
        (DAY, -3, "more than 0 and up to 72 hours, got -3"),
        (DAY, 73, "more than 0 and up to 72 hours, got 73"),
        (DAY, float("nan"), "up to 72 hours, got nan"),
        (DAY, "long", "up to 72 hours, got 'long'"),
        (DAY, 0.001, "lasts a minute or more"),
        ("the Ides", 24, "start must be a time such as .*, got 'the Ides'"),
        ("NaT", 24, "start must be a time"),
    ],
)
def test_a_time_that_cannot_be_is_refused(wind, start, hours, message):
    with pytest.raises(ValueError, match=message):
        events.make(start, hours, source=wind)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cadence": 0}, "cadence must be 1 to 3600 whole seconds"),
        ({"cadence": 0.5}, "cadence must be 1 to 3600 whole seconds"),
        ({"bridge": -1}, "bridge must be 0 to 180 min"),
        ({"name": "../up"}, "named by up to 64 letters"),
        ({"name": "a\nb"}, "named by up to 64 letters"),
    ],
)
def test_what_cannot_be_is_refused(wind, wrong, message):
    with pytest.raises(ValueError, match=message):
        events.make(DAY, source=wind, **wrong)


def test_an_event_needs_a_start_or_a_file():
    with pytest.raises(ValueError, match="needs its start, .* or a file"):
        events.make()


def test_a_day_without_data_is_refused_with_what_was_tried():
    with pytest.raises(ValueError, match="no solar wind of 2030.*OFFLINE"):
        events.make("2030-01-01")


def test_a_name_is_taken_once_unless_it_shall_be_replaced(wind, own):
    events.make(DAY, source=wind, title="The first")
    with pytest.raises(ValueError, match="is an event 2015-03-17 already"):
        events.make(DAY, source=wind)
    assert events.load(DAY).title == "The first"
    events.make(DAY, 12, source=wind, title="The second", overwrite=True)
    assert events.load(DAY).title == "The second"
    winds = [p.name for p in own.parent.iterdir() if p.suffix == ".csv"]
    assert len(winds) == 1, "the wind of the first is no longer needed"


def test_an_event_that_ships_is_not_replaced_unasked():
    with pytest.raises(ValueError, match="is an event 2012-06-16 already"):
        events.make("2012-06-16", 12)


def test_an_overlap_is_told_and_allowed(wind):
    told = []
    events.make(DAY, source=wind)
    events.make(
        "2015-03-17T12:00", 6, source=wind, name="part", warn=told.append
    )
    assert told == ["part overlaps 2015-03-17."]
    # they meet, and do not overlap
    events.make(DAY, 12, source=wind, name="before", warn=told.append)
    assert told[1:] == ["before overlaps 2015-03-17."]


def test_what_the_user_wrote_stays_as_it_was(wind, own):
    own.parent.mkdir()
    mine = f'''# my storms, do not touch
["2001-11-05"]
title = "Mine" # by hand
summary = "s"
start = 2001-11-05T00:00:00
stop = 2001-11-06T00:00:00
focus = 2001-11-05T12:00:00
solar_wind = "{wind}"
'''
    own.write_text(mine)
    events.make(DAY, source=wind)
    assert own.read_text().startswith(mine)
    assert events.load("2001-11-05").title == "Mine"
    events.remove(DAY)
    assert own.read_text() == mine


def test_an_entry_by_hand_is_never_replaced_or_removed(wind, own):
    own.parent.mkdir()
    text = f'''["{DAY}"]
title = "Mine"
summary = "s"
start = 2015-03-17T00:00:00
stop = 2015-03-18T00:00:00
focus = 2015-03-17T12:00:00
solar_wind = "{wind}"
'''
    own.write_text(text)
    with pytest.raises(ValueError, match="written by hand"):
        events.make(DAY, source=wind, overwrite=True)
    with pytest.raises(ValueError, match="by hand in"):
        events.remove(DAY)
    assert own.read_text() == text
    assert [p.name for p in own.parent.iterdir()] == [own.name]


def test_a_damaged_catalog_is_not_written_over(wind, own):
    own.parent.mkdir()
    own.write_text("[not toml")
    with pytest.raises(ValueError, match="not valid TOML"):
        events.make(DAY, source=wind)
    assert own.read_text() == "[not toml"


def test_a_removed_event_leaves_nothing_behind(wind, own):
    events.make(DAY, source=wind)
    events.remove(DAY)
    assert DAY not in events.catalog().index
    assert [p.name for p in own.parent.iterdir()] == [own.name]
    with pytest.raises(ValueError, match="no event of your own"):
        events.remove(DAY)


def test_any_title_is_written_safely(wind, own):
    title = 'A "great" storm\\ \n[x]\n# <<<\n# >>> made by smile_explore: y'
    events.make(DAY, source=wind, title=title)
    assert events.load(DAY).title == title
    assert set(tomllib.loads(own.read_text())) == {DAY}
    events.remove(DAY)
    assert own.read_text() == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_told(wind, own):
    own.parent.mkdir(mode=0o500)
    with pytest.raises(OSError, match="cannot be written .*_EVENTS"):
        events.make(DAY, source=wind)


def test_a_catalog_whose_folder_is_a_file_is_told(wind, own):
    own.parent.write_text("")
    with pytest.raises(OSError, match="cannot be written .*_EVENTS"):
        events.make(DAY, source=wind)


def test_a_full_disk_leaves_the_catalog_as_it_was(wind, own, monkeypatch):
    events.make(DAY, source=wind)
    before = own.read_text()
    files = sorted(own.parent.iterdir())
    honest = atomic.write_text

    def full(path, text):
        if path.suffix == ".toml":
            raise OSError(errno.ENOSPC, "No space left on device")
        honest(path, text)

    monkeypatch.setattr(atomic, "write_text", full)
    with pytest.raises(OSError, match=r"\(No space left on device\)"):
        events.make(DAY, 6, source=wind, overwrite=True)
    assert own.read_text() == before
    assert sorted(own.parent.iterdir()) == files


def test_what_is_cancelled_leaves_nothing(own, monkeypatch):
    def fetch(*_, progress, **__):
        progress(0, 1)

    def stop(_done, _total):
        raise InterruptedError("cancelled")

    monkeypatch.setattr(solar_wind, "fetch", fetch)
    with pytest.raises(InterruptedError):
        events.make("2030-01-01", progress=stop)
    assert not own.exists()


def test_the_name_of_a_cache_entry_follows_the_cadence(wind):
    fine = events.make(DAY, source=wind, name="fine")
    coarse = replace(fine, cadence=600.0)
    assert library._name(fine, None) != library._name(coarse, None)


def test_a_file_of_observations_gives_the_event_back(
    wind, tmp_path, observations
):
    made = events.make(DAY, source=wind, cadence=90)
    path = archive.save(replace(observations, event=made), tmp_path / "o.nc")
    assert archive.open(path).event == made
