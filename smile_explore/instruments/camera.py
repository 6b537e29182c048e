"""Cameras: where they look, and which pixel sees which direction.

Shared by SXI and UVI. Directions are given by a longitude and a latitude in
the field of view, both 0 on the boresight::

    direction = cos(lat) cos(lon) boresight
              + cos(lat) sin(lon) right
              + sin(lat) up            with right = boresight x up

so that an image drawn with `fov_lon` to the right and `fov_lat` upward is
what an eye behind the camera would see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.instruments._pixels import pixel_size
from smile_explore.instruments._vectors import (
    refuse_inside_earth,
    unit,
    vector,
)
from smile_explore.schema import POINTING, TRAJECTORY

__all__ = [
    "Camera",
    "aim",
    "pixel_directions",
    "project",
    "solid_angle",
    "unproject",
]


@dataclass(frozen=True)
class Camera:
    """A camera with a rectangular field of view.

    Parameters
    ----------
    name : str
        Name used on labels, e.g. ``"SXI"``.
    fov_lon, fov_lat : float
        Full widths of the field of view. [deg]
    pixel : float
        Size of a pixel; adjusted a little where it does not divide a width,
        so that the pixels fill the field of view exactly. [deg]

    Raises
    ------
    ValueError
        If a width is not within 0..180 deg, or the pixel is not positive or
        larger than the field of view.
    """

    name: str
    fov_lon: float
    fov_lat: float
    pixel: float

    def __post_init__(self) -> None:
        """Refuse a field of view or a pixel that cannot be."""
        size = f"{self.fov_lon:g} x {self.fov_lat:g} deg"
        if not (0.0 < self.fov_lon < 180.0 and 0.0 < self.fov_lat < 180.0):
            raise ValueError(
                f"the field of view of {self.name} must lie between 0 and "
                f"180 deg, got {size}"
            )
        if not 0.0 < self.pixel <= min(self.fov_lon, self.fov_lat):
            raise ValueError(
                f"the pixel of {self.name} must be positive and no larger "
                f"than its field of view of {size}, got {self.pixel:g} deg"
            )


def aim(
    trajectory: xr.Dataset,
    *,
    target: ArrayLike | xr.DataArray,
    up: ArrayLike | xr.DataArray = (1.0, 0.0, 0.0),
) -> xr.Dataset:
    """Point a camera at a place, from everywhere along a trajectory.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        Where the spacecraft is.
    target : array_like or xarray.DataArray
        The point looked at, in the frame of the position. [R_E]
    up : array_like or xarray.DataArray
        Direction that is up in the image; its component perpendicular to the
        boresight is used. Sunward unless given.

    Returns
    -------
    pointing : xarray.Dataset (POINTING)

    Raises
    ------
    ValueError
        If the spacecraft is inside Earth or at the target, if the boresight
        is parallel to `up` (no roll is guessed), or if frames differ.
    """
    TRAJECTORY.check(trajectory)
    position = trajectory["position"]
    refuse_inside_earth(position)
    boresight = unit(
        vector(target, position, "target") - position,
        "the spacecraft is at the target; choose a target elsewhere",
    )
    upward = unit(vector(up, position, "up"), "up must not be zero")
    along = xr.dot(upward, boresight, dim="component")
    upward = unit(
        upward - along * boresight,
        "the boresight is parallel to up; choose another up, such as "
        "up=(0, 0, 1)",
    )
    pointing = xr.Dataset(
        {"position": position, "boresight": boresight, "up": upward}
    )
    for name in ("boresight", "up"):
        pointing[name].attrs = {"frame": position.attrs.get("frame", "GSM")}
    return POINTING.stamp(pointing)


def unproject(
    fov_lon: float | xr.DataArray,
    fov_lat: float | xr.DataArray,
    pointing: xr.Dataset,
) -> xr.DataArray:
    """Return unit vectors toward places in the field of view.

    Parameters
    ----------
    fov_lon, fov_lat : float or xarray.DataArray
        Angles from the boresight, toward the right and upward. They
        broadcast with each other and with the pointing by name. [deg]
    pointing : xarray.Dataset (POINTING)

    Returns
    -------
    directions : xarray.DataArray
        Dimension `component` last, in the frame of the pointing.

    Raises
    ------
    TypeError
        If an angle is a bare array, whose dimensions have no name.
    """
    POINTING.check(pointing)
    lon = np.radians(_labelled(fov_lon, "fov_lon"))
    lat = np.radians(_labelled(fov_lat, "fov_lat"))
    boresight, right, up = _axes(pointing)
    directions = (
        np.cos(lat) * np.cos(lon) * boresight
        + np.cos(lat) * np.sin(lon) * right
        + np.sin(lat) * up
    )
    directions.attrs = {
        "frame": boresight.attrs.get("frame", "GSM"),
        "long_name": "line of sight",
    }
    directions = directions.rename("direction")
    return directions.transpose(
        "time", ..., "component", missing_dims="ignore"
    )


def pixel_directions(camera: Camera, pointing: xr.Dataset) -> xr.DataArray:
    """Return unit vectors toward the centres of a camera's pixels.

    Parameters
    ----------
    camera : Camera
    pointing : xarray.Dataset (POINTING)

    Returns
    -------
    directions : xarray.DataArray
        Dimensions (..., fov_lat, fov_lon, component), with the pixel centres
        as coordinates [deg], in the frame of the pointing.
    """
    centres = xr.Dataset(
        coords={
            "fov_lat": _centres(camera.fov_lat, camera.pixel),
            "fov_lon": _centres(camera.fov_lon, camera.pixel),
        }
    )
    for name in centres.coords:
        centres[name].attrs["units"] = "deg"
    directions = unproject(centres["fov_lon"], centres["fov_lat"], pointing)
    return directions.transpose(..., "fov_lat", "fov_lon", "component")


def project(
    points: xr.DataArray, camera: Camera, pointing: xr.Dataset
) -> xr.Dataset:
    """Where points in space appear in the field of view.

    Parameters
    ----------
    points : xarray.DataArray
        Positions with the dimension `component`, in the frame of the
        pointing. [R_E]
    camera : Camera
        Only its field of view matters.
    pointing : xarray.Dataset (POINTING)

    Returns
    -------
    seen : xarray.Dataset
        `fov_lon` and `fov_lat` [deg], given outside the field of view too
        but NaN for points behind the camera; and `in_view`, whether a point
        is in the field of view, hidden by Earth or not.

    Raises
    ------
    TypeError
        If `points` is no DataArray.
    ValueError
        If `points` has no `component` or is in another frame.
    """
    POINTING.check(pointing)
    if not isinstance(points, xr.DataArray):
        raise TypeError(
            "points must be an xarray.DataArray with the dimension "
            f"component, got {type(points).__name__}"
        )
    sight = vector(points, pointing["position"], "points")
    sight = sight - pointing["position"]
    forward, rightward, upward = (
        xr.dot(sight, axis, dim="component") for axis in _axes(pointing)
    )
    ahead = forward > 0.0
    lon = np.degrees(np.arctan2(rightward, forward)).where(ahead)
    lat = np.degrees(np.arctan2(upward, np.hypot(forward, rightward)))
    lat = lat.where(ahead)
    in_view = (abs(lon) <= camera.fov_lon / 2) & (
        abs(lat) <= camera.fov_lat / 2
    )
    seen = xr.Dataset({"fov_lon": lon, "fov_lat": lat, "in_view": in_view})
    for name in ("fov_lon", "fov_lat"):
        seen[name].attrs = {"units": "deg"}
    return seen


def solid_angle(image: xr.Dataset | xr.DataArray) -> xr.DataArray:
    """Solid angle of the pixels of each row of an image.

    Parameters
    ----------
    image : xarray.Dataset or xarray.DataArray
        With the coordinates `fov_lat` and `fov_lon`, evenly spaced. [deg]

    Returns
    -------
    solid_angle : xarray.DataArray
        Along `fov_lat`; it falls with the cosine of the latitude. [sr]

    Raises
    ------
    ValueError
        If there are fewer than two pixels along an axis or they are unevenly
        spaced.
    """
    size = {name: np.radians(one) for name, one in pixel_size(image).items()}
    # the exact integral of cos(lat) over a pixel
    height = 2.0 * np.sin(size["fov_lat"] / 2.0)
    area = np.cos(np.radians(image["fov_lat"])) * height * size["fov_lon"]
    area.attrs = {"units": "sr", "long_name": "solid angle of a pixel"}
    return area.rename("solid_angle")


def _centres(width: float, pixel: float) -> np.ndarray:
    count = max(1, round(width / pixel))
    return (np.arange(count) - (count - 1) / 2.0) * (width / count)


def _axes(pointing: xr.Dataset) -> tuple[xr.DataArray, ...]:
    """Return the boresight, the right and the up of the image."""
    boresight, up = pointing["boresight"], pointing["up"]
    right = xr.DataArray(xr.cross(boresight, up, dim="component"))
    return boresight, right, up


def _labelled(angle: float | xr.DataArray, name: str) -> xr.DataArray:
    if not isinstance(angle, xr.DataArray) and np.ndim(angle):
        raise TypeError(
            f"{name} must be a number or an xarray.DataArray, got "
            f"{type(angle).__name__}; name its dimension with "
            f"xr.DataArray({name}, dims=...)"
        )
    return xr.DataArray(angle)
