"""Fetching aside: from a real server on this machine, and from bad ones."""

import http.server
import pickle
import sys
import threading
import time
import types
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from smile_explore.data import _aside, cache, sun
from smile_explore.data import _sun_network as network
from tests.data.test_sun_files import brightest, write, write_xrays

AIA = "AIA20140910_1746_0193.fits"
XRS = "sci_xrsf-l2-avg1m_g15_d20140910_v2-2-1.nc"


class Server(http.server.ThreadingHTTPServer):
    """A web server that answers what a test tells it to."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.files, self.asked = {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        if isinstance(content, int):
            self.send_error(content)
            return
        promised, sent = (
            content
            if isinstance(content, tuple)
            else (
                len(content),
                content,
            )
        )
        self.send_response(200)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setattr(network, "_SYNOPTIC", server.url)
        monkeypatch.setattr(network, "_XRAYS", server.url)
        yield server
        server.shutdown()
        thread.join()


def test_an_image_comes_from_the_server_once_and_then_from_the_cache(
    server, tmp_path, monkeypatch
):
    content = write(tmp_path / "aia.fits", -400.0, 300.0).read_bytes()
    server.files[f"/2014/09/10/H1700/{AIA}"] = content
    # a process of its own is tried below; here it would import sunpy.map anew
    monkeypatch.setattr(
        network,
        "in_process",
        lambda call, *_: pickle.loads(pickle.dumps(call))(),
    )
    image = sun.fetch_image("2014-09-10T17:45", "AIA 193")
    assert brightest(image) == pytest.approx((-400.0, 300.0), abs=20.0)
    assert image.attrs["source"] == AIA
    kept = cache.folder() / "sun" / AIA
    assert kept.read_bytes() == content
    assert [one.name for one in kept.parent.iterdir()] == [AIA]
    # the nearest even minute was asked for first
    assert server.asked[0].endswith("_1744_0193.fits")
    # and the network is not asked again, nor needed
    server.files.clear()
    asked = len(server.asked)
    urls = network._aia_addresses(np.datetime64("2014-09-10T17:45"), 193)
    assert network._download(urls, kept.parent, b"SIMPLE") == kept
    assert len(server.asked) == asked


def test_xrays_come_in_their_newest_version(server, tmp_path):
    folder = "/goes15/xrsf-l2-avg1m_science/2014/09/"
    content = write_xrays(tmp_path / "x.nc").read_bytes()
    older = XRS.replace("v2-2-1", "v1-0-0")
    server.files[folder] = f'<a href="{older}"></a><a href="{XRS}">'.encode()
    server.files[folder + XRS] = content
    waited = []
    flux = sun.fetch_xrays(
        "2014-09-10",
        deadline=120.0,
        progress=lambda *at: waited.append(at),
    )
    assert waited[-1][0] > 0.0
    assert waited[-1][1] == 120.0
    assert flux.attrs["source"] == XRS
    assert flux.long.max() == pytest.approx(2.3e-4)
    server.files.clear()
    again = network._listed(server.url, "2014-09-10", cache.folder() / "sun")
    assert again.name == XRS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>please log in</html>", "sent something else"),
        ((10_000, b"SIMPLE  = half of it"), "broke off before its end"),
        (503, "answers 503"),
    ],
)
def test_what_a_server_sends_amiss_is_told_and_not_kept(
    server, tmp_path, content, said
):
    server.files["/a.fits"] = content
    folder = tmp_path / "kept"
    with pytest.raises(sun.Unavailable, match=said):
        network._download([server.url + "a.fits"], folder, b"SIMPLE  =")
    assert not folder.exists() or not list(folder.iterdir())


def test_images_that_are_missing_are_told_of(server, tmp_path):
    urls = network._aia_addresses(np.datetime64("2014-09-10T23:59"), 171)
    assert urls[0].endswith("/2014/09/11/H0000/AIA20140911_0000_0171.fits")
    with pytest.raises(sun.Unavailable, match="None of 11 files"):
        network._download(urls, tmp_path, b"SIMPLE  =")
    with pytest.raises(sun.Unavailable, match="No X-rays of 2014-09-10"):
        network._listed(server.url, "2014-09-10", tmp_path)


def test_without_a_network_it_is_said_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(sun.Unavailable, match="are you online"):
        network._download(["http://127.0.0.1:1/a.fits"], tmp_path, b"SIMPLE")


def test_a_worker_that_hangs_is_ended_at_the_deadline():
    started = time.monotonic()
    with pytest.raises(sun.Unavailable, match=r"no answer in 0\.5 s"):
        _aside.in_process(partial(time.sleep, 60.0), 0.5)
    assert time.monotonic() - started < 20.0


def test_waiting_can_be_cancelled():
    def cancel(elapsed, deadline):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _aside.in_process(partial(time.sleep, 60.0), 30.0, cancel)


def test_what_fails_in_the_worker_is_told_in_its_words():
    with pytest.raises(sun.Unavailable, match="invalid literal"):
        _aside.in_process(partial(int, "many"), 60.0)
    with pytest.raises(sun.Unavailable, match=r"ended early: .*ZeroDivision"):
        _aside.in_process(partial(divmod, 1, 0), 60.0)


def test_what_libraries_print_is_no_part_of_the_answer():
    assert _aside.in_process(partial(print, "progress"), 60.0) is None


def test_an_unknown_instrument_is_refused():
    with pytest.raises(ValueError, match="instrument must be one of AIA 171"):
        sun.fetch_image("2014-09-10", "EIT")


@pytest.mark.parametrize("known", [0, 1])
def test_fido_is_asked_for_the_image_nearest_in_the_hour(
    monkeypatch, tmp_path, known
):
    asked = []

    class Fido:
        @staticmethod
        def search(when, *kind):
            asked.append((when, kind))
            return [["nearest", "next"]] if known else []

        @staticmethod
        def fetch(rows, path):
            asked.append((rows, path))
            return [path.format(file="c2.fits")]

    net = types.ModuleType("sunpy.net")
    net.Fido = Fido
    net.attrs = SimpleNamespace(
        Time=lambda *ends, near: (*ends, near),
        Instrument=SimpleNamespace(lasco="lasco", hmi="hmi"),
        Detector=SimpleNamespace(c2="c2"),
        Physobs=SimpleNamespace(intensity="intensity"),
        Sample=lambda span: span,
    )
    monkeypatch.setitem(sys.modules, "sunpy.net", net)
    if not known:
        with pytest.raises(sun.Unavailable, match="No image of LASCO C2"):
            network._by_fido("2014-09-10T18:24", "LASCO C2", tmp_path)
        return
    path = network._by_fido("2014-09-10T18:24", "LASCO C2", tmp_path)
    assert path == tmp_path / "c2.fits"
    when, kind = asked[0]
    assert when == tuple(
        f"2014-09-10T{t}" for t in ("17:54", "18:54", "18:24")
    )
    assert kind == ("lasco", "c2")
    assert asked[1][0] == ["nearest"]
