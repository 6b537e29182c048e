"""The polar cap inside the oval: its shape, its open flux, and the power.

The flux that the rim encloses is open to the solar wind. It grows as the
dayside opens more, and shrinks as the tail closes it in a substorm: the
expanding and contracting polar cap.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics.polar_cap import AURORA_HEIGHT, opening_rate
from smile_explore.physics.solar_wind import newell_coupling
from smile_explore.physics.ultraviolet import SCALE, auroral_radiance, slant
from smile_explore.retrieval import _oval_shape
from smile_explore.retrieval._uv_checks import check_choice
from smile_explore.schema import (
    FLUX_BUDGET,
    OVAL,
    POLAR_CAP,
    SOLAR_WIND,
    UV_MAP,
)

__all__ = ["fit", "flux_budget", "hemispheric_power", "rim"]


def fit(
    oval: xr.Dataset, *, edge: str = "poleward", shape: str = "circle"
) -> xr.Dataset:
    """Lay a circle or an ellipse through an edge, and give the flux inside.

    Parameters
    ----------
    oval : xarray.Dataset (OVAL)
    edge : {"poleward", "equatorward"}
    shape : {"circle", "ellipse"}
        With a centre of its own, on a plane of colatitude and local time.

    Returns
    -------
    cap : xarray.Dataset (POLAR_CAP)
        NaN, and the reason in ``status``, with too few edges. Of the
        poleward edge a centre farther than 8 deg from the pole and a radius
        out of 10 to 23 deg are ``doubtful``, after ref. [1]_.

    Raises
    ------
    ValueError
        If there is no such edge or shape.

    Notes
    -----
    The edge of the light stands for that of the open field lines. Particles
    put that about a degree away, differently at each local time (Longden et
    al. 2010); the uncertainties are those of the fit, without it.

    References
    ----------
    .. [1] Chisham (2017), https://doi.org/10.1002/2016JA023235.
    """
    OVAL.check(oval)
    check_choice("edge", edge, ("poleward", "equatorward"))
    check_choice("shape", shape, ("circle", "ellipse"))
    mlt = oval["mlt"].values

    def one(mlat: np.ndarray, error: np.ndarray) -> Any:
        return tuple(
            _oval_shape.fit(
                mlt,
                mlat,
                error,
                ellipse=shape == "ellipse",
                judged=edge == "poleward",
            )
        )

    columns = xr.apply_ufunc(
        one,
        oval[edge],
        oval[f"{edge}_uncertainty"],
        input_core_dims=[["mlt"]] * 2,
        output_core_dims=[[]] * len(_oval_shape.Shape._fields),
        output_dtypes=[*[float] * 8, int, float, float, object],
        vectorize=True,
    )
    names = _oval_shape.Shape._fields
    cap = xr.Dataset(dict(zip(names, columns, strict=True)))
    cap["status"] = cap["status"].astype(str)
    cap.attrs = {"edge": edge, "shape": shape}
    return POLAR_CAP.stamp(cap)


def rim(cap: xr.Dataset, mlt: Any) -> xr.DataArray:
    """Magnetic latitude of a fitted shape at some local times.

    Parameters
    ----------
    cap : xarray.Dataset (POLAR_CAP)
    mlt : array_like
        [h]

    Returns
    -------
    mlat : xarray.DataArray, (..., mlt)
        [deg]
    """
    POLAR_CAP.check(cap)
    hours = np.atleast_1d(np.asarray(mlt, dtype=float))
    names = list(_oval_shape.Shape._fields[:5])
    colatitude = xr.apply_ufunc(
        lambda *shape: _oval_shape.rim(shape, hours),
        *(cap[name] for name in names),
        output_core_dims=[["mlt"]],
        vectorize=True,
    )
    mlat = (90.0 - colatitude).assign_coords(mlt=hours).rename("mlat")
    mlat.attrs = {"units": "deg", "long_name": "modified apex latitude"}
    return mlat


def flux_budget(
    cap: xr.Dataset, solar_wind: xr.Dataset, *, window: float = 20.0
) -> xr.Dataset:
    """Rate of change of the open flux, beside what the solar wind opens.

    Parameters
    ----------
    cap : xarray.Dataset (POLAR_CAP)
        A series along `time`.
    solar_wind : xarray.Dataset (SOLAR_WIND)
        At the magnetopause; its mean over the window is taken.
    window : float
        Length of the interval over which a straight line gives the rate.
        [min]

    Returns
    -------
    budget : xarray.Dataset (FLUX_BUDGET)
        At the times of `cap`. ``closing`` is what is opened less the rate,
        flux that reconnection in the tail closes. NaN where a window holds
        fewer than three polar caps, or no solar wind.

    Raises
    ------
    ValueError
        If there is no series, or the window is not positive.

    References
    ----------
    .. [1] Milan et al. (2012), https://doi.org/10.1029/2011JA017082.
    """
    POLAR_CAP.check(cap)
    SOLAR_WIND.check(solar_wind)
    if not window > 0:
        raise ValueError(f"window must be positive, got {window} min")
    if "time" not in cap["flux"].dims:
        raise ValueError("a rate needs a series of polar caps, got one")
    minutes = _minutes(cap["time"].values, cap["time"].values[0])
    rate, error = _slopes(
        minutes, cap["flux"].values, cap["flux_uncertainty"].values, window
    )
    wind = {
        name: _averaged(values, minutes, cap["time"].values[0], window)
        for name, values in _coupling(solar_wind).items()
    }
    budget = xr.Dataset(
        {
            "flux": cap["flux"],
            "rate": ("time", rate / 60.0),
            "rate_uncertainty": ("time", error / 60.0),
            "opening": ("time", wind["opening"]),
            "closing": ("time", wind["opening"] - rate / 60.0),
            "coupling": ("time", wind["coupling"]),
        }
    )
    budget.attrs["window"] = f"{window:g} min"
    return FLUX_BUDGET.stamp(budget)


def hemispheric_power(
    uv_map: xr.Dataset,
    oval: xr.Dataset,
    *,
    mean_energy: float = 4.0,
    scale: float = SCALE,
) -> xr.DataArray:
    """Power of the precipitation that makes the light between the edges.

    Parameters
    ----------
    uv_map : xarray.Dataset (UV_MAP)
        Of UVI, without dayglow; another band has another yield.
    oval : xarray.Dataset (OVAL)
        Its edges; sectors without add nothing, so that the power is a lower
        limit where ``oval.found`` is below 24.
    mean_energy : float
        **An assumption**, for one band does not tell it: of the electrons.
        The yield is within 10 % of that at 4 keV from 1 to 9 keV. [keV]
    scale : float
        Of the yield, see `physics.ultraviolet.SCALE`.

    Returns
    -------
    power : xarray.DataArray
        NaN without an oval. [GW]

    Raises
    ------
    ValueError
        If the mean energy or the scale is not positive.

    Notes
    -----
    The slant of the sight is divided out where the map has its zenith angle.
    Cells have the area of a sphere 110 km up; magnetic cells of the real
    field depart from it by some per cent.
    """
    UV_MAP.check(uv_map)
    OVAL.check(oval)
    if not mean_energy > 0:
        raise ValueError(
            f"mean_energy must be positive, got {mean_energy} keV"
        )
    each = float(auroral_radiance(1.0, mean_energy, scale=scale))
    radiance = uv_map["radiance"]
    if "view_zenith_angle" in uv_map:
        view = np.cos(np.radians(uv_map["view_zenith_angle"]))
        radiance = radiance / xr.apply_ufunc(slant, view, mean_energy)
    hour = xr.DataArray(
        np.floor(uv_map["mlt"].values % 24.0) + 0.5, dims="mlt"
    )
    low, high = (
        oval[name].sel(mlt=hour).assign_coords(mlt=uv_map["mlt"])
        for name in ("equatorward", "poleward")
    )
    mlat = uv_map["mlat"]
    lit = radiance.where((mlat >= low) & (mlat <= high))
    steps = [np.gradient(uv_map[name].values) for name in ("mlat", "mlt")]
    radius = (EARTH_RADIUS + AURORA_HEIGHT) * 1e3
    area = (
        radius**2
        * np.cos(np.radians(mlat))
        * xr.DataArray(np.radians(steps[0]), dims="mlat")
        * xr.DataArray(np.radians(steps[1] * 15.0), dims="mlt")
    )
    flux = lit / each * 1e-3
    power = (flux * area).sum(["mlat", "mlt"], min_count=1) * 1e-9
    power.attrs = {"units": "GW", "long_name": "hemispheric power"}
    return power.rename("power")


def _coupling(solar_wind: xr.Dataset) -> dict[str, xr.DataArray]:
    velocity, field = solar_wind["velocity"], solar_wind["magnetic_field"]
    speed = np.sqrt((velocity**2).sum("component", skipna=False))
    by, bz = (field.sel(component=name, drop=True) for name in "yz")
    return {
        "opening": opening_rate(speed, by, bz),
        "coupling": newell_coupling(speed, by, bz),
    }


def _minutes(times: np.ndarray, start: np.datetime64) -> np.ndarray:
    return (times - start) / np.timedelta64(1, "m")


def _averaged(
    values: xr.DataArray,
    minutes: np.ndarray,
    start: np.datetime64,
    window: float,
) -> np.ndarray:
    """Mean over the window about each of some times."""
    at = _minutes(values["time"].values, start)
    near = np.abs(at - minutes[:, None]) <= window / 2.0
    near &= np.isfinite(values.values)
    count = near.sum(-1)
    total = near @ np.nan_to_num(values.values)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _slopes(
    minutes: np.ndarray, flux: np.ndarray, error: np.ndarray, window: float
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted straight lines through the neighbours of each sample."""
    good = np.isfinite(flux) & (error > 0)
    near = np.abs(minutes - minutes[:, None]) <= window / 2.0
    scale = float(np.median(error[good])) if good.any() else 1.0
    weight = near * np.where(good, (scale / np.where(good, error, 1)) ** 2, 0)
    value = np.where(good, flux, 0.0)
    total = weight.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = weight @ minutes / total
        mean = weight @ value / total
        away = minutes - middle[:, None]
        square = (weight * away**2).sum(-1)
        slope = (weight * away * (value - mean[:, None])).sum(-1) / square
        rest = value - mean[:, None] - slope[:, None] * away
        count = (weight > 0).sum(-1)
        misfit = (weight * rest**2).sum(-1) / np.maximum(count - 2, 1)
        spread = np.sqrt(np.maximum(misfit, scale**2) / square)
    enough = count >= 3
    return np.where(enough, slope, np.nan), np.where(enough, spread, np.nan)
