"""Pages of a real JupyterLab in a real Chromium, without internet.

For tests and benchmarks; whatever a page asks of another machine is refused
and written down.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

from tools.lab_server import ARTIFACTS, ROOT, Server

__all__ = ["Lab", "colours", "listen", "open_page", "start_chromium"]

FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # Beside the route below: also for what is no page, such as workers.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
ELSEWHERE = re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])")
#: Complaints of the page that are not ours, each with its reason.
ALLOWED: tuple[re.Pattern[str], ...] = ()


@dataclass
class Lab:
    """A page of JupyterLab, what it complained of, and how to use it."""

    server: Server
    page: Page
    name: str
    problems: list[str] = field(default_factory=list)
    #: Addresses outside this machine that the page asked for.
    attempts: list[str] = field(default_factory=list)

    def open_notebook(
        self,
        notebook: Path | dict[str, Any],
        timeout: float = 60.0,
        *,
        query: str = "",
    ) -> None:
        """Open a copy of a notebook file, or one given as JSON.

        `query` is added to the address, as in a link that was shared.

        Returns when its kernel is idle: where the notebook runs itself,
        that may be after it has run.
        """
        unique = f"{self.name}-{secrets.token_hex(2)}"
        folder = self.server.folder / unique
        folder.mkdir()
        path = folder / "notebook.ipynb"
        if isinstance(notebook, Path):
            path = folder / notebook.name
            shutil.copyfile(notebook, path)
        else:
            path.write_text(json.dumps(notebook))
        inside = quote(path.relative_to(self.server.folder).as_posix())
        # A workspace of its own: others remember what was open before.
        address = f"/lab/workspaces/{unique}/tree/{inside}"
        more = f"&{query}" if query else ""
        self.page.goto(self.server.url(address) + more)
        self.page.locator(".jp-Notebook").wait_for(timeout=60_000)
        ready = self.page.locator("#jp-main-statusbar").get_by_text("Idle")
        ready.wait_for(timeout=1000 * timeout)

    def run_all(self) -> None:
        """Run every cell of the open notebook from the menu."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator("[data-command='runmenu:run-all']").click()

    def outputs(self) -> Locator:
        """Return what the cells have put out."""
        return self.page.locator(".jp-OutputArea-output")

    def wait_drawn(self, canvas: Locator, timeout: float = 60.0) -> bytes:
        """Wait until a canvas shows more than a background."""
        canvas.wait_for(timeout=1000 * timeout)
        self._wait(
            lambda: colours(canvas.screenshot()) > 3,
            timeout,
            "the canvas stayed empty",
        )
        return self.wait_settled(canvas)

    def wait_changed(
        self, canvas: Locator, before: bytes, timeout: float = 20.0
    ) -> bytes:
        """Wait until it looks different from a screenshot, and settled."""
        self._wait(
            lambda: _look(canvas) not in (None, before),
            timeout,
            "the picture did not change",
        )
        return self.wait_settled(canvas)

    def wait_settled(self, part: Locator, timeout: float = 20.0) -> bytes:
        """Wait until two screenshots in a row agree; the last one."""
        last = b""

        def agree() -> bool:
            nonlocal last
            before, last = last, _look(part) or b""
            return before == last != b""

        self._wait(agree, timeout, "the picture did not come to rest")
        return last

    def _wait(
        self, condition: Callable[[], bool], timeout: float, complaint: str
    ) -> None:
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                self.screenshot("timeout")
                raise AssertionError(
                    f"{complaint} within {timeout:g} s; the page complains: "
                    f"{self.problems}"
                )
            self.page.wait_for_timeout(100)

    def screenshot(self, name: str) -> Path:
        """Keep the page as an artefact."""
        path = ARTIFACTS / f"{self.name}-{name}.png"
        self.page.screenshot(path=path)
        return path

    def assert_quiet(self) -> None:
        """Fail on anything that the page complained of, or fetched."""
        assert self.problems == []
        assert self.attempts == []


def _look(part: Locator) -> bytes | None:
    """Take a picture of a part, if it is not just being replaced."""
    try:
        return part.screenshot(timeout=5_000)
    except Error:
        return None


def colours(png: bytes) -> int:
    """Count the distinct colours of a picture."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    found = image.getcolors(maxcolors=image.width * image.height)
    return len(found or ())


@contextlib.contextmanager
def start_chromium() -> Iterator[Browser]:
    """Run the Chromium that is found, headless.

    Raises
    ------
    RuntimeError
        If there is none, with what to do.
    """
    finder = [sys.executable, str(ROOT / "tools/environment.py"), "browser"]
    found = subprocess.run(finder, capture_output=True, text=True, check=False)
    if found.returncode:
        raise RuntimeError(found.stderr.strip())
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.stdout.strip().splitlines()[-1],
            args=[*FLAGS, *(["--no-sandbox"] if root else [])],
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def open_page(
    server: Server, chromium: Browser, name: str, *, width: int, height: int
) -> Iterator[Lab]:
    """Open an empty page without history, and listen to its complaints."""
    context = chromium.new_context(viewport={"width": width, "height": height})
    lab = Lab(server, context.new_page(), name)
    listen(lab)
    try:
        yield lab
    finally:
        context.close()
        server.end_sessions()


def listen(lab: Lab) -> None:
    """Write down what a page complains of, and refuse it the internet."""

    def complain(kind: str, text: str) -> None:
        complaint = f"{kind}: {text}"
        if not any(pattern.search(complaint) for pattern in ALLOWED):
            lab.problems.append(complaint)

    def refuse(route: Any) -> None:
        lab.attempts.append(route.request.url)
        route.abort()

    page = lab.page
    page.context.route(ELSEWHERE, refuse)
    page.on(
        "websocket",
        lambda socket: (
            lab.attempts.append(socket.url)
            if ELSEWHERE.match(socket.url)
            else None
        ),
    )
    page.on(
        "console",
        lambda message: (
            complain("console", f"{message.text} ({message.location['url']})")
            if message.type == "error"
            else None
        ),
    )
    page.on("pageerror", lambda error: complain("exception", str(error)))
    page.on(
        "requestfailed",
        lambda sent: complain("request", f"{sent.failure} {sent.url}"),
    )
    page.on(
        "response",
        lambda answer: (
            complain("answer", f"{answer.status} {answer.url}")
            if answer.status >= 400
            else None
        ),
    )
