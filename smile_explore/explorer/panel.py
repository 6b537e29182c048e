"""A view drawn once, of which a step of the clock replaces only the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import holoviews as hv
import numpy as np
from bokeh.document import Document
from bokeh.io.doc import patch_curdoc
from bokeh.models import ColorMapper, ColumnDataSource
from bokeh.models.annotations import Span
from bokeh.plotting import figure
from holoviews.plotting.bokeh.element import ElementPlot

from smile_explore.explorer.dress import enlarge, shorten
from smile_explore.views.style import Layers

__all__ = ["Panel", "render"]


@dataclass(frozen=True)
class Panel:
    """A rendered view and the handles of what changes in it.

    Parameters
    ----------
    figure : bokeh.plotting.figure
    sources : mapping of str to ColumnDataSource
        By label of the element they feed.
    clock : bokeh.models.Span, optional
        The mark of the clock, in a time series.
    colours : bokeh.models.ColorMapper, optional
        Of the image, if there is one; fed by the layer ``"colours"``.
    """

    figure: figure
    sources: dict[str, ColumnDataSource] = field(default_factory=dict)
    clock: Span | None = None
    colours: ColorMapper | None = None

    def show(self, layers: Layers) -> None:
        """Replace columns; ``"ranges"`` moves the axes.

        Raises
        ------
        KeyError
            If no element has the label of a layer.
        """
        for label, columns in layers.items():
            if label == "colours" and self.colours is not None:
                self.colours.update(**columns)
            elif label == "ranges":
                for axis, (start, end) in columns.items():
                    ends = getattr(self.figure, f"{axis}_range")
                    ends.update(start=start, end=end)
            else:
                source = self.sources[label]
                # what is as it was need neither travel nor be drawn again
                if not all(
                    _same(source.data.get(name), values)
                    for name, values in columns.items()
                ):
                    source.data = {**source.data, **columns}

    def move(self, time: np.datetime64) -> None:
        """Move the mark of the clock, if there is one."""
        if self.clock is not None:
            self.clock.location = time.astype("datetime64[ms]").astype(float)


def _same(one: Any, other: Any) -> bool:
    """Tell whether two columns are the same, NaN and all."""
    try:
        one, other = np.asarray(one), np.asarray(other)
    except ValueError:  # lines of several lengths
        return False
    alike = one.dtype == other.dtype and one.shape == other.shape
    return alike and one.dtype != object and one.tobytes() == other.tobytes()


def render(
    overlay: hv.Overlay,
    size: Mapping[str, int],
    *,
    brief: bool = False,
    scale: float = 1.0,
) -> Panel:
    """Draw a view with HoloViews and keep the handles of its parts.

    Parameters
    ----------
    overlay : holoviews.Overlay
    size : mapping of str to int
        Properties of the Bokeh figure, such as ``frame_width``.
    brief : bool
        Without legend and colour bar, and with a smaller title.
    scale : float
        Of letters, lines and marks.
    """
    # HoloViews gives its theme to the current document, which is that of all
    # panels while one of them answers to a tap.
    aside = Document()
    with patch_curdoc(aside):
        plot = hv.renderer("bokeh").get_plot(overlay)
    # A frame of its own size leaves the rest of the figure to its axes.
    plot.state.update(width=None, height=None, **size)
    parts = plot.traverse(lambda part: part, [ElementPlot])
    sources: dict[str, ColumnDataSource] = {}
    clock = colours = None
    for part in parts:
        colours = part.handles.get("color_mapper", colours)
        if isinstance(part.handles.get("glyph"), Span):
            clock = part.handles["glyph"]
        elif "source" in part.handles and part.current_frame is not None:
            sources[part.current_frame.label] = part.handles["source"]
    if brief:
        shorten(plot.state)
    if scale != 1.0:
        enlarge(plot.state, scale)
    for model in plot.state.references():
        # The page would send every change that it is told back to the kernel.
        model.syncable = False
    return Panel(plot.state, sources, clock, colours)
