"""Panels of where SMILE is, and of what it can see from there."""

from __future__ import annotations

from typing import Final

import holoviews as hv
import xarray as xr

from smile_explore.explorer.panels.kinds import Picture, Shown, Text
from smile_explore.instruments.visibility import visibility
from smile_explore.observations import Observations
from smile_explore.views import orbit, window
from smile_explore.views import visibility as visible
from smile_explore.views.style import Layers

__all__ = ["ORBIT"]

#: Drawn by what is met: other observations need another drawing.
_ANEW = frozenset({"observations"})


def _plane(name: str) -> Picture:
    def drawn(s: Shown) -> hv.Overlay:
        seen = s.observations
        return orbit.plane(
            seen.trajectory,
            s.time,
            plane=name,
            pointing=seen.pointing,
            solar_wind=seen.solar_wind,
        )

    def moved(s: Shown) -> Layers:
        seen = s.observations
        return orbit.layers(
            seen.trajectory,
            s.time,
            plane=name,
            pointing=seen.pointing,
            solar_wind=seen.solar_wind,
        )

    return Picture(drawn, layers={"time": moved}, aspect=lambda _: 1.0)


def _uvi_pointing(s: Shown) -> xr.Dataset | None:
    return s.observations.uvi_pointing or None


def _window(s: Shown) -> hv.Overlay:
    return window.window(
        s.observations.pointing,
        s.time,
        solar_wind=s.observations.solar_wind,
        uvi_pointing=_uvi_pointing(s),
    )


def _window_layers(s: Shown) -> Layers:
    return window.layers(
        s.observations.pointing,
        s.time,
        solar_wind=s.observations.solar_wind,
        uvi_pointing=_uvi_pointing(s),
    )


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


_seen = _Kept()
ORBIT: Final[dict[str, Picture | Text]] = {
    **{f"orbit {name}": _plane(name) for name in orbit.PLANES},
    "window": Picture(
        _window, layers={"time": _window_layers}, aspect=lambda _: 1.0
    ),
    "visibility": Picture(
        lambda s: visible.bars(_seen(s), s.time), redrawn=_ANEW, taps="time"
    ),
    "view angles": Picture(
        lambda s: visible.angles(_seen(s), s.time),
        layers={"observations": lambda s: visible.angle_layers(_seen(s))},
        taps="time",
    ),
    "view readings": Text(lambda s: visible.readings(_seen(s), s.time)),
}
