"""Observing an event in the analytic model every minute, the whole way.

Cubes, images, the magnetopause by three methods, LIA, MAG and UVI, with
progress: in threads of this process, then on two workers of this machine. The
goal is that of a day, 1441 images, in 3 minutes: HOURS of it are measured.
Where other work keeps the processors busy, wall times say little, and the
processor time of all processes tells what the workers cost.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator

import numpy as np
import psutil

from benchmarks import Figure
from smile_explore import events
from smile_explore.events.cluster import local_workers

HOURS = 0.5
#: Of one image, so that a day takes 3 minutes. [s]
GOAL = 180.0 / 1441


def measure() -> Iterator[Figure]:
    """Yield what an image costs in threads and on workers."""
    event = dataclasses.replace(
        events.load("2012-06-16"),
        stop=events.load("2012-06-16").start
        + np.timedelta64(int(60 * HOURS), "m"),
        runs=(),
    )
    few = dataclasses.replace(
        event, stop=event.start + np.timedelta64(10, "m")
    )
    with local_workers(2) as client:
        for where, workers in (("threads", None), ("two workers", client)):

            def observe(event: events.Event, workers: object = workers) -> int:
                seen = events.observe(
                    event,
                    cadence=60.0,
                    rng=0,
                    progress=lambda *_: None,
                    client=workers,
                )
                return seen.sxi.sizes["time"]

            observe(few)  # imports, and compiled code
            yield from _an_image(where, lambda: observe(event))


def _an_image(where: str, work: Callable[[], int]) -> Iterator[Figure]:
    wall, used = time.perf_counter(), _processor_time()
    images = work()
    wall, used = time.perf_counter() - wall, _processor_time() - used
    yield Figure(
        f"{where}, {images} images: wall, each",
        wall / images,
        "s",
        at_most=GOAL if where != "threads" else None,
    )
    yield Figure(f"{where}: processor time, each", used / images, "s")


def _processor_time() -> float:
    """Return that of this process and its children, all alive [s]."""
    here = psutil.Process()
    times = [one.cpu_times() for one in (here, *here.children(recursive=True))]
    return sum(one.user + one.system for one in times)
