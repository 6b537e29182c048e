"""A class of two on a real server, in a real browser."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from smile_explore import events
from smile_explore.events import library
from tools.lab import Lab, listen
from tools.lab_server import ARTIFACTS, start_class

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    for name in events.catalog().index:
        library.keep(events.load(name))
    options = ("--users=2", "--ready=2", "--token=word")
    with start_class(tmp_path_factory.mktemp("class"), *options) as (at, _):
        yield at


@pytest.fixture
def visit(address, chromium, request):
    """A visitor with a browser of their own; what a page complains of."""
    with contextlib.ExitStack() as visitors:

        def come(query=""):
            context = chromium.new_context(
                viewport={"width": 1440, "height": 900}
            )
            visitors.callback(context.close)
            page = Lab(None, context.new_page(), f"serve-{time.time_ns()}")
            listen(page)
            page.page.goto(f"{address}?token=word{query}")
            return page

        yield come


def clock(visitor, time_):
    shown = visitor.page.locator(".smile-time", has_text=time_)
    shown.wait_for(timeout=120_000)


def test_two_visitors_have_a_state_each_and_a_third_is_told(visit, address):
    first = visit()
    clock(first, "2012-06-16 22:24")
    second = visit("&event=2014-09-12&preset=X-ray&time=2014-09-12T17:00")
    clock(second, "2014-09-12 17:00")
    first.page.locator(".smile-clock .noUi-handle").focus()
    first.page.keyboard.press("ArrowRight")
    clock(first, "2012-06-16 22:26")
    for visitor, panel in ((first, "uvi"), (second, "lines")):
        drawn = visitor.page.locator(f".smile-{panel} canvas")
        visitor.wait_drawn(drawn.locator("visible=true").first)
    clock(second, "2014-09-12 17:00")
    # what is seen survives that the page is loaded anew
    seat = first.page.url
    first.page.goto(address)
    assert first.page.url == seat
    clock(first, "2012-06-16 22:26")
    first.page.locator(".smile-clock .noUi-handle").focus()
    first.page.keyboard.press("ArrowRight")
    clock(first, "2012-06-16 22:28")
    for visitor in (first, second):
        visitor.page.screenshot(path=ARTIFACTS / f"{visitor.name}.png")
        visitor.assert_quiet()
    third = visit()
    third.page.get_by_text("All 2 seats are taken").wait_for()
    assert third.attempts == []


def test_nobody_can_run_code_or_see_others(address):
    def status(path, method="GET"):
        request = urllib.request.Request(
            f"{address}{path}?token=word", method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    for path in ("api/kernels", "api/contents", "voila/tree", "voila/files/x"):
        assert status(path) == 404
    assert status("api/kernels", "POST") == 404
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert "/login" in answer.url  # nobody comes in without the word


def test_it_listens_to_this_machine_alone(address):
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import psutil, json; print(json.dumps("
            "[c.laddr for c in psutil.net_connections('tcp') "
            "if c.status == 'LISTEN']))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    port = int(address.rsplit(":")[-1].strip("/"))
    at = {host for host, one in json.loads(found.stdout) if one == port}
    assert at == {"127.0.0.1"}


def test_a_taken_port_and_a_missing_notebook_are_told(address, tmp_path):
    port = address.rsplit(":")[-1].strip("/")
    for options, said in (
        ([f"--port={port}"], f"port {port} is taken"),
        (["--notebook=none.ipynb"], "no notebook none.ipynb"),
        (["--memory=0.1"], "memory is 0.1 GB"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "smile_explore", "serve", *options],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ,
        )
        assert done.returncode == 1
        assert said in done.stderr
