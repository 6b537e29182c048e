"""Which energy the CCD measures for a photon: the redistribution matrix."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

__all__ = [
    "FANO",
    "PAIR_ENERGY",
    "RESOLUTION",
    "RESOLUTION_ENERGY",
    "energy_resolution",
    "gaussian_matrix",
]

#: Full width at half maximum (Branduardi-Raymont et al. 2022) [keV] ...
RESOLUTION = 0.050
#: ... of a photon of this energy. [keV]
RESOLUTION_ENERGY = 0.5
#: Fano factor of silicon and energy for an electron-hole pair [keV]
#: (Janesick 2001, Scientific Charge-Coupled Devices).
FANO, PAIR_ENERGY = 0.115, 0.00365
#: Full width at half maximum of a Gaussian of unit width.
_FWHM = 2.0 * np.sqrt(2.0 * np.log(2.0))


def energy_resolution(
    energy: np.ndarray,
    *,
    resolution: float = RESOLUTION,
    at: float = RESOLUTION_ENERGY,
) -> np.ndarray:
    """Full width at half maximum of a line in the measured spectrum.

    Parameters
    ----------
    energy : numpy.ndarray
        Photon energy. [keV]
    resolution, at : float
        The width known, and its energy. [keV]

    Returns
    -------
    width : numpy.ndarray
        [keV]

    Raises
    ------
    ValueError
        If the width is smaller than the Fano limit.

    Notes
    -----
    width^2 = noise^2 + 8 ln 2 F w E: the noise of the electronics, the same
    at all energies, is what is left of the known width.
    """
    limit = _FWHM**2 * FANO * PAIR_ENERGY
    noise = resolution**2 - limit * at
    if noise < 0.0:
        raise ValueError(
            f"a resolution of {1e3 * resolution:g} eV at {1e3 * at:g} eV is "
            f"better than silicon can have, {1e3 * np.sqrt(limit * at):.3g} "
            "eV; give a larger one"
        )
    return np.sqrt(noise + limit * np.asarray(energy))


def gaussian_matrix(
    energy: np.ndarray, channel_edges: np.ndarray, width: np.ndarray
) -> np.ndarray:
    """Share of the photons of each energy in each channel.

    Parameters
    ----------
    energy : numpy.ndarray
        Photon energies. [keV]
    channel_edges : numpy.ndarray
        Edges of the channels, one more than there are channels. [keV]
    width : numpy.ndarray
        Full width at half maximum at each energy. [keV]

    Returns
    -------
    matrix : numpy.ndarray
        (energy, channel). Rows sum to 1: what lies beyond the first and the
        last channel is counted in them.
    """
    edges = np.array(channel_edges, dtype=float)
    edges[0], edges[-1] = -np.inf, np.inf
    sigma = np.asarray(width)[:, None] / _FWHM
    below = ndtr((edges - np.asarray(energy)[:, None]) / sigma)
    return np.diff(below, axis=1)
