"""The Sun against time: its X-rays, and SXI's angle from it."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import POINTING, XRAY_FLUX
from smile_explore.views.nothing import series_of_nothing
from smile_explore.views.style import clock, dimension, time_series

__all__ = ["sun_angle", "xrays"]


def sun_angle(pointing: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return how far SXI looks from the Sun, and the least that is allowed.

    Parameters
    ----------
    pointing : xarray.Dataset (POINTING)
        As `orbit.pointing` makes it, with `sun_angle`.
    time : numpy.datetime64
        Where the clock stands.
    """
    POINTING.check(pointing)
    title = "SXI from the Sun"
    if "sun_angle" not in pointing:
        return series_of_nothing(pointing.time, time, title, "not known")
    least = float(pointing.attrs.get("minimum_sun_angle", np.nan))
    times, angle = pointing.time.values, pointing.sun_angle.values
    axis = hv.Dimension("angle", label="angle [deg]")
    limit = np.full(angle.shape, least)
    lines = [
        hv.Curve(
            {"time": times, "angle": angle}, "time", axis, label="SXI"
        ).opts(
            color="#333333",
            line_width=1.5,
            tools=["hover"],
            hover_tooltips=[
                ("UTC", "@time{%F %H:%M}"),
                ("from the Sun", "@angle{0.0} deg"),
            ],
            hover_mode="vline",
        ),
        hv.Curve(
            {"time": times, "angle": limit}, "time", axis, label="least"
        ).opts(color="#D55E00", line_width=1.5, line_dash="dashed"),
    ]
    low = float(np.nanmin([angle.min(), least]))
    high = float(np.nanmax([angle.max(), least]))
    off = int((angle <= least).sum())
    said = f"off below {least:g}° ({off} of {angle.size})"
    return time_series(
        [*lines, clock(time)],
        title=f"{title}: {said}",
        ylim=(low - 5.0, high + 5.0),
    )


def xrays(flux: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return the X-rays of the Sun against time, with the clock.

    Parameters
    ----------
    flux : xarray.Dataset (XRAY_FLUX)
    time : numpy.datetime64
        Where the clock stands.
    """
    XRAY_FLUX.check(flux)
    axis = dimension(XRAY_FLUX, "long", "flux", key="flux")
    lines = []
    for name, colour in (("long", "#D55E00"), ("short", "#0072B2")):
        label = str(flux[name].attrs["long_name"])
        columns = {"time": flux.time.values, "flux": flux[name].values}
        line = hv.Curve(columns, "time", axis, label=label)
        lines.append(line.opts(color=colour, line_width=1.3))
    return time_series(
        [*lines, clock(time)],
        title=f"X-rays of the Sun: {flux.attrs.get('instrument', 'GOES')}",
        legend="top",
        legend_cols=2,
        logy=True,
    )
