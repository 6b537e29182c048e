"""Gaussians on a quadratic background, fitted to many profiles at once.

The models of Longden et al. (2010): one Gaussian for a continuous oval, two
for a bifurcated one. All profiles and all trial starts move together through
one damped Gauss-Newton iteration (Levenberg-Marquardt), as array operations.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

__all__ = ["FWHM", "Fit", "evaluate", "fit"]

#: Full width at half maximum of a Gaussian over its standard deviation.
FWHM: Final = 2.0 * np.sqrt(2.0 * np.log(2.0))
#: Narrowest and widest Gaussian: below, a bin of 1 deg does not resolve it;
#: above, it is background. [deg, standard deviation]
WIDTHS: Final = (0.4, 8.0)
#: Middle and half range of the latitudes, so that all terms are near one.
_MIDDLE, _HALF = 70.0, 20.0
_BACKGROUND = 3
_STEPS = 60
_START_WIDTHS = (0.8, 1.6, 3.2)


class Fit(NamedTuple):
    """Best parameters of each profile, (..., 3 + 3 gaussians).

    Three of the background; then of each Gaussian its height, its place
    [deg] and the logarithm of its standard deviation [deg].
    """

    parameters: np.ndarray
    covariance: np.ndarray
    reduced: np.ndarray  # chi square per degree of freedom


def evaluate(x: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    """Brightness of the model at latitudes `x`, (..., x)."""
    return _model(x, parameters)[0]


def fit(
    x: np.ndarray, values: np.ndarray, error: np.ndarray
) -> tuple[Fit, Fit]:
    """Fit one and two Gaussians to each profile.

    Parameters
    ----------
    x : numpy.ndarray, (latitude,)
        [deg]
    values, error : numpy.ndarray, (profile, latitude)
        Brightness and its standard deviation; infinite where not seen.

    Returns
    -------
    single, double : Fit
    """
    with np.errstate(invalid="ignore"):
        seen = np.isfinite(values) & np.isfinite(error)
    weight = np.where(seen, 1.0 / np.where(seen, error, 1.0), 0.0)
    data = np.where(seen, values, 0.0)
    places = np.arange(x[0], x[-1] + 1e-9, 2.0)
    first = _start(x, data, weight, places, None)
    single = _polish(x, data, weight, first[:, None])
    one = single.parameters
    beside = _start(x, data, weight, places, one[:, _BACKGROUND:])
    trials = np.stack([beside, _halves(one)], axis=1)
    return single, _polish(x, data, weight, trials)


def _model(
    x: np.ndarray, parameters: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Brightness (..., x) and its derivatives (..., x, parameter)."""
    scaled = (x - _MIDDLE) / _HALF
    slope = np.empty((*parameters.shape[:-1], x.size, parameters.shape[-1]))
    slope[..., 0] = 1.0
    slope[..., 1] = scaled
    slope[..., 2] = scaled**2
    total = (slope[..., :3] * parameters[..., None, :3]).sum(-1)
    for i in range(_BACKGROUND, parameters.shape[-1], 3):
        height, place, width = (parameters[..., i + k, None] for k in range(3))
        sigma = np.exp(width)
        away = (x - place) / sigma
        bump = np.exp(-0.5 * away**2)
        total = total + height * bump
        slope[..., i] = bump
        slope[..., i + 1] = height * bump * away / sigma
        slope[..., i + 2] = height * bump * away**2
    return total, slope


def _start(
    x: np.ndarray,
    data: np.ndarray,
    weight: np.ndarray,
    places: np.ndarray,
    beside: np.ndarray | None,
) -> np.ndarray:
    """Best of a net of Gaussians, the linear parts solved for exactly.

    `beside` is a Gaussian, (profile, 3), whose shape is kept.
    """
    net = np.array([(p, w) for p in places for w in np.log(_START_WIDTHS)])
    count = len(data)
    trial = np.zeros((count, len(net), 6 if beside is None else 9))
    trial[..., 3] = 1.0
    trial[..., 4:6] = net
    if beside is not None:
        trial[..., 6:] = beside[:, None]
        trial[..., 6] = 1.0
    linear = [0, 1, 2, *range(3, trial.shape[-1], 3)]
    design = _model(x, trial)[1][..., linear] * weight[:, None, :, None]
    goal = (data * weight)[:, None]
    turned = design.swapaxes(-1, -2)
    normal = turned @ design
    right = turned @ goal[..., None]
    ridge = 1e-6 * np.trace(normal, axis1=-2, axis2=-1)[..., None, None]
    normal = normal + (ridge + 1e-12) * np.eye(len(linear))
    found = np.linalg.solve(normal, right)
    misfit = -(found * right).sum((-2, -1))
    # An aurora is brighter than its background.
    misfit = np.where((found[..., 3:, 0] > 0).all(-1), misfit, np.inf)
    best = misfit.argmin(-1)
    rows = np.arange(count)
    chosen = trial[rows, best]
    chosen[:, linear] = found[rows, best, :, 0]
    return chosen


def _halves(one: np.ndarray) -> np.ndarray:
    """Split a Gaussian into two beside each other."""
    apart = np.concatenate([one, one[:, _BACKGROUND:]], axis=-1)
    away = np.exp(one[:, 5])
    apart[:, 4] += away
    apart[:, 7] -= away
    apart[:, [5, 8]] -= 0.4
    return apart


def _polish(
    x: np.ndarray, data: np.ndarray, weight: np.ndarray, trials: np.ndarray
) -> Fit:
    """Follow every trial to its minimum and keep the best of each profile.

    `trials` is (profile, trial, parameter).
    """
    shape = trials.shape
    now = trials.reshape(-1, shape[-1])
    data = np.repeat(data, shape[1], axis=0)
    weight = np.repeat(weight, shape[1], axis=0)
    now, misfit, normal = _minimise(x, data, weight, _bounded(now, x))
    best = misfit.reshape(shape[:2]).argmin(-1)
    chosen = np.arange(shape[0]) * shape[1] + best
    used = (weight[chosen] > 0).sum(-1)
    freedom = np.maximum(used - shape[-1], 1)
    reduced = misfit[chosen] / freedom
    inverse = np.linalg.pinv(normal[chosen], hermitian=True)
    # Where the model does not hold, its misfit is the noise.
    scale = np.maximum(reduced, 1.0)[:, None, None]
    return Fit(now[chosen], inverse * scale, reduced)


def _minimise(
    x: np.ndarray, data: np.ndarray, weight: np.ndarray, now: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    now = now.copy()
    count, size = now.shape
    damping = np.full(count, 1e-2)
    misfit = np.full(count, np.inf)
    normal = np.zeros((count, size, size))
    gradient = np.zeros((count, size))
    moving = np.arange(count)
    trial = now
    diagonal = np.arange(size)
    for _ in range(_STEPS):
        model, slope = _model(x, trial)
        rest = (data[moving] - model) * weight[moving]
        square = (rest**2).sum(-1)
        gain = misfit[moving] - square
        better = gain > 0
        settled = better & (gain < 1e-5 * square)
        rows = moving[better]
        slope = slope[better] * weight[rows, :, None]
        now[rows], misfit[rows] = trial[better], square[better]
        turned = slope.swapaxes(-1, -2)
        normal[rows] = turned @ slope
        gradient[rows] = (turned @ rest[better, :, None])[..., 0]
        damping[moving] *= np.where(better, 0.2, 5.0)
        moving = moving[~settled & (damping[moving] < 1e8)]
        if not moving.size:
            break
        system = normal[moving].copy()
        along = system[:, diagonal, diagonal]
        floor = 1e-9 * along.max(-1, keepdims=True) + 1e-30
        system[:, diagonal, diagonal] += (
            damping[moving, None] * np.maximum(along, floor) + floor
        )
        step = np.linalg.solve(system, gradient[moving, :, None])[..., 0]
        trial = _bounded(now[moving] + step, x)
    return now, misfit, normal


def _bounded(parameters: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Keep Gaussians among the latitudes looked at, and of a sane width."""
    bounded = parameters.copy()
    bounded[..., 4::3] = bounded[..., 4::3].clip(x[0], x[-1])
    bounded[..., 5::3] = bounded[..., 5::3].clip(*np.log(WIDTHS))
    return bounded
