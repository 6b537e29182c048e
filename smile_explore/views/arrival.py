"""From the Sun to Earth against time: what a model says, what was observed."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np

from smile_explore.data import sun as known_sun
from smile_explore.events.journey import Journey, journey
from smile_explore.observations import Event, Observations
from smile_explore.physics.ejection import Drag
from smile_explore.views._ejection_words import (
    COLOUR,
    HOUR,
    UNKNOWN,
    missed,
    settings,
)
from smile_explore.views.nothing import series_of_nothing
from smile_explore.views.style import (
    Layers,
    clock,
    note,
    time_series,
)

__all__ = ["layers", "timeline"]


def timeline(
    observations: Observations,
    time: np.datetime64,
    *,
    drag: Drag | None = None,
) -> hv.Overlay:
    """Return how far the front is against time, and when it was observed.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        Where the clock stands.
    drag : Drag, optional
        Settings of the drag-based model. It is drawn for every speed in the
        catalogue: how little is sure can be seen.
    """
    way = journey(observations.event, drag=drag)
    if way is None:
        span = observations.trajectory.time
        return series_of_nothing(span, time, "From Sun to Earth", UNKNOWN)
    now = layers(observations, time, drag=drag)
    axis = hv.Dimension("distance", label="from the Sun [AU]")
    # of an event that ends before its ejection, some of the way
    last = max(observations.event.stop, way.start + 48 * HOUR)
    times = way.start + np.arange(0.0, (last - way.start) / HOUR, 0.5) * HOUR
    parts: list[hv.Element] = [
        hv.Curve(
            {"time": times[[0, -1]], "distance": [way.l1] * 2},
            "time",
            axis,
            label="L1",
        ).opts(color="#999999", line_width=1.0, show_legend=False)
    ]
    for number, speed in enumerate(way.speeds):
        parts.append(
            _run(way, times, speed, axis).opts(
                line_dash="solid" if number == 0 else "dashed"
            )
        )
    if way.speeds:
        parts.append(_run(way, times, way.speeds[0], axis, free=True))
        parts.append(
            hv.Scatter(now["front"], "time", axis, label="front").opts(
                color=COLOUR["drag"], size=9, show_legend=False
            )
        )
    parts.append(
        hv.Scatter(_observed(way), "time", axis, label="observed").opts(
            color=COLOUR["seen"], size=11, marker="star", line_color="#222222"
        )
    )
    if before := _earlier(observations.event):
        parts.append(
            hv.Scatter(
                {"time": before, "distance": [way.l1] * len(before)},
                "time",
                axis,
                label="earlier shock",
            ).opts(color="white", size=9, line_color="#222222")
        )
    parts.append(
        note([hv.Dimension("time"), axis], _told(way, last), "note").opts(
            text_baseline="bottom", text_align="right"
        )
    )
    return time_series(
        [*parts, clock(time)],
        title=f"From Sun to Earth: {way.eruption.name}; catalogue and model",
        legend="top",
        legend_cols=3,
        ylim=(-0.06, 1.22 * way.earth),
        xlim=(way.start - 3 * HOUR, last),
    )


def layers(
    observations: Observations,
    time: np.datetime64,
    *,
    drag: Drag | None = None,
) -> Layers:
    """Return the columns of `timeline` that change with time."""
    way = journey(observations.event, drag=drag)
    if way is None or not way.speeds:
        return {}
    apex, _ = way.height(time, way.speeds[0])
    return {
        "front": {
            "time": np.array([time], "datetime64[ns]"),
            "distance": np.array([float(apex) * way.reach]),
        }
    }


def _run(
    way: Journey,
    times: np.ndarray,
    speed: float,
    axis: hv.Dimension,
    *,
    free: bool = False,
) -> hv.Curve:
    distance, _ = way.height(times, speed, free=free)
    distance = distance * way.reach
    shown = distance <= 1.2 * way.earth
    columns = {"time": times[shown], "distance": distance[shown]}
    name = f"constant {speed:.0f} km/s" if free else f"drag, {speed:.0f} km/s"
    return hv.Curve(columns, "time", axis, label=name).opts(
        color=COLOUR["free"] if free else COLOUR["drag"], line_width=1.6
    )


def _observed(way: Journey) -> dict[str, Any]:
    """Return what was observed of the way, where and when."""
    known = [(way.start, 0.0)]
    for name, distance in (
        ("shock at L1", way.l1),
        ("shock at Earth", way.earth),
    ):
        if (when := way.eruption.value(name)) is not None:
            known.append((when, distance))
    return {
        "time": np.array([when for when, _ in known], "datetime64[ns]"),
        "distance": [distance for _, distance in known],
    }


def _told(way: Journey, last: np.datetime64) -> dict[str, Any]:
    """Say when the shock came, and by how much the models miss it."""
    lines = []
    shock = way.eruption.value("shock at L1")
    if shock is not None:
        hours = (shock - way.start) / HOUR
        lines.append(
            f"observed: shock at L1 {_minute(shock)}, {hours:.1f} h "
            f"({way.eruption.status('shock at L1', 'flare peak')})"
        )
    for speed in way.speeds:
        lines.append(f"drag-based, {speed:.0f} km/s: {missed(way, speed)}")
    if way.speeds:
        speed = way.speeds[0]
        told = missed(way, speed, free=True)
        lines.append(f"constant, {speed:.0f} km/s: {told}")
    lines.append(f"{settings(way.drag)}: assumed")
    return {
        "time": np.array([last - HOUR], "datetime64[ns]"),
        "distance": [0.02],
        "text": ["\n".join(lines)],
    }


def _earlier(event: Event) -> list[np.datetime64]:
    """Return when shocks of earlier eruptions came to L1."""
    found = [
        one.value("shock at L1") for one in known_sun.eruptions(event)[1:]
    ]
    return [when for when in found if when is not None]


def _minute(time: np.datetime64) -> str:
    return str(np.datetime_as_string(time, unit="m")).replace("T", " ")
