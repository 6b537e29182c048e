"""What is seen at a time, in a sentence or two."""

from __future__ import annotations

from html import escape

import numpy as np
import xarray as xr

from smile_explore.observations import Observations
from smile_explore.views.style import MARK, at, origin, pretty

__all__ = ["headline", "nose", "wind"]

#: The nose moves if it does so by more than this in `_WHILE`. [R_E]
_MOVED = 0.1
_WHILE = np.timedelta64(10, "m")


def headline(observations: Observations, time: np.datetime64) -> str:
    """Return time, nose and wind as HTML, to be read from afar.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64

    Returns
    -------
    html : str
    """
    when = np.datetime_as_string(time, unit="m").replace("T", " ")
    sentences = [nose(observations.standoff, time)]
    sentences.append(wind(observations.solar_wind, time))
    said = "".join(
        f"<div style='margin-top:0.4em'>{escape(one)}</div>"
        for one in sentences
    )
    return (
        f"<div style='line-height:1.3'><b style='font-size:1.5em'>"
        f"{when} UTC</b>{said}</div>"
    )


def nose(standoff: xr.Dataset, time: np.datetime64) -> str:
    """Say where the nose of the magnetopause is, and where it goes.

    Parameters
    ----------
    standoff : xarray.Dataset (STANDOFF)
        The first estimate that is known is told, and the first out of images.
    time : numpy.datetime64
    """
    now = at(standoff, time)
    known = [
        name
        for name in now.estimate.values
        if np.isfinite(now.standoff.sel(estimate=name))
    ]
    true = next((name for name in known if name not in MARK), None)
    found = next((name for name in known if name in MARK), None)
    unit = pretty("R_E")
    if true is None and found is None:
        return "Where the nose of the magnetopause is, is not known."
    parts = []
    if true is not None:
        one = standoff.standoff.sel(estimate=true)
        here = now.standoff.sel(estimate=true).item()
        parts.append(f"Nose at {here:.1f} {unit}, {_motion(one, time)}")
    if found is not None:
        one = now.sel(estimate=found)
        error = one.uncertainty.item()
        spread = f" ± {error:.1f}" if np.isfinite(error) else ""
        parts.append(
            f"{'SXI' if parts else 'Nose by SXI'}: "
            f"{one.standoff.item():.1f}{spread} {unit} ({found})"
        )
    return "; ".join(parts) + "."


def wind(solar_wind: xr.Dataset, time: np.datetime64) -> str:
    """Say how the solar wind presses, and which way its field points.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
    time : numpy.datetime64
    """
    now = at(solar_wind, time)
    bz = now.magnetic_field.sel(component="z").item()
    towards = "north" if bz >= 0 else "south"
    return (
        f"Solar wind: {now.dynamic_pressure.item():.1f} nPa, "
        f"{np.sqrt((now.velocity**2).sum()).item():.0f} {pretty('km s-1')}, "
        f"Bz {bz:+.0f} nT ({towards}); {origin(solar_wind)}."
    )


def _motion(standoff: xr.DataArray, time: np.datetime64) -> str:
    """Return which way a nose has moved in the minutes up to a time."""
    known = standoff.dropna("time")
    before = known.sel(time=slice(time - _WHILE, time))
    if before.sizes["time"] < 2:
        return "its motion not known"
    moved = (before[-1] - before[0]).item()
    if abs(moved) < _MOVED:
        return "at rest"
    return "moving outward" if moved > 0 else "moving inward"
