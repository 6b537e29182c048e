"""Write an orbit for other tools, as a CCSDS Orbit Ephemeris Message."""

from __future__ import annotations

import datetime as dt
from os import PathLike
from pathlib import Path

import numpy as np
import xarray as xr

from smile_explore.physics import hermite, trajectories

__all__ = ["save_ephemeris"]


def save_ephemeris(
    trajectory: xr.Dataset,
    path: str | PathLike[str],
    *,
    name: str = "SMILE",
    identifier: str = "UNKNOWN",
    overwrite: bool = False,
) -> None:
    """Write a trajectory as an OEM, in GCRF and UTC.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        Along `time`, with inertial velocities as all trajectories here.
    path : str or path-like
        Named ``.oem``.
    name, identifier : str
        Of the object; the identifier is the international designator, such
        as ``1998-067A``.
    overwrite : bool
        Whether a file that is there is replaced.

    Raises
    ------
    ValueError
        If it is no series of known places at increasing times, or the name
        is not of an OEM.
    FileExistsError
        If the file is there and is not to be replaced.

    References
    ----------
    .. [1] CCSDS 502.0-B-3 (2023), Orbit Data Messages, section 5.
    """
    path = Path(path)
    if path.suffix.lower() != ".oem":
        raise ValueError(f"an OEM must be named .oem, got {path.name}")
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} is there already; replace it with overwrite=True"
        )
    time, position, velocity = trajectories.to_inertial(trajectory)
    table = np.concatenate([position, velocity], axis=-1)
    if not time.ndim or not time.size or not np.isfinite(table).all():
        raise ValueError(
            "an OEM needs known positions along time, got "
            f"{int(np.isnan(table).any(-1).sum())} of {time.size} missing"
        )
    if not (np.diff(time) > np.timedelta64(0)).all():
        raise ValueError(
            "the times of an OEM must increase; sort them with .sortby('time')"
        )
    stamps = np.datetime_as_string(time)
    lines = _head(trajectory, stamps, name, identifier)
    for stamp, row in zip(stamps.tolist(), table.tolist(), strict=True):
        place = " ".join(f"{value:.9f}" for value in row[:3])
        speed = " ".join(f"{value:.12f}" for value in row[3:])
        lines.append(f"{stamp} {place} {speed}")
    path.write_text("\n".join(lines) + "\n", "ascii")


def _head(
    trajectory: xr.Dataset, stamps: np.ndarray, name: str, identifier: str
) -> list[str]:
    source = str(trajectory.attrs.get("source", "unknown"))
    plain = source.encode("ascii", "replace").decode().replace("\n", " ")
    degree = min(hermite.DEGREE, 2 * stamps.size - 1)
    return [
        "CCSDS_OEM_VERS = 2.0",
        f"COMMENT source: {plain}",
        f"CREATION_DATE = {dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S}",
        "ORIGINATOR = smile_explore",
        "META_START",
        f"OBJECT_NAME = {name}",
        f"OBJECT_ID = {identifier}",
        "CENTER_NAME = EARTH",
        "REF_FRAME = GCRF",
        "TIME_SYSTEM = UTC",
        f"START_TIME = {stamps[0]}",
        f"STOP_TIME = {stamps[-1]}",
        "INTERPOLATION = HERMITE",
        f"INTERPOLATION_DEGREE = {degree}",
        "META_STOP",
    ]
