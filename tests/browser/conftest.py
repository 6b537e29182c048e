"""Fixtures of a real JupyterLab in a real Chromium, without internet."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tools.lab import Lab, open_page, start_chromium
from tools.lab_server import Server, start_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    with start_server(home, tmp_path_factory.mktemp("notebooks")) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with start_chromium() as chromium:
        yield chromium


@pytest.fixture
def lab(
    server: Server, chromium: Browser, request: pytest.FixtureRequest
) -> Iterator[Lab]:
    """A fresh page; the test fails when the page complained of anything."""
    name = re.sub(r"\W+", "_", request.node.name)
    with open_page(server, chromium, name, width=1600, height=1000) as lab:
        yield lab
        lab.screenshot("end")
    lab.assert_quiet()
