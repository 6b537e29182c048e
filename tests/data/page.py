"""The Python on the page about the archive."""

from __future__ import annotations

import re
from pathlib import Path
from types import CodeType

PAGE = Path(__file__).parents[2] / "docs" / "archive.md"


def block_with(tool: str) -> CodeType:
    """Compile the block of code that imports a tool."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    (found,) = (
        one for one in blocks if re.search(f"^(from|import) {tool}", one, re.M)
    )
    assert found.count("\n") <= 10, f"{tool}: ten lines are enough"
    return compile(found, PAGE.name, "exec")
