"""Files that are there whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

__all__ = ["write_text"]


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all; its folder is made if need be.

    Parameters
    ----------
    path : pathlib.Path
        A file of this name is replaced.
    text : str

    Raises
    ------
    OSError
        If it cannot be written; what was there before is kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=path.parent, prefix=".part-", ignore_cleanup_errors=True
    ) as workshop:
        part = Path(workshop) / path.name
        part.write_text(text, "utf-8")
        part.replace(path)
