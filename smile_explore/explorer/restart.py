"""What the views of a kernel showed, for when it has been restarted.

A kernel that restarts keeps the file in which its ports are written, and its
number with it: beside that file lies one of ours. Other kernels, of others or
of other notebooks, have other numbers.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import sys
from pathlib import Path
from typing import Any

from smile_explore.data.whole import whole
from smile_explore.explorer.state import State, read

__all__ = ["recall", "remember"]

_LOGGER = logging.getLogger(__name__)
_PREFIX = "smile_explore-"
#: Tells this run of the kernel from those before.
_RUN = secrets.token_hex(8)


def remember(name: str, state: State) -> None:
    """Keep the state of a view of this kernel; outside of one nothing is.

    Parameters
    ----------
    name : str
        Of the event that the cell asks for.
    state : State
    """
    path = _file()
    if path is None:
        return
    kept = _read(path)
    if kept.get("run") != _RUN:
        kept = {"run": _RUN, "before": kept.get("views", {}), "views": {}}
        _sweep(path.parent)
    kept["views"][name] = state.plain()
    try:
        with whole(path) as part:
            part.write_text(json.dumps(kept))
    except OSError as error:  # a convenience: never in the way
        _LOGGER.info("the state was not kept: %s", error)


def recall(name: str) -> State | None:
    """Return what a view showed before the kernel was restarted."""
    path = _file()
    kept = {} if path is None else _read(path)
    views = kept.get("before" if kept.get("run") == _RUN else "views", {})
    if not isinstance(views, dict) or name not in views:
        return None
    state, _ = read(views[name])
    return state


def _file() -> Path | None:
    """Return the file of this kernel, None outside of one."""
    ports = _ports()
    return None if ports is None else ports.with_name(_PREFIX + ports.name)


def _ports() -> Path | None:
    """Return the file in which this kernel's ports are written."""
    # to import it would make what is no kernel take itself for one
    if "ipykernel.connect" not in sys.modules:
        return None
    from ipykernel.connect import get_connection_file

    try:
        return Path(get_connection_file())
    except RuntimeError:
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _sweep(folder: Path) -> None:
    """Remove what kernels left that are gone."""
    for path in folder.glob(f"{_PREFIX}*.json"):
        if not path.with_name(path.name.removeprefix(_PREFIX)).exists():
            with contextlib.suppress(OSError):
                path.unlink()
