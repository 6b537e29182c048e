"""Ultraviolet light of 160-180 nm: aurora, dayglow, and the slanted sight.

The band is that of UVI and holds 18.5 percent of the Lyman-Birge-Hopfield
(LBH) light of N2. All three curves were computed with GLOW (Solomon 2017),
with Franck-Condon factors for the band and absorption by O2; they are for a
sight straight down from above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from smile_explore.physics._checks import check_positive
from smile_explore.physics._labels import label, number, where

__all__ = [
    "DAYGLOW",
    "DAYGLOW_SUMMER",
    "ENERGIES",
    "SCALE",
    "SMALLEST_COSINE",
    "DayglowFit",
    "auroral_radiance",
    "dayglow",
    "slant",
]

#: **An assumption**: what the brightness that GLOW gives is multiplied by.
#: With Zhang and Paxton (2008), GLOW is 2.1 times (1.75 to 2.7) as bright as
#: what Polar UVI saw (Carbary 2005); half of it is 110 R per mW m-2 at 10
#: keV, the number that Wu et al. (2021) use. The dayglow shares it.
SCALE: Final = 0.5
#: Mean energies that the yield is known for; it is held beyond them. [keV]
ENERGIES: Final = (0.2, 30.0)
#: **An assumption**: below this cosine of the view zenith angle (78 deg) the
#: brightening toward the limb is held, where the layer is no longer flat.
SMALLEST_COSINE: Final = 0.2

# ln R per mW m-2 is this polynomial in ln keV: the mean of three atmospheres
# at 0.2-30 keV, to 1.3 percent; season and F10.7 make 5 percent above 2 keV
# and 20 percent below 0.5 keV.
_YIELD = (-0.01226, -0.05552, 0.14604, 5.50305)


def auroral_radiance(
    energy_flux: Any, mean_energy: Any, *, scale: float = SCALE
) -> Any:
    """Brightness of an aurora straight from above.

    Parameters
    ----------
    energy_flux : array_like
        Of precipitating electrons. [mW m-2]
    mean_energy : array_like
        Of a Maxwellian spectrum, twice its characteristic energy. [keV]
    scale : float
        What the computed brightness is multiplied by.

    Returns
    -------
    radiance : array_like
        Of 160-180 nm. [R]

    Raises
    ------
    ValueError
        If the scale is not positive.

    Notes
    -----
    Outside 0.2-30 keV the yield at the end of that range is used: models
    have no energy to speak of where they have no flux.

    References
    ----------
    .. [1] Solomon (2017), Global modeling of thermospheric airglow in the far
       ultraviolet, https://doi.org/10.1002/2017JA024314
    """
    check_positive(scale=scale)
    energy = np.clip(number(mean_energy), *ENERGIES)
    logarithm = np.log(energy)
    power = _YIELD[0] * logarithm
    for coefficient in _YIELD[1:-1]:
        power = (power + coefficient) * logarithm
    efficiency = scale * np.exp(power + _YIELD[-1])
    light = number(energy_flux) * efficiency
    return label(light, "radiance", "R", "LBH-long radiance from above")


@dataclass(frozen=True)
class DayglowFit:
    """Dayglow as ``(offset + slope F10.7) s^power``.

    s is the cosine of the solar zenith angle, rounded off to zero beyond the
    terminator: ``s = (mu + sqrt(mu^2 + softness^2)) / 2``.
    """

    offset: float
    slope: float
    softness: float
    power: float


#: At equinox and 40 deg north: right to 8 R rms.
DAYGLOW = DayglowFit(-50.36, 10.111, 0.0822, 1.0913)
#: In summer at 75 deg north, a quarter to a third brighter: 3 R rms.
DAYGLOW_SUMMER = DayglowFit(-142.5, 12.595, 0.1339, 1.0364)


def dayglow(
    solar_zenith_angle: Any,
    f107: Any,
    *,
    fit: DayglowFit = DAYGLOW,
    scale: float = SCALE,
) -> Any:
    """Brightness of the sunlit upper air straight from above.

    Parameters
    ----------
    solar_zenith_angle : array_like
        [deg]
    f107 : array_like
        Solar radio flux at 10.7 cm; 65 to 300. [1e-22 W m-2 Hz-1]
    fit : DayglowFit
        `DAYGLOW` or, in summer at high latitudes, `DAYGLOW_SUMMER`.
    scale : float
        What the computed brightness is multiplied by.

    Returns
    -------
    radiance : array_like
        Of 160-180 nm; NaN where an angle is not known. [R]

    Raises
    ------
    ValueError
        If F10.7 is not within 50-400, or the scale is not positive.

    Notes
    -----
    The fit is to GLOW at angles from 40 to 111 deg and F10.7 of 70 to 200.
    Higher Suns, at equinox near the equator, it meets within 2 percent: the
    ratio of it to all LBH light that GLOW gives there is 0.176 to 0.184 at
    0 to 40 deg, at 40 deg itself 0.177 to 0.182.
    """
    check_positive(scale=scale)
    flux = number(f107)
    if not bool(np.all((flux >= 50.0) & (flux <= 400.0))):
        raise ValueError(
            "F10.7 must be within 50-400 (1e-22 W m-2 Hz-1), got "
            f"{np.asarray(f107)}; the Sun has shown 63 to 380"
        )
    cosine = np.cos(np.radians(number(solar_zenith_angle)))
    lit = 0.5 * (cosine + np.sqrt(cosine**2 + fit.softness**2))
    light = scale * (fit.offset + fit.slope * flux) * lit**fit.power
    return label(light, "dayglow", "R", "dayglow from above")


def slant(cosine: Any, mean_energy: Any = None) -> Any:
    """Brightness along a slanted sight over that from straight above.

    Parameters
    ----------
    cosine : array_like
        Of the view zenith angle at the height of the light.
    mean_energy : array_like, optional
        Of the electrons: hard ones shine from below more O2. The dayglow
        unless given. [keV]

    Returns
    -------
    ratio : array_like
        1 and above; NaN for a cosine of 0 or less.

    Notes
    -----
    Nearly 1 / cosine for soft electrons and the dayglow; 1.73 at a cosine of
    0.5 for 10 keV. Held below `SMALLEST_COSINE`, and beyond 1-10 keV.
    """
    mu = number(cosine)
    depth = -np.log(np.clip(where(mu > 0.0, mu), SMALLEST_COSINE, 1.0))
    depth = np.minimum(depth, _DEPTH[-1])  # a last digit too far is NaN
    if mean_energy is None:
        ratio = np.interp(depth, _DEPTH, _DAYGLOW_SLANT)
    else:
        logarithm = np.log(np.clip(number(mean_energy), *_SLANT_RANGE))
        ratio = _slant_table(depth, logarithm)
    return np.exp(ratio)


# Computed with GLOW and the absorption of O2, by the cosine of the view
# zenith angle (down) and the mean energy of the electrons (across).
_COSINES = np.array([1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2])
_SLANT_ENERGIES = np.array([1.0, 3.0, 6.0, 10.0])
_SLANT_RANGE = (1.0, 10.0)
_SLANT = np.log(
    [
        [1.0, 1.0, 1.0, 1.0],
        [1.248, 1.233, 1.212, 1.196],
        [1.658, 1.611, 1.547, 1.499],
        [1.985, 1.904, 1.801, 1.727],
        [2.472, 2.331, 2.163, 2.048],
        [3.276, 3.013, 2.728, 2.543],
        [4.86, 4.291, 3.756, 3.426],
    ]
)
_DEPTH = -np.log(_COSINES)
_DAYGLOW_SLANT = np.log([1.0, 1.244, 1.647, 1.966, 2.441, 3.223, 4.756])


def _slant_table(depth: np.ndarray, energy: np.ndarray) -> np.ndarray:
    table = RegularGridInterpolator(
        (_DEPTH, np.log(_SLANT_ENERGIES)),
        _SLANT,
        bounds_error=False,  # NaN is no error
    )
    return table(np.stack(np.broadcast_arrays(depth, energy), axis=-1))
