"""What panels show at other times, worked out while nobody turns anything.

A step of the clock then only sends what is there already. Views are functions
of data and time alone, so what they return can be kept and made in another
thread.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeAlias

import numpy as np

from smile_explore.explorer.panels import PANELS, Shown, Text
from smile_explore.views.style import Layers

__all__ = ["Ahead"]

#: What is picked: columns that follow the clock do not depend on it, words do.
_PICKED = frozenset({"time", "sight", "area", "box", "spot", "glance"})
#: Work begins once nothing was asked for so long. [s]
_IDLE = 0.15
#: Between two panels others may have the processor. [s]
_PAUSE = 0.002
#: Steps of the clock behind the present one; twice as many ahead.
_REACH = 20
#: Of what is kept. [bytes]
_MOST = 60e6


#: What a panel shows at a time: columns of a picture, or words.
Made: TypeAlias = "Layers | str"


class Ahead:
    """What panels show by time: kept, and made ahead from a time outwards.

    Parameters
    ----------
    most : float
        What may be kept; what was used longest ago goes first. [bytes]
    """

    def __init__(self, *, most: float = _MOST) -> None:
        self._most, self._size = most, 0.0
        self._kept: OrderedDict[tuple[Any, ...], Made] = OrderedDict()
        self._of: tuple[Any, ...] = ()
        self._lock = threading.Lock()
        self._asked = 0.0
        self._wish: tuple[Shown, tuple[str, ...]] | None = None
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def show(self, name: str, shown: Shown) -> Made:
        """Return what a panel shows at a time; columns only what follows it.

        Parameters
        ----------
        name : str
            Of the panel.
        shown : Shown
        """
        self._asked = time.monotonic()  # the thread makes way
        key, of = _key(name, shown), _all_but_picked(shown)
        with self._lock:
            if _same(of, self._of) and key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = _made(name, shown)
        self._keep(key, of, made)
        return made

    def wish(self, shown: Shown, panels: Iterable[str]) -> None:
        """Make, from now on, what these panels show around this time."""
        self._asked = time.monotonic()
        self._wish = shown, tuple(filter(_follows, panels))
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        self._woken.set()

    def close(self) -> None:
        """Stop, and forget everything."""
        self._closed = True
        self._woken.set()
        with self._lock:
            self._kept.clear()

    def _keep(
        self, key: tuple[Any, ...], of: tuple[Any, ...], made: Made
    ) -> None:
        with self._lock:
            if not _same(of, self._of):
                self._kept.clear()
                self._of, self._size = of, 0.0
            if key not in self._kept:
                self._size += _bytes(made)
            self._kept[key] = made
            while self._size > self._most and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._size -= _bytes(gone)

    def _run(self) -> None:
        while not self._closed:
            self._woken.wait()
            self._woken.clear()
            wish = self._wish
            if wish is not None:
                self._make(*wish)

    def _make(self, shown: Shown, panels: tuple[str, ...]) -> None:
        """Make what is missing, until it is there or another is wished."""
        of = _all_but_picked(shown)
        for when in _outwards(shown):
            for name in panels:
                while (rest := self._asked + _IDLE - time.monotonic()) > 0:
                    if self._woken.wait(rest):
                        return
                if self._woken.is_set() or self._closed:
                    return
                then = replace(shown, time=when)
                key = _key(name, then)
                with self._lock:
                    if _same(of, self._of) and key in self._kept:
                        continue
                    if self._size > 0.95 * self._most:
                        return  # else the nearest would be pushed out
                try:
                    made = _made(name, then)
                except Exception:  # told when it is shown
                    continue
                self._keep(key, of, made)
                time.sleep(_PAUSE)


def _follows(name: str) -> bool:
    kind = PANELS[name]
    return isinstance(kind, Text) or "time" in kind.layers


def _made(name: str, shown: Shown) -> Made:
    kind = PANELS[name]
    if isinstance(kind, Text):
        return kind.html(shown)
    return kind.layers["time"](shown)


def _key(name: str, shown: Shown) -> tuple[Any, ...]:
    if isinstance(PANELS[name], Text):
        return name, shown.time, shown.box, shown.spot, shown.glance
    return name, shown.time


def _all_but_picked(shown: Shown) -> tuple[Any, ...]:
    """Return all that is chosen, and the observations."""
    return tuple(
        getattr(shown, one.name)
        for one in fields(shown)
        if one.name not in _PICKED
    )


def _same(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    """Tell whether the same is chosen; data by what they are."""
    return len(some) == len(others) and all(
        one is other or (isinstance(one, str | float) and one == other)
        for one, other in zip(some, others, strict=True)
    )


def _outwards(shown: Shown) -> Iterator[np.datetime64]:
    """Yield the times around the clock's, two ahead for each behind."""
    times = shown.observations.cuts.time.values
    here = int(np.searchsorted(times, shown.time))
    steps = [0]
    for k in range(1, _REACH + 1):
        steps += [2 * k - 1, 2 * k, -k]
    return (times[here + k] for k in steps if 0 <= here + k < times.size)


def _bytes(made: Made) -> int:
    def size(value: Any) -> int:
        if isinstance(value, np.ndarray):
            return value.nbytes
        if isinstance(value, Mapping):
            return sum(map(size, value.values()))
        if isinstance(value, list | tuple):
            return sum(map(size, value))
        return 64

    return size(made)
