"""Three estimates of the moments of a block of distributions.

``plain`` integrates the data as they are, ``corrected`` takes out what the
width of the bins adds, ``fit`` is a Maxwellian that passes through the
instrument. Each row of what is returned holds the numbers in `FIELDS`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from smile_explore.physics import _counting
from smile_explore.physics import _moment_kernel as kernel
from smile_explore.physics import _moment_weights as weigh
from smile_explore.physics._maxwellian_fit import fit
from smile_explore.physics._validity import (
    Resolution,
    angle,
    flags,
    noise,
    resolution,
)

__all__ = ["FIELDS", "WIDTH", "Setup", "block"]

_VALUES = {
    "density": (),
    "velocity": (3,),
    "temperature": (),
    "temperature_tensor": (3, 3),
    "heat_flux": (3,),
}
_FLAGGED = ("density", "velocity", "temperature", "heat_flux")
#: Where the diagonal of the temperature stands among the 16 moments.
_TRACE = [4, 8, 12]
#: Name and shape of what a row holds, in order.
FIELDS = {
    **_VALUES,
    **{f"{name}_uncertainty": shape for name, shape in _VALUES.items()},
    **{f"{name}_valid": () for name in _FLAGGED},
}
WIDTH = sum(int(np.prod(shape)) for shape in FIELDS.values())
#: Distributions that are summed at once: some MB in double precision.
_BYTES = 2**23


class Setup(NamedTuple):
    """All that blocks of one dataset share."""

    grid: weigh.Grid
    measured: np.ndarray | None
    one_count: np.ndarray
    calibrated: bool
    mass: float
    charge: int
    estimates: tuple[str, ...]


class Weights(NamedTuple):
    """Functions of azimuth and of elevation, for `over_sphere`."""

    moments: tuple[np.ndarray, np.ndarray]
    squares: tuple[np.ndarray, np.ndarray]


def block(
    data: np.ndarray,
    potential: np.ndarray,
    background: np.ndarray,
    lowest: np.ndarray,
    highest: np.ndarray,
    counts: np.ndarray | None = None,
    *,
    setup: Setup,
) -> np.ndarray:
    """Rows for each distribution and estimate, (..., estimate, row).

    `data` and `counts` are (..., energy, elevation, azimuth), the rest
    (...). Without counts those are taken that `data` would have made.
    """
    shape = setup.grid.shape
    single = [potential, background, lowest, highest]
    lead = np.broadcast_shapes(data.shape[:-3], *map(np.shape, single))
    single = [
        np.broadcast_to(one, lead).reshape(-1).astype(float) for one in single
    ]
    bins = [
        np.broadcast_to(one, lead + shape).reshape(-1, *shape)
        for one in (data, counts)
        if one is not None
    ]
    rows = np.empty((len(bins[0]), len(setup.estimates), WIDTH))
    weights = _weights(setup, counts is not None)
    step = max(1, _BYTES // (8 * int(np.prod(shape))))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        rows[part] = _part(
            bins[0][part],
            bins[1][part] if counts is not None else None,
            *(one[part] for one in single),
            setup=setup,
            weights=weights,
        )
    return rows.reshape(*lead, *rows.shape[1:])


def _weights(setup: Setup, counted: bool) -> Weights:
    # counts, or f, times this is the variance of f
    factor = setup.one_count**2 if counted else setup.one_count
    grid = setup.grid
    return Weights(
        (weigh.around(grid.azimuth), weigh.upward(grid)),
        (
            _counting.squares_around(grid.azimuth),
            _counting.squares_upward(grid, factor),
        ),
    )


def _part(
    data: np.ndarray,
    counts: np.ndarray | None,
    potential: np.ndarray,
    background: np.ndarray,
    lowest: np.ndarray,
    highest: np.ndarray,
    *,
    setup: Setup,
    weights: Weights,
) -> np.ndarray:
    grid, mass = setup.grid, setup.mass
    data = data.astype(np.float64, order="C", copy=False)
    shells = kernel.over_sphere(data, *weights.moments, setup.measured)
    volume, speed = kernel.far_away(grid, potential, mass, setup.charge)
    kept = (grid.energy >= lowest[:, None]) & (grid.energy <= highest[:, None])
    volume = volume * kept
    sums = kernel.over_energy(shells, volume, speed)
    plain = kernel.central(sums, mass, exact=True)
    middle = kernel.central(sums, mass, exact=False)
    errors = None
    if setup.calibrated:
        noisy = counts
        if noisy is None:  # as many as would have been counted
            dark = background[:, None, None] * setup.one_count
            noisy = data + dark[..., None]
        squares = kernel.over_sphere(noisy, *weights.squares, setup.measured)
        errors = _counting.covariance(squares, volume, speed, middle, mass)
    better = _corrected(middle, sums, shells, volume * speed**2, setup)
    sharp = resolution(
        better, middle, shells[:, :, 0] * volume, speed, grid, mass
    )
    rows = []
    for name in setup.estimates:
        if name == "fit":
            rows.append(
                _fitted(
                    np.where(
                        kept[:, :, None, None],
                        data / setup.one_count[:, :, None]
                        + background[:, None, None, None]
                        if counts is None
                        else counts,
                        np.nan,
                    ),
                    background,
                    potential,
                    better,
                    middle,
                    sharp.lost,
                    setup,
                )
            )
        else:
            chosen = plain if name == "plain" else better
            rows.append(_row(name, chosen, errors, sharp, mass))
    return np.stack(rows, axis=1)


def _corrected(
    middle: kernel.Central,
    sums: np.ndarray,
    shells: np.ndarray,
    squared: np.ndarray,
    setup: Setup,
) -> kernel.Central:
    """Take the variance within the bins out of the temperature.

    With the middle of each bin for its directions the data are blurred once,
    by the bin that collected them; what that adds is known.
    """
    grid, unit = setup.grid, kernel.mass_in_ev(setup.mass)
    density = np.where(middle.density > 0.0, middle.density, np.nan)
    # half a step of energy is a step of speed; a box of width d has d^2 / 12
    radial = squared * (grid.width / grid.energy) ** 2 / 48.0
    spread = (
        sums[:, 2, weigh.BLUR]
        + (radial[:, None] @ shells[:, :, weigh.CENTRE_2])[:, 0]
    )
    blur = unit * spread[:, weigh.TENSOR] / density[:, None, None]
    return middle._replace(
        velocity=middle.velocity + sums[:, 1, weigh.SHRINK] / density[:, None],
        temperature=middle.temperature - blur,
    )


def _fitted(
    counts: np.ndarray,
    background: np.ndarray,
    potential: np.ndarray,
    better: kernel.Central,
    middle: kernel.Central,
    lost: np.ndarray,
    setup: Setup,
) -> np.ndarray:
    """Rows of the Maxwellian fit; it knows no anisotropy and no heat flux."""
    grid, unit = setup.grid, kernel.mass_in_ev(setup.mass)
    one_count = setup.one_count
    if not setup.calibrated:  # the fit asks only for the shape
        counts = counts * _to_counts(counts)
    if setup.measured is not None:
        shape = setup.measured.shape + (1,) * (3 - setup.measured.ndim)
        counts = np.where(setup.measured.reshape(shape), counts, np.nan)
    # too wide rather than too narrow: where no count is expected, none pulls
    start = np.maximum(
        np.trace(better.temperature, axis1=1, axis2=2),
        0.5 * np.trace(middle.temperature, axis1=1, axis2=2),
    )
    guess = np.column_stack(
        [
            better.density,
            better.velocity,
            np.sqrt(np.maximum(start, 1e-6) / 3.0 / unit),
        ]
    )
    found, errors = fit(
        counts,
        one_count,
        background,
        grid,
        guess,
        potential,
        mass=setup.mass,
        charge=setup.charge,
    )
    tensor = found[:, 4, None, None] * np.eye(3)
    fitted = kernel.Central(
        found[:, 0], found[:, 1:4], tensor, np.full((len(found), 3), np.nan)
    )
    full = None
    if setup.calibrated:
        full = np.full((len(found), 16, 16), np.nan)
        full[:, :4, :4] = errors[:, :4, :4]
        for k in _TRACE:
            full[:, k, _TRACE] = errors[:, 4, 4, None]
    sharp = Resolution(angle(fitted, grid, setup.mass), np.zeros(1), lost)
    return _row("fit", fitted, full, sharp, setup.mass)


def _to_counts(relative: np.ndarray) -> float:
    """Scale data to some ten thousand counts."""
    total = np.nansum(relative) / len(relative)
    return 1e4 / total if total > 0.0 else 1.0


def _row(
    name: str,
    moments: kernel.Central,
    covariance: np.ndarray | None,
    sharp: Resolution,
    mass: float,
) -> np.ndarray:
    """Pack what is known of one estimate in the order of `FIELDS`."""
    count = len(moments.density)
    if covariance is None:
        covariance = np.full((count, 16, 16), np.nan)
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    deviation = np.sqrt(np.maximum(variance, 0.0))
    trace = np.trace(moments.temperature, axis1=1, axis2=2)
    # of the trace: the three temperatures are not independent
    warmth = covariance[:, _TRACE][:, :, _TRACE].sum(axis=(1, 2))
    warmth = np.sqrt(np.maximum(warmth, 0.0))
    valid = flags(
        name,
        moments,
        noise(moments, deviation[:, 0], deviation[:, 1:4], warmth, mass),
        sharp,
    )
    return np.column_stack(
        [
            moments.density,
            moments.velocity,
            trace / 3.0,
            moments.temperature.reshape(count, 9),
            moments.heat_flux * kernel.HEAT,
            deviation[:, :4],
            warmth / 3.0,
            deviation[:, 4:13],
            deviation[:, 13:] * kernel.HEAT,
            *(valid[one] for one in _FLAGGED),
        ]
    )
