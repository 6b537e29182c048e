"""Where to start a fit of an emissivity model: the authors' two methods.

"pressure" places the boundaries by Shue et al. (1997), or Lin et al. (2010)
for CMEM, and takes rounded amplitudes of one run. "density" has linear laws
in the solar wind density, fitted to MHD runs. Both used a dynamic pressure of
0.5 m n v^2; so do these functions, from the m n v^2 of a SOLAR_WIND.

The linear laws go negative: A1 below 2.33 and A2 below 1.11 cm-3, and the
magnetopause would reach Earth at 103 cm-3. Amplitudes below `LEAST_DENSITY`
are therefore taken proportional to the density, and distances beyond
`LARGEST_DENSITY` are those at it.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import xarray as xr

from smile_explore.physics import emissivity_models as models
from smile_explore.schema import SOLAR_WIND

__all__ = ["LARGEST_DENSITY", "LEAST_DENSITY", "cmem", "jorgensen"]

#: **An assumption**: below this, the laws of the amplitudes are replaced by
#: a line to zero. [cm-3]
LEAST_DENSITY: Final = 5.0
#: **An assumption**: beyond this, the laws of the distances stand still, for
#: they were fitted to winds of ordinary density. [cm-3]
LARGEST_DENSITY: Final = 35.0
#: **An assumption**: least thickness of the sheath to start with. [R_E]
LEAST_SHEATH: Final = 1.0

_METHODS = ("pressure", "density")
#: The authors' rounded values, and how much more the bow shock flares.
_SLOPE, _SLOPE_FLANK, _FLARING = 2.5, -1.6, 0.2
_SHEATH = 3.0  # thickness, R_E


def jorgensen(
    solar_wind: xr.Dataset, *, method: str = "pressure"
) -> models.JorgensenParameters:
    """Start values for `emissivity_models.jorgensen`.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        At one time.
    method : {"pressure", "density"}
        As the module says.

    Returns
    -------
    parameters : JorgensenParameters

    Raises
    ------
    ValueError
        If there are several times, no such method, or no solar wind: density
        or pressure are not positive.

    References
    ----------
    .. [1] Wharton et al. (2025), https://github.com/swharton1/CMEM.
    .. [2] Shue et al. (1997), https://doi.org/10.1029/97JA00196, eqs. 12, 13.
    """
    density, pressure, bz = _driver(solar_wind, method)
    flaring = _shue_flaring(pressure, bz)
    if method == "pressure":
        nose = (11.4 + (0.013 if bz >= 0.0 else 0.14) * bz) * pressure ** (
            -1.0 / 6.6
        )
        shock, sheath, wind = nose + _SHEATH, 3.2e-5, 1.3e-5
    else:
        nose = -0.10 * min(density, LARGEST_DENSITY) + 10.28
        shock = _shock(density, nose)
        sheath, wind = _amplitudes(density)
    return models.JorgensenParameters(
        magnetopause=nose,
        bow_shock=shock,
        magnetopause_y=flaring,
        magnetopause_z=flaring,
        bow_shock_y=flaring + _FLARING,
        bow_shock_z=flaring + _FLARING,
        slope=_SLOPE,
        slope_flank=_SLOPE_FLANK,
        sheath=sheath,
        wind=wind,
        flank=-1.8e-5,
    )


def cmem(
    solar_wind: xr.Dataset,
    *,
    method: str = "pressure",
    dipole_tilt: float = 0.0,
) -> models.CmemParameters:
    """Start values for `emissivity_models.cmem`.

    Parameters
    ----------
    solar_wind, method
        As in `jorgensen`.
    dipole_tilt : float, optional
        [deg]

    Returns
    -------
    parameters : CmemParameters

    Raises
    ------
    ValueError
        As `jorgensen`.

    References
    ----------
    .. [1] Wharton et al. (2025), https://github.com/swharton1/CMEM.
    """
    density, pressure, bz = _driver(solar_wind, method)
    flaring = _shue_flaring(pressure, bz) + _FLARING
    start = dataclasses.replace(
        models.CmemParameters(), bow_shock_y=flaring, bow_shock_z=flaring
    )
    # Lin's own subsolar distance, without the cusps
    settings = models.shape(start, solar_wind, dipole_tilt=dipole_tilt)
    nose = float(settings.magnetopause[0])
    if method == "pressure":
        return dataclasses.replace(start, bow_shock=nose + _SHEATH)
    scale = 0.0022 * min(density, LARGEST_DENSITY) + 0.7753
    sheath, wind = _amplitudes(density)
    return dataclasses.replace(
        start,
        magnetopause_scale=scale,
        bow_shock=_shock(density, scale * nose),
        sheath=sheath,
        wind=wind,
    )


def _driver(wind: xr.Dataset, method: str) -> tuple[float, float, float]:
    """Density, half of m n v^2, and bz."""
    if method not in _METHODS:
        raise ValueError(
            f"method must be {' or '.join(_METHODS)}, got {method!r}"
        )
    SOLAR_WIND.check(wind)
    if wind["density"].size != 1:
        raise ValueError(
            f"solar_wind must be at one time, got {wind['density'].size}; "
            'select it with .sel(time=..., method="nearest")'
        )
    density = wind["density"].item()
    pressure = 0.5 * wind["dynamic_pressure"].item()
    if not (density > 0.0 and pressure > 0.0):
        raise ValueError(
            "solar_wind must have a positive density and dynamic pressure, "
            f"got {density} cm-3 and {2.0 * pressure} nPa"
        )
    return density, pressure, float(wind["magnetic_field"].values.flat[2])


def _shue_flaring(pressure: float, bz: float) -> float:
    return (0.58 - 0.010 * bz) * (1.0 + 0.010 * pressure)


def _shock(density: float, nose: float) -> float:
    law = -0.12 * min(density, LARGEST_DENSITY) + 13.24
    return max(law, nose + LEAST_SHEATH)


def _amplitudes(density: float) -> tuple[float, float]:
    """Sheath and wind, never zero or below."""
    lawful = max(density, LEAST_DENSITY)
    thinned = min(density / LEAST_DENSITY, 1.0)
    sheath = 2.7e-6 * lawful - 6.3e-6
    wind = 0.9e-6 * lawful - 1.0e-6
    return sheath * thinned, wind * thinned
