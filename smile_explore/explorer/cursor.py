"""The one thing that panels share: where the clock stands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import traitlets
from numpy.typing import ArrayLike

__all__ = ["Cursor"]


class Cursor(traitlets.HasTraits):
    """A position on the clock of an event.

    Panels and controls write `index` and answer to it; they never speak to
    each other.

    Parameters
    ----------
    times : array_like of datetime64
        The times at which there is something to show, increasing.
    """

    index = traitlets.Int(0)

    def __init__(self, times: ArrayLike) -> None:
        super().__init__()
        self.times = np.asarray(times, "datetime64[ns]")

    @property
    def time(self) -> np.datetime64:
        """The time the clock stands at."""
        return self.times[self.index]

    def seek(self, time: np.datetime64) -> None:
        """Move to the time of the clock nearest to `time`."""
        away = np.abs(self.times - np.asarray(time, "datetime64[ns]"))
        self.index = int(away.argmin())

    def reset(self, times: ArrayLike, time: np.datetime64) -> None:
        """Take another clock and stand at `time`."""
        self.index = 0
        self.times = np.asarray(times, "datetime64[ns]")
        self.seek(time)

    def on_move(self, callback: Callable[[], None]) -> None:
        """Call `callback` whenever the clock has moved."""
        self.observe(lambda _change: callback(), names="index")

    @traitlets.validate("index")
    def _within_times(self, proposal: dict[str, int]) -> int:
        return min(max(proposal["value"], 0), len(self.times) - 1)
