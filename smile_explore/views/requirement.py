"""How far each method is off, against the flux of the solar wind."""

from __future__ import annotations

import holoviews as hv
import pandas as pd

from smile_explore.views import style  # noqa: F401  sets the backend
from smile_explore.views.requirement_picture import COLOURS, LABELS

__all__ = ["errors"]

_REQUIRED = 0.5
_FLUX = hv.Dimension(("flux_1e8", "solar wind flux [10⁸ cm⁻² s⁻¹]"))
_ERROR = hv.Dimension(("error", "found − true standoff [Rᴇ]"))
_HOVER = (
    ("case", "case"),
    ("place", "seen from"),
    ("standoff", "found [Rᴇ]"),
    ("truth", "true [Rᴇ]"),
    ("uncertainty", "uncertainty [Rᴇ]"),
)


def errors(table: pd.DataFrame, *, title: str = "") -> hv.Overlay:
    """Return every error as a dot, with the 0.5 R_E that are required.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of `events.requirement.sweep`; hover tells which case it was.
    title : str
        Above the plot.
    """
    found = table[table["error"].notna()]
    layers: list[hv.Element] = [
        hv.HSpan(-_REQUIRED, _REQUIRED).opts(color="#F0E442", alpha=0.18),
        hv.HLine(0.0).opts(color="#999999", line_width=1),
    ]
    for method, colour in COLOURS.items():
        one = found[found["method"] == method]
        if one.empty:
            continue
        columns = one[["error", *(name for name, _ in _HOVER)]].assign(
            flux_1e8=one["flux"] / 1e8
        )
        dots = hv.Scatter(
            columns,
            _FLUX,
            [_ERROR, *(hv.Dimension(pair) for pair in _HOVER)],
            label=LABELS[method],
        )
        layers.append(
            dots.opts(color=colour, size=6, alpha=0.65, tools=["hover"])
        )
    return hv.Overlay(layers).opts(
        hv.opts.Overlay(
            title=title or "Error of the standoff, one dot an exposure",
            logx=True,
            xlabel=_FLUX.label,  # the band and the line have names of theirs
            ylabel=_ERROR.label,
            ylim=(-1.2, 1.2),
            width=760,
            height=380,
            legend_position="right",
            toolbar="above",
            show_grid=True,
        )
    )
