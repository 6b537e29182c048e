"""Save observations in one NetCDF file, and open them again as they were.

Each dataset is a group of the file; the event stands as JSON in the
attributes of the root. `export` writes the files that other tools want.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

import smile_explore
from smile_explore.data import _export, _netcdf, policy
from smile_explore.data._export import INSTRUMENTS, Progress
from smile_explore.observations import (
    Event,
    Fact,
    Known,
    Observations,
    Run,
)

__all__ = ["INSTRUMENTS", "can_export", "export", "open", "save"]

_FORMAT = "smile_explore observations 1"
_GROUPS = tuple(
    field.name
    for field in dataclasses.fields(Observations)
    if field.name != "event"
)
#: Instruments that files written before them lack.
_LATER = frozenset(
    field.name
    for field in dataclasses.fields(Observations)
    if field.default_factory is not dataclasses.MISSING
)
_TIMES = ("start", "stop", "focus")


def save(observations: Observations, path: str | PathLike[str]) -> Path:
    """Write observations to one NetCDF file, whole or not at all.

    Parameters
    ----------
    observations : Observations
        Lazy datasets are computed.
    path : str or path-like
        File to write; one of the same name is replaced.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    TypeError
        If `observations` are none, or an attribute cannot be stored.
    OSError
        If the file cannot be written.
    """
    _check(observations, "saved")
    path = Path(path)
    event = observations.event
    told = policy.netcdf(policy.of_observations(observations))
    _netcdf.write_groups(
        {name: getattr(observations, name) for name in _GROUPS},
        path,
        {
            "format": _FORMAT,
            "software": f"smile_explore {smile_explore.__version__}",
            "title": f"SMILE in the event {event.name}: {event.title}",
            "event": json.dumps(_event_to_plain(event)),
            **told,
        },
    )
    return path


def export(
    observations: Observations,
    folder: str | PathLike[str],
    *,
    instruments: Sequence[str] = INSTRUMENTS,
    progress: Progress | None = None,
) -> list[Path]:
    """Write all files of an event into a folder, whole or not at all.

    Images of SXI and UVI with their pointing as FITS, maps of the aurora,
    its oval and the polar cap as NetCDF, distributions and moments of LIA
    and the field of MAG as CDF, crossings as CSV, and all of it as the file
    that `save` writes. ``manifest.json`` lists the files with their SHA-256
    and what they were made of; ``README.txt`` says it in words. The policy
    (`data.policy`) stands in every file.

    Parameters
    ----------
    observations : Observations
    folder : str or path-like
        Not there, or empty; the folder around it is there.
    instruments : sequence of str
        Some of `INSTRUMENTS`; the others are left out of the file of
        observations too.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels, and
        nothing is left.

    Returns
    -------
    paths : list of pathlib.Path
        An instrument that saw nothing has no file.

    Raises
    ------
    TypeError
        If `observations` are none, or `instruments` one text.
    ValueError
        If an instrument is none of SMILE's, or a dataset cannot be kept.
    FileExistsError
        If the folder has files in it, or is one.
    OSError
        If it cannot be written.
    """
    _check(observations, "exported")
    return _export.write(
        observations,
        Path(folder).absolute(),
        instruments=can_export(folder, instruments=instruments),
        progress=progress,
        save=save,
    )


def can_export(
    folder: str | PathLike[str], *, instruments: Sequence[str] = INSTRUMENTS
) -> tuple[str, ...]:
    """Refuse at once what `export` would refuse after minutes of work.

    Parameters
    ----------
    folder, instruments
        As `export` takes them.

    Returns
    -------
    instruments : tuple of str
        Each once, in the order of `INSTRUMENTS`.

    Raises
    ------
    TypeError, ValueError, FileExistsError, OSError
        As `export`.
    """
    _export.check_folder(Path(folder).absolute())
    return _export.checked_instruments(instruments)


def open(path: str | PathLike[str]) -> Observations:  # noqa: A001
    """Open observations that `save` wrote.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    observations : Observations
        Read into memory; the file is closed again.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged, partly written, or no file of observations.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file of observations at {path}")
    try:
        told, groups = _netcdf.attributes_of(path)
        if told.get("format") == _FORMAT:
            datasets = {
                name: _netcdf.read_group(path, name)
                for name in _GROUPS
                if name not in _LATER - groups
            }
            event = _event_from_plain(told["event"])
            return Observations(event=event, **datasets)
    except (OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is damaged or only partly written "
            f"({_netcdf.clause(error)}); save the observations again"
        ) from error
    raise ValueError(
        f"{path} holds no observations of smile_explore: its format is "
        f"{told.get('format')!r} instead of {_FORMAT!r}"
    )


def _check(observations: object, done: str) -> None:
    if not isinstance(observations, Observations):
        raise TypeError(
            f"only Observations can be {done}, got "
            f"{type(observations).__name__}"
        )


def _event_to_plain(event: Event) -> dict[str, Any]:
    plain = dataclasses.asdict(event)
    for name in _TIMES:
        plain[name] = str(plain[name])
    plain["moments"] = {k: str(v) for k, v in plain["moments"].items()}
    return plain


def _event_from_plain(text: str) -> Event:
    plain = json.loads(text)
    for name in _TIMES:
        plain[name] = np.datetime64(plain[name])
    plain["moments"] = {
        name: np.datetime64(time) for name, time in plain["moments"].items()
    }
    plain["runs"] = tuple(Run(**run) for run in plain["runs"])
    for name in ("origin", "facts"):
        plain[name] = tuple(Fact(**fact) for fact in plain[name])
    plain["references"] = tuple(plain["references"])
    # files written before events knew the Sun lack it
    plain["sun"] = tuple(Known(**one) for one in plain.get("sun", ()))
    return Event(**plain)
