"""The aurora on a magnetic grid: precipitation, and its ultraviolet light.

A model of the aurora is a function ``model(driver, mlat, mlt)`` that returns
an AURORA dataset; `zhang_paxton` is one, with Kp as its driver, and
`from_precipitation` makes one of an energy flux and a mean energy. Whatever
has that form can be seen by UVI.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.physics._checks import check_positive
from smile_explore.physics._zhang_paxton import (
    LOWEST_LATITUDE,
    hemispheric_power,
    precipitation,
)
from smile_explore.physics.apex import HEIGHT
from smile_explore.physics.geodesy import EQUATORIAL_RADIUS, POLAR_RADIUS
from smile_explore.physics.kp import check_kp
from smile_explore.physics.ultraviolet import SCALE, auroral_radiance
from smile_explore.schema import AURORA

__all__ = [
    "LOWEST_LATITUDE",
    "AuroraModel",
    "from_precipitation",
    "grid",
    "power",
    "zhang_paxton",
    "zhang_paxton_power",
]

#: ``model(driver, mlat, mlt) -> AURORA``
AuroraModel: TypeAlias = Callable[[Any, ArrayLike, ArrayLike], xr.Dataset]


def grid(
    *,
    step_mlat: float = 0.5,
    step_mlt: float = 0.25,
    lowest: float = LOWEST_LATITUDE,
) -> tuple[np.ndarray, np.ndarray]:
    """Centres of the cells of a magnetic grid.

    Parameters
    ----------
    step_mlat, step_mlt : float
        Size of a cell, made a little smaller where it does not divide the
        range. [deg, h]
    lowest : float
        Equatorward edge. [deg]

    Returns
    -------
    mlat, mlt : numpy.ndarray
        [deg, h]

    Raises
    ------
    ValueError
        If a step is not positive or the edge is not below 90 deg.
    """
    check_positive(step_mlat=step_mlat, step_mlt=step_mlt)
    if not -90.0 <= lowest < 90.0:
        raise ValueError(
            f"the lowest latitude must be within -90 to 90 deg, got {lowest:g}"
        )
    rows = int(np.ceil((90.0 - lowest) / step_mlat - 1e-9))
    columns = int(np.ceil(24.0 / step_mlt - 1e-9))
    mlat = lowest + (np.arange(rows) + 0.5) * (90.0 - lowest) / rows
    return mlat, (np.arange(columns) + 0.5) * 24.0 / columns


def zhang_paxton(
    kp: Any, mlat: ArrayLike, mlt: ArrayLike, *, scale: float = SCALE
) -> xr.Dataset:
    """Mean aurora at a Kp, from four years of GUVI images.

    Parameters
    ----------
    kp : float or xarray.DataArray
        Geomagnetic activity, 0 to 9; measured, or from the solar wind by
        `kp.newell`. Its dimensions, such as `time`, lead the result.
    mlat, mlt : array_like
        Axes of the grid, increasing, such as those of `grid`. [deg, h]
    scale : float
        Of the brightness, see `ultraviolet.SCALE`.

    Returns
    -------
    aurora : xarray.Dataset (AURORA)
        NaN within 40 deg of the equator, and where Kp is NaN.

    Raises
    ------
    ValueError
        If a Kp is outside 0-9, or an axis does not increase.

    Notes
    -----
    A mean over many passes: wider, smoother and fainter than any aurora at
    one moment, without arcs or substorms. The energy flux on the whole
    hemisphere is 3 to 5 percent below the paper's own formula for its power
    (5 percent above it at Kp 9).

    References
    ----------
    .. [1] Zhang and Paxton (2008), An empirical Kp-dependent global auroral
       model based on TIMED/GUVI FUV data,
       https://doi.org/10.1016/j.jastp.2008.03.008
    """
    check_kp(kp)
    kp = xr.DataArray(kp).astype(float)
    lat, lt = (np.array(axis, dtype=float).reshape(-1) for axis in (mlat, mlt))
    flux, energy = precipitation(kp.values, lat, lt)
    dims = (*kp.dims, "mlat", "mlt")
    aurora = xr.Dataset(
        {"energy_flux": (dims, flux), "mean_energy": (dims, energy)},
        coords={**kp.coords, "mlat": lat, "mlt": lt, "kp": kp},
    )
    return from_precipitation(
        aurora, scale=scale, model="Zhang and Paxton (2008)"
    )


def from_precipitation(
    electrons: xr.Dataset, *, scale: float = SCALE, model: str = "own"
) -> xr.Dataset:
    """Give precipitating electrons their ultraviolet light.

    Parameters
    ----------
    electrons : xarray.Dataset
        With `energy_flux` [mW m-2] and `mean_energy` [keV] on mlat, mlt.
    scale : float
        Of the brightness, see `ultraviolet.SCALE`.
    model : str
        Name of where the electrons come from, kept in the attributes.

    Returns
    -------
    aurora : xarray.Dataset (AURORA)

    Raises
    ------
    ValueError
        If a variable is missing, or the scale is not positive.
    """
    missing = {"energy_flux", "mean_energy"} - set(electrons.data_vars)
    if missing:
        raise ValueError(
            f"electrons lack {', '.join(sorted(missing))}; they must have "
            "energy_flux [mW m-2] and mean_energy [keV] on mlat, mlt"
        )
    light = auroral_radiance(
        electrons["energy_flux"], electrons["mean_energy"], scale=scale
    )
    return AURORA.stamp(
        electrons.assign(radiance=light).assign_attrs(model=model, scale=scale)
    )


def power(aurora: xr.Dataset) -> xr.DataArray:
    """Energy flux on the whole grid, the hemispheric power.

    Parameters
    ----------
    aurora : xarray.Dataset (AURORA)
        On an evenly spaced grid of cells, whose centres its axes are.

    Returns
    -------
    power : xarray.DataArray
        At a height of 110 km. [GW]

    Raises
    ------
    ValueError
        If an axis has fewer than two cells or there is no energy flux.
    """
    AURORA.check(aurora)
    if "energy_flux" not in aurora:
        raise ValueError(
            "the power needs energy_flux [mW m-2], which this aurora lacks; "
            "it may be a measured one, of light alone"
        )
    step = {}
    for name in ("mlat", "mlt"):
        if aurora.sizes[name] < 2:
            raise ValueError(
                f"the power needs at least two cells along {name}, got "
                f"{aurora.sizes[name]}"
            )
        step[name] = float(aurora[name].diff(name).mean())
    radius = (2.0 * EQUATORIAL_RADIUS + POLAR_RADIUS) / 3.0 + HEIGHT
    area = (
        np.cos(np.radians(aurora["mlat"]))
        * np.radians(step["mlat"])
        * np.radians(15.0 * step["mlt"])
        * radius**2
    )
    # mW m-2 on km2 is 1e3 W
    total = (aurora["energy_flux"] * area).sum(("mlat", "mlt")) * 1e-6
    total.attrs = {"units": "GW", "long_name": "hemispheric power"}
    return total.rename("power")


def zhang_paxton_power(kp: Any) -> Any:
    """Hemispheric power at a Kp, the formula of Zhang and Paxton (2008).

    Parameters
    ----------
    kp : array_like
        0 to 9.

    Returns
    -------
    power : array_like
        [GW]
    """
    check_kp(kp)
    return hemispheric_power(np.asarray(kp, dtype=float))
