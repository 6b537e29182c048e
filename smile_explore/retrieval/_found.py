"""From a fitted surface to the dataset that is returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.retrieval import (
    _boundary_fit,
    _directions,
    _tangent_fit,
    _tangents,
)
from smile_explore.retrieval._families import PRIORS, Family
from smile_explore.retrieval._tells import (
    ASSUMPTIONS,
    CRITERIA,
    DIMENSIONS,
    EXTRAS,
    MODELS,
    OFF,
    TELLS,
)
from smile_explore.retrieval._view import (
    ANGLES,
    NoMagnetopause,
    Surface,
    View,
    look,
)
from smile_explore.schema import MAGNETOPAUSE

#: Images whose lines of sight are held at once.
_TOGETHER: Final = 16


@dataclass(frozen=True)
class Settings:
    """What was asked for."""

    method: str
    quantity: str
    shape: str = "lin"
    strip: float = 4.0
    evaluations: int = 30


def one(
    view: View | None, family: Family, settings: Settings
) -> dict[str, Any]:
    """Look for it in one image: all that is returned, by name."""
    if view is None:
        return nothing(OFF, family, settings)
    if settings.method == "tangent_fit":
        surface = _tangent_fit.fit(view)
    elif settings.method == "boundary_fit":
        surface = _boundary_fit.fit(view, evaluations=settings.evaluations)
    else:
        surface = _directions.one(
            view, edge=settings.method, strip=settings.strip
        )
    return described(surface, view.azimuth, settings)


def alone(
    view: View | NoMagnetopause | None, family: Family, settings: Settings
) -> dict[str, Any]:
    """Look for it in an image that is no part of a series."""
    if settings.method == "tangent_direction":
        raise ValueError(
            "tangent_direction needs images from at least 3 places along the "
            "orbit, got one image; give a series along time, or use "
            "method='tangent_fit'"
        )
    if isinstance(view, NoMagnetopause):
        raise view
    return one(view, family, settings)


def each(
    views: Sequence[View | NoMagnetopause | None],
    families: list[Family],
    settings: Settings,
) -> list[dict[str, Any]]:
    """Look for it in every image of a series, and say why where it fails."""
    if settings.method == "tangent_direction":
        return _together(views, families, settings)
    found = []
    for view, family in zip(views, families, strict=True):
        try:
            if isinstance(view, NoMagnetopause):
                raise view
            found.append(one(view, family, settings))
        except NoMagnetopause as reason:
            found.append(nothing(str(reason), family, settings))
    return found


def _together(
    views: Sequence[View | NoMagnetopause | None],
    families: list[Family],
    settings: Settings,
) -> list[dict[str, Any]]:
    """Look for one surface in all images of a series."""
    seen = [view for view in views if isinstance(view, View)]
    failed = ""
    surfaces: dict[int, Surface] = {}
    try:
        both = zip(
            seen, _tangents.fit(seen, strip=settings.strip), strict=True
        )
        surfaces = {id(view): surface for view, surface in both}
    except NoMagnetopause as reason:
        failed = str(reason)
    found = []
    for view, family in zip(views, families, strict=True):
        if isinstance(view, View) and not failed:
            surface = surfaces[id(view)]
            found.append(described(surface, view.azimuth, settings))
        else:
            why = OFF if view is None else str(view)
            if isinstance(view, View):
                why = failed
            found.append(nothing(why, family, settings))
    return found


def described(
    surface: Surface, azimuth: float, settings: Settings
) -> dict[str, Any]:
    """Return all that is told of a surface, by name."""
    radius, spread = surface.along(azimuth)
    return {
        "radius": radius,
        "uncertainty": spread,
        "standoff": surface.standoff,
        "standoff_uncertainty": surface.standoff
        * float(np.sqrt(surface.covariance[0, 0])),
        "flaring": surface.flaring,
        "flaring_uncertainty": float(np.sqrt(surface.covariance[1, 1])),
        "azimuth": azimuth,
        "dipole_tilt": surface.family.dipole_tilt,
        "converged": surface.converged,
        "status": surface.status,
        **{name: surface.more[name] for name in TELLS[settings.method]},
    }


def nothing(reason: str, family: Family, settings: Settings) -> dict[str, Any]:
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
        **dict.fromkeys(TELLS[settings.method], np.nan),
        **_blank(settings),
    }


def _blank(settings: Settings) -> dict[str, Any]:
    if settings.method == "boundary_fit":
        return _boundary_fit.blank(settings.shape)
    return {}


def labelled(
    found: list[dict[str, Any]],
    leading: Mapping[str, xr.DataArray],
    settings: Settings,
) -> xr.Dataset:
    """Put what was found at each time into one dataset."""
    magnetopause = xr.Dataset(coords={"angle": ANGLES, **leading})
    if settings.method == "boundary_fit":
        magnetopause = magnetopause.assign_coords(
            _boundary_fit.labels(settings.shape)
        )
    for name in found[0]:
        dims = DIMENSIONS.get(name, ())
        values = np.array([one[name] for one in found])
        if not leading:
            values = values[0]
        magnetopause[name] = ((*leading, *dims), values)
    magnetopause["flaring"].attrs["long_name"] = "flaring exponent"
    for name, (units, long_name) in EXTRAS.items():
        if name in magnetopause:
            magnetopause[name].attrs = {"units": units, "long_name": long_name}
    shape = settings.shape
    magnetopause.attrs = {
        "method": settings.method,
        "quantity": settings.quantity,
        "shape": shape,
        "assumptions": ASSUMPTIONS[shape].format(*PRIORS[shape])
        + "; "
        + CRITERIA[settings.method].format(
            **asdict(settings), model=MODELS[shape]
        ),
    }
    return MAGNETOPAUSE.stamp(magnetopause)


def along_time(
    brightness: xr.DataArray, pointing: xr.Dataset
) -> tuple[xr.DataArray, xr.Dataset, dict[str, xr.DataArray]]:
    """Give image and pointing the same times.

    The last that is returned are the coordinates of a series, none of a
    single image, which gets a time of its own here.
    """
    if brightness.ndim == 2 and "time" not in pointing["position"].dims:
        return brightness.expand_dims("time"), _at_one_time(pointing), {}
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
    times = {"time": brightness["time"]}
    if "time" not in pointing["position"].dims:
        pointing = pointing.drop_vars("time", errors="ignore")
        return brightness, pointing.expand_dims(times), times
    lacking = ~np.isin(brightness["time"].values, pointing["time"].values)
    if lacking.any():
        raise ValueError(
            f"the pointing has no {brightness['time'].values[lacking][0]}, "
            f"where the image is; interpolate it to the times of the image"
        )
    return brightness, pointing.sel(time=brightness["time"]), times


def _at_one_time(pointing: xr.Dataset) -> xr.Dataset:
    return pointing.drop_vars("time", errors="ignore").expand_dims("time")


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


def exposures(image: xr.Dataset, count: int) -> np.ndarray:
    """Exposure of each image [s], NaN where it is not told."""
    length = image["exposure"].values if "exposure" in image else np.nan
    return np.broadcast_to(np.asarray(length, dtype=float), (count,))


def views(
    brightness: xr.DataArray,
    pointing: xr.Dataset,
    *,
    quantity: str,
    families: list[Family],
    exposures: np.ndarray,
) -> list[View | NoMagnetopause | None]:
    """Take every image of a series, or why it is of no use."""
    taken: list[View | NoMagnetopause | None] = []
    for first in range(0, len(families), _TOGETHER):
        some = slice(first, first + _TOGETHER)
        taken += look(
            brightness.isel(time=some),
            pointing.isel(time=some),
            quantity=quantity,
            families=families[some],
            exposures=exposures[some],
        )
    return taken
