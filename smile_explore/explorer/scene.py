"""All panels of an event in one layout, on one clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from bokeh.events import Pan, Tap
from bokeh.layouts import column, row
from bokeh.models.ui import UIElement
from bokeh.models.widgets import Div

from smile_explore.explorer.figure import Figure
from smile_explore.explorer.panel import Panel, render
from smile_explore.observations import Observations
from smile_explore.views import cube, sxi
from smile_explore.views.readings import readings
from smile_explore.views.solar_wind import QUANTITIES, solar_wind
from smile_explore.views.standoff import standoff

__all__ = ["Scene"]

#: Pixels of the frame, without axes.
_SERIES = {"frame_width": 330, "frame_height": 64}
_STANDOFF = {"frame_width": 330, "frame_height": 150}
_IMAGE = {"frame_width": 392, "frame_height": 232}
_PIXELS_PER_RADIUS = 8.2


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
        self._panels = {f"series {i}": p for i, p in enumerate(series)}
        self._panels |= {
            "noon": self._cut("noon", cut),
            "equator": self._cut("equator", cut),
            "sxi": self._image(image),
        }
        self._readings = Div(width=450, text=readings(observations, time))
        self._cuts = column(self._figures("noon", "equator"))
        self._image_and_readings = column(
            *self._figures("sxi"), self._readings
        )
        self.figure = Figure(
            row(
                column([panel.figure for panel in series]),
                self._cuts,
                self._image_and_readings,
            )
        )

    def show(self, time: np.datetime64) -> list[str]:
        """Move every panel to `time`.

        Returns
        -------
        failures : list of str
            One sentence for each panel that could not follow; the others do.
        """
        self._time = time
        failures = []
        with self.figure.one_message():
            for name, panel in self._panels.items():
                try:
                    panel.show(time)
                except (ValueError, KeyError, OSError) as error:
                    failures.append(f"The panel {name} failed: {error}.")
            self._readings.text = readings(self._observations, time)
        return failures

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
                    self._readings,
                ]

    def _figures(self, *names: str) -> list[UIElement]:
        return [self._panels[name].figure for name in names]

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
) -> list[Panel]:
    panels = [
        render(solar_wind(observations.solar_wind, time, quantity=q), _SERIES)
        for q in QUANTITIES
    ]
    panels.append(render(standoff(observations.standoff, time), _STANDOFF))
    shared = panels[0].figure.x_range

    def pick(event: Any) -> None:
        on_pick(np.datetime64(int(event.x), "ms"))

    for panel in panels:
        panel.figure.x_range = shared
        panel.figure.on_event(Tap, pick)
        panel.figure.on_event(Pan, pick)
        panel.figure.min_border_left = 62
    for panel in panels[:-1]:
        panel.figure.xaxis.visible = False
    return panels
