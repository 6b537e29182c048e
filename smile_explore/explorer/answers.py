"""How an answer to a question is given, judged and told."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final, Protocol

import ipywidgets as widgets

from smile_explore.explorer.fields import SNUG, number, wide

__all__ = ["Choice", "Form", "Number", "Task"]

#: So near a whole power of ten, only that power is wrong. [decades]
_SAME_FIGURES: Final = 0.025


class Form(Protocol):
    """How an answer is given, judged and told."""

    controls: Mapping[str, Any]

    def given(self) -> Any:
        """Return what is answered, or raise in one sentence."""

    def judge(self, given: Any) -> tuple[bool, str]:
        """Tell whether that is right, and what to say. HTML."""

    def solve(self) -> tuple[str, Mapping[str, Any]]:
        """Return the answer, in HTML, and what to set the controls to."""


class Number:
    """A number in a unit, right within some limit."""

    def __init__(
        self,
        answer: Any,
        unit: str,
        tolerance: float | None,
        percent: float | None,
    ) -> None:
        self._answer, self._unit = answer, unit
        self._tolerance, self._percent = tolerance, percent
        within = f"{percent:g} %" if tolerance is None else f"{tolerance:g}"
        in_unit = f"in {unit}, " if unit else ""
        self._field = widgets.Text(
            description=f"Your answer ({in_unit}± {within}):",
            placeholder="a number",
            style=SNUG,
            layout=wide(360),
        )
        self.controls: Mapping[str, Any] = {"answer": self._field}

    def given(self) -> float:
        """Return the number, which may stand with its unit."""
        text = self._field.value.strip()
        typed = widgets.Text(
            text.removesuffix(self._unit).strip(), description="the answer"
        )
        given = number(typed)
        if given is None or not math.isfinite(given):
            raise ValueError(
                f"Type a number first, such as 12.5 or 3e-5, got {text!r}."
            )
        return given

    def judge(self, given: float) -> tuple[bool, str]:
        """Tell whether it is right, and what to say. HTML."""
        right = self._right()
        limit = self._tolerance
        if limit is None:
            limit = abs(right) * (self._percent or 0.0) / 100.0
        if abs(given - right) <= limit * (1.0 + 1e-9):
            return True, f"Computed here: {self._said()}."
        return False, _power_of_ten(given, right)

    def solve(self) -> tuple[str, Mapping[str, Any]]:
        """Return the answer, and what to set the controls to."""
        return f"{self._said()}.", {}

    def _right(self) -> float:
        if callable(self._answer):
            self._answer = self._answer()
        right = float(self._answer)
        if not math.isfinite(right):
            raise ValueError(
                "The answer could not be computed from what is loaded; run "
                "the cells above again."
            )
        return right

    def _said(self) -> str:
        return f"{self._right():.3g} {self._unit}".strip()


class Choice:
    """One of some choices."""

    def __init__(self, answer: Any, choices: Sequence[str]) -> None:
        if not callable(answer) and answer not in choices:
            raise ValueError(
                f"the answer must be one of {', '.join(choices)}, got "
                f"{answer!r}"
            )
        self._answer, self._choices = answer, list(choices)
        self._field = widgets.RadioButtons(
            options=self._choices,
            index=None,
            description="Your answer:",
            style=SNUG,
            layout=widgets.Layout(width="auto"),
        )
        self.controls: Mapping[str, Any] = {"answer": self._field}

    def given(self) -> str:
        """Return the choice."""
        if self._field.value is None:
            raise ValueError("Choose one of the answers first.")
        return str(self._field.value)

    def judge(self, given: str) -> tuple[bool, str]:
        """Tell whether it is right, and what to say. HTML."""
        return given == self._right(), ""

    def solve(self) -> tuple[str, Mapping[str, Any]]:
        """Return the answer, and what to set the controls to."""
        return f"{escape(self._right())}.", {}

    def _right(self) -> str:
        if callable(self._answer):
            self._answer = self._answer()
        if self._answer not in self._choices:
            raise ValueError(
                f"The answer computed is {self._answer!r}, which is none of "
                "the choices; run the cells above again."
            )
        return str(self._answer)


class Task:
    """Controls to be set so that a judge is content."""

    def __init__(
        self,
        judge: Callable[..., tuple[bool, str]],
        solution: Any,
        controls: Mapping[str, Any],
    ) -> None:
        self._judge, self._solution = judge, solution
        self.controls = controls

    def given(self) -> dict[str, Any]:
        """Return the value of each control."""
        return {name: one.value for name, one in self.controls.items()}

    def judge(self, given: dict[str, Any]) -> tuple[bool, str]:
        """Tell whether it is right, and what to say. HTML."""
        return self._judge(**given)

    def solve(self) -> tuple[str, Mapping[str, Any]]:
        """Return the answer, and what to set the controls to."""
        if callable(self._solution):
            self._solution = self._solution()
        return self._judge(**self._solution)[1], self._solution


def _power_of_ten(given: float, right: float) -> str:
    """Tell who has the right figures that only their power of ten is not."""
    if given * right <= 0.0:
        return ""
    powers = math.log10(given / right)
    if round(powers) == 0 or abs(powers - round(powers)) > _SAME_FIGURES:
        return ""
    return "The figures are right, the power of ten is not: check the units."
