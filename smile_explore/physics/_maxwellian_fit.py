"""A drifting Maxwellian fitted to counts by their Poisson likelihood.

Fisher's scoring on ln n, V and ln T, with the model averaged over each bin as
the instrument does, so that a beam narrower than a bin keeps its width. Empty
bins within five thermal widths count as much as full ones: a fit without them
is biased.
"""

from __future__ import annotations

from math import cos, sin, sqrt

import numpy as np

from smile_explore.physics._bin_average import (
    compiled,
    order,
    place,
    quadrature,
)
from smile_explore.physics._moment_kernel import mass_in_ev
from smile_explore.physics._moment_weights import Grid

__all__ = ["fit"]

#: Bins count that reach within so many thermal widths of the peak.
_WITHIN = 5.0
_MOST_STEPS = 60
#: After so many steps the bins that count stay the same: else one that comes
#: and goes would keep the fit from settling.
_SETTLED = 12
#: Of ln n, V over the thermal speed, and ln T.
_SMALLEST_STEP = 1e-5
_NODES, _WEIGHTS = quadrature()


def fit(
    counts: np.ndarray,
    one_count: np.ndarray,
    background: np.ndarray,
    grid: Grid,
    guess: np.ndarray,
    potential: np.ndarray,
    *,
    mass: float,
    charge: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Fit density, velocity and temperature.

    Parameters
    ----------
    counts : numpy.ndarray, (n, energy, elevation, azimuth)
        NaN where nothing was measured.
    one_count : numpy.ndarray, (energy, elevation)
        Phase space density of one count. [s3 m-6]
    background : numpy.ndarray, (n,)
        Expected counts of the background in each bin.
    grid : Grid
    guess : numpy.ndarray, (n, 5)
        Density [cm-3], velocity [km/s], thermal speed [km/s].
    potential : numpy.ndarray, (n,)
        [V]
    mass : float
        [kg]
    charge : int

    Returns
    -------
    found : numpy.ndarray, (n, 5)
        Density [cm-3], velocity [km/s], temperature [eV]; NaN where the fit
        did not converge.
    covariance : numpy.ndarray, (n, 5, 5)
        Inverse of Fisher's information.
    """
    found = np.full((len(counts), 5), np.nan)
    covariance = np.full((len(counts), 5, 5), np.nan)
    _fit(
        found,
        covariance,
        counts,
        one_count,
        background,
        charge * grid.energy,
        charge * grid.steps,
        np.array(np.broadcast_to(grid.elevation, (*grid.shape[:2], 2))),
        grid.azimuth,
        guess,
        charge * potential,
        mass_in_ev(mass),
        _NODES,
        _WEIGHTS,
    )
    # from ln n, V, ln s^2 to n, V, T
    scale = np.stack(
        [found[:, 0], *np.ones((3, len(found))), found[:, 4]], axis=-1
    )
    return found, covariance * scale[:, :, None] * scale[:, None, :]


@compiled
def _fit(
    found: np.ndarray,
    covariance: np.ndarray,
    counts: np.ndarray,
    one_count: np.ndarray,
    background: np.ndarray,
    energies: np.ndarray,
    steps: np.ndarray,
    elevation: np.ndarray,
    azimuth: np.ndarray,
    guess: np.ndarray,
    potential: np.ndarray,
    mass: float,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> None:
    for n in range(counts.shape[0]):
        if np.isnan(guess[n]).any() or guess[n, 0] <= 0.0:
            continue
        now = guess[n].copy()
        score = np.empty(5)
        information = np.empty((5, 5))
        near = now.copy()
        for turn in range(_MOST_STEPS):
            if turn < _SETTLED:
                near = now.copy()
            _score(
                score,
                information,
                counts[n],
                one_count,
                background[n],
                energies,
                steps,
                elevation,
                azimuth,
                now,
                near,
                potential[n],
                mass,
                nodes,
                weights,
            )
            for p in range(5):
                information[p, p] *= 1.0 + 1e-9
                if not information[p, p] > 0.0:
                    information[p, p] = np.nan
            if np.isnan(information).any() or np.isnan(score).any():
                break
            step = np.linalg.solve(information, score)
            # velocities in thermal widths; no step longer than about one
            longest = max(abs(step[0]), abs(step[4]))
            for p in range(1, 4):
                longest = max(longest, abs(step[p]) / now[4])
            step *= min(1.0, 0.7 / max(longest, 1e-300))
            now[0] *= np.exp(step[0])
            now[1:4] += step[1:4]
            now[4] *= np.exp(step[4] / 2.0)
            if longest < _SMALLEST_STEP:
                found[n, :4] = now[:4]
                found[n, 4] = mass * now[4] ** 2
                covariance[n] = np.linalg.inv(information)
                break


@compiled
def _score(
    score: np.ndarray,
    information: np.ndarray,
    counts: np.ndarray,
    one_count: np.ndarray,
    background: float,
    energies: np.ndarray,
    steps: np.ndarray,
    elevation: np.ndarray,
    azimuth: np.ndarray,
    now: np.ndarray,
    near: np.ndarray,
    potential: float,
    mass: float,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> None:
    """Gradient of the log likelihood, and Fisher's information."""
    score[:] = 0.0
    information[:] = 0.0
    thermal = now[4]
    peak = 1e-3 * now[0] / (sqrt(2.0 * np.pi) * thermal) ** 3
    width, mean, slope = np.empty(3), np.empty(5), np.empty(5)
    for i in range(counts.shape[0]):
        width[0] = steps[i, 1] - steps[i, 0]
        for j in range(counts.shape[1]):
            low, high = elevation[i, j]
            width[1] = high - low
            level, up = cos((low + high) / 2.0), sin((low + high) / 2.0)
            for k in range(counts.shape[2]):
                if np.isnan(counts[i, j, k]):
                    continue
                turn = (azimuth[k, 0] + azimuth[k, 1]) / 2.0
                width[2] = level * (azimuth[k, 1] - azimuth[k, 0])
                speed, reach = place(energies[i], potential, mass, width)
                x = speed * level * cos(turn) - near[1]
                y = speed * level * sin(turn) - near[2]
                z = speed * up - near[3]
                apart = sqrt(x * x + y * y + z * z) - reach
                if apart > _WITHIN * near[4]:
                    continue
                _mean(
                    mean,
                    steps[i],
                    elevation[i, j],
                    azimuth[k],
                    now,
                    potential,
                    mass,
                    order(speed * width[0] / energies[i] / 2.0 / thermal),
                    order(speed * width[1] / thermal),
                    order(speed * width[2] / thermal),
                    nodes,
                    weights,
                )
                scale = peak / energies[i] / one_count[i, j]
                slope[0] = scale * mean[0]
                slope[1:4] = scale * mean[1:4] / thermal
                slope[4] = scale * (mean[4] - 3.0 * mean[0]) / 2.0
                expected = slope[0] + background
                if expected <= 1e-300:
                    continue
                excess = counts[i, j, k] / expected - 1.0
                for p in range(5):
                    score[p] += excess * slope[p]
                    for q in range(5):
                        information[p, q] += slope[p] * slope[q] / expected


@compiled
def _mean(
    mean: np.ndarray,
    step: np.ndarray,
    elevation: np.ndarray,
    azimuth: np.ndarray,
    now: np.ndarray,
    potential: float,
    mass: float,
    steps: int,
    ups: int,
    turns: int,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> None:
    """E f over the bin, times 1, w and w^2; w in thermal widths."""
    mean[:] = 0.0
    low, high = sin(elevation[0]), sin(elevation[1])
    for i in range(steps):
        energy = step[0] + nodes[steps, i] * (step[1] - step[0])
        if energy + potential <= 0.0:
            continue
        speed = sqrt(2.0 * (energy + potential) / mass)
        for j in range(ups):
            up = low + nodes[ups, j] * (high - low)
            level = sqrt(1.0 - up * up)
            for k in range(turns):
                turn = azimuth[0] + nodes[turns, k] * (azimuth[1] - azimuth[0])
                x = (speed * level * cos(turn) - now[1]) / now[4]
                y = (speed * level * sin(turn) - now[2]) / now[4]
                z = (speed * up - now[3]) / now[4]
                square = x * x + y * y + z * z
                value = (
                    weights[steps, i]
                    * weights[ups, j]
                    * weights[turns, k]
                    * energy
                    * np.exp(-square / 2.0)
                )
                mean[0] += value
                mean[1] += value * x
                mean[2] += value * y
                mean[3] += value * z
                mean[4] += value * square
