"""The sample data that ship with the package, each checked before use."""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

__all__ = ["find", "manifest", "names", "path"]

_FOLDER = Path(__file__).parent
_REMEDY = (
    "restore it with `git checkout -- smile_explore/data/samples` in a clone, "
    "or reinstall smile-explore"
)


@lru_cache(maxsize=1)
def manifest() -> dict[str, dict[str, Any]]:
    """Return what is shipped: ``what``, ``bytes``, ``sha256`` by file name."""
    return tomllib.loads((_FOLDER / "manifest.toml").read_text("utf-8"))


def names() -> tuple[str, ...]:
    """Return the file names of the samples."""
    return tuple(manifest())


def path(name: str) -> Path:
    """Return the path of a sample, after checking that it is undamaged.

    Parameters
    ----------
    name : str
        File name of the sample, one of `names`.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    ValueError
        If there is no sample of this name.
    OSError
        If its file is missing, cut short or damaged; the message names it and
        says how to get it back.

    Notes
    -----
    The size is compared first, the sha256 once per process and version of
    the file (25 ms for the largest sample).
    """
    if name not in manifest():
        raise ValueError(
            f"there is no sample {name!r}; the samples are "
            f"{', '.join(names())}"
        )
    entry = manifest()[name]
    file = _FOLDER / name
    if not file.is_file():
        raise FileNotFoundError(f"the sample {file} is missing; {_REMEDY}")
    state = file.stat()
    if state.st_size != entry["bytes"]:
        raise OSError(
            f"the sample {file} is damaged: it has {state.st_size} bytes "
            f"instead of {entry['bytes']}; {_REMEDY}"
        )
    if _sha256(file, state.st_mtime_ns) != entry["sha256"]:
        raise OSError(
            f"the sample {file} is damaged: its sha256 is not the one in "
            f"manifest.toml; {_REMEDY}"
        )
    return file


def find(source: str | PathLike[str]) -> Path:
    """Return the path of a sample if `source` is one, else `source` itself.

    Raises
    ------
    OSError
        If it is a sample, and damaged.
    """
    return path(str(source)) if str(source) in manifest() else Path(source)


@lru_cache(maxsize=64)
def _sha256(file: Path, modified: int) -> str:  # noqa: ARG001 (a cache key)
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
