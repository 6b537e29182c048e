"""A coronal mass ejection on its way, seen from the ecliptic's north."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np

from smile_explore.events.journey import Journey, journey
from smile_explore.observations import Observations
from smile_explore.physics.ejection import Drag
from smile_explore.views._ejection_words import (
    COLOUR,
    HOUR,
    UNKNOWN,
    settings,
)
from smile_explore.views.nothing import picture_of_nothing
from smile_explore.views.style import Layers, note, picture

__all__ = [
    "ASPECT",
    "propagation",
    "propagation_layers",
]

#: The part of the ecliptic that is shown. [AU]
_WIDTH = (-0.12, 1.3)
_HALF = 0.64
#: Width over height.
ASPECT = (_WIDTH[1] - _WIDTH[0]) / (2.0 * _HALF)
#: Between the earlier fronts that are drawn. [h]
_EVERY = 12


def propagation(
    observations: Observations,
    time: np.datetime64,
    *,
    drag: Drag | None = None,
) -> hv.Overlay:
    """Return the ecliptic from the north, Sun at the left, Earth at the right.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        Where the clock stands, and the front of the ejection with it.
    drag : Drag, optional
        Settings of the drag-based model.
    """
    way = journey(observations.event, drag=drag)
    if way is None or not way.speeds:
        return picture_of_nothing("Ejection", UNKNOWN)
    now = propagation_layers(observations, time, drag=drag)
    axes = [hv.Dimension("x", label="x [AU], from Sun to Earth")]
    axes.append(hv.Dimension("y", label="y [AU], west up"))
    known = way.half_angle is not None
    shape = {"line_dash": "solid" if known else "dashed"}
    parts: list[hv.Element] = [
        _line(_sun_earth(way), axes, "Sun-Earth line", "#999999", 1.0),
        _line(
            _earlier(way), axes, "earlier fronts", COLOUR["drag"], 0.8, **shape
        ),
        _line(
            now["constant speed"],
            axes,
            "constant speed",
            COLOUR["free"],
            1.6,
            **shape,
        ),
        _line(
            now["drag-based"], axes, "drag-based", COLOUR["drag"], 3.0, **shape
        ),
    ]
    if known:
        parts.append(
            _line(
                _edges(way),
                axes,
                "cone",
                COLOUR["drag"],
                1.0,
                line_dash="dotted",
            )
        )
    parts += [*_bodies(way, axes), _hours(way, axes)]
    parts.append(note(axes, now["note"], "note"))
    return picture(
        parts,
        title=f"Ejection of {way.eruption.name}, in the ecliptic",
        xlim=_WIDTH,
        ylim=(-_HALF, _HALF),
        legend="bottom_left",
    ).opts(data_aspect=1)


def propagation_layers(
    observations: Observations,
    time: np.datetime64,
    *,
    drag: Drag | None = None,
) -> Layers:
    """Return the columns of `propagation` that change with time."""
    way = journey(observations.event, drag=drag)
    if way is None or not way.speeds:
        return {}
    apex, speed = way.height(time, way.speeds[0])
    free, _ = way.height(time, way.speeds[0], free=True)
    told = [
        "drawn from the catalogue and a model, not an image",
        f"drag-based: {settings(way.drag)} (assumed)",
        f"in the corona {way.speeds[0]:.0f} km/s "
        f"({way.eruption.status('ejection speed')})",
        f"at the clock {apex:.2f} AU, {speed:.0f} km/s"
        if np.isfinite(apex)
        else "at the clock not yet ejected",
    ]
    if way.half_angle is None:
        told.append("width and direction not known: drawn all around")
    else:
        lat, lon = (
            way.eruption.value(f"ejection {one}")
            for one in ("latitude", "longitude")
        )
        sure = way.eruption.status(
            "half angle", "ejection latitude", "ejection longitude"
        )
        told.append(
            f"half angle {way.half_angle:g}°, toward {abs(lat):g}° "
            f"{'N' if lat >= 0 else 'S'} {abs(lon):g}° "
            f"{'W' if lon >= 0 else 'E'} ({sure})"
        )
    return {
        "drag-based": _front(way, float(apex)),
        "constant speed": _front(way, float(free)),
        "note": {
            "x": [_WIDTH[0] + 0.01],
            "y": [_HALF - 0.01],
            "text": ["\n".join(told)],
        },
    }


def _front(way: Journey, apex: float) -> dict[str, np.ndarray]:
    azimuth = np.linspace(-180.0, 180.0, 361)
    distance = apex * way.shape(azimuth)
    # far beyond the picture nothing need travel to the page
    distance = np.where(distance < 3.0, distance, np.nan)
    turn = np.radians(azimuth)
    return {"x": distance * np.cos(turn), "y": distance * np.sin(turn)}


def _steps(way: Journey) -> list[tuple[int, float]]:
    """Return hours and places of the earlier fronts, to the last in sight."""
    hours = np.arange(_EVERY, 200, _EVERY)
    apex, _ = way.height(way.start + hours * HOUR, way.speeds[0])
    inside = apex <= way.earth
    return list(zip(hours[inside].tolist(), apex[inside], strict=True))


def _earlier(way: Journey) -> dict[str, np.ndarray]:
    rings = [_front(way, apex) for _, apex in _steps(way)]
    gap = [np.nan]
    return {
        side: np.concatenate([np.append(ring[side], gap) for ring in rings])
        if rings
        else np.array(gap)
        for side in ("x", "y")
    }


def _edges(way: Journey) -> dict[str, np.ndarray]:
    """Return where the cone's mantle cuts the ecliptic."""
    azimuth = np.linspace(-180.0, 180.0, 3601)
    inside = azimuth[np.isfinite(way.shape(azimuth))]
    if not inside.size:
        return {"x": np.array([np.nan]), "y": np.array([np.nan])}
    ends = np.radians(inside[[0, -1]])
    far = 1.3
    x = [far * np.cos(ends[0]), 0.0, far * np.cos(ends[1])]
    y = [far * np.sin(ends[0]), 0.0, far * np.sin(ends[1])]
    return {"x": np.array(x), "y": np.array(y)}


def _sun_earth(way: Journey) -> dict[str, np.ndarray]:
    return {"x": np.array([0.0, way.earth]), "y": np.zeros(2)}


def _bodies(way: Journey, axes: list[hv.Dimension]) -> list[hv.Element]:
    """Draw Sun, L1 and Earth, not to scale, with their names."""
    bodies = (
        ("Sun", 0.0, "#E69F00", 16, "circle"),
        ("L1", way.l1, "#222222", 6, "diamond"),
        ("Earth", way.earth, "#56B4E9", 11, "circle"),
    )
    drawn: list[hv.Element] = [
        hv.Scatter({"x": [x], "y": [0.0]}, *axes, label=name).opts(
            color=colour,
            size=size,
            marker=marker,
            line_color="#222222",
            show_legend=False,
        )
        for name, x, colour, size, marker in bodies
    ]
    columns = {
        "x": [0.0, way.l1, way.earth],
        "y": [-0.07, -0.06, 0.055],
        "text": ["Sun", "L1", "Earth"],
    }
    names = hv.Labels(columns, axes, "text", label="names")
    return [
        *drawn,
        names.opts(
            text_font_size="11px",
            text_color="#222222",
            text_align="center",
            show_legend=False,
        ),
    ]


def _hours(way: Journey, axes: list[hv.Dimension]) -> hv.Labels:
    """Write the hours since the flare beside the earlier fronts."""
    steps = _steps(way)
    columns = {
        "x": [apex * way.reach for _, apex in steps],
        "y": [0.045] * len(steps),
        "text": [f"{hours} h" for hours, _ in steps],
    }
    return hv.Labels(columns, axes, "text", label="hours").opts(
        text_font_size="11px",
        text_color=COLOUR["drag"],
        text_align="right",
        show_legend=False,
    )


def _line(
    columns: Any,
    axes: list[hv.Dimension],
    label: str,
    colour: str,
    width: float,
    **options: Any,
) -> hv.Curve:
    shown = label in ("drag-based", "constant speed", "earlier fronts")
    return hv.Curve(columns, *axes, label=label).opts(
        color=colour, line_width=width, show_legend=shown, **options
    )
