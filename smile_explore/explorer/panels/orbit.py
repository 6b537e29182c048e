"""Panels of where SMILE is, and of what it can see from there."""

from __future__ import annotations

from typing import Any, Final

import xarray as xr

from smile_explore.explorer.panels.kinds import Picture, Shown, Text
from smile_explore.instruments.visibility import visibility
from smile_explore.observations import Observations
from smile_explore.views import orbit, window
from smile_explore.views import visibility as visible

__all__ = ["ORBIT", "visibility_of"]

#: Drawn by what is met: other observations need another drawing.
_ANEW = frozenset({"observations"})


def _plane(name: str) -> Picture:
    def now(s: Shown) -> dict[str, Any]:
        seen = s.observations
        return {
            "plane": name,
            "pointing": seen.pointing,
            "solar_wind": seen.solar_wind,
        }

    return Picture(
        lambda s: orbit.plane(s.observations.trajectory, s.time, **now(s)),
        layers={
            "time": lambda s: orbit.layers(
                s.observations.trajectory, s.time, **now(s)
            )
        },
        aspect=lambda _: 1.0,
    )


def _looking(s: Shown) -> dict[str, Any]:
    return {
        "solar_wind": s.observations.solar_wind,
        "uvi_pointing": s.observations.uvi_pointing or None,
    }


class _Kept:
    """The visibility of the observations that were asked for last."""

    def __init__(self) -> None:
        self._of: Observations | None = None
        self._visibility = xr.Dataset()

    def __call__(self, shown: Shown) -> xr.Dataset:
        seen = shown.observations
        if seen is not self._of:
            self._visibility = visibility(
                seen.trajectory,
                solar_wind=seen.solar_wind,
                pointing=seen.pointing,
            )
            self._of = seen
        return self._visibility


visibility_of = _Kept()
ORBIT: Final[dict[str, Picture | Text]] = {
    **{f"orbit {name}": _plane(name) for name in orbit.PLANES},
    "window": Picture(
        lambda s: window.window(
            s.observations.pointing, s.time, **_looking(s)
        ),
        layers={
            "time": lambda s: window.layers(
                s.observations.pointing, s.time, **_looking(s)
            )
        },
        aspect=lambda _: 1.0,
    ),
    "visibility": Picture(
        lambda s: visible.bars(visibility_of(s), s.time),
        redrawn=_ANEW,
        taps="time",
    ),
    "view angles": Picture(
        lambda s: visible.angles(visibility_of(s), s.time),
        layers={
            "observations": lambda s: visible.angle_layers(visibility_of(s))
        },
        taps="time",
    ),
    "view readings": Text(
        lambda s: visible.readings(visibility_of(s), s.time)
    ),
}
