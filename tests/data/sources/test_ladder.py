from __future__ import annotations

import logging
import socket
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from smile_explore.data import cache, network
from smile_explore.data.sources import day_files, ladder, process
from smile_explore.data.sources.products import PRODUCTS
from smile_explore.data.sources.unavailable import DataUnavailable
from tests.data.measured import NAME, keep, omni_day

FIRST, LAST = pd.Timestamp("2015-03-17T22"), pd.Timestamp("2015-03-18T02")
DAYS = ["2015-03-17", "2015-03-18"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path))
    monkeypatch.setattr(ladder, "_unstored", {})
    return tmp_path


@pytest.fixture
def online(monkeypatch):
    monkeypatch.setattr(network, "why_not", lambda: "")


@pytest.fixture
def worker(monkeypatch):
    """Requests to a worker that brings every day it is asked for."""
    requests = []

    def run(request, *, folder, deadline, progress):
        requests.append(request | {"folder": folder})
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SMILE_EXPLORE_CACHE", str(folder))
            keep(*request["days"], cadence=600)
        return {
            "days": dict.fromkeys(request["products"], request["days"]),
            "reasons": dict.fromkeys(request["products"], ""),
        }

    monkeypatch.setattr(process, "run", run)
    return requests


def load(**options):
    return ladder.days([NAME], FIRST, LAST, **options)[NAME]


def test_days_are_joined_and_cut_and_say_where_they_come_from():
    keep(*DAYS)
    data = load()
    assert data.sizes["time"] == 241
    assert data.time.values[0] == np.datetime64("2015-03-17T22")
    assert data.attrs["file"] == "omni_2015-03-17.cdf, omni_2015-03-18.cdf"
    assert data.attrs["sha256"] == "20150317, 20150318"
    assert data.attrs["measured"] is True
    assert data.magnetic_field.attrs["frame"] == "GSM"


def test_midnight_ends_a_day():
    keep(DAYS[0])
    stop = pd.Timestamp("2015-03-18")
    data = ladder.days([NAME], FIRST, stop)[NAME]
    assert data.sizes["time"] == 120


def test_the_cache_is_asked_before_anything_else(online, worker):
    keep(*DAYS)
    assert isinstance(load(download=True), xr.Dataset)
    assert not worker


def test_files_of_pyspedas_come_before_the_network(online, worker):
    assert isinstance(load(download=True), xr.Dataset)
    assert worker[0]["network"] == [False, True]
    assert worker[0]["days"] == DAYS
    assert len(worker) == 1
    load(download=True)
    assert len(worker) == 1


def test_a_refresh_asks_the_network_alone(online, worker):
    keep(*DAYS)
    load(download=True, refresh=True)
    assert worker[0]["network"] == [True]


def test_a_refresh_that_fails_is_not_hidden_by_the_old_data(
    online, monkeypatch
):
    def run(request, **options):
        raise TimeoutError("no answer within 90 s")

    monkeypatch.setattr(process, "run", run)
    keep(*DAYS)
    error = load(download=True, refresh=True)
    assert str(error) == f"{NAME}: nothing newer came: no answer within 90 s"
    assert isinstance(load(), xr.Dataset)


def test_nothing_is_fetched_unless_it_is_allowed(online, worker):
    error = load()
    assert isinstance(error, DataUnavailable)
    assert error.source == NAME
    assert error.reason == (
        "no data of 2015-03-17, 2015-03-18: not on this computer, and the "
        "network was not asked"
    )
    assert not worker


def test_offline_nothing_is_started_for_nothing(worker):
    error = load(download=True)
    assert "the network is switched off by SMILE_EXPLORE_OFFLINE" in str(error)
    assert not worker


def test_offline_files_of_pyspedas_are_still_used(worker, folder):
    raw = folder / "pyspedas/omni/hro_1min/2015/omni_201504_v01.cdf"
    raw.parent.mkdir(parents=True)
    raw.write_bytes(b"another month")
    assert isinstance(load(download=True), DataUnavailable)
    assert not worker
    raw.rename(raw.with_name("omni_20150301_v01.cdf"))
    assert isinstance(load(download=True), xr.Dataset)
    assert worker[0]["network"] == [False]


def test_a_missing_day_is_named():
    keep(DAYS[0])
    assert "no data of 2015-03-18:" in str(load())


def test_a_corrupt_day_is_fetched_again_not_trusted(
    online, worker, folder, caplog
):
    keep(*DAYS)
    file = next(folder.rglob("2015-03-18.nc"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert isinstance(load(download=True), xr.Dataset)
    assert "2015-03-18.nc is not as it was stored" in caplog.text
    assert len(worker) == 1


def test_a_cache_that_cannot_be_written_is_done_without(
    online, worker, folder, monkeypatch, caplog
):
    (folder / "file").write_text("")
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(folder / "file" / "cache"))
    assert isinstance(load(download=True), xr.Dataset)
    assert "Results are kept in memory only" in caplog.text
    assert not Path(worker[0]["folder"]).exists()
    assert isinstance(load(), xr.Dataset)  # of the memory
    assert len(worker) == 1


@pytest.mark.parametrize("error", [TimeoutError, RuntimeError])
def test_a_worker_that_fails_is_a_reason(online, monkeypatch, error):
    def run(request, **options):
        raise error("no answer within 90 s")

    monkeypatch.setattr(process, "run", run)
    assert "no answer within 90 s" in str(load(download=True))


def test_what_progress_raises_is_passed_on(online, monkeypatch):
    class Cancelled(Exception):
        pass

    def run(request, *, progress, **options):
        progress(0, 1)

    def cancel(done, total):
        raise Cancelled

    monkeypatch.setattr(process, "run", run)
    with pytest.raises(Cancelled):
        load(download=True, progress=cancel)


def test_a_day_without_a_known_value_is_none():
    data = omni_day("2015-03-17", cadence=600)
    empty = data.where(data.time < np.datetime64("2015-03-17"))
    assert day_files.split(empty, ("density", "sym_h")) == ({}, ["2015-03-17"])
    full, _ = day_files.split(data, ("density",))
    assert list(full) == ["2015-03-17"]


@pytest.mark.parametrize(
    ("start", "stop", "message"),
    [
        ("2015-03-18", "2015-03-17", "must start before it stops"),
        ("2015-03-17", "2015-03-17", "must start before it stops"),
        ("the ides of March", "2015-03-17", "must be two times such as"),
    ],
)
def test_a_bad_interval_is_refused(start, stop, message):
    with pytest.raises(ValueError, match=message):
        ladder.interval(start, stop)


def test_a_product_that_is_none_is_refused():
    with pytest.raises(DataUnavailable, match="there are OMNI 1 min, OMNI ho"):
        ladder.days(["OMNI weekly"], FIRST, LAST)


def test_every_loader_is_one_of_pyspedas():
    from importlib import import_module

    from tests.authority import quiet_pyspedas

    quiet_pyspedas()
    for product in PRODUCTS.values():
        project, loader = product.loader.split(".")
        module = import_module(f"pyspedas.projects.{project}")
        import inspect

        known = inspect.signature(getattr(module, loader)).parameters
        wanted = {"trange", "downloadonly", "no_update", *product.arguments}
        assert wanted <= set(known), product


def test_a_sealed_file_still_opens_and_shows_any_change(tmp_path):
    path = tmp_path / "sealed.nc"
    omni_day("2015-03-17", cadence=3600).drop_attrs().to_netcdf(path)
    cache.seal(path)
    cache.unseal(path)
    assert xr.load_dataset(path).sizes["time"] == 24
    content = path.read_bytes()
    for damaged in (content[:-1], content[:-80], content[100:], b""):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="is not as it was stored"):
            cache.unseal(path)


class TestNetwork:
    @pytest.fixture(autouse=True)
    def asked(self, monkeypatch):
        monkeypatch.setattr(network, "_found", {})
        monkeypatch.delenv("SMILE_EXPLORE_OFFLINE", raising=False)
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.delenv(name, raising=False)

    @pytest.fixture
    def mirror(self, tmp_path, monkeypatch):
        def use(url):
            path = tmp_path / "preferences.toml"
            path.write_text(f'[projects.omni]\nremote_data_dir = "{url}"\n')
            monkeypatch.setenv("PYSPEDAS_CONFIG_FILE", str(path))

        return use

    def test_one_connection_decides_until_it_is_retried(self, mirror):
        with socket.create_server(("127.0.0.1", 0)) as server:
            mirror(f"http://127.0.0.1:{server.getsockname()[1]}/omni/")
            assert network.online()
        assert network.online()
        assert not network.retry()
        assert "127.0.0.1 cannot be reached (" in network.why_not()

    def test_an_address_that_never_answers_costs_two_seconds(
        self, mirror, monkeypatch
    ):
        monkeypatch.setattr(network, "PATIENCE", 0.1)
        calls = []

        def silent(address, timeout):
            calls.append(address)
            import time

            time.sleep(0.3)
            raise TimeoutError

        monkeypatch.setattr(socket, "create_connection", silent)
        mirror("https://archive.invalid/omni/")
        for _ in range(3):
            assert network.why_not() == (
                "archive.invalid does not answer within 0.1 s"
            )
        assert calls == [("archive.invalid", 443)]

    def test_a_proxy_is_asked_where_there_is_one(self, mirror, monkeypatch):
        calls = []

        def connect(address, timeout):
            calls.append(address)
            raise ConnectionRefusedError(111, "Connection refused")

        monkeypatch.setattr(socket, "create_connection", connect)
        monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
        mirror("https://archive.invalid/omni/")
        assert not network.online()
        assert calls == [("proxy.example", 3128)]

    def test_it_can_be_switched_off(self, monkeypatch):
        monkeypatch.setenv("SMILE_EXPLORE_OFFLINE", "1")
        assert not network.online()
        assert not network.retry()

    def test_without_a_mirror_the_archive_is_nasas(self, monkeypatch):
        monkeypatch.setenv("PYSPEDAS_CONFIG_FILE", "/nowhere/at.toml")
        assert network.archive().startswith("https://spdf.gsfc.nasa.gov")
