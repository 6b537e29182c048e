"""The user's catalog of events, written without touching what is theirs.

An entry stands between two comments of its own, so that it can be replaced
or removed and all else in the file, comments too, stays as it was written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from smile_explore.data import atomic
from smile_explore.events.catalog import catalog_file
from smile_explore.events.event import from_entry

__all__ = ["NAME", "add", "drop", "made", "writing"]

#: What an event may be called: it names files.
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FIRST, _LAST = "# >>> made by smile_explore:", "# <<<"


def made(name: str) -> dict[str, Any] | None:
    """Return the entry of an event that `add` wrote, if there is one."""
    text = _text()
    block = _block(name, text)
    if block is None:
        return None
    return tomllib.loads(text[slice(*block)]).get(name)


def add(name: str, entry: Mapping[str, Any]) -> None:
    """Write an entry into the user's catalog, in place of its own older one.

    Parameters
    ----------
    name : str
    entry : mapping
        As a catalog has it; texts, numbers, times, lists and tables.

    Raises
    ------
    ValueError
        If the catalog or the entry is not as it should be, or holds an entry
        of this name that was written by hand.
    OSError
        If the catalog cannot be written.
    """
    import tomli_w

    text = _without(name, _text())
    block = f"{_FIRST} {name}\n{tomli_w.dumps({name: dict(entry)})}{_LAST}"
    parts = [part for part in (text.strip("\n"), block) if part]
    whole = "\n\n".join(parts) + "\n"
    try:
        entries = tomllib.loads(whole)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(
            f"{name} cannot be added to {catalog_file()}: {error}; is there "
            "an entry of this name, written by hand, or is the file damaged?"
        ) from error
    from_entry(name, entries[name], file=catalog_file())
    with writing():
        atomic.write_text(catalog_file(), whole)


def drop(name: str) -> None:
    """Take an entry that `add` wrote out of the user's catalog.

    Raises
    ------
    ValueError
        If there is none.
    OSError
        If the catalog cannot be written.
    """
    text = _text()
    if _block(name, text) is None:
        raise ValueError(
            f"{name} is no event of your own made by events.make: only those "
            f"can be removed, others by hand in {catalog_file()}"
        )
    rest = _without(name, text).strip("\n")
    with writing():
        atomic.write_text(catalog_file(), f"{rest}\n" if rest else "")


@contextmanager
def writing() -> Iterator[None]:
    """Say in one sentence why the folder of the catalog cannot be written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(
            f"{catalog_file().parent} cannot be written ({reason}); set "
            "SMILE_EXPLORE_EVENTS to a file in another folder"
        ) from error


def _text() -> str:
    path = catalog_file()
    return path.read_text("utf-8") if path.is_file() else ""


def _without(name: str, text: str) -> str:
    block = _block(name, text)
    if block is None:
        return text
    first, last = block
    return text[:first].rstrip("\n") + "\n\n" + text[last:].lstrip("\n")


def _block(name: str, text: str) -> tuple[int, int] | None:
    """Return where the entry of a name begins and ends."""
    head = re.search(rf"^{re.escape(f'{_FIRST} {name}')}$", text, re.M)
    if head is None:
        return None
    tail = re.compile(rf"^{re.escape(_LAST)}\n?", re.M).search(
        text, head.end()
    )
    return head.start(), tail.end() if tail else len(text)
