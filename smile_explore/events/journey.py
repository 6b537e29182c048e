"""From the Sun to Earth: what the catalogue knows, and what a model adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from smile_explore.data import sun as known_sun
from smile_explore.data.sun import Eruption
from smile_explore.observations import Event
from smile_explore.physics import ejection, sun
from smile_explore.physics.ejection import Drag

__all__ = ["Journey", "journey"]

_HOUR = np.timedelta64(3_600_000_000_000, "ns")
#: Keeps the speed that an ejection had in the corona.
_FREE = Drag(gamma=0.0)


@dataclass(frozen=True)
class Journey:
    """One ejection on its way.

    Parameters
    ----------
    eruption : Eruption
        What is known of it.
    start : numpy.datetime64
        When it left the Sun's surface: **assumed** to be the flare's peak.
    seen : physics.sun.Disc
        The Sun from Earth at that time.
    drag : Drag
        Settings of the model.
    speeds : tuple of float
        As catalogued, the one that is drawn first; may be empty. [km s-1]
    half_angle : float or None
        Of the cone, where width and direction are known. [deg]
    direction : numpy.ndarray, shape (3,), or None
        Of its axis, in HEE.
    """

    eruption: Eruption
    start: np.datetime64
    seen: sun.Disc
    drag: Drag
    speeds: tuple[float, ...]
    half_angle: float | None
    direction: np.ndarray | None

    @property
    def earth(self) -> float:
        """Distance of Earth from the Sun. [AU]."""
        return float(self.seen.distance / sun.AU)

    @property
    def l1(self) -> float:
        """Distance of Wind and ACE from the Sun. [AU]."""
        return self.earth - ejection.L1

    @property
    def reach(self) -> float:
        """How far the front is toward Earth, over how far on its axis.

        1 where direction or width is not known; NaN if Earth is outside.
        """
        return float(self.shape(np.zeros(1))[0])

    def shape(self, azimuth: np.ndarray) -> np.ndarray:
        """Return the same for directions in the ecliptic.

        Parameters
        ----------
        azimuth : numpy.ndarray
            From Earth westward. [deg]
        """
        if self.half_angle is None or self.direction is None:
            return np.ones_like(azimuth, dtype=float)
        turn = np.radians(azimuth)
        along = self.direction[0] * np.cos(turn)
        along = along + self.direction[1] * np.sin(turn)
        off = np.degrees(np.arccos(np.clip(along, -1.0, 1.0)))
        return ejection.front(off, self.half_angle)

    def height(
        self, times: Any, speed: float, *, free: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return how far the front is on its axis, and how fast.

        Parameters
        ----------
        times : array_like of datetime64
        speed : float
            In the corona. [km s-1]
        free : bool
            Without drag.

        Returns
        -------
        distance, speed : numpy.ndarray
            [AU], [km s-1]; NaN before `start`.
        """
        hours = (np.asarray(times, "datetime64[ns]") - self.start) / _HOUR
        return ejection.height(hours, speed, self.drag_or_none(free))

    def arrival(
        self, distance: float, speed: float, *, free: bool = False
    ) -> np.datetime64:
        """Return when the front is at a distance on the Sun-Earth line.

        NaT if it does not come there.
        """
        hours = ejection.transit(
            distance / self.reach, speed, self.drag_or_none(free)
        )
        if not np.isfinite(hours):
            return np.datetime64("NaT", "ns")
        return self.start + np.timedelta64(round(hours * 3.6e12), "ns")

    def drag_or_none(self, free: bool) -> Drag:
        """Return the settings, or those that keep the speed."""
        return _FREE if free else self.drag

    def late(self, arrival: np.datetime64) -> float:
        """Return by how much an arrival at L1 is later than observed. [h].

        NaN if no shock is known there.
        """
        shock = self.eruption.value("shock at L1")
        if shock is None or np.isnat(arrival):
            return float("nan")
        return float((arrival - shock) / _HOUR)


def journey(event: Event, *, drag: Drag | None = None) -> Journey | None:
    """Follow the ejection that drove an event.

    Parameters
    ----------
    event : Event
    drag : Drag, optional
        Settings of the drag-based model.

    Returns
    -------
    journey : Journey or None
        None where the catalogue knows no time of a flare.
    """
    eruptions = known_sun.eruptions(event)
    if not eruptions:
        return None
    first = eruptions[0]
    start = first.flare
    if start is None:
        return None
    seen = sun.disc(start)
    axis = first.numbers("ejection latitude", "ejection longitude")
    width = first.numbers("half angle")
    return Journey(
        eruption=first,
        start=start,
        seen=seen,
        drag=drag or Drag(),
        speeds=tuple(
            float(one.value) for one in first.known.get("ejection speed", ())
        ),
        half_angle=width[0] if width and axis else None,
        direction=sun.ecliptic(axis[0], axis[1], seen) if axis else None,
    )
