"""A question of a lesson, answered as a student does."""

from __future__ import annotations

import pytest

from tests.browser.test_jupyterlab import notebook

pytestmark = pytest.mark.browser

QUESTION = """\
from smile_explore.explorer.lesson import question

question(
    "How far is the nose?",
    answer=lambda: 7.86,
    unit="R_E",
    tolerance=0.1,
    hint="Pressure pushes.",
)
"""


def test_a_question_is_answered_by_typing_and_enter(lab):
    lab.open_notebook(notebook(QUESTION))
    lab.run_all()
    field = lab.page.get_by_label("Your answer (in R_E, ± 0.1):")
    status = lab.outputs().get_by_role("status").last

    for wrong in ("1", "2", "3"):
        field.fill(wrong)
        field.press("Enter")
        status.get_by_text("Pressure pushes").wait_for()
        lab.page.wait_for_timeout(300)
    look = lab.page.get_by_role("button", name="Show the answer")
    look.click()
    status.get_by_text("7.86 R_E").wait_for()
    lab.screenshot("shown")

    field.fill("7,9 R_E")
    lab.page.get_by_role("button", name="Check", exact=True).click()
    status.get_by_text("Right").wait_for()
