"""What the lesson on the sunlit oval shows."""

from __future__ import annotations

import holoviews as hv
import xarray as xr

from smile_explore.events.sunlit_oval import Look
from smile_explore.views import polar
from smile_explore.views.style import time_series

__all__ = ["before_and_after", "scores"]

_SIZE = {"frame_width": 340, "frame_height": 340}
_SUN = ("#0072B2", "#009E73", "#E69F00", "#D55E00")


def before_and_after(look: Look) -> hv.Layout:
    """Return the map with dayglow, and without, its edges and the score.

    Parameters
    ----------
    look : Look
        Of `events.sunlit_oval.look`.
    """
    before = polar.polar_map(look.uv_map, look.time)
    after = polar.polar_map(
        look.light, look.time, oval=look.edges, cap=look.cap
    )
    title = (
        f"{look.found} of 24 h found, median error {look.error:.2f}°, "
        f"{look.hits:.0%} of the edges hit"
    )
    pair = [before.opts(**_SIZE), after.opts(title=title, **_SIZE)]
    return hv.Layout(pair).opts(shared_axes=False)


def scores(swept: xr.Dataset) -> hv.Overlay:
    """Return the share of edges hit against exposure, by solar flux.

    Parameters
    ----------
    swept : xarray.Dataset
        Of `events.sunlit_oval.sweep`.
    """
    exposure = hv.Dimension(("exposure", "exposure [s]"))
    hits = hv.Dimension(("hits", "share of edges within 1°"))
    curves = [
        hv.Curve(
            (swept["exposure"].values, swept["hits"].sel(f107=flux).values),
            exposure,
            hits,
            label=f"F10.7 {flux:.0f}",
        ).opts(color=_SUN[n % len(_SUN)], line_width=2, logx=True)
        for n, flux in enumerate(swept["f107"].values)
    ]
    return time_series(
        curves, title="Edges found, simulated", legend="right"
    ).opts(xlabel="exposure [s]", xformatter="%d", ylim=(0.0, 1.02), width=600)
