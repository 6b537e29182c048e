"""Where the magnetopause stands in an MHD state, on the Sun-Earth line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from smile_explore.physics import tracer

#: Field lines with both ends within this radius are closed. [R_E]
INNER_RADIUS: Final = 4.0
#: Spacing of the seeds on the Sun-Earth line. [R_E]
SEED_SPACING: Final = 0.05
#: Current and gradient are searched this near to the last closed line, so
#: that interplanetary shocks and sheets are not taken for the boundary. [R_E]
SEARCH: Final = 1.0
#: Streamlines start on a ring of this radius, one coarse cell. [R_E]
RING: Final = 0.5
#: Streamlines count as subsolar within this angle of the line. [deg]
SUBSOLAR: Final = 30.0
#: Streamlines that stop farther than this inside the last closed line have
#: leaked through a moving boundary. [R_E]
LEAK: Final = 1.0


@dataclass(frozen=True)
class State:
    """One time of a cube."""

    axes: tuple[np.ndarray, ...]
    density: np.ndarray
    velocity: np.ndarray
    magnetic_field: np.ndarray

    @cached_property
    def last_closed(self) -> float:
        """Farthest point of the line on a closed field line."""
        along = np.arange(
            INNER_RADIUS + SEED_SPACING, self.axes[0][-1], SEED_SPACING
        )
        seeds = np.zeros((along.size, 3))
        seeds[:, 0] = along
        settings = (0.5, INNER_RADIUS, 100.0, 1e-3)
        closed = np.ones(along.size, bool)
        on_earth = tracer.ENDS.index("inner sphere")
        for sign in (1.0, -1.0):
            ends = tracer.ends(
                self.magnetic_field, self.axes, seeds, sign, settings
            )
            closed &= ends == on_earth
        if not closed[0] or closed.all():
            return np.nan
        return float(along[np.argmin(closed)] - SEED_SPACING / 2)

    def on_line(self, values: np.ndarray) -> np.ndarray:
        """Interpolate values on the grid to y = z = 0."""
        for axis in self.axes[:0:-1]:
            low = int(
                np.clip(np.searchsorted(axis, 0.0) - 1, 0, axis.size - 2)
            )
            share = -axis[low] / (axis[low + 1] - axis[low])
            values = (1 - share) * values[..., low] + share * values[
                ..., low + 1
            ]
        return values


def density_gradient(state: State) -> float:
    """Steepest rise of the density away from Earth."""
    x = state.axes[0]
    density = state.on_line(state.density)
    gradient = np.diff(density) / np.diff(x)
    return _peak((x[1:] + x[:-1]) / 2, gradient, state.last_closed)


def current(state: State) -> float:
    """Strongest electric current, |curl B|."""
    near = [slice(None)] * 3
    for n in (1, 2):
        zero = int(np.searchsorted(state.axes[n], 0.0))
        near[n] = slice(max(zero - 3, 0), zero + 4)
    axes = tuple(a[s] for a, s in zip(state.axes, near, strict=True))
    field = state.magnetic_field[tuple(near)].astype(np.float64)

    def slope(component: int, axis: int) -> np.ndarray:
        return np.gradient(field[..., component], axes[axis], axis=axis)

    curl = np.stack(
        [
            slope(2, 1) - slope(1, 2),
            slope(0, 2) - slope(2, 0),
            slope(1, 0) - slope(0, 1),
        ]
    )
    strength = State(axes, field, field, field).on_line(
        np.sqrt((curl**2).sum(0))
    )
    return _peak(axes[0], strength, state.last_closed)


def fluopause(state: State) -> float:
    """Nearest approach to Earth of streamlines from around the line."""
    x = state.axes[0]
    angle = 2 * np.pi * (np.arange(24) + 0.5) / 24
    start = np.full(angle.size, x[-1] - 1e-6 * (x[-1] - x[0]))
    seeds = np.stack([start, RING * np.cos(angle), RING * np.sin(angle)], -1)
    settings = (0.5, INNER_RADIUS, x[-1] - x[0] + 20.0, 1e-3)
    lines = tracer.follow(state.velocity, state.axes, seeds, 1.0, settings)[
        0
    ].astype(np.float64)
    distance = np.sqrt((lines**2).sum(-1))
    subsolar = lines[..., 0] > np.cos(np.radians(SUBSOLAR)) * distance
    nearest = np.where(subsolar, distance, np.inf).min(axis=1)
    turned = nearest[np.isfinite(nearest) & (nearest > INNER_RADIUS)]
    if turned.size < angle.size // 2:
        return np.nan
    standoff = float(np.median(turned))
    leaked = standoff < state.last_closed - LEAK
    return np.nan if leaked else standoff


DEFINITIONS: Final[dict[str, Callable[[State], float]]] = {
    "density_gradient": density_gradient,
    "current": current,
    "fluopause": fluopause,
    "last_closed": lambda state: state.last_closed,
}


def _peak(x: np.ndarray, values: np.ndarray, guess: float) -> float:
    """Highest local maximum near the guess, refined by a parabola."""
    middle = values[1:-1]
    with np.errstate(invalid="ignore"):
        local = (middle > values[:-2]) & (middle >= values[2:]) & (middle > 0)
    if np.isfinite(guess):
        local &= np.abs(x[1:-1] - guess) <= SEARCH
    if not local.any():
        return np.nan
    top = 1 + int(np.argmax(np.where(local, middle, -np.inf)))
    near = slice(top - 1, top + 2)
    bend, slope, _ = np.polyfit(x[near] - x[top], values[near], 2)
    return float(x[top] - slope / (2 * bend))
