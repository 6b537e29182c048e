"""The drawer of events: find one, make one, and fetch its measured wind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from smile_explore import events
from smile_explore.data import network
from smile_explore.data import solar_wind as wind_data
from smile_explore.explorer.fields import (
    SNUG,
    number,
    text_field,
    wide,
    words,
)
from smile_explore.explorer.work import Cancelled, Worker
from smile_explore.observations import Event

__all__ = ["Events"]

_BEST, _FILE = "first that has it", "a file"
#: For how long a new event may be chosen. [h]
_HOURS = 24.0


class Events:
    """Widgets above the panels that bring another event.

    Parameters
    ----------
    offer : callable
        Called with (title, name) of the events that a search has found.
    bring : callable
        Called with an event that was made, or whose wind was fetched.
    current : callable
        Returns the event on screen.
    """

    def __init__(
        self,
        *,
        offer: Callable[[list[tuple[str, str]]], None],
        bring: Callable[[Event], None],
        current: Callable[[], Event],
    ) -> None:
        self._offer, self._bring, self._current = offer, bring, current
        self._make_search()
        self._make_form()
        self._make_measured()
        self._worker = Worker(self._busy)
        self._prober = Worker(lambda *_: None)
        self.box = widgets.VBox(
            [
                widgets.HBox([self.text, self.pressure, self.bz, self.found]),
                widgets.HBox(
                    [
                        self.start,
                        self.hours,
                        self.source,
                        self.file,
                        self.name,
                        self.make,
                    ]
                ),
                widgets.HBox(
                    [
                        self.fetch,
                        self.wind,
                        self.network,
                        self.retry,
                        self.progress,
                        self.cancel,
                    ]
                ),
                self.message,
            ]
        )
        self.box.add_class("smile-events")
        self._busy(None, 1)

    def _make_search(self) -> None:
        self.text = text_field(
            "Find",
            220,
            "a word, a day",
            "Words in name, title or facts, or a day",
        )
        self.pressure = text_field(
            "Pressure ≥ [nPa]", 190, "10", "Of the protons, at some time"
        )
        self.bz = text_field("Bz ≤ [nT]", 150, "-15", "GSM, at some time")
        self.found = widgets.HTML()
        for field in (self.text, self.pressure, self.bz):
            field.observe(lambda _: self.search(), names="value")

    def _make_form(self) -> None:
        self.start = text_field(
            "New event from",
            270,
            "2015-03-17T00:00",
            "First minute, UTC; empty: all of a file",
        )
        self.hours = text_field("Hours", 110, f"{_HOURS:g}", "Up to 72")
        self.source = widgets.Dropdown(
            options=[_BEST, *wind_data.MEASURED, _FILE],
            description="Wind",
            tooltip="Measured solar wind by source, or a file of yours",
            style=SNUG,
            layout=wide(180),
        )
        self.file = text_field(
            "File",
            230,
            "wind.csv",
            "CSV, a listing of OMNIWeb, IMF.dat of SWMF, or a CDF of OMNI",
        )
        self.name = text_field("Name", 170, "its day", "By default its day")
        self.make = widgets.Button(
            description="Make",
            tooltip="Add it to your catalog and open it",
            layout=wide(80),
        )
        self.source.observe(lambda _: self._show_file(), names="value")
        self._show_file()
        self.make.on_click(lambda _: self.start_making())

    def _make_measured(self) -> None:
        self.fetch = widgets.Button(
            description="Fetch measured solar wind",
            tooltip="OMNI of the event on screen; then it is observed anew",
            layout=wide(210),
        )
        self.wind, self.network = (
            widgets.HTML(layout=widgets.Layout(margin="2px 12px"))
            for _ in range(2)
        )
        self.retry = widgets.Button(
            description="Try again",
            tooltip="Whether the archive can be reached now",
            layout=wide(90),
        )
        self.progress = widgets.IntProgress(layout=wide(160))
        self.cancel = widgets.Button(description="Cancel", layout=wide(80))
        self.message = widgets.HTML()
        self.message.add_class("smile-events-message")
        self.fetch.on_click(lambda _: self.start_fetching())
        self.retry.on_click(lambda _: self.probe(again=True))
        self.cancel.on_click(lambda _: self._cancel())

    def opened(self) -> None:
        """Look anew at what may have changed while the drawer was closed."""
        self.refresh()
        self.probe()

    def refresh(self) -> None:
        """Say what drives the event on screen."""
        source = self._current().solar_wind
        self.wind.value = words(f"Wind: {Path(source).name}")
        self.fetch.disabled = source in wind_data.MEASURED

    # Find

    def search(self) -> None:
        """Offer the events that meet what is asked for."""
        try:
            found = events.search(
                text=self.text.value.strip() or None,
                min_pressure=number(self.pressure),
                max_bz=number(self.bz),
            )
        except (ValueError, OSError) as error:
            self._tell(str(error))
            return
        self._tell("")
        self.found.value = words(
            f"{len(found)} found" if found else "none found: all are offered"
        )
        self._offer([(event.title, event.name) for event in found])

    # Make

    def start_making(self) -> None:
        """Make an event of what stands in the form."""
        try:
            asked = self._asked()
        except ValueError as error:
            self._tell(str(error))
            return
        told: list[str] = []
        self._tell("")
        self._worker.start(
            lambda progress: events.make(
                **asked, progress=progress, warn=told.append
            ),
            lambda event: self._made(event, " ".join(told)),
            self._fail,
        )

    def _asked(self) -> dict[str, Any]:
        """Return what the form asks of `events.make`."""
        source: str | None = self.source.value
        if source == _FILE:
            source = self.file.value.strip()
            if not source:
                raise ValueError("give the path of a file of solar wind")
            source = str(Path(source).expanduser())
        return {
            "start": self.start.value.strip() or None,
            "hours": number(self.hours),
            "source": None if source == _BEST else source,
            "name": self.name.value.strip() or None,
        }

    def _made(self, event: Event, notice: str) -> None:
        for field in (self.text, self.pressure, self.bz, self.name):
            field.value = ""
        self.search()  # nothing is asked for: all are offered
        self._tell(f"{event.name} is in your catalog. {notice}".strip())
        self._bring(event)

    # Measured wind

    def start_fetching(self) -> None:
        """Fetch the measured wind of the event on screen."""
        event = self._current()
        self._tell("")

        def job(progress: Any) -> Event:
            wind_data.fetch(event.start, event.stop, progress=progress)
            return events.load(event.name)

        self._worker.start(job, self._fetched, self._fail)

    def _fetched(self, event: Event) -> None:
        if event.solar_wind in wind_data.MEASURED:
            self._tell(f"{event.name} is driven by {event.solar_wind} now.")
            self._bring(event)
        else:
            self._tell(
                f"The measured wind is on this computer; {event.name} names "
                "a wind of its own in the catalog and keeps it."
            )

    # The network

    def probe(self, *, again: bool = False) -> None:
        """Find out, beside the panels, whether there is a network."""
        self.retry.disabled = True

        def job(_progress: Any) -> str:
            if again:
                network.retry()
            return network.why_not()

        self._prober.start(job, self._show_network, self._fail_to_probe)

    def _show_network(self, why_not: str) -> None:
        self.retry.disabled = False
        self.retry.layout.display = None if why_not else "none"
        self.network.value = words(
            f"Offline: {why_not}." if why_not else "Online."
        )

    def _fail_to_probe(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self._show_network(str(error) or type(error).__name__)

    # What is told

    def _show_file(self) -> None:
        own = self.source.value == _FILE
        self.file.layout.display = None if own else "none"

    def _cancel(self) -> None:
        self._worker.cancel()
        self._busy(None, 1)
        self._tell("Cancelled; nothing was added.")

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self._tell(str(error) or type(error).__name__)
            self.probe()

    def _tell(self, sentence: str) -> None:
        self.message.value = words(sentence) if sentence else ""

    def _busy(self, done: int | None, total: int) -> None:
        display = "none" if done is None else None
        for part in (self.progress, self.cancel):
            part.layout.display = display
        self.make.disabled = done is not None
        self.progress.max, self.progress.value = total, done or 0
