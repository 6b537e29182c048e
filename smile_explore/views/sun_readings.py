"""What is known of the eruptions behind a storm, each with its source."""

from __future__ import annotations

from html import escape

import numpy as np

from smile_explore.data import sun as known_sun
from smile_explore.events.journey import Journey, journey
from smile_explore.observations import Known, Observations
from smile_explore.physics.ejection import Drag
from smile_explore.views._ejection_words import missed, settings
from smile_explore.views.style import pretty

__all__ = ["readings"]

_CELL = "padding-right:8px;vertical-align:top"
_TABLE = "font-size:11px;line-height:1.15"
#: Where the name of a quantity is short of a word.
_NAMES = {"latitude": "flare latitude", "longitude": "flare longitude"}
_COLOUR = {
    "verified": "#00674C",
    "second hand": "#8A5A00",
    "not verified": "#B03A00",
}


def readings(observations: Observations, *, drag: Drag | None = None) -> str:
    """Return all numbers of the eruptions, and the model's, as HTML tables.

    Parameters
    ----------
    observations : Observations
    drag : Drag, optional
        Settings of the drag-based model.

    Returns
    -------
    html : str
    """
    eruptions = known_sun.eruptions(observations.event)
    if not eruptions:
        return (
            "<i>Where this storm left the Sun is not in its catalogue: "
            "<code>sun</code> in events.catalog_file() takes it.</i>"
        )
    parts = []
    for number, one in enumerate(eruptions):
        drove = " (drove the storm)" if number == 0 else " (came before)"
        rows = [_row(known) for told in one.known.values() for known in told]
        parts.append(
            f"<b>{escape(one.name)}</b>{drove if len(eruptions) > 1 else ''}"
            f"<table style='{_TABLE}'>{''.join(rows)}</table>"
        )
    way = journey(observations.event, drag=drag)
    if way is not None and way.speeds:
        parts.append(_models(way))
    return "".join(parts)


def _row(known: Known) -> str:
    colour = _COLOUR[known.status]
    return (
        f"<tr><td style='{_CELL};white-space:nowrap'>"
        f"{_NAMES.get(known.quantity, known.quantity)}</td>"
        f"<td style='{_CELL};white-space:nowrap'>{_value(known)}</td>"
        f"<td><span style='color:{colour}'>{known.status}</span>: "
        f"<i>{escape(known.source)}</i></td></tr>"
    )


def _value(known: Known) -> str:
    unit = known_sun.QUANTITIES[known.quantity]
    if unit == "text":
        return escape(str(known.value))
    if unit == "UTC":
        return str(known.value)[:16].replace("T", " ")
    number = float(known.value)
    if unit != "deg":
        return f"{number:.0f} {pretty(unit)}"
    if "latitude" in known.quantity:
        return f"{abs(number):g}° {'N' if number >= 0 else 'S'}"
    if "longitude" in known.quantity:
        return f"{abs(number):g}° {'W' if number >= 0 else 'E'}"
    return f"{number:g}°"


def _models(way: Journey) -> str:
    """Tell when the models have the front at L1, and from what."""
    rows = []
    for speed in way.speeds:
        rows.append(_model(way, speed, free=False))
    rows.append(_model(way, way.speeds[0], free=True))
    return (
        "<b>Shock at L1 by models</b>"
        f"<table style='{_TABLE}'>{''.join(rows)}</table>"
        "<span style='font-size:11px'>Drag-based model (Vršnak et al. 2013), "
        f"{settings(way.drag)}: <b>assumed</b>. It leaves the Sun at "
        "the flare's peak: assumed. The model is of the ejection, whose shock "
        "runs ahead. L1 is taken 0.01 AU before Earth.</span>"
    )


def _model(way: Journey, speed: float, *, free: bool) -> str:
    name = "constant speed" if free else "drag-based"
    arrival = way.arrival(way.l1, speed, free=free)
    told = missed(way, speed, free=free)
    if not np.isnat(arrival):
        moment = str(np.datetime_as_string(arrival, unit="m"))
        told = f"{moment.replace('T', ' ')}, after {told}"
    return (
        f"<tr><td style='{_CELL}'>{name}, {speed:.0f} km/s</td>"
        f"<td>{told}</td></tr>"
    )
