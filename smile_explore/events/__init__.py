"""The story of an event: what is known of it, and what SMILE saw of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from smile_explore.events.catalog import catalog, catalog_file, load
from smile_explore.observations import Event, Observations

if TYPE_CHECKING:
    from smile_explore.events.making import make, remove
    from smile_explore.events.searching import search, storms
    from smile_explore.events.simulate import observe

__all__ = [
    "Event",
    "Observations",
    "catalog",
    "catalog_file",
    "load",
    "make",
    "observe",
    "remove",
    "search",
    "storms",
]
#: Imported, with all below them, when they are first asked for.
_HOMES = {
    "make": "making",
    "observe": "simulate",
    "remove": "making",
    "search": "searching",
    "storms": "searching",
}


def __getattr__(name: str) -> object:
    """Import a door, and all below it, when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOMES[name]}")
    return getattr(home, name)
