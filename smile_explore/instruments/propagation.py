"""The orbit under the pull of Sun, Moon and the flattened Earth.

For a plan of weeks to a year; `orbit.trajectory` is enough for one event.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.constants import EARTH_GRAVITY, EARTH_RADIUS, LIGHT_SPEED
from smile_explore.instruments._kepler import SMILE, Elements, kepler
from smile_explore.physics import clocks, geodesy, solar_system, trajectories

__all__ = [
    "AREA_TO_MASS",
    "PERTURBATIONS",
    "REENTRY_ALTITUDE",
    "REFLECTIVITY",
    "ZONAL_HARMONICS",
    "propagate",
]

#: What may disturb the orbit.
PERTURBATIONS: Final = ("j2", "j3", "j4", "moon", "sun", "radiation")
#: J2, J3, J4 of EGM96, tide free, without the norm: Lemoine et al. (1998),
#: NASA/TP-1998-206861. They go with `geodesy.EQUATORIAL_RADIUS`, which is
#: 0.7 m more than EGM96's.
ZONAL_HARMONICS: Final = {
    "j2": 1.082626684e-3,
    "j3": -2.532656e-6,
    "j4": -1.619622e-6,
}
#: Cross-section over mass of SMILE. **An assumption**: 12 m2, bus and panels,
#: and 2200 kg; neither is published for the orbit. [m2 kg-1]
AREA_TO_MASS: Final = 0.0055
#: 1 absorbs the light, 2 reflects it back. **An assumption**.
REFLECTIVITY: Final = 1.3
#: Below this the orbit ends. There is no drag here, which already matters
#: below some 600 km. **An assumption**. [km]
REENTRY_ALTITUDE: Final = 120.0

# Total irradiance, Kopp and Lean (2011), https://doi.org/10.1029/2010GL045777
_SUNLIGHT = 1360.8  # [W m-2]
# Cubics through Sun and Moon at this spacing are within 2 m.
_STEP = 10_800.0  # [s]
_TOLERANCE = 1e-12


def propagate(
    times: ArrayLike,
    *,
    start: Elements | xr.Dataset = SMILE,
    perturbations: tuple[str, ...] = ("j2", "moon", "sun"),
    area_to_mass: float = AREA_TO_MASS,
    reflectivity: float = REFLECTIVITY,
) -> xr.Dataset:
    """Position and velocity of a spacecraft on a disturbed orbit.

    Parameters
    ----------
    times : datetime64, array_like or xarray.DataArray
        One time or a series, in any order, before or after the start, UTC.
    start : Elements or xarray.Dataset (TRAJECTORY)
        The orbit at its perigee time, or position and velocity at one time.
    perturbations : tuple of str
        Some of ``j2, j3, j4, moon, sun, radiation``; none for a Kepler
        orbit.
    area_to_mass : float
        For ``radiation``. [m2 kg-1]
    reflectivity : float
        For ``radiation``: from 1, black, to 2, a mirror.

    Returns
    -------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM, like that of `orbit.trajectory`. NaN beyond a time, before or
        after the start, at which the spacecraft comes below
        `REENTRY_ALTITUDE`; ``attrs["ended"]`` then says when.

    Raises
    ------
    TypeError
        If `start` is neither elements nor a trajectory.
    ValueError
        If a time is missing (NaT), a perturbation is unknown, the start is
        not one known place in free fall outside Earth, or the numbers for
        ``radiation`` are not positive.

    Notes
    -----
    Integrated in GCRS with DOP853 at a relative tolerance of 1e-12. Earth's
    axis follows precession and nutation; Sun and Moon are those of
    `solar_system`. Left out: drag, harmonics that turn with Earth, tides,
    relativity and planets. docs/orbit.md tells what remains.

    For an event years from the perigee time, give elements whose
    `perigee_time` is near it: Sun and Moon may bring the orbit down between.

    References
    ----------
    .. [1] Montenbruck and Gill (2000), Satellite Orbits, sections 3.2 to 3.4,
       https://doi.org/10.1007/978-3-642-58351-3
    """
    time = trajectories.time_series(times)
    _check(perturbations, area_to_mass, reflectivity)
    epoch, state = _state(start)
    since = _seconds(time, epoch)
    push = area_to_mass * reflectivity if "radiation" in perturbations else 0.0
    forces = _forces(perturbations, push)
    found, ended = _integrated(state, np.atleast_1d(since), epoch, forces)
    found = found.reshape(*time.shape, 6)
    told: dict[str, Any] = {
        "source": "numerical integration",
        "perturbations": ", ".join(perturbations) or "none",
        "start": _described(start, epoch),
    }
    if ended:
        told["ended"] = ", ".join(ended)
    return trajectories.from_inertial(
        time, found[..., :3], found[..., 3:], **told
    )


def _check(
    perturbations: tuple[str, ...], area_to_mass: float, reflectivity: float
) -> None:
    if isinstance(perturbations, str):
        raise ValueError(
            "perturbations must be a tuple of names, got the text "
            f"{perturbations!r}; write ({perturbations!r},)"
        )
    if unknown := [one for one in perturbations if one not in PERTURBATIONS]:
        raise ValueError(
            f"unknown perturbation {unknown[0]!r}; the known ones are "
            f"{', '.join(PERTURBATIONS)}"
        )
    if not (area_to_mass > 0.0 and reflectivity > 0.0):
        raise ValueError(
            "area_to_mass and reflectivity must be positive, got "
            f"{area_to_mass:g} m2 kg-1 and {reflectivity:g}"
        )


def _state(start: Elements | xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return the time at the start, and position and velocity in GEI."""
    if isinstance(start, Elements):
        epoch = np.asarray(start.perigee_time, dtype="datetime64[ns]")
        position, velocity = kepler(epoch, start)
        return epoch, np.concatenate([position, velocity])
    if not isinstance(start, xr.Dataset):
        raise TypeError(
            "start must be Elements or a trajectory at one time, got "
            f"{type(start).__name__}"
        )
    time, position, velocity = trajectories.to_inertial(start)
    if time.size != 1:
        raise ValueError(
            f"start must be a trajectory at one time, got {time.size}; "
            "choose one with .isel(time=0)"
        )
    state = np.concatenate([position.ravel(), velocity.ravel()])
    low = np.linalg.norm(state[:3]) < EARTH_RADIUS + REENTRY_ALTITUDE
    if low or not np.isfinite(state).all():
        raise ValueError(
            "start must be a known place and velocity more than "
            f"{REENTRY_ALTITUDE:g} km above ground, got "
            f"{np.round(state[:3])} km and {np.round(state[3:], 3)} km s-1"
        )
    return time.reshape(()), state


def _described(start: Elements | xr.Dataset, epoch: np.ndarray) -> str:
    if isinstance(start, Elements):
        return str(start)
    source = start.attrs.get("source", "a trajectory")
    return f"{source} at {_date(epoch, 0.0)}"


def _seconds(time: np.ndarray, epoch: np.ndarray) -> np.ndarray:
    """Seconds since the epoch, leap seconds counted."""
    even = clocks.from_utc(time, clock="TT")
    start = clocks.from_utc(epoch, clock="TT")
    return (even - start) / np.timedelta64(1, "s")


def _forces(
    perturbations: tuple[str, ...], push: float
) -> tuple[np.ndarray, np.ndarray]:
    """Strength of each force, and the zonal harmonics up to the last."""
    pressure = _SUNLIGHT / LIGHT_SPEED * solar_system.ASTRONOMICAL_UNIT**2
    forces = np.array(
        [
            EARTH_GRAVITY,
            solar_system.MOON_GRAVITY * ("moon" in perturbations),
            solar_system.SUN_GRAVITY * ("sun" in perturbations),
            # from m s-2 to km s-2
            1e-3 * push * pressure,
            geodesy.EQUATORIAL_RADIUS,
        ]
    )
    zonals = [
        value * (name in perturbations)
        for name, value in ZONAL_HARMONICS.items()
    ]
    return forces, np.trim_zeros(np.array(zonals), "b")


def _integrated(
    state: np.ndarray,
    since: np.ndarray,
    epoch: np.ndarray,
    forces: tuple[np.ndarray, np.ndarray],
) -> tuple[np.ndarray, list[str]]:
    """Integrate to times after the epoch, and to those before it."""
    from smile_explore.instruments import _propagation_kernel as kernel

    found = np.full((since.size, 6), np.nan)
    told = (*_tables(since, epoch), *forces)
    least = EARTH_RADIUS + REENTRY_ALTITUDE
    ended = []
    order = np.argsort(np.abs(since), kind="stable")
    for rows in (order[since[order] >= 0.0], order[since[order] < 0.0]):
        if not rows.size:
            continue
        part = np.full((rows.size, 6), np.nan)
        how, last, _ = kernel.integrate(
            state, since[rows], _TOLERANCE, least, told, part
        )
        found[rows] = part
        if how == kernel.STUCK:
            raise ValueError(
                "the orbit cannot be followed beyond "
                f"{_date(epoch, last)}: it comes too close to Earth or Moon"
            )
        if how == kernel.ENDED:
            ended.append(_date(epoch, last))
    return found, ended


def _date(epoch: np.ndarray, since: float) -> str:
    moment = np.datetime64(epoch.item(), "ns")
    moment = moment + np.timedelta64(round(since), "s")
    return str(moment.astype("datetime64[s]"))


def _tables(
    since: np.ndarray, epoch: np.ndarray
) -> tuple[np.ndarray, float, float]:
    """Piecewise cubics of Moon, Sun and pole; their start and spacing [s]."""
    from scipy.interpolate import CubicSpline

    first = np.floor(min(since.min(initial=0.0), 0.0) / _STEP) - 2
    last = np.ceil(max(since.max(initial=0.0), 0.0) / _STEP) + 2
    grid = np.arange(first, last + 1) * _STEP
    even = clocks.from_utc(epoch, clock="TT") + (
        np.rint(grid).astype("timedelta64[s]")
    )
    utc = clocks.to_utc(even, clock="TT")
    bodies = (
        solar_system.moon_position(utc),
        solar_system.sun_position(utc),
        solar_system.pole_direction(utc),
    )
    tables = [CubicSpline(grid, body).c.transpose(1, 0, 2) for body in bodies]
    return np.ascontiguousarray(tables), float(grid[0]), _STEP
