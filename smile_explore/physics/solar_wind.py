"""What the solar wind does to a magnetosphere, from its measured moments.

Every function takes numbers, numpy arrays and xarray objects alike. The
plasma is protons with electrons beside them; helium counts only where an
option says so. Densities and field strengths of zero or below give NaN where
the answer would not be finite.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from smile_explore.constants import (
    ELEMENTARY_CHARGE,
    PROTON_MASS,
    VACUUM_PERMEABILITY,
)
from smile_explore.physics._labels import label, number, where

__all__ = [
    "ELECTRON_TEMPERATURE",
    "alfven_mach",
    "alfven_speed",
    "clock_angle",
    "dynamic_pressure",
    "magnetic_pressure",
    "magnetosonic_mach",
    "newell_coupling",
    "plasma_beta",
    "sonic_mach",
    "sound_speed",
]

#: Mean of ten years of Wind near 1 AU, Wilson et al. (2018),
#: https://doi.org/10.3847/1538-4365/aab71c. It varies less than that of
#: protons; OMNI takes 1.4e5 K = 12.1 eV at all times. [eV]
ELECTRON_TEMPERATURE: Final = 12.2

_ADIABATIC = 5.0 / 3.0
_PER_CM3 = 1e6  # m-3
_KM_PER_S = 1e3  # m s-1
_NANO = 1e-9


def dynamic_pressure(
    density: Any, speed: Any, *, alpha_ratio: Any = 0.0
) -> Any:
    """Dynamic pressure m n v^2 of the solar wind.

    Parameters
    ----------
    density : array_like
        Proton density. [cm-3]
    speed : array_like
        Bulk speed. [km s-1]
    alpha_ratio : array_like, optional
        Alpha particles per proton, each of four proton masses.

    Returns
    -------
    pressure : array_like
        [nPa]

    Notes
    -----
    Without the factor 1/2 that some codes have. OMNI's flow pressure counts
    alphas: with a ratio of 0.05 it is 2e-6 n v^2. OMNI gives 0.04 to 0.05 as
    typical; such a ratio adds 16 to 20 percent to the pressure and takes 2 to
    3 percent from the standoff.

    References
    ----------
    .. [1] OMNI, https://omniweb.gsfc.nasa.gov/ftpbrowser/bow_derivation.html
    """
    mass = PROTON_MASS * (1.0 + 4.0 * number(alpha_ratio))
    flow = number(speed) * _KM_PER_S
    pressure = mass * number(density) * _PER_CM3 * flow**2 / _NANO
    return label(pressure, "dynamic_pressure", "nPa", "dynamic pressure")


def magnetic_pressure(field_strength: Any) -> Any:
    """Magnetic pressure B^2 / (2 mu0).

    Parameters
    ----------
    field_strength : array_like
        Strength of the magnetic field, all three components. [nT]

    Returns
    -------
    pressure : array_like
        [nPa]
    """
    field = number(field_strength) * _NANO
    pressure = field**2 / (2.0 * VACUUM_PERMEABILITY) / _NANO
    return label(pressure, "magnetic_pressure", "nPa", "magnetic pressure")


def clock_angle(by: Any, bz: Any) -> Any:
    """Clock angle of the IMF: 0 north, 90 toward +Y (dusk), 180 south.

    Parameters
    ----------
    by, bz : array_like
        Components of the IMF, GSM. [nT]

    Returns
    -------
    angle : array_like
        Between -180 and 180; 0 for a field that has neither component. [deg]
    """
    angle = np.degrees(np.arctan2(number(by), number(bz)))
    return label(angle, "clock_angle", "deg", "clock angle of the IMF")


def alfven_speed(density: Any, field_strength: Any) -> Any:
    """Alfven speed B / sqrt(mu0 m n) of protons.

    Parameters
    ----------
    density : array_like
        Proton density. [cm-3]
    field_strength : array_like
        Strength of the magnetic field. [nT]

    Returns
    -------
    speed : array_like
        [km s-1]
    """
    density = number(density)
    mass_density = PROTON_MASS * where(density > 0.0, density) * _PER_CM3
    field = number(field_strength) * _NANO
    speed = field / np.sqrt(VACUUM_PERMEABILITY * mass_density) / _KM_PER_S
    return label(speed, "alfven_speed", "km s-1", "Alfven speed")


def sound_speed(
    temperature: Any, *, electron_temperature: Any = ELECTRON_TEMPERATURE
) -> Any:
    """Sound speed sqrt(5/3 k (Tp + Te) / m) of protons and electrons.

    Parameters
    ----------
    temperature : array_like
        Proton temperature. [eV]
    electron_temperature : array_like, optional
        The solar wind's by default; 0 where `temperature` is already the sum
        of ions and electrons, as in an MHD cube. [eV]

    Returns
    -------
    speed : array_like
        [km s-1]
    """
    both = number(temperature) + number(electron_temperature)
    energy = where(both >= 0.0, both) * ELEMENTARY_CHARGE
    speed = np.sqrt(_ADIABATIC * energy / PROTON_MASS) / _KM_PER_S
    return label(speed, "sound_speed", "km s-1", "sound speed")


def sonic_mach(
    speed: Any,
    temperature: Any,
    *,
    electron_temperature: Any = ELECTRON_TEMPERATURE,
) -> Any:
    """Mach number of the flow against sound.

    Parameters
    ----------
    speed : array_like
        Bulk speed. [km s-1]
    temperature, electron_temperature : array_like
        As in `sound_speed`. [eV]

    Returns
    -------
    mach : array_like
    """
    sound = sound_speed(temperature, electron_temperature=electron_temperature)
    mach = number(speed) / where(sound > 0.0, sound)
    return label(mach, "sonic_mach", "1", "sonic Mach number")


def alfven_mach(speed: Any, density: Any, field_strength: Any) -> Any:
    """Mach number of the flow against Alfven waves.

    Parameters
    ----------
    speed : array_like
        Bulk speed. [km s-1]
    density : array_like
        Proton density. [cm-3]
    field_strength : array_like
        Strength of the magnetic field. [nT]

    Returns
    -------
    mach : array_like
    """
    alfven = alfven_speed(density, field_strength)
    mach = number(speed) / where(alfven > 0.0, alfven)
    return label(mach, "alfven_mach", "1", "Alfven Mach number")


def magnetosonic_mach(
    speed: Any,
    density: Any,
    temperature: Any,
    field_strength: Any,
    *,
    electron_temperature: Any = ELECTRON_TEMPERATURE,
) -> Any:
    """Mach number against the fast wave across the field.

    Parameters
    ----------
    speed : array_like
        Bulk speed. [km s-1]
    density : array_like
        Proton density. [cm-3]
    temperature, electron_temperature : array_like
        As in `sound_speed`. [eV]
    field_strength : array_like
        Strength of the magnetic field. [nT]

    Returns
    -------
    mach : array_like

    References
    ----------
    .. [1] OMNI, https://omniweb.gsfc.nasa.gov/ftpbrowser/bow_derivation.html
       (which adds 5 percent of alphas: Mach numbers up to 9 percent higher).
    """
    sound = sound_speed(temperature, electron_temperature=electron_temperature)
    fast = np.sqrt(alfven_speed(density, field_strength) ** 2 + sound**2)
    mach = number(speed) / where(fast > 0.0, fast)
    return label(mach, "magnetosonic_mach", "1", "magnetosonic Mach number")


def plasma_beta(
    density: Any,
    temperature: Any,
    field_strength: Any,
    *,
    electron_temperature: Any = ELECTRON_TEMPERATURE,
) -> Any:
    """Thermal pressure of protons and electrons over magnetic pressure.

    Parameters
    ----------
    density : array_like
        Proton density. [cm-3]
    temperature, electron_temperature : array_like
        As in `sound_speed`. [eV]
    field_strength : array_like
        Strength of the magnetic field. [nT]

    Returns
    -------
    beta : array_like
    """
    both = number(temperature) + number(electron_temperature)
    thermal = number(density) * _PER_CM3 * both * ELEMENTARY_CHARGE / _NANO
    magnetic = magnetic_pressure(field_strength)
    beta = thermal / where(magnetic > 0.0, magnetic)
    return label(beta, "plasma_beta", "1", "plasma beta")


def newell_coupling(speed: Any, by: Any, bz: Any) -> Any:
    """Rate at which flux is opened, v^(4/3) BT^(2/3) sin^(8/3)(clock / 2).

    Parameters
    ----------
    speed : array_like
        Bulk speed. [km s-1]
    by, bz : array_like
        Components of the IMF, GSM; BT is their length. [nT]

    Returns
    -------
    coupling : array_like
        Proportional to the rate, in the unit the paper's fits use.
        [(km s-1)^(4/3) nT^(2/3)]

    References
    ----------
    .. [1] Newell et al. (2007), https://doi.org/10.1029/2006JA012015.
    """
    across = np.hypot(number(by), number(bz))
    half = np.radians(clock_angle(by, bz)) / 2.0
    coupling = (
        np.abs(number(speed)) ** (4.0 / 3.0)
        * across ** (2.0 / 3.0)
        * np.abs(np.sin(half)) ** (8.0 / 3.0)
    )
    units = "(km s-1)^(4/3) nT^(2/3)"
    return label(coupling, "coupling", units, "Newell coupling function")
