"""The widgets of what LIA and MAG saw, shown with their panels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from smile_explore.data import crossing_files
from smile_explore.observations import Observations
from smile_explore.physics.distributions import ESTIMATES
from smile_explore.physics.velocity_slice import PLANES

__all__ = ["InSitu", "save_crossings"]


@dataclass(frozen=True)
class InSitu:
    """What a user turns to see ions and field; one row of widgets."""

    mode: widgets.Dropdown
    estimate: widgets.Dropdown
    plane: widgets.Dropdown
    whole: widgets.Button
    save: widgets.Button
    row: widgets.HBox

    @classmethod
    def make(cls, mode: widgets.Dropdown) -> InSitu:
        """Return the row; `mode` is that of the settings, seen once more."""
        parts = {
            "mode": mode,
            "estimate": _choice(
                "Moments",
                ESTIMATES,
                "corrected",
                "Plain sums, corrected for the size of bins, or a Maxwellian "
                "that fits the counts",
            ),
            "plane": _choice(
                "Slice",
                tuple(PLANES),
                "B and V",
                "Plane through the mean velocity",
            ),
            "whole": widgets.Button(
                description="Whole distribution",
                tooltip="Let go of the box",
                layout=widgets.Layout(width="150px"),
            ),
            "save": widgets.Button(
                description="Save crossings",
                tooltip="As CSV, one row each, beside this notebook",
                layout=widgets.Layout(width="130px"),
            ),
        }
        row = widgets.HBox(list(parts.values()))
        made = cls(**parts, row=row)
        made.open(False)
        return made

    def open(self, is_open: bool) -> None:
        """Show the row or hide it."""
        self.row.layout.display = None if is_open else "none"

    def listen(
        self,
        *,
        change: Callable[[dict[str, Any]], None],
        whole: Callable[[], None],
        save: Callable[[], None],
    ) -> None:
        """Answer to the widgets; ``change`` gets fields of `Shown`."""
        self.estimate.observe(
            lambda told: change({"estimate": told["new"]}), names="value"
        )
        self.plane.observe(  # a box belongs to the plane it was drawn on
            lambda told: change({"plane": told["new"], "box": None}),
            names="value",
        )
        self.whole.on_click(lambda _: whole())
        self.save.on_click(lambda _: save())

    def shown(self) -> dict[str, Any]:
        """Return what the panels are to show."""
        return {"estimate": self.estimate.value, "plane": self.plane.value}


def save_crossings(seen: Observations, folder: Path | None = None) -> str:
    """Write the crossings of an event to a new file, and say where.

    Parameters
    ----------
    seen : Observations
    folder : path, optional
        By default the working directory.
    """
    rows = seen.crossings
    if not rows or not rows.sizes["crossing"]:
        return "No crossing was found in this event; nothing was saved."
    folder = folder or Path.cwd()
    names = (
        folder / f"crossings_{seen.event.name}{f'_{n}' if n > 1 else ''}.csv"
        for n in count(1)
    )
    path = next(name for name in names if not name.exists())
    crossing_files.write(rows, path)
    return f"{rows.sizes['crossing']} crossings saved in {path}."


def _choice(
    text: str, options: tuple[str, ...], value: str, tip: str
) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options,
        value=value,
        description=text,
        tooltip=tip,
        style={"description_width": "initial"},
        layout=widgets.Layout(width="180px"),
    )
