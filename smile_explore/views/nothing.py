"""What stands in the place of a panel whose instrument saw nothing."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.views.style import clock, note, picture, time_series

__all__ = ["picture_of_nothing", "series_of_nothing"]


def picture_of_nothing(title: str, why: str) -> hv.Overlay:
    """Return an empty picture that says why it is empty."""
    axes = [hv.Dimension("x"), hv.Dimension("y")]
    text = note(axes, {"x": [0.02], "y": [0.98], "text": [why]}, "note")
    return picture([text], title=title, xlim=(0.0, 1.0), ylim=(0.0, 1.0)).opts(
        xaxis=None, yaxis=None
    )


def series_of_nothing(
    times: xr.DataArray, time: np.datetime64, title: str, why: str
) -> hv.Overlay:
    """Return an empty time series, with the clock, that says why."""
    columns = {
        "time": times.values,
        "nothing": np.zeros(times.size),
    }
    line = hv.Curve(columns, "time", "nothing", label="nothing")
    return time_series(
        [line.opts(alpha=0.0), clock(time)], title=f"{title}: {why}"
    ).opts(yaxis=None)
