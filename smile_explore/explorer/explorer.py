"""The event explorer: panels on one clock, and the widgets that move it."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np

from smile_explore.events import catalog, cubes, library, load
from smile_explore.explorer.about import about
from smile_explore.explorer.controls import Controls
from smile_explore.explorer.cursor import Cursor
from smile_explore.explorer.figure import load_bokeh
from smile_explore.explorer.scene import Scene
from smile_explore.explorer.work import Cancelled, Worker
from smile_explore.observations import Event, Observations

__all__ = ["Explorer", "explore"]

_LOGGER = logging.getLogger(__name__)
#: Dragging over a panel sends more than can be drawn; the last one counts. [s]
_SETTLE = 0.03


def explore(
    event: str | Event | None = None,
    observations: Observations | None = None,
    *,
    run: str | None = None,
) -> Explorer:
    """Do what `smile_explore.explore` promises."""
    shown = _event_to_show(event, observations)
    load_bokeh()
    return Explorer(shown, observations, run=run)


def _event_to_show(
    event: str | Event | None, observations: Observations | None
) -> Event:
    known = load(event) if isinstance(event, str) else event
    if observations is None:
        return known or load(catalog().index[0])
    if known is not None and known.name != observations.event.name:
        raise ValueError(
            f"the observations are of {observations.event.name}, not of "
            f"{known.name}; leave the event out"
        )
    return observations.event


class Explorer(widgets.VBox):
    """The explorer as a widget.

    Parameters
    ----------
    event : Event
    observations : Observations, optional
        What to show instead of a simulation of the event.
    run : str, optional
        Name of an MHD run of the event, by default its first.

    Attributes
    ----------
    cursor : Cursor
        Where the clock stands; ``explorer.cursor.seek(time)`` moves it.
    """

    def __init__(
        self,
        event: Event,
        observations: Observations | None = None,
        *,
        run: str | None = None,
    ) -> None:
        # Observations need no run: those of the real SMILE will have none.
        if observations is None:
            run = cubes.choose(event, run).name
        self._controls = Controls.make(_titles(event), event.name)
        self.cursor = Cursor([event.focus])
        self._worker = Worker(self._controls.busy)
        self._scene: Scene | None = None
        self._settling: asyncio.TimerHandle | None = None
        self._filling = False
        self._event, self._run = event, run or ""
        self._stage = widgets.Box()
        self._about = widgets.Accordion(
            [widgets.HTML()], titles=["About this event and this view"]
        )
        super().__init__([*self._controls.rows(), self._stage, self._about])
        self._listen()
        if observations is None:
            self._open(event, self._run)
        else:
            self._show(observations, self._run)

    def _listen(self) -> None:
        """Answer to the controls; they never speak to each other."""
        controls = self._controls
        widgets.link((controls.clock, "value"), (self.cursor, "index"))
        widgets.jslink((controls.play, "value"), (controls.clock, "value"))
        self.cursor.on_move(self._guard(self._draw))
        controls.cancel.on_click(self._guard(lambda _: self._cancel()))
        for control, answer in (
            (controls.event, self._choose_event),
            (controls.run, self._choose_run),
            (controls.moment, self._jump),
            (controls.cut, lambda value: self._redraw(cut=value)),
            (controls.image, lambda value: self._redraw(image=value)),
        ):
            heard = self._guard(lambda change, f=answer: f(change["new"]))
            control.observe(heard, names="value")

    def _guard(self, answer: Callable[..., Any]) -> Callable[..., None]:
        """Show what fails in a callback, which would vanish in a log."""

        @functools.wraps(answer)
        def guarded(*values: Any) -> None:
            if self._filling:
                return
            try:
                answer(*values)
            except Exception as error:
                _LOGGER.exception("a callback of the explorer failed")
                self._controls.tell(str(error) or type(error).__name__)

        return guarded

    def _fill(self, *, steps: int = 0) -> None:
        """Refill the controls without hearing what they then say."""
        self._filling = True
        try:
            self._controls.fill(self._event, self._run, steps=steps)
        finally:
            self._filling = False

    def _choose_event(self, name: str) -> None:
        if name != self._event.name:
            event = load(name)
            self._open(event, cubes.choose(event).name)
        else:  # back to what is on screen, while another is computed
            self._cancel()

    def _choose_run(self, run: str | None) -> None:
        if run == self._run:
            self._cancel()
        elif run is not None:
            self._open(self._event, run)

    def _open(self, event: Event, run: str) -> None:
        """Show an event; what must be computed first comes when it is done.

        The old picture stays until then.
        """
        self._controls.tell("")
        try:
            self._worker.cancel()
            seen = library.recall(event, run=run)
        except KeyError:
            notes: list[str] = []
            self._worker.start(
                lambda progress: library.keep(
                    event, run=run, progress=progress, warn=notes.append
                ),
                self._guard(lambda new: self._show(new, run, " ".join(notes))),
                self._guard(self._fail),
            )
        else:
            self._show(seen, run)

    def _fail(self, error: Exception) -> None:
        self._fill()
        if not isinstance(error, Cancelled):
            self._controls.tell(str(error) or type(error).__name__)

    def _cancel(self) -> None:
        self._worker.cancel()
        self._controls.busy(None)
        self._fill()
        self._controls.tell("Cancelled; what was on screen is kept.")

    def _show(self, seen: Observations, run: str, notice: str = "") -> None:
        """Replace the scene by what was seen of an event."""
        times = seen.cuts.time.values
        first = times[np.abs(times - seen.event.focus).argmin()]
        shown = self._controls.shown()
        pick = self._guard(self._pick)
        scene = Scene(seen, first, on_pick=pick, **shown)
        old, self._scene = self._scene, None
        self._event, self._run = seen.event, run
        self._stage.children = [scene.figure]
        if old is not None:
            old.figure.close()
        # Clock and slider change while no scene answers, the slider's end
        # first: it must never point past the end of the clock.
        self._fill(steps=len(times))
        self.cursor.reset(times, first)
        self._scene = scene
        self._about.children[0].value = about(seen)
        self._controls.show_time(first)
        self._controls.tell(notice)

    def _draw(self) -> None:
        if self._scene is not None:
            self._controls.show_time(self.cursor.time)
            failures = self._scene.show(self.cursor.time)
            self._controls.tell(" ".join(failures))

    def _redraw(self, **quantities: str) -> None:
        if self._scene is not None:
            self._scene.redraw(**quantities)

    def _jump(self, time: np.datetime64 | None) -> None:
        if time is not None:
            self.cursor.seek(time)
            self._controls.moment.value = None  # to be chosen again

    def _pick(self, time: np.datetime64) -> None:
        """Follow a tap or a drag, to the last place it has come to."""
        self._picked = time
        if self._settling is None:
            self._settling = asyncio.get_running_loop().call_later(
                _SETTLE, self._guard(self._settle)
            )

    def _settle(self) -> None:
        self._settling = None
        self.cursor.seek(self._picked)


def _titles(event: Event) -> list[tuple[str, str]]:
    """Return titles and names of the known events, `event` among them.

    Names are unique; two events may well have one title.
    """
    known = catalog()
    titles = list(zip(known.title, known.index, strict=True))
    if event.name not in known.index:
        titles.insert(0, (event.title, event.name))
    return titles
