"""The story of an event: what is known of it, and what SMILE saw of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smile_explore.events.catalog import catalog, catalog_file, load
from smile_explore.observations import Event, Observations

if TYPE_CHECKING:
    from smile_explore.events.simulate import observe

__all__ = [
    "Event",
    "Observations",
    "catalog",
    "catalog_file",
    "load",
    "observe",
]


def __getattr__(name: str) -> object:
    """Import the simulation, and all below it, when it is first asked for."""
    if name == "observe":
        from smile_explore.events.simulate import observe

        return observe
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
