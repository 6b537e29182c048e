"""A notebook as a page: its words, its code, and pictures of what it shows.

Notebooks are kept without outputs, and most of what they show is widgets,
which need a kernel. The pictures are those of docs/images/lessons, which
`tools/build_lesson_pictures.py` takes, by number of the cell.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

__all__ = ["page"]

_HOW = """\
:::{{note}}
This is a notebook: `make run`, then open `notebooks/{name}`, and everything
moves. Here stand its words, its code, and pictures of what it shows.
:::
"""


def page(notebook: Path) -> str:
    """Text of the page of a notebook, in Markdown."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    parts = [_cell(cell, n, notebook) for n, cell in enumerate(cells)]
    heading = next(n for n, part in enumerate(parts) if part[:2] == "# ")
    title, _, rest = parts.pop(heading).partition("\n")
    front = [title, _HOW.format(name=notebook.name), rest.strip()]
    return "\n\n".join([*front, *parts])


def _cell(cell: dict, number: int, notebook: Path) -> str:
    text = "".join(cell["source"]).strip()
    if cell["cell_type"] == "code":
        return f"```python\n{text}\n```{_picture(number, notebook)}"
    # a page begins one level higher than a notebook
    return re.sub(r"^#(#+ )", r"\1", text, flags=re.M)


def _picture(number: int, notebook: Path) -> str:
    name = f"docs/images/lessons/{notebook.stem}_{number}.png"
    if not (notebook.parents[1] / name).exists():
        return ""
    return f"\n\n![What this cell shows](../{name})"
