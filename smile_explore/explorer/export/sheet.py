"""The whole view, or one panel of it, on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from smile_explore.data import policy
from smile_explore.explorer.export.frame import draw_figure
from smile_explore.explorer.export.paper import Paper
from smile_explore.explorer.export.unseen import Alone
from smile_explore.explorer.export.words import draw_words
from smile_explore.explorer.panels import PRESETS, Part, Place
from smile_explore.explorer.scene import Scene
from smile_explore.observations import Observations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Layout", "credit", "draw_sheet", "moment"]

#: Around the paper, between columns, between panels. [px]
_EDGE, _GUTTER, _GAP = 14.0, 18.0, 9.0
#: Of the narrowest text below a panel. [px]
_LEAST = 300.0


@dataclass
class Layout:
    """Where everything stands; taken again for the next frame of a movie.

    Parameters
    ----------
    frames : dict of str to (left, top, wide, tall)
        By name of the panel; of words the last is the size of letters.
    width, height, foot : float
        Of the paper, and where the last words begin. [px]
    """

    frames: dict[str, tuple[float, float, float, float]] = field(
        default_factory=dict
    )
    width: float = 0.0
    height: float = 0.0
    foot: float = 0.0


def draw_sheet(
    view: Scene | Alone,
    *,
    scale: float = 2.0,
    layout: Layout | None = None,
) -> Paper:
    """Draw a view, as its panels show it now.

    Parameters
    ----------
    view : Scene or Alone
        All panels of a preset, or one.
    scale : float
        Pixels of the picture in a pixel of the page.
    layout : Layout, optional
        An empty one is filled; a full one is kept to.

    Returns
    -------
    paper : Paper

    Raises
    ------
    ValueError
        If the view shows what cannot be drawn.
    """
    layout = layout if layout is not None else Layout()
    known = bool(layout.frames)
    paper = Paper(scale, layout.width or 1600.0, layout.height or 1200.0)
    axes: dict[str, Axes] = {}
    for name, shown in view.pictures.items():
        left, top, *_ = layout.frames.get(name, (100.0, 100.0))
        axes[name] = paper.axes(left, top, *_frame(shown))
        draw_figure(axes[name], shown)
    head = 0.0
    if isinstance(view, Scene):
        _, head = draw_words(paper, _head(view), _EDGE, _EDGE, 1600.0)
    if known:
        for name, html in view.words.items():
            if name in layout.frames:
                left, top, wide, size = layout.frames[name]
                draw_words(paper, html, left, top, wide, size=size)
    else:
        parts = PRESETS[view.preset] if isinstance(view, Scene) else view.parts
        setter = _Setter(view, paper, axes, layout)
        right, layout.foot = setter.side_by_side(parts, _EDGE, _EDGE + head)
        layout.width = max(right + _EDGE, _LEAST)
    _, tall = draw_words(
        paper, _foot(view), _EDGE, layout.foot, layout.width - 2 * _EDGE
    )
    if not known:
        layout.height = layout.foot + tall + _EDGE
        paper.cut(layout.width, layout.height)
        for name, one in axes.items():
            paper.place(one, *layout.frames[name])
    return paper


class _Setter:
    """Sets parts of a view beside and below each other, as the page does."""

    def __init__(
        self,
        view: Scene | Alone,
        paper: Paper,
        axes: dict[str, Axes],
        layout: Layout,
    ) -> None:
        self._view, self._paper, self._layout = view, paper, layout
        self._around = {name: paper.around(one) for name, one in axes.items()}

    def side_by_side(
        self, parts: Part, left: float, top: float, *, columns: bool = True
    ) -> tuple[float, float]:
        """Set columns, or the panels of a row; return their right and foot."""
        lowest, right = top, left
        above = max((self._room(one, 1) for one in parts), default=0.0)
        for one in parts:
            begin = right + (_GUTTER if right > left else 0.0)
            if not isinstance(one, Place):
                place = self.below if columns else self.side_by_side
                right, low = place(one, begin, top)
            elif self._tells(one):
                down = top + above - self._room(one, 1)
                before = self._room(one, 0)
                right, low = self._set(one, begin, down, before)
            else:
                continue
            lowest = max(lowest, low)
        return right, lowest

    def below(
        self, parts: Part, left: float, top: float
    ) -> tuple[float, float]:
        """Set panels and rows below each other, frames to one left edge."""
        before = max((self._room(one, 0) for one in parts), default=0.0)
        down, right = top, left
        for one in parts:
            if not isinstance(one, Place):
                end, down = self.side_by_side(
                    one, left, down + _GAP, columns=False
                )
            elif self._tells(one):
                end, down = self._set(one, left, down + _GAP, before)
            else:
                continue
            right = max(right, end)
        return right, down + _GAP

    def _set(
        self, place: Place, left: float, top: float, before: float
    ) -> tuple[float, float]:
        """Set one panel; `before` is left to what stands beside its frame."""
        name = place.panel
        if name in self._around:
            _, above, after, below = self._around[name]
            wide, tall = _frame(self._view.pictures[name])
            frame = (left + before, top + above, wide, tall)
            self._layout.frames[name] = frame
            return frame[0] + wide + after, frame[1] + tall + below
        room, size = float(place.width), 12.0 * place.scale
        self._layout.frames[name] = (left, top, room, size)
        wide, tall = draw_words(
            self._paper, self._view.words[name], left, top, room, size=size
        )
        return left + wide, top + tall

    def _room(self, one: Any, side: int) -> float:
        """Return what a panel has left of its frame (0), or above it (1)."""
        name = one.panel if isinstance(one, Place) else ""
        return self._around[name][side] if name in self._around else 0.0

    def _tells(self, one: Place) -> bool:
        """Leave out what only says where to tap: nobody can, on paper."""
        return one.panel != "glance" or bool(self._view.shown.glance)


def _frame(shown: Any) -> tuple[float, float]:
    """Return width and height of a figure's frame. [px]."""
    return float(shown.frame_width), float(shown.frame_height)


def moment(time: np.datetime64) -> str:
    """Return a time as it stands in titles."""
    text = str(np.datetime_as_string(time, unit="s")).replace("T", " ")
    return f"{text.removesuffix(':00')} UTC"


def credit(seen: Observations) -> str:
    """Say in one sentence what is measured of a view, and what is not."""
    terms = policy.of_observations(seen)
    if not terms.measured:
        return f"Simulated, not measured. {terms.acknowledgement}"
    return f"{terms.contents} {terms.acknowledgement}"


def _head(scene: Scene) -> str:
    event, time = scene.shown.observations.event, scene.shown.time
    return (
        f"<span style='font-size:17px'><b>{escape(event.title)}</b></span><br>"
        f"<span style='font-size:13px'>{moment(time)} · {scene.preset} · "
        f"cube: {escape(_model(scene))}</span>"
    )


def _model(scene: Scene) -> str:
    cuts = scene.shown.observations.cuts
    if "model" not in cuts:
        return "not told"
    return str(
        cuts["model"].sel(time=scene.shown.time, method="nearest").item()
    )


def _foot(view: Scene | Alone) -> str:
    seen = view.shown.observations
    when = f"{escape(seen.event.title)}, {moment(view.shown.time)}. "
    return (
        "<span style='font-size:11px;color:#555555'>"
        f"{when if isinstance(view, Alone) else ''}"
        f"{escape(credit(seen))}</span>"
    )
