"""Subsolar standoff of the magnetopause against time, by every estimate."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import STANDOFF
from smile_explore.views.style import (
    METHOD,
    OTHER,
    clock,
    dimension,
    time_series,
)

__all__ = ["standoff"]

_IMAGED = "tangent fit"
_DASH = {"exact": "dashed"}
_AXES = ("time", dimension(STANDOFF, "standoff", "nose"))


def standoff(data: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return the standoff by every estimate against time, with the clock.

    Parameters
    ----------
    data : xarray.Dataset (STANDOFF)
    time : numpy.datetime64
        Where the clock stands.
    """
    layers: list[hv.Element] = []
    for name in data.estimate.values:
        one = data.sel(estimate=name)
        if np.isfinite(one.standoff).any():
            layers += _points(one) if name == _IMAGED else [_line(one)]
    return time_series(
        [*layers, clock(time)],
        title="Nose of the magnetopause: simulated",
        legend="bottom",
        legend_cols=3,
    )


def _line(one: xr.Dataset) -> hv.Curve:
    name = one.estimate.item()
    columns = {"time": one.time.values, "standoff": one.standoff.values}
    return hv.Curve(columns, *_AXES, label=name).opts(
        color=METHOD.get(name, OTHER),
        line_width=1.6,
        line_dash=_DASH.get(name, "solid"),
    )


def _points(one: xr.Dataset) -> list[hv.Element]:
    columns = {
        "time": one.time.values,
        "standoff": one.standoff.values,
        "uncertainty": one.uncertainty.values,
    }
    colour = METHOD[_IMAGED]
    bars = hv.ErrorBars(columns, _AXES[0], [_AXES[1], "uncertainty"])
    dots = hv.Scatter(columns, *_AXES, label=_IMAGED)
    return [
        bars.opts(line_color=colour, upper_head=None, lower_head=None),
        dots.opts(color=colour, size=4),
    ]
