"""What each pixel of UVI sees at the height of the aurora."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments.camera import (
    Camera,
    pixel_directions,
    project,
)
from smile_explore.physics import apex, geodesy
from smile_explore.schema import POINTING, UVI_IMAGE

__all__ = ["View", "geometry", "pixel_of"]

#: Positions kept, each of 2 MB at 256 x 256 pixels: as many as are imaged and
#: then mapped at once by four threads that take six moments each.
_MOST_KEPT = 24


def geometry(pointing: xr.Dataset, camera: Camera) -> xr.Dataset:
    """See `uvi.geometry`."""
    POINTING.check(pointing)
    if "time" in pointing.dims:
        raise ValueError(
            "the geometry is that of one moment; select it with "
            "pointing.isel(time=...)"
        )
    view = View.of(pointing)
    look = _kept(view, _alike(camera))
    if view.known and not bool(look["glat"].notnull().any()):
        raise ValueError(_no_earth(view, camera))
    return look.copy()


def _alike(camera: Camera) -> Camera:
    """Return what cameras of the same pixels share, to keep one view each."""
    width, height = round(camera.fov_lon, 6), round(camera.fov_lat, 6)
    columns = max(1, round(camera.fov_lon / camera.pixel))
    return Camera("", width, height, width / columns)


def turned(pointing: xr.Dataset) -> xr.Dataset:
    """Write the pointing of one moment in geographic axes (GEO)."""
    return _turned(View.of(pointing))


def pixel_of(
    glat: np.ndarray, glon: np.ndarray, pointing: xr.Dataset, camera: Camera
) -> tuple[np.ndarray, np.ndarray]:
    """Row and column, in fractions of a pixel, where places are seen.

    Parameters
    ----------
    glat, glon : numpy.ndarray
        At the height of the aurora. [deg]
    pointing : xarray.Dataset (POINTING)
        Of one moment.
    camera : Camera

    Returns
    -------
    row, column : numpy.ndarray
        NaN on the far side of the Earth and behind the camera.
    """
    geo = turned(pointing)
    places = geodesy.cartesian(glat, glon, apex.HEIGHT)
    sight = geo["position"].values - places
    facing = (sight * geodesy.unit_vector(glat, glon)).sum(-1) > 0.0
    dims = [f"place_{i}" for i in range(np.ndim(glat))]
    points = xr.DataArray(
        places, dims=(*dims, "component"), attrs={"frame": "GEO"}
    )
    seen = project(points, camera, geo)
    found = []
    for name, width in (
        ("fov_lat", camera.fov_lat),
        ("fov_lon", camera.fov_lon),
    ):
        count = max(1, round(width / camera.pixel))
        index = seen[name].values / (width / count) + (count - 1) / 2.0
        found.append(np.where(facing, index, np.nan))
    return found[0], found[1]


class View(NamedTuple):
    """A pointing that can be compared, and so kept."""

    time: Any
    frame: str
    vectors: tuple[float, ...]

    @classmethod
    def of(cls, pointing: xr.Dataset) -> View:
        if "time" not in pointing.coords:
            raise ValueError(
                "the pointing has no time, which the turning Earth needs; "
                "give it one with .assign_coords(time=...)"
            )
        vectors = [pointing[name].values for name in _VECTORS]
        return cls(
            pointing["time"].values[()],
            pointing["position"].attrs.get("frame", "GSM"),
            tuple(np.concatenate(vectors).tolist()),
        )

    @property
    def known(self) -> bool:
        """Whether it has a place and a direction."""
        return bool(np.isfinite(self.vectors).all())

    def pointing(self) -> xr.Dataset:
        """Return the pointing, of one moment."""
        vectors = np.reshape(self.vectors, (3, 3))
        frame = {"frame": self.frame}
        return xr.Dataset(
            {
                name: ("component", vector, frame)
                for name, vector in zip(_VECTORS, vectors, strict=True)
            },
            {"time": self.time, "component": ["x", "y", "z"]},
        )


_VECTORS = ("position", "boresight", "up")


@functools.lru_cache(maxsize=64)
def _turned(view: View) -> xr.Dataset:
    given = view.pointing()
    together = given.to_dataarray("vector")
    rotated = frames.rotate(together.assign_attrs(frame=view.frame), to="GEO")
    written = rotated.to_dataset("vector")
    for name in _VECTORS:
        written[name].attrs = {"frame": "GEO"}
    return written


@functools.lru_cache(maxsize=_MOST_KEPT)
def _kept(view: View, camera: Camera) -> xr.Dataset:
    geo = _turned(view)
    directions = pixel_directions(camera, geo)
    position = geo["position"].values
    radius = np.radians(camera.fov_lon) / 2.0
    sights = directions.values
    in_field = sights @ geo["boresight"].values >= np.cos(radius)
    places = np.empty((0, 3))
    if view.known:
        places = geodesy.shell_intersection(
            position, sights[in_field], height=apex.HEIGHT
        )
    met = np.isfinite(places[:, 0])
    seen = np.zeros(in_field.shape, dtype=bool)
    seen[in_field] = met
    values = _looked_up(places[met], position, sights[seen], view.time)
    pixel = np.radians(camera.fov_lon / directions.sizes["fov_lon"])
    values["footprint"] = values.pop("range") * pixel * EARTH_RADIUS
    values["footprint"] /= np.cos(np.radians(values["view_zenith_angle"]))
    return _labelled(values, seen, directions)


def _looked_up(
    places: np.ndarray, position: np.ndarray, sights: np.ndarray, time: Any
) -> dict[str, np.ndarray]:
    """Return the coordinates and angles of places on the shell."""
    glat, glon, _ = geodesy.geodetic(places)
    mlat, mlon = apex.magnetic(glat, glon, time)
    vertical = geodesy.unit_vector(glat, glon)
    view = -np.einsum("pc,pc->p", vertical, sights)
    return {
        "glat": glat,
        "glon": glon,
        "mlat": mlat,
        "mlt": apex.local_time(mlon, time),
        "solar_zenith_angle": apex.solar_zenith_angle(glat, glon, time),
        "view_zenith_angle": np.degrees(np.arccos(np.clip(view, 0, 1))),
        "range": np.linalg.norm(places - position, axis=-1),
    }


def _labelled(
    values: dict[str, np.ndarray], seen: np.ndarray, pixels: xr.DataArray
) -> xr.Dataset:
    image = xr.Dataset(coords={n: pixels[n] for n in ("fov_lat", "fov_lon")})
    for name, value in values.items():
        # 32 bits: a metre and a half in the longitude
        full = np.full(seen.shape, np.nan, dtype=np.float32)
        full[seen] = value
        image[name] = (("fov_lat", "fov_lon"), full)
        if name in UVI_IMAGE.variables:
            variable = UVI_IMAGE.variables[name]
            image[name].attrs = {
                "units": variable.units,
                "long_name": variable.long_name,
            }
    image["footprint"].attrs = {
        "units": "km",
        "long_name": "long side of a pixel at the height of the aurora",
    }
    return image


def _no_earth(view: View, camera: Camera) -> str:
    position, boresight, _ = np.reshape(view.vectors, (3, 3))
    cosine = -position @ boresight / np.linalg.norm(position)
    angle = np.degrees(np.arccos(cosine))
    return (
        f"{camera.name} does not see the Earth: its centre is {angle:.1f} deg "
        f"from the boresight and the field is {camera.fov_lon / 2:.2f} deg "
        "wide on each side; point it with uvi.pointing(trajectory)"
    )
