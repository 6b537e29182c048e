"""From a fitted surface to the dataset that is returned."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.instruments import camera
from smile_explore.retrieval import _tangent_fit
from smile_explore.schema import MAGNETOPAUSE

#: Angles at which the surface found is given. [deg]
ANGLES: Final = np.arange(0.0, 91.0, 2.5)
ASSUMPTIONS: Final = (
    "axisymmetric surface r0 (2 / (1 + cos theta))^a around the Sun-Earth "
    "line with a = {:g} +- {:g} before the image; no cusps; dark inside; the "
    "rim is where the brightness begins to lose the chord through the inside"
).format(*_tangent_fit.FLARING_PRIOR)


def one(
    brightness: xr.DataArray, pointing: xr.Dataset, quantity: str
) -> dict[str, Any]:
    """Fit one image: all that is returned of one time, by name."""
    values = brightness.values.astype(np.float64)
    missing = np.isnan(values)
    if missing.all():
        return nothing("SXI is off: the image has no values")
    if quantity == "counts" and missing.any():
        raise _tangent_fit.NoMagnetopause(
            f"counts must not be NaN, {missing.sum()} of {missing.size} "
            f"pixels are; leave them out of the image"
        )
    ways = camera.unproject(
        brightness["fov_lon"], brightness["fov_lat"], pointing
    ).transpose("fov_lat", "fov_lon", "component")
    surface = _tangent_fit.fit(
        values.ravel(),
        ways.values.reshape(-1, 3),
        pointing["position"].values.astype(np.float64),
        quantity,
    )
    stretch = np.log(2 / (1 + np.cos(np.radians(ANGLES))))
    radius = surface.standoff * np.exp(surface.flaring * stretch)
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
        "converged": surface.converged,
        "status": "found",
    }


def nothing(reason: str) -> dict[str, Any]:
    """Return the same names for an image in which nothing is found."""
    nan = np.full(ANGLES.size, np.nan)
    return {
        "radius": nan,
        "uncertainty": nan,
        "standoff": np.nan,
        "standoff_uncertainty": np.nan,
        "flaring": np.nan,
        "flaring_uncertainty": np.nan,
        "converged": False,
        "status": reason,
    }


def labelled(
    found: list[dict[str, Any]],
    leading: Mapping[Hashable, xr.DataArray],
    quantity: str,
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
    magnetopause.attrs = {
        "method": "tangent_fit",
        "quantity": quantity,
        "assumptions": ASSUMPTIONS,
    }
    return MAGNETOPAUSE.stamp(magnetopause)
