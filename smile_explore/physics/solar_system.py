"""Where Sun and Moon are, and where Earth's pole points, without files."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from smile_explore.physics import clocks

__all__ = [
    "ASTRONOMICAL_UNIT",
    "MOON_GRAVITY",
    "SUN_GRAVITY",
    "moon_position",
    "pole_direction",
    "sun_position",
]

#: IAU 2012 resolution B2. [km]
ASTRONOMICAL_UNIT: Final = 149_597_870.7
#: GM of the Sun and of the Moon, DE440: Park et al. (2021),
#: https://doi.org/10.3847/1538-3881/abd414, table 2. [km3 s-2]
SUN_GRAVITY: Final = 132_712_440_041.279419
MOON_GRAVITY: Final = 4_902.800118


def sun_position(time: ArrayLike) -> np.ndarray:
    """Place of the Sun, seen from Earth's centre without light time.

    Parameters
    ----------
    time : datetime64, array_like
        UTC.

    Returns
    -------
    position : numpy.ndarray (..., 3)
        GEI, the axes of GCRS. [km]

    Notes
    -----
    ERFA's epv00 (VSOP2000, simplified) is within 4.6 km of DE405 between 1900
    and 2100.
    """
    import erfa

    around_sun, _ = erfa.epv00(*_julian(time))
    return -around_sun["p"] * ASTRONOMICAL_UNIT


def moon_position(time: ArrayLike) -> np.ndarray:
    """Place of the Moon, seen from Earth's centre without light time.

    Parameters
    ----------
    time : datetime64, array_like
        UTC.

    Returns
    -------
    position : numpy.ndarray (..., 3)
        GEI, the axes of GCRS. [km]

    Notes
    -----
    ERFA's moon98 (Meeus 1998) is off by 6.1 km (rms) and at most by 32 km
    between 1950 and 2100.
    """
    import erfa

    return erfa.moon98(*_julian(time))["p"] * ASTRONOMICAL_UNIT


def pole_direction(time: ArrayLike) -> np.ndarray:
    """Direction of Earth's axis (the celestial intermediate pole).

    Parameters
    ----------
    time : datetime64, array_like
        UTC.

    Returns
    -------
    pole : numpy.ndarray (..., 3)
        Unit vector in GEI, the axes of GCRS; precession and nutation of
        IAU 2006/2000B.
    """
    import erfa

    # the last row of the matrix from GCRS to the axes of date
    return erfa.pnm00b(*_julian(time))[..., 2, :]


def _julian(time: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Julian date of TT in two parts."""
    since = clocks.from_utc(time, clock="TT") - np.datetime64("2000-01-01T12")
    return np.asarray(2451545.0), since / np.timedelta64(1, "D")
