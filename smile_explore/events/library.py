"""Observations kept from one session to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache as once
from pathlib import Path

import smile_explore
from smile_explore.data import archive, cache, samples, solar_wind
from smile_explore.events import cubes, simulate
from smile_explore.events.cluster import (
    active,
    local_workers,
    starts_processes,
)
from smile_explore.observations import Event, Observations

__all__ = ["SEED", "keep", "recall"]

#: Floors and doors that show observations and have no part in making them.
_ABOVE = (
    *("views", "explorer", "jupyter", "cli", "serve"),
    *("lab.py", "__main__.py"),
)
#: Images that are worth the seconds in which workers start.
_LONG = 300
#: Noise is repeated, so that an event looks the same every time.
SEED = 0


def recall(event: Event, *, run: str | None = None) -> Observations:
    """Return the kept observations of an event.

    Raises
    ------
    KeyError
        If there are none that this version of the code has made.
    """
    return cache.load(_name(event, run), read=archive.open)


def keep(
    event: Event,
    *,
    run: str | None = None,
    progress: simulate.Progress | None = None,
    warn: Callable[[str], object] | None = None,
) -> Observations:
    """Return the observations of an event, made and kept if need be.

    In a notebook an event of more than some three hundred images is made by
    workers of this machine, unless a client has been chosen.

    Parameters
    ----------
    event : Event
    run : str, optional
        Name of an MHD run of the event, by default its first.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.
    warn : callable, optional
        Given one sentence when they could not be kept.
    """
    return cache.cached(
        _name(event, run),
        lambda: _observed(event, run, progress),
        read=archive.open,
        write=archive.save,
        **({"warn": warn} if warn else {}),
    )


def _observed(
    event: Event, run: str | None, progress: simulate.Progress | None
) -> Observations:
    alone = (
        active() is not None
        or not starts_processes()
        or cubes.count(event, run=run) <= _LONG
    )
    with local_workers(1 if alone else None) as client:
        return simulate.observe(
            event, run=run, rng=SEED, progress=progress, client=client
        )


def _name(event: Event, run: str | None) -> str:
    chosen = cubes.choose(event, run)
    files = [
        _state(name) for name in (event.solar_wind, chosen.sample) if name
    ]
    made_of = (event, chosen, files, _wind(event), SEED, _code())
    return f"{event.name}-{cache.key(*made_of)}.nc"


def _wind(event: Event) -> str:
    """Return what changes when a measured wind is fetched again."""
    if event.solar_wind not in solar_wind.MEASURED:
        return ""
    try:
        wind = solar_wind.load(
            event.start, event.stop, source=event.solar_wind, download=False
        )
    except ValueError:
        return ""  # whoever loads it says what is wrong
    return f"{wind.attrs['file']} {wind.attrs['sha256']}"


def _state(name: str) -> object:
    """Return what changes when a file does, without reading it."""
    if name in samples.names():
        return samples.manifest()[name]["sha256"]
    try:
        state = Path(name).stat()
    except OSError:
        return None  # whoever opens it says what is wrong
    return state.st_size, state.st_mtime_ns


@once
def _code() -> str:
    """Fingerprint of the code: a result is stale once the code changes."""
    package = Path(smile_explore.__file__).parent
    content = hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        if file.relative_to(package).parts[0] not in _ABOVE:
            content.update(file.read_bytes())
    return content.hexdigest()
