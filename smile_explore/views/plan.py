"""What the lesson on planning shows: an orbit, a year, and an answer."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments import orbit as orbits
from smile_explore.instruments import planning, propagation
from smile_explore.instruments.visibility import visibility
from smile_explore.views import orbit, window
from smile_explore.views import visibility as visible
from smile_explore.views.style import time_series

__all__ = ["answer", "one_orbit", "place", "plan", "year"]

#: Three orbits, over which shares are taken: a week would hold now three, now
#: four apogees. [d]
THREE_ORBITS = 3.0 * orbits.SMILE.period / 86400.0
#: What the picture of a year shows, each with its colour and words.
SHARES = {
    "observing": ("#0072B2", "SXI may take images"),
    "sun_outside_sxi": ("#E69F00", "Sun outside avoidance"),
    "outside_magnetopause": ("#999999", "outside the magnetopause"),
    "useful": ("#009E73", "nose in view from outside"),
}


def plan(
    raan: float, *, month: int = 9, days: float = 2.11, step: float = 10.0
) -> xr.Dataset:
    """Return a trajectory of a plan, under Sun, Moon and flattened Earth.

    Parameters
    ----------
    raan : float
        The node, at the first moment, which is a perigee. [deg]
    month : int
        1 to 12; from September on in 2026, before it in 2027.
    days, step : float
        Length [d], and minutes from moment to moment.

    Returns
    -------
    trajectory : xarray.Dataset (TRAJECTORY)
    """
    first = np.datetime64("2026-01") + (month - 1 + 12 * (month < 9))
    times = first.astype("datetime64[ns]") + np.arange(
        0, days * 1440.0, step
    ) * np.timedelta64(1, "m")
    start = orbits.Elements(raan=float(raan), perigee_time=times[0])
    return propagation.propagate(times, start=start)


def place(hour: float, *, raan: float = 180.0, month: int = 9) -> hv.Layout:
    """Return where SMILE is after some hours, and what it looks at."""
    flown = plan(raan, month=month)
    pointing = orbits.pointing(flown)
    time = _after(flown, hour)
    planes = [
        orbit.plane(flown, time, plane=name, pointing=pointing).opts(
            frame_width=230, frame_height=230
        )
        for name in ("xy", "xz")
    ]
    seen = window.window(pointing, time)
    return hv.Layout(
        [*planes, seen.opts(frame_width=340, frame_height=340)]
    ).opts(shared_axes=False)


def one_orbit(raan: float, month: int) -> hv.Layout:
    """Return bars and angles of one orbit."""
    seen = visibility(plan(raan, month=month))
    time = seen["time"].values[seen.sizes["time"] // 2]
    size: dict[str, Any] = {"frame_width": 640}
    return (
        hv.Layout(
            [
                visible.bars(seen, time).opts(frame_height=200, **size),
                visible.angles(seen, time).opts(frame_height=150, **size),
            ]
        )
        .opts(shared_axes=False)
        .cols(1)
    )


def year(raan: float) -> hv.Overlay:
    """Return how much of each three orbits is left, over a year."""
    met = _shares(raan)
    share = hv.Dimension(("share", "share of three orbits [1]"))
    lines = [
        hv.Curve(
            (met["time"].values, met[name].values),
            hv.Dimension("time"),
            share,
            label=words,
        ).opts(color=colour, line_width=2)
        for name, (colour, words) in SHARES.items()
    ]
    return time_series(
        lines,
        title=f"A year from RAAN {raan:g}°, mean solar wind",
        legend="right",
    ).opts(frame_width=560, frame_height=240, ylim=(0.0, 1.02))


def answer(raan: float, *, least: float = 0.6) -> tuple[bool, str]:
    """Tell whether SXI may look for a share of any three orbits of a year.

    Returns
    -------
    right : bool
    said : str
        How it is in the worst of them. HTML.
    """
    met = _shares(raan)["observing"]
    lowest = float(met.min())
    day = str(met["time"].values[int(np.argmin(met.values))])[:10]
    return lowest >= least, (
        f"At RAAN {raan:g}° the worst three orbits, about {day}, leave SXI "
        f"{100 * lowest:.0f} % of the time; {100 * least:.0f} % are asked for."
    )


def _shares(raan: float) -> xr.Dataset:
    whole = plan(raan, days=57.0 * THREE_ORBITS, step=30.0)
    return planning.shares(visibility(whole), days=THREE_ORBITS)


def _after(flown: xr.Dataset, hour: float) -> np.datetime64:
    times = flown["time"].values
    wanted = times[0] + np.timedelta64(round(hour * 3600.0), "s")
    return min(max(wanted, times[0]), times[-1])
