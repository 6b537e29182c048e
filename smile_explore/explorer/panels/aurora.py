"""Panels of the aurora that UVI sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.explorer.panels.kinds import Picture, Shown, Text
from smile_explore.views import aurora, aurora_readings, flux, keogram, polar
from smile_explore.views.nothing import picture_of_nothing, series_of_nothing
from smile_explore.views.style import Layers

__all__ = ["AURORA", "local_time"]

_UNSEEN = "UVI saw nothing: off, or no Earth in its field"
#: Drawn by name or by its extent: other observations need another drawing.
_ANEW = frozenset({"observations"})


def _oval(s: Shown) -> xr.Dataset | None:
    return s.observations.oval if s.observations.light else None


def _uvi_image(s: Shown) -> hv.Overlay:
    if not s.observations.uvi:
        return picture_of_nothing("UVI", _UNSEEN)
    return aurora.image(
        s.observations.uvi,
        s.time,
        quantity=_uvi_quantity(s),
        pointing=s.observations.uvi_pointing,
        oval=_oval(s),
        spot=s.spot,
        box=s.box,
    )


def _uvi_layers(s: Shown) -> Layers:
    if not s.observations.uvi:
        return {}
    return aurora.layers(
        s.observations.uvi,
        s.time,
        quantity=_uvi_quantity(s),
        pointing=s.observations.uvi_pointing,
        oval=_oval(s),
    )


def _uvi_quantity(s: Shown) -> str:
    return "counts" if s.image == "counts" else "radiance"


def _polar(s: Shown) -> hv.Overlay:
    if not s.observations.light:
        return picture_of_nothing("Aurora over the pole", _UNSEEN)
    return polar.polar_map(
        s.observations.light,
        s.time,
        oval=s.observations.oval,
        cap=s.observations.polar_cap,
        trajectory=s.observations.trajectory,
        mlt=s.mlt,
        box=s.box,
    )


def _polar_layers(s: Shown) -> Layers:
    if not s.observations.light:
        return {}
    return polar.layers(
        s.observations.light,
        s.time,
        oval=s.observations.oval,
        cap=s.observations.polar_cap,
        trajectory=s.observations.trajectory,
    )


def _of_light(
    title: str, view: Callable[[Shown], hv.Overlay], *redrawn: str
) -> Picture:
    """Return a time series of what was found in the maps."""

    def drawn(s: Shown) -> hv.Overlay:
        if not s.observations.light:
            times = s.observations.trajectory.time
            return series_of_nothing(times, s.time, title, _UNSEEN)
        return view(s)

    return Picture(drawn, redrawn=_ANEW | set(redrawn), taps="time")


def local_time(x: float, y: float) -> float:
    """Return the middle of the hour [h] under a place on a polar map."""
    return float(np.floor(polar.hour(x, y)) % 24.0 + 0.5)


AURORA: Final[dict[str, Picture | Text]] = {
    "uvi": Picture(
        _uvi_image,
        layers={
            "time": _uvi_layers,
            "spot": lambda s: (
                aurora.picked(s.spot) if s.observations.uvi else {}
            ),
            "box": lambda s: aurora.boxed(s.box) if s.observations.uvi else {},
        },
        redrawn=frozenset({"image", "there"}),
        taps="spot",
        boxes="both",
        aspect=lambda _: 1.0,
    ),
    "polar map": Picture(
        _polar,
        layers={
            "time": _polar_layers,
            "mlt": lambda s: (
                polar.picked(s.mlt) if s.observations.light else {}
            ),
            "box": lambda s: (
                polar.boxed(s.box) if s.observations.light else {}
            ),
        },
        redrawn=frozenset({"there"}),
        taps="mlt",
        boxes="both",
        aspect=lambda _: 1.0,
    ),
    "modes": Picture(
        lambda s: keogram.modes(s.observations.trajectory, s.time),
        redrawn=_ANEW,
        taps="time",
    ),
    "keogram": _of_light(
        "Aurora",
        lambda s: keogram.keogram(
            s.observations.light,
            s.time,
            **polar.sector(s.box, s.mlt),
            oval=s.observations.oval,
        ),
        *("mlt", "box"),
    ),
    "open flux": _of_light(
        "Open flux",
        lambda s: flux.open_flux(s.observations.polar_cap, s.time),
    ),
    "flux rates": _of_light(
        "Flux opened and closed",
        lambda s: flux.rates(s.observations.flux_budget, s.time),
    ),
    "aurora readings": Text(
        lambda s: aurora_readings.readings(s.observations, s.time)
    ),
    "glance": Text(
        lambda s: (
            s.glance
            or "<i>Tap UVI's image, or draw a box on it, to see what a pixel, "
            "or all of a box, see and count; the same on the polar map "
            "chooses the local time of the keogram.</i>"
        )
    ),
}
