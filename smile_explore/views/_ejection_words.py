"""What the views of an ejection share."""

from __future__ import annotations

import numpy as np

from smile_explore.events.journey import Journey
from smile_explore.physics.ejection import Drag

__all__ = ["COLOUR", "HOUR", "UNKNOWN", "missed", "settings"]

HOUR = np.timedelta64(3_600_000_000_000, "ns")
UNKNOWN = "no flare with an ejection's speed is in the catalogue"
#: After Okabe & Ito (2008).
COLOUR = {"drag": "#0072B2", "free": "#7F7F7F", "seen": "#D55E00"}


def missed(way: Journey, speed: float, *, free: bool = False) -> str:
    """Say when a model has the front at L1, and by how much it is wrong.

    Parameters
    ----------
    way : Journey
    speed : float
        In the corona. [km s-1]
    free : bool
        Without drag.
    """
    arrival = way.arrival(way.l1, speed, free=free)
    if np.isnat(arrival):
        return "does not arrive"
    hours = (arrival - way.start) / HOUR
    late = way.late(arrival)
    if not np.isfinite(late):
        return f"{hours:.1f} h"
    word = "late" if late > 0 else "early"
    return f"{hours:.1f} h, {abs(late):.1f} h {word}"


def settings(drag: Drag) -> str:
    """Return the settings of the drag-based model in words."""
    return (
        f"γ {drag.gamma:g}·10⁻⁷ km⁻¹, wind {drag.wind:.0f} km/s, "
        f"from {drag.start:g} solar radii"
    )
