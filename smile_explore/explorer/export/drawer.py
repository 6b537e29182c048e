"""The drawer that saves what is on screen."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
import numpy as np

from smile_explore.data.whole import whole
from smile_explore.explorer.export.data import save_data
from smile_explore.explorer.export.files import folder_for, new_file
from smile_explore.explorer.export.movie import (
    RATES,
    Progress,
    save_movie,
    stretch,
)
from smile_explore.explorer.export.page import save_page
from smile_explore.explorer.export.pictures import save_picture
from smile_explore.explorer.export.script import script
from smile_explore.explorer.export.sheet import moment
from smile_explore.explorer.export.unseen import Alone, unseen
from smile_explore.explorer.fields import SNUG, copied, wide, words
from smile_explore.explorer.panels import PANELS, Picture, places
from smile_explore.explorer.state import State
from smile_explore.explorer.work import Cancelled, Worker

if TYPE_CHECKING:
    from smile_explore.explorer.scene import Scene

__all__ = ["ExportDrawer"]

_WHOLE: Final = "the whole view"
#: By what the user chooses: how the file ends.
_PICTURES: Final = {"PNG picture": ".png", "SVG picture": ".svg"}
_MOVIES: Final = {"MP4 movie": ".mp4", "GIF movie": ".gif"}
_DATA: Final = {"CSV data": ".csv", "NetCDF data": ".nc", "FITS data": ".fits"}
_PAGE: Final = {"HTML page": ".html"}
_LINES: Final = {"Python lines": ".py"}
#: Larger files are told of, but have no link: a link holds all of a file.
_LINKED: Final = 25_000_000
_TYPES: Final = {
    ".csv": "text/csv",
    ".fits": "application/fits",
    ".gif": "image/gif",
    ".html": "text/html",
    ".mp4": "video/mp4",
    ".nc": "application/x-netcdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
}
_UNDERLINED: Final = (
    "text-decoration:underline;color:var(--jp-content-link-color,#0060A0)"
)


class ExportDrawer:
    """Offers what can be taken along, and saves it beside the notebook.

    Parameters
    ----------
    scene : callable
        Returns what is on screen, None before anything is.
    state : callable
        Returns the state of the explorer.
    guard : callable
        Wraps an answer so that what fails in it is told.
    around : path, optional
        Where the folder of exports lies, by default the working directory.

    Attributes
    ----------
    box : ipywidgets.Widget
    """

    def __init__(
        self,
        *,
        scene: Callable[[], Scene | None],
        state: Callable[[], State],
        guard: Callable[[Callable[..., Any]], Callable[..., None]],
        around: Path | None = None,
    ) -> None:
        self._scene, self._state = scene, state
        self._guard, self._around = guard, around
        self._clock = np.array([], "datetime64[ns]")
        self.what = _choice("What", [_WHOLE], 220)
        self.kind = _choice("as", [], 150)
        self.range = widgets.SelectionRangeSlider(
            options=["", " "],
            description="from, to",
            continuous_update=False,
            style=SNUG,
            layout=wide(520),
        )
        self.rate = _count("Frames a second", 10, *RATES)
        self.frames = _count("Frames", 30, 2, 400)
        self.save = _button("Save", "Into smile_explore_exports/", "primary")
        self.stop = _button("Cancel", "Give up; nothing is left")
        self.progress = widgets.IntProgress(layout=wide(200))
        self.told = widgets.HTML()
        self.told.add_class("smile-export")
        self.box = widgets.VBox(
            [
                widgets.HBox(
                    [self.what, self.kind, self.save]
                    + [self.progress, self.stop]
                ),
                widgets.HBox([self.range, self.rate, self.frames]),
                self.told,
            ]
        )
        self._worker = Worker(self._busy)
        self._busy(None, 1)
        self.what.observe(guard(lambda _: self._offer()), names="value")
        self.kind.observe(guard(lambda _: self._reveal()), names="value")
        self.save.on_click(guard(lambda _: self._save()))
        self.stop.on_click(guard(lambda _: self._worker.cancel()))
        self._offer()

    def refresh(self) -> None:
        """Offer what is on screen now."""
        scene = self._scene()
        if scene is None:
            return
        names = [
            one.panel
            for one in places(scene.preset)
            if isinstance(PANELS[one.panel], Picture)
        ]
        _refill(self.what, [_WHOLE, *names])
        clock = scene.shown.observations.cuts.time.values
        if not np.array_equal(clock, self._clock):
            self._clock = clock
            self.range.options = [
                (moment(time).removesuffix(" UTC"), number)
                for number, time in enumerate(clock)
            ]
            self.range.index = (0, len(clock) - 1)

    @property
    def _panel(self) -> str | None:
        return None if self.what.value == _WHOLE else self.what.value

    def _offer(self) -> None:
        """Offer the kinds of file that there are of what is chosen."""
        more = _PAGE if self._panel is None else _DATA
        _refill(self.kind, [*_PICTURES, *_MOVIES, *more, *_LINES])
        self._reveal()

    def _reveal(self) -> None:
        """Show what can be set for a kind of file, and only that."""
        kind = self.kind.value
        _show(self.range, kind in (*_MOVIES, *_PAGE))
        _show(self.rate, kind in _MOVIES)
        _show(self.frames, kind in _PAGE)

    def _save(self) -> None:
        scene = self._scene()
        if scene is None:
            raise ValueError("no event is open yet; wait, or choose one")
        self._tell("")
        if self.kind.value in _LINES:
            lines = script(scene.shown, self._state())
            self._try(lambda: self._kept(scene, lines))
            self.told.value += copied("Python", lines, lines=20)
        elif self.kind.value in (*_MOVIES, *_PAGE):
            self._try(lambda: self._start(scene))
        else:
            self._try(lambda: self._made(scene))

    def _try(self, work: Callable[[], Path | None]) -> None:
        """Tell what comes of it, unless that is told later."""
        try:
            path = work()
        except (OSError, ValueError, TypeError) as error:
            self._failed(error)
        else:
            if path is not None:
                self._saved(path)

    def _path(self, scene: Scene, ends: str) -> Path:
        what = self._panel or scene.preset
        return new_file(folder_for(self._around), scene.shown, what, ends)

    def _kept(self, scene: Scene, lines: str) -> Path:
        path = self._path(scene, ".py")
        with whole(path) as part:
            part.write_text(lines, encoding="utf-8")
        return path

    def _made(self, scene: Scene) -> Path:
        """Write what takes an instant: a picture, or data of a panel."""
        kind, panel = self.kind.value, self._panel
        path = self._path(scene, (_PICTURES | _DATA)[kind])
        if panel is not None and kind in _DATA:
            return save_data(panel, scene.shown, path)
        return save_picture(scene, path, panel)

    def _start(self, scene: Scene) -> None:
        """Make a movie or a page aside, of a scene that no page shows."""
        kind, panel = self.kind.value, self._panel
        most = self.frames.value if kind in _PAGE else None
        first, last = (self._clock[one] for one in self.range.index)
        times = stretch(self._clock, first, last, most=most)
        path = new_file(
            folder_for(self._around),
            replace(scene.shown, time=times[0]),
            panel or scene.preset,
            (_PAGE | _MOVIES)[kind],
            until=times[-1],
        )
        shown, preset, zoom = scene.shown, scene.preset, scene.zoom
        rate = float(self.rate.value)
        if kind in _PAGE:
            own = unseen(shown, preset, zoom=zoom)

            def job(progress: Progress) -> Path:
                return save_page(own, path, times, progress=progress)
        else:
            view = (
                Alone(shown, panel, zoom=zoom)
                if panel
                else unseen(shown, preset, zoom=zoom)
            )

            def job(progress: Progress) -> Path:
                return save_movie(
                    view, path, times, rate=rate, progress=progress
                )

        self._worker.start(
            job, self._guard(self._saved), self._guard(self._failed)
        )

    def _busy(self, done: int | None, total: int) -> None:
        for part in (self.progress, self.stop):
            _show(part, done is not None)
        self.save.disabled = done is not None
        self.progress.max, self.progress.value = total, done or 0

    def _saved(self, path: Path) -> None:
        size = path.stat().st_size
        place = f"{path.parent.name}/{path.name}"
        told = f"{size / 1e6:.1f} MB" if size > 1e5 else f"{size / 1e3:.1f} kB"
        said = words(f"Saved as {place} ({told}). ")
        self.told.value = said + (_link(path) if size <= _LINKED else "")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self._tell("Cancelled; nothing was written.")
        else:
            self._tell(str(error) or type(error).__name__)

    def _tell(self, sentence: str) -> None:
        self.told.value = words(sentence) if sentence else ""


def _link(path: Path) -> str:
    """Return a link that holds the file.

    Where the server keeps its files a kernel does not know.
    """
    held = base64.b64encode(path.read_bytes()).decode()
    return (
        f'<a download="{escape(path.name)}" style="{_UNDERLINED}" '
        f'href="data:{_TYPES[path.suffix]};base64,{held}">Download</a>'
    )


def _refill(choice: widgets.Dropdown, options: list[str]) -> None:
    """Offer other options, and keep the choice if it is among them."""
    if list(choice.options) == options:
        return
    kept = choice.value
    choice.options = options
    choice.value = kept if kept in options else options[0]


def _show(part: widgets.Widget, is_shown: bool) -> None:
    part.layout.display = None if is_shown else "none"


def _choice(text: str, options: list[str], pixels: int) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options,
        description=text,
        style=SNUG,
        layout=wide(pixels),
    )


def _count(text: str, value: int, low: int, high: int) -> Any:
    return widgets.BoundedIntText(
        value=value,
        min=low,
        max=high,
        description=text,
        style=SNUG,
        layout=wide(180),
    )


def _button(text: str, tip: str, style: str = "") -> widgets.Button:
    return widgets.Button(
        description=text, tooltip=tip, button_style=style, layout=wide(90)
    )
