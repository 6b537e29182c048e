"""The ultraviolet spot at the foot of the cusp, an optional layer.

Protons of the solar wind that come down the cusp make a spot of light when
the IMF is northward. Where it is follows published averages; how bright it
is, and how far it moves in local time, are **assumptions**: the regressions
of Frey et al. (2002) were not found in numbers. The aurora says that it has
the spot, so that a view can.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.physics._labels import number
from smile_explore.schema import AURORA

__all__ = [
    "BRIGHTNESS",
    "BY_SHIFT",
    "NORTHWARD_LATITUDE",
    "PER_BZ",
    "SIZE_MLAT",
    "SIZE_MLT",
    "position",
    "with_spot",
]

#: Magnetic latitude of the cusp at noon for northward IMF, and how it moves
#: with southward Bz: it is at 73 deg at -10 nT (Zhou et al. 2000).
#: [deg, deg nT-1]
NORTHWARD_LATITUDE: Final = 80.3
PER_BZ: Final = 0.73
#: **An assumption**: brightness from above, per dynamic pressure, for
#: northward IMF; for southward IMF there is no spot (Frey et al. 2002 find
#: that the spot follows the pressure). [R nPa-1]
BRIGHTNESS: Final = 60.0
#: **An assumption**: shift in local time with By, toward the afternoon for
#: By > 0 in the north (Newell and Meng 1989; Frey et al. 2002), held at 2 h.
#: [h nT-1]
BY_SHIFT: Final = 0.15
#: **Assumptions**: half widths of the spot, where the light is down to
#: exp(-1/2); the local time is half of the 2.1 h that Newell and Meng (1989)
#: give for the width of the cusp in northward IMF. [deg, h]
SIZE_MLAT: Final = 1.0
SIZE_MLT: Final = 1.05

_FARTHEST_SHIFT = 2.0


def position(by: Any, bz: Any) -> tuple[Any, Any]:
    """Find the foot of the northern cusp.

    Parameters
    ----------
    by, bz : array_like
        Components of the IMF, GSM. [nT]

    Returns
    -------
    mlat, mlt : array_like
        [deg, h]

    References
    ----------
    .. [1] Zhou et al. (2000), Solar wind control of the polar cusp at high
       altitude, https://doi.org/10.1029/1999JA900412
    """
    southward = np.minimum(number(bz), 0.0)
    shift = np.clip(BY_SHIFT * number(by), -_FARTHEST_SHIFT, _FARTHEST_SHIFT)
    return NORTHWARD_LATITUDE + PER_BZ * southward, 12.0 + shift


def with_spot(
    aurora: xr.Dataset,
    *,
    by: Any,
    bz: Any,
    dynamic_pressure: Any,
    brightness: float = BRIGHTNESS,
) -> xr.Dataset:
    """Add the spot at the foot of the cusp to the light of an aurora.

    Parameters
    ----------
    aurora : xarray.Dataset (AURORA)
    by, bz : float or xarray.DataArray
        Components of the IMF, GSM. [nT]
    dynamic_pressure : float or xarray.DataArray
        Of the solar wind. [nPa]
    brightness : float
        In the middle of the spot, per pressure, assumed. [R nPa-1]

    Returns
    -------
    aurora : xarray.Dataset (AURORA)
        `radiance` with the spot, where Bz > 0; `cusp_spot`, the spot alone
        [R]; and in the attributes what was assumed. The electrons are as
        they were: the light is that of protons.

    Raises
    ------
    ValueError
        If the brightness or a pressure is negative.

    References
    ----------
    .. [1] Frey et al. (2002), Proton aurora in the cusp,
       https://doi.org/10.1029/2001JA900161
    """
    AURORA.check(aurora)
    if not brightness >= 0.0:
        raise ValueError(
            f"brightness must not be negative, got {brightness:g} R nPa-1"
        )
    if bool(np.any(np.asarray(dynamic_pressure) < 0.0)):
        raise ValueError(
            "dynamic_pressure must not be negative, got "
            f"{float(np.nanmin(dynamic_pressure)):g} nPa"
        )
    mlat, mlt = position(by, bz)
    hours = (aurora["mlt"] - mlt + 12.0) % 24.0 - 12.0
    shape = np.exp(
        -0.5
        * (
            ((aurora["mlat"] - mlat) / SIZE_MLAT) ** 2
            + (hours / SIZE_MLT) ** 2
        )
    )
    north = xr.DataArray(bz) > 0.0
    spot = shape * brightness * number(dynamic_pressure)
    spot = spot.where(north, 0.0).transpose(..., "mlat", "mlt")
    spot.attrs = {"units": "R", "long_name": "assumed spot of the cusp"}
    lit = aurora.assign(radiance=aurora["radiance"] + spot, cusp_spot=spot)
    return AURORA.stamp(
        lit.assign_attrs(cusp_spot=f"assumed: {brightness:g} R per nPa")
    )
