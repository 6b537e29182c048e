"""The whole view, or one panel of it, on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from smile_explore.data import policy
from smile_explore.explorer.export.frame import draw_figure
from smile_explore.explorer.export.paper import Paper
from smile_explore.explorer.export.words import draw_words
from smile_explore.explorer.panels import PRESETS, Place
from smile_explore.observations import Observations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from smile_explore.explorer.scene import Scene

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
        By name of the panel; of words only the first two and the width.
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
    scene: Scene,
    panel: str | None = None,
    *,
    scale: float = 2.0,
    layout: Layout | None = None,
) -> Paper:
    """Draw what a scene shows, as its panels show it now.

    Parameters
    ----------
    scene : Scene
    panel : str, optional
        One of its panels, by default all of them.
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
        If the scene has no such panel, or it shows what cannot be drawn.
    """
    layout = layout if layout is not None else Layout()
    columns = _columns(scene, panel)
    known = bool(layout.frames)
    paper = Paper(scale, layout.width or 1600.0, layout.height or 1200.0)
    axes: dict[str, Axes] = {}
    for place in (one for part in columns for one in part):
        name = place.panel
        if name in scene.pictures:
            shown = scene.pictures[name]
            wide, tall = _frame(shown)
            left, top, *_ = layout.frames.get(name, (100.0, 100.0))
            axes[name] = paper.axes(left, top, wide, tall)
            draw_figure(axes[name], shown)
    head = 0.0
    if panel is None:
        _, head = draw_words(paper, _head(scene), _EDGE, _EDGE, 1600.0)
    if known:
        for name in scene.words.keys() & layout.frames.keys():
            left, top, wide, _ = layout.frames[name]
            draw_words(paper, scene.words[name], left, top, wide)
    else:
        _arrange(scene, paper, columns, axes, layout, _EDGE + head)
    foot = _foot(scene, panel)
    wide = layout.width - 2 * _EDGE
    _, tall = draw_words(paper, foot, _EDGE, layout.foot, wide)
    if not known:
        layout.height = layout.foot + tall + _EDGE
        paper.cut(layout.width, layout.height)
        for name, one in axes.items():
            paper.place(one, *layout.frames[name])
    return paper


def _columns(scene: Scene, panel: str | None) -> list[list[Place]]:
    columns = [
        [one for one in part if _tells(scene, one.panel)]
        for part in PRESETS[scene.preset]
    ]
    if panel is None:
        return columns
    found = [one for part in columns for one in part if one.panel == panel]
    if not found:
        names = ", ".join(one.panel for part in columns for one in part)
        raise ValueError(
            f"the view {scene.preset} has no panel {panel!r}; it has {names}"
        )
    return [found[:1]]


def _tells(scene: Scene, name: str) -> bool:
    """Leave out a panel that only says what to tap; nobody can, on paper."""
    return name != "glance" or bool(scene.shown.glance)


def _arrange(
    scene: Scene,
    paper: Paper,
    columns: list[list[Place]],
    axes: dict[str, Axes],
    layout: Layout,
    top: float,
) -> None:
    """Set panels below each other, and frames of a column to one left edge."""
    left, lowest = _EDGE, top
    for part in columns:
        around = {
            one.panel: paper.around(axes[one.panel])
            for one in part
            if one.panel in axes
        }
        before = max((room[0] for room in around.values()), default=0.0)
        down, right = top + _GAP, left
        for one in part:
            name = one.panel
            if name in axes:
                _, above, after, below = around[name]
                wide, tall = _frame(scene.pictures[name])
                layout.frames[name] = (left + before, down + above, wide, tall)
                down += above + tall + below + _GAP
                right = max(right, left + before + wide + after)
            elif name in scene.words:
                room = float(one.width)
                layout.frames[name] = (left, down, room, 0.0)
                wide, tall = draw_words(
                    paper, scene.words[name], left, down, room
                )
                down += tall + _GAP
                right = max(right, left + wide)
        left, lowest = right + _GUTTER, max(lowest, down)
    layout.width = max(left - _GUTTER + _EDGE, _LEAST)
    layout.foot = lowest


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


def _foot(scene: Scene, panel: str | None) -> str:
    seen = scene.shown.observations
    when = (
        f"{escape(seen.event.title)}, {moment(scene.shown.time)}. "
        if panel
        else ""
    )
    return (
        "<span style='font-size:10px;color:#555555'>"
        f"{when}{escape(credit(seen))}</span>"
    )
