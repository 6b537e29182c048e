"""What is around SMILE: the solar wind, and the boundaries it makes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.instruments._vectors import length
from smile_explore.physics import boundaries
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import COMPONENTS, SOLAR_WIND, TRAJECTORY

__all__ = [
    "LANDMARKS",
    "NOMINAL",
    "REGIONS",
    "boundary_radii",
    "landmark_directions",
    "landmarks",
    "regions",
    "wind_at",
]

#: That SXI is pointed at or near.
LANDMARKS: Final = ("nose", "north cusp", "south cusp")
#: From the outside in.
REGIONS: Final = ("solar wind", "magnetosheath", "magnetosphere")
#: The solar wind where none is given: means at 1 au, 6.6 cm-3, 450 km/s and 7
#: nT along the spiral (Hundhausen 1995, in: Kivelson and Russell,
#: Introduction to Space Physics, table 4.1), Bz 0.
NOMINAL: Final = SOLAR_WIND.stamp(
    xr.Dataset(
        {
            "density": 6.6,
            "velocity": ("component", [-450.0, 0.0, 0.0]),
            "temperature": 10.0,
            "magnetic_field": ("component", [-5.0, 5.0, 0.0]),
            "dynamic_pressure": wind.dynamic_pressure(6.6, 450.0),
        },
        {"component": list(COMPONENTS)},
        {"source": "mean solar wind at 1 au, not of a day"},
    )
)

# A measured wind this old still stands for its moment.
_TOLERANCE = np.timedelta64(10, "m")


def landmarks(solar_wind: xr.Dataset, dipole_tilt: Any) -> xr.DataArray:
    """Places of the nose and of both cusps on the magnetopause.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
    dipole_tilt : float or xarray.DataArray
        [deg]

    Returns
    -------
    places : xarray.DataArray
        Along `landmark` and `component`, GSM; a cusp is where the
        magnetopause of Lin et al. (2010) is indented most. [R_E]
    """
    tilt = 0.0 * solar_wind["dynamic_pressure"] + dipole_tilt
    theta, phi = (
        xr.concat(angle, xr.Variable("landmark", list(LANDMARKS)))
        for angle in zip(*landmark_directions(tilt), strict=True)
    )
    radius, _ = boundary_radii(theta, phi, solar_wind, tilt)
    return boundaries.surface_points(radius, theta, phi)


def landmark_directions(dipole_tilt: Any) -> list[tuple[Any, Any]]:
    """Return theta and phi of each landmark, as of `boundary_radii`. [deg].

    The cusps are those of Lin et al. (2010).
    """
    open_angle, lean = boundaries.LIN_COEFFICIENTS[19:21]
    level, middle = 0.0 * dipole_tilt, np.degrees(open_angle)
    return [
        (level, level),
        (middle + lean * dipole_tilt, level + 90.0),
        (middle - lean * dipole_tilt, level - 90.0),
    ]


def boundary_radii(
    theta: Any, phi: Any, solar_wind: xr.Dataset, dipole_tilt: Any
) -> tuple[Any, Any]:
    """Distances of magnetopause and bow shock in some directions.

    Parameters
    ----------
    theta, phi : array_like
        From +X, and from +Y toward +Z, GSM. [deg]
    solar_wind : xarray.Dataset (SOLAR_WIND)
    dipole_tilt : float or xarray.DataArray
        [deg]

    Returns
    -------
    magnetopause, bow_shock
        Lin et al. (2010) and Jelinek et al. (2012). [R_E]
    """
    field = solar_wind["magnetic_field"]
    driver = [
        solar_wind["dynamic_pressure"],
        length(field),
        field.sel(component="z", drop=True),
    ]
    if not any(one.ndim for one in driver):
        # numbers: for numpy angles the answer is numpy, and much faster
        driver = [one.item() for one in driver]
    pressure, strength, bz = driver
    magnetopause = boundaries.lin_magnetopause(
        theta,
        phi,
        pressure,
        wind.magnetic_pressure(strength),
        bz,
        dipole_tilt=dipole_tilt,
    )
    return magnetopause, boundaries.jelinek_bow_shock(theta, pressure)


def wind_at(solar_wind: xr.Dataset, time: xr.DataArray) -> xr.Dataset:
    """Return the solar wind of some moments; NaN where it is not known.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Of one moment, which stands for all, or along `time`.
    time : xarray.DataArray
        One moment, or several.
    """
    needed = solar_wind[["dynamic_pressure", "magnetic_field"]]
    if "component" not in needed.coords:
        needed = needed.assign_coords(component=list(COMPONENTS))
    if "time" not in solar_wind.dims:
        return needed.drop_vars("time", errors="ignore")
    found = needed.reindex(
        time=np.atleast_1d(time.values),
        method="nearest",
        tolerance=_TOLERANCE,  # type: ignore[arg-type]
    )
    return found if time.ndim else found.isel(time=0)


def regions(
    trajectory: xr.Dataset, *, solar_wind: xr.Dataset = NOMINAL
) -> xr.Dataset:
    """Tell which boundaries a spacecraft is outside of, and how far.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM or GSE, with `time`.
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Of one moment, or along `time`.

    Returns
    -------
    regions : xarray.Dataset
        `region`, one of `REGIONS` or empty where it is not known;
        `outside_magnetopause`, `outside_bow_shock` and their ``_margin``
        [R_E], along the radius; and `dipole_tilt` [deg].

    Raises
    ------
    ValueError
        If the trajectory has no time or is in another frame.
    """
    TRAJECTORY.check(trajectory)
    SOLAR_WIND.check(solar_wind)
    position = _position(trajectory)
    time = position["time"]
    tilt = xr.DataArray(
        frames.dipole_tilt(time.values), {"time": time}, time.dims
    )
    driver = wind_at(solar_wind, time)
    around = _regions(position, driver, tilt) | {"dipole_tilt": tilt}
    return xr.Dataset(around).drop_vars("component", errors="ignore")


def _position(trajectory: xr.Dataset) -> xr.DataArray:
    """Return the position in GSM."""
    position = trajectory["position"]
    frame = position.attrs.get("frame", "GSM")
    if "time" not in position.coords or frame not in ("GSM", "GSE"):
        named = ", ".join(map(str, position.coords)) or "none"
        raise ValueError(
            "a trajectory must be in GSM or GSE, with a time; got "
            f"{frame} with the coordinates {named}"
        )
    return frames.rotate(position, to="GSM")


def _regions(
    position: xr.DataArray, driver: xr.Dataset, tilt: xr.DataArray
) -> dict[str, xr.DataArray]:
    """Tell what SMILE is outside of."""
    x, y, z = (position.isel(component=i, drop=True) for i in range(3))
    theta = np.degrees(np.arctan2(np.hypot(y, z), x))
    phi = np.degrees(np.arctan2(z, y))
    radii = boundary_radii(theta, phi, driver, tilt)
    inner, outer = (length(position) - radius for radius in radii)
    region = np.select(
        [inner <= 0.0, outer <= 0.0, outer > 0.0],
        list(REGIONS[::-1]),
        default="",
    )
    return {
        "region": inner.copy(data=region).assign_attrs({}),
        "outside_magnetopause": inner > 0.0,
        "outside_magnetopause_margin": inner,
        "outside_bow_shock": (inner > 0.0) & (outer > 0.0),
        "outside_bow_shock_margin": outer,
    }
