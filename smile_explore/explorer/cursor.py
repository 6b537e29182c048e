"""The one thing that panels share: where the clock stands, what is picked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import traitlets
from numpy.typing import ArrayLike

__all__ = ["Cursor"]


class Cursor(traitlets.HasTraits):
    """A position on the clock of an event, and a pixel of its images.

    Panels and controls write `index` and `pixel` and answer to them; they
    never speak to each other.

    Parameters
    ----------
    times : array_like of datetime64
        The times at which there is something to show, increasing.

    Attributes
    ----------
    pixel : (float, float) or None
        A place in the field of view of SXI, ``(fov_lon, fov_lat)``; it is
        kept while the clock moves. [deg]
    spot : (float, float) or None
        The same in the field of view of UVI. [deg]
    mlt : float
        Magnetic local time of the keogram. [h]
    """

    index = traitlets.Int(0)
    pixel = traitlets.Tuple(
        traitlets.Float(),
        traitlets.Float(),
        allow_none=True,
        default_value=None,
    )
    spot = traitlets.Tuple(
        traitlets.Float(),
        traitlets.Float(),
        allow_none=True,
        default_value=None,
    )
    mlt = traitlets.Float(23.5)

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

    def on_pick(self, callback: Callable[[], None]) -> None:
        """Call `callback` whenever another pixel, or none, is picked."""
        self.observe(lambda _change: callback(), names="pixel")

    def on_spot(self, callback: Callable[[], None]) -> None:
        """Call `callback` whenever another place of UVI's image is picked."""
        self.observe(lambda _change: callback(), names="spot")

    def on_local_time(self, callback: Callable[[], None]) -> None:
        """Call `callback` whenever another local time is picked."""
        self.observe(lambda _change: callback(), names="mlt")

    @traitlets.validate("index")
    def _within_times(self, proposal: dict[str, int]) -> int:
        return min(max(proposal["value"], 0), len(self.times) - 1)
