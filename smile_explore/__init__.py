"""Explore how the solar wind shapes Earth's magnetic shield.

>>> import smile_explore as smile
>>> smile.explore("2012-06-16")  # in a notebook

`events` has the catalog and `observe`, the flow from solar wind to what SMILE
saw; `explore` shows an event, `compare` one solar wind in several models.
Every other room of the house is imported by name, for instance
``from smile_explore.physics import boundaries``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smile_explore import events
from smile_explore.observations import Event, Observations

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from distributed import Client

    from smile_explore.explorer.comparison import Comparison
    from smile_explore.explorer.explorer import Explorer
    from smile_explore.explorer.lesson import Lesson

__all__ = [
    "Event",
    "Observations",
    "compare",
    "compare_events",
    "events",
    "explore",
]
__version__ = "0.1.0"


def compare_events(
    first: str | Event, second: str | Event, *, moment: str | None = None
) -> Lesson:
    """Compare two events in a notebook, on one clock.

    Solar wind, nose of the magnetopause, radius of the oval and X-ray images
    in the analytic model, by hours after a moment that both have.

    Parameters
    ----------
    first, second : str or Event
        Names in the catalog, or events.
    moment : str, optional
        What the hours are counted from, such as ``"strongest compression"``;
        by default the arrival of the shock, or the focus of an event that
        knows none.

    Returns
    -------
    lesson : ipywidgets widget

    Raises
    ------
    ValueError
        If there is no such event or moment, or they have no hours in common.
    """
    # Imported here: widgets and HoloViews take seconds.
    from smile_explore.explorer.two_storms import compare_events as _compare

    return _compare(first, second, moment=moment)


def explore(
    event: str | Event | None = None,
    observations: Observations | None = None,
    *,
    run: str | None = None,
    client: Client | None = None,
    state: Any = None,
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
    client : distributed.Client, optional
        Whose workers compute what is made of cubes, on this machine or many;
        its dashboard is linked. By default dask decides: the client that was
        made last, if there is one, else threads.
    state : State, mapping or str, optional
        What to show of it: what ``explorer.state`` was, its JSON, or a link
        that was shared. By default the link that has opened the page, or
        what was on screen before the kernel was restarted, if there is any.

    Returns
    -------
    explorer : ipywidgets widget
        ``.state`` is what it shows, ``.restore(state)`` shows another.

    Raises
    ------
    ValueError
        If there is no such event, the event has no such run, or the client
        has been closed.
    """
    # Imported here: widgets and HoloViews take seconds.
    from smile_explore.explorer.opening import explore as _explore

    return _explore(event, observations, run=run, client=client, state=state)


def compare(
    cubes: Mapping[str, xr.Dataset],
    where: str | Event | xr.Dataset,
    **how: Any,
) -> Comparison:
    """Show one solar wind in several models, in a notebook.

    Parameters
    ----------
    cubes : mapping of str to xarray.Dataset (CUBE)
        By name; the first is what the others are compared with. The analytic
        model of the same wind is `events.comparison.analytic_twin`.
    where : str, Event or xarray.Dataset (POINTING)
        The event on whose orbit SMILE looks, or from where it looks.
    **how
        Time and settings, see `explorer.comparison.compare`.

    Returns
    -------
    comparison : ipywidgets widget
        ``.table`` has the numbers, ``.compared`` all that is shown.

    Raises
    ------
    ValueError
        If there are fewer than two cubes, it is not clear at which time, or
        SXI is off there.
    """
    from smile_explore.explorer.comparison import compare as _compare

    return _compare(cubes, where, **how)
