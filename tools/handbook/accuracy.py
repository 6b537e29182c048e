"""One page of every figure that says how right something is.

The tables are taken out of the pages that explain them, so that each number
stands in one place of the repository.
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["page"]

ROOT = Path(__file__).resolve().parents[2]
#: What is measured: page, first words of the line above its table.
TABLES = (
    ("Magnetopause in X-ray images", "requirement", "## At the required flux"),
    ("The truth in a simulation", "requirement", "## What is the truth in"),
    ("Masks of the magnetosphere", "masks", "Measured from"),
    ("Edges of the cusp", "cusp", "**Measured** by"),
    ("Brightness and counts of SXI", "sxi", "## How bright, how many"),
    ("Moments of ions", "ions", "## Errors without noise"),
    ("Dayglow taken out of a UVI image", "oval", "height of the Sun (SZA)"),
    ("Edges of the oval through UVI", "oval", "## What comes of it"),
    ("Oval and polar cap in IMAGE WIC", "oval", "**15 real images**"),
    ("Orbit over a year", "orbit", "**Measured** by"),
    ("Forces that are left out", "orbit", "**What remains**"),
    ("Arrival of an ejection", "sun", "## What comes of it"),
)
_FRONT = """\
# How right it is

Figures by which to judge what this package says, each with the page that
tells how it was measured and what it does not show. Nothing here is from
SMILE in flight: the truth is a simulation, a closed form, another program or
another mission's images, as each page says.
"""


def page() -> str:
    """Text of the page, in Markdown."""
    parts = [_FRONT]
    for title, name, mark in TABLES:
        text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
        heading = re.match(r"# (.+)", text)[1]
        parts.append(f"## {title}\n\nFrom [{heading}](docs/{name}.md).")
        parts.append(table(text, mark))
    return "\n\n".join(parts) + "\n"


def table(text: str, mark: str) -> str:
    """Return the first table that follows a mark.

    Raises
    ------
    ValueError
        If the mark or a table after it is missing: the page has changed.
    """
    start = text.find(mark)
    # a mark may stand in the head of its table
    start = text.rfind("\n", 0, start) + 1 if start >= 0 else start
    found = re.search(r"(?:^\|.*\n)+", text[start:], re.M)
    if start < 0 or found is None:
        raise ValueError(
            f"no table follows {mark!r}: name its new place in "
            "tools/handbook/accuracy.py"
        )
    return found[0].strip()
