"""A notebook as a page: its words and its code.

Notebooks are kept without outputs, and most of what they show is widgets,
which need a kernel. The page shows what stands in them, a picture where there
is one of that name in docs/images, and the way to open them.
"""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["page"]

_HOW = """\
:::{{note}}
This is a notebook: `make run`, then open `notebooks/{name}`, and everything
moves. Here stand its words and its code{picture}.
:::
"""


def page(notebook: Path) -> str:
    """Text of the page of a notebook, in Markdown."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    parts = [_cell(cell) for cell in cells]
    heading = next(n for n, part in enumerate(parts) if part.startswith("## "))
    title, _, rest = parts[heading].partition("\n")
    image = notebook.parents[1] / "docs" / "images" / f"{notebook.stem}.png"
    picture = ", and a picture of it" if image.exists() else ""
    front = [title[1:], _HOW.format(name=notebook.name, picture=picture)]
    if image.exists():
        front.append(f"![{title[3:]}](../docs/images/{image.name})")
    front.append(rest.strip())
    body = [*front, *parts[:heading], *parts[heading + 1 :]]
    return "\n\n".join(part.replace("\n### ", "\n## ") for part in body)


def _cell(cell: dict) -> str:
    text = "".join(cell["source"]).strip()
    if cell["cell_type"] == "code":
        return f"```python\n{text}\n```"
    return text.replace("### ", "## ", 1) if text[:4] == "### " else text
