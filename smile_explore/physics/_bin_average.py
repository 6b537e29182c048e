"""What a bin of an analyser sees of a drifting distribution, compiled.

The mean number flux over the bin, as phase space density at its middle:
``1 / (E dE dOmega)`` times the integral of ``E f dE dOmega``, by Gauss's rule
with as many nodes along each side as the distribution's width asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, cos, exp, sin, sqrt
from typing import Any

import numpy as np
from numba import njit

from smile_explore.physics._moment_kernel import mass_in_ev
from smile_explore.physics._moment_weights import Grid

__all__ = ["average", "compiled", "gauss", "order", "place", "quadrature"]

#: Along one side of a bin.
_MOST_NODES = 32
#: Beyond so many thermal widths a Maxwellian is 1e-17 of its peak.
_FAR = 9.0


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile at the first call, into the cache if there can be one."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # there is no folder to write a cache to
        return njit(**options)(function)


def quadrature() -> tuple[np.ndarray, np.ndarray]:
    """Nodes of Gauss's rule from 0 to 1 and weights, by number of nodes."""
    nodes = np.zeros((_MOST_NODES + 1, _MOST_NODES))
    weights = np.zeros_like(nodes)
    for n in range(1, _MOST_NODES + 1):
        x, w = np.polynomial.legendre.leggauss(n)
        nodes[n, :n], weights[n, :n] = (x + 1.0) / 2.0, w / 2.0
    return nodes, weights


_NODES, _WEIGHTS = quadrature()


def average(
    grid: Grid,
    populations: np.ndarray,
    potential: np.ndarray,
    *,
    mass: float,
    charge: int,
    kappa: float,
) -> np.ndarray:
    """Phase space density in each bin [s3 m-6], (n, energy, el, az).

    Parameters
    ----------
    grid : Grid
    populations : numpy.ndarray, (n, 9)
        Phase space density at the peak [s3 m-6], velocity [km/s], thermal
        speeds sqrt(T / m) along and across the field [km/s], direction of
        the field. NaN gives NaN.
    potential : numpy.ndarray, (n,)
        Of the spacecraft. [V]
    mass : float
        [kg]
    charge : int
    kappa : float
        Infinite for a bi-Maxwellian.
    """
    seen = np.zeros((len(populations), *grid.shape), np.float32)
    _average(
        seen,
        charge * grid.energy,
        charge * grid.steps,
        np.array(np.broadcast_to(grid.elevation, (*grid.shape[:2], 2))),
        grid.azimuth,
        populations,
        charge * potential,
        mass_in_ev(mass),
        kappa,
        _NODES,
        _WEIGHTS,
    )
    return seen


@compiled
def order(ratio: float) -> int:
    """Nodes for a side that is `ratio` thermal widths long."""
    if ratio < 0.2:
        return 1
    return min(1 + ceil(1.5 * ratio), _MOST_NODES)


@compiled
def place(
    energy: float, potential: float, mass: float, width: np.ndarray
) -> tuple[float, float]:
    """Speed far away of an ion of `energy`, and how far a bin reaches.

    `width` is the bin's: energy [eV], elevation and azimuth [rad]. km/s.
    """
    far = max(energy + potential, 0.0)
    speed = sqrt(2.0 * far / mass)
    fast = sqrt(2.0 * max(far + width[0] / 2.0, 0.0) / mass)
    slow = sqrt(2.0 * max(far - width[0] / 2.0, 0.0) / mass)
    reach = (
        sqrt(
            (fast - slow) ** 2
            + (fast * width[1]) ** 2
            + (fast * width[2]) ** 2
        )
        / 2.0
    )
    return speed, reach


@compiled
def gauss(across: float, along: float, kappa: float) -> float:
    """Shape of the distribution by its exponents, sums of (w / width)^2."""
    x = across + along
    if kappa > 1e6:
        return exp(-x / 2.0)
    return (1.0 + x / (2.0 * kappa - 3.0)) ** (-kappa - 1.0)


@compiled
def _average(
    seen: np.ndarray,
    energies: np.ndarray,
    steps: np.ndarray,
    elevation: np.ndarray,
    azimuth: np.ndarray,
    populations: np.ndarray,
    potential: np.ndarray,
    mass: float,
    kappa: float,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> None:
    width = np.empty(3)
    for n in range(seen.shape[0]):
        one = populations[n]
        if np.isnan(one[:6]).any() or np.isnan(potential[n]):
            seen[n] = np.nan
            continue
        thin = min(one[4], one[5])
        thick = max(one[4], one[5])
        for i in range(seen.shape[1]):
            width[0] = steps[i, 1] - steps[i, 0]
            middle = energies[i]
            for j in range(seen.shape[2]):
                low, high = elevation[i, j]
                width[1] = high - low
                level = cos((low + high) / 2.0)
                for k in range(seen.shape[3]):
                    turn = (azimuth[k, 0] + azimuth[k, 1]) / 2.0
                    width[2] = level * (azimuth[k, 1] - azimuth[k, 0])
                    speed, reach = place(middle, potential[n], mass, width)
                    x = speed * level * cos(turn) - one[1]
                    y = speed * level * sin(turn) - one[2]
                    z = speed * sin((low + high) / 2.0) - one[3]
                    apart = sqrt(x * x + y * y + z * z) - reach
                    if kappa > 1e6 and apart > _FAR * thick:
                        continue
                    seen[n, i, j, k] = (
                        one[0]
                        * _bin(
                            steps[i],
                            elevation[i, j],
                            azimuth[k],
                            one,
                            potential[n],
                            mass,
                            kappa,
                            order(speed * width[0] / middle / 2.0 / thin),
                            order(speed * width[1] / thin),
                            order(speed * width[2] / thin),
                            nodes,
                            weights,
                        )
                        / middle
                    )


@compiled
def _bin(
    step: np.ndarray,
    elevation: np.ndarray,
    azimuth: np.ndarray,
    one: np.ndarray,
    potential: float,
    mass: float,
    kappa: float,
    steps: int,
    ups: int,
    turns: int,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> float:
    low, high = sin(elevation[0]), sin(elevation[1])
    total = 0.0
    for i in range(steps):
        energy = step[0] + nodes[steps, i] * (step[1] - step[0])
        if energy + potential <= 0.0:
            continue
        speed = sqrt(2.0 * (energy + potential) / mass)
        shell = 0.0
        for j in range(ups):
            up = low + nodes[ups, j] * (high - low)
            level = sqrt(1.0 - up * up)
            for k in range(turns):
                turn = azimuth[0] + nodes[turns, k] * (azimuth[1] - azimuth[0])
                x = speed * level * cos(turn) - one[1]
                y = speed * level * sin(turn) - one[2]
                z = speed * up - one[3]
                along = x * one[6] + y * one[7] + z * one[8]
                across = x * x + y * y + z * z - along * along
                shell += (
                    weights[ups, j]
                    * weights[turns, k]
                    * gauss(
                        across / (one[5] * one[5]),
                        along * along / (one[4] * one[4]),
                        kappa,
                    )
                )
        total += weights[steps, i] * energy * shell
    return total
