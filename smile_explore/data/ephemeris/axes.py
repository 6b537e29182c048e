"""Frames as files name them, and the way from there into GEI."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.physics import clocks
from smile_explore.schema import COMPONENTS

__all__ = ["known", "teme_to_gei", "to_gei"]

#: What CCSDS (SANA) and STK call the frames known here. GCRF, ICRF and
#: EME2000 differ by 23 mas, which is 14 m at 20 R_E.
_NAMES: Final = {
    "GEI": "GEI",
    "GCRF": "GEI",
    "ICRF": "GEI",
    "EME2000": "GEI",
    "J2000": "GEI",
    "GEO": "GEO",
    "FIXED": "GEO",
    "GSE": "GSE",
    "GSM": "GSM",
    "SM": "SM",
    "MAG": "MAG",
    "TEME": "TEME",
}
# To either side, for the rate at which axes turn. [s]
_APART = 10


def known(frame: str) -> str:
    """Return our name for a frame of a file.

    Raises
    ------
    ValueError
        If there is none.
    """
    plain = frame.upper().replace("-", "").replace("_", "")
    if plain.startswith(("ITRF", "WGS84")):
        return "GEO"
    if plain.startswith(("GCRF", "ICRF")):
        return "GEI"
    if plain not in _NAMES:
        raise ValueError(
            f"its frame {frame!r} is unknown; the known ones are ITRF, "
            f"{', '.join(_NAMES)}"
        )
    return _NAMES[plain]


def to_gei(
    time: np.ndarray,
    position: np.ndarray,
    velocity: np.ndarray | None,
    frame: str,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Turn places into GEI, with velocities that belong to its axes.

    In a frame that turns, the velocity of a file is the rate of change of
    the coordinates; the motion of the axes is added to it.

    Parameters
    ----------
    time : numpy.ndarray of datetime64[ns]
    position : numpy.ndarray (times, 3)
        [km]
    velocity : numpy.ndarray (times, 3) or None
        [km s-1]
    frame : str

    Returns
    -------
    position, velocity : numpy.ndarray (times, 3)
    """
    frame = known(frame)
    if frame == "GEI":
        return position, velocity
    if frame == "TEME":
        matrix = teme_to_gei(time)
        place = np.einsum("tij,tj->ti", matrix, position)
        if velocity is None:
            return place, None
        return place, np.einsum("tij,tj->ti", matrix, velocity)
    place = _rotated(time, position, frame)
    if velocity is None:
        return place, None
    ahead, behind = (
        _rotated(time + step * np.timedelta64(_APART, "s"), position, frame)
        for step in (1, -1)
    )
    moved = (ahead - behind) / (2.0 * _APART)
    return place, _rotated(time, velocity, frame) + moved


def _rotated(time: np.ndarray, vector: np.ndarray, frame: str) -> np.ndarray:
    array = xr.DataArray(
        vector,
        {"time": time, "component": list(COMPONENTS)},
        ("time", "component"),
        attrs={"frame": frame},
    )
    return frames.rotate(array, to="GEI").values


def teme_to_gei(time: np.ndarray) -> np.ndarray:
    """Matrices from the axes of SGP4, true equator and mean equinox of date.

    Parameters
    ----------
    time : numpy.ndarray of datetime64[ns]
        UTC.

    Returns
    -------
    matrix : numpy.ndarray (times, 3, 3)

    References
    ----------
    .. [1] Vallado et al. (2006), Revisiting Spacetrack Report #3, AIAA
       2006-6753, appendix C, https://doi.org/10.2514/6.2006-6753
    """
    import erfa

    start = np.datetime64("2000-01-01T12")
    day = np.timedelta64(1, "D")
    # UT1 = UTC: it enters both angles, and their difference hardly moves
    ut1 = (2451545.0, (time - start) / day)
    tt = (2451545.0, (clocks.from_utc(time, clock="TT") - start) / day)
    angle = erfa.gmst82(*ut1) - erfa.gst06a(*ut1, *tt)
    of_date = erfa.pnm06a(*tt)
    into_date = erfa.rz(angle, np.broadcast_to(np.eye(3), of_date.shape))
    return np.swapaxes(of_date, -1, -2) @ into_date
