"""What a lesson is made of: controls whose answer is drawn, and questions.

`live` has controls: turn one, and the answer is drawn anew. `question` and
`exercise` judge what is answered.

`ipywidgets.interact` catches what an answer shows, and its errors, in a
widget that notebooks run without a browser sometimes wait for in vain. Here
an answer is a value: words or a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, TypeAlias

import holoviews as hv
import ipywidgets as widgets
from bokeh.layouts import column

import smile_explore.views.style  # noqa: F401  chooses Bokeh to draw
from smile_explore.explorer.figure import Figure, load_bokeh
from smile_explore.explorer.questions import exercise, question
from smile_explore.explorer.work import Cancelled, Worker

__all__ = ["Lesson", "exercise", "live", "question", "show"]

#: HTML, or a HoloViews element or layout.
Answer: TypeAlias = str | hv.core.Dimensioned


def live(
    answer: Callable[..., Answer], **controls: widgets.ValueWidget
) -> Lesson:
    """Return controls above what `answer` makes of them.

    Parameters
    ----------
    answer : callable
        Called with the value of each control, by name; returns HTML or a
        HoloViews element, the same kind each time. It runs beside the
        notebook: the old answer stays until the new one is there.
    **controls : ipywidgets.ValueWidget

    Returns
    -------
    lesson : Lesson
    """
    load_bokeh()
    return Lesson(answer, controls)


def show(picture: hv.core.Dimensioned) -> Figure:
    """Return a picture as a widget, which needs no other computer.

    Parameters
    ----------
    picture : holoviews element or layout
    """
    load_bokeh()
    return Figure(_drawn(picture))


class Lesson(widgets.VBox):
    """What `live` returns; what fails is told in one sentence."""

    def __init__(
        self,
        answer: Callable[..., Answer],
        controls: dict[str, widgets.ValueWidget],
    ) -> None:
        self._answer, self._controls = answer, controls
        self._message = widgets.HTML()
        self._worker = Worker(self._tell)
        first = answer(**self._chosen())
        self._words = widgets.HTML(first if isinstance(first, str) else "")
        self._picture: Any = None
        shown: list[widgets.Widget] = [self._words]
        if not isinstance(first, str):
            self._picture = column(_drawn(first))
            shown = [Figure(self._picture)]
        for control in controls.values():
            control.observe(self._start, names="value")
        super().__init__(
            [widgets.HBox(list(controls.values())), self._message, *shown]
        )

    def _chosen(self) -> dict[str, Any]:
        return {name: one.value for name, one in self._controls.items()}

    def _start(self, _: Any) -> None:
        chosen = self._chosen()
        self._worker.start(
            lambda _: self._answer(**chosen), self._show, self._fail
        )

    def _tell(self, done: int | None, _: int) -> None:
        self._message.value = "" if done is None else "Computing ..."

    def _show(self, answer: Answer) -> None:
        if isinstance(answer, str):
            self._words.value = answer
        else:
            self._picture.children = [_drawn(answer)]

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            words = escape(str(error) or type(error).__name__)
            self._message.value = f'<span role="status">{words}</span>'


def _drawn(answer: Any) -> Any:
    return hv.renderer("bokeh").get_plot(answer).state
