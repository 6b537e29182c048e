"""The drawer of settings: what may be changed of an observation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import ipywidgets as widgets

from smile_explore.events.settings import CHOICES, Settings
from smile_explore.physics.charge_exchange import EFFICIENCY
from smile_explore.physics.exosphere import DENSITY_AT_10

__all__ = ["SettingsDrawer", "settings_from"]

#: Numbers that are typed: what is written beside them, and where they come
#: from.
_NUMBERS = {
    "exposure": (
        "Exposure [s]",
        "Length of one X-ray image; the mission asks for 300 s.",
    ),
    "background": (
        "Background",
        "Sky and detector, keV cm⁻² s⁻¹ sr⁻¹: an assumption. The full "
        "response has a sky and particles of its own.",
    ),
    "hydrogen": (
        "Hydrogen [cm⁻³]",
        "Hydrogen of the exosphere at 10 Rᴇ: known to a factor of two.",
    ),
    "efficiency": (
        "Efficiency",
        "Of charge exchange, eV cm²: known to a factor of two.",
    ),
    "ion_share": (
        "Ions' share of T",
        "Of the temperature in the cube, which is one fluid's: an assumption.",
    ),
    "potential": (
        "Potential [V]",
        "Of the spacecraft: ions arrive slower by it. SMILE does not measure "
        "it.",
    ),
}
#: The same for the aurora and UVI, which have a row of their own.
_AURORA_NUMBERS = {
    "f107": (
        "F10.7",
        "Solar flux that makes the dayglow, 1e-22 W m⁻² Hz⁻¹; empty: that "
        "of the event.",
    ),
    "uv_exposure": (
        "UVI exposure [s]",
        "Length of one ultraviolet image; the mission adds up 60 s.",
    ),
    "uv_scale": (
        "UV scale",
        "Of the computed brightness, aurora and dayglow alike: 0.5 meets "
        "what Polar UVI saw, known to a factor of 1.5.",
    ),
}
#: Values by paper that can be chosen for a number.
_PAPERS = {"hydrogen": DENSITY_AT_10, "efficiency": EFFICIENCY}
_SLIDERS = {
    "turn": (
        "Turn orbit [°]",
        180.0,
        5.0,
        "Turns SMILE's orbit eastward about Earth's axis (node).",
    ),
    "ahead": (
        "Ahead [h]",
        25.0,
        0.5,
        "Moves SMILE ahead on its orbit of 51 h.",
    ),
}
_SNUG = {"description_width": "initial"}
_WORDS = {
    "mode": (
        "LIA mode",
        "Fine, middle or coarse bins in 2, 1 or 0.25 s: what would LIA have "
        "seen?",
    ),
    "response": (
        "Response",
        "Simple: one effective area. Full: optic, spot, CCDs, sky, particles.",
    ),
    "fitted": (
        "Fit to",
        "The methods look into the counts, or the intensity without noise.",
    ),
    "kp": (
        "Kp",
        "What drives the aurora: measured every 3 h, or worked out of the "
        "solar wind minute by minute.",
    ),
    "cusp_spot": (
        "Cusp spot",
        "Light at the foot of the cusp in northward IMF: its brightness is "
        "an assumption.",
    ),
}


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
            **{name: _number(*words) for name, words in _NUMBERS.items()},
            **{
                name: _number(*words)
                for name, words in _AURORA_NUMBERS.items()
            },
            **{name: _slider(*words) for name, words in _SLIDERS.items()},
            **{
                name: widgets.Dropdown(
                    options=CHOICES[name],
                    description=text,
                    tooltip=tip,
                    style=_SNUG,
                    layout=_wide(160),
                )
                for name, (text, tip) in _WORDS.items()
            },
        }
        self.papers = {name: _papers(known) for name, known in _PAPERS.items()}
        self.reset = widgets.Button(
            description="Reset",
            tooltip="Back to the settings the event opens with",
            layout=_wide(80),
        )
        self.fill(Settings())
        for field in self.fields.values():
            field.observe(self._changed, names="value")
        for name, paper in self.papers.items():
            paper.observe(
                lambda change, name=name: self._chosen(name, change["new"]),
                names="value",
            )
        self.reset.on_click(lambda _: self._on_change({}))
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
                ],
            ],
            "in situ": [[own["mode"], own["ion_share"], own["potential"]]],
            "aurora": [
                [
                    own["kp"],
                    own["f107"],
                    own["uv_exposure"],
                    own["uv_scale"],
                    own["cusp_spot"],
                ]
            ],
            "viewpoint": [[own["turn"], own["ahead"], self.reset]],
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
            self._on_change(
                {name: field.value for name, field in self.fields.items()}
            )


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
    for name in (*_NUMBERS, *_AURORA_NUMBERS):
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
    if name in _NUMBERS or name in _AURORA_NUMBERS:
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
