from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from smile_explore import lab

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_left_to_its_owner(taken_port, monkeypatch):
    monkeypatch.setattr(lab, "FIRST_PORT", taken_port)
    assert lab.choose_port() > taken_port


def test_the_first_port_is_taken_when_it_is_free(monkeypatch):
    monkeypatch.setattr(lab, "_is_free", lambda _: True)
    assert lab.choose_port() == lab.FIRST_PORT
    assert lab.choose_port(9999) == 9999


def test_a_wanted_port_that_is_taken_is_refused(taken_port):
    with pytest.raises(
        OSError, match=rf"port {taken_port} is taken.*choose.*--port"
    ):
        lab.choose_port(taken_port)


def test_no_free_port_at_all_is_said(monkeypatch):
    monkeypatch.setattr(lab, "_is_free", lambda _: False)
    with pytest.raises(OSError, match="no free port from 8888 to 8987"):
        lab.choose_port()


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(ValueError, match=f"1 to 65535, got {port}"):
        lab.choose_port(port)


def test_the_notebook_of_an_event_shows_that_event(tmp_path):
    path = lab.write_notebook("2014-09-12", folder=tmp_path / "new")
    notebook = json.loads(path.read_text())
    code = "".join(notebook["cells"][lab._SHOWN]["source"])
    assert path.name == "event_explorer_2014-09-12.ipynb"
    assert 'smile.explore("2014-09-12")' in code
    assert notebook["metadata"]["smile_explore"]["run_on_open"] is True


def test_the_shipped_notebook_has_the_cell_that_is_replaced():
    notebook = json.loads(lab.shipped_notebook().read_text())
    assert notebook["cells"][lab._SHOWN]["source"] == [
        "import smile_explore as smile\n",
        "\n",
        'smile.explore("2012-06-16")',
    ]


def test_what_a_user_wrote_is_not_overwritten(tmp_path):
    path = lab.write_notebook(folder=tmp_path)
    path.write_text("mine")
    assert lab.write_notebook(folder=tmp_path) == path
    assert path.read_text() == "mine"


def test_an_unknown_event_gets_no_notebook(tmp_path):
    with pytest.raises(ValueError, match=r"known events are.*2012-06-16"):
        lab.write_notebook("1859-09-01", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_notebook_is_named():
    with pytest.raises(FileNotFoundError, match=r"no notebook .*none\.ipynb"):
        lab.start(Path("none.ipynb"), port=1)


def test_missing_jupyterlab_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda _: None)
    notebook = tmp_path / "some.ipynb"
    notebook.touch()
    with pytest.raises(RuntimeError, match="pip install jupyterlab"):
        lab.start(notebook, port=1)


def test_the_users_own_jupyter_settings_come_second(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "mine")
    first, second = lab.environment()["JUPYTER_PATH"].split(os.pathsep)
    assert (Path(first) / "labextensions").is_dir()
    assert second == "mine"


def test_the_command_starts_a_server_that_answers(taken_port, tmp_path):
    """The address it prints, with its token, opens the notebook."""
    free = lab.choose_port()
    command = [sys.executable, "-m", "smile_explore", "run", "--no-browser"]
    command += [f"--port={free}", f"--folder={tmp_path}"]
    server = subprocess.Popen(
        command,
        env=os.environ | {"HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = _printed_address(server)
        assert b"jupyter-config-data" in _fetch(address)
        contents = _fetch(address.replace("lab/tree", "api/contents"))
        assert json.loads(contents)["type"] == "notebook"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _fetch(address: str) -> bytes:
    """Read a page; the address is printed a moment before it answers."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.1)
    return pytest.fail(f"nobody answers at {address}")


def _printed_address(server: subprocess.Popen) -> str:
    assert server.stdout is not None
    end = time.monotonic() + 60
    seen = ""
    while time.monotonic() < end and (line := server.stdout.readline()):
        seen += line
        if found := re.search(r"http://127\S+\?token=\w+", line):
            return found.group()
    pytest.fail(f"no address was printed:\n{seen}")
