"""One panel's figure in axes of matplotlib: ranges, ticks, title, legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from bokeh.models import (
    Axis,
    Grid,
    LogColorMapper,
    LogScale,
)
from bokeh.models.annotations import ColorBar, Legend

from smile_explore.explorer.export.colours import coloured
from smile_explore.explorer.export.glyphs import (
    POINT,
    draw,
    numbers,
    text_size,
)
from smile_explore.explorer.export.ticks import labels, ticks

if TYPE_CHECKING:
    from bokeh.plotting import figure
    from matplotlib.axes import Axes

__all__ = ["draw_figure"]

_INK: Final = "#333333"
_GRID: Final = "#E5E5E5"
#: Of Bokeh's layers, the lower first.
_LEVELS: Final = ("image", "underlay", "glyph", "guide", "annotation")
_WHERE: Final = {
    "top_left": "upper left",
    "top_center": "upper center",
    "top_right": "upper right",
    "center_left": "center left",
    "center": "center",
    "center_right": "center right",
    "bottom_left": "lower left",
    "bottom_center": "lower center",
    "bottom_right": "lower right",
}


def draw_figure(axes: Axes, shown: figure) -> None:
    """Draw a live Bokeh figure as it is.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Of the size of the figure's frame.
    shown : bokeh.plotting.figure

    Raises
    ------
    ValueError
        If there is something in the figure that cannot be drawn, naming it.
    """
    _scales(axes, shown)
    parts = list(_parts(shown))
    axes.set_facecolor(shown.background_fill_color or "none")
    artists = {}
    for number, renderer in enumerate([*shown.renderers, *_over(parts)]):
        if renderer.visible:
            order = _level(renderer.level) + number / 1000
            artists[renderer.id] = draw(axes, renderer, order)
    _scales(axes, shown)
    ruled = {
        part.dimension
        for part in parts
        if isinstance(part, Grid) and part.grid_line_color and part.visible
    }
    for part in parts:
        if isinstance(part, Axis):
            along = part in shown.xaxis
            _ticks(axes, part, along=along, ruled=(not along) in ruled)
        elif isinstance(part, ColorBar) and part.visible:
            _bar(axes, part)
    above = 0.0
    for part in parts:
        if isinstance(part, Legend) and part.visible and part.items:
            above = max(above, _legend(axes, part, artists))
    for spine in axes.spines.values():
        spine.set(color=_INK, linewidth=0.6, zorder=8)
    title: Any = shown.title
    if title is not None and title.text:
        axes.set_title(
            str(title.text),
            loc="left",
            x=float(title.offset) / (_width(axes) / POINT),
            pad=3.0 + above,
            fontsize=text_size(title.text_font_size or "13px"),
            fontweight="bold",
            color="#222222",
        )


def _parts(shown: figure) -> Any:
    for side in ("above", "below", "left", "right", "center"):
        yield from getattr(shown, side)


def _over(parts: list[Any]) -> list[Any]:
    """Return what is drawn among the glyphs: no axis, grid, bar, legend."""
    frame = (Axis, ColorBar, Grid, Legend)
    return [part for part in parts if not isinstance(part, frame)]


def _level(level: str) -> float:
    return 2.0 + (_LEVELS.index(level) if level in _LEVELS else len(_LEVELS))


def _scales(axes: Axes, shown: figure) -> None:
    for name, scale in (("x", shown.x_scale), ("y", shown.y_scale)):
        ends = getattr(shown, f"{name}_range")
        log = "log" if isinstance(scale, LogScale) else "linear"
        axes.set(**{f"{name}scale": log})
        start, end = (float(numbers(one)) for one in (ends.start, ends.end))
        axes.set(**{f"{name}lim": (start, end)})


def _ticks(axes: Axes, part: Axis, *, along: bool, ruled: bool) -> None:
    side = axes.xaxis if along else axes.yaxis
    ends = axes.get_xlim() if along else axes.get_ylim()
    at = ticks(part.ticker, *ends)
    told = labels(part, at) if part.visible else [""] * len(at)
    size = text_size(part.major_label_text_font_size)
    if len(at) > 1:
        told = _thinned(told, _crowd(axes, at, told, size, along=along))
    side.set_ticks(at, told)
    side.set_ticks([], minor=True)
    side.set_tick_params(
        labelsize=size,
        labelcolor=_INK,
        color=_INK,
        length=3.0 if part.visible else 0.0,
        width=0.6,
        pad=2.0,
    )
    if part.visible and part.axis_label:
        side.set_label_text(
            str(part.axis_label),
            fontsize=text_size(part.axis_label_text_font_size),
            color=_INK,
        )
        side.labelpad = 2.0
        if part.axis_label_orientation == "horizontal" and not along:
            side.label.set(rotation=0, ha="right", va="center")
            side.labelpad = 5.0
    if ruled:
        side.grid(True, color=_GRID, linewidth=0.6, zorder=1.0)
        axes.set_axisbelow(True)


def _crowd(
    axes: Axes, at: np.ndarray, told: list[str], size: float, *, along: bool
) -> float:
    """Return how much of the room between two ticks a label takes."""
    longest = max(len(one.split("\n")[0]) for one in told)
    needed = 0.72 * size * longest if along else 1.1 * size
    turn = axes.transData.transform
    ends = turn([(one, axes.get_ylim()[0]) for one in at[:2]])
    if not along:
        ends = turn([(axes.get_xlim()[0], one) for one in at[:2]])
    between = float(np.abs(ends[1] - ends[0]).max()) * 72 / axes.figure.dpi
    return needed / between


def _thinned(told: list[str], crowd: float) -> list[str]:
    """Leave out every second label where they would run into each other."""
    if crowd < 0.95:
        return told
    # a date, or zero, is rather kept than others
    kept = [n for n, one in enumerate(told) if one == "0" or "\n" in one]
    first = kept[-1] % 2 if kept else 0
    return [one if n % 2 == first else "" for n, one in enumerate(told)]


def _width(axes: Axes) -> float:
    """Return the width of a frame. [pt]."""
    return float(axes.get_window_extent().width) * 72 / axes.figure.dpi


def _bar(axes: Axes, part: ColorBar) -> None:
    """Draw the colour bar at the right of a frame."""
    wide = _width(axes) / POINT  # [px]
    mapper: Any = part.color_mapper
    low, high = float(mapper.low), float(mapper.high)
    inner = axes.inset_axes((1 + 6 / wide, 0.0, float(part.width) / wide, 1.0))
    log = isinstance(mapper, LogColorMapper)
    between = np.geomspace if log else np.linspace
    shades, edges = between(low, high, 256), between(low, high, 257)
    inner.set(xticks=[], xlim=(0, 1), yscale="log" if log else "linear")
    inner.pcolormesh(
        np.array([0.0, 1.0]),
        edges,
        coloured(shades[:, None], mapper),
        antialiased=False,
        rasterized=True,
    )
    inner.set_ylim(low, high)
    at = ticks(part.ticker, low, high)
    inner.yaxis.set_ticks(at, labels(part, at))
    inner.yaxis.set_ticks([], minor=True)
    inner.yaxis.tick_right()
    inner.yaxis.set_tick_params(
        labelsize=text_size(part.major_label_text_font_size),
        labelcolor=_INK,
        color=_INK,
        length=2.0,
        width=0.6,
        pad=1.5,
    )
    for spine in inner.spines.values():
        spine.set(color=_INK, linewidth=0.6)


def _legend(axes: Axes, part: Any, artists: dict[str, Any]) -> float:
    """Draw the legend; return its height [pt] if it stands above."""
    named = [
        (artists.get(item.renderers[0].id), str(item.label.value))
        for item in part.items
        if item.visible and item.renderers
    ]
    known = [(artist, name) for artist, name in named if artist is not None]
    if not known:
        return 0.0
    inside = isinstance(part.location, str)
    size = text_size(part.label_text_font_size)
    columns = int(part.ncols) if part.ncols != "auto" else len(known)
    if not inside:  # row by row, where matplotlib goes down columns
        known = [one for n in range(columns) for one in known[n::columns]]
    legend = axes.legend(  # type: ignore[call-overload]
        [artist for artist, _ in known],
        [name for _, name in known],
        ncols=1 if inside else columns,
        loc=_WHERE.get(part.location, "lower left")
        if inside
        else "lower left",
        bbox_to_anchor=None if inside else (0.0, 1.0),
        fontsize=size,
        labelcolor=_INK,
        frameon=inside,
        framealpha=float(part.background_fill_alpha),
        edgecolor="none",
        borderaxespad=0.3 if inside else 0.15,
        borderpad=0.3 if inside else 0.0,
        handlelength=1.7,
        handletextpad=0.4,
        labelspacing=0.25,
        columnspacing=0.8,
        markerscale=0.9,
    )
    legend.set_zorder(9)
    if inside:
        return 0.0
    box = legend.get_window_extent()
    return float(box.height) * 72 / axes.figure.dpi + 1.0
