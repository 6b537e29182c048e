"""Cold helium ions around Earth, and the sunlight they scatter at 30.4 nm.

The plasmasphere turns with Earth on dipole shells and ends at the plasmapause.
Of its ions He+ scatters the strongest solar line of the extreme ultraviolet,
so that its brightness is that of a column of helium, one photon scattered.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.constants import (
    ELECTRON_RADIUS,
    LIGHT_SPEED,
)
from smile_explore.physics._checks import check_positive
from smile_explore.physics._labels import label, number, where

__all__ = [
    "HELIUM_SHARE",
    "LINE_WIDTH",
    "PHOTON_ENERGY",
    "SOLAR_FLUX",
    "WAVELENGTH",
    "electron_density",
    "emissivity",
    "plasmapause",
    "scattering_rate",
]

#: Of He II Lyman alpha. [nm]
WAVELENGTH: Final = 30.378
#: Of one photon. [eV]
PHOTON_ENERGY: Final = 1239.841984 / WAVELENGTH
#: Oscillator strength of Lyman alpha of a hydrogen-like ion. [1]
OSCILLATOR_STRENGTH: Final = 0.4162
#: Photons of the line at 1 au and solar minimum: Torr and Torr (1985), J.
#: Geophys. Res. 90, 6675, as thermosphere codes have it. [cm-2 s-1]
SOLAR_FLUX: Final = 6.0e9
#: **An assumption**: full width at half maximum of the solar line, as that of
#: He I 58.4 nm is measured (0.010 to 0.013 nm). [nm]
LINE_WIDTH: Final = 0.01
#: He+ over electrons: 15 to 20 % of the plasma in a summary for the EUV imager
#: of IMAGE, https://ntrs.nasa.gov (20020068825); others give 10 % or less
#: (Denton et al. 2024, https://doi.org/10.3389/fspas.2024.1459281). [1]
HELIUM_SHARE: Final = 0.15
#: **An assumption**: n = n0 (L / r)^power along a field line; constant, as in
#: He et al. (2011, J. Geophys. Res. 116). Denton et al. (2002, Field line
#: dependence of magnetospheric electron density) find about 0 for 500 cm-3 at
#: L = 4.5 and 1 for 100 cm-3 at L = 5. [1]
FIELD_LINE_POWER: Final = 0.0
#: The density within is that at this shell, where the model begins. [R_E]
INNERMOST: Final = 2.25


def plasmapause(kp: Any) -> Any:
    """Inner edge of the plasmapause, Carpenter and Anderson (1992).

    Parameters
    ----------
    kp : array_like
        Greatest Kp of the 24 hours before, 0 to 9.

    Returns
    -------
    shell : array_like
        5.6 - 0.46 Kp; NaN for a Kp that cannot be. [R_E]

    References
    ----------
    .. [1] Carpenter and Anderson (1992), https://doi.org/10.1029/91JA01548
    """
    kp = number(kp)
    shell = 5.6 - 0.46 * where((kp >= 0.0) & (kp <= 9.0), kp)
    return label(shell, "plasmapause", "R_E", "dipole shell of plasmapause")


def electron_density(
    shell: Any,
    radius: Any,
    *,
    plasmapause: float,
    field_line_power: float = FIELD_LINE_POWER,
) -> Any:
    """Electrons of the plasmasphere and of the trough beyond it.

    Parameters
    ----------
    shell : array_like
        Distance at which the dipole line crosses the equator. [R_E]
    radius : array_like
        Distance from Earth. [R_E]
    plasmapause : float
        Shell at which the plasmasphere ends, at once. [R_E]
    field_line_power : float
        n = n0 (L / r)^power along a field line.

    Returns
    -------
    density : array_like
        NaN within Earth. [cm-3]

    Notes
    -----
    The plasmasphere is log10 n0 = -0.3145 L + 3.9043, ref. [1]_, without its
    terms for season and solar cycle, made for 2.25 < L < 8 and held constant
    within; the trough 124 (3 / L)^4, ref. [2]_, for 3 < L < 7. No plume, no
    dependence on local time. The step is sharper than any plasmapause.

    References
    ----------
    .. [1] Carpenter and Anderson (1992), https://doi.org/10.1029/91JA01548
    .. [2] Sheeley et al. (2001), https://doi.org/10.1029/2000JA000286
    """
    check_positive(plasmapause=plasmapause)
    shell, radius = number(shell), number(radius)
    full = 10 ** (-0.3145 * np.maximum(shell, INNERMOST) + 3.9043)
    trough = 124.0 * (3.0 / np.maximum(shell, 1.0)) ** 4
    inside = (shell <= plasmapause) * 1.0
    equator = inside * full + (1.0 - inside) * trough
    # NaN last, for a NaN to the power of 0 is 1
    density = where(
        radius >= 1.0, equator * (shell / radius) ** field_line_power
    )
    return label(density, "density", "cm-3", "electron density")


def scattering_rate(
    solar_flux: float = SOLAR_FLUX, line_width: float = LINE_WIDTH
) -> float:
    """Photons that one He+ at rest scatters, the g-factor.

    g = pi r_e c f (dF / d nu): the ion's absorption line is far narrower than
    the solar one, whose middle it sees, taken as a Gaussian.

    Parameters
    ----------
    solar_flux : float
        Photons of the solar line. [cm-2 s-1]
    line_width : float
        Its full width at half maximum. [nm]

    Returns
    -------
    rate : float
        [s-1]

    Raises
    ------
    ValueError
        If one of them is not positive.
    """
    check_positive(solar_flux=solar_flux, line_width=line_width)
    peak = solar_flux / line_width * np.sqrt(4 * np.log(2) / np.pi)
    # per nm to per Hz: lambda^2 / c, both in nm
    per_hertz = peak * WAVELENGTH**2 / (LIGHT_SPEED * 1e9)
    cross_section = np.pi * ELECTRON_RADIUS * LIGHT_SPEED * 1e4
    return float(cross_section * OSCILLATOR_STRENGTH * per_hertz)


def emissivity(
    x: Any,
    y: Any,
    z: Any,
    *,
    kp: float,
    helium_share: float = HELIUM_SHARE,
    rate: float | None = None,
    dipole_tilt: float = 0.0,
    field_line_power: float = FIELD_LINE_POWER,
) -> xr.DataArray:
    """Light of 30.4 nm that the plasmasphere scatters, on a grid.

    Parameters
    ----------
    x, y, z : array_like
        Axes of the grid, GSM. [R_E]
    kp : float
        Greatest Kp of the 24 hours before; it sets the plasmapause.
    helium_share : float
        He+ over electrons, the same everywhere.
    rate : float, optional
        Photons scattered per ion; `scattering_rate()` unless given. [s-1]
    dipole_tilt : float
        [deg]
    field_line_power : float
        As in `electron_density`.

    Returns
    -------
    emissivity : xarray.DataArray, dimensions (x, y, z)
        In energy, as `line_of_sight.integrate` takes it; zero in the shadow
        of Earth, a cylinder, and within Earth. Settings and assumptions are
        in the attributes. [eV cm-3 s-1]

    Raises
    ------
    ValueError
        If Kp is not 0 to 9 or a setting is negative or a share above 1.
    """
    edge = float(plasmapause(kp))
    if not np.isfinite(edge):
        raise ValueError(f"kp must be within 0 to 9, got {kp}")
    if not 0.0 <= helium_share <= 1.0:
        raise ValueError(f"helium_share must be 0 to 1, got {helium_share}")
    rate = scattering_rate() if rate is None else rate
    check_positive(rate=rate)
    x, y, z = (
        xr.DataArray(np.asarray(values, float), {name: values}, name)
        for name, values in (("x", x), ("y", y), ("z", z))
    )
    radius = np.sqrt(x**2 + y**2 + z**2)
    tilt = np.radians(dipole_tilt)
    sine = (x * np.sin(tilt) + z * np.cos(tilt)) / np.maximum(radius, 0.1)
    shell = radius / np.maximum(1.0 - sine**2, 1e-6)
    electrons = electron_density(
        shell,
        np.maximum(radius, 1.0),
        plasmapause=edge,
        field_line_power=field_line_power,
    )
    lit = (radius >= 1.0) & ~((x < 0.0) & (np.hypot(y, z) < 1.0))
    light = xr.where(lit, electrons * helium_share * rate * PHOTON_ENERGY, 0.0)
    light = light.transpose("x", "y", "z").rename("emissivity")
    light.attrs = {
        "units": "eV cm-3 s-1",
        "long_name": "He+ 30.4 nm emissivity",
        "kp": float(kp),
        "plasmapause": edge,
        "helium_share": float(helium_share),
        "scattering_rate": float(rate),
        "assumptions": "one photon scattered, to all sides alike; He+ a fixed "
        "share of a steady, round plasmasphere of Carpenter and Anderson "
        "(1992); a solar line of assumed width",
    }
    return light
