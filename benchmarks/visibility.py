"""A plan of a year: what SMILE can see every five minutes.

Times are CPU times but for the one that says wall.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks import Figure, best_of
from smile_explore import events
from smile_explore.instruments import orbit
from smile_explore.instruments.conjunctions import conjunctions, stations
from smile_explore.instruments.footpoints import footpoints
from smile_explore.instruments.planning import (
    best_hours,
    best_viewpoint,
)
from smile_explore.instruments.propagation import propagate
from smile_explore.instruments.visibility import visibility
from smile_explore.views import orbit as orbit_view
from smile_explore.views import window

START = np.datetime64("2026-09-01T00:00", "ns")


def measure() -> Iterator[Figure]:
    """Yield CPU times of a plan."""
    times = START + np.arange(365 * 288) * np.timedelta64(5, "m")
    timing = best_of(2, lambda: propagate(times))
    yield Figure("the orbit, under Sun and Moon", timing.cpu, "s")
    year = timing.result
    timing = best_of(3, lambda: visibility(year))
    yield Figure(
        f"visibility, {year.sizes['time']} moments",
        timing.cpu,
        "s",
        at_most=10.0,
    )
    yield Figure("visibility, wall", timing.wall, "s", at_most=10.0)
    seen = timing.result
    timing = best_of(3, lambda: best_hours(seen))
    yield Figure("the ten best windows of them", timing.cpu, "s")
    timing = best_of(2, lambda: conjunctions(footpoints(year), stations()))
    yield Figure("footpoints and conjunctions", timing.cpu, "s")
    event = events.load("2012-06-16")
    timing = best_of(2, lambda: best_viewpoint(event))
    yield Figure("144 orbits for an event of 26 h", timing.cpu, "s")
    yield from steps()


def steps() -> Iterator[Figure]:
    """Yield what a step of the clock costs in the views."""
    times = START + np.arange(0, 51 * 6) * np.timedelta64(10, "m")
    flown = orbit.trajectory(times)
    pointed = orbit.pointing(flown)
    moment = times[120]
    timing = best_of(20, lambda: window.layers(pointed, moment))
    yield Figure("a step of the window", timing.cpu, "s")
    timing = best_of(
        20, lambda: orbit_view.layers(flown, moment, pointing=pointed)
    )
    yield Figure("a step of a plane", timing.cpu, "s")
