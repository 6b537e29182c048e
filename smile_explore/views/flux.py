"""The open flux of the polar cap against time, and what changes it."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import FLUX_BUDGET, POLAR_CAP
from smile_explore.views.style import clock, time_series

__all__ = ["open_flux", "rates"]

_MEGA, _KILO = 1e6, 1e3
_RATES = {
    "opening": ("opened by the wind", "#D55E00", "solid"),
    "closing": ("closed in the tail", "#0072B2", "solid"),
    "rate": ("growth of the cap", "#000000", "dashed"),
}


def open_flux(cap: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return the flux inside the oval against time, with the clock.

    Parameters
    ----------
    cap : xarray.Dataset (POLAR_CAP)
        A series along `time`. What is doubtful is left out.
    time : numpy.datetime64
        Where the clock stands.
    """
    POLAR_CAP.check(cap)
    good = cap.where(cap["status"] == "found")
    columns = {
        "time": cap["time"].values,
        "flux": good["flux"].values / _MEGA,
        "error": good["flux_uncertainty"].values / _MEGA,
    }
    side = hv.Dimension(("flux", "flux [MWb]"))
    known = np.isfinite(columns["flux"])
    bars = hv.ErrorBars(
        {name: values[known] for name, values in columns.items()},
        "time",
        [side, "error"],
    ).opts(line_color="#888888", upper_head=None, lower_head=None)
    dots = hv.Scatter(columns, "time", side, label="open flux")
    return time_series(
        [bars, dots.opts(color="#D55E00", size=4), clock(time)],
        title="Open flux inside the poleward edges",
    )


def rates(budget: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return what opens and closes flux against time, with the clock.

    Parameters
    ----------
    budget : xarray.Dataset (FLUX_BUDGET)
        A series along `time`.
    time : numpy.datetime64
        Where the clock stands.
    """
    FLUX_BUDGET.check(budget)
    side = hv.Dimension(("rate", "rate [kV]"))
    lines = [
        hv.Curve(
            {
                "time": budget["time"].values,
                "rate": budget[name].values / _KILO,
            },
            "time",
            side,
            label=text,
        ).opts(color=colour, line_dash=dash, line_width=1.6)
        for name, (text, colour, dash) in _RATES.items()
    ]
    return time_series(
        [*lines, clock(time)],
        title="Flux opened and closed (Milan et al. 2012)",
        legend="bottom",
        legend_cols=3,
    )
