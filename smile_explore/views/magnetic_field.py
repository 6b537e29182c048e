"""The magnetic field that MAG measures: against time, and as hodograms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments.mag import direction_uncertainty
from smile_explore.physics.solar_wind import clock_angle
from smile_explore.retrieval.crossings import INTERVAL, interval_of
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD
from smile_explore.views.style import (
    COMPONENT,
    Layers,
    check_choice,
    clock,
    dimension,
    note,
    picture,
    time_series,
)

__all__ = ["CROSSING", "PLANES", "QUANTITIES", "hodogram", "layers", "series"]

#: Colours of boundaries that were crossed.
CROSSING = {
    "magnetopause": "#CC79A7",
    "bow shock": "#56B4E9",
    "discontinuity": "#999999",
}
#: Across and up, as hodograms are drawn.
PLANES = {"LM": ("M", "L"), "LN": ("N", "L")}
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
        legend_cols=5,
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


def hodogram(
    field: xr.Dataset,
    crossings: xr.Dataset,
    time: np.datetime64,
    *,
    plane: str = "LM",
) -> hv.Overlay:
    """Return the path of the field's tip through the crossing at `time`.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
    crossings : xarray.Dataset (CROSSINGS)
        The one nearest to `time` is shown, over the interval that its normal
        was found in.
    time : numpy.datetime64
        Where the clock stands; a dot is the field then.
    plane : {"LM", "LN"}
        Of the boundary, or across it: N is the normal, L the direction in
        the boundary in which the field varies most.

    Raises
    ------
    ValueError
        If there is no such plane.
    """
    check_choice("plane", plane, PLANES)
    axes = [
        dimension(MAGNETIC_FIELD, "magnetic_field", f"B{one}", key=one)
        for one in PLANES[plane]
    ]
    now = layers(field, crossings, time, plane=plane)
    path = hv.Curve(now["path"], *axes, label="path")
    start = hv.Scatter(now["start"], *axes, label="start")
    clock_at = hv.Scatter(now["now"], *axes, label="now")
    reach = _reach(field, crossings)
    return picture(
        [
            path.opts(color=_STRENGTH, line_width=1.4, aspect="equal"),
            start.opts(color="#FFFFFF", line_color=_STRENGTH, size=8),
            clock_at.opts(color="#CC3311", line_color="white", size=9),
            note(axes, now["note"], "note"),
        ],
        title=f"Hodogram {plane}",
        xlim=(-reach, reach),
        ylim=(-reach, reach),
    )


def layers(
    field: xr.Dataset,
    crossings: xr.Dataset,
    time: np.datetime64,
    *,
    plane: str = "LM",
) -> Layers:
    """Return the columns of `hodogram` that change with time."""
    across, up = PLANES[plane]
    reach = _reach(field, crossings)
    corner = {across: [-0.96 * reach], up: [0.96 * reach]}
    empty: dict[str, Any] = {across: np.empty(0), up: np.empty(0)}
    if not crossings.sizes["crossing"]:
        return {
            "path": empty,
            "start": empty,
            "now": empty,
            "note": corner | {"text": ["no crossing was found"]},
        }
    row = crossings.isel(
        crossing=int(abs(crossings["time"].values - time).argmin())
    )
    part = _part(field, crossings, row["time"].values)
    seen = _turned(part, row)
    step = int(abs(part["time"].values - time).argmin()) if len(seen) else 0
    first, last = part["time"].values[[0, -1]] if len(seen) else (time, time)
    inside = len(seen) and first <= time <= last
    x, y = (seen[:, "LMN".index(one)] for one in (across, up))
    return {
        "path": {across: x, up: y},
        "start": {across: x[:1], up: y[:1]},
        "now": {across: x[step:][:1], up: y[step:][:1]} if inside else empty,
        "note": corner | {"text": [_remark(row)]},
    }


def _part(field: xr.Dataset, crossings: xr.Dataset, time: Any) -> xr.Dataset:
    return interval_of(
        field, time, float(crossings.attrs.get("interval", INTERVAL))
    )


def _turned(part: xr.Dataset, row: xr.Dataset) -> np.ndarray:
    """Return L, M and N of the field, by column."""
    normal, most = row["normal"].values, row["tangent"].values
    axes = np.stack([most, np.cross(normal, most), normal])
    vectors = part["magnetic_field"].transpose("time", "component").values
    return vectors @ axes.T


def _reach(field: xr.Dataset, crossings: xr.Dataset) -> float:
    """Return a limit of the axes that holds for every crossing."""
    strengths = [
        np.linalg.norm(
            _part(field, crossings, when)["magnetic_field"].values, axis=-1
        )
        for when in crossings["time"].values
    ]
    every = np.concatenate([*strengths, [0.0]])
    return 1.15 * float(np.nanmax(every)) or 1.0


def _remark(row: xr.Dataset) -> str:
    when = np.datetime_as_string(row["time"].values, unit="s")[11:]
    words = f"{row['boundary'].item()} {row['direction'].item()}".strip()
    turn, along = row["normal_uncertainty"].item(), row["normal_field"].item()
    parts = [f"{when} {words}"]
    if np.isfinite(along):
        parts.append(f"BN {along:.1f} nT")
    if np.isfinite(turn):
        parts.append(f"normal ± {turn:.1f}°")
    return ", ".join(parts)
