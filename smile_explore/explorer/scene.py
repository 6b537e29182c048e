"""The panels of a preset in one layout, on one clock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from typing import Any, Literal

import numpy as np
from bokeh.events import Pan, SelectionGeometry, Tap
from bokeh.layouts import column, row
from bokeh.models import BoxSelectTool, Range1d
from bokeh.models.dom import HTML
from bokeh.models.ui import Pane, UIElement
from bokeh.plotting import figure as BokehFigure

from smile_explore.explorer.ahead import Ahead
from smile_explore.explorer.dress import mark
from smile_explore.explorer.figure import Figure
from smile_explore.explorer.panel import Panel, render
from smile_explore.explorer.panels import (
    PANELS,
    PRESETS,
    Part,
    Picture,
    Place,
    Shown,
    Text,
    local_time,
    places,
)

__all__ = ["Scene", "size_of"]

_LOGGER = logging.getLogger(__name__)
#: On a phone, panels that stand side by side stand below each other.
_NARROW = "@media (max-width: 700px) { :host { flex-wrap: wrap; } }"
#: What a panel may fail with, and the others live.
_FAILURES = (ValueError, KeyError, OSError)


class Scene:
    """The panels of one event, drawn once and changed in place.

    Parameters
    ----------
    shown : Shown
        What is shown first.
    on_time : callable
        Called with a time that was tapped or dragged to.
    on_pixel : callable
        Called with the ``(fov_lon, fov_lat)`` of a pixel that was tapped.
    preset : str
        One of `PRESETS`.
    on_box : callable, optional
        Called with the name of a panel and the ``((left, right), (low,
        high))`` of a box drawn on it; None when the box is let go.
    on_spot : callable, optional
        Called with the ``(fov_lon, fov_lat)`` that was tapped in UVI's image.
    on_local_time : callable, optional
        Called with the local time [h] that was tapped on a polar map.
    on_zoom : callable, optional
        Called when other times are in sight.
    ahead : Ahead, optional
        Makes other times ahead; by default each is made when it is shown.
    widget : callable
        What shows the layout; `export.unseen` has one that shows nothing.
    """

    def __init__(
        self,
        shown: Shown,
        *,
        on_time: Callable[[np.datetime64], None],
        on_pixel: Callable[[tuple[float, float]], None],
        preset: str = "Overview",
        on_box: Callable[[str, Any], None] = lambda *_: None,
        on_spot: Callable[[tuple[float, float]], None] | None = None,
        on_local_time: Callable[[float], None] | None = None,
        on_zoom: Callable[[], None] = lambda: None,
        ahead: Ahead | None = None,
        widget: Callable[[Any], Any] = Figure,
    ) -> None:
        self.shown = shown
        self._on_time, self._on_pixel = on_time, on_pixel
        self._on_box = on_box
        self._on_spot, self._on_local_time = on_spot, on_local_time
        self._on_zoom, self._ahead = on_zoom, ahead
        self._times: Range1d | None = None
        self._panels: dict[str, Panel] = {}
        self._texts: dict[str, HTML] = {}
        self._places: dict[str, Place] = {}
        self._inside: dict[str, tuple[Any, int]] = {}
        # The page gets the figure as it is when the widget is made.
        self._root = row(self._arranged(preset), stylesheets=[_NARROW])
        self.figure = widget(self._root)
        self._look_ahead()

    @property
    def pictures(self) -> dict[str, BokehFigure]:
        """The figures on screen, by name of their panel."""
        return {name: one.figure for name, one in self._panels.items()}

    @property
    def words(self) -> dict[str, str]:
        """The panels of words, as HTML."""
        return {name: str(one.html) for name, one in self._texts.items()}

    def describe(self, sentences: dict[str, str]) -> None:
        """Give pictures, by name, a sentence for those who hear them."""
        with self.figure.one_message():
            for name, said in sentences.items():
                self._panels[name].figure.html_attributes = {
                    "role": "img",
                    "aria-label": said,
                }

    def arrange(self, preset: str) -> None:
        """Show the panels of another preset."""
        with self.figure.one_message():
            self._root.children = self._arranged(preset)
        self._look_ahead()

    def _arranged(self, preset: str) -> list[UIElement]:
        """Draw the panels of a preset, and set them in columns."""
        self.preset = preset
        self._panels, self._texts, self._inside = {}, {}, {}
        self._places = {one.panel: one for one in places(preset)}
        for name in self._places:
            try:
                self._draw(name)
            except Exception as error:  # whatever it is, the others live
                _LOGGER.exception("the panel %s could not be drawn", name)
                self._texts[name] = HTML(
                    html=f"<i>{escape(_failure(name, error))}</i>",
                    syncable=False,
                )
        self._share_time()
        return [self._box(part, column) for part in PRESETS[preset]]

    def _box(self, part: Part, kind: Callable[..., Any]) -> UIElement:
        """Set panels above each other, and those of a row side by side."""
        box = kind(
            [
                self._element(one)
                if isinstance(one, Place)
                else self._box(one, row)
                for one in part
            ],
            stylesheets=[_NARROW],
        )
        for at, one in enumerate(part):
            if isinstance(one, Place):
                self._inside[one.panel] = box, at
        return box

    def change(self, **changes: Any) -> list[str]:
        """Show something else: another time, quantity, pixel, or all anew.

        Parameters
        ----------
        **changes
            Fields of `Shown`.

        Returns
        -------
        failures : list of str
            One sentence for each part that could not follow; the others do.
        """
        before, self.shown = self.shown, replace(self.shown, **changes)
        changed = {
            name
            for name, value in changes.items()
            if not _same(value, getattr(before, name))
        }
        if "observations" in changed:
            # what is drawn by name: other names need another drawing
            names = [
                one.observations.magnetopause.estimate.values.tolist()
                for one in (before, self.shown)
            ]
            if names[0] != names[1]:
                changed.add("method")
            if before.there != self.shown.there:
                changed.add("there")
            changed |= {"time", "sight", "spot"}
        failures: list[str] = []
        if not changed:
            return failures
        with self.figure.one_message():
            for name in self._places:
                with _told(name, failures):
                    self._follow(name, changed)
        self._look_ahead()
        return failures

    def _look_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead.wish(self.shown, self._places)

    def close(self) -> None:
        """Take the figure off the page, and end what is made ahead."""
        if self._ahead is not None:
            self._ahead.close()
        self.figure.close()

    def _follow(self, name: str, changed: set[str]) -> None:
        kind = PANELS[name]
        if isinstance(kind, Text):
            self._texts[name].html = self._at_time(name)
            return
        was_drawn = name in self._panels
        if changed & (kind.redrawn if was_drawn else {"observations"}):
            self._replace(name)
        if not was_drawn or changed & kind.redrawn:
            return
        panel = self._panels[name]
        if "time" in changed:
            panel.move(self.shown.time)
        for field in changed & set(kind.layers):
            if field == "time":
                panel.show(self._at_time(name))
            else:
                panel.show(kind.layers[field](self.shown))

    def _at_time(self, name: str) -> Any:
        """Return what follows the clock of a panel: columns, or words."""
        if self._ahead is not None:
            return self._ahead.show(name, self.shown)
        kind = PANELS[name]
        if isinstance(kind, Text):
            return kind.html(self.shown)
        return kind.layers["time"](self.shown)

    def _replace(self, name: str) -> None:
        """Draw a panel anew, in its place."""
        old = self._panels.get(name)
        self._draw(name)
        self._texts.pop(name, None)  # why it could not be drawn before
        new = self._panels[name].figure
        if old is not None and PANELS[name].taps == "time":  # type: ignore[union-attr]
            self._put_on_clock(new)
            new.xaxis.visible = old.figure.xaxis[0].visible
        box, at = self._inside[name]
        children = list(box.children)
        children[at] = new
        box.children = children

    def _draw(self, name: str) -> None:
        kind, place = PANELS[name], self._places[name]
        if isinstance(kind, Text):
            # Not a Div: Bokeh would lay out all panels anew with each text.
            self._texts[name] = HTML(
                html=kind.html(self.shown), syncable=False
            )
            return
        size = size_of(kind, place, self.shown)
        panel = render(
            kind.view(self.shown), size, brief=place.brief, scale=place.scale
        )
        panel.figure.css_classes = [f"smile-{name.replace(' ', '-')}"]
        if kind.aspect is None and not place.brief:
            # frames above each other begin alike
            panel.figure.min_border_left = round(62 * place.scale)
        if kind.boxes:
            self._take_boxes(name, panel, kind.boxes, keep=bool(kind.taps))
        if kind.taps == "time":
            mark(panel.figure, self.shown.observations.event.moments.values())
            # a drag draws a box where there are any
            for event in (Tap,) if kind.boxes else (Tap, Pan):
                panel.figure.on_event(event, self._time_tapped)
        elif kind.taps == "pixel":
            panel.figure.on_event(Tap, self._pixel_tapped)
        elif kind.taps == "spot":
            panel.figure.on_event(Tap, self._spot_tapped)
        elif kind.taps == "mlt":
            panel.figure.on_event(Tap, self._map_tapped)
        self._panels[name] = panel

    def _take_boxes(
        self,
        name: str,
        panel: Panel,
        dimensions: Literal["both", "height"],
        *,
        keep: bool,
    ) -> None:
        """Tell of every box that is drawn; a tap lets it go, or keeps it."""

        def drawn(event: Any) -> None:
            at = event.geometry
            if event.final and at.get("type") == "rect":
                x, y = (
                    tuple(sorted((at[f"{one}0"], at[f"{one}1"])))
                    for one in "xy"
                )
                self._on_box(name, (x, y))

        # Without renderers: nothing drawn is to be faded by a selection.
        tool = BoxSelectTool(
            dimensions=dimensions, renderers=[], syncable=False
        )
        tool.overlay.syncable = False
        panel.figure.add_tools(tool)
        panel.figure.toolbar.active_drag = tool
        panel.figure.on_event(SelectionGeometry, drawn)
        if not keep:
            panel.figure.on_event(Tap, lambda _: self._on_box(name, None))

    def _time_tapped(self, event: Any) -> None:
        self._on_time(np.datetime64(int(event.x), "ms"))

    def _pixel_tapped(self, event: Any) -> None:
        self._on_pixel((float(event.x), float(event.y)))

    def _spot_tapped(self, event: Any) -> None:
        if self._on_spot is not None:
            self._on_spot((float(event.x), float(event.y)))

    def _map_tapped(self, event: Any) -> None:
        if self._on_local_time is not None:
            self._on_local_time(local_time(float(event.x), float(event.y)))

    def _share_time(self) -> None:
        """Give all time series one axis, labelled at the foot of a column."""
        for part in PRESETS[self.preset]:
            series = [
                one.panel
                for one in part
                if isinstance(one, Place)
                and one.panel in self._panels
                and getattr(PANELS[one.panel], "taps", "") == "time"
            ]
            for name in series:
                figure = self._panels[name].figure
                self._put_on_clock(figure)
                figure.xaxis.visible = name == series[-1]

    def _put_on_clock(self, figure: Any) -> None:
        """Give a figure the times in sight, of this preset and the next."""
        if self._times is None:
            clock = self.shown.observations.cuts.time.values
            start, end = map(_milliseconds, clock[[0, -1]])
            end = max(end, start + 1.0)  # of a single moment
            self._times = Range1d(
                start=start, end=end, reset_start=start, reset_end=end
            )
            for name in ("start", "end"):
                self._times.on_change(name, self._zoomed)
        figure.x_range = self._times

    def _zoomed(self, _attr: str, _old: Any, _new: Any) -> None:
        self._on_zoom()

    @property
    def zoom(self) -> tuple[np.datetime64, np.datetime64] | None:
        """The times in sight of all series, None if all are."""
        times = self._times
        if times is None or (
            (times.start, times.end) == (times.reset_start, times.reset_end)
        ):
            return None
        return _moment(times.start), _moment(times.end)

    @zoom.setter
    def zoom(self, ends: tuple[np.datetime64, np.datetime64] | None) -> None:
        times = self._times
        if times is None:
            return
        start, end = (
            (times.reset_start, times.reset_end)
            if ends is None
            else map(_milliseconds, ends)
        )
        with self.figure.one_message():
            times.update(start=start, end=end)

    def _element(self, place: Place) -> UIElement:
        if place.panel in self._panels:
            return self._panels[place.panel].figure
        return Pane(
            elements=[self._texts[place.panel]],
            styles={
                "width": f"{place.width}px",
                "margin": "5px",
                "font-size": f"{12 * place.scale:.0f}px",
            },
        )


def _milliseconds(time: np.datetime64) -> float:
    """Return a time as Bokeh's axes have it."""
    return float(time.astype("datetime64[ms]").astype(float))


def _moment(milliseconds: Any) -> np.datetime64:
    return np.datetime64(round(milliseconds), "ms").astype("M8[ns]")


def _same(value: Any, other: Any) -> bool:
    """Tell whether nothing has changed; data only by what it is."""
    plain = isinstance(value, str | float | tuple | np.datetime64)
    return value is other or (plain and value == other)


def size_of(kind: Picture, place: Place, shown: Shown) -> dict[str, int]:
    """Return the properties of a figure that say how large its frame is."""
    wide, tall = float(place.width), float(place.height)
    if kind.aspect is not None:
        aspect = kind.aspect(shown)
        wide, tall = min(wide, tall * aspect), min(tall, wide / aspect)
    return {"frame_width": round(wide), "frame_height": round(tall)}


@contextmanager
def _told(name: str, failures: list[str]) -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        failures.append(_failure(name, error))


def _failure(name: str, error: Exception) -> str:
    return f"The panel {name} failed: {error}."
