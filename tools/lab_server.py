"""A real JupyterLab for tests and benchmarks, in a home of its own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smile_explore import lab as lab_starter
from smile_explore.data import cache

if TYPE_CHECKING:
    from tools.binder import Image

__all__ = ["ARTIFACTS", "ROOT", "Server", "start_class", "start_server"]

ROOT = Path(__file__).resolve().parents[1]
ARTIFACTS = ROOT / "artifacts"
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running JupyterLab."""

    address: str
    token: str
    folder: Path
    process: int

    def url(self, path: str) -> str:
        """Return an address of the server that lets one in."""
        return f"{self.address}{path}?token={self.token}"

    def call(self, path: str, method: str = "GET") -> Any:
        """Ask the server's own interface."""
        request = urllib.request.Request(self.url(path), method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or "null")

    def end_sessions(self) -> None:
        """Shut down every kernel."""
        for session in self.call("/api/sessions"):
            self.call(f"/api/sessions/{session['id']}", "DELETE")


@contextlib.contextmanager
def start_server(
    home: Path, folder: Path, image: Image | None = None
) -> Iterator[Server]:
    """Run JupyterLab on `folder` for a user who lives in `home`.

    Parameters
    ----------
    home, folder : pathlib.Path
    image : Image, optional
        Whose JupyterLab it is, as Binder starts it; by default this one, as
        `smile-explore run` starts it.

    Raises
    ------
    RuntimeError
        If it does not start; with the end of what it wrote.
    """
    token = secrets.token_hex()
    python = str(image.python) if image else sys.executable
    command = [python, "-m", "jupyterlab", "--no-browser"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"]
    command += [f"--ServerApp.root_dir={folder}", "--allow-root"]
    log_path = ARTIFACTS / "jupyterlab.log"
    environment = _isolated(home, image) | {"JUPYTER_TOKEN": token}
    with _running(command, log_path, env=environment) as process:
        yield _wait_for_server(process, home, token, folder, log_path)


@contextlib.contextmanager
def start_class(folder: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run `smile-explore serve` in a folder; its address, and its process.

    Raises
    ------
    RuntimeError
        If it does not start; with the end of what it wrote.
    """
    port = lab_starter.choose_port()
    log_path = ARTIFACTS / "serve.log"
    command = [sys.executable, "-m", "smile_explore", "serve"]
    command += [f"--port={port}", *options]
    with _running(command, log_path, cwd=folder) as process:
        end = time.monotonic() + START_SECONDS
        while "The class is at" not in log_path.read_text():
            if time.monotonic() > end or process.poll() is not None:
                told = log_path.read_text()[-2000:]
                raise RuntimeError(f"the class did not start:\n{told}")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/", process.pid


@contextlib.contextmanager
def _running(
    command: list[str], log_path: Path, **options: Any
) -> Iterator[subprocess.Popen]:
    """Run a server, which writes to a log, as long as the block lasts."""
    log_path.parent.mkdir(exist_ok=True)
    with log_path.open("w") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **options,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def _isolated(home: Path, image: Image | None) -> dict[str, str]:
    """Environment of a user who never used Jupyter and has no internet."""
    variables = dict(os.environ) if image else lab_starter.environment()
    kept = {
        name: value
        for name, value in variables.items()
        if not name.startswith(("XDG_", "IPYTHON"))
    }
    own = {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"}
    nowhere = "http://127.0.0.1:9"
    return kept | {
        **{name: str(home / name.lower()) for name in own},
        "HOME": str(home),
        # Entries are named by content: what was observed once is reused.
        "SMILE_EXPLORE_CACHE": str(image.cache if image else cache.folder()),
        **{f"{kind}_proxy": nowhere for kind in ("http", "https")},
        **{f"{kind}_PROXY": nowhere for kind in ("HTTP", "HTTPS")},
        "no_proxy": "127.0.0.1,localhost",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def _wait_for_server(
    process: subprocess.Popen,
    home: Path,
    token: str,
    folder: Path,
    log: Path,
) -> Server:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        for info in (home / "jupyter_runtime_dir").glob("jpserver-*.json"):
            port = json.loads(info.read_text())["port"]
            address = f"http://127.0.0.1:{port}"
            server = Server(address, token, folder, process.pid)
            try:
                server.call("/api/status")
            except (urllib.error.URLError, OSError):
                continue
            return server
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
