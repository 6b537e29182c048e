"""Measured data with and without a network: what a user waits for.

Against a real HTTP server on this computer that serves a month of OMNI as a
CDF file, by pyspedas in the worker process; against one that never answers;
and without any network, for which an address stands that is reserved for
documentation (RFC 5737) and leads nowhere.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import Figure, best_of
from smile_explore import events
from smile_explore.data import network, solar_wind
from tools import archive

DAY = ("2012-07-14", "2012-07-14T23:59")
SHIPPED = ("2012-06-16T12:00", "2012-06-17T14:00")
DEADLINE = 25.0


def measure() -> Iterator[Figure]:
    """Yield waiting times: offline, online, cached, and given up."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with _environment(place, "http://192.0.2.1/"):
            yield from _offline()
        served = place / "archive"
        archive.write_omni(
            served / archive.LAYOUT.format(month="201207"),
            archive.omni_minutes("201207"),
        )
        with (
            archive.serving(served) as server,
            _environment(place, server.url),
        ):
            server.moods = {"/": "hang"}
            yield from _given_up()
            server.moods = {}
            yield from _online()
        with _environment(place, "http://192.0.2.1/"):
            cached = best_of(3, lambda: solar_wind.load(*DAY))
            yield Figure(
                "a cached day, no network", cached.wall, "s", None, 0.5
            )


def _offline() -> Iterator[Figure]:
    event = events.load("2012-06-16")
    for name in ("first", "second"):
        wait = _wall(
            lambda: solar_wind.load(*SHIPPED, source=event.solar_wind)
        )
        yield Figure(f"offline, {name} load of a shipped event", wait, "s")
    for name, goal in (("first", 2.2), ("second", 0.1)):
        wait = _wall(lambda: _refused(DEADLINE))
        yield Figure(f"offline, {name} fetch refused", wait, "s", None, goal)


def _given_up() -> Iterator[Figure]:
    wait = _wall(lambda: _refused(DEADLINE))
    yield Figure(
        "server that hangs, past the deadline",
        wait - DEADLINE,
        "s",
        None,
        1.0,
    )


def _online() -> Iterator[Figure]:
    moments: dict[int, float] = {}
    start, before = time.perf_counter(), _children()

    def progress(done: int, _: int) -> None:
        moments.setdefault(done, time.perf_counter() - start)

    solar_wind.fetch(*DAY, progress=progress)
    total, cpu = time.perf_counter() - start, _children() - before
    yield Figure("24 h of OMNI, imports of the worker", moments[1], "s")
    yield Figure(
        "24 h of OMNI, after the imports", total - moments[1], "s", None, 5.0
    )
    yield Figure("24 h of OMNI, CPU of the worker in all", cpu, "s")
    wait = _wall(lambda: solar_wind.fetch("2012-07-15", "2012-07-15T23:59"))
    yield Figure("another day of that month, in all", wait, "s")


def _children() -> float:
    """Return the CPU time of processes that have ended, in s."""
    times = os.times()
    return times.children_user + times.children_system


def _refused(deadline: float) -> None:
    try:
        solar_wind.fetch("2012-07-20", "2012-07-21", deadline=deadline)
    except ValueError:
        return
    raise RuntimeError("the archive answered")


def _wall(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


@contextmanager
def _environment(folder: Path, url: str) -> Iterator[None]:
    """Use a cache in `folder`, and a mirror of the archive."""
    preferences = folder / "preferences.toml"
    preferences.write_text(f'[projects.omni]\nremote_data_dir = "{url}"\n')
    before = dict(os.environ)
    os.environ["SMILE_EXPLORE_CACHE"] = str(folder / "cache")
    os.environ["PYSPEDAS_CONFIG_FILE"] = str(preferences)
    os.environ.pop("SMILE_EXPLORE_OFFLINE", None)
    network._found.clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
