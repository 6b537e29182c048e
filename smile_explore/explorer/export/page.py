"""A web page of its own: the view with a clock, without a kernel."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.core.validation.check import silenced
from bokeh.core.validation.warnings import FIXED_SIZING_MODE
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent, ModelChangedEvent
from bokeh.embed import file_html
from bokeh.events import Tap
from bokeh.models import CustomJS
from bokeh.resources import Resources
from jinja2 import Template

from smile_explore.data import policy
from smile_explore.data.whole import whole
from smile_explore.explorer.export.sheet import credit, moment
from smile_explore.explorer.panels import PANELS
from smile_explore.observations import Observations

if TYPE_CHECKING:
    from smile_explore.explorer.scene import Scene

__all__ = ["save_page"]

Progress = Callable[[int, int], object]
#: Shows a frame: of all that changes, what it was then.
_SHOW = """
for (const {model, attr, values, places} of changes) {
  const value = values[places[cb_data.frame]]
  model[attr] = attr == "data" ? {...model.data, ...value} : value
}
"""
_TAPPED = """
document.dispatchEvent(new CustomEvent("smile-time", {detail: cb_obj.x}))
"""
#: What the page looks for among the models.
_NAME = "smile-frames"


def save_page(
    scene: Scene,
    path: Path,
    times: np.ndarray,
    *,
    progress: Progress | None = None,
) -> Path:
    """Write the view as a page that needs neither kernel nor internet.

    Parameters
    ----------
    scene : Scene
        One that is `unseen`; its clock is moved.
    path : path
        Named ``.html``.
    times : numpy.ndarray of datetime64
        One frame each.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels, and
        nothing is left.

    Raises
    ------
    ValueError
        If the name is of another kind of file, or a panel cannot follow the
        clock.
    OSError
        If the file cannot be written.
    """
    if path.suffix != ".html":
        raise ValueError(f"a page is an .html, got the name {path.name}")
    root = scene.figure.model
    callback = CustomJS(
        args={"changes": _changes(scene, root, times, progress)},
        code=_SHOW,
        name=_NAME,
    )
    for name, shown in scene.pictures.items():
        if getattr(PANELS[name], "taps", "") == "time":
            shown.js_on_event(Tap, CustomJS(code=_TAPPED))
    root.tags = [callback]
    try:
        text = _page(scene, root, times)
    finally:
        root.tags = []
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def _changes(
    scene: Scene, root: Any, times: np.ndarray, progress: Progress | None
) -> list[dict[str, Any]]:
    """Return what differs between the times, and what it is at each.

    The clock is moved through all of them twice: to see what changes, then
    to see what all of that is at each.
    """
    document, total = Document(), 2 * len(times)
    changed: dict[tuple[str, str], Any] = {}

    def heard(event: Any) -> None:
        if isinstance(event, ModelChangedEvent | ColumnDataChangedEvent):
            changed[event.model.id, event.attr] = event.model

    def move(time: np.datetime64, done: int) -> None:
        if progress is not None:
            progress(done, total)
        failures = scene.change(time=time)
        if failures:
            raise ValueError(" ".join(failures))

    document.add_root(root)
    document.on_change(heard)
    try:
        for done, time in enumerate(times):
            move(time, done)
        found: dict[tuple[str, str], list[Any]] = {key: [] for key in changed}
        for done, time in enumerate(times, len(times)):
            move(time, done)
            for key, values in found.items():
                values.append(_value(getattr(changed[key], key[1])))
    finally:
        document.remove_root(root)
    made = []
    for key, values in found.items():
        kept, places = _distinct(_varying(values))
        if len(kept) > 1:
            made.append(
                {
                    "model": changed[key],
                    "attr": key[1],
                    "values": kept,
                    "places": places,
                }
            )
    return made


def _value(value: Any) -> Any:
    """Return a property as it is now; pictures in half the bytes."""
    if not isinstance(value, dict):
        return value
    return {name: _column(column) for name, column in value.items()}


def _column(column: Any) -> Any:
    if isinstance(column, list | tuple):
        return [_column(one) for one in column]
    if isinstance(column, np.ndarray) and column.ndim == 2:
        return column.astype("f4") if column.dtype == "f8" else column
    return column


def _varying(values: list[Any]) -> list[Any]:
    """Leave columns out that are the same at all times."""
    if not isinstance(values[0], dict):
        return values
    kept = [
        name
        for name in values[0]
        if len({_seal(one.get(name)) for one in values}) > 1
    ]
    return [{name: one[name] for name in kept} for one in values]


def _distinct(values: list[Any]) -> tuple[list[Any], list[int]]:
    """Return values once each, and which of them stands at each time."""
    kept: list[Any] = []
    seen: dict[Any, int] = {}
    places = []
    for value in values:
        seal = _seal(value)
        if seal not in seen:
            seen[seal] = len(kept)
            kept.append(value)
        places.append(seen[seal])
    return kept, places


def _seal(value: Any) -> Any:
    """Return what is equal for equal values only."""
    if isinstance(value, dict):
        return tuple((name, _seal(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(_seal(one) for one in value)
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.dtype.str, value.shape, value.tobytes()
    return repr(value)


def _page(scene: Scene, root: Any, times: np.ndarray) -> str:
    seen = scene.shown.observations
    here = files(__package__)
    stamps = times.astype("datetime64[ms]").astype(int).tolist()
    told = {
        "about": escape(seen.event.summary),
        "credit": escape(credit(seen)),
        "rules": escape(policy.of_observations(seen).rules),
        "cite": "\n".join(f"<li>{one}</li>" for one in _references(seen)),
        "last": len(times) - 1,
        # not what Bokeh would bring: Panel adds to that, from the internet
        "library": "\n".join(
            Resources(mode="inline", components=["bokeh"]).js_raw
        ),
        "times": json.dumps(stamps),
        "labels": json.dumps([moment(one) for one in times]),
        "code": (here / "page.js").read_text("utf-8"),
    }
    # frames have a size, figures have what their axes leave
    with silenced(FIXED_SIZING_MODE):
        return file_html(
            root,
            Resources(mode="inline"),
            escape(f"{seen.event.title}: {scene.preset}"),
            template=Template((here / "page.html").read_text("utf-8")),
            template_variables=told,
            suppress_callback_warning=True,
        )


def _references(seen: Observations) -> list[str]:
    """Return what to cite as HTML, addresses as links."""
    return [
        re.sub(
            r"https?://[^\s;,)]+",
            lambda found: f'<a href="{found[0]}">{found[0]}</a>',
            escape(one),
        )
        for one in policy.of_observations(seen).references
    ]
