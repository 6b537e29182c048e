"""Subsolar standoff of the magnetopause against time, by every estimate."""

from __future__ import annotations

from collections.abc import Mapping

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import STANDOFF
from smile_explore.views.style import (
    MARK,
    METHOD,
    OTHER,
    Layers,
    chosen,
    clock,
    dimension,
    time_series,
)

__all__ = ["layers", "standoff"]

_DASH = {"exact": "dashed", "fluopause": "dotted"}
_AXES = ("time", dimension(STANDOFF, "standoff", "nose"))


def standoff(
    data: xr.Dataset, time: np.datetime64, *, method: str = "all"
) -> hv.Overlay:
    """Return the standoff by every estimate against time, with the clock.

    Parameters
    ----------
    data : xarray.Dataset (STANDOFF)
    time : numpy.datetime64
        Where the clock stands.
    method : str
        Which of the methods that look into images: one, or ``"all"``.
    """
    now = layers(data, method=method)
    drawn: list[hv.Element] = []
    for name in _lines(data):
        drawn.append(_line(now[name], name))
    for name in chosen(data.estimate.values, method):
        drawn += [_bars(data, name), _dots(now[name], name)]
    return time_series(
        [*drawn, clock(time)],
        title="Nose of the magnetopause: simulated",
        legend="bottom",
        legend_cols=4,
    )


def layers(data: xr.Dataset, *, method: str = "all") -> Layers:
    """Return the columns of `standoff` that change with settings."""
    methods = chosen(data.estimate.values, method)
    columns: dict[str, dict[str, np.ndarray]] = {}
    for name in [*_lines(data), *methods]:
        one = data.sel(estimate=name)
        columns[name] = {
            "time": one.time.values,
            "standoff": one.standoff.values,
        }
        if name not in methods:
            columns[name] = _broken(**columns[name])
        else:
            # as HoloViews names the columns of error bars
            columns[_error(name)] = {
                "base": one.time.values,
                "lower": (one.standoff - one.uncertainty).values,
                "upper": (one.standoff + one.uncertainty).values,
            }
    return columns


def _lines(data: xr.Dataset) -> list[str]:
    """Return what does not come from images and is known at some time."""
    known = np.isfinite(data.standoff).any("time").values
    return [
        name
        for name, any_ in zip(data.estimate.values, known, strict=True)
        if any_ and name not in MARK
    ]


def _broken(time: np.ndarray, standoff: np.ndarray) -> dict[str, np.ndarray]:
    """Return a line that does not run across a gap in time.

    A gap is a step half as long again as both its neighbours: times of a run
    and of the analytic model may well lie differently close.
    """
    step = np.diff(time)
    if step.size < 2:
        return {"time": time, "standoff": standoff}
    before = np.concatenate([step[1:2], step[:-1]])
    after = np.concatenate([step[1:], step[-2:-1]])
    gap = np.flatnonzero(step > 1.5 * np.maximum(before, after)) + 1
    middle = time[gap - 1] + step[gap - 1] // 2
    return {
        "time": np.insert(time, gap, middle),
        "standoff": np.insert(standoff, gap, np.nan),
    }


def _error(name: str) -> str:
    return f"{name}, error"


def _line(columns: Mapping[str, np.ndarray], name: str) -> hv.Curve:
    return hv.Curve(columns, *_AXES, label=name).opts(
        color=METHOD.get(name, OTHER),
        line_width=1.6,
        line_dash=_DASH.get(name, "solid"),
    )


def _dots(columns: Mapping[str, np.ndarray], name: str) -> hv.Scatter:
    return hv.Scatter(columns, *_AXES, label=name).opts(
        color=METHOD[name], size=5, marker=MARK[name]
    )


def _bars(data: xr.Dataset, name: str) -> hv.ErrorBars:
    one = data.sel(estimate=name)
    columns = {
        "time": one.time.values,
        "standoff": one.standoff.values,
        "uncertainty": one.uncertainty.values,
    }
    bars = hv.ErrorBars(
        columns, _AXES[0], [_AXES[1], "uncertainty"], label=_error(name)
    )
    return bars.opts(
        line_color=METHOD[name],
        upper_head=None,
        lower_head=None,
        show_legend=False,
    )
