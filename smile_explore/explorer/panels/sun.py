"""Panels of the Sun: where a storm comes from, and how it came."""

from __future__ import annotations

from typing import Final

from smile_explore.explorer.panels.kinds import Picture, Text
from smile_explore.views import arrival, ejection, sun, sun_series
from smile_explore.views.sun_readings import readings

__all__ = ["SUN"]

#: Drawn by what is known: another event needs another drawing.
_ANEW = frozenset({"observations"})

SUN: Final[dict[str, Picture | Text]] = {
    "Sun": Picture(
        lambda s: sun.disc(s.observations, s.time),
        layers={"time": lambda s: sun.layers(s.observations, s.time)},
        redrawn=_ANEW,
        aspect=lambda _: 1.0,
    ),
    "CME": Picture(
        lambda s: ejection.propagation(s.observations, s.time),
        layers={
            "time": lambda s: ejection.propagation_layers(
                s.observations, s.time
            )
        },
        redrawn=_ANEW,
        aspect=lambda _: ejection.ASPECT,
    ),
    # its own axis of time, from days before the event
    "arrival": Picture(
        lambda s: arrival.timeline(s.observations, s.time),
        layers={"time": lambda s: arrival.layers(s.observations, s.time)},
        redrawn=_ANEW,
    ),
    "sun angle": Picture(
        lambda s: sun_series.sun_angle(s.observations.pointing, s.time),
        redrawn=_ANEW,
        taps="time",
    ),
    "sun readings": Text(lambda s: readings(s.observations)),
}
