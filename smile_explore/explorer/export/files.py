"""Where exported files go, and what they are called."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

from smile_explore.explorer.panels import Shown

__all__ = ["FOLDER", "folder_for", "new_file"]

#: Beside the notebook.
FOLDER: Final = "smile_explore_exports"


def folder_for(around: Path | None = None) -> Path:
    """Return the folder of exports, made if need be.

    Parameters
    ----------
    around : path, optional
        Where it lies, by default the working directory: the notebook's.

    Raises
    ------
    OSError
        If it can neither be found nor made, and what to do.
    """
    around = around or Path.cwd()
    folder = around / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OSError(
            f"the folder {folder} cannot be made ({error.strerror}); start "
            "the notebook in a folder where files may be written"
        ) from error
    return folder


def new_file(
    folder: Path,
    shown: Shown,
    what: str,
    suffix: str,
    *,
    until: np.datetime64 | None = None,
) -> Path:
    """Return a name that no file has: event, panel or view, and time.

    Parameters
    ----------
    folder : path
    shown : Shown
    what : str
        Name of the panel or of the view.
    suffix : str
        ``".png"``
    until : numpy.datetime64, optional
        End of a stretch of time that begins at the time shown.
    """
    times = [shown.time] if until is None else [shown.time, until]
    parts = [shown.observations.event.name, what, *map(_stamp, times)]
    stem = "_".join(re.sub(r"[^\w.-]+", "-", part) for part in parts)
    names = (
        folder / f"{stem}{f'_{number}' if number > 1 else ''}{suffix}"
        for number in count(1)
    )
    return next(name for name in names if not name.exists())


def _stamp(time: np.datetime64) -> str:
    """Return a time for a file's name: ``20120616T222400``."""
    text = str(np.datetime_as_string(time, unit="s"))
    return text.replace("-", "").replace(":", "")
