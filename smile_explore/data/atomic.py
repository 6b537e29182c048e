"""Text files that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

from smile_explore.data._whole import whole

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
    with whole(path) as part:
        part.write_text(text, "utf-8")
