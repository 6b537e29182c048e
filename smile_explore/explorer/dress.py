"""A figure that is drawn, fitted to its place: smaller, or larger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from bokeh.models import Scatter
from bokeh.models.annotations import ColorBar, Legend, Span, Title
from bokeh.plotting import figure

__all__ = ["enlarge", "mark", "shorten"]

_PIXELS = re.compile(r"([\d.]+)px")
#: Lengths of legends and colour bars that go with their letters. [px]
_LENGTHS = (
    "width",
    "padding",
    "spacing",
    "glyph_width",
    "glyph_height",
    "label_height",
    "label_standoff",
)
#: A label that is longer than this does not fit beside a low frame.
_LONGEST = 6
_TITLE = "12px"
#: Of moments worth looking at, 4.5 to 1 on white.
_MOMENT = "#767676"
#: Beside a series, and beside a picture whose axes have no labels. [px]
_MARGIN, _TICKS = 78, 36


def shorten(drawn: figure) -> None:
    """Leave out what a small figure has no room for.

    That is legend and colour bar, and the labels of the axes of a picture,
    whose title says its plane. Those of time series lie, in two lines: what,
    and in which unit.

    Parameters
    ----------
    drawn : bokeh.plotting.figure
    """
    across, up = drawn.xaxis[0], drawn.yaxis[0]
    is_picture = bool(across.axis_label)
    drawn.min_border_left = margin = _TICKS if is_picture else _MARGIN
    for model in drawn.references():
        if isinstance(model, ColorBar | Legend):
            model.visible = False
        elif isinstance(model, Title):
            # over the labels too there is room
            model.update(text_font_size=_TITLE, offset=4 - margin)
    if is_picture:
        across.axis_label = up.axis_label = None
    elif up.axis_label:
        what, _, unit = str(up.axis_label).partition(" [")
        lines = [what] if len(what) <= _LONGEST else []
        up.axis_label = "\n".join([*lines, *([f"[{unit}"] if unit else [])])
        up.axis_label_orientation = "horizontal"


def enlarge(drawn: figure, scale: float) -> None:
    """Multiply letters, lines and marks, but not the frame.

    Parameters
    ----------
    drawn : bokeh.plotting.figure
    scale : float
    """
    for model in drawn.references():
        lengths = _LENGTHS if isinstance(model, ColorBar | Legend) else ()
        sizes = ("size",) if isinstance(model, Scatter) else ()
        for name in model.properties():
            if name.endswith("text_font_size"):
                setattr(model, name, _larger(getattr(model, name), scale))
            elif name.endswith("line_width") or name in {*lengths, *sizes}:
                value: Any = getattr(model, name)
                if isinstance(value, int):
                    setattr(model, name, round(scale * value))
                elif isinstance(value, float):  # no column, not "auto"
                    setattr(model, name, scale * value)


def _larger(size: Any, scale: float) -> Any:
    """Return a size of letters, which Bokeh holds in pixels or as a value."""
    text = getattr(size, "value", size)
    found = _PIXELS.fullmatch(text) if isinstance(text, str) else None
    return f"{scale * float(found[1]):.0f}px" if found else size


def mark(drawn: figure, times: Iterable[np.datetime64]) -> None:
    """Draw moments worth looking at into a time series, behind its lines.

    Parameters
    ----------
    drawn : bokeh.plotting.figure
    times : iterable of numpy.datetime64
    """
    for time in times:
        drawn.add_layout(
            Span(
                location=time.astype("datetime64[ms]").astype(float),
                dimension="height",
                line_color=_MOMENT,
                line_dash="dotted",
                line_width=1.0,
                level="underlay",
                name="moment",
                syncable=False,
            )
        )
