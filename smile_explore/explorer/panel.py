"""A view drawn once, of which a step of the clock replaces only the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import holoviews as hv
import numpy as np
from bokeh.models import ColorMapper, ColumnDataSource
from bokeh.models.annotations import Span
from bokeh.plotting import figure
from holoviews.plotting.bokeh.element import ElementPlot

from smile_explore.views.style import Layers

__all__ = ["Panel", "render"]


@dataclass(frozen=True)
class Panel:
    """A rendered view and the handles of what changes in it.

    Parameters
    ----------
    figure : bokeh.plotting.figure
    layers : callable, optional
        ``layers(time)``, the columns that change with time.
    sources : mapping of str to ColumnDataSource
        By label of the element they feed.
    clock : bokeh.models.Span, optional
        The mark of the clock, in a time series.
    colours : bokeh.models.ColorMapper, optional
        Of the image, if there is one; fed by the layer ``"colours"``.
    """

    figure: figure
    layers: Callable[[np.datetime64], Layers] | None = None
    sources: dict[str, ColumnDataSource] = field(default_factory=dict)
    clock: Span | None = None
    colours: ColorMapper | None = None

    def show(self, time: np.datetime64) -> None:
        """Replace what changes with time."""
        if self.clock is not None:
            self.clock.location = time.astype("datetime64[ms]").astype(float)
        if self.layers is not None:
            for label, columns in self.layers(time).items():
                if label == "colours" and self.colours is not None:
                    self.colours.update(**columns)
                else:
                    source = self.sources[label]
                    source.data = {**source.data, **columns}


def render(
    overlay: hv.Overlay,
    size: Mapping[str, int],
    *,
    layers: Callable[[np.datetime64], Layers] | None = None,
) -> Panel:
    """Draw a view with HoloViews and keep the handles of its parts.

    Parameters
    ----------
    overlay : holoviews.Overlay
    size : mapping of str to int
        Properties of the Bokeh figure, such as ``frame_width``.
    layers : callable, optional
        The columns of the view that change with time.
    """
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
    for model in plot.state.references():
        # The page would send every change that it is told back to the kernel.
        model.syncable = False
    return Panel(plot.state, layers, sources, clock, colours)
