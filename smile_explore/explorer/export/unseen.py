"""Views that no page shows: for movies, pages and single panels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import numpy as np
from bokeh.plotting import figure

from smile_explore.explorer.panel import render
from smile_explore.explorer.panels import (
    PANELS,
    PRESETS,
    Picture,
    Place,
    Shown,
    places,
)
from smile_explore.explorer.scene import Scene, size_of

__all__ = ["Alone", "unseen"]

#: Of a panel that has no place of its own where it is drawn in full.
_ROOM: Final = (420, 260)


class _Nowhere:
    """Stands in for the widget of a scene, and sends nothing."""

    def __init__(self, model: Any) -> None:
        self.model = model

    @contextmanager
    def one_message(self) -> Iterator[None]:
        yield


Zoom = tuple[np.datetime64, np.datetime64] | None


def unseen(shown: Shown, preset: str, *, zoom: Zoom = None) -> Scene:
    """Return a scene that can be changed without changing what is on screen.

    It must be made in the thread of the notebook, since HoloViews draws with
    options that all share; from then on any thread may change its time.

    Parameters
    ----------
    shown : Shown
    preset : str
        One of `PRESETS`.
    zoom : (numpy.datetime64, numpy.datetime64), optional
        The stretch of time that series show, by default all.
    """
    scene = Scene(
        shown,
        on_time=_ignore,
        on_pixel=_ignore,
        preset=preset,
        widget=_Nowhere,
    )
    if zoom is not None:
        scene.zoom = zoom
    return scene


class Alone:
    """One panel by itself, with legend, colour bar and the labels of axes.

    Beside others it may have been drawn without them. To be made in the
    thread of the notebook, as a scene that is `unseen`.

    Parameters
    ----------
    shown : Shown
    panel : str
        A picture of `PANELS`.
    zoom : (numpy.datetime64, numpy.datetime64), optional
        The stretch of time that a series shows, by default all.

    Raises
    ------
    ValueError
        If there is no such picture.
    """

    words: Final[dict[str, str]] = {}

    def __init__(self, shown: Shown, panel: str, *, zoom: Zoom = None) -> None:
        kind = PANELS.get(panel)
        if not isinstance(kind, Picture):
            known = [
                n for n, one in PANELS.items() if isinstance(one, Picture)
            ]
            raise ValueError(
                f"there is no panel {panel!r} to draw; there are "
                f"{', '.join(known)}"
            )
        self.shown, self.preset, self._kind = shown, panel, kind
        place = _place(panel)
        self.parts = ((place,),)
        self._panel = render(kind.view(shown), size_of(kind, place, shown))
        if zoom is not None and kind.taps == "time":
            start, end = zoom
            self._panel.figure.x_range.update(start=start, end=end)

    @property
    def pictures(self) -> dict[str, figure]:
        """The figure, by name."""
        return {self.preset: self._panel.figure}

    def change(self, *, time: np.datetime64) -> list[str]:
        """Move the clock, as `Scene.change` does."""
        self.shown = replace(self.shown, time=time)
        self._panel.move(time)
        if "time" in self._kind.layers:
            self._panel.show(self._kind.layers["time"](self.shown))
        return []


def _place(panel: str) -> Place:
    """Return the largest place that a panel has in full."""
    found = [
        one
        for preset in PRESETS
        for one in places(preset)
        if one.panel == panel and not one.brief and one.scale == 1.0
    ]
    largest = max(found, key=lambda one: one.width, default=None)
    return largest or Place(panel, *_ROOM)


def _ignore(_: Any) -> None:
    """Answer to no tap: nobody can."""
