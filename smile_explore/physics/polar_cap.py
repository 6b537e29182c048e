"""The open magnetic flux of a polar cap, and how fast the Sun feeds it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics._checks import check_positive
from smile_explore.physics._labels import label, number
from smile_explore.physics.solar_wind import clock_angle

__all__ = [
    "AURORA_HEIGHT",
    "enclosed_flux",
    "opening_rate",
]

#: Height at which auroral images are mapped. [km]
AURORA_HEIGHT: Final = 110.0
#: Colatitudes [deg], and the field of the dipole [nT] that would have the
#: flux of the IGRF-14 inside each circle about the northern magnetic pole.
#: From apexpy 2.1.1: B_e3 of Richmond (1995) integrated over modified apex
#: coordinates, mean of 2012.5 and 2020; it grew by 1.4 % from 2000 to 2026.
#: Near the pole the field is 9 % below that of the centred dipole, 29 800 nT.
_COLATITUDE = (2.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0)
_FIELD = (27197, 27288, 27601, 28083, 28685, 29353, 30036, 31294)


def enclosed_flux(
    colatitude: Any,
    *,
    height: float = AURORA_HEIGHT,
    equatorial_field: float | None = None,
) -> Any:
    """Flux through a cap whose rim is given all around the pole.

    Parameters
    ----------
    colatitude : array_like, (..., local time)
        Magnetic colatitude of the rim, at equal steps of local time over the
        whole day. [deg]
    height : float
        Of the shell on which the rim lies. [km]
    equatorial_field : float, optional
        Of a centred dipole at 1 R_E; by default the field is that of the
        northern hemisphere, mean over longitude. [nT]

    Returns
    -------
    flux : array_like, (...)
        NaN where a part of the rim is. [Wb]

    Raises
    ------
    ValueError
        If height or field are not positive.

    Notes
    -----
    With B_r = 2 B0 (R_E / r)^3 cos(colatitude), a dipole has B0 R_E^3 / r
    times the integral of sin^2(colatitude) over longitude. The real field is
    put in as a B0 that depends on colatitude.
    """
    check_positive(height=height)
    rim = np.asarray(colatitude, dtype=np.float64)
    if equatorial_field is None:
        field = np.interp(rim, _COLATITUDE, _FIELD)
    else:
        check_positive(equatorial_field=equatorial_field)
        field = np.full_like(rim, equatorial_field)
    earth = EARTH_RADIUS * 1e3
    strength = field * 1e-9 * earth**3 / (earth + height * 1e3)
    flux = strength * np.sin(np.radians(rim)) ** 2
    return 2.0 * np.pi * flux.mean(-1)


def opening_rate(speed: Any, by: Any, bz: Any) -> Any:
    """Rate at which dayside reconnection opens flux, by Milan et al. (2012).

    Parameters
    ----------
    speed : array_like
        Bulk speed. [km s-1]
    by, bz : array_like
        Components of the IMF, GSM. [nT]

    Returns
    -------
    opening : array_like
        L v B_yz sin^(9/2)(clock / 2), with L = 3.8 R_E (v / 400 km/s)^(1/3).
        [V = Wb s-1]

    Notes
    -----
    Fitted to the growth of the polar cap between substorms, for speeds of 300
    to 700 km/s and fields of up to about 15 nT.

    References
    ----------
    .. [1] Milan et al. (2012), https://doi.org/10.1029/2011JA017082.
    """
    speed = np.abs(number(speed))
    across = np.hypot(number(by), number(bz))
    half = np.radians(clock_angle(by, bz)) / 2.0
    length = 3.8 * EARTH_RADIUS * 1e3 * (speed / 400.0) ** (1.0 / 3.0)
    field = speed * 1e3 * across * 1e-9
    rate = length * field * np.abs(np.sin(half)) ** 4.5
    return label(rate, "opening", "V", "flux opened on the dayside")
