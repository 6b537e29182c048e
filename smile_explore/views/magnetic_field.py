"""The magnetic field that MAG measures, and the boundaries crossed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments.mag import direction_uncertainty
from smile_explore.physics.solar_wind import clock_angle
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD, STANDOFF
from smile_explore.views.style import (
    COMPONENT,
    METHOD,
    check_choice,
    clock,
    dimension,
    time_series,
)

__all__ = ["CROSSING", "QUANTITIES", "series", "standoff_marks"]

#: Colours of boundaries that were crossed.
CROSSING = {
    "magnetopause": "#CC79A7",
    "bow shock": "#56B4E9",
    "discontinuity": "#999999",
}
_STRENGTH = "#333333"
_BAND: dict[str, Any] = {"alpha": 0.15, "line_alpha": 0.0}
_FIELD = dimension(MAGNETIC_FIELD, "magnetic_field", "B GSM")
_CLOCK_ANGLE = hv.Dimension(("clock_angle", "clock angle [deg]"))


def series(
    field: xr.Dataset,
    time: np.datetime64,
    *,
    crossings: xr.Dataset | None = None,
    quantity: str = "components",
) -> hv.Overlay:
    """Return the field against time, with the clock and the crossings.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
        ``attrs["accuracy"]`` [nT], if there is one, is drawn as a band.
    time : numpy.datetime64
        Where the clock stands.
    crossings : xarray.Dataset (CROSSINGS), optional
    quantity : str
        One of `QUANTITIES`.

    Raises
    ------
    ValueError
        If there is no such quantity.
    """
    check_choice("quantity", quantity, QUANTITIES)
    lines, axis = QUANTITIES[quantity](field)
    ends = _ends(lines, axis)
    marks = _marks(field, crossings, ends, axis) if crossings else []
    said = "measured" if field.attrs.get("measured") else "simulated"
    return time_series(
        [*lines, *marks, clock(time)],
        title=f"MAG: {said}" if quantity == "components" else "",
        legend="top",
        legend_cols=7,
        ylim=ends,
    )


def _components(field: xr.Dataset) -> tuple[list[hv.Element], hv.Dimension]:
    vector = field["magnetic_field"]
    times = field["time"].values
    strength = np.sqrt((vector**2).sum("component", skipna=False).values)
    parts = {
        f"B{one}": (vector.sel(component=one).values, COMPONENT[one])
        for one in COMPONENTS
    } | {"B": (strength, _STRENGTH)}
    wrong = float(field.attrs.get("accuracy", 0.0))
    lines: list[hv.Element] = []
    for name, (values, colour) in parts.items():
        if wrong:
            lines.append(_band(times, values, wrong, _FIELD, colour))
        lines.append(_line(times, values, _FIELD, name, colour, "nT"))
    return lines, _FIELD


def _direction(field: xr.Dataset) -> tuple[list[hv.Element], hv.Dimension]:
    """Return the clock angle, in the cone that the accuracy leaves open."""
    vector = field["magnetic_field"]
    across = vector.where(vector.component != "x", 0.0).where(vector.notnull())
    angle = clock_angle(
        vector.sel(component="y"), vector.sel(component="z")
    ).values
    times = field["time"].values
    colour = COMPONENT["z"]
    line = _line(times, angle, _CLOCK_ANGLE, "clock angle", colour, "deg")
    wrong = float(field.attrs.get("accuracy", 0.0))
    if not wrong:
        return [line], _CLOCK_ANGLE
    flat = MAGNETIC_FIELD.stamp(xr.Dataset({"magnetic_field": across}))
    open_by = direction_uncertainty(flat, accuracy=wrong).values
    cone = _band(times, angle, open_by, _CLOCK_ANGLE, colour)
    return [cone, line], _CLOCK_ANGLE


QUANTITIES: dict[
    str, Callable[[xr.Dataset], tuple[list[hv.Element], hv.Dimension]]
] = {"components": _components, "direction": _direction}


def _line(
    times: np.ndarray,
    values: np.ndarray,
    axis: hv.Dimension,
    label: str,
    colour: str,
    unit: str,
) -> hv.Curve:
    columns = {"time": times, axis.name: values}
    return hv.Curve(columns, "time", axis, label=label).opts(
        color=colour,
        line_width=1.3,
        tools=["hover"],
        hover_tooltips=[
            ("UTC", "@time{%F %H:%M:%S}"),
            (label, f"@{{{axis.name}}}{{0.0}} {unit}"),
        ],
        hover_mode="vline",
    )


def _band(
    times: np.ndarray,
    values: np.ndarray,
    wrong: float | np.ndarray,
    axis: hv.Dimension,
    colour: str,
) -> hv.Area:
    columns = {
        "time": times,
        axis.name: values - wrong,
        "upper": values + wrong,
    }
    return hv.Area(columns, "time", [axis, "upper"]).opts(
        color=colour, show_legend=False, **_BAND
    )


def _ends(lines: list[hv.Element], axis: hv.Dimension) -> tuple[float, float]:
    """Return limits of the axis; HoloViews would stack the bands."""
    if axis is _CLOCK_ANGLE:
        return -180.0, 180.0
    every = np.concatenate([line[axis.name] for line in lines])
    known = every[np.isfinite(every)]
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def _marks(
    field: xr.Dataset,
    crossings: xr.Dataset,
    ends: tuple[float, float],
    axis: hv.Dimension,
) -> list[hv.Element]:
    """Return a line across the panel at every crossing in the series."""
    first, last = field["time"].values[[0, -1]]
    when = crossings["time"].values
    seen = crossings.isel(crossing=(when >= first) & (when <= last))
    marks = []
    for boundary, colour in CROSSING.items():
        times = seen["time"].values[seen["boundary"].values == boundary]
        if times.size:
            columns = {
                "time": np.repeat(times, 3),
                axis.name: np.tile([*ends, np.nan], times.size),
            }
            one = hv.Curve(columns, "time", axis, label=boundary)
            marks.append(
                one.opts(color=colour, line_dash="dashed", line_width=1.6)
            )
    return marks


def standoff_marks(crossings: xr.Dataset) -> hv.Overlay:
    """Return the noses that crossings of the magnetopause imply.

    Lay them over what was imaged: ``standoff(data, time) * marks``.

    Parameters
    ----------
    crossings : xarray.Dataset (CROSSINGS)
    """
    kept = crossings.isel(
        crossing=crossings["boundary"].values == "magnetopause"
    )
    axis = dimension(STANDOFF, "standoff", "nose")
    marks = []
    for name, label in (
        ("standoff_shue", "Shue 1998"),
        ("standoff_model", "Lin 2010"),
    ):
        columns = {"time": kept["time"].values, "standoff": kept[name].values}
        one = hv.Scatter(columns, "time", axis, label=f"crossed, {label}")
        marks.append(
            one.opts(
                color=METHOD[label],
                marker="square",
                line_color="#222222",
                size=8,
            )
        )
    return hv.Overlay(marks)
