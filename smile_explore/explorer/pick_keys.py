"""Keys that pick in pictures: `page.js` presses buttons that nobody sees."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import ipywidgets as widgets

from smile_explore.explorer.panels import places
from smile_explore.explorer.picks import Picks

__all__ = ["PickKeys"]

#: Which way each button moves what is picked.
_WAYS: Final = {
    "left": (-1, 0),
    "right": (1, 0),
    "up": (0, 1),
    "down": (0, -1),
}
#: Hours by which each moves the local time.
_HOURS: Final = {"earlier": -1.0, "later": 1.0}


class PickKeys:
    """Moves what is picked in the picture that a preset has.

    Parameters
    ----------
    picks : Picks
    preset : callable
        Returns the name of the preset on screen.
    guard : callable
        Wraps an answer so that what fails in it is told.

    Attributes
    ----------
    box : ipywidgets.Widget
        To be put into the page; it takes no room.
    """

    def __init__(
        self,
        picks: Picks,
        *,
        preset: Callable[[], str],
        guard: Callable[[Callable[..., Any]], Callable[..., None]],
    ) -> None:
        self._picks, self._preset, self._guard = picks, preset, guard
        buttons = [
            self._button(name, partial(self._move, *way))
            for name, way in _WAYS.items()
        ]
        buttons += [
            self._button(name, partial(self._turn, by))
            for name, by in _HOURS.items()
        ]
        buttons.append(self._button("none", picks.let_go))
        self.box = widgets.HBox(buttons, layout=widgets.Layout(display="none"))

    def _button(self, name: str, answer: Callable[[], None]) -> widgets.Button:
        button = widgets.Button(description=name)
        button.add_class(f"smile-pick-{name}")
        button.on_click(self._guard(lambda _: answer()))
        return button

    def _shows(self, panel: str) -> bool:
        return panel in {one.panel for one in places(self._preset())}

    def _move(self, right: int, up: int) -> None:
        if self._shows("sxi"):
            self._picks.move_pixel(right, up)
        elif self._shows("uvi"):
            self._picks.move_spot(right, up)

    def _turn(self, hours: float) -> None:
        if self._shows("polar map"):
            self._picks.turn(hours)
