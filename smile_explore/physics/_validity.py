"""Whether a moment can be trusted: resolved by the bins, and in range.

The limits come from moments of known plasmas on the grids of SMILE's LIA:
`benchmarks/moments.py` prints the errors on both sides of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from smile_explore.physics import _moment_kernel as kernel
from smile_explore.physics._moment_weights import Grid

__all__ = ["Noise", "Resolution", "angle", "flags", "noise", "resolution"]

#: Share of density or pressure outside the energies at which one is wrong.
_LOST = 0.05
#: Share of the plain temperature that bins may add.
_BLURRED = 0.1
#: Counting uncertainty over the moment, of the velocity over the speed of
#: the ions.
_NOISY = 0.25
#: Thermal angle sqrt(T / m) / V over the bin, above which a moment holds.
_SHARP = {"temperature": 0.45, "velocity": 0.25, "fit": 0.15}


class Resolution(NamedTuple):
    """How well a distribution is resolved, (n,) each.

    Parameters
    ----------
    angle : numpy.ndarray
        Thermal angle over the size of a bin.
    blurred : numpy.ndarray
        Share that the bins have in the plain temperature.
    lost : numpy.ndarray
        Share of density or pressure outside the range of energies.
    """

    angle: np.ndarray
    blurred: np.ndarray
    lost: np.ndarray


def angle(moments: kernel.Central, grid: Grid, mass: float) -> np.ndarray:
    """Thermal angle over the size of a bin in the direction of the flow."""
    velocity = moments.velocity
    flat = np.hypot(velocity[:, 0], velocity[:, 1])
    speed = np.hypot(flat, velocity[:, 2])
    tall = np.median(np.diff(grid.elevation, axis=-1))
    wide = np.median(np.diff(grid.azimuth, axis=-1))
    # speed times the size of a bin
    across = np.maximum(tall * speed, wide * flat)
    temperature = np.trace(moments.temperature, axis1=1, axis2=2) / 3.0
    with np.errstate(divide="ignore", invalid="ignore"):
        thermal = np.sqrt(temperature / kernel.mass_in_ev(mass))
        return np.asarray(np.nan_to_num(thermal / across, posinf=np.inf))


def resolution(
    better: kernel.Central,
    middle: kernel.Central,
    spectrum: np.ndarray,
    speed: np.ndarray,
    grid: Grid,
    mass: float,
) -> Resolution:
    """Return how well distributions are resolved.

    Parameters
    ----------
    better, middle : Central
        Corrected moments, and those from the middles of the bins.
    spectrum : numpy.ndarray, (n, energy)
        Density of each step.
    speed : numpy.ndarray, (n, energy)
    grid : Grid
    mass : float
    """
    hot = np.trace(middle.temperature, axis1=1, axis2=2)
    cold = np.trace(better.temperature, axis1=1, axis2=2)
    energy = kernel.mass_in_ev(mass) * speed**2 / 2.0
    width = grid.width
    pressure = spectrum * speed**2
    with np.errstate(divide="ignore", invalid="ignore"):
        # f hardly changes below the first step, and falls beyond the last
        below = spectrum[:, 0] * 2.0 * energy[:, 0] / (3.0 * width[0])
        above = pressure[:, -1] * energy[:, -1] / width[-1]
        lost = np.maximum(
            below / spectrum.sum(axis=1), above / pressure.sum(axis=1)
        )
        # exact weights add the bins' variance a second time
        blurred = 2.0 * (hot - cold) / cold
    return Resolution(angle(better, grid, mass), blurred, lost)


class Noise(NamedTuple):
    """Counting uncertainties over the moments, (n,); 0 if not known."""

    density: np.ndarray
    velocity: np.ndarray
    temperature: np.ndarray


def noise(
    moments: kernel.Central,
    density: np.ndarray,
    velocity: np.ndarray,
    trace: np.ndarray,
    mass: float,
) -> Noise:
    """Compare moments with the uncertainties of n, V and tr T."""
    warmth = np.trace(moments.temperature, axis1=1, axis2=2)
    square = (moments.velocity**2).sum(axis=1)
    square = square + np.maximum(warmth, 0.0) / kernel.mass_in_ev(mass)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Noise(
            np.nan_to_num(density / moments.density),
            np.nan_to_num(np.linalg.norm(velocity, axis=1) / np.sqrt(square)),
            np.nan_to_num(trace / warmth),
        )


def flags(
    name: str, moments: kernel.Central, noisy: Noise, sharp: Resolution
) -> dict[str, np.ndarray]:
    """Return which moments hold, by name."""
    temperature = np.trace(moments.temperature, axis1=1, axis2=2)
    there = (moments.density > 0.0) & np.isfinite(moments.velocity).all(axis=1)
    inside = there & (sharp.lost < _LOST) & (noisy.density < _NOISY)
    steady = inside & (noisy.velocity < _NOISY)
    warm = inside & (temperature > 0.0) & (abs(noisy.temperature) < _NOISY)
    clean = (sharp.blurred >= 0.0) & (sharp.blurred < _BLURRED)
    if name == "fit":
        directed = sharp.angle > _SHARP["fit"]
        return {
            "density": inside & directed,
            "velocity": steady & directed,
            "temperature": warm,
            "heat_flux": np.zeros_like(warm),
        }
    enough = clean if name == "plain" else sharp.angle > _SHARP["temperature"]
    return {
        "density": inside,
        "velocity": steady & (sharp.angle > _SHARP["velocity"]),
        "temperature": warm & enough,
        "heat_flux": warm & clean,
    }
