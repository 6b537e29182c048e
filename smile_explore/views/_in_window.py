"""Places in space that the window of SMILE shows, in GSM."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.instruments.surroundings import (
    boundary_radii,
    landmark_directions,
    wind_at,
)
from smile_explore.physics import apex, geodesy
from smile_explore.physics.aurora_boundaries import al_from_kp, starkov
from smile_explore.physics.boundaries import surface_points
from smile_explore.views import _polar_map

__all__ = ["places"]

#: Field lines: distance at the equator [R_E], and local time [h].
SHELLS = (4.0, 8.0)
HOURS = np.arange(0.0, 24.0, 3.0)
_GAP = np.full((1, 3), np.nan)
_THETA = np.arange(0.0, 110.1, 2.5)
_MLT = np.linspace(0.0, 24.0, 97)


def places(
    now: xr.Dataset, solar_wind: xr.Dataset, kp: float
) -> dict[str, np.ndarray]:
    """Return lines and marks, each (place, component) with gaps of NaN.

    Parameters
    ----------
    now : xarray.Dataset (POINTING)
        Of one moment.
    solar_wind : xarray.Dataset (SOLAR_WIND)
    kp : float
        For the oval.
    """
    time = np.datetime64(now["time"].item(), "ns")
    driver = wind_at(solar_wind, now["time"])
    tilt = float(frames.dipole_tilt(time))
    theta, phi = np.array(landmark_directions(tilt)).T
    marks = surface_points(
        boundary_radii(theta, phi, driver, tilt)[0], theta, phi
    )
    return {
        "field lines": _field_lines(time, driver, tilt),
        "limb": _limb(now["position"].values),
        **_boundaries(driver, tilt),
        **_on_earth(time, kp),
        "nose": marks[:1],
        "cusps": marks[1:],
    }


def _field_lines(
    time: np.datetime64, driver: xr.Dataset, tilt: float
) -> np.ndarray:
    """Lines of a dipole as far as the magnetopause."""
    lines = []
    for shell in SHELLS:
        lowest = np.arccos(np.sqrt(1.0 / shell))
        latitude = np.linspace(-lowest, lowest, 41)
        angle = np.radians(15.0 * (HOURS[:, None] - 12.0))
        across = shell * np.cos(latitude) ** 3
        line = np.stack(
            [
                across * np.cos(angle),
                across * np.sin(angle),
                shell * np.cos(latitude) ** 2 * np.sin(latitude) + 0 * angle,
            ],
            axis=-1,
        )
        lines += [
            np.pad(one, ((0, 1), (0, 0)), constant_values=np.nan)
            for one in line
        ]
    local = np.concatenate(lines)
    points = local @ frames.matrices(time, of="SM", to="GSM").T
    x, y, z = points.T
    limit, _ = boundary_radii(
        np.degrees(np.arctan2(np.hypot(y, z), x)),
        np.degrees(np.arctan2(z, y)),
        driver,
        tilt,
    )
    inside = np.linalg.norm(points, axis=-1) < limit
    return np.where(inside[:, None], points, np.nan)


def _limb(position: np.ndarray) -> np.ndarray:
    """Return the circle on the ground beyond which SMILE does not see."""
    radius = np.linalg.norm(position)
    up = position / radius
    side = np.cross(up, [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    around = np.linspace(0.0, 2.0 * np.pi, 73)[:, None]
    ring = np.cos(around) * side + np.sin(around) * np.cross(up, side)
    return up / radius + np.sqrt(1.0 - 1.0 / radius**2) * ring


def _boundaries(driver: xr.Dataset, tilt: float) -> dict[str, np.ndarray]:
    """Both boundaries in the noon meridian and in the equator."""
    phi = np.array([[90.0], [-90.0], [0.0], [180.0]])
    found = {}
    for name, radius in zip(
        ("magnetopause", "bow shock"),
        boundary_radii(_THETA, phi, driver, tilt),
        strict=True,
    ):
        arms = surface_points(radius, _THETA, phi)
        found[name] = np.concatenate(
            [
                arms[0][::-1],
                arms[1],
                _GAP,
                arms[2][::-1],
                arms[3],
            ]
        )
    return found


def _on_earth(time: np.datetime64, kp: float) -> dict[str, np.ndarray]:
    """Coastlines and terminator on the ground, the oval at 110 km."""
    oval = starkov(_MLT, al=float(al_from_kp(kp)))
    mlat = np.r_[oval["poleward"].values, np.nan, oval["equatorward"].values]
    mlon = apex.longitude(np.r_[_MLT, 0.0, _MLT], time)
    known = np.isfinite(mlat)
    aurora = np.full((2, mlat.size), np.nan)
    aurora[:, known] = apex.geographic(mlat[known], mlon[known], time)
    to_gsm = frames.matrices(time, of="GEO", to="GSM").T
    return {
        name: geodesy.cartesian(place[0], place[1], height) @ to_gsm
        for name, place, height in (
            ("coastlines", _polar_map.coasts(), 0.0),
            ("terminator", _polar_map.sunset(time), 0.0),
            ("aurora", aurora, apex.HEIGHT),
        )
    }
