"""The worker's steps against a real server, with pyspedas in this process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from smile_explore import frames
from smile_explore.data.sources import day_files, process, worker
from smile_explore.schema import COMPONENTS, SOLAR_WIND
from tests.authority import quiet_pyspedas
from tools import archive

NAME = "OMNI 1 min"
MONTHS = ("201206", "201207", "201208", "201209")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    for month in MONTHS:
        values = archive.omni_minutes(month, days=3, hours=2)
        if month == "201206":
            values["BZ_GSM"][60] = np.nan  # one fill
            values["Vx"][120:240] = np.nan
            for name in archive.FILL:
                values[name][240:] = np.nan  # the third day is all fill
        if month == "201209":
            del values["proton_density"]
        archive.write_omni(folder / archive.LAYOUT.format(month=month), values)
    with archive.serving(folder) as running:
        yield running


@pytest.fixture
def serve(server, tmp_path, monkeypatch):
    """Serve a day of OMNI, without pyspedas' pauses between attempts."""
    quiet_pyspedas()
    from pyspedas.projects.omni.config import CONFIG
    from pyspedas.utilities import download

    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path))
    monkeypatch.setitem(CONFIG, "remote_data_dir", server.url)
    monkeypatch.setitem(CONFIG, "local_data_dir", "nowhere/")
    monkeypatch.setattr(download, "sleep", lambda seconds: None)
    monkeypatch.setattr(download.time, "sleep", lambda seconds: None)
    server.moods, server.asked = {}, []

    def ask(day, rungs=(False, True)):
        return worker.serve(NAME, [day], list(rungs), lambda step: None)

    return ask


def test_a_day_comes_into_the_cache_with_where_it_comes_from(serve, server):
    assert serve("2012-06-01") == (["2012-06-01"], "")
    day = day_files.load(NAME, "2012-06-01")
    SOLAR_WIND.check(day)
    assert day.sizes["time"] == 120
    assert day.attrs["measured"] is True
    assert day.attrs["source"] == "OMNI_HRO_1MIN"
    url = server.url + archive.LAYOUT.format(month="201206")
    assert day.attrs["url"] == url
    file = server.folder / archive.LAYOUT.format(month="201206")
    assert day.attrs["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert day.attrs["retrieved"].endswith("Z")


def test_values_are_in_gsm_and_fill_is_nothing(serve):
    serve("2012-06-01")
    day = day_files.load(NAME, "2012-06-01")
    angle = 2 * np.pi * 30 / 1440
    np.testing.assert_allclose(
        day.magnetic_field.sel(time="2012-06-01T00:30"),
        [2.0, 5.0 * np.sin(angle), 5.0 * np.cos(angle)],
        rtol=1e-6,
    )
    assert np.isnan(day.magnetic_field[60, 2])
    assert np.isfinite(day.magnetic_field[60, :2]).all()
    expected = frames.rotate(
        day.velocity.copy(
            data=np.broadcast_to([-400.0, 30.0, 0.0], (120, 3))
        ).assign_attrs(frame="GSE"),
        to="GSM",
    )
    np.testing.assert_allclose(day.velocity, expected, rtol=1e-5, atol=1e-4)
    assert list(day.component) == list(COMPONENTS)
    np.testing.assert_allclose(day.temperature, 10.0, rtol=1e-6)
    np.testing.assert_allclose(day.sym_h[0], -10.0)
    np.testing.assert_allclose(day.al, -150.0)


def test_a_gap_of_one_instrument_stays_a_gap(serve):
    serve("2012-06-02")
    day = day_files.load(NAME, "2012-06-02")
    assert np.isnan(day.velocity[:, 0]).all()
    assert np.isnan(day.dynamic_pressure).all()
    assert np.isfinite(day.density).all()


def test_what_pyspedas_has_is_not_asked_of_the_network(serve, server):
    serve("2012-06-01")
    asked = len(server.asked)
    assert serve("2012-06-02") == (["2012-06-02"], "")
    assert serve("2012-06-01", [False]) == (["2012-06-01"], "")
    assert len(server.asked) == asked


def test_a_day_of_fill_alone_is_no_data(serve):
    kept, reason = serve("2012-06-03")
    assert not kept
    assert "has nothing but fill values on 2012-06-03" in reason
    assert day_files.load(NAME, "2012-06-03") is None


@pytest.mark.parametrize(
    ("day", "moods", "message"),
    [
        ("2012-11-01", {}, "the archive has no file of it"),
        ("2013-06-01", {}, "the archive has no file of it"),
        ("2012-06-05", {}, "it has nothing of 2012-06-05"),
        ("2012-07-01", {"07": "html"}, "what the archive sent is no CDF file"),
        ("2012-08-01", {"08": "half"}, "broke off in the middle of a file"),
        ("2012-07-01", {"/": "error"}, "RetryError"),
        ("2012-09-01", {}, "is a file of another product: it lacks proton"),
    ],
    ids=["month", "year", "day", "html", "half", "error", "product"],
)
def test_what_cannot_be_had_is_said_in_one_clause(
    serve, server, day, moods, message
):
    server.moods = moods
    kept, reason = serve(day)
    assert not kept
    assert message in reason
    assert "\n" not in reason


def test_a_slow_server_is_waited_for(serve, server):
    server.moods = {"07": "slow"}
    assert serve("2012-07-01") == (["2012-07-01"], "")


def test_a_file_without_the_day_is_kept(serve, tmp_path):
    serve("2012-06-05")
    assert len(list(tmp_path.rglob("*.cdf"))) == 1


def test_a_damaged_file_of_pyspedas_is_replaced(serve, tmp_path):
    serve("2012-06-01")
    raw = next(tmp_path.rglob("*.cdf"))
    raw.write_bytes(raw.read_bytes()[:5000])
    assert serve("2012-06-02", [False])[0] == []
    assert serve("2012-06-02") == (["2012-06-02"], "")


@pytest.mark.parametrize("found", [None, [], {}], ids=repr)
def test_nothing_of_any_kind_is_nothing(serve, monkeypatch, found):
    from pyspedas.projects import omni

    monkeypatch.setattr(omni, "data", lambda **options: found)
    assert serve("2012-06-01") == ([], "the archive has no file of it")


@pytest.mark.parametrize(
    "error",
    [IndexError("list index out of range"), SystemExit(1), OSError("no")],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_loader_raises_is_a_reason(serve, monkeypatch, error):
    from pyspedas.projects import omni

    def load(**options):
        raise error

    monkeypatch.setattr(omni, "data", load)
    kept, reason = serve("2012-06-01")
    assert not kept
    assert type(error).__name__ in reason


def test_the_process_answers_in_lines_of_json():
    request = {"products": [], "days": ["2012-06-01"], "network": []}
    done = subprocess.run(
        [*process.COMMAND, json.dumps(request)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert json.loads(done.stdout) == {"days": {}, "reasons": {}}
