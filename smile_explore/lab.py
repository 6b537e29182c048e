"""Start JupyterLab with a notebook of the explorer open and running."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

__all__ = [
    "FIRST_PORT",
    "choose_port",
    "environment",
    "shipped_notebook",
    "start",
    "write_notebook",
]

FIRST_PORT = 8888
#: How many ports are tried from the first.
_PORTS = 100
#: Settings and the extension that runs a marked notebook when it is opened.
_JUPYTER = Path(__file__).parent / "jupyter"
#: The cell of the shipped notebook that shows an event.
_SHOWN = 0


def choose_port(wanted: int | None = None) -> int:
    """Find a port on this machine for JupyterLab.

    Parameters
    ----------
    wanted : int, optional
        The only one to take; by default the first free one from `FIRST_PORT`.

    Returns
    -------
    port : int

    Raises
    ------
    ValueError
        If `wanted` is no port number.
    OSError
        If `wanted`, or every port tried, is taken.
    """
    if wanted is None:
        free = filter(_is_free, range(FIRST_PORT, FIRST_PORT + _PORTS))
        port = next(free, None)
        if port is None:
            raise OSError(
                f"no free port from {FIRST_PORT} to "
                f"{FIRST_PORT + _PORTS - 1}: name another with --port"
            )
        return port
    if not 1 <= wanted <= 65535:
        raise ValueError(f"a port is a number from 1 to 65535, got {wanted}")
    if not _is_free(wanted):
        raise OSError(
            f"port {wanted} is taken, perhaps by another JupyterLab: choose "
            "another with --port, or leave it out to get a free one"
        )
    return wanted


def write_notebook(
    event: str | None = None, *, folder: Path | None = None
) -> Path:
    """Write the notebook that explores an event, if it is not there yet.

    Parameters
    ----------
    event : str, optional
        Name of a known event, by default that of the shipped notebook.
    folder : pathlib.Path, optional
        Where to; by default ``smile_explore`` among the user's documents.

    Returns
    -------
    path : pathlib.Path
        One that is there already is left as its user has made it.

    Raises
    ------
    ValueError
        If the event is not known.
    OSError
        If the folder cannot be written.
    """
    content = json.loads(shipped_notebook().read_text(encoding="utf-8"))
    name = "event_explorer"
    if event is not None:
        from smile_explore import events

        name = f"{name}_{events.load(event).name}"
        content["cells"][_SHOWN]["source"] = [
            "import smile_explore as smile\n",
            "\n",
            f"smile.explore({json.dumps(event)})",
        ]
    if folder is None:
        import platformdirs

        folder = platformdirs.user_documents_path() / "smile_explore"
    path = folder / f"{name}.ipynb"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    return path


def start(notebook: Path, *, port: int, browser: bool = True) -> None:
    """Become a JupyterLab with a notebook open; does not return.

    Parameters
    ----------
    notebook : pathlib.Path
    port : int
    browser : bool
        Whether to open a browser; the address is printed in any case.

    Raises
    ------
    FileNotFoundError
        If there is no such notebook.
    RuntimeError
        If JupyterLab is not installed.
    """
    if not notebook.is_file():
        raise FileNotFoundError(f"there is no notebook {notebook}")
    if find_spec("jupyterlab") is None:
        raise RuntimeError(
            "JupyterLab is not installed here: `pip install jupyterlab`"
        )
    command = _command(notebook.resolve(), port=port, browser=browser)
    if os.name == "nt":  # where a process cannot become another
        raise SystemExit(subprocess.call(command, env=environment()))
    os.execve(command[0], command, environment())


def _command(notebook: Path, *, port: int, browser: bool) -> list[str]:
    here = Path.cwd().resolve()
    root = here if notebook.is_relative_to(here) else notebook.parent
    address = quote(notebook.relative_to(root).as_posix())
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{address}",
        # The address is printed at every level.
        "--ServerApp.log_level=ERROR",
        "--ServerApp.answer_yes=True",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers know no other user
    return command


def environment() -> dict[str, str]:
    """Return this environment, our settings of Jupyter before the user's."""
    variables = dict(os.environ)
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):
        paths = [str(_JUPYTER), *filter(None, [variables.get(name)])]
        variables[name] = os.pathsep.join(paths)
    return variables


def shipped_notebook() -> Path:
    """Find the explorer's notebook, in an installed package or a checkout.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    FileNotFoundError
        If it is missing.
    """
    package = Path(__file__).parent
    for folder in (package, package.parent):
        path = folder / "notebooks" / "event_explorer.ipynb"
        if path.is_file():
            return path
    raise FileNotFoundError(
        "the notebook event_explorer.ipynb is missing: install smile_explore "
        "again"
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # as the server does: skip closing sockets
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
