"""Explore how the solar wind shapes Earth's magnetic shield.

>>> import smile_explore as smile
>>> smile.explore("2012-06-16")  # in a notebook

`events` has the catalog and `observe`, the flow from solar wind to what SMILE
saw; `explore` shows an event. Every other room of the house is imported by
name, for instance ``from smile_explore.physics import boundaries``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smile_explore import events
from smile_explore.observations import Event, Observations

if TYPE_CHECKING:
    from smile_explore.explorer.explorer import Explorer

__all__ = ["Event", "Observations", "events", "explore"]
__version__ = "0.1.0"


def explore(
    event: str | Event | None = None,
    observations: Observations | None = None,
    *,
    run: str | None = None,
) -> Explorer:
    """Explore an event in a notebook: its panels, on one clock.

    Parameters
    ----------
    event : str or Event, optional
        Name of an event of the catalog, by default its first.
    observations : Observations, optional
        What to show instead of a simulation of the event.
    run : str, optional
        Name of an MHD run of the event, by default its first.

    Returns
    -------
    explorer : ipywidgets widget

    Raises
    ------
    ValueError
        If there is no such event, or the event has no such run.
    """
    # Imported here: widgets and HoloViews take seconds.
    from smile_explore.explorer.explorer import explore as _explore

    return _explore(event, observations, run=run)
