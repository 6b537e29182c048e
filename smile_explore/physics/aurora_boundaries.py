"""Boundaries of the auroral oval from published models, to lay over images.

They were found by other instruments and methods, and differ by degrees: that
is how well the oval is known.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.physics._zhang_paxton import coefficients
from smile_explore.physics.kp import check_kp

__all__ = ["al_from_kp", "carbary", "starkov"]


def al_from_kp(kp: ArrayLike) -> np.ndarray:
    """AL that Starkov (1994) takes for a Kp.

    Parameters
    ----------
    kp : array_like
        0 to 9.

    Returns
    -------
    al : numpy.ndarray
        Strength of AL, positive. [nT]

    Raises
    ------
    ValueError
        If a Kp is outside 0-9.

    Notes
    -----
    The cubic turns down beyond Kp 8.8; it was made for less.
    """
    check_kp(kp)
    a, b, c, d = coefficients()["starkov_1994"]["kp_to_al"]
    kp = np.asarray(kp, dtype=float)
    return a + kp * (b + kp * (c + kp * d))


def starkov(mlt: ArrayLike, *, al: float) -> xr.Dataset:
    """Boundaries of the oval of Starkov (1994), after Feldstein.

    Parameters
    ----------
    mlt : array_like
        Of one dimension. [h]
    al : float
        Strength of AL, of either sign, 1 and more; `al_from_kp` gives one
        for a Kp. [nT]

    Returns
    -------
    boundaries : xarray.Dataset
        Along `mlt`: `poleward` and `equatorward` edges of the discrete oval,
        and `diffuse`, the equatorward edge of the diffuse aurora, as
        magnetic latitude (corrected geomagnetic). [deg]

    Raises
    ------
    ValueError
        If AL is weaker than 1 nT.

    Notes
    -----
    One number differs between public codes: the first of the equatorward
    edge is 1.61 here, as in two of them, and 1.16 in a third, which moves
    that edge by 0.45 deg.

    References
    ----------
    .. [1] Starkov (1994), Mathematical model of the auroral boundaries,
       Geomagnetism and Aeronomy 34, 331.
    .. [2] Sigernes et al. (2011), Two methods to forecast auroral displays,
       https://doi.org/10.1051/swsc/2011003
    """
    hours = np.asarray(mlt, dtype=float).reshape(-1)
    if not abs(al) >= 1.0:
        raise ValueError(f"AL must be 1 nT or stronger, got {al:g} nT")
    powers = np.log10(abs(al)) ** np.arange(4)
    edges = {}
    for name in ("poleward", "equatorward", "diffuse"):
        table = np.array(coefficients()["starkov_1994"][name])
        mean, *rest = powers @ table
        size, phase = np.reshape(rest, (2, 3))
        angle = 15.0 * (np.arange(1, 4) * hours[:, None] + phase)
        colatitude = mean + np.cos(np.radians(angle)) @ size
        edges[name] = 90.0 - colatitude
    return _along(hours, edges, {"model": "Starkov (1994)", "al": abs(al)})


def carbary(mlt: ArrayLike, *, kp: float) -> xr.Dataset:
    """Boundaries and brightness that Polar UVI saw, Carbary (2005).

    Parameters
    ----------
    mlt : array_like
        Of one dimension. [h]
    kp : float
        0 to 9.

    Returns
    -------
    boundaries : xarray.Dataset
        Along `mlt`: `equatorward` and `poleward`, where LBH-long is 4
        photons cm-2 s-1 (113 R), and `peak` [deg]; `radiance`, that of the
        peak [R]. Linear between the hours that the paper gives, NaN around
        noon, where it gives none.

    Raises
    ------
    ValueError
        If Kp is outside 0-9.

    References
    ----------
    .. [1] Carbary (2005), A Kp-based model of auroral boundaries,
       https://doi.org/10.1029/2005SW000162
    """
    check_kp(kp)
    hours = np.asarray(mlt, dtype=float).reshape(-1)
    table = coefficients()["carbary_2005"]
    edges = {
        name: _by_hour(table[name], hours, kp)
        for name in ("equatorward", "peak", "poleward")
    }
    boundaries = _along(
        hours, edges, {"model": "Carbary (2005)", "kp": float(kp)}
    )
    photons = _by_hour(table["photons"], hours, kp)
    light = np.maximum(photons, 0.0) * _RAYLEIGH_PER_PHOTON
    boundaries["radiance"] = ("mlt", light, {"units": "R"})
    return boundaries


# Polar UVI: 35.52 counts per kR, 1 photon cm-2 s-1 = 28.2 R (fuvpy)
_RAYLEIGH_PER_PHOTON = 28.2


def _by_hour(
    table: dict[str, list[float]], hours: np.ndarray, kp: float
) -> np.ndarray:
    """Interpolate ``a + b Kp`` of whole hours; NaN where one is missing."""
    value = np.full(25, np.nan)
    for hour, (constant, slope) in table.items():
        value[int(hour)] = constant + slope * kp
    value[24] = value[0]
    at = hours % 24.0
    before = np.floor(at).astype(int)
    share = at - before
    after = np.where(share > 0.0, value[before + 1], 0.0)
    return (1.0 - share) * value[before] + share * after


def _along(
    hours: np.ndarray, edges: dict[str, Any], driver: dict[str, Any]
) -> xr.Dataset:
    units = {"units": "deg", "long_name": "magnetic latitude"}
    return xr.Dataset(
        {name: ("mlt", edge, units) for name, edge in edges.items()},
        {"mlt": ("mlt", hours, {"units": "h"})},
        driver,
    )
