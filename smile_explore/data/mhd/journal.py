"""What of a store is written already, kept so that a kill costs one step.

The unfinished store lies in a folder beside its place, ``NAME.part``: the
store without its root, so that nothing opens it, and the journal, one JSON
object a line, written to disk before the next step begins. When all is there
and has the sizes that the journal says, the root is put in and the store is
renamed into its place.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["Journal", "locked", "parts", "written"]

_NAME = "journal.jsonl"


class Journal:
    """What is done, and a way to note more.

    Parameters
    ----------
    folder : pathlib.Path
        That of the unfinished store.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        lines = written(folder)
        # What a kill cut short must not stand before the next line.
        whole = "".join(json.dumps(line) + "\n" for line in lines)
        if self._path.exists():
            os.truncate(self._path, len(whole.encode()))
        self.plan: dict[str, Any] | None = lines[0] if lines else None
        self.digests = {
            line["source"]: line["sha256"]
            for line in lines
            if "source" in line
        }
        self.steps = {
            line["step"]: line["bytes"] for line in lines if "step" in line
        }

    def begin(self, plan: dict[str, Any]) -> None:
        """Note what is to be made."""
        self._note(plan)
        self.plan = plan

    def source(self, number: int, sha256: str) -> None:
        """Note the content of a source that is read from now on."""
        self._note({"source": number, "sha256": sha256})
        self.digests[number] = sha256

    def step(self, number: int, size: int) -> None:
        """Note that a step is written, and how many bytes it takes."""
        self._note({"step": number, "bytes": size})
        self.steps[number] = size

    def _note(self, line: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


def written(folder: Path) -> list[dict[str, Any]]:
    """Read the whole lines of a journal; none where there is no journal."""
    lines: list[dict[str, Any]] = []
    with contextlib.suppress(FileNotFoundError):
        text = (folder / _NAME).read_text(encoding="utf-8")
        for line in text.splitlines(keepends=True):
            if not line.endswith("\n"):
                break
            lines.append(json.loads(line))
    return lines


def parts(store: Path) -> Path:
    """Return the folder in which a store is made."""
    return store.with_name(f"{store.name}.part")


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder and keep other processes out, as long as we live.

    Raises
    ------
    BlockingIOError
        If another process is at work in it.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            import fcntl
        except ImportError:  # Windows has no such locks
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BlockingIOError(
                f"another process is making {folder.stem}: wait for it, or "
                "choose another name"
            ) from None
        yield
