"""What `smile_explore.explore` shows first: an event, a link, a state."""

from __future__ import annotations

import weakref
from typing import Any

from smile_explore.events import catalog, load
from smile_explore.events.cluster import on_client
from smile_explore.explorer import links, restart
from smile_explore.explorer.explorer import Explorer
from smile_explore.explorer.figure import load_bokeh
from smile_explore.explorer.state import State, concerns_view, read
from smile_explore.observations import Event, Observations

__all__ = ["explore", "follow"]

#: The first explorer of this kernel, which follows links.
_first: weakref.ref[Explorer] | None = None


def explore(
    event: str | Event | None = None,
    observations: Observations | None = None,
    *,
    run: str | None = None,
    client: Any = None,
    state: Any = None,
) -> Explorer:
    """Do what `smile_explore.explore` promises."""
    shown = _event_to_show(event, observations)
    with on_client(client):  # refuse one that is closed
        load_bokeh()
    name = shown.name
    first, notices = _state_to_show(state, name, observations)
    if first.event is not None and first.event != shown.name:
        try:
            if observations is not None:
                raise ValueError(f"these observations are of {shown.name}")
            shown, run = load(first.event), None
        except ValueError as error:
            notices.append(f"{error}; {shown.title} is shown instead.")
            first = State()
    explorer = Explorer(
        shown,
        observations,
        run=run,
        client=client,
        state=first,
        notice=" ".join(notices),
        asked_for=name,
    )
    global _first
    if _first is None or _first() is None:
        _first = weakref.ref(explorer)
    return explorer


def follow(query: str) -> None:
    """Show the view of a link in the first explorer of this kernel.

    Parameters
    ----------
    query : str
        Of the page's address. What cannot be used of it is told there;
        nothing is done where it says nothing of a view.
    """
    explorer = _first() if _first is not None else None
    if explorer is not None and concerns_view(query):
        explorer.restore(query)


def _state_to_show(
    state: Any, name: str, observations: Observations | None
) -> tuple[State, list[str]]:
    """Return the state asked for: in words, by a link, or before a restart."""
    if state is not None:
        return read(state)
    if observations is None and (link := links.asked()) is not None:
        return link
    if (before := restart.recall(name)) is not None:
        return before, ["This is the view from before the kernel restarted."]
    return State(), []


def _event_to_show(
    event: str | Event | None, observations: Observations | None
) -> Event:
    known = load(event) if isinstance(event, str) else event
    if observations is None:
        return known or load(catalog().index[0])
    if known is not None and known.name != observations.event.name:
        raise ValueError(
            f"the observations are of {observations.event.name}, not of "
            f"{known.name}; leave the event out"
        )
    return observations.event
