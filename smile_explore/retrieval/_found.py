"""From a fitted surface to the dataset that is returned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.instruments import camera
from smile_explore.retrieval import _tangent_fit
from smile_explore.retrieval._families import PRIORS, Family
from smile_explore.schema import MAGNETOPAUSE

#: Angles at which the surface found is given. [deg]
ANGLES: Final = np.arange(0.0, 91.0, 2.5)
#: What is taken for granted, by family.
ASSUMPTIONS: Final = {
    "lin": (
        "a surface of Lin et al. (2010) at IMF Bz = 0, with its cusps, for "
        "the pressure that puts the nose there, times (2 / (1 + cos "
        "theta))^a with a = {:g} +- {:g} before the image"
    ),
    "shue": (
        "an axisymmetric surface r0 (2 / (1 + cos theta))^a without cusps, "
        "with a = {:g} +- {:g} before the image"
    ),
}


def one(
    brightness: xr.DataArray,
    pointing: xr.Dataset,
    quantity: str,
    family: Family,
) -> dict[str, Any]:
    """Fit one image: all that is returned of one time, by name."""
    values = brightness.values.astype(np.float64)
    missing = np.isnan(values)
    if missing.all():
        return nothing("SXI is off: the image has no values", family)
    if quantity == "counts" and missing.any():
        raise _tangent_fit.NoMagnetopause(
            f"counts must not be NaN, {missing.sum()} of {missing.size} "
            f"pixels are; leave them out of the image"
        )
    ways = camera.unproject(
        brightness["fov_lon"], brightness["fov_lat"], pointing
    ).transpose("fov_lat", "fov_lon", "component")
    position = pointing["position"].values.astype(np.float64)
    surface = _tangent_fit.fit(
        values.ravel(), ways.values.reshape(-1, 3), position, quantity, family
    )
    azimuth = float(np.degrees(np.arctan2(position[2], position[1])))
    stretch = np.log(2 / (1 + np.cos(np.radians(ANGLES))))
    radius = surface.standoff * np.exp(
        family.log_shape(
            ANGLES,
            np.full_like(ANGLES, azimuth),
            standoff=surface.standoff,
            flaring=surface.flaring,
        )
    )
    weights = np.stack([np.ones_like(stretch), stretch])
    variance = np.einsum("ia,ij,ja->a", weights, surface.covariance, weights)
    spread = radius * np.sqrt(variance)
    in_view = surface.widest >= ANGLES
    return {
        "radius": np.where(in_view, radius, np.nan),
        "uncertainty": np.where(in_view, spread, np.nan),
        "standoff": surface.standoff,
        "standoff_uncertainty": spread[0],
        "flaring": surface.flaring,
        "flaring_uncertainty": float(np.sqrt(surface.covariance[1, 1])),
        "azimuth": azimuth,
        "dipole_tilt": family.dipole_tilt,
        "converged": surface.converged,
        "status": "found",
    }


def nothing(reason: str, family: Family) -> dict[str, Any]:
    """Return the same names for an image in which nothing is found."""
    nan = np.full(ANGLES.size, np.nan)
    return {
        "radius": nan,
        "uncertainty": nan,
        "standoff": np.nan,
        "standoff_uncertainty": np.nan,
        "flaring": np.nan,
        "flaring_uncertainty": np.nan,
        "azimuth": np.nan,
        "dipole_tilt": family.dipole_tilt,
        "converged": False,
        "status": reason,
    }


def labelled(
    found: list[dict[str, Any]],
    leading: Mapping[str, xr.DataArray],
    quantity: str,
    shape: str,
) -> xr.Dataset:
    """Put what was found at each time into one dataset."""
    magnetopause = xr.Dataset(coords={"angle": ANGLES, **leading})
    for name in found[0]:
        dims = ("angle",) if np.ndim(found[0][name]) else ()
        values = np.array([one[name] for one in found])
        if not leading:
            values = values[0]
        magnetopause[name] = ((*leading, *dims), values)
    magnetopause["flaring"].attrs["long_name"] = "flaring exponent"
    for name, long_name in (
        ("azimuth", "half plane of radius, from +Y toward +Z"),
        ("dipole_tilt", "dipole tilt assumed"),
    ):
        magnetopause[name].attrs = {"units": "deg", "long_name": long_name}
    magnetopause.attrs = {
        "method": "tangent_fit",
        "quantity": quantity,
        "shape": shape,
        "assumptions": ASSUMPTIONS[shape].format(*PRIORS[shape])
        + "; dark inside; the rim is where the brightness begins to lose "
        "the chord through the inside",
    }
    return MAGNETOPAUSE.stamp(magnetopause)


def along_time(
    brightness: xr.DataArray, pointing: xr.Dataset
) -> tuple[xr.DataArray, xr.Dataset]:
    """Give image and pointing the same times."""
    others = set(brightness.dims) - {"time", "fov_lat", "fov_lon"}
    if others:
        raise ValueError(
            f"an image may have the dimension time and no other, got "
            f"{', '.join(map(str, others))}"
        )
    if "time" not in brightness.dims:
        if "time" not in brightness.coords:
            raise ValueError(
                "the pointing has times and the image has none; choose the "
                "pointing of the image with .sel(time=...)"
            )
        brightness = brightness.expand_dims("time")
    if "time" not in pointing["position"].dims:
        times = {"time": brightness["time"]}
        return brightness, pointing.drop_vars(
            "time", errors="ignore"
        ).expand_dims(times)
    lacking = ~np.isin(brightness["time"].values, pointing["time"].values)
    if lacking.any():
        raise ValueError(
            f"the pointing has no {brightness['time'].values[lacking][0]}, "
            f"where the image is; interpolate it to the times of the image"
        )
    return brightness, pointing.sel(time=brightness["time"])


def tilts(
    dipole_tilt: float | xr.DataArray | None, brightness: xr.DataArray
) -> np.ndarray:
    """One dipole tilt for each image, in degrees."""
    count = brightness.sizes.get("time", 1)
    if dipole_tilt is None:
        if "time" not in brightness.coords:
            return np.zeros(count)
        dipole_tilt = frames.dipole_tilt(brightness["time"])
    if isinstance(dipole_tilt, xr.DataArray) and "time" in dipole_tilt.dims:
        dipole_tilt = dipole_tilt.sel(time=np.atleast_1d(brightness["time"]))
    tilt = np.broadcast_to(np.asarray(dipole_tilt, dtype=float), (count,))
    if not (np.abs(tilt) < 90).all():
        raise ValueError(
            f"dipole_tilt must be within 90 deg, got {tilt.min():g} to "
            f"{tilt.max():g}"
        )
    return tilt
