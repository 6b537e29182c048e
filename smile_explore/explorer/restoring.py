"""From the widgets to a `State`, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from smile_explore.events.settings import Settings
from smile_explore.explorer.controls import Controls
from smile_explore.explorer.cursor import Cursor
from smile_explore.explorer.in_situ import InSitu
from smile_explore.explorer.scene import Scene
from smile_explore.explorer.session import Session
from smile_explore.explorer.state import State
from smile_explore.views.box import Box

__all__ = ["Restoring"]

#: Of the keogram. [h]
_MLT = 23.5
#: What widgets show that nobody has turned.
_DEFAULT = {
    "preset": "Overview",
    "cut": "density",
    "image": "intensity",
    "method": "all",
    "estimate": "corrected",
    "plane": "B and V",
    "mlt": _MLT,
}


class Restoring:
    """Reads the state off the widgets, and turns them to one.

    Parameters
    ----------
    controls : Controls
    in_situ : InSitu
    cursor : Cursor
    session : Session
    scene : callable
        Returns what is on screen, None before anything is.
    keep : callable
        Shows what lies in a box.
    tune : callable
        Follows settings, given by name.
    """

    def __init__(
        self,
        controls: Controls,
        in_situ: InSitu,
        cursor: Cursor,
        session: Session,
        *,
        scene: Callable[[], Scene | None],
        keep: Callable[[Box | None], None],
        tune: Callable[[dict[str, Any]], None],
    ) -> None:
        self._controls, self._in_situ = controls, in_situ
        self._cursor, self._session = cursor, session
        self._scene, self._keep, self._tune = scene, keep, tune

    def state(self, event: str, run: str) -> State:
        """Return the state of an event on screen."""
        scene, cursor = self._scene(), self._cursor
        turned = {
            "preset": self._controls.preset.value,
            **self._controls.shown(),
            **self._in_situ.shown(),
            "mlt": cursor.mlt,
        }
        return State(
            event=event,
            run=run or None,
            time=cursor.time,
            pixel=cursor.pixel,
            spot=cursor.spot,
            box=scene.shown.box if scene else None,
            zoom=scene.zoom if scene else None,
            settings=self._turned(),
            **{
                name: value
                for name, value in turned.items()
                if value != _DEFAULT[name]
            },
        )

    def arrange(self, state: State) -> None:
        """Choose the preset of a state, if it is one."""
        preset = state.preset or _DEFAULT["preset"]
        if preset in self._controls.preset.options:
            self._controls.preset.value = preset

    def turn_to(self, state: State) -> list[str]:
        """Turn all but the event to a state; say what could not be."""
        notices: list[str] = []
        controls, cursor = self._controls, self._cursor
        for name, widget in (
            ("preset", controls.preset),
            ("cut", controls.cut),
            ("image", controls.image),
            ("method", controls.method),
            ("estimate", self._in_situ.estimate),
            ("plane", self._in_situ.plane),
        ):
            value = getattr(state, name) or _DEFAULT[name]
            if value in widget.options:
                widget.value = value
            else:
                notices.append(
                    f"{name} {value!r} is not there in this event, and was "
                    "left out."
                )
        cursor.mlt = _MLT if state.mlt is None else state.mlt
        cursor.set_trait("pixel", state.pixel)
        cursor.set_trait("spot", state.spot)
        self._keep(state.box)
        if (scene := self._scene()) is not None:
            scene.zoom = state.zoom
        if state.time is not None:
            first, last = cursor.times[[0, -1]]
            if not first <= state.time <= last:
                notices.append(
                    f"{state.time.astype('datetime64[m]')} is outside the "
                    "event; the nearest time is shown."
                )
            cursor.seek(state.time)
        if dict(state.settings) != self._turned():
            self._tune(dict(state.settings))
        return notices

    def _turned(self) -> dict[str, Any]:
        """Return the settings that are not at their default."""
        default = asdict(Settings())
        return {
            name: value
            for name, value in asdict(self._session.settings).items()
            if value != default[name]
        }
