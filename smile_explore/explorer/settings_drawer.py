"""The drawer of settings: what may be changed of an observation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import ipywidgets as widgets

from smile_explore.events.settings import CHOICES, PARTS, Settings
from smile_explore.explorer.settings_words import (
    AURORA_NUMBERS,
    NUMBERS,
    PAPERS,
    SLIDERS,
    WORDS,
    ranged,
)

__all__ = ["SettingsDrawer", "settings_from"]

_SNUG = {"description_width": "initial"}
#: Whose settings are shown with a preset; with others those of the X-rays.
_PART_OF = {"In situ": "in situ", "Aurora": "aurora"}


class SettingsDrawer:
    """Widgets for every field of `Settings`.

    Parameters
    ----------
    on_change : callable
        Called with the values, by name, whenever the user has changed one.
    """

    def __init__(self, on_change: Callable[[dict[str, Any]], None]) -> None:
        self._on_change = on_change
        self._filling = False
        self.fields = {
            **{
                name: _number(text, ranged(name, tip))
                for name, (text, tip) in (NUMBERS | AURORA_NUMBERS).items()
            },
            **{name: _slider(*words) for name, words in SLIDERS.items()},
            **{
                name: widgets.Dropdown(
                    options=CHOICES[name],
                    description=text,
                    tooltip=tip,
                    style=_SNUG,
                    layout=_wide(160),
                )
                for name, (text, tip) in WORDS.items()
            },
        }
        self.papers = {name: _papers(known) for name, known in PAPERS.items()}
        self.reset = widgets.Button(
            description="Reset all",
            tooltip="Back to the settings the event opens with",
            layout=_wide(90),
        )
        self.resets = {
            part: widgets.Button(
                description="Reset",
                tooltip=f"Back to the {part} settings the event opens with",
                layout=_wide(80),
            )
            for part in PARTS
        }
        self.fill(Settings())
        for field in self.fields.values():
            field.observe(self._changed, names="value")
        for name, paper in self.papers.items():
            paper.observe(
                lambda change, name=name: self._chosen(name, change["new"]),
                names="value",
            )
        self.reset.on_click(lambda _: self._on_change({}))
        for part, button in self.resets.items():
            button.on_click(lambda _, part=part: self._reset(part))
        own = self.fields
        self._rows = {
            name: widgets.VBox([widgets.HBox(row) for row in rows])
            for name, rows in self._laid_out(own).items()
        }
        self.box = widgets.VBox(list(self._rows.values()))
        self.box.add_class("smile-settings")
        self.arrange("Overview")

    def _laid_out(
        self, own: dict[str, Any]
    ) -> dict[str, list[list[widgets.Widget]]]:
        """Return rows of widgets by part of the settings."""
        return {
            "X-ray": [
                [
                    own["exposure"],
                    own["background"],
                    own["response"],
                    own["fitted"],
                ],
                [
                    own["hydrogen"],
                    self.papers["hydrogen"],
                    own["efficiency"],
                    self.papers["efficiency"],
                    self.resets["X-ray"],
                ],
            ],
            "in situ": [
                [
                    own["mode"],
                    own["ion_share"],
                    own["potential"],
                    self.resets["in situ"],
                ]
            ],
            "aurora": [
                [
                    own["kp"],
                    own["f107"],
                    own["uv_exposure"],
                    own["uv_scale"],
                    own["cusp_spot"],
                    self.resets["aurora"],
                ]
            ],
            "viewpoint": [
                [
                    own["turn"],
                    own["ahead"],
                    self.resets["viewpoint"],
                    self.reset,
                ]
            ],
        }

    def arrange(self, preset: str) -> None:
        """Show the settings of what a preset shows, and the viewpoint."""
        part = _PART_OF.get(preset, "X-ray")
        for name, rows in self._rows.items():
            seen = name in (part, "viewpoint")
            rows.layout.display = None if seen else "none"

    def fill(self, settings: Settings) -> None:
        """Show settings without telling of it."""
        self._filling = True
        try:
            for field in fields(settings):
                value = getattr(settings, field.name)
                self.fields[field.name].value = _written(field.name, value)
            for paper in self.papers.values():
                paper.index = 0
        finally:
            self._filling = False

    def _chosen(self, name: str, value: float | None) -> None:
        if value is not None and not self._filling:
            self.fields[name].value = f"{value:g}"
            self.papers[name].index = 0  # to be chosen again

    def _changed(self, _change: Any) -> None:
        if not self._filling:
            self._on_change(self._values())

    def _reset(self, part: str) -> None:
        """Ask for the defaults of a part, and for the rest as it stands."""
        default = Settings()
        asked = {
            name: _written(name, getattr(default, name))
            for name in PARTS[part]
        }
        self._on_change(self._values() | asked)

    def _values(self) -> dict[str, Any]:
        return {name: field.value for name, field in self.fields.items()}


def settings_from(values: dict[str, Any]) -> Settings:
    """Return settings from what stands in the drawer.

    Raises
    ------
    ValueError
        If a number is none, or cannot be; in one sentence.
    """
    read = dict(values)
    if "f107" in read and not str(read["f107"]).strip():
        read["f107"] = None  # that of the event
    for name in (*NUMBERS, *AURORA_NUMBERS):
        if read.get(name) is not None:
            try:
                read[name] = float(str(read[name]).replace(",", "."))
            except ValueError:
                raise ValueError(
                    f"{name} must be a number, got {read[name]!r}"
                ) from None
    return Settings(**read)


def _written(name: str, value: Any) -> Any:
    """Return what a widget shows of a setting."""
    if name in NUMBERS or name in AURORA_NUMBERS:
        return "" if value is None else f"{value:g}"
    return value


def _number(text: str, tip: str) -> widgets.Text:
    return widgets.Text(
        description=text,
        tooltip=tip,
        continuous_update=False,
        style=_SNUG,
        layout=_wide(170),
    )


def _slider(
    text: str, most: float, step: float, tip: str
) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        min=-most,
        max=most,
        step=step,
        description=text,
        tooltip=tip,
        readout_format=".1f",
        style=_SNUG,
        layout=_wide(300),
    )


def _papers(known: Any) -> widgets.Dropdown:
    options = [("by source ...", None)]
    options += [
        (f"{name.replace('_', ' ')}: {value:g}", value)
        for name, value in known.items()
    ]
    return widgets.Dropdown(
        options=options,
        tooltip="Values by source, of the field before",
        layout=_wide(130),
    )


def _wide(pixels: int) -> widgets.Layout:
    return widgets.Layout(width=f"{pixels}px")
