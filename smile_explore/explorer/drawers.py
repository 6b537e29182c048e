"""The drawers of the explorer: one row of buttons, one drawer open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

__all__ = ["Drawers", "Part"]


@dataclass(frozen=True)
class Part:
    """What a drawer holds.

    Parameters
    ----------
    box : ipywidgets.Widget
    tooltip : str
        What it is for, in a few words.
    opened : callable, optional
        Called when it is opened.
    """

    box: widgets.Widget
    tooltip: str
    opened: Callable[[], None] = lambda: None


class Drawers:
    """Buttons that open a drawer each, under the rows of controls.

    Parameters
    ----------
    parts : dict of str to Part
        By the word on the button, in their order.

    Attributes
    ----------
    buttons : dict of str to ipywidgets.ToggleButton
    row, box : ipywidgets.Widget
        The buttons, and the room of the drawer that is open.
    """

    def __init__(self, parts: dict[str, Part]) -> None:
        self._parts = parts
        self.buttons = {
            name: widgets.ToggleButton(
                description=name,
                tooltip=part.tooltip,
                layout=widgets.Layout(width="auto"),
            )
            for name, part in parts.items()
        }
        self.row = widgets.HBox(
            list(self.buttons.values()),
            layout=widgets.Layout(flex_flow="row wrap"),
        )
        self.row.add_class("smile-drawers-row")
        # Not a new list of children at each opening: a widget that is drawn
        # anew loses what was typed into it.
        self.box = widgets.VBox([part.box for part in parts.values()])
        self.box.add_class("smile-drawers")
        for part in parts.values():
            part.box.layout.display = "none"
        for name, button in self.buttons.items():
            button.observe(
                lambda change, name=name: self._turned(name, change["new"]),
                names="value",
            )

    @property
    def open_one(self) -> str | None:
        """Name of the drawer that is open."""
        return next(
            (name for name, one in self.buttons.items() if one.value), None
        )

    def open(self, name: str | None) -> None:
        """Open one drawer, or close all."""
        for other, button in self.buttons.items():
            button.value = other == name

    def _turned(self, name: str, is_open: Any) -> None:
        part = self._parts[name]
        part.box.layout.display = None if is_open else "none"
        if is_open:
            self.open(name)
            part.opened()
