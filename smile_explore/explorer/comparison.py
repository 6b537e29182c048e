"""Model against model in a notebook: images, planes and sights, linked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
import xarray as xr
from bokeh.events import Tap
from bokeh.layouts import column, row
from bokeh.models.dom import HTML
from bokeh.models.ui import Pane, UIElement

from smile_explore.events import comparison as models
from smile_explore.events import load
from smile_explore.events.find import METHODS
from smile_explore.events.settings import Settings
from smile_explore.events.simulate import Progress
from smile_explore.explorer.figure import Figure, load_bokeh
from smile_explore.explorer.panel import Panel, render
from smile_explore.observations import Event
from smile_explore.views import comparison as views
from smile_explore.views.style import pretty

__all__ = ["Comparison", "compare"]

#: Frames of pictures side by side, and what stands beside each. [px]
_WIDE, _BESIDE = 1270, 105
_LEAST_WIDE, _MOST_WIDE, _TALL = 200, 330, 185
_FOOT = 160  # height of what stands below the pictures
_PLANES = {"noon": "noon meridian, y = 0", "equator": "equator, z = 0"}
#: Where the page is narrow, pictures go on in a line of their own.
_WRAP = {"flex-wrap": "wrap"}
_CELL = "padding: 1px 6px; text-align:"


def compare(
    cubes: Mapping[str, xr.Dataset],
    where: str | Event | xr.Dataset,
    *,
    time: np.datetime64 | None = None,
    settings: Settings | None = None,
    methods: tuple[str, ...] = METHODS,
    rng: int | np.random.Generator | None = 0,
    progress: Progress | None = None,
) -> Comparison:
    """Show one solar wind in several models, side by side.

    Parameters
    ----------
    cubes : mapping of str to xarray.Dataset (CUBE)
        By name; the first is what the others are compared with.
    where : str, Event or xarray.Dataset (POINTING)
        An event, during which SMILE is where it is at the time that is
        compared, or from where it looks.
    time, settings, methods, rng
        As in `events.comparison.compare`.
    progress : callable, optional
        ``progress(done, total)``, two steps each model: its emissivity, and
        what SXI sees of it. What it raises ends the work.

    Returns
    -------
    comparison : Comparison

    Raises
    ------
    ValueError
        As `events.comparison.compare`, or if there is no such event.
    """
    load_bokeh()
    pointing = _seat(where, cubes, time, settings)
    tell = progress or _not_told
    count = len(cubes)
    glows = models.emissivities(
        cubes,
        time=time,
        settings=settings,
        progress=lambda done, _: tell(done, 2 * count),
    )
    compared = models.compare(
        cubes,
        pointing,
        time=time,
        settings=settings,
        methods=methods,
        glows=glows,
        rng=rng,
        progress=lambda done, _: tell(count + done, 2 * count),
    )
    return Comparison(compared, glows, pointing)


def _not_told(_done: int, _total: int) -> None:
    """Where nobody asked how far it is."""


def _seat(
    where: str | Event | xr.Dataset,
    cubes: Mapping[str, xr.Dataset],
    time: np.datetime64 | None,
    settings: Settings | None,
) -> xr.Dataset:
    if isinstance(where, xr.Dataset):
        return where
    event = load(where) if isinstance(where, str) else where
    if time is None:
        own = [c["time"].values for c in cubes.values() if "time" in c.coords]
        time = own[0].ravel()[0] if own else event.focus
    return models.seat(event, time, settings)


class Comparison(widgets.VBox):
    """What `compare` returns.

    Zooming and moving one image moves all of them, and so it is with the
    planes. A tapped pixel shows its line of sight through every model.

    Parameters
    ----------
    compared : xarray.Dataset (COMPARISON)
    glows : mapping of str to xarray.DataArray
        Of `events.comparison.emissivities`.
    pointing : xarray.Dataset (POINTING)
        At one time.
    """

    def __init__(
        self,
        compared: xr.Dataset,
        glows: Mapping[str, xr.DataArray],
        pointing: xr.Dataset,
    ) -> None:
        self.compared = compared
        self.table: pd.DataFrame = models.table(compared)
        self._glows, self._pointing = glows, pointing
        self.names = [str(name) for name in compared["model"].values]
        self._images = self._drawn_images()
        self._sight = render(
            views.sight(None, self.names),
            {"frame_width": 400, "frame_height": _FOOT},
        )
        standoffs = render(
            views.standoffs(compared),
            {"frame_width": 230, "frame_height": _FOOT},
        )
        self.plane = widgets.Dropdown(
            options=[(text, name) for name, text in _PLANES.items()],
            description="Emissivity",
        )
        self.plane.observe(self._show_plane, names="value")
        self.message = widgets.HTML()
        self._planes = row(self._drawn_planes(), styles=_WRAP)
        pictures: list[UIElement] = [
            row([panel.figure for panel in self._images], styles=_WRAP),
            self._planes,
            row(
                [self._sight.figure, standoffs.figure, _numbers(self.table)],
                styles=_WRAP,
            ),
        ]
        self._figure = Figure(column(pictures))
        controls = widgets.HBox([self.plane, self.message])
        super().__init__([controls, self._figure])

    def pick(self, fov_lon: float, fov_lat: float) -> None:
        """Show the line of sight of the pixel there, through every model.

        Parameters
        ----------
        fov_lon, fov_lat : float
            From the boresight. [deg]
        """
        pixel = self.compared[["fov_lon", "fov_lat"]].sel(
            fov_lon=fov_lon, fov_lat=fov_lat, method="nearest"
        )
        lon, lat = float(pixel["fov_lon"]), float(pixel["fov_lat"])
        try:
            profiles = models.sights(
                self._glows, self._pointing, fov_lon=lon, fov_lat=lat
            )
        except ValueError as error:
            self._say(str(error))
            return
        self._say(f"Line of sight at {lon:.1f}°, {lat:.1f}°")
        layers = views.sight_layers(profiles, self.names)
        with self._figure.one_message():
            for panel in self._images:
                panel.show(views.picked((lon, lat)))
            self._sight.show(layers)

    def _say(self, sentence: str) -> None:
        self.message.value = f'<span role="status">{escape(sentence)}</span>'

    def _drawn_images(self) -> list[Panel]:
        drawn = [views.image(self.compared, name) for name in self.names]
        drawn += [
            views.difference(self.compared, name) for name in self.names[1:]
        ]
        size = _size(len(drawn), _aspect(self.compared, "fov_lon", "fov_lat"))
        panels = [render(one, size) for one in drawn]
        _link(panels)
        for panel in panels:
            panel.figure.on_event(Tap, self._tapped)
            panel.figure.css_classes = ["smile-comparison-image"]
        return panels

    def _drawn_planes(self) -> list[UIElement]:
        plane = self.plane.value
        drawn = [
            views.plane(self.compared, name, plane=plane)
            for name in self.names
        ]
        drawn += [
            views.ratio(self.compared, name, plane=plane)
            for name in self.names[1:]
        ]
        side = {"noon": "z", "equator": "y"}[plane]
        size = _size(len(drawn), _aspect(self.compared, "x", side))
        panels = [render(one, size) for one in drawn]
        _link(panels)
        return [panel.figure for panel in panels]

    def _show_plane(self, _: Any) -> None:
        self._planes.children = self._drawn_planes()

    def _tapped(self, event: Any) -> None:
        self.pick(float(event.x), float(event.y))


def _link(panels: list[Panel]) -> None:
    """Give pictures of one kind the same axes, and name the y axis once."""
    first, *others = (panel.figure for panel in panels)
    for figure in others:
        figure.x_range, figure.y_range = first.x_range, first.y_range
        figure.yaxis.axis_label = None


def _aspect(compared: xr.Dataset, across: str, up: str) -> float:
    return float(np.ptp(compared[across].values) / np.ptp(compared[up].values))


def _size(count: int, aspect: float) -> dict[str, int]:
    share = max(_WIDE / count - _BESIDE, _LEAST_WIDE)
    wide = min(share, _MOST_WIDE, _TALL * aspect)
    return {
        "frame_width": round(wide),
        "frame_height": round(wide / aspect),
    }


def _numbers(table: pd.DataFrame) -> Pane:
    """Return the table as it is shown, with two digits behind the dot."""
    head = "".join(_cell("th", name, "right") for name in table.columns)
    rows = [f"<tr>{_cell('th', '', 'left')}{head}</tr>"]
    for name, values in table.iterrows():
        told = "".join(_cell("td", _number(v), "right") for v in values)
        what = _cell("td", _short(str(name)), "left")
        rows.append(f"<tr>{what}{told}</tr>")
    text = (
        '<table style="font: 11px sans-serif; border-collapse: collapse">'
        f"{''.join(rows)}</table>"
    )
    # Not a Div: Bokeh would lay out all pictures anew with it.
    page = HTML(html=text, syncable=False)
    return Pane(elements=[page], styles={"margin": "4px 0 0 16px"})


def _cell(tag: str, text: str, side: str) -> str:
    return f'<{tag} style="{_CELL} {side}">{escape(text)}</{tag}>'


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "–"
    return f"{value:,.{2 if abs(value) < 1e4 else 0}f}"


def _short(name: str) -> str:
    """Return a name of the table without what is known, units prettily."""
    name = name.removesuffix(" [1]").replace("standoff, ", "")
    return pretty(name)
