"""Sums over the bins of distributions, and the moments they make.

Raw sums over f v^p dv^3 on plain arrays; float64 throughout, for the heat
flux of a float32 sum is wrong by a percent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from smile_explore.constants import ELEMENTARY_CHARGE
from smile_explore.physics import _moment_weights as weigh
from smile_explore.physics._moment_weights import Grid

__all__ = [
    "HEAT",
    "PER_SPEED",
    "Central",
    "central",
    "far_away",
    "mass_in_ev",
    "over_energy",
    "over_sphere",
]

#: Density [cm-3] from f [s3 m-6] and speeds in km/s.
PER_SPEED = 1e3
#: eV cm-3 km s-1 in mW m-2.
HEAT = 1e5 * ELEMENTARY_CHARGE * 1e7
#: Powers of the speed in the sums.
_POWERS = np.arange(4.0)


class Central(NamedTuple):
    """Moments of distributions: (n,), (n, 3), (n, 3, 3), (n, 3).

    cm-3, km/s, eV, eV cm-3 km/s.
    """

    density: np.ndarray
    velocity: np.ndarray
    temperature: np.ndarray
    heat_flux: np.ndarray


def mass_in_ev(mass: float) -> float:
    """Mass [kg] in eV / (km/s)^2."""
    return mass * 1e6 / ELEMENTARY_CHARGE


def over_sphere(
    data: np.ndarray,
    azimuths: np.ndarray,
    elevations: np.ndarray,
    measured: np.ndarray | None = None,
) -> np.ndarray:
    """Sum over the sphere at each energy.

    Parameters
    ----------
    data : numpy.ndarray, (n, energy, elevation, azimuth)
        NaN counts as nothing measured.
    azimuths, elevations : numpy.ndarray
        From `around` and `upward` of a grid.
    measured : numpy.ndarray of bool, optional
        (energy, elevation) or (energy, elevation, azimuth).

    Returns
    -------
    sums : numpy.ndarray, (n, energy, columns)
    """
    count, energies = data.shape[:2]
    data = data.astype(np.float64, order="C", copy=False)
    if measured is not None and measured.ndim == 3:
        data = np.where(measured, data, 0.0)
        measured = None
    rows = data.reshape(-1, data.shape[-1])
    sums = rows @ azimuths
    if measured is not None:
        sums.reshape(count, *measured.shape, -1)[:, ~measured] = 0.0
    holes = np.flatnonzero(np.isnan(sums[:, 0]))
    if holes.size:
        sums[holes] = np.nan_to_num(rows[holes], nan=0.0) @ azimuths
    sums = sums.reshape(count, energies, -1)
    if len(elevations) == 1:
        return sums @ elevations[0]
    return np.swapaxes(np.swapaxes(sums, 0, 1) @ elevations, 0, 1)


def far_away(
    grid: Grid, potential: np.ndarray, mass: float, charge: int
) -> tuple[np.ndarray, np.ndarray]:
    """Volume v dv and speed of each step far from the spacecraft.

    Parameters
    ----------
    grid : Grid
    potential : numpy.ndarray, (n,)
        Of the spacecraft; a positive one slows ions down. [V]
    mass : float
        [kg]
    charge : int
        In elementary charges.

    Returns
    -------
    volume, speed : numpy.ndarray, (n, energy)

    Notes
    -----
    A step is cut softly where the spacecraft's potential would leave it no
    energy, as pyspedas does.
    """
    energy, width = charge * grid.energy, charge * grid.width
    far = energy + charge * potential[:, None]
    cut = np.clip(far / width + 0.5, 0.0, 1.0)
    unit = mass_in_ev(mass)
    speed = np.sqrt(2.0 * np.maximum(far, 0.0) / unit)
    return PER_SPEED * cut * speed * width / unit, speed


def over_energy(
    sums: np.ndarray, volume: np.ndarray, speed: np.ndarray
) -> np.ndarray:
    """Sum over energy with the speed to the powers 0 to 3, (n, 4, columns)."""
    weights = volume[:, None] * speed[:, None] ** _POWERS[:, None]
    return np.asarray(weights @ sums)


def central(sums: np.ndarray, mass: float, *, exact: bool) -> Central:
    """Moments about the mean velocity.

    Parameters
    ----------
    sums : numpy.ndarray, (n, 4, columns)
    mass : float
        [kg]
    exact : bool
        Integrate directions over each bin, or take its middle. The heat flux
        takes the middle in both cases, as pyspedas does.
    """
    unit = mass_in_ev(mass)
    first = weigh.EXACT_1 if exact else weigh.CENTRE_1
    second = weigh.EXACT_2 if exact else weigh.CENTRE_2
    zero = sums[:, :, weigh.EXACT_0]
    density = zero[:, 0]
    some = np.where(density > 0.0, density, np.nan)
    velocity = sums[:, 1, first] / some[:, None]
    flow = velocity[:, :, None] * velocity[:, None, :]
    spread = sums[:, 2, second][:, weigh.TENSOR] / some[:, None, None]
    temperature = unit * (spread - flow)
    heat = _heat(sums, velocity) * unit / 2.0
    return Central(density, velocity, temperature, heat)


def _heat(sums: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Sum |w|^2 w over the bins, w = v - V, from sums about zero."""
    zero, one = sums[:, :, weigh.EXACT_0], sums[:, :, weigh.CENTRE_1]
    two = sums[:, 2, weigh.CENTRE_2][:, weigh.TENSOR]
    square = (velocity**2).sum(axis=1)[:, None]
    along = np.einsum("ni,ni->n", velocity, one[:, 1])[:, None]
    return (
        one[:, 3]
        - velocity * zero[:, 2, None]
        - 2.0 * np.einsum("nij,nj->ni", two, velocity)
        + 2.0 * velocity * along
        + square * (one[:, 1] - velocity * zero[:, 0, None])
    )
