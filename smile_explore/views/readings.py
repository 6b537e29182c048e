"""Numbers at the clock, as a small table."""

from __future__ import annotations

from html import escape

import numpy as np
import xarray as xr

from smile_explore.instruments import orbit
from smile_explore.observations import Observations
from smile_explore.views.style import METHOD, OTHER, at, origin, pretty

__all__ = ["readings"]

_HEAD = "padding-right:10px;white-space:nowrap"


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
    rows = [
        ("Solar wind", f"<i>{origin(observations.solar_wind)}</i>"),
        (
            "n, V, P",
            f"{wind.density.item():.1f} {pretty('cm-3')}, "
            f"{_length(wind.velocity):.0f} {pretty('km s-1')}, "
            f"{wind.dynamic_pressure.item():.1f} nPa",
        ),
        (
            "B, Bz GSM",
            f"{_length(field):.1f} nT, {field.sel(component='z').item():.1f} "
            "nT",
        ),
        (
            "SMILE",
            f"{_length(trajectory.position):.1f} {pretty('R_E')} from Earth, "
            f"{orbit.mode(trajectory).item()}",
        ),
        ("Nose at", _noses(standoffs)),
    ]
    cells = "".join(
        f"<tr><td style='{_HEAD}'><b>{name}</b></td><td>{value}</td></tr>"
        for name, value in rows
    )
    return f"<table style='font-size:12px'>{cells}</table>"


def _noses(standoffs: xr.Dataset) -> str:
    parts = []
    for name in standoffs.estimate.values:
        one = standoffs.sel(estimate=name)
        if np.isfinite(one.standoff):
            error = one.uncertainty.item()
            spread = f" ± {error:.2f}" if np.isfinite(error) else ""
            parts.append(
                f"<span style='color:{METHOD.get(name, OTHER)}'>■</span> "
                f"{escape(name)} {one.standoff.item():.2f}{spread}"
            )
    return f"{', '.join(parts)} {pretty('R_E')}" if parts else "not known"


def _length(vector: xr.DataArray) -> float:
    return float(np.sqrt((vector**2).sum("component")))
