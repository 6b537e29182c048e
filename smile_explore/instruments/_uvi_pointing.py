"""Where UVI looks."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import UVI_MINIMUM_ALTITUDE
from smile_explore.instruments import orbit
from smile_explore.instruments.camera import aim
from smile_explore.physics import apex, geodesy
from smile_explore.schema import POINTING, TRAJECTORY

__all__ = ["OVAL_CENTRE", "SXI_OFFSET", "TARGETS", "pointing"]

#: **An inference**: from SXI's boresight to UVI's. SXI's rule holds the limb
#: of the Earth 20.3 deg from its boresight, so that the Earth's centre is
#: 23.2 deg from it at 20 R_E and 26.8 deg at 50 000 km; a UVI at a fixed 24
#: deg has the Earth in its field throughout. The true offset is not
#: published. [deg]
SXI_OFFSET = 24.0
#: **An assumption**: middle of the auroral oval, a few degrees behind the
#: magnetic pole; magnetic latitude and local time. [deg, h]
OVAL_CENTRE = (86.0, 0.0)
#: What UVI can be pointed by.
TARGETS = ("platform", "oval", "earth")


def pointing(
    trajectory: xr.Dataset,
    *,
    target: str = "platform",
    offset: float = SXI_OFFSET,
) -> xr.Dataset:
    """Point UVI from everywhere along a trajectory, the Sun up in its image.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        Along `time` or at one, in GSM.
    target : str
        ``"platform"``: fixed to the spacecraft, `offset` from where SXI
        looks, toward the Earth. ``"oval"``: the middle of the northern
        auroral oval, `OVAL_CENTRE`. ``"earth"``: the Earth's centre.
    offset : float
        Of the platform, from SXI's boresight to UVI's. [deg]

    Returns
    -------
    pointing : xarray.Dataset (POINTING)
        With `uvi_on`, whether it is high enough for UVI to be on. Boresight
        and up are NaN where SXI's rule has no direction for the platform.

    Raises
    ------
    ValueError
        If the target is unknown, the trajectory is not in GSM or has no
        time, or, for the oval, a time is outside 2000-2030.
    """
    TRAJECTORY.check(trajectory)
    if target not in TARGETS:
        raise ValueError(
            f"UVI can be pointed by {', '.join(TARGETS)}, got {target!r}"
        )
    if trajectory["position"].attrs.get("frame", "GSM") != "GSM":
        raise ValueError(
            "UVI's pointing needs a trajectory in GSM, got "
            f"{trajectory['position'].attrs['frame']}; rotate it with "
            "frames.rotate"
        )
    if target == "platform":
        pointed = _beside_sxi(orbit.pointing(trajectory), offset)
    elif target == "earth":
        pointed = aim(trajectory, target=(0.0, 0.0, 0.0))
    else:
        pointed = aim(trajectory, target=_oval(trajectory["position"]))
    pointed["uvi_on"] = orbit.altitude(trajectory) > UVI_MINIMUM_ALTITUDE
    pointed.attrs["target"] = target
    if target == "platform":
        pointed.attrs["offset"] = offset
    return POINTING.stamp(pointed)


def _beside_sxi(sxi: xr.Dataset, offset: float) -> xr.Dataset:
    """Turn down from SXI's boresight: below its image lies the Earth."""
    angle = np.radians(offset)
    boresight, up = sxi["boresight"], sxi["up"]
    turned = {
        "position": sxi["position"],
        "boresight": np.cos(angle) * boresight - np.sin(angle) * up,
        "up": np.sin(angle) * boresight + np.cos(angle) * up,
    }
    for name in ("boresight", "up"):
        turned[name].attrs = {"frame": "GSM"}
    return xr.Dataset(turned)


def _oval(position: xr.DataArray) -> xr.DataArray:
    """Place of the middle of the oval, in GSM."""
    if "time" not in position.coords:
        raise ValueError(
            "the oval turns with the Earth: the trajectory needs a time; "
            "give it one with .assign_coords(time=...)"
        )
    mlat, mlt = OVAL_CENTRE
    places = []
    for time in np.atleast_1d(position["time"].values):
        place = apex.geographic(mlat, apex.longitude(mlt, time), time)
        places.append(geodesy.cartesian(*place, apex.HEIGHT))
    geo = xr.zeros_like(position.transpose(..., "component"))
    geo = geo.copy(data=np.reshape(places, geo.shape))
    return frames.rotate(geo.assign_attrs(frame="GEO"), to="GSM")
