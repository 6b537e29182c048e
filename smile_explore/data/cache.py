"""Keep results of long computations on disk, in the user's cache folder.

The cache is never needed: where it cannot be written the caller goes on with
what it has in memory, and is told why in one sentence.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

__all__ = [
    "CacheUnwritable",
    "cached",
    "check_writable",
    "folder",
    "key",
    "load",
    "seal",
    "store",
    "unseal",
]

_LOGGER = logging.getLogger(__name__)
_Result = TypeVar("_Result")
#: Stands before the checksum at the end of a sealed file.
_SEAL = b"\nsha256 "
_SEAL_LENGTH = len(_SEAL) + 64


class CacheUnwritable(OSError):
    """The cache cannot be written; the message is one sentence to show."""


def folder() -> Path:
    """Return the cache folder: ``SMILE_EXPLORE_CACHE``, or the user's own.

    It is absolute, so that a program that changes folders finds it again.
    """
    if chosen := os.environ.get("SMILE_EXPLORE_CACHE"):
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("smile_explore", appauthor=False)


def key(*parts: object) -> str:
    """Return a name made of the content of what a result depends on.

    Parameters
    ----------
    *parts
        Dataclasses, mappings, sequences, numbers, strings, times, arrays, in
        any nesting; include the version of the software.

    Returns
    -------
    key : str
        The same for the same content, in any process and order of mappings.

    Raises
    ------
    TypeError
        If a part has no content that could be written down.
    """
    text = json.dumps(_plain(list(parts)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def load(name: str, *, read: Callable[[Path], _Result]) -> _Result:
    """Return a stored result.

    Parameters
    ----------
    name : str
        As given to `store`.
    read : callable
        Takes a path, returns what `store` was given; raises ValueError or
        OSError on a damaged file.

    Raises
    ------
    KeyError
        If there is none, or it is damaged: then it is removed, and why is
        logged.
    """
    path = folder() / name
    try:
        return read(path)
    except FileNotFoundError:
        raise KeyError(name) from None
    except (ValueError, OSError, KeyError) as error:
        _LOGGER.warning(
            "discarded the damaged cache entry %s: %s", path, error
        )
        try:
            path.unlink(missing_ok=True)
        except OSError as refusal:
            _LOGGER.warning("could not remove %s: %s", path, refusal)
        raise KeyError(name) from error


def store(
    name: str, result: _Result, *, write: Callable[[_Result, Path], object]
) -> Path:
    """Store a result whole or not at all.

    Parameters
    ----------
    name : str
        File name, usually made of `key` and a suffix.
    result : object
        What to store.
    write : callable
        Takes `result` and a path.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    CacheUnwritable
        If the folder cannot be made or written, or the disk is full.
    """
    path = folder() / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=path.parent, prefix=".part-", ignore_cleanup_errors=True
        ) as workshop:
            part = Path(workshop) / path.name
            write(result, part)
            part.replace(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    return path


def check_writable() -> None:
    """Try the folder before a result is made elsewhere to be put there.

    Raises
    ------
    CacheUnwritable
        If the folder cannot be made or written.
    """
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder()):
            pass
    except OSError as error:
        raise _unwritable(folder(), error) from error


def seal(path: Path) -> None:
    """Put the checksum of a file at its end, where NetCDF does not look."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    path.write_bytes(content + _SEAL + digest.encode())


def unseal(path: Path) -> None:
    """Check a sealed file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not as it was sealed.
    """
    content = path.read_bytes()
    body, end = content[:-_SEAL_LENGTH], content[-_SEAL_LENGTH:]
    digest = hashlib.sha256(body).hexdigest()
    if end != _SEAL + digest.encode():
        raise ValueError(f"{path.name} is not as it was stored")


def cached(
    name: str,
    compute: Callable[[], _Result],
    *,
    read: Callable[[Path], _Result],
    write: Callable[[_Result, Path], object],
    warn: Callable[[str], object] = _LOGGER.warning,
) -> _Result:
    """Return the stored result, or compute and store it.

    Parameters
    ----------
    name : str
        File name in the cache.
    compute : callable
        Makes the result; called only when there is none.
    read, write : callable
        As in `load` and `store`.
    warn : callable, optional
        Given one sentence when the result could not be stored.

    Returns
    -------
    result : object
        Also when it could not be stored.
    """
    try:
        return load(name, read=read)
    except KeyError:
        result = compute()
    try:
        store(name, result, write=write)
    except CacheUnwritable as reason:
        warn(str(reason))
    return result


def _unwritable(place: Path, error: OSError) -> CacheUnwritable:
    reason = error.strerror or str(error)
    return CacheUnwritable(
        f"Results are kept in memory only: {place} cannot be written "
        f"({reason}); set SMILE_EXPLORE_CACHE to another folder."
    )


def _plain(part: object) -> Any:
    """Turn a part of a key into what JSON can write, the same each time."""
    if part is None or isinstance(part, str | bool | int | float):
        return part
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        fields = {
            field.name: _plain(getattr(part, field.name))
            for field in dataclasses.fields(part)
        }
        return [type(part).__name__, fields]
    if isinstance(part, Mapping):
        return {str(name): _plain(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(value) for value in part]
    if isinstance(part, np.datetime64):
        return str(part.astype("datetime64[ns]"))
    if isinstance(part, np.generic):
        return part.item()
    if isinstance(part, np.ndarray) and part.dtype != object:
        digest = hashlib.sha256(part.tobytes()).hexdigest()
        return [str(part.dtype), list(part.shape), digest]
    if isinstance(part, Path):
        return str(part)
    if callable(part) and hasattr(part, "__qualname__"):
        return f"{part.__module__}.{part.__qualname__}"
    raise TypeError(
        f"a cache key cannot be made of {type(part).__name__}; give its "
        "content as numbers, strings or a dataclass"
    )
