"""What the teacher's page says of each lesson, read for tests."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "teaching.md"
#: The explorer itself is no lesson.
LESSONS = sorted(
    path
    for path in (ROOT / "notebooks").glob("*.ipynb")
    if path.stem != "event_explorer"
)
#: So much of a question tells it from all others of a lesson. [characters]
_TOLD_APART = 40


@dataclass(frozen=True)
class Lesson:
    """A section of the page: what it says by heading, and its answers."""

    told: dict[str, str]
    answers: dict[str, str]


def lessons() -> dict[str, Lesson]:
    """Return what the page says, by the name of the notebook."""
    sections = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.M)
    return {
        found[1]: Lesson(
            dict(re.findall(r"^- \*\*(.+?):\*\* (.+)", section, re.M)),
            {
                key(asked): answer
                for asked, answer in re.findall(
                    r"^\d+\. (.+?) \*\*(.+?)\*\*", section, re.M
                )
            },
        )
        for section in sections
        if (found := re.search(r"notebooks/(\w+)\.ipynb", section))
        and "**Goals:**" in section
    }


def key(question: str) -> str:
    """Return what tells a question apart."""
    return html.unescape(re.sub(r"<[^>]+>", "", question))[:_TOLD_APART]
