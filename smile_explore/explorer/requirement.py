"""A small sweep of one's own: choose a setting, run it, see the errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import holoviews as hv
import ipywidgets as widgets
import pandas as pd

from smile_explore.events import requirement
from smile_explore.explorer.figure import Figure, load_bokeh
from smile_explore.explorer.work import Cancelled, Worker
from smile_explore.physics.exosphere import DENSITY_AT_10
from smile_explore.views.requirement import errors

__all__ = ["Trial", "published", "trial"]

#: Methods that answer in a tenth of a second.
_FAST = ("tangent_fit", "maximum", "gradient")


def published(model: str, **fixed: Any) -> Figure:
    """Show the rows that ship with the package.

    Parameters
    ----------
    model : {"MHD", "analytic"}
    **fixed
        Columns and the value they must have, by default the usual exposure,
        exosphere and background.
    """
    load_bokeh()
    usual = vars(requirement.USUAL)
    table = requirement.published()
    for name, value in (usual | fixed | {"model": model}).items():
        table = table[table[name] == value]
    title = f"{model}, {len(table)} exposures, as published"
    return Figure(hv.render(errors(table, title=title)))


def trial() -> Trial:
    """Return controls that try the requirement on a wind of one's choice."""
    load_bokeh()
    return Trial()


class Trial(widgets.VBox):
    """Solar wind and exposure to choose; a bar, a plot and a sentence.

    The magnetosphere is analytic, so that its standoff is known exactly.
    ``table`` holds the rows of the last sweep.
    """

    table: pd.DataFrame

    def __init__(self) -> None:
        self.table = pd.DataFrame(columns=list(requirement.COLUMNS))
        self.density = _slider("Density [cm⁻³]", 12.5, 5.0, 60.0, 2.5)
        self.speed = _slider("Speed [km/s]", 400.0, 300.0, 700.0, 25.0)
        self.exposure = _choice(
            "Exposure", [("1 min", 60.0), ("5 min", 300.0), ("15 min", 900.0)]
        )
        self.exposure.value = 300.0
        self.hydrogen = _choice(
            "Exosphere",
            [(f"{n:g} cm⁻³ ({k})", n) for k, n in DENSITY_AT_10.items()],
        )
        self.background = _slider("Background", 5.0, 0.0, 30.0, 2.5)
        self.place = _choice("Seen from", list(requirement.PLACES))
        self.run = widgets.Button(description="Run", button_style="primary")
        self.cancel = widgets.Button(description="Cancel", disabled=True)
        self.progress = widgets.IntProgress(value=0, max=1)
        self.message = widgets.HTML()
        self.plot = widgets.VBox()
        self._worker = Worker(self._tell)
        self.run.on_click(self._start)
        self.cancel.on_click(self._stop)
        super().__init__(
            [
                widgets.HBox([self.density, self.speed, self.exposure]),
                widgets.HBox([self.hydrogen, self.background, self.place]),
                widgets.HBox([self.run, self.cancel, self.progress]),
                self.message,
                self.plot,
            ]
        )

    def _job(self) -> Callable[[Any], pd.DataFrame]:
        """Take the settings now: they may be turned while it runs."""
        cases = requirement.analytic_cases(
            densities=(self.density.value,), speeds=(self.speed.value,)
        )
        settings: dict[str, Any] = {
            "places": [self.place.value],
            "exposures": [self.exposure.value],
            "hydrogens": [self.hydrogen.value],
            "backgrounds": [self.background.value],
        }

        def job(progress: Callable[[int, int], None]) -> pd.DataFrame:
            return requirement.sweep(
                cases,
                **settings,
                methods=_FAST,
                realisations=8,
                progress=progress,
            )

        return job

    def _start(self, _: Any = None) -> None:
        self.message.value = "Exposing the same sky eight times …"
        self._worker.start(self._job(), self._show, self._fail)

    def _stop(self, _: Any = None) -> None:
        self._worker.cancel()

    def _tell(self, done: int | None, total: int) -> None:
        self.progress.max = total
        self.progress.value = total if done is None else done
        self.run.disabled = done is not None
        self.cancel.disabled = done is None

    def _fail(self, error: Exception) -> None:
        text = "Cancelled." if isinstance(error, Cancelled) else str(error)
        self.message.value = text

    def _show(self, table: pd.DataFrame) -> None:
        self.table = table
        self.message.value = sentence(table)
        picture = errors(table, title="Eight exposures of your magnetosphere")
        self.plot.children = [Figure(hv.render(picture))]


def sentence(table: pd.DataFrame) -> str:
    """Say how it went, method by method."""
    truth = table["truth"].iloc[0]
    parts = [f"True standoff {truth:.2f} Rᴇ."]
    for _, one in requirement.summary(table, by=["method"]).iterrows():
        name = one["method"].replace("_", " ")
        if one["found"] == 0:
            reason = table.loc[table["method"] == one["method"], "status"]
            parts.append(f"<b>{name}</b>: not found ({reason.iloc[0]}).")
        else:
            parts.append(
                f"<b>{name}</b>: {one['median']:+.2f} Rᴇ "
                f"({one['low']:+.2f} to {one['high']:+.2f}), "
                f"{one['within']:.0%} within 0.5 Rᴇ."
            )
    return " ".join(parts)


def _slider(
    text: str, value: float, least: float, most: float, step: float
) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        value=value,
        min=least,
        max=most,
        step=step,
        description=text,
        continuous_update=False,
        style={"description_width": "110px"},
    )


def _choice(text: str, options: list[Any]) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options, description=text, style={"description_width": "110px"}
    )
