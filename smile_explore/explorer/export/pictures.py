"""Pictures: PNG for slides, SVG for papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import smile_explore
from smile_explore.data.whole import whole
from smile_explore.explorer.export.sheet import credit, draw_sheet, moment
from smile_explore.explorer.export.unseen import Alone

if TYPE_CHECKING:
    from smile_explore.explorer.scene import Scene

__all__ = ["save_picture"]

#: Pixels of the picture in one of the page: of all panels, and of one.
_SHEET, _PANEL = 2.0, 3.0


def save_picture(scene: Scene, path: Path, panel: str | None = None) -> Path:
    """Write what a scene shows as a picture, whole or not at all.

    Parameters
    ----------
    scene : Scene
    path : path
        Named ``.png`` or ``.svg``.
    panel : str, optional
        One by itself, in full; by default all panels of the scene.

    Raises
    ------
    ValueError
        If the name is of another kind of file, or something that is shown
        cannot be drawn.
    OSError
        If the file cannot be written.
    """
    kind = path.suffix.removeprefix(".")
    if kind not in ("png", "svg"):
        raise ValueError(
            f"a picture is a .png or a .svg, got the name {path.name}"
        )
    view = (
        scene if panel is None else Alone(scene.shown, panel, zoom=scene.zoom)
    )
    paper = draw_sheet(view, scale=_SHEET if panel is None else _PANEL)
    seen = scene.shown.observations
    title = f"{seen.event.title}, {moment(scene.shown.time)}"
    made = f"smile_explore {smile_explore.__version__}"
    told = (
        {"Title": title, "Description": credit(seen), "Software": made}
        if kind == "png"
        else {"Title": title, "Description": credit(seen), "Creator": made}
    )
    with whole(path) as part:
        paper.figure.savefig(part, format=kind, metadata=told)
    return path
