"""Questions of a lesson whose answers are judged.

What is right is computed from the data of the lesson, so that it stays right
when they change. Who is wrong gets a hint, and after some tries may look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import ipywidgets as widgets

from smile_explore.explorer.answers import Choice, Form, Number, Task
from smile_explore.explorer.fields import words
from smile_explore.explorer.work import Cancelled, Worker

__all__ = ["Question", "exercise", "question"]

#: So many wrong answers, and the right one may be seen.
_TRIES: Final = 3
_RIGHT, _WRONG = "#00704F", "#9A5B00"


def question(
    text: str,
    *,
    answer: float | str | Callable[[], float | str],
    choices: Sequence[str] | None = None,
    unit: str = "",
    tolerance: float | None = None,
    percent: float | None = None,
    hint: str,
    why: str = "",
) -> Question:
    """Ask for a number, or for one of some choices.

    Parameters
    ----------
    text : str
        The question. HTML.
    answer : float, str or callable
        What is right, or what computes it when it is first needed.
    choices : sequence of str, optional
        To choose from; without them a number is asked for.
    unit : str, optional
        Of the number.
    tolerance, percent : float, optional
        How far off a number may be, in its unit or in percent of what is
        right; one of the two.
    hint : str
        What is said to those who are wrong; it should not give the answer
        away. HTML.
    why : str, optional
        How the answer comes about, said with it. HTML.

    Returns
    -------
    question : Question

    Raises
    ------
    ValueError
        If neither or both of `tolerance` and `percent` are given for a
        number, or one for choices; or if the answer is no choice.
    """
    limits = [one for one in (tolerance, percent) if one is not None]
    if choices is None:
        if len(limits) != 1 or not limits[0] > 0.0:
            raise ValueError(
                "a question for a number needs tolerance= or percent=, one "
                f"of them and positive, got {tolerance} and {percent}"
            )
        form: Form = Number(answer, unit, tolerance, percent)
    else:
        if limits or unit:
            raise ValueError(
                "choices have no unit, tolerance or percent; leave them out"
            )
        form = Choice(answer, choices)
    return Question(text, form, hint=hint, why=why)


def exercise(
    text: str,
    /,
    *,
    judge: Callable[..., tuple[bool, str]],
    solution: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    hint: str,
    why: str = "",
    **controls: widgets.ValueWidget,
) -> Question:
    """Ask for a setting of controls that meets what is asked.

    Parameters
    ----------
    text : str
        What is asked. HTML.
    judge : callable
        Called with the value of each control, by name; returns whether that
        is right, and what came out, in HTML. What it raises is told, and is
        no try.
    solution : mapping or callable
        A value for each control that is right, or what finds them.
    hint, why
        As in `question`.
    **controls : ipywidgets.ValueWidget

    Returns
    -------
    question : Question
    """
    return Question(text, Task(judge, solution, controls), hint=hint, why=why)


class Question(widgets.VBox):
    """What `question` and `exercise` return.

    Parameters
    ----------
    text, hint, why : str
    form : object
        Its `controls` are shown, and it knows what is right.

    Attributes
    ----------
    right : bool
        Whether what was checked last was right.
    controls : mapping of str to ipywidgets.ValueWidget
    """

    def __init__(self, text: str, form: Form, *, hint: str, why: str) -> None:
        self.text, self.right = text, False
        self.controls = form.controls
        self._form, self._hint, self._why = form, hint, why
        self._wrong: list[Any] = []
        self.message = widgets.HTML('<span role="status"></span>')
        self._worker = Worker(self._tell)
        self._button = widgets.Button(
            description="Check", tooltip="Check my answer"
        )
        self._button.on_click(lambda _: self.check())
        self._look = widgets.Button(
            description="Show the answer", layout={"display": "none"}
        )
        self._look.on_click(lambda _: self.reveal())
        for control in self.controls.values():
            if isinstance(control, widgets.Text):
                control.on_msg(self._entered)
        super().__init__(
            [
                widgets.HTML(f"<b>Question.</b> {text}"),
                *self.controls.values(),
                widgets.HBox([self._button, self._look]),
                self.message,
            ],
            layout=widgets.Layout(
                border_left="4px solid #0072B2",
                padding="2px 0 6px 12px",
                max_width="760px",
            ),
        )

    def check(self) -> None:
        """Judge what is answered now."""
        try:
            given = self._form.given()
        except ValueError as error:
            self.message.value = words(str(error))
            return
        self._worker.start(
            lambda _: self._form.judge(given),
            lambda verdict: self._judged(given, *verdict),
            self._fail,
        )

    def reveal(self) -> None:
        """Show what is right."""
        self._worker.start(
            lambda _: self._form.solve(), self._show, self._fail
        )

    def _judged(self, given: Any, right: bool, said: str) -> None:
        self.right = right
        if right:
            self._say("✓ Right.", _RIGHT, said, self._why)
            return
        if given not in self._wrong:
            self._wrong.append(given)
        if len(self._wrong) >= _TRIES:
            self._look.layout.display = ""
        self._say("Not yet.", _WRONG, said, f"<i>Hint:</i> {self._hint}")

    def _show(self, solved: tuple[str, Mapping[str, Any]]) -> None:
        said, values = solved
        for name, value in values.items():
            self.controls[name].value = value
        self._say("The answer:", "inherit", said, self._why)

    def _say(self, verdict: str, colour: str, *parts: str) -> None:
        rest = " ".join(part for part in parts if part)
        self.message.value = (
            '<div role="status" style="line-height: 1.45">'
            f'<b style="color: {colour}">{verdict}</b> {rest}</div>'
        )

    def _tell(self, done: int | None, _: int) -> None:
        if done is not None:
            self.message.value = words("Checking ...")

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.message.value = words(str(error) or type(error).__name__)

    def _entered(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("event") == "submit":  # Enter, in a field for a line
            self.check()
