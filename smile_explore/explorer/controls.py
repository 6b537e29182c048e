"""The widgets above the panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar

import ipywidgets as widgets
import numpy as np

from smile_explore.observations import Event

__all__ = ["Controls"]

_Widget = TypeVar("_Widget", bound=widgets.DOMWidget)
#: Steps a second.
_SPEEDS = (1.0, 2.5, 5.0, 10.0)
_WIDE = {"width": "auto", "flex": "1 1 100px"}


@dataclass(frozen=True)
class Controls:
    """What a user turns; made once, refilled when the event changes."""

    event: widgets.Dropdown
    run: widgets.Dropdown
    cut: widgets.ToggleButtons
    image: widgets.ToggleButtons
    method: widgets.Dropdown
    fit: widgets.Dropdown
    preset: widgets.ToggleButtons
    moment: widgets.Dropdown
    previous: widgets.Button
    next: widgets.Button
    play: widgets.Play
    speed: widgets.Dropdown
    whole: widgets.Button
    clock: widgets.IntSlider
    time: widgets.HTML
    message: widgets.HTML
    progress: widgets.IntProgress
    cancel: widgets.Button
    of_image: widgets.HBox

    @classmethod
    def make(
        cls, events: list[tuple[str, str]], name: str, presets: list[str]
    ) -> Controls:
        """Return controls that offer (title, name) of events, at `name`."""
        image = _toggle(["intensity", "counts"])
        method = widgets.Dropdown(
            options=["all"],
            description="Nose by",
            tooltip="Which way to find the magnetopause is shown",
            layout=widgets.Layout(width="200px"),
        )
        fit = widgets.Dropdown(
            options=[
                ("boundary fit ...", ""),
                ("to this image, 1 s", "this"),
                ("to every image, minutes", "every"),
            ],
            tooltip="Fit the whole magnetosheath by Poisson likelihood",
            layout=widgets.Layout(width="150px"),
        )
        return cls(
            event=widgets.Dropdown(
                options=events,
                value=name,
                description="Event",
                style={"description_width": "initial"},
                layout=widgets.Layout(width="330px"),
            ),
            run=widgets.Dropdown(
                description="MHD run",
                style={"description_width": "initial"},
                tooltip="The simulation behind cuts and images",
                layout=widgets.Layout(width="190px"),
            ),
            cut=_toggle(["density", "emissivity"]),
            image=image,
            method=method,
            fit=fit,
            of_image=_row([widgets.Label("Image"), image, method, fit]),
            preset=_toggle(presets, width="auto"),
            moment=widgets.Dropdown(
                description="Jump to",
                style={"description_width": "initial"},
                layout=widgets.Layout(width="210px"),
            ),
            previous=_small("◀", "Moment before (key [)", "smile-previous"),
            next=_small("▶", "Moment after (key ])", "smile-next"),
            play=_called(
                widgets.Play(
                    interval=1000 / _SPEEDS[1],
                    show_repeat=False,
                    tooltip="Play or stop (space)",
                ),
                "smile-play",
            ),
            speed=widgets.Dropdown(
                options=[(f"{speed:g} / s", speed) for speed in _SPEEDS],
                value=_SPEEDS[1],
                tooltip="Steps of the clock a second, while it plays",
                layout=widgets.Layout(width="75px"),
            ),
            whole=widgets.Button(
                description="Whole event",
                tooltip="Show all times again; Shift and wheel zoom into them",
                layout=widgets.Layout(width="100px", display="none"),
            ),
            clock=_called(
                widgets.IntSlider(
                    readout=False, layout=widgets.Layout(**_WIDE)
                ),
                "smile-clock",
            ),
            time=_named("smile-time"),
            message=_named("smile-message"),
            progress=widgets.IntProgress(
                description="Computing", layout=widgets.Layout(**_WIDE)
            ),
            cancel=widgets.Button(
                description="Cancel", layout=widgets.Layout(width="90px")
            ),
        )

    def rows(
        self, *more: widgets.Widget, beside: Sequence[widgets.Widget] = ()
    ) -> list[widgets.Widget]:
        """Return the controls laid out in rows.

        `more` comes before the bar, `beside` at the end of the clock's row.
        """
        self.busy(None)
        return [
            _row(
                [
                    self.event,
                    self.run,
                    widgets.Label("View"),
                    self.preset,
                ]
            ),
            _row(
                [
                    self.play,
                    self.speed,
                    self.clock,
                    self.time,
                    self.previous,
                    self.moment,
                    self.next,
                    self.whole,
                    *beside,
                ]
            ),
            _row(
                [
                    widgets.Label("Cuts"),
                    self.cut,
                    self.of_image,
                    *more,
                    self.progress,
                    self.cancel,
                ]
            ),
            self.message,
        ]

    def offer(self, methods: list[str]) -> None:
        """Offer methods that found something, and all of them."""
        options = ("all", *methods)
        if self.method.options != options:
            chosen = self.method.value
            self.method.options = options
            self.method.value = chosen if chosen in options else "all"

    def fill(
        self,
        event: Event,
        run: str,
        *,
        moments: Mapping[str, np.datetime64],
        steps: int = 0,
    ) -> None:
        """Offer what `event` has: its runs, its moments, its times."""
        if event.name not in [name for _, name in self.event.options]:
            self.event.options = (
                (event.title, event.name),
                *self.event.options,
            )
        self.event.value = event.name
        known = [one.name for one in event.runs]
        self.run.options = known or [run or "none"]
        self.run.value = run or self.run.options[0]
        self.moment.options = [("a moment ...", None), *moments.items()]
        self.moment.index = 0  # no choice, but its words are seen
        if steps:
            self.clock.max = self.play.max = steps - 1

    def shown(self) -> dict[str, Any]:
        """Return which quantities the panels are to show."""
        return {
            "cut": self.cut.value,
            "image": self.image.value,
            "method": self.method.value,
        }

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


def _toggle(options: list[str], width: str = "86px") -> widgets.ToggleButtons:
    return widgets.ToggleButtons(
        options=options,
        style={"button_width": width},
        layout=widgets.Layout(width="auto"),
    )


def _row(parts: Sequence[widgets.Widget]) -> widgets.HBox:
    """Return widgets side by side, in more rows where there is no room."""
    return widgets.HBox(parts, layout=widgets.Layout(flex_flow="row wrap"))


def _small(text: str, tip: str, name: str) -> widgets.Button:
    button = widgets.Button(
        description=text, tooltip=tip, layout=widgets.Layout(width="34px")
    )
    return _called(button, name)


def _named(name: str) -> widgets.HTML:
    return _called(widgets.HTML(), name)


def _called(widget: _Widget, name: str) -> _Widget:
    """Return a widget with a name by which the page finds it."""
    widget.add_class(name)
    return widget
