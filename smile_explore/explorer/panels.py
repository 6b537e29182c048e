"""The panels that there are, and the presets that show some of them.

A panel is one entry of `PANELS`: how it is drawn, and how it follows. A
preset is one entry of `PRESETS`: columns of panels, each with the room it
has. To add a panel, write its view, enter it here, and give it a place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.observations import Observations
from smile_explore.views import (
    aurora,
    aurora_readings,
    cube,
    flux,
    in_situ,
    keogram,
    polar,
    sight,
    sxi,
)
from smile_explore.views.nothing import picture_of_nothing, series_of_nothing
from smile_explore.views.readings import readings
from smile_explore.views.solar_wind import QUANTITIES, solar_wind
from smile_explore.views.standoff import layers as standoff_layers
from smile_explore.views.standoff import standoff
from smile_explore.views.style import Layers

__all__ = [
    "PANELS",
    "PRESETS",
    "Picture",
    "Place",
    "Shown",
    "Text",
    "local_time",
]


@dataclass(frozen=True)
class Shown:
    """All that a panel may depend on.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        Where the clock stands.
    cut, image : str
        Quantities of the cuts and of the image.
    method : str
        By which the magnetopause was found, or ``"all"``.
    sight : xarray.Dataset (SIGHT), optional
        The pixel that was picked.
    estimate : str
        Of the ions' moments, one of `distributions.ESTIMATES`.
    plane : str
        Of the slice through their distribution.
    box : Box, optional
        The part of the distribution that was picked.
    spot : (float, float), optional
        The place that was picked in UVI's image. [deg]
    glance : str
        What that place tells, as HTML.
    mlt : float
        Local time of the keogram. [h]
    """

    observations: Observations
    time: np.datetime64
    cut: str = "density"
    image: str = "intensity"
    method: str = "all"
    sight: xr.Dataset | None = None
    estimate: str = "corrected"
    plane: str = "B and V"
    box: in_situ.Box | None = None
    spot: tuple[float, float] | None = None
    glance: str = ""
    mlt: float = 23.5

    @property
    def there(self) -> tuple[bool, ...]:
        """What there is to show; panels are drawn anew where it changes."""
        seen = self.observations
        return bool(seen.uvi), bool(seen.light)


@dataclass(frozen=True)
class Picture:
    """A panel that is drawn.

    Parameters
    ----------
    view : callable
        ``view(shown)``, the HoloViews element.
    layers : mapping of str to callable
        By field of `Shown`: ``layers(shown)``, the columns to replace when
        it changes. New observations replace all of them.
    redrawn : set of str
        Fields of `Shown` with which the panel is drawn anew.
    taps : {"", "time", "pixel", "spot", "mlt"}
        What a tap picks. Panels that pick a time share its axis.
    aspect : callable, optional
        ``aspect(shown)``, width over height of what is drawn; then the
        place is the box it has to fit in.
    boxes : {"both", "height"}, optional
        Whether a drag picks a box, or only its height.
    """

    view: Callable[[Shown], hv.Overlay]
    layers: Mapping[str, Callable[[Shown], Layers]] = field(
        default_factory=dict
    )
    redrawn: frozenset[str] = frozenset()
    taps: str = ""
    aspect: Callable[[Shown], float] | None = None
    boxes: Literal["both", "height"] | None = None


@dataclass(frozen=True)
class Text:
    """A panel of words: ``html(shown)``, written anew at every change."""

    html: Callable[[Shown], str]


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

    return Picture(
        lambda s: cube.cut(
            s.observations,
            s.time,
            plane=plane,
            quantity=s.cut,
            sight=s.sight,
        ),
        layers={
            "time": lambda s: cube.layers(
                s.observations, s.time, plane=plane, quantity=s.cut
            ),
            "sight": lambda s: cube.picked(s.sight, plane=plane),
        },
        redrawn=frozenset({"cut"}),
        aspect=aspect,
    )


def _of_sight(
    view: Callable[[xr.Dataset | None], hv.Overlay],
    layers: Callable[[xr.Dataset | None], Layers],
) -> Picture:
    return Picture(
        lambda s: view(s.sight), layers={"sight": lambda s: layers(s.sight)}
    )


def _image_aspect(s: Shown) -> float:
    """Return width over height: one degree is the same both ways."""
    lon, lat = s.observations.sxi.fov_lon, s.observations.sxi.fov_lat
    return float((lon[-1] - lon[0]) / (lat[-1] - lat[0]))


def _moment(quantity: str) -> Picture:
    """Return the series of a moment; the first has the legend of all."""
    return Picture(
        lambda s: in_situ.moments(
            s.observations,
            s.time,
            quantity=quantity,
            estimate=s.estimate,
            first=quantity == "density",
        ),
        redrawn=frozenset({"observations", "estimate"}),
        taps="time",
    )


_IN_SITU: Final[dict[str, Picture | Text]] = {
    "spectrogram": Picture(
        lambda s: in_situ.spectrogram(s.observations, s.time, s.box),
        layers={"box": lambda s: in_situ.band_layers(s.observations, s.box)},
        redrawn=frozenset({"observations"}),
        taps="time",
        boxes="height",
    ),
    "ion density": _moment("density"),
    "ion speed": _moment("speed"),
    "ion temperature": _moment("temperature"),
    "field": Picture(
        lambda s: in_situ.field(s.observations, s.time),
        redrawn=frozenset({"observations"}),
        taps="time",
    ),
    "distribution": Picture(
        lambda s: in_situ.distribution(
            s.observations,
            s.time,
            plane=s.plane,
            estimate=s.estimate,
            box=s.box,
        ),
        layers={
            "time": lambda s: in_situ.distribution_layers(
                s.observations, s.time, plane=s.plane, estimate=s.estimate
            ),
            "box": lambda s: in_situ.box_layers(s.observations, s.box),
        },
        redrawn=frozenset({"observations", "plane", "estimate"}),
        aspect=lambda _: 1.0,
        boxes="both",
    ),
    "hodogram": Picture(
        lambda s: in_situ.hodogram(s.observations, s.time),
        layers={
            "time": lambda s: in_situ.hodogram_layers(s.observations, s.time)
        },
        redrawn=frozenset({"observations"}),
        aspect=lambda _: 1.0,
    ),
    "crossings": Text(lambda s: in_situ.crossings(s.observations, s.time)),
    "moments": Text(
        lambda s: in_situ.readings(
            s.observations,
            s.time,
            plane=s.plane,
            estimate=s.estimate,
            box=s.box,
        )
    ),
}

# The aurora

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
    hour = (np.degrees(np.arctan2(y, x)) / 15.0 + 6.0) % 24.0
    return float(np.floor(hour) % 24.0 + 0.5)


_AURORA: Final[dict[str, Picture | Text]] = {
    "uvi": Picture(
        _uvi_image,
        layers={
            "time": _uvi_layers,
            "spot": lambda s: (
                aurora.picked(s.spot) if s.observations.uvi else {}
            ),
        },
        redrawn=frozenset({"image", "there"}),
        taps="spot",
        aspect=lambda _: 1.0,
    ),
    "polar map": Picture(
        _polar,
        layers={
            "time": _polar_layers,
            "mlt": lambda s: (
                polar.picked(s.mlt) if s.observations.light else {}
            ),
        },
        redrawn=frozenset({"there"}),
        taps="mlt",
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
            s.observations.light, s.time, mlt=s.mlt, oval=s.observations.oval
        ),
        "mlt",
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
            or "<i>Tap UVI's image to see what a pixel of it tells; tap the "
            "polar map to choose the local time of the keogram.</i>"
        )
    ),
}

PANELS: Final[dict[str, Picture | Text]] = {
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
        ),
        layers={
            "time": lambda s: sxi.layers(
                s.observations, s.time, quantity=s.image, method=s.method
            ),
            "sight": lambda s: sxi.picked(s.sight),
        },
        redrawn=frozenset({"image", "method"}),
        taps="pixel",
        aspect=_image_aspect,
    ),
    "line of sight": _of_sight(sight.along, sight.along_layers),
    "lines": _of_sight(sight.lines, sight.lines_layers),
    "spectrum": _of_sight(sight.spectrum, sight.spectrum_layers),
    "readings": Text(lambda s: readings(s.observations, s.time)),
    **_IN_SITU,
    **_AURORA,
}


@dataclass(frozen=True)
class Place:
    """Where a preset has a panel: the room of its frame, without axes. [px].

    Of a panel of words only the width counts.
    """

    panel: str
    width: int
    height: int = 0


_wind = [Place(name, 300, 52) for name in QUANTITIES]
#: By name on the button: columns, from left to right, of what they show. All
#: of one stands on 1440 x 900 pixels in JupyterLab.
PRESETS: Final[dict[str, tuple[tuple[Place, ...], ...]]] = {
    "Overview": (
        (*_wind, Place("standoff", 300, 122)),
        (Place("noon", 170, 238), Place("equator", 170, 200)),
        (
            Place("sxi", 410, 238),
            Place("readings", 560),
            Place("line of sight", 400, 72),
        ),
    ),
    "X-ray": (
        (Place("sxi", 455, 270), Place("standoff", 455, 112)),
        (
            Place("line of sight", 300, 150),
            Place("lines", 300, 90),
            Place("spectrum", 300, 125),
        ),
        (Place("noon", 170, 215), Place("readings", 280)),
    ),
    "In situ": (
        (
            Place("spectrogram", 400, 112),
            Place("ion density", 400, 56),
            Place("ion speed", 400, 56),
            Place("ion temperature", 400, 56),
            Place("field", 400, 96),
        ),
        (Place("distribution", 270, 270), Place("moments", 430)),
        (
            Place("noon", 160, 190),
            Place("hodogram", 140, 140),
            Place("crossings", 255),
        ),
    ),
    "Aurora": (
        (Place("uvi", 285, 285), Place("glance", 390)),
        (Place("polar map", 340, 340), Place("aurora readings", 410)),
        (
            Place("modes", 295, 12),
            Place("magnetic field", 295, 52),
            Place("keogram", 295, 116),
            Place("open flux", 295, 62),
            Place("flux rates", 295, 84),
        ),
    ),
}
