import hashlib

import numpy as np
import pandas as pd
import pytest

from smile_explore.data import samples, solar_wind
from smile_explore.schema import SOLAR_WIND

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


def test_sources_are_asked_in_order(monkeypatch):
    def no_network(start, stop):
        raise LookupError("there is no network")

    monkeypatch.setattr(
        solar_wind, "_SOURCES", (no_network, *solar_wind._SOURCES)
    )
    assert (
        solar_wind.load("2012-06-16T22", "2012-06-16T23").sizes["time"] == 61
    )
    with pytest.raises(ValueError, match="no network; the samples cover 2012"):
        solar_wind.load("2001-11-05", "2001-11-06")


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
