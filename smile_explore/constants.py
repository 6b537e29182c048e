"""Physical constants and mission numbers, each with its source.

Fundamental constants are CODATA 2018 (NIST, Tiesinga et al. 2021,
https://doi.org/10.1103/RevModPhys.93.025010); mission numbers are from
Branduardi-Raymont and Wang (2024), The SMILE Mission, in: Handbook of X-ray
and Gamma-ray Astrophysics, https://doi.org/10.1007/978-981-19-6960-7_39
(preprint of 2022: arXiv 2208.03757), unless another source is named.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ALPHA_MASS",
    "BOLTZMANN",
    "EARTH_GRAVITY",
    "EARTH_RADIUS",
    "ELECTRON_RADIUS",
    "ELEMENTARY_CHARGE",
    "KELVIN_PER_EV",
    "LIGHT_SPEED",
    "PROTON_MASS",
    "SXI_MINIMUM_ALTITUDE",
    "UVI_MINIMUM_ALTITUDE",
    "VACUUM_PERMEABILITY",
]

#: Earth radius used for R_E throughout, the IGRF reference. [km]
EARTH_RADIUS: Final = 6371.2
#: Geocentric gravitational constant, IERS Conventions (2010). [km3 s-2]
EARTH_GRAVITY: Final = 398600.4418
#: [kg]
PROTON_MASS: Final = 1.67262192369e-27
#: Of a helium nucleus. [kg]
ALPHA_MASS: Final = 6.6446573357e-27
#: [C]
ELEMENTARY_CHARGE: Final = 1.602176634e-19
#: Classical electron radius. [m]
ELECTRON_RADIUS: Final = 2.8179403262e-15
#: [m s-1]
LIGHT_SPEED: Final = 299_792_458.0
#: [J K-1]
BOLTZMANN: Final = 1.380649e-23
#: [N A-2]
VACUUM_PERMEABILITY: Final = 1.25663706212e-6
#: Temperature of 1 eV. [K]
KELVIN_PER_EV: Final = ELEMENTARY_CHARGE / BOLTZMANN

#: SXI is switched on above this altitude (section 4.4 of the chapter). [km]
SXI_MINIMUM_ALTITUDE: Final = 50_000.0
#: UVI is switched on above this altitude (section 4.4 of the chapter). [km]
UVI_MINIMUM_ALTITUDE: Final = 30_000.0
