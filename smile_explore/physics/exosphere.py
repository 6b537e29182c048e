"""Density of the neutral hydrogen that solar wind ions take electrons from.

How much hydrogen there is near the magnetopause is known to a factor of two.
X-ray brightness goes with it, so it is an input that a result must name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from smile_explore.physics._labels import label, number, where

__all__ = ["DENSITY_AT_10", "cravens_hydrogen"]

#: Density 10 R_E from Earth toward the Sun, by paper. [cm-3]
DENSITY_AT_10: Final[Mapping[str, float]] = MappingProxyType(
    {
        # Fit to the model of Hodges (1994), the usual choice in simulations:
        # https://doi.org/10.1029/2000JA000461
        "cravens_2001": 25.0,
        # HDAC and TWINS, with a steeper fall than r^-3 beyond 8 R_E:
        # https://doi.org/10.5194/angeo-40-271-2022
        "zoennchen_2022": 35.0,
        # XMM-Newton, 12 November 2008, solar minimum; a lower limit, given
        # with +- 11.7: Jung et al. (2022)
        "jung_2022": 36.8,
        # XMM-Newton, the lower and the higher of two events, rounded as in a
        # talk of Connor (2021): https://doi.org/10.1029/2018JA026187
        "connor_2019_low": 40.0,
        "connor_2019_high": 58.0,
    }
)


def cravens_hydrogen(
    radius: Any, *, density_at_10: float = DENSITY_AT_10["cravens_2001"]
) -> Any:
    """Hydrogen density n0 (10 R_E / r)^3, after Cravens et al. (2001).

    Parameters
    ----------
    radius : array_like
        Geocentric distance. [R_E]
    density_at_10 : float, optional
        Density n0 at 10 R_E; `DENSITY_AT_10` has values by paper. [cm-3]

    Returns
    -------
    density : array_like
        NaN inside Earth. [cm-3]

    Raises
    ------
    ValueError
        If `density_at_10` is negative or not finite.

    Notes
    -----
    An approximation near 10 R_E, spherical and steady: no hydrogen tail behind
    Earth, no change over the solar cycle or in storms.

    References
    ----------
    .. [1] Cravens et al. (2001), https://doi.org/10.1029/2000JA000461.
    """
    if not 0.0 <= density_at_10 < np.inf:
        raise ValueError(
            f"density_at_10 must be zero or above, got {density_at_10} cm-3"
        )
    radius = number(radius)
    density = density_at_10 * (10.0 / where(radius >= 1.0, radius)) ** 3
    return label(density, "hydrogen", "cm-3", "hydrogen density")
