"""Files and folders that are there whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["check_around", "refuse_to_replace", "whole"]


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a place to write to, which is moved to `path` at the end.

    Parameters
    ----------
    path : str or path-like
        A file, or a folder that is not there or empty.

    Yields
    ------
    part : pathlib.Path
        Of the same name, beside the target: the last step is a rename on
        one disk. After an exception nothing of it is left.

    Raises
    ------
    FileNotFoundError, PermissionError
        If the folder around it is not there, or cannot be written.
    OSError
        If the disk is full.
    """
    path = Path(path)
    check_around(path)
    try:
        place = tempfile.TemporaryDirectory(
            dir=path.parent, prefix=".part-", ignore_cleanup_errors=True
        )
    except OSError as error:
        raise _unwritten(path, error) from error
    with place as workshop:
        part = Path(workshop) / path.name
        try:
            yield part
            if part.is_dir() and path.is_dir():
                path.rmdir()
            part.replace(path)
        except OSError as error:
            raise _unwritten(path, error) from error


def check_around(path: Path) -> None:
    """Refuse a path whose folder is not there, or cannot be written.

    Raises
    ------
    FileNotFoundError, PermissionError
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"{path} cannot be written: the folder {path.parent} does not "
            "exist; make it, or choose another"
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(
            f"{path} cannot be written: nothing may be written into the "
            f"folder {path.parent}; choose another"
        )


def _unwritten(path: Path, error: OSError) -> OSError:
    cause = error.__cause__  # of a file in a folder
    if not isinstance(cause, OSError):
        cause = error
    reason = cause.strerror or str(cause).splitlines()[0]
    # libraries that count bytes, or say "HDF error", give no number
    full = cause.errno in (None, errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
    ask = "; is the disk full?" if full else ""
    return OSError(f"{path} cannot be written: {reason}{ask}")


def refuse_to_replace(
    path: str | os.PathLike[str], *, overwrite: bool
) -> None:
    """Refuse a file that is there, unless it may be replaced.

    Raises
    ------
    FileExistsError
    """
    if Path(path).exists() and not overwrite:
        raise FileExistsError(
            f"{path} is there already; replace it with overwrite=True"
        )
