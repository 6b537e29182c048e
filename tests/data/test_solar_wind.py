import hashlib

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from smile_explore.data import samples, solar_wind
from smile_explore.data.sources import day_files, ladder
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.schema import COMPONENTS, SOLAR_WIND
from tests.data.measured import NAME, keep, omni_day

HEADER = "time,bx,by,bz,vx,vy,vz,n,T\n"
ROWS = (
    "2020-01-01T00:00:00Z,1,2,3,-400,30,0,5,116045.18\n"
    "2020-01-01T00:01:00Z,1,2,3,-400,30,0,5,116045.18\n"
)


@pytest.fixture
def own(tmp_path):
    def write(text):
        path = tmp_path / "own.csv"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("day", ["2012-06-16", "2014-09-12"])
def test_pressure_is_that_of_the_table(day):
    file = samples.path(f"{day}_reconstruction.csv")
    table = pd.read_csv(file, comment="#")
    wind = solar_wind.open_csv(file)
    np.testing.assert_allclose(wind.dynamic_pressure, table["pdyn"], atol=0.01)


def test_an_interval_is_found_in_the_samples():
    wind = solar_wind.load("2012-06-16T22:00", "2012-06-16T23:00")
    SOLAR_WIND.check(wind)
    assert wind.sizes["time"] == 61
    assert wind.time.values[0] == np.datetime64("2012-06-16T22:00")
    peak = wind.sel(time="2012-06-16T22:25")
    assert float(peak.density) == 78.0
    assert float(peak.dynamic_pressure) == pytest.approx(32.62, abs=0.01)


def test_a_reconstruction_never_looks_like_a_measurement():
    wind = solar_wind.load("2014-09-12T15", "2014-09-12T17")
    file = samples.path("2014-09-12_reconstruction.csv")
    assert wind.attrs["measured"] is False
    assert wind.attrs["source"] == "reconstruction"
    assert wind.attrs["file"] == file.name
    assert "NOT measured" in wind.attrs["note"]
    assert (
        wind.attrs["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    )


def test_units_of_a_file_become_those_of_the_house(own):
    wind = solar_wind.open_csv(own(HEADER + ROWS))
    np.testing.assert_allclose(wind.temperature, 10.0, rtol=1e-7)
    np.testing.assert_allclose(wind.velocity[0], [-400.0, 30.0, 0.0])
    # m_p n v^2 by hand: 1.67262192e-27 kg * 5e6 m-3 * 1.609e11 m2 s-2
    np.testing.assert_allclose(wind.dynamic_pressure, 1.345624, rtol=1e-6)


@pytest.mark.parametrize(
    ("comment", "measured"),
    [
        ("", False),
        ("# NOT measured\n", False),
        ("# made from measured means\n", False),
        ("# measured: true\n", True),
    ],
)
def test_only_a_plain_statement_makes_a_measurement(own, comment, measured):
    wind = solar_wind.open_csv(own(comment + HEADER + ROWS))
    assert wind.attrs["measured"] is measured


def test_a_source_can_be_a_sample_or_a_file(own):
    named = solar_wind.load(
        "2012-06-16T22",
        "2012-06-16T23",
        source="2012-06-16_reconstruction.csv",
    )
    file = own(HEADER + ROWS)
    wind = solar_wind.load("2020-01-01", "2020-01-01T00:01", source=file)
    assert named.attrs["file"] == "2012-06-16_reconstruction.csv"
    assert wind.sizes["time"] == 2


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """A cache of its own, with OMNI of two days of June 2012."""
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    keep("2012-06-16", "2012-06-17", cadence=600)
    return tmp_path / "cache"


@pytest.fixture
def fetched(monkeypatch):
    """What the ladder is asked for; nothing is ever there."""
    asked = []

    def days(names, start, stop, *, download=False, **options):
        asked.append((*names, download))
        error = DataUnavailable(names[0], "the archive has no file of it")
        return dict.fromkeys(names, error)

    monkeypatch.setattr(ladder, "days", days)
    return asked


SHIPPED = ("2012-06-16T22", "2012-06-16T23")


def test_what_was_measured_wins_over_a_reconstruction(cached):
    wind = solar_wind.load(*SHIPPED)
    SOLAR_WIND.check(wind)
    assert wind.attrs["measured"] is True
    assert wind.attrs["source"] == "OMNI_HRO_1MIN"
    assert wind.attrs["file"] == "omni_2012-06-16.cdf"
    assert wind.attrs["missing"] == 0.0
    assert wind.attrs["note"] == (
        "OMNI_HRO_1MIN of omni_2012-06-16.cdf, fetched 2026-01-01T00:00:00Z, "
        "0% of it fill"
    )
    assert "sym_h" not in wind
    assert solar_wind.measured(*SHIPPED) == "OMNI"


def test_a_reconstruction_that_is_asked_for_by_name_is_given(cached):
    name = "2012-06-16_reconstruction.csv"
    wind = solar_wind.load(*SHIPPED, source=name)
    assert wind.attrs["measured"] is False


def test_half_a_measurement_is_none(cached):
    wind = solar_wind.load("2014-09-12T15", "2014-09-12T17")
    assert wind.attrs["measured"] is False
    assert solar_wind.measured("2012-06-17T22", "2012-06-18T02") == ""


def test_a_measurement_that_is_all_fill_there_is_none(cached):
    day = omni_day("2012-06-16", cadence=600)
    night = day.where(day.time < np.datetime64("2012-06-16T12"))
    day_files.store(NAME, "2012-06-16", night)
    assert solar_wind.load(*SHIPPED).attrs["measured"] is False
    with pytest.raises(DataUnavailable, match="nothing but fill values then"):
        solar_wind.load(*SHIPPED, source="OMNI")


def test_a_measurement_that_is_mostly_fill_is_taken_only_by_name(cached):
    day = omni_day("2012-06-16", cadence=600)
    for hour, taken in (("T21:00", False), ("T18:00", True)):
        kept = day.where(day.time >= np.datetime64(f"2012-06-16{hour}"))
        day_files.store(NAME, "2012-06-16", kept)
        span = "2012-06-16T14", "2012-06-16T22"
        assert bool(solar_wind.measured(*span)) is taken
        assert solar_wind.load(*span).attrs["measured"] is taken
        assert solar_wind.load(*span, source="OMNI").attrs["missing"] > 0.4


def test_an_event_that_ships_never_waits_for_the_network(fetched):
    assert solar_wind.load(*SHIPPED).sizes["time"] == 61
    assert not any(download for *_, download in fetched)


@pytest.mark.parametrize(
    ("download", "asked"), [(None, True), (True, True), (False, False)]
)
def test_the_network_is_asked_as_the_caller_allows(fetched, download, asked):
    with pytest.raises(ValueError, match="no source has the solar wind of 20"):
        solar_wind.load("2001-11-05", "2001-11-06", download=download)
    assert any(download for *_, download in fetched) is asked


def test_with_leave_it_is_asked_before_a_reconstruction_is_taken(fetched):
    wind = solar_wind.load(*SHIPPED, download=True)
    assert wind.attrs["measured"] is False
    assert fetched[-1] == (NAME, True)


def test_who_was_asked_and_why_not_is_said():
    with pytest.raises(
        ValueError,
        match="nothing measured is on this computer; the samples cover 2012"
        ".*; OMNI 1 min: no data of 2001-11-05: the network is switched off",
    ):
        solar_wind.load("2001-11-05", "2001-11-06")


def test_a_measurement_that_ships_comes_first(cached, own, monkeypatch):
    rows = ROWS.replace("2020-01-01", "2012-06-16")
    file = own("# measured: true\n" + HEADER + rows)
    monkeypatch.setattr(samples, "names", lambda: ("own.csv",))
    monkeypatch.setattr(samples, "path", lambda name: file)
    wind = solar_wind.load("2012-06-16", "2012-06-16T00:01")
    assert wind.attrs["file"] == "own.csv"


def test_fetching_asks_the_network_and_says_why_not(fetched):
    with pytest.raises(DataUnavailable) as caught:
        solar_wind.fetch("2001-11-05", "2001-11-06")
    assert caught.value.source == NAME
    assert caught.value.reason == "the archive has no file of it"
    assert fetched == [(NAME, True)]
    with pytest.raises(ValueError, match="source must be one of OMNI, ACE"):
        solar_wind.fetch("2001-11-05", "2001-11-06", source="DSCOVR")


def l1_days(mission, speed, *, x=235.0):
    """Field, moments and place of a spacecraft at L1 on 17 March 2015."""
    time = np.datetime64("2015-03-17", "ns") + np.arange(
        0, 86400, 64
    ) * np.timedelta64(1, "s")
    flow = np.stack(
        [-speed(np.arange(time.size)), *[0.0 * time.astype(float)] * 2], 1
    )
    coords = {"time": time, "component": list(COMPONENTS)}

    def vector(values):
        return xr.DataArray(
            np.broadcast_to(values, (time.size, 3)),
            coords,
            ("time", "component"),
            attrs={"frame": "GSM"},
        )

    about = {
        "source": mission,
        "file": f"{mission}.cdf",
        "retrieved": "2026-01-01T00:00:00Z",
        "measured": True,
    }
    one = xr.ones_like(vector([0.0, 0.0, 0.0])[:, 0], float).drop_vars(
        "component"
    )
    moments = xr.Dataset(
        {
            "density": 5.0 * one,
            "velocity": vector(flow),
            "temperature": 10.0 * one,
        },
        attrs=about,
    )
    field = xr.Dataset(
        {"magnetic_field": vector([1.0, 2.0, 3.0])}, attrs=about
    )
    place = xr.Dataset(
        {
            "position": vector([x, 20.0, 0.0]),
            "velocity": vector([0.0, 0.0, 0.0]),
        },
        attrs=about,
    )
    for what, data in {
        "moments": moments,
        "field": field,
        "position": place,
    }.items():
        day_files.store(f"{mission} {what}", "2015-03-17", data)


def test_a_wind_of_l1_is_dated_at_the_nose_of_the_bow_shock(cached):
    l1_days("ACE", lambda n: 400.0 + 0.0 * n)
    wind = solar_wind.load("2015-03-17T06", "2015-03-17T07")
    SOLAR_WIND.check(wind)
    assert wind.attrs["measured"] is True
    assert wind.attrs["source"] == "ACE"
    # Jelinek: 15.02 (5 * 1.672622e-6 * 400^2 = 1.338 nPa)^(-1/6.55) = 14.365
    # R_E, so (235 - 14.365) 6371.2 / 400 / 60 = 58.57 min.
    np.testing.assert_allclose(wind.lag, 58.57, atol=0.01)
    assert "flat delay x/V to the bow shock nose" in wind.attrs["lag"]
    assert wind.attrs["overtaken"] == 0
    assert solar_wind.measured("2015-03-17T06", "2015-03-17T07") == "ACE"


def test_wind_that_faster_wind_overtakes_is_left_out(cached):
    l1_days("Wind", lambda n: np.where(n < 500, 400.0, 800.0))
    wind = solar_wind.load("2015-03-17T04", "2015-03-17T23", source="Wind")
    assert wind.attrs["overtaken"] == pytest.approx(29.3 * 60 / 64, abs=2)
    assert (np.diff(wind.time.values) > np.timedelta64(0)).all()


def test_what_is_covered_is_said(own):
    with pytest.raises(
        ValueError, match="own.csv covers 2020-01-01 00:00 to 2020-01-01 00:01"
    ):
        solar_wind.load("2020-01-01", "2020-01-02", source=own(HEADER + ROWS))
    with pytest.raises(
        ValueError, match="2012-06-16 12:00 to 2012-06-17 14:00 UTC"
    ):
        solar_wind.load("2012-06-16T11:59", "2012-06-16T13:00")


def test_an_interval_must_start_before_it_stops():
    with pytest.raises(ValueError, match="must start before it stops"):
        solar_wind.load("2012-06-16T23:00", "2012-06-16T22:00")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no solar wind file at"):
        solar_wind.open_csv(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("time,n\n2020-01-01,5\n", "own.csv is no solar wind table: it lacks"),
        (HEADER + ROWS.replace("-400", "fast"), "no solar wind table: could"),
        (HEADER + ROWS.replace("2020", "first"), "is no solar wind table"),
        (HEADER + ROWS + ROWS, "own.csv: its times must increase"),
        (HEADER, "own.csv is no solar wind table: it has no rows"),
        ("", "is no solar wind table"),
    ],
    ids=["column", "number", "time", "order", "rows", "empty"],
)
def test_a_bad_table_is_refused(own, text, message):
    with pytest.raises(ValueError, match=message):
        solar_wind.open_csv(own(text))
