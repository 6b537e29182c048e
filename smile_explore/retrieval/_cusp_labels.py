"""From the angles of a cusp's edges to the dataset that is returned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.instruments import camera
from smile_explore.retrieval._cusp_fit import EDGES
from smile_explore.schema import COMPONENTS, CUSP

__all__ = ["labelled", "nothing", "place", "placed", "seen"]

_UNITS: Final = {
    "deepest": ("R_E", "deepest point of the cusp in the noon meridian"),
    "standoff": ("R_E", "subsolar standoff distance"),
    "dipole_tilt": ("deg", "dipole tilt"),
    "misfit": ("1", "deviance per degree of freedom"),
}
_ASSUMPTIONS: Final = (
    "a magnetopause of Lin et al. (2010) at IMF Bz = 0, whose cusp has free "
    "depth, width, angle and elongation, with weak priors on all, the same in "
    "both hemispheres and symmetric about the noon meridian; dark inside, the "
    "emissivity of CMEM up to a bow shock of the form of Shue et al.; a flat "
    "background in counts and none in intensities; magnetic latitude and "
    "invariant latitude of a dipole at the tilt given"
)


def place(
    angle: np.ndarray, radius: float, tilt: float, north: bool
) -> dict[str, Any]:
    """Where edges at given angles are, by the names of CUSP."""
    sign = 1.0 if north else -1.0
    turn = np.radians(angle)
    latitude = angle + sign * tilt
    position = radius * np.stack(
        [np.cos(turn), 0.0 * turn, sign * np.sin(turn)], -1
    )
    foot = np.degrees(
        np.arccos(np.abs(np.cos(np.radians(latitude))) / np.sqrt(radius))
    )
    return {
        "angle": angle,
        "position": position,
        "latitude": sign * latitude,
        "invariant_latitude": sign * foot,
        "radius": radius,
        "dipole_tilt": tilt,
    }


def seen(
    position: np.ndarray, brightness: xr.DataArray, pointing: xr.Dataset
) -> dict[str, Any]:
    """Where points are in the image; NaN outside of it."""
    whole = camera.Camera("image", 179.0, 179.0, 1.0)
    points = xr.DataArray(
        position,
        dims=("edge", "component"),
        coords={"component": list(COMPONENTS)},
    )
    where = camera.project(points, whole, pointing)
    inside = np.ones(len(position), bool)
    for name in ("fov_lon", "fov_lat"):
        axis, place = brightness[name].values, where[name].values
        half = np.abs(np.diff(axis)).min() / 2
        inside &= (place >= axis.min() - half) & (place <= axis.max() + half)
    return {
        name: np.where(inside, where[name].values.astype(float), np.nan)
        for name in ("fov_lon", "fov_lat")
    }


def nothing(reason: str, tilt: float) -> dict[str, Any]:
    """Return the names of what is told, for an image without a cusp."""
    nan = np.full(len(EDGES), np.nan)
    numbers = ("radius", "deepest", "standoff", "misfit")
    return place(nan, np.nan, tilt, True) | {
        "fov_lon": nan,
        "fov_lat": nan,
        "uncertainty": nan,
        **dict.fromkeys(numbers, np.nan),
        "converged": False,
        "status": reason,
    }


def placed(
    rows: list[dict[str, Any]],
    leading: Mapping[str, xr.DataArray],
    definition: str,
    hemisphere: str,
) -> xr.Dataset:
    """Put the edges of a cube at each time into one dataset."""
    cusp = _together(rows, leading)
    cusp.attrs = {"definition": definition, "hemisphere": hemisphere}
    return CUSP.stamp(cusp)


def labelled(
    rows: list[dict[str, Any]],
    leading: Mapping[str, xr.DataArray],
    quantity: str,
    hemisphere: str,
) -> xr.Dataset:
    """Put what was found in each image into one dataset."""
    cusp = _together(rows, leading)
    cusp.attrs = {
        "method": "boundary fit with a free cusp",
        "quantity": quantity,
        "hemisphere": hemisphere,
        "assumptions": _ASSUMPTIONS,
    }
    return CUSP.stamp(cusp)


def _together(
    rows: list[dict[str, Any]], leading: Mapping[str, xr.DataArray]
) -> xr.Dataset:
    cusp = xr.Dataset(
        coords={
            "edge": list(EDGES),
            "component": list(COMPONENTS),
            **leading,
        }
    )
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        dims = {1: (), 2: ("edge",), 3: ("edge", "component")}[values.ndim]
        cusp[name] = (
            (*leading, *dims),
            values if leading else values[0],
        )
        if name in _UNITS:
            units, long_name = _UNITS[name]
            cusp[name].attrs = {"units": units, "long_name": long_name}
    cusp["position"].attrs["frame"] = "GSM"
    return cusp
