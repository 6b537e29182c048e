"""The widgets above the panels."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np

from smile_explore.observations import Event

__all__ = ["Controls"]

_WIDE = {"width": "auto", "flex": "1 1 auto"}


@dataclass(frozen=True)
class Controls:
    """What a user turns; made once, refilled when the event changes."""

    event: widgets.Dropdown
    run: widgets.Dropdown
    cut: widgets.ToggleButtons
    image: widgets.ToggleButtons
    moment: widgets.Dropdown
    play: widgets.Play
    clock: widgets.IntSlider
    time: widgets.HTML
    message: widgets.HTML
    progress: widgets.IntProgress
    cancel: widgets.Button

    @classmethod
    def make(cls, events: list[tuple[str, str]], name: str) -> Controls:
        """Return controls that offer (title, name) of events, at `name`."""
        return cls(
            event=widgets.Dropdown(
                options=events,
                value=name,
                description="Event",
                layout=widgets.Layout(width="350px"),
            ),
            run=widgets.Dropdown(
                description="MHD run",
                tooltip="The simulation behind cuts and images",
                layout=widgets.Layout(width="250px"),
            ),
            cut=_toggle(["density", "emissivity"]),
            image=_toggle(["intensity", "counts"]),
            moment=widgets.Dropdown(
                description="Jump to", layout=widgets.Layout(width="300px")
            ),
            play=widgets.Play(interval=400, show_repeat=False),
            clock=widgets.IntSlider(
                readout=False, layout=widgets.Layout(**_WIDE)
            ),
            time=_named("smile-time"),
            message=_named("smile-message"),
            progress=widgets.IntProgress(
                description="Computing", layout=widgets.Layout(**_WIDE)
            ),
            cancel=widgets.Button(description="Cancel"),
        )

    def rows(self) -> list[widgets.Widget]:
        """Return the controls laid out in rows."""
        self.busy(None)
        return [
            widgets.HBox(
                [
                    self.event,
                    self.run,
                    widgets.Label("Cuts"),
                    self.cut,
                    widgets.Label("Image"),
                    self.image,
                ]
            ),
            widgets.HBox([self.play, self.clock, self.time, self.moment]),
            widgets.HBox([self.progress, self.cancel]),
            self.message,
        ]

    def fill(self, event: Event, run: str, *, steps: int = 0) -> None:
        """Offer what `event` has: its runs, its moments, its times."""
        self.event.value = event.name
        known = [one.name for one in event.runs]
        self.run.options = known or [run or "none"]
        self.run.value = run or self.run.options[0]
        moments = [("a moment ...", None), *event.moments.items()]
        self.moment.options = moments
        if steps:
            self.clock.max = self.play.max = steps - 1

    def shown(self) -> dict[str, Any]:
        """Return which quantities the panels are to show."""
        return {"cut": self.cut.value, "image": self.image.value}

    def show_time(self, time: np.datetime64) -> None:
        """Write the time of the clock."""
        text = np.datetime_as_string(time, unit="s").replace("T", " ")
        self.time.value = f"<b>{text} UTC</b>"

    def tell(self, sentence: str) -> None:
        """Show one sentence, or take the last one away."""
        self.message.value = (
            f'<span role="status">{escape(sentence)}</span>'
            if sentence
            else ""
        )

    def busy(self, done: int | None, total: int = 1) -> None:
        """Show how far long work has come; None hides the bar."""
        display = "none" if done is None else None
        for part in (self.progress, self.cancel):
            part.layout.display = display
        self.progress.max, self.progress.value = total, done or 0


def _toggle(options: list[str]) -> widgets.ToggleButtons:
    return widgets.ToggleButtons(
        options=options,
        style={"button_width": "86px"},
        layout=widgets.Layout(width="190px"),
    )


def _named(name: str) -> widgets.HTML:
    text = widgets.HTML()
    text.add_class(name)
    return text
