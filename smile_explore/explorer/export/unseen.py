"""A scene that no page shows: for movies and pages of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from smile_explore.explorer.panels import Shown
from smile_explore.explorer.scene import Scene

__all__ = ["unseen"]


class _Nowhere:
    """Stands in for the widget of a scene, and sends nothing."""

    def __init__(self, model: Any) -> None:
        self.model = model

    @contextmanager
    def one_message(self) -> Iterator[None]:
        yield


def unseen(shown: Shown, preset: str) -> Scene:
    """Return a scene that can be changed without changing what is on screen.

    It must be made in the thread of the notebook, since HoloViews draws with
    options that all share; from then on any thread may change its time.

    Parameters
    ----------
    shown : Shown
    preset : str
        One of `PRESETS`.
    """
    return Scene(
        shown,
        on_time=_ignore,
        on_pixel=_ignore,
        preset=preset,
        widget=_Nowhere,
    )


def _ignore(_: Any) -> None:
    """Answer to no tap: nobody can."""
