"""What the masks are made of: one MHD state, and questions about nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from smile_explore.constants import (
    ELEMENTARY_CHARGE,
    PROTON_MASS,
    VACUUM_PERMEABILITY,
)
from smile_explore.physics import tracer

#: A line ends where the flow [km s-1] or the field [nT] is below this.
SLOWEST: Final = 1e-3
#: Wind this near to what is imposed upstream is undisturbed. [1]
UNDISTURBED: Final = 0.02
#: Ends of a streamline that, followed upstream, came from the solar wind.
_SOURCES: Final = [
    tracer.ENDS.index(end)
    for end in (
        "known",
        "left through x max",
        "left through y min",
        "left through y max",
        "left through z min",
        "left through z max",
    )
]
_ON_EARTH: Final = tracer.ENDS.index("inner sphere")

Settings = tuple[float, float, float, float]


@dataclass(frozen=True)
class State:
    """One MHD state on its grid, with what is derived from it once."""

    axes: tuple[np.ndarray, ...]
    density: np.ndarray
    velocity: np.ndarray
    temperature: np.ndarray
    magnetic_field: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """Nodes along x, y, z."""
        return self.density.shape

    @cached_property
    def nodes(self) -> np.ndarray:
        """Positions of all nodes in R_E, (node, component)."""
        grid = np.meshgrid(*self.axes, indexing="ij")
        return np.stack(grid, -1).reshape(-1, 3)

    @cached_property
    def undisturbed(self) -> np.ndarray:
        """Nodes where density and velocity are those imposed upstream."""
        density = np.nanmedian(self.density[-1])
        velocity = np.nanmedian(self.velocity[-1].reshape(-1, 3), axis=0)
        speed = np.sqrt((velocity**2).sum())
        change = np.sqrt(((self.velocity - velocity) ** 2).sum(-1))
        return (np.abs(self.density - density) < UNDISTURBED * density) & (
            change < UNDISTURBED * speed
        )

    @cached_property
    def undisturbed_cells(self) -> np.ndarray:
        """Cells all of whose corners are undisturbed."""
        cells = self.undisturbed
        for axis in range(3):
            low = np.moveaxis(cells, axis, 0)[:-1]
            high = np.moveaxis(cells, axis, 0)[1:]
            cells = np.moveaxis(low & high, 0, axis)
        return np.ascontiguousarray(cells, np.uint8)

    @cached_property
    def pressure_ratio(self) -> np.ndarray:
        """Thermal and dynamic over magnetic pressure, beta*."""
        density = self.density.astype(np.float64) * 1e6
        speed_squared = (self.velocity.astype(np.float64) ** 2).sum(-1) * 1e6
        field_squared = (self.magnetic_field.astype(np.float64) ** 2).sum(-1)
        magnetic = field_squared * 1e-18 / (2 * VACUUM_PERMEABILITY)
        thermal = density * self.temperature * ELEMENTARY_CHARGE
        dynamic = PROTON_MASS * density * speed_squared
        with np.errstate(divide="ignore", invalid="ignore"):
            return (thermal + dynamic) / magnetic


def flow_from_wind(
    state: State, nodes: np.ndarray, settings: Settings
) -> np.ndarray:
    """Tell of each node (flat index) if its plasma came from the wind."""
    wind = state.undisturbed.ravel()[nodes]
    ends = _ends(state, state.velocity, nodes[~wind], -1.0, settings)
    wind[~wind] = np.isin(ends, _SOURCES)
    return wind


def not_earths(
    state: State,
    nodes: np.ndarray,
    settings: Settings,
    pressure_ratio: float,
) -> np.ndarray:
    """Tell of each node if Earth's field does not hold its plasma."""
    wind = state.undisturbed.ravel()[nodes]
    todo = nodes[~wind]
    field = state.magnetic_field
    # strong plasma is held by two feet on Earth, weak plasma by one
    strong = state.pressure_ratio.ravel()[todo] >= pressure_ratio
    needed = np.where(strong, 2, 1)
    feet = 1 * (_ends(state, field, todo, 1.0, settings) == _ON_EARTH)
    # the other way is followed only where one foot more would decide
    other = needed == feet + 1
    feet[other] += (
        _ends(state, field, todo[other], -1.0, settings) == _ON_EARTH
    )
    wind[~wind] = feet < needed
    return wind


def coarse_to_fine(
    state: State, of_nodes: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Ask every second node, then all those near a change of the answer."""
    from scipy.ndimage import maximum_filter, minimum_filter

    picks = [_every_second(size) for size in state.shape]
    numbers = np.arange(np.prod(state.shape)).reshape(state.shape)
    coarse_nodes = numbers[np.ix_(*picks)]
    coarse = of_nodes(coarse_nodes.ravel()).reshape(coarse_nodes.shape)
    same = maximum_filter(coarse, 3) == minimum_filter(coarse, 3)
    nearest = np.ix_(*(np.arange(size) // 2 for size in state.shape))
    answer, settled = coarse[nearest].copy(), same[nearest].copy()
    answer[np.ix_(*picks)], settled[np.ix_(*picks)] = coarse, True
    rest = numbers[~settled]
    answer[~settled] = of_nodes(rest)
    return answer & np.isfinite(state.density)


def _every_second(size: int) -> np.ndarray:
    return np.unique(np.append(np.arange(0, size, 2), size - 1))


def _ends(
    state: State,
    field: np.ndarray,
    nodes: np.ndarray,
    sign: float,
    settings: Settings,
) -> np.ndarray:
    return tracer.ends(
        field, state.axes, state.nodes[nodes], sign, settings,
        known=state.undisturbed_cells,
    )  # fmt: skip
