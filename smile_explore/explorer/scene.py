"""All panels of an event in one layout, on one clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from bokeh.events import Pan, Tap
from bokeh.layouts import column, row
from bokeh.models.dom import HTML
from bokeh.models.ui import Pane, UIElement

from smile_explore.explorer.figure import Figure
from smile_explore.explorer.panel import Panel, render
from smile_explore.observations import Observations
from smile_explore.views import cube, sxi
from smile_explore.views.readings import readings
from smile_explore.views.solar_wind import QUANTITIES, solar_wind
from smile_explore.views.standoff import standoff

__all__ = ["Scene"]

#: Pixels of the frame, without axes.
_SERIES = {"frame_width": 300, "frame_height": 64}
_STANDOFF = {"frame_width": 300, "frame_height": 150}
_IMAGE = {"frame_width": 378, "frame_height": 224}
_PIXELS_PER_RADIUS = 7.9


class Scene:
    """The panels of one event, drawn once and moved by the clock.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        What is shown first.
    on_pick : callable
        Called with the time that was tapped or dragged to.
    cut, image : str
        Quantities of the cuts and of the image, see `redraw`.
    """

    def __init__(
        self,
        observations: Observations,
        time: np.datetime64,
        *,
        on_pick: Callable[[np.datetime64], None],
        cut: str = "density",
        image: str = "intensity",
    ) -> None:
        self._observations = observations
        self._time = time
        series = _series(observations, time, on_pick)
        self._panels = series | {
            "noon": self._cut("noon", cut),
            "equator": self._cut("equator", cut),
            "sxi": self._image(image),
        }
        # Not a Div: Bokeh would lay out every panel anew with each text.
        self._readings = HTML(
            html=readings(observations, time), syncable=False
        )
        self._beside = Pane(
            elements=[self._readings],
            styles={"width": "440px", "margin": "5px"},
        )
        self._cuts = column(self._figures("noon", "equator"))
        self._image_and_readings = column(*self._figures("sxi"), self._beside)
        self.figure = Figure(
            row(
                column(self._figures(*series)),
                self._cuts,
                self._image_and_readings,
            )
        )

    def show(self, time: np.datetime64) -> list[str]:
        """Move every panel to `time`.

        Returns
        -------
        failures : list of str
            One sentence for each part that could not follow; the others do.
        """
        self._time = time
        moves = {f"panel {name}": p.show for name, p in self._panels.items()}
        moves["table of readings"] = self._read
        failures = []
        with self.figure.one_message():
            for name, move in moves.items():
                try:
                    move(time)
                except (ValueError, KeyError, OSError) as error:
                    failures.append(f"The {name} failed: {error}.")
        return failures

    def _read(self, time: np.datetime64) -> None:
        self._readings.html = readings(self._observations, time)

    def redraw(
        self,
        *,
        cut: str | None = None,
        image: str | None = None,
    ) -> None:
        """Draw the cuts, or the image, anew with another quantity."""
        with self.figure.one_message():
            if cut is not None:
                self._panels["noon"] = self._cut("noon", cut)
                self._panels["equator"] = self._cut("equator", cut)
                self._cuts.children = self._figures("noon", "equator")
            if image is not None:
                self._panels["sxi"] = self._image(image)
                self._image_and_readings.children = [
                    *self._figures("sxi"),
                    self._beside,
                ]

    def _figures(self, *names: str) -> list[UIElement]:
        figures: list[UIElement] = []
        for name in names:
            figure = self._panels[name].figure
            figure.css_classes = [f"smile-{name.replace(' ', '-')}"]
            figures.append(figure)
        return figures

    def _cut(self, plane: str, quantity: str) -> Panel:
        view, layers = (
            partial(door, self._observations, plane=plane, quantity=quantity)
            for door in (cube.cut, cube.layers)
        )
        size = self._frame("x", "z" if plane == "noon" else "y")
        return render(view(self._time), size, layers=layers)

    def _frame(self, across: str, up: str) -> dict[str, int]:
        """Return the size of a cut on which one R_E is the same both ways."""
        cuts = self._observations.cuts
        wide, tall = (
            int(_PIXELS_PER_RADIUS * float(cuts[axis][-1] - cuts[axis][0]))
            for axis in (across, up)
        )
        return {"frame_width": wide, "frame_height": tall}

    def _image(self, quantity: str) -> Panel:
        view, layers = (
            partial(door, self._observations, quantity=quantity)
            for door in (sxi.image, sxi.layers)
        )
        return render(view(self._time), _IMAGE, layers=layers)


def _series(
    observations: Observations,
    time: np.datetime64,
    on_pick: Callable[[np.datetime64], None],
) -> dict[str, Panel]:
    """Draw everything that runs against time, on one axis of time."""
    wind = observations.solar_wind
    panels = {
        name: render(solar_wind(wind, time, quantity=name), _SERIES)
        for name in QUANTITIES
    }
    last = render(standoff(observations.standoff, time), _STANDOFF)
    for panel in panels.values():
        panel.figure.xaxis.visible = False

    def pick(event: Any) -> None:
        on_pick(np.datetime64(int(event.x), "ms"))

    panels["standoff"] = last
    for panel in panels.values():
        panel.figure.x_range = last.figure.x_range
        panel.figure.on_event(Tap, pick)
        panel.figure.on_event(Pan, pick)
        panel.figure.min_border_left = 62
    return panels
