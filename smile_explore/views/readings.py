"""Numbers at the clock, as a small table."""

from __future__ import annotations

from html import escape

import numpy as np
import xarray as xr

from smile_explore.instruments import orbit
from smile_explore.observations import Observations
from smile_explore.views.style import (
    BOUNDARY,
    MARK,
    METHOD,
    OTHER,
    at,
    origin,
    pretty,
)

__all__ = ["readings"]

_HEAD = "padding-right:10px;white-space:nowrap;vertical-align:top"
#: As the marks in the time series, to go with the colour.
_SIGN = {
    "tangent fit": "●",
    "maximum": "▲",
    "gradient": "■",
    "boundary fit": "◆",
}


def readings(observations: Observations, time: np.datetime64) -> str:
    """Return what is known at a time as an HTML table.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64

    Returns
    -------
    html : str
    """
    wind = at(observations.solar_wind, time)
    trajectory = at(observations.trajectory, time)
    standoffs = at(observations.standoff, time)
    field = wind.magnetic_field
    measured = origin(observations.solar_wind) == "measured"
    unmeasured = "" if measured else " (<i>not measured</i>)"
    rows = [
        (
            "Solar wind",
            f"{wind.density.item():.1f} {pretty('cm-3')}, "
            f"{_length(wind.velocity):.0f} {pretty('km s-1')}, "
            f"{wind.dynamic_pressure.item():.1f} nPa, "
            f"B {_length(field):.1f} nT, "
            f"Bz {field.sel(component='z').item():.1f} nT{unmeasured}",
        ),
        (
            "SMILE",
            f"{_length(trajectory.position):.1f} {pretty('R_E')} from Earth, "
            f"{orbit.mode(trajectory).item()}",
        ),
        *_noses(standoffs),
        ("Images", _settings(observations)),
    ]
    cells = "".join(
        f"<tr><td style='{_HEAD}'><b>{name}</b></td><td>{value}</td></tr>"
        for name, value in rows
    )
    return f"<table style='font-size:12px'>{cells}</table>"


def _noses(standoffs: xr.Dataset) -> list[tuple[str, str]]:
    """Return the nose by every estimate, sorted by what it rests on."""
    groups: dict[str, list[str]] = {
        "Nose in cube": [],
        "by models": [],
        "from SXI": [],
    }
    for name in standoffs.estimate.values:
        one = standoffs.sel(estimate=name)
        if not np.isfinite(one.standoff):
            continue
        error = one.uncertainty.item()
        spread = f" ± {error:.2f}" if np.isfinite(error) else ""
        group = (
            "from SXI"
            if name in MARK
            else "by models"
            if name in BOUNDARY
            else "Nose in cube"
        )
        groups[group].append(
            "<span style='white-space:nowrap'>"
            f"<span style='color:{METHOD.get(name, OTHER)}'>"
            f"{_SIGN.get(name, '━')}</span> {escape(name)} "
            f"{one.standoff.item():.2f}{spread}</span>"
        )
    return [
        (name, f"{', '.join(parts)} {pretty('R_E')}" if parts else "not known")
        for name, parts in groups.items()
    ]


def _settings(observations: Observations) -> str:
    """Say what the images were made with."""
    image = observations.sxi.attrs
    kept = image.get("settings")
    if not kept:
        return "measured" if image.get("measured") else "not stated"
    background = (
        "full response"
        if kept["response"] == "full"
        else f"background {kept['background']:g}"
    )
    moved = [
        f"{name} {kept[key]:+g} {unit}"
        for name, key, unit in (
            ("orbit turned", "turn", "°"),
            ("ahead", "ahead", "h"),
        )
        if kept[key]
    ]
    return ", ".join(
        [
            f"{kept['exposure']:g} s",
            background,
            f"hydrogen {kept['hydrogen']:g} {pretty('cm-3')}",
            f"efficiency {kept['efficiency']:.2g} {pretty('eV cm2')}",
            f"fit to {kept['fitted']}",
            *moved,
        ]
    )


def _length(vector: xr.DataArray) -> float:
    return float(np.sqrt((vector**2).sum("component")))
