"""From a fitted surface to the dataset that is returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.retrieval import _boundary_fit, _directions, _tangent_fit
from smile_explore.retrieval._families import PRIORS, Family
from smile_explore.retrieval._view import ANGLES, Surface, look
from smile_explore.schema import MAGNETOPAUSE

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

#: What each method adds to that.
CRITERIA: Final = {
    "tangent_fit": (
        "dark inside; the rim is where the brightness begins to lose the "
        "chord through the inside"
    ),
    "maximum": (
        "the brightest line of sight within a strip of {strip:g} deg along "
        "the Sun-Earth line grazes the surface"
    ),
    "gradient": (
        "the line of sight at the steepest rise of the brightness, on the "
        "side of Earth, within a strip of {strip:g} deg along the Sun-Earth "
        "line grazes the surface"
    ),
    "boundary_fit": (
        "between this surface and a bow shock of the form of Shue et al. the "
        "emissivity is that of {model}, dark inside; Poisson likelihood, "
        "amplitudes zero or above and profiled out, a flat background in "
        "counts and none in intensities; weak priors on the bow shock and on "
        "the fall of the emissivity, as in _boundary_model"
    ),
}
#: Emissivity of the boundary fit, by family.
MODELS: Final = {"lin": "CMEM", "shue": "Jorgensen et al. (2019)"}
#: Dimensions of what is no number.
DIMENSIONS: Final[dict[str, tuple[str, ...]]] = {
    "radius": ("angle",),
    "uncertainty": ("angle",),
    "parameter_value": ("parameter",),
    "parameter_uncertainty": ("parameter",),
    "correlation": ("parameter", "with_parameter"),
    "amplitude_value": ("amplitude",),
}
_DIRECTION: Final = (
    "elongation",
    "elongation_uncertainty",
    "axis_crossing",
    "tangent_angle",
)
#: What each method tells beyond the surface.
TELLS: Final[dict[str, tuple[str, ...]]] = {
    "tangent_fit": (),
    "maximum": _DIRECTION,
    "gradient": _DIRECTION,
    "boundary_fit": (
        "bow_shock",
        "bow_shock_uncertainty",
        "misfit",
        "evaluations",
        "parameter_value",
        "parameter_uncertainty",
        "correlation",
        "amplitude_value",
        "degenerate",
    ),
}
#: Units and labels of that.
EXTRAS: Final = {
    "azimuth": ("deg", "half plane of radius, from +Y toward +Z"),
    "dipole_tilt": ("deg", "dipole tilt assumed"),
    "elongation": ("deg", "angle from Earth to the tangent, toward the Sun"),
    "elongation_uncertainty": ("deg", "uncertainty of elongation"),
    "axis_crossing": (
        "R_E",
        "X where the tangent crosses the Sun-Earth line, not the standoff",
    ),
    "tangent_angle": ("deg", "angle of the tangent point from the X axis"),
    "bow_shock": ("R_E", "subsolar distance of the bow shock"),
    "bow_shock_uncertainty": ("R_E", "uncertainty of bow_shock"),
    "misfit": ("1", "Poisson deviance per degree of freedom"),
    "evaluations": ("1", "steps of the fit"),
    "correlation": ("1", "correlation of the parameters"),
    "degenerate": ("", "parameters that the image cannot tell apart"),
}


@dataclass(frozen=True)
class Settings:
    """What was asked for."""

    method: str
    quantity: str
    shape: str
    strip: float
    evaluations: int


def one(
    brightness: xr.DataArray,
    pointing: xr.Dataset,
    *,
    family: Family,
    settings: Settings,
    exposure: float = np.nan,
) -> dict[str, Any]:
    """Look for it in one image: all that is returned, by name."""
    view = look(
        brightness,
        pointing,
        quantity=settings.quantity,
        family=family,
        exposure=exposure,
    )
    if view is None:
        return nothing("SXI is off: the image has no values", family, settings)
    if settings.method == "tangent_fit":
        surface = _tangent_fit.fit(view)
    elif settings.method == "boundary_fit":
        surface = _boundary_fit.fit(view, evaluations=settings.evaluations)
    else:
        surface = _directions.one(
            view, edge=settings.method, strip=settings.strip
        )
    return described(surface, view.azimuth, settings)


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


def exposures(image: xr.Dataset, count: int) -> np.ndarray:
    """Exposure of each image [s], NaN where it is not told."""
    length = image["exposure"].values if "exposure" in image else np.nan
    return np.broadcast_to(np.asarray(length, dtype=float), (count,))
