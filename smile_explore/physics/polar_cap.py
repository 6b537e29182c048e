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
    "EQUATORIAL_FIELD",
    "enclosed_flux",
    "opening_rate",
]

#: Height at which auroral images are mapped. [km]
AURORA_HEIGHT: Final = 110.0
#: Field of the centred dipole on the equator in 2015, the length of (g10,
#: g11, h11) of IGRF-13, Alken et al. (2021),
#: https://doi.org/10.1186/s40623-020-01288-x. It falls by 0.05 % a year. [nT]
EQUATORIAL_FIELD: Final = float(np.sqrt(29441.46**2 + 1501.77**2 + 4795.99**2))


def enclosed_flux(
    colatitude: Any,
    *,
    height: float = AURORA_HEIGHT,
    equatorial_field: float = EQUATORIAL_FIELD,
) -> Any:
    """Flux of a dipole through a cap whose rim is given all around the pole.

    Parameters
    ----------
    colatitude : array_like, (..., local time)
        Magnetic colatitude of the rim, at equal steps of local time over the
        whole day. [deg]
    height : float
        Of the shell on which the rim lies. [km]
    equatorial_field : float
        Of the dipole at 1 R_E. [nT]

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
    With B_r = 2 B0 (R_E / r)^3 cos(colatitude), the flux within the rim is
    B0 R_E^3 / r times the integral of sin^2(colatitude) over longitude. In
    modified apex coordinates of the real field it holds up to the departure
    of that field from a dipole, see docs/oval.md.
    """
    check_positive(height=height, equatorial_field=equatorial_field)
    rim = np.radians(np.asarray(colatitude, dtype=np.float64))
    radius = (EARTH_RADIUS + height) * 1e3
    strength = equatorial_field * 1e-9 * (EARTH_RADIUS * 1e3) ** 3 / radius
    return strength * 2.0 * np.pi * (np.sin(rim) ** 2).mean(-1)


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
