"""Where SMILE is, which instruments are on, and where SXI looks.

Two-body motion (`trajectory`) is right for one orbit or one event. Sun and
Moon move the perigee by thousands of kilometres within a year, so a plan for
a year takes `propagation.propagate` or an ephemeris
(`data.ephemeris.open_ephemeris`) instead.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.constants import (
    EARTH_RADIUS,
    SXI_MINIMUM_ALTITUDE,
    UVI_MINIMUM_ALTITUDE,
)
from smile_explore.instruments._kepler import SMILE, Elements, kepler
from smile_explore.instruments._vectors import length
from smile_explore.instruments.camera import aim
from smile_explore.physics import trajectories
from smile_explore.schema import COMPONENTS, POINTING, TRAJECTORY

__all__ = [
    "LIMB_ANGLE",
    "MINIMUM_SUN_ANGLE",
    "SMILE",
    "Elements",
    "altitude",
    "mode",
    "pointing",
    "trajectory",
]

#: From the centre of SXI's field of view to the limb of Earth, after
#: https://github.com/swharton1/CMEM_Image (smile_fov_limb.py). [deg]
LIMB_ANGLE = 20.3
#: SXI looks no closer to the Sun than this. The same source gives 40 deg and
#: calls the 35.83 deg of the SMILE paper an error. [deg]
MINIMUM_SUN_ANGLE = 40.0


def trajectory(times: ArrayLike, *, elements: Elements = SMILE) -> xr.Dataset:
    """Position and velocity of a spacecraft on a Kepler orbit.

    Parameters
    ----------
    times : datetime64, array_like or xarray.DataArray
        One time or a series, UTC.
    elements : Elements
        The orbit; SMILE's unless given.

    Returns
    -------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM. The velocity is the inertial one, written in GSM axes; it is
        not the rate of change of the GSM position, whose axes turn.

    Raises
    ------
    ValueError
        If a time is missing (NaT) or the times are not in one dimension.

    Notes
    -----
    Sun, Moon and the flattened Earth move SMILE by 450 km within a day. Over
    the first orbit that is 480 km in the median, and 4600 km at its end: the
    second perigee is 12 minutes off. `propagation.propagate` has them.

    References
    ----------
    .. [1] Vallado (2013), Fundamentals of Astrodynamics and Applications,
       4th ed., sections 2.2 and 2.6.
    """
    time = trajectories.time_series(times)
    position, velocity = kepler(time, elements)
    return trajectories.from_inertial(
        time,
        position,
        velocity,
        source="two-body orbit",
        elements=str(elements),
    )


def altitude(trajectory: xr.Dataset) -> xr.DataArray:
    """Height above a sphere of 1 R_E.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)

    Returns
    -------
    altitude : xarray.DataArray
        [km]
    """
    TRAJECTORY.check(trajectory)
    height = (length(trajectory["position"]) - 1.0) * EARTH_RADIUS
    height.attrs = {"units": "km", "long_name": "altitude"}
    return height.rename("altitude")


def mode(trajectory: xr.Dataset) -> xr.DataArray:
    """Name the instruments that are on at each place of an orbit.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)

    Returns
    -------
    mode : xarray.DataArray of str
        ``"SXI + UVI + LIA + MAG"`` above 50 000 km, ``"UVI + LIA + MAG"``
        above 30 000 km, ``"LIA + MAG"`` below, empty where the position is
        not known. By altitude alone: the Sun is left to `pointing`.

    References
    ----------
    .. [1] Branduardi-Raymont and Wang (2024), The SMILE Mission, section 4.4,
       https://doi.org/10.1007/978-981-19-6960-7_39
    """
    height = altitude(trajectory)
    names = np.select(
        [
            height > SXI_MINIMUM_ALTITUDE,
            height > UVI_MINIMUM_ALTITUDE,
            height.notnull(),
        ],
        ["SXI + UVI + LIA + MAG", "UVI + LIA + MAG", "LIA + MAG"],
        default="",
    )
    named = height.copy(data=names).rename("mode")
    named.attrs = {"long_name": "instruments that are on"}
    return named


def pointing(
    trajectory: xr.Dataset,
    *,
    limb_angle: float = LIMB_ANGLE,
    minimum_sun_angle: float = MINIMUM_SUN_ANGLE,
) -> xr.Dataset:
    """Point SXI by the rule of the mission.

    The boresight meets the Sun-Earth line, a fixed angle sunward of Earth's
    limb. The long side of the image is horizontal and the Sun is up, so that
    Earth lies below the image and the roll is not free. The rule speaks of
    the GSE X axis, which GSM shares.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM or GSE.
    limb_angle : float
        From the boresight to Earth's limb. [deg]
    minimum_sun_angle : float
        SXI is off where it would look closer to the Sun. [deg]

    Returns
    -------
    pointing : xarray.Dataset (POINTING)
        With `aim_x`, where the boresight meets the X axis [R_E];
        `sun_angle`, between boresight and Sun [deg]; and `sxi_on`, whether
        altitude and Sun allow an image. Where the boresight cannot meet the
        axis ahead of the spacecraft (a Sun angle of 0 or less), boresight,
        up and `aim_x` are NaN.

    Raises
    ------
    ValueError
        If the trajectory is in another frame or inside Earth.

    References
    ----------
    .. [1] Wharton, CMEM_Image, smile_fov_limb.py,
       https://github.com/swharton1/CMEM_Image
    """
    height = altitude(trajectory)
    position = trajectory["position"]
    frame = position.attrs.get("frame", "GSM")
    if frame not in ("GSM", "GSE"):
        raise ValueError(
            f"the pointing rule needs a trajectory in GSM or GSE, got {frame};"
            " rotate it with frames.rotate"
        )
    x, y, z = (position.isel(component=i, drop=True) for i in range(3))
    from_axis = np.hypot(y, z)
    # clipped for positions inside Earth, which `aim` refuses below
    limb = np.arcsin((1.0 / length(position)).clip(max=1.0))
    # Angle of the boresight from the perpendicular onto the X axis
    forward = np.radians(limb_angle) + limb - np.arctan2(x, from_axis)
    sun_angle = 90.0 - np.degrees(forward)
    aim_x = (x + from_axis * np.tan(forward)).where(sun_angle > 0.0)
    target = xr.concat([aim_x, 0.0 * aim_x, 0.0 * aim_x], dim="component")
    pointed = aim(
        trajectory,
        target=target.assign_coords(component=list(COMPONENTS)),
        up=(1.0, 0.0, 0.0),
    )
    pointed["aim_x"] = aim_x.assign_attrs(
        units="R_E", long_name="X where the boresight meets the axis"
    )
    pointed["sun_angle"] = sun_angle.assign_attrs(
        units="deg", long_name="angle from boresight to Sun"
    )
    pointed["sxi_on"] = (height > SXI_MINIMUM_ALTITUDE) & (
        sun_angle > minimum_sun_angle
    )
    pointed.attrs.update(
        limb_angle=limb_angle, minimum_sun_angle=minimum_sun_angle
    )
    return POINTING.stamp(pointed)
