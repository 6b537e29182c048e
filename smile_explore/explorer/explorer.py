"""The event explorer: panels on one clock, and the widgets that move it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np

from smile_explore.events import catalog, cubes, load
from smile_explore.events.cluster import active
from smile_explore.events.settings import Settings
from smile_explore.explorer import restart
from smile_explore.explorer.about import about, workers
from smile_explore.explorer.ahead import Ahead
from smile_explore.explorer.controls import Controls
from smile_explore.explorer.cursor import Cursor
from smile_explore.explorer.drawers import Drawers, Part
from smile_explore.explorer.export.drawer import ExportDrawer
from smile_explore.explorer.in_situ import InSitu, save_crossings
from smile_explore.explorer.moments import moments
from smile_explore.explorer.new_event import Events
from smile_explore.explorer.panels import PRESETS, Shown, places
from smile_explore.explorer.pick_keys import PickKeys
from smile_explore.explorer.picks import REST, Picks
from smile_explore.explorer.restoring import Restoring
from smile_explore.explorer.scene import Scene
from smile_explore.explorer.session import Session
from smile_explore.explorer.settings_drawer import (
    SettingsDrawer,
    settings_from,
)
from smile_explore.explorer.share import Share
from smile_explore.explorer.spoken import RESTED, Spoken
from smile_explore.explorer.state import State, read
from smile_explore.explorer.work import Cancelled, Later, Worker
from smile_explore.observations import Event, Observations

__all__ = ["Explorer"]

_LOGGER = logging.getLogger(__name__)
#: A change of settings is worked out in full once it is as old as this. [s]
_RESOLVED = 0.4
#: What is on screen is kept once it has been there as long as this. [s]
_KEPT = 1.0


class Explorer(widgets.VBox):
    """The explorer as a widget.

    Parameters
    ----------
    event : Event
    observations : Observations, optional
        What to show instead of a simulation of the event.
    run : str, optional
        Name of an MHD run of the event, by default its first.
    client : distributed.Client, optional
        Whose workers compute what is made of cubes; its dashboard is linked.
    state : State, optional
        What to turn the widgets to, once the event is open.
    notice : str
        What to tell when it is.
    asked_for : str
        Name of the event that the cell asks for, by default this one.

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
        client: Any = None,
        state: State | None = None,
        notice: str = "",
        asked_for: str = "",
    ) -> None:
        self._asked_for = asked_for or event.name
        self._to_restore, self._notice = state, notice
        if state is not None and state.run in {one.name for one in event.runs}:
            run = state.run
        # Observations need no run: those of the real SMILE will have none.
        if observations is None:
            run = cubes.choose(event, run).name
        self._controls = Controls.make(
            _titles(event), event.name, list(PRESETS)
        )
        self._settings = SettingsDrawer(self._guard(self._tune))
        self._in_situ = InSitu.make(self._settings.fields["mode"])
        self.cursor = Cursor([event.focus])
        self._worker = Worker(self._controls.busy)
        self._session = Session(
            self._worker, Worker(lambda *_: None), client=client
        )
        self._scene: Scene | None = None
        self._later = Later(self._guard)
        self._picks = Picks(
            self.cursor,
            self._session,
            self._later,
            guard=self._guard,
            shown=lambda: self._scene.shown if self._scene else None,
            change=self._change,
            tell=self._controls.tell,
        )
        self._pick_keys = PickKeys(
            self._picks,
            preset=lambda: self._controls.preset.value,
            guard=self._guard,
        )
        self._restoring = Restoring(
            self._controls,
            self._in_situ,
            self.cursor,
            self._session,
            scene=lambda: self._scene,
            keep=self._picks.keep,
            tune=self._tune,
        )
        self._share = Share(
            state=lambda: self.state,
            restore=self._guard(self._restore),
        )
        self._events = Events(
            offer=self._guard(self._offer),
            bring=self._guard(self._bring),
            current=lambda: self._event,
        )
        self._filling = self._has_failed = False
        self._exports = ExportDrawer(
            scene=lambda: self._scene,
            state=lambda: self.state,
            guard=self._guard,
        )
        self._event, self._run = event, run or ""
        self._moments = dict(event.moments)
        self._stage = widgets.Box()
        self._stage.add_class("smile-stage")
        self._about = widgets.HTML()
        self._spoken = Spoken()
        self._drawers = Drawers(
            {
                "Events": Part(
                    self._events.box,
                    "Find events, make one of any day, fetch measured wind",
                    self._events.opened,
                ),
                "Settings": Part(
                    self._settings.box,
                    "Exposure, background, hydrogen, viewpoint ...",
                ),
                "Share": Part(
                    self._share.box,
                    "Links to this view, and its state as a file",
                    self._share.refresh,
                ),
                "Export": Part(
                    self._exports.box,
                    "Pictures, movies, data, a web page, Python lines",
                    self._exports.refresh,
                ),
                "About": Part(
                    self._about,
                    "What this view rests on: sources, assumptions, citation",
                ),
            }
        )
        super().__init__(
            [
                *self._controls.rows(
                    self._in_situ.row, beside=[self._drawers.row]
                ),
                self._drawers.box,
                self._stage,
                self._spoken.widget,
                self._pick_keys.box,
                *_told(client or active()),
            ]
        )
        self.add_class("smile-explorer")
        self._listen()
        if observations is None:
            self._open(event, self._run)
        else:
            self._show(observations, self._run)

    @property
    def state(self) -> State:
        """What is on screen, as JSON and as a link: ``state.to_json()``."""
        return self._restoring.state(self._event.name, self._run)

    def restore(self, state: Any) -> None:
        """Show a state: one of `state`, a mapping, JSON text or a link.

        What cannot be used of it is left out and told; nothing is raised.
        """
        self._guard(self._restore)(*read(state))

    def _restore(self, state: State, notices: list[str]) -> None:
        event = self._event
        if state.event is not None and state.event != event.name:
            event = load(state.event)
        known = [one.name for one in event.runs]
        run = state.run if state.run in known else cubes.choose(event).name
        if (event.name, run) == (self._event.name, self._run):
            self._turn_to(state, " ".join(notices))
        else:
            self._to_restore, self._notice = state, " ".join(notices)
            self._open(event, run)

    def _turn_to(self, state: State, notice: str) -> None:
        """Turn the widgets to a state, and say what was left out of it."""
        told = self._restoring.turn_to(state)
        self._stand()
        self._controls.tell(" ".join(filter(None, [notice, *told])))

    def _stand(self) -> None:
        """Let "play" go on from where the clock is.

        Pages join the two; one that opens later believes the former.
        """
        self._controls.play.value = self.cursor.index

    def _listen(self) -> None:
        """Answer to the controls; they never speak to each other."""
        controls = self._controls
        widgets.link((controls.clock, "value"), (self.cursor, "index"))
        widgets.jslink((controls.play, "value"), (controls.clock, "value"))
        self.cursor.on_move(self._guard(self._move))
        self.cursor.on_pick(self._guard(self._picks.look))
        self.cursor.on_spot(self._guard(self._picks.glance))
        self.cursor.on_local_time(
            self._guard(lambda: self._change(mlt=self.cursor.mlt))
        )
        for button, press in (
            (controls.cancel, self._cancel),
            (controls.previous, lambda: self._jump_by(-1)),
            (controls.next, lambda: self._jump_by(1)),
            (controls.whole, self._show_all_times),
        ):
            button.on_click(self._guard(lambda _, press=press: press()))
        for control, answer in (
            (controls.event, self._choose_event),
            (controls.run, self._choose_run),
            (controls.moment, self._jump),
            (controls.speed, self._set_speed),
            (controls.cut, lambda value: self._change(cut=value)),
            (controls.image, lambda value: self._change(image=value)),
            (controls.method, lambda value: self._change(method=value)),
            (controls.fit, self._fit),
            (controls.preset, self._arrange),
        ):
            heard = self._guard(lambda change, f=answer: f(change["new"]))
            control.observe(heard, names="value")
        self._in_situ.listen(
            change=self._guard(lambda changes: self._change(**changes)),
            whole=self._guard(lambda: self._picks.keep(None)),
            save=self._guard(self._save_crossings),
        )

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
            self._controls.fill(
                self._event, self._run, moments=self._moments, steps=steps
            )
            self._settings.fill(self._session.settings)
            if self._session.current is not None:
                found = self._session.current.magnetopause
                self._controls.offer(found.estimate.values.tolist())
        finally:
            self._filling = False

    # Another event

    def _offer(self, found: list[tuple[str, str]]) -> None:
        """Offer the events that were searched for, or all; and this one."""
        names = {name for _, name in found}
        titles = [
            one
            for one in _titles(self._event)
            if not names or one[1] in names or one[1] == self._event.name
        ]
        self._filling = True
        try:
            self._controls.event.options = titles
            self._controls.event.value = self._event.name
        finally:
            self._filling = False

    def _bring(self, event: Event) -> None:
        """Open an event that is new, or whose solar wind is."""
        known = {run.name for run in event.runs}
        run = self._run if self._run in known else cubes.choose(event).name
        self._open(event, run)

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
        self._later.forget("complete")
        self._session.open(
            event,
            run,
            done=self._guard(lambda new, notice: self._show(new, run, notice)),
            failed=self._guard(self._fail),
        )

    def _show(self, seen: Observations, run: str, notice: str = "") -> None:
        """Replace the scene by what was seen of an event."""
        times = seen.cuts.time.values
        first = times[np.abs(times - seen.event.focus).argmin()]
        self._session.hold(seen, run)
        self._event, self._run = seen.event, run
        self._moments = moments(seen)
        # Clock and slider change while no scene answers, the slider's end
        # first: it must never point past the end of the clock.
        old, self._scene = self._scene, None
        self._controls.whole.layout.display = "none"
        if self._to_restore is not None:
            self._restoring.arrange(self._to_restore)  # before it is drawn
        scene = Scene(
            Shown(
                seen,
                first,
                mlt=self.cursor.mlt,
                spot=self.cursor.spot,
                **self._controls.shown(),
                **self._in_situ.shown(),
            ),
            on_time=self._guard(self._picks.time),
            on_pixel=self._guard(self._picks.pixel),
            on_box=self._guard(self._picks.box),
            preset=self._controls.preset.value,
            on_spot=self._guard(self._picks.spot),
            on_local_time=self._guard(self._picks.local_time),
            on_zoom=self._guard(self._zoomed),
            ahead=Ahead(),
        )
        self._stage.children = [scene.figure]
        if old is not None:
            old.close()
        self._fill(steps=len(times))
        self.cursor.reset(times, first)
        self._stand()
        self._scene = scene
        self._about.value = about(seen)
        self._controls.show_time(first)
        self._events.refresh()
        self._exports.refresh()
        self._controls.tell(notice)
        self._picks.look()
        self._picks.glance()
        self._turn_ahead()
        state, self._to_restore = self._to_restore, None
        if state is not None:
            notice, self._notice = f"{self._notice} {notice}".strip(), ""
            self._turn_to(state, notice)
        self._remember()

    def _remember(self) -> None:
        """Keep what is on screen for a restart; say it once it rests."""
        self._later.ask("say", RESTED, self._say)
        self._later.ask(
            "remember",
            _KEPT,
            lambda: restart.remember(self._asked_for, self.state),
        )

    def _say(self) -> None:
        if self._scene is not None:
            self._spoken.tell(self._scene)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self._back()
            self._controls.tell(str(error) or type(error).__name__)
        else:
            self._fill()

    def _cancel(self) -> None:
        self._controls.busy(None)
        self._back()
        self._controls.tell("Cancelled; what was on screen is kept.")

    def _back(self) -> None:
        """Give up what is computed, and show what is complete."""
        half_way = self._session.current is not self._session.seen
        self._later.forget("complete")
        self._session.give_up()
        self._fill()
        if half_way:
            self._change(observations=self._session.seen)

    # Settings

    def _tune(self, values: dict[str, Any]) -> None:
        """Follow the drawer: at once what can be, then all of it."""
        self._controls.tell("")
        try:
            self._preview(settings_from(values))
        finally:
            self._settings.fill(self._session.settings)
        self._later.ask(
            "complete",
            _RESOLVED,
            lambda: self._session.complete(
                done=self._guard(self._completed),
                failed=self._guard(self._fail),
            ),
        )

    def _run_ahead(self, new: Observations) -> None:
        """Show what is there before the rest."""
        self._change(observations=new)
        self._picks.look()

    def _completed(self, seen: Observations) -> None:
        """Show what is complete again, with settings of its own."""
        self._session.hold(seen, self._run)
        self._fill()
        self._change(observations=seen, method=self._controls.method.value)
        self._about.value = about(seen)
        self._picks.look()
        self._picks.glance()

    def _fit(self, images: str) -> None:
        if images:
            self._controls.fit.value = ""  # to be chosen again
            self._session.fit(
                np.array([self.cursor.time]) if images == "this" else None,
                done=self._guard(self._completed),
                failed=self._guard(self._fail),
            )

    # The clock, and what is picked

    def _move(self) -> None:
        if self._scene is None:
            return
        self._controls.show_time(self.cursor.time)
        self._controls.tell("")
        self._change(time=self.cursor.time)
        waiting = self._session.waiting_for_images
        if waiting:
            self._later.ask("look", REST, self._preview)
        self._picks.rest(look=not waiting)

    def _preview(self, settings: Settings | None = None) -> None:
        """Show what other settings, or those of before, give at once."""
        self._session.preview(
            settings or self._session.settings,
            self.cursor.time,
            show=self._guard(self._run_ahead),
            failed=self._guard(self._fail),
        )

    def _change(self, **changes: Any) -> None:
        if self._scene is not None:
            failures = self._scene.change(**changes)
            if failures or self._has_failed:  # a notice stays for a while
                self._controls.tell(" ".join(failures))
            self._has_failed = bool(failures)
            self._remember()

    def _arrange(self, preset: str) -> None:
        in_situ = preset == "In situ"
        self._in_situ.open(in_situ)
        self._settings.arrange(preset)
        self._controls.of_image.layout.display = "none" if in_situ else None
        if self._scene is not None:
            self._scene.arrange(preset)
            self._exports.refresh()
            self._turn_ahead()
            self._remember()

    def _turn_ahead(self) -> None:
        """Prepare for steps of the clock where the Earth is seen to turn."""
        shown = {one.panel for one in places(self._controls.preset.value)}
        if self._session.seen is not None and "polar map" in shown:
            self._session.turn_ahead(self._session.seen)

    def _jump(self, time: np.datetime64 | None) -> None:
        if time is not None:
            self.cursor.seek(time)
            self._controls.moment.index = 0  # to be chosen again

    def _jump_by(self, step: int) -> None:
        """Go to the next of the moments, or to the one before."""
        here = self.cursor.time
        times = np.array(list(self._moments.values()), "datetime64[ns]")
        there = times[times > here] if step > 0 else times[times < here][::-1]
        # the clock stands at the nearest time it has
        for time in there:
            self.cursor.seek(time)
            if self.cursor.time != here:
                return

    def _set_speed(self, steps: float) -> None:
        self._controls.play.interval = round(1000 / steps)

    def _show_all_times(self) -> None:
        if self._scene is not None:
            self._scene.zoom = None

    def _zoomed(self) -> None:
        zoomed = self._scene is not None and self._scene.zoom is not None
        self._controls.whole.layout.display = None if zoomed else "none"
        self._remember()

    # In situ

    def _save_crossings(self) -> None:
        if self._session.current is not None:
            self._controls.tell(save_crossings(self._session.current))


def _told(client: Any) -> list[widgets.Widget]:
    """Return a line on the workers, where there are any."""
    return [] if client is None else [widgets.HTML(workers(client))]


def _titles(event: Event) -> list[tuple[str, str]]:
    """Return titles and names of the known events, `event` among them.

    Names are unique; two events may well have one title.
    """
    known = catalog()
    titles = list(zip(known.title, known.index, strict=True))
    if event.name not in known.index:
        titles.insert(0, (event.title, event.name))
    return titles
