"""Whether there is a network: found out once, in two seconds at most.

The loaders of the field try each address again and again, for up to a minute,
when there is none. Here one connection to the archive that most data come
from decides for the session; `retry` asks anew.
"""

from __future__ import annotations

import os
import socket
import threading
import tomllib
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["PATIENCE", "archive", "online", "retry", "why_not"]

#: What the connection, name server included, may take. [s]
PATIENCE = 2.0
#: NASA's Space Physics Data Facility: OMNI, ACE, Wind and Cluster.
_ARCHIVE = "https://spdf.gsfc.nasa.gov/"
_PORTS = {"https": 443, "http": 80}
#: What was found, by address: empty where a connection was made.
_found: dict[tuple[str, int], str] = {}


def online() -> bool:
    """Tell whether the archive can be reached.

    The first call may take two seconds; later ones repeat its answer. With
    ``SMILE_EXPLORE_OFFLINE=1`` the network is never asked.
    """
    return not why_not()


def retry() -> bool:
    """Ask the network anew; for a button beside "offline"."""
    _found.clear()
    return online()


def why_not() -> str:
    """Return one clause that says why there is no network, or nothing."""
    if os.environ.get("SMILE_EXPLORE_OFFLINE", "0") not in ("", "0"):
        return "the network is switched off by SMILE_EXPLORE_OFFLINE"
    address = _address()
    if address not in _found:
        _found[address] = _try(*address)
    return _found[address]


def archive() -> str:
    """Return the address of the archive.

    NASA's, or the mirror that pyspedas is told to take OMNI from
    (``remote_data_dir`` of ``[projects.omni]`` in its preferences, which
    ``PYSPEDAS_CONFIG_FILE`` names).
    """
    import platformdirs

    usual = platformdirs.user_config_path("pyspedas") / "preferences.toml"
    path = Path(os.environ.get("PYSPEDAS_CONFIG_FILE") or usual)
    try:
        told = tomllib.loads(path.expanduser().read_text("utf-8"))
        return str(told["projects"]["omni"]["remote_data_dir"])
    except (OSError, ValueError, KeyError, TypeError):
        return _ARCHIVE  # pyspedas itself says what is wrong with its file


def _address() -> tuple[str, int]:
    """Return host and port to try: those of a proxy where there is one."""
    target = urlsplit(archive())
    host, scheme = target.hostname or "", target.scheme
    proxy = urllib.request.getproxies().get(scheme)
    if proxy and not urllib.request.proxy_bypass(host):
        target = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        host, scheme = target.hostname or host, target.scheme or scheme
    return host, target.port or _PORTS.get(scheme, 443)


def _try(host: str, port: int) -> str:
    """Connect in a thread: the name server keeps to no time limit."""
    answer: list[str] = []

    def connect() -> None:
        try:
            socket.create_connection((host, port), timeout=PATIENCE).close()
        except OSError as error:
            answer.append(f"{host} cannot be reached ({_clause(error)})")
        else:
            answer.append("")

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return next(iter(answer), f"{host} does not answer within {PATIENCE:g} s")


def _clause(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
