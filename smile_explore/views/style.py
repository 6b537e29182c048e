"""Looks in one place: colours, sizes, and labels out of the schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr
from bokeh.models import DatetimeTickFormatter, WheelZoomTool
from holoviews.plotting import bokeh as _  # noqa: F401  registers the backend

from smile_explore.schema import Schema

__all__ = [
    "BOUNDARY",
    "COMPONENT",
    "MARK",
    "METHOD",
    "OTHER",
    "PICKED",
    "SMILE",
    "Layers",
    "at",
    "check_choice",
    "clock",
    "colour_bar",
    "chosen",
    "dimension",
    "graph",
    "note",
    "origin",
    "picked_mark",
    "picture",
    "pretty",
    "time_series",
]

hv.Store.set_current_backend("bokeh")

#: Columns that change with time, by label of the element that shows them.
Layers = Mapping[str, Mapping[str, Any]]

# After Okabe & Ito (2008), told apart with any colour vision.
COMPONENT = {"x": "#0072B2", "y": "#009E73", "z": "#D55E00"}
BOUNDARY = {
    "Shue 1998": "#56B4E9",
    "Lin 2010": "#E69F00",
    "bow shock (Jelinek 2012)": "#FFFFFF",
}
METHOD = {
    "exact": "#000000",
    "last closed": "#000000",
    "density gradient": "#7F7F7F",
    "fluopause": "#7F7F7F",
    "Shue 1998": "#56B4E9",
    "Lin 2010": "#E69F00",
    "tangent fit": "#D55E00",
    "maximum": "#0072B2",
    "gradient": "#CC79A7",
    "boundary fit": "#009E73",
}
#: Methods that look into images, with their marks in a time series.
MARK = {
    "tangent fit": "circle",
    "maximum": "triangle",
    "gradient": "square",
    "boundary fit": "diamond",
}
#: Of what was picked: a pixel, and its line of sight.
PICKED = "#FF4DFF"
#: The spacecraft, and the field line through it.
SMILE = "#CC3311"
#: Of an estimate that has no colour of its own.
OTHER = "#CC79A7"
_CLOCK = "#CC3311"
_FONT = {
    "labels": "12px",
    "ticks": "11px",
    "legend": "11px",
    "title": "13px",
    "clabel": "12px",
    "cticks": "11px",
}
_LEGEND = {
    "spacing": 2,
    "glyph_width": 14,
    "glyph_height": 12,
    "label_height": 12,
    "border_line_alpha": 0,
}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIME_TICKS = DatetimeTickFormatter(
    minutes="%H:%M", hourmin="%H:%M", hours="%H:%M", days="%d %b"
)


def origin(solar_wind: xr.Dataset) -> str:
    """Say whether a solar wind was measured."""
    measured = solar_wind.attrs.get("measured")
    return "measured" if measured else "reconstruction, not measured"


def pretty(units: str) -> str:
    """Return a unit as the field prints it: ``"cm-3"`` as ``"cm⁻³"``."""
    units = re.sub(
        r"(?<=[a-zA-Z])-?\d+", lambda m: m[0].translate(_SUPERSCRIPT), units
    )
    return units.replace("R_E", "Rᴇ")


def dimension(
    schema: Schema, name: str, text: str | None = None, *, key: str = ""
) -> hv.Dimension:
    """Return a dimension labelled by the schema, ``"density [cm⁻³]"``.

    Parameters
    ----------
    schema : Schema
    name : str
        Variable or axis of the schema.
    text : str, optional
        What to say instead of the variable's long name.
    key : str
        Name of the column, by default the variable's.
    """
    variable = {**schema.variables, **schema.axes}[name]
    shown = f"{text or variable.long_name} [{pretty(variable.units)}]"
    return hv.Dimension((key or name, shown))


def at(data: xr.Dataset, time: np.datetime64) -> xr.Dataset:
    """Select the sample nearest to `time`.

    Raises
    ------
    ValueError
        If `time` lies outside the data.
    """
    times = data.time.values
    first, last = times[[0, -1]]
    if not first <= time <= last:
        raise ValueError(
            f"{_minute(time)} is outside the event, which has data from "
            f"{_minute(first)} to {_minute(last)}"
        )
    # as sel(method="nearest") does, in a third of the time
    after = int(np.searchsorted(times, time))
    closer = after and time - times[after - 1] < times[after] - time
    return data.isel(time=after - 1 if closer else after)


def check_choice(name: str, choice: str, known: Iterable[str]) -> None:
    """Refuse what is not among the known choices.

    Raises
    ------
    ValueError
        That says what there is.
    """
    if choice not in (choices := list(known)):
        raise ValueError(
            f"{name} must be one of {', '.join(choices)}, got {choice!r}"
        )


def chosen(estimates: Iterable[str], method: str) -> list[str]:
    """Return which methods to show: the one chosen, or ``"all"``."""
    found = [name for name in MARK if name in list(estimates)]
    return found if method == "all" else [n for n in found if n == method]


def clock(time: np.datetime64) -> hv.VLine:
    """Return the mark of the shared clock in a time series."""
    return hv.VLine(time).opts(
        color=_CLOCK, line_width=1.5, hooks=[_draw_on_top_canvas]
    )


def note(
    axes: list[hv.Dimension], columns: Mapping[str, Any], label: str
) -> hv.Labels:
    """Return a remark written into a panel, such as ``"simulated"``."""
    return hv.Labels(columns, axes, "text", label=label).opts(
        text_font_size="11px",
        text_color="#222222",
        text_align="left",
        text_baseline="top",
        background_fill_color="white",
        background_fill_alpha=0.75,
        padding=2,
        show_legend=False,
    )


def time_series(
    layers: Sequence[hv.Element],
    *,
    title: str = "",
    legend: str = "",
    **opts: Any,
) -> hv.Overlay:
    """Lay lines over each other on a common time axis.

    Parameters
    ----------
    layers : sequence of holoviews elements
    title : str
        What is seen, and what is not measured of it.
    legend : str
        Where to put one; by default there is none.
    **opts
        Options of the overlay.
    """
    return hv.Overlay(layers).opts(
        fontsize=_FONT,
        title=title,
        show_legend=bool(legend),
        legend_position=legend or "right",
        legend_opts={**_LEGEND, "spacing": 4, "padding": 0, "margin": 0},
        xlabel="",
        xformatter=_TIME_TICKS,
        padding=(0, 0.08),
        yticks=4,
        show_grid=True,
        active_tools=[],
        default_tools=["xbox_zoom", "xwheel_zoom", "reset", "save"],
        hooks=[_quiet, _zoom_with_shift],
        **opts,
    )


def picked_mark(
    place: Mapping[str, Any], axes: Sequence[hv.Dimension]
) -> hv.Scatter:
    """Return the mark of the pixel that was picked in an image."""
    return hv.Scatter(place, *axes, label="picked").opts(
        marker="square",
        fill_alpha=0.0,
        line_color=PICKED,
        line_width=2.5,
        size=11,
    )


def picture(
    layers: Sequence[hv.Element],
    *,
    title: str,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    legend: str = "",
) -> hv.Overlay:
    """Lay an image and what is drawn on it over each other."""
    return hv.Overlay(layers).opts(
        fontsize=_FONT,
        title=title,
        xlim=xlim,
        ylim=ylim,
        show_legend=bool(legend),
        legend_position=legend or "right",
        legend_opts={
            **_LEGEND,
            "padding": 3,
            "margin": 2,
            "background_fill_alpha": 0.8,
        },
        active_tools=[],
        default_tools=["box_zoom", "wheel_zoom", "reset", "save"],
        hooks=[_quiet],
    )


def graph(
    layers: Sequence[hv.Element],
    *,
    title: str,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    legend: str = "",
    **opts: Any,
) -> hv.Overlay:
    """Lay lines over each other on axes of their own."""
    drawn = picture(layers, title=title, xlim=xlim, ylim=ylim, legend=legend)
    return drawn.opts(show_grid=True, yticks=4, padding=0, **opts)


def colour_bar() -> dict[str, Any]:
    """Return options of the colour bar of an image."""
    return {
        "colorbar": True,
        "clabel": "",  # the title of the panel says what is coloured
        "colorbar_opts": {
            "width": 9,
            "padding": 2,
            "label_standoff": 4,
            "major_label_text_font_size": "11px",
        },
    }


def _quiet(plot: Any, _element: Any) -> None:
    figure = plot.state
    figure.toolbar.logo = None
    figure.toolbar.autohide = True
    # Else a drag would zoom, where it is to move the clock.
    figure.toolbar.active_drag = None
    figure.toolbar.active_scroll = None
    figure.axis.minor_tick_line_color = None
    figure.axis.axis_label_text_font_style = "normal"


def _zoom_with_shift(plot: Any, _element: Any) -> None:
    # Without it the wheel scrolls the page, which is taller than a screen.
    for tool in plot.state.toolbar.tools:
        if isinstance(tool, WheelZoomTool):
            tool.modifiers = {"shift": True}
            plot.state.toolbar.active_scroll = tool


def _draw_on_top_canvas(plot: Any, _element: Any) -> None:
    # Bokeh repaints only the light overlay canvas when this mark moves.
    plot.handles["glyph"].level = "overlay"


def _minute(time: np.datetime64) -> str:
    return str(np.datetime_as_string(time, unit="m")).replace("T", " ")
