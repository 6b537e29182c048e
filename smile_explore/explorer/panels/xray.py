"""Panels of the solar wind, the cube, and what SXI sees of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import holoviews as hv
import xarray as xr

from smile_explore.explorer.panels.kinds import Picture, Shown, Text
from smile_explore.views import cube, sight, sxi
from smile_explore.views.readings import readings
from smile_explore.views.solar_wind import QUANTITIES, solar_wind
from smile_explore.views.standoff import layers as standoff_layers
from smile_explore.views.standoff import standoff
from smile_explore.views.style import Layers
from smile_explore.views.words import headline

__all__ = ["XRAY"]


def _series(quantity: str) -> Picture:
    return Picture(
        lambda s: solar_wind(
            s.observations.solar_wind, s.time, quantity=quantity
        ),
        taps="time",
    )


def _cut(plane: str, side: str) -> Picture:
    def aspect(s: Shown) -> float:
        """One R_E is the same both ways."""
        x, up = s.observations.cuts.x, s.observations.cuts[side]
        return float((x[-1] - x[0]) / (up[-1] - up[0]))

    def now(s: Shown) -> Layers:
        return cube.layers(
            s.observations, s.time, plane=plane, quantity=s.cut, mlt=s.mlt
        )

    return Picture(
        lambda s: cube.cut(
            s.observations,
            s.time,
            plane=plane,
            quantity=s.cut,
            sight=s.sight,
            mlt=s.mlt,
        ),
        layers={
            "time": now,
            "mlt": now,
            "sight": lambda s: cube.picked(s.sight, plane=plane),
        },
        redrawn=frozenset({"cut"}),
        aspect=aspect,
    )


def _spectral(
    view: Callable[[xr.Dataset | None], hv.Overlay],
    layers: Callable[[xr.Dataset | None], Layers],
) -> Picture:
    """Return a panel of the pixel, or of the box, that was picked."""

    def now(s: Shown) -> Layers:
        return layers(s.spectral)

    return Picture(
        lambda s: view(s.spectral), layers={"sight": now, "area": now}
    )


def _image_aspect(s: Shown) -> float:
    """Return width over height: one degree is the same both ways."""
    lon, lat = s.observations.sxi.fov_lon, s.observations.sxi.fov_lat
    return float((lon[-1] - lon[0]) / (lat[-1] - lat[0]))


XRAY: Final[dict[str, Picture | Text]] = {
    **{name: _series(name) for name in QUANTITIES},
    "standoff": Picture(
        lambda s: standoff(s.observations.standoff, s.time, method=s.method),
        layers={
            "observations": lambda s: standoff_layers(
                s.observations.standoff, method=s.method
            )
        },
        redrawn=frozenset({"method"}),
        taps="time",
    ),
    "noon": _cut("noon", "z"),
    "equator": _cut("equator", "y"),
    "sxi": Picture(
        lambda s: sxi.image(
            s.observations,
            s.time,
            quantity=s.image,
            method=s.method,
            sight=s.sight,
            box=s.box,
        ),
        layers={
            "time": lambda s: sxi.layers(
                s.observations, s.time, quantity=s.image, method=s.method
            ),
            "sight": lambda s: sxi.picked(s.sight),
            "box": lambda s: sxi.boxed(s.box),
        },
        redrawn=frozenset({"image", "method"}),
        taps="pixel",
        boxes="both",
        aspect=_image_aspect,
    ),
    "line of sight": Picture(
        lambda s: sight.along(s.sight),
        layers={"sight": lambda s: sight.along_layers(s.sight)},
    ),
    "lines": _spectral(sight.lines, sight.lines_layers),
    "spectrum": _spectral(sight.spectrum, sight.spectrum_layers),
    "readings": Text(lambda s: readings(s.observations, s.time)),
    "headline": Text(lambda s: headline(s.observations, s.time)),
}
