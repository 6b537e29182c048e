"""A year of SMILE's orbit under Sun, Moon and the flattened Earth.

How far it is from satkit's with DE440 (``tools/reference_orbit.py``) for five
orbits, how long it takes, and how long to turn a year into GSM.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import Figure, best_of
from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments import orbit, propagation
from smile_explore.physics import trajectories

REFERENCE = Path(__file__).parents[1] / "tests/instruments/reference_orbit.csv"
START = np.datetime64("2026-09-01T00:00", "ns")
MINUTE = np.timedelta64(60, "s")


def measure() -> Iterator[Figure]:
    """Yield misses and times."""
    worst = 0.0
    for elements, days, places in _reference():
        times = START + days.astype(int) * np.timedelta64(1, "D")
        flown = propagation.propagate(times, start=elements)
        away = trajectories.to_inertial(flown)[1] - places
        miss = np.linalg.norm(away, axis=1)
        worst = max(worst, float((miss[1:] / days[1:]).max()))
        name = f"RAAN {elements.raan:g}, w {elements.argument_of_perigee:g}"
        yield Figure(f"{name}: off after a year", float(miss[-1]), "km")
    yield Figure("greatest miss over days", worst, "km per day", at_most=1.0)
    hours = START + 60 * MINUTE * np.arange(365 * 24)
    timing = best_of(2, lambda: propagation.propagate(hours))
    yield Figure("a year by the hour, in GSM, CPU", timing.cpu, "s", None, 5.0)
    kepler = best_of(2, lambda: orbit.trajectory(hours))
    yield Figure("the same on a Kepler orbit, CPU", kepler.cpu, "s")
    yield from _rotation()


def _rotation() -> Iterator[Figure]:
    minutes = START + MINUTE * np.arange(525_600)
    vector = orbit.trajectory(minutes)["position"]
    gei = frames.rotate(vector, to="GEI")

    def cold() -> None:
        frames._kept.clear()
        frames.rotate(gei, to="GSM")

    for name, turn in (
        ("for the first time", cold),
        ("again", lambda: frames.rotate(gei, to="GSM")),
    ):
        timing = best_of(1, turn)
        label = f"525 600 vectors into GSM {name}, CPU"
        yield Figure(label, timing.cpu, "s", at_most=2.0)


def _reference() -> Iterator[tuple[orbit.Elements, np.ndarray, np.ndarray]]:
    lines = REFERENCE.read_text("utf-8").splitlines()[1:]
    orbits: dict[tuple[float, ...], list[list[float]]] = {}
    for row in csv.DictReader(lines):
        numbers = [float(value) for value in row.values()]
        orbits.setdefault(tuple(numbers[:4]), []).append(numbers[4:8])
    for (raan, argument, perigee, apogee), rows in orbits.items():
        elements = orbit.Elements(
            perigee_altitude=perigee - EARTH_RADIUS,
            apogee_radius=apogee / EARTH_RADIUS,
            raan=raan,
            argument_of_perigee=argument,
            perigee_time=START,
        )
        table = np.array(rows)
        yield elements, table[:, 0], table[:, 1:]
