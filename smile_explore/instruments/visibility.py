"""What SMILE can see from where it is, constraint by constraint.

The constraints are those of the mission's simulator (A. Read, Leicester,
https://www.star.le.ac.uk/~amr30/SMILE): A, the Earth in UVI's field; B, the
Earth outside SXI's baffle; S, the Sun outside SXI's avoidance; M, SMILE
outside magnetopause and bow shock.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import (
    SXI_MINIMUM_ALTITUDE,
    UVI_MINIMUM_ALTITUDE,
)
from smile_explore.instruments import orbit
from smile_explore.instruments._vectors import length
from smile_explore.instruments.camera import Camera, project, unproject
from smile_explore.instruments.surroundings import (
    LANDMARKS,
    NOMINAL,
    landmarks,
    regions,
    wind_at,
)
from smile_explore.instruments.sxi import SXI_FLIGHT
from smile_explore.instruments.uvi import SXI_OFFSET, UVI
from smile_explore.schema import (
    COMPONENTS,
    POINTING,
    VISIBILITY,
)

__all__ = [
    "BAFFLE_ANGLE",
    "CONSTRAINTS",
    "visibility",
]

#: **An assumption**: the limb of the Earth is outside SXI's baffle from where
#: the pointing rule holds it. The angle of the baffle is not published. [deg]
BAFFLE_ANGLE: Final = orbit.LIMB_ANGLE
#: Letter and words of each constraint, in the order of the bars.
CONSTRAINTS: Final = {
    "high_for_sxi": ("H", "high enough for SXI"),
    "earth_in_uvi": ("A", "Earth in UVI"),
    "earth_outside_sxi": ("B", "Earth outside baffle"),
    "sun_outside_sxi": ("S", "Sun outside avoidance"),
    "outside_magnetopause": ("M", "outside magnetopause"),
    "outside_bow_shock": ("M", "outside bow shock"),
    "nose_in_sxi": ("N", "nose in SXI"),
    "north_cusp_in_sxi": ("C", "north cusp in SXI"),
}
_SUNWARD: Final = xr.DataArray(
    [1.0, 0.0, 0.0], {"component": list(COMPONENTS)}, ("component",)
)
# The rule holds the limb exactly at the angle asked for. [deg]
_ROUNDING = 1e-6
# Height of the aurora, 110 km, from the centre. [R_E]
_AURORA = 1.0173


def visibility(
    trajectory: xr.Dataset,
    *,
    solar_wind: xr.Dataset = NOMINAL,
    pointing: xr.Dataset | None = None,
    camera: Camera = SXI_FLIGHT,
    baffle_angle: float = BAFFLE_ANGLE,
    minimum_sun_angle: float = orbit.MINIMUM_SUN_ANGLE,
) -> xr.Dataset:
    """Tell which constraints are met along a trajectory, and by how much.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM or GSE, with `time`.
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Of one moment, or along `time`: the nearest within 10 min counts,
        else the boundaries are not known. By default the mean, `NOMINAL`.
    pointing : xarray.Dataset (POINTING), optional
        Of SXI, in the frame of the trajectory; by the rule of the mission
        unless given. UVI looks `uvi.SXI_OFFSET` below it.
    camera : Camera
        SXI's field: by default that of the flight model, 26.5 x 15.5 deg.
    baffle_angle, minimum_sun_angle : float
        From the boresight to Earth's limb and to the Sun, at least. [deg]

    Returns
    -------
    visibility : xarray.Dataset (VISIBILITY)
        False where a position, the pointing or a boundary is not known.
        `observing` is what SXI needs to take images: altitude, Earth and
        Sun. `useful` needs more: the nose in its field, and SMILE outside
        the magnetopause, since from inside no line of sight is tangent to
        it.

    Raises
    ------
    ValueError
        If the trajectory has no time or is in another frame.

    Notes
    -----
    Boundaries: Lin et al. (2010) and Jelinek et al. (2012), without
    aberration. Nobody has seen whether Earth or the magnetopause stand in
    the way: the nose is in view where it is in the field.
    """
    around = regions(trajectory, solar_wind=solar_wind)
    if pointing is None:
        pointing = orbit.pointing(trajectory)
    POINTING.check(pointing)
    pointing = _in_gsm(pointing, trajectory)
    position, tilt = pointing["position"], around["dipole_tilt"]
    driver = wind_at(solar_wind, position["time"])
    places = landmarks(driver, tilt)
    height = orbit.altitude(trajectory)
    seen = xr.Dataset(
        {
            "altitude": height,
            "mode": orbit.mode(trajectory),
            "standoff": length(places.sel(landmark="nose", drop=True)),
            "high_for_uvi": height > UVI_MINIMUM_ALTITUDE,
            "high_for_sxi": height > SXI_MINIMUM_ALTITUDE,
        }
    )
    seen = seen.assign(around)
    seen = seen.assign(_earth_and_sun(position, pointing))
    seen = seen.assign(_targets(places, pointing, camera))
    seen = seen.assign(_uvi(position, pointing, tilt))
    for name, angle, least in (
        ("earth_outside_sxi", "limb_angle", baffle_angle),
        ("sun_outside_sxi", "sun_angle", minimum_sun_angle),
    ):
        seen[f"{name}_margin"] = seen[angle] - least
        seen[name] = seen[f"{name}_margin"] > -_ROUNDING
    seen["observing"] = (
        seen["high_for_sxi"]
        & seen["earth_outside_sxi"]
        & seen["sun_outside_sxi"]
    )
    seen["useful"] = (
        seen["observing"] & seen["nose_in_sxi"] & seen["outside_magnetopause"]
    )
    seen.attrs = {
        "baffle_angle": baffle_angle,
        "minimum_sun_angle": minimum_sun_angle,
        "camera": camera.name,
        "solar_wind": solar_wind.attrs.get("source", "not named"),
        "orbit": trajectory.attrs.get("source", "not named"),
    }
    return VISIBILITY.stamp(seen.drop_vars("component", errors="ignore"))


def _in_gsm(pointing: xr.Dataset, trajectory: xr.Dataset) -> xr.Dataset:
    frame = trajectory["position"].attrs.get("frame", "GSM")
    turned = {
        name: frames.rotate(
            pointing[name].assign_attrs(
                frame=pointing[name].attrs.get("frame", frame)
            ),
            to="GSM",
        )
        for name in POINTING.variables
    }
    return POINTING.stamp(xr.Dataset(turned))


def _earth_and_sun(
    position: xr.DataArray, pointing: xr.Dataset
) -> dict[str, xr.DataArray]:
    radius = length(position)
    boresight = pointing["boresight"]
    earth = _angle_between(boresight, -position)
    return {
        "sun_angle": _angle_between(boresight, _SUNWARD),
        "earth_angle": earth,
        "limb_angle": earth - np.degrees(np.arcsin(1.0 / radius)),
    }


def _targets(
    places: xr.DataArray, pointing: xr.Dataset, camera: Camera
) -> dict[str, xr.DataArray]:
    """Tell where nose and cusps are from SXI's boresight."""
    seen = project(places, camera, pointing)
    angle = _angle_between(
        pointing["boresight"], places - pointing["position"]
    )
    aside = camera.fov_lon / 2.0 - abs(seen["fov_lon"])
    edge = aside.clip(max=camera.fov_lat / 2.0 - abs(seen["fov_lat"]))
    found: dict[str, xr.DataArray] = {
        "nose_in_sxi_margin": edge.sel(landmark="nose", drop=True)
    }
    for name in LANDMARKS:
        key = name.replace(" ", "_")
        found[f"{key}_angle"] = angle.sel(landmark=name, drop=True)
        found[f"{key}_in_sxi"] = seen["in_view"].sel(landmark=name, drop=True)
    return found


def _uvi(
    position: xr.DataArray, pointing: xr.Dataset, tilt: xr.DataArray
) -> dict[str, xr.DataArray]:
    """Tell whether the Earth's centre and the pole are in UVI's circle."""
    boresight = unproject(0.0, -SXI_OFFSET, pointing)
    margin = UVI.fov_lon / 2.0 - _angle_between(boresight, -position)
    lean = xr.DataArray(np.radians(tilt))
    pole = xr.concat(
        [xr.DataArray(np.sin(lean)), 0.0 * lean, xr.DataArray(np.cos(lean))],
        xr.Variable("component", list(COMPONENTS)),
    )
    sight = _AURORA * pole - position
    facing = xr.dot(sight, pole, dim="component") < 0.0
    inside = _angle_between(boresight, sight) < UVI.fov_lon / 2.0
    return {
        "earth_in_uvi": margin > 0.0,
        "earth_in_uvi_margin": margin,
        "pole_in_uvi": facing & inside,
    }


def _angle_between(one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    cosine = xr.dot(one, other, dim="component") / (
        length(one) * length(other)
    )
    return xr.DataArray(np.degrees(np.arccos(cosine.clip(-1.0, 1.0))))
