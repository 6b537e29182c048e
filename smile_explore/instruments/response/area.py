"""How much of the light is counted: optic, filter and CCD, by energy."""

from __future__ import annotations

import numpy as np

__all__ = [
    "ALUMINIUM",
    "OPTIC_SHAPE",
    "PEAK_AREA",
    "QUANTUM_EFFICIENCY",
    "aluminium_transmission",
    "optic_area",
    "quantum_efficiency",
]

#: Area of the optic where it is largest (Branduardi-Raymont et al. 2022).
#: [cm2]
PEAK_AREA = 15.0
#: **Assumed**: fall of the area with energy [keV: share of the peak], as
#: two grazing reflections in iridium-coated pores fall; the curve of SXI is
#: not published in numbers.
OPTIC_SHAPE = {
    0.1: 1.0,
    0.6: 1.0,
    0.8: 0.95,
    1.0: 0.85,
    1.5: 0.6,
    2.0: 0.4,
    2.2: 0.25,
    3.0: 0.12,
    5.0: 0.02,
}
#: Quantum efficiency of the CCDs (Branduardi-Raymont et al. 2022), the same
#: at all energies: **assumed**.
QUANTUM_EFFICIENCY = 0.89
#: Mass attenuation of aluminium [keV: cm2 g-1]: Chantler (1995),
#: https://doi.org/10.1063/1.555974, with both sides of the K edge.
ALUMINIUM = {
    0.10: 122252.0,
    0.15: 92120.0,
    0.20: 53891.0,
    0.28: 25773.0,
    0.40: 11091.0,
    0.50: 6410.1,
    0.70: 2744.0,
    1.00: 1101.6,
    1.30: 540.28,
    1.5595: 334.0,
    1.5605: 3783.3,
    2.00: 2267.3,
    2.50: 1256.7,
    3.50: 507.53,
    5.00: 186.25,
}
#: [g cm-3]
_ALUMINIUM_DENSITY = 2.70


def optic_area(energy: np.ndarray, *, peak: float = PEAK_AREA) -> np.ndarray:
    """Area of the optic: the published peak with the assumed fall.

    Parameters
    ----------
    energy : numpy.ndarray
        Photon energy. [keV]
    peak : float
        Largest area. [cm2]

    Returns
    -------
    area : numpy.ndarray
        NaN outside 0.1-5 keV. [cm2]
    """
    return peak * np.interp(
        energy,
        list(OPTIC_SHAPE),
        list(OPTIC_SHAPE.values()),
        left=np.nan,
        right=np.nan,
    )


def quantum_efficiency(
    energy: np.ndarray, *, efficiency: float = QUANTUM_EFFICIENCY
) -> np.ndarray:
    """Share of photons that the CCD detects, the same at all energies."""
    return np.full(np.shape(energy), efficiency)


def aluminium_transmission(
    energy: np.ndarray, *, thickness: float
) -> np.ndarray:
    """Transmission of an aluminium film, which keeps visible light out.

    Parameters
    ----------
    energy : numpy.ndarray
        Photon energy. [keV]
    thickness : float
        [nm]

    Returns
    -------
    transmission : numpy.ndarray
        exp(-mu rho d), mu interpolated between its logarithms; NaN outside
        0.1-5 keV.
    """
    logarithm = np.interp(
        np.log(energy),
        np.log(list(ALUMINIUM)),
        np.log(list(ALUMINIUM.values())),
        left=np.nan,
        right=np.nan,
    )
    depth = np.exp(logarithm) * _ALUMINIUM_DENSITY * thickness * 1e-7
    return np.asarray(np.exp(-depth))
