"""How a coronal mass ejection travels from the Sun to Earth.

The drag-based model: beyond some twenty solar radii the solar wind alone
slows a fast ejection down, and speeds a slow one up. Without drag the same
equations keep the speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import brentq

from smile_explore.physics.sun import AU, RADIUS

__all__ = ["L1", "Drag", "front", "height", "transit"]

#: Where Wind and ACE are, on this side of Earth: the first Lagrange point, at
#: a cube root of a third of Earth's mass over the Sun's (3.0404e-6 with the
#: Moon, IAU 2009) from Earth. [AU]
L1: Final = 0.0100
#: Hours beyond which no ejection is followed.
_LATEST: Final = 400.0


@dataclass(frozen=True)
class Drag:
    """The settings of the drag-based model; all are assumptions.

    Parameters
    ----------
    gamma : float
        Drag. In use are 0.2 to 2; 0.2 suits fast and massive ejections. Zero
        keeps the speed. [1e-7 km-1]
    wind : float
        Speed of the solar wind on the way. [km s-1]
    start : float
        Where drag sets in; the catalogued speed is kept to here.
        [solar radii]
    """

    gamma: float = 0.2
    wind: float = 450.0
    start: float = 20.0

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises
        ------
        ValueError
            If a setting is out of its range.
        """
        for name, low, high in (
            ("gamma", 0.0, 10.0),
            ("wind", 200.0, 1000.0),
            ("start", 1.0, 200.0),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(
                    f"{name} of the drag-based model must lie between {low:g} "
                    f"and {high:g}, got {value!r}"
                )


def height(hours: Any, speed: float, drag: Drag) -> tuple[Any, Any]:
    """Return how far the front is, and how fast.

    Parameters
    ----------
    hours : array_like
        Since it was at the Sun's surface; before, there is none (NaN). [h]
    speed : float
        In the corona. [km s-1]
    drag : Drag

    Returns
    -------
    distance : numpy.ndarray
        From the Sun's centre. [AU]
    speed : numpy.ndarray
        [km s-1]

    Notes
    -----
    Equations 5 and 6 of [1]_; the speed is constant below ``drag.start``.

    References
    ----------
    .. [1] Vrsnak et al. (2013), Propagation of interplanetary coronal mass
       ejections: the drag-based model, https://doi.org/10.1007/s11207-012-0035-4
    """
    seconds = np.asarray(hours, float) * 3600.0
    seconds = np.where(seconds >= 0.0, seconds, np.nan)
    rise = (drag.start - 1.0) * RADIUS / speed
    free = np.minimum(seconds, rise)
    after = np.maximum(seconds - rise, 0.0)
    gamma, excess = drag.gamma * 1e-7, speed - drag.wind
    slowing = 1.0 + gamma * abs(excess) * after
    if gamma * abs(excess) > 0.0:
        dragged = np.sign(excess) * np.log(slowing) / gamma + drag.wind * after
    else:
        dragged = speed * after
    distance = RADIUS + speed * free + dragged
    return distance / AU, excess / slowing + drag.wind


def transit(distance: float, speed: float, drag: Drag) -> float:
    """Return the hours from the Sun's surface to a distance.

    Parameters
    ----------
    distance : float
        [AU]
    speed : float
        In the corona. [km s-1]
    drag : Drag

    Returns
    -------
    transit : float
        NaN if it takes more than 400 hours, or `distance` is NaN. [h]
    """

    def short(hours: float) -> float:
        return float(height(hours, speed, drag)[0]) - distance

    if not short(0.0) <= 0.0 <= short(_LATEST):
        return float("nan")
    return float(brentq(short, 0.0, _LATEST))


def front(angle: Any, half_angle: float) -> Any:
    """Return how far the front is off its axis, over how far on the axis.

    Parameters
    ----------
    angle : array_like
        From the axis of the cone. [deg]
    half_angle : float
        Of the cone, below 90. [deg]

    Returns
    -------
    front : numpy.ndarray
        NaN outside the cone.

    Notes
    -----
    A cone capped by a half sphere, growing as it is: the front of [1]_.

    References
    ----------
    .. [1] Zic, Vrsnak and Temmer (2015), Heliospheric propagation of coronal
       mass ejections: drag-based model fitting,
       https://doi.org/10.1088/0067-0049/218/2/32
    """
    off = np.radians(np.asarray(angle, float))
    opening = np.tan(np.radians(half_angle))
    inside = np.abs(off) <= np.radians(half_angle)
    under = np.where(inside, opening**2 - np.sin(off) ** 2, np.nan)
    return (np.cos(off) + np.sqrt(under)) / (1.0 + opening)
