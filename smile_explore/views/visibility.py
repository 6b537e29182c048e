"""When SMILE can see: bars of its constraints, and angles from its aim."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments.planning import runs
from smile_explore.instruments.visibility import CONSTRAINTS
from smile_explore.schema import VISIBILITY
from smile_explore.views.aurora import HEAD
from smile_explore.views.style import (
    Layers,
    at,
    clock,
    dimension,
    pretty,
    time_series,
)

__all__ = ["ANGLES", "ROWS", "angle_layers", "angles", "bars", "readings"]

#: Rows from the foot up, each with its letter and words: what follows of
#: all, then one constraint each.
ROWS = {
    "useful": ("=", "useful: nose from outside"),
    "observing": ("X", "SXI may take images"),
    **dict(reversed(CONSTRAINTS.items())),
}
_SUMMARY = {"useful": "#5CC8A4", "observing": "#7FB2E5"}
_MET, _UNMET = "#A9D5F2", "#F0F0F0"
#: Colours of the angles from SXI's boresight.
ANGLES = {
    "Sun": ("sun_angle", "#E69F00"),
    "Earth": ("earth_angle", "#0072B2"),
    "nose": ("nose_angle", "#CC3311"),
    "north cusp": ("north_cusp_angle", "#9467BD"),
}
_BAR = ("time", "low", "until", "high")


def bars(visibility: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return when each constraint is met, with the clock.

    Parameters
    ----------
    visibility : xarray.Dataset (VISIBILITY)
        A series along `time`: of an event, an orbit or a year.
    time : numpy.datetime64
        Where the clock stands.
    """
    VISIBILITY.check(visibility)
    times = visibility["time"].values
    step = np.median(np.diff(times))
    rows: list[hv.Element] = [
        hv.Rectangles(
            [
                (times[0], n + 0.1, times[-1], n + 0.9)
                for n in range(len(ROWS))
            ],
            [*_BAR],
            label="not met",
        ).opts(color=_UNMET, line_color=None)
    ]
    for n, name in enumerate(ROWS):
        spans = [
            # a moment stands for the step around it
            (
                max(first - step / 2, times[0]),
                n + 0.1,
                min(last + step / 2, times[-1]),
                n + 0.9,
            )
            for first, last in runs(visibility, wanted=name)
        ]
        rows.append(
            hv.Rectangles(spans, [*_BAR], label=name).opts(
                color=_SUMMARY.get(name, _MET), line_color=None
            )
        )
    share = float(visibility["useful"].mean())
    ticks = [(n + 0.5, letter) for n, (letter, _) in enumerate(ROWS.values())]
    return time_series(
        [*rows, _words(times[0]), clock(time)],
        title=f"When constraints are met; useful {100 * share:.0f} %",
    ).opts(ylim=(0.0, float(len(ROWS))), yticks=ticks, ylabel="")


def _words(start: np.datetime64) -> hv.Labels:
    """Name the rows, at their left ends."""
    columns = {
        "time": [start] * len(ROWS),
        "low": [n + 0.5 for n in range(len(ROWS))],
        "text": [f" {words}" for _, words in ROWS.values()],
    }
    return hv.Labels(columns, ["time", "low"], "text", label="words").opts(
        text_font_size="11px",
        text_color="#222222",
        text_align="left",
        text_baseline="middle",
        show_legend=False,
    )


def angles(visibility: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return angles from SXI's boresight against time, with the clock.

    Parameters
    ----------
    visibility : xarray.Dataset (VISIBILITY)
        A series along `time`.
    time : numpy.datetime64
        Where the clock stands.
    """
    axes = [hv.Dimension("time"), dimension(VISIBILITY, "sun_angle", "angle")]
    now = angle_layers(visibility)
    lines = [
        hv.Curve(now[label], *axes, label=label).opts(
            color=colour, line_width=1.8
        )
        for label, (_, colour) in ANGLES.items()
    ]
    limit = hv.Curve(now["limit"], *axes, label="limit").opts(
        color=ANGLES["Sun"][1], line_dash="dashed", line_width=1.2
    )
    return time_series(
        [*lines, limit, clock(time)],
        title="Angles from the boresight of SXI",
        legend="top",
        legend_cols=5,
    )


def angle_layers(visibility: xr.Dataset) -> Layers:
    """Return the columns of `angles`, which change with the visibility."""
    VISIBILITY.check(visibility)
    times = visibility["time"].values
    columns: dict[str, dict[str, Any]] = {
        label: {"time": times, "sun_angle": visibility[name].values}
        for label, (name, _) in ANGLES.items()
    }
    least = visibility.attrs["minimum_sun_angle"]
    columns["limit"] = {
        "time": times[[0, -1]],
        "sun_angle": np.full(2, float(least)),
    }
    return columns


def readings(visibility: xr.Dataset, time: np.datetime64) -> str:
    """Return what SMILE may see at a time as an HTML table.

    Parameters
    ----------
    visibility : xarray.Dataset (VISIBILITY)
        A series along `time`.
    time : numpy.datetime64

    Returns
    -------
    html : str
    """
    VISIBILITY.check(visibility)
    now = at(visibility, time)
    failing = [
        words for name, (_, words) in CONSTRAINTS.items() if not now[name]
    ]
    rows = {
        "SMILE": f"{now['altitude'].item():,.0f} km high, in the "
        f"{now['region'].item() or 'region not known'}",
        "Magnetopause": _beyond(now["outside_magnetopause_margin"].item()),
        "Bow shock": _beyond(now["outside_bow_shock_margin"].item()),
        "Boresight to": ", ".join(
            f"{label} {now[name].item():.1f}°"
            for label, (name, _) in ANGLES.items()
        ),
        "SXI": "may take images" if now["observing"] else "takes no images",
        "Not met": "; ".join(failing) or "nothing",
        "Limits": f"Sun {visibility.attrs['minimum_sun_angle']:g}°, limb "
        f"{visibility.attrs['baffle_angle']:g}° (assumed)",
    }
    cells = "".join(
        f"<tr><td style='{HEAD};vertical-align:top'><b>{name}</b></td>"
        f"<td>{words}</td></tr>"
        for name, words in rows.items()
    )
    return f"<table style='font-size:12px'>{cells}</table>"


def _beyond(height: float) -> str:
    if not np.isfinite(height):
        return "not known"
    side = "outside" if height > 0.0 else "inside"
    return f"{abs(height):.1f} {pretty('R_E')} {side}"
