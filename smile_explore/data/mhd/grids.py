"""The grid that a cube is wanted on: a spacing, axes, a box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from smile_explore.schema import COMPONENTS

__all__ = ["AS_IT_IS", "Grid", "described", "wanted"]

#: Nodes this close to the rim of a domain, in steps, still lie on it.
_SLACK = 1e-4


@dataclass(frozen=True, eq=False)
class Grid:
    """What was asked of the grid; what was not asked is left to the file.

    Parameters
    ----------
    spacing : float, optional
        Distance of the nodes, which are whole multiples of it. [R_E]
    axes : mapping of str to numpy.ndarray
        The nodes along x, y and z themselves. [R_E]
    box : mapping of str to (float, float)
        Where each axis begins and ends. [R_E]
    """

    spacing: float | None = None
    axes: Mapping[str, np.ndarray] = field(default_factory=dict)
    box: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def resamples(self) -> bool:
        """Whether other nodes are wanted than those of a regular file."""
        return self.spacing is not None or bool(self.axes)

    def everywhere(self) -> Grid:
        """Return the grid of this spacing on all that a file holds."""
        steps = [np.diff(axis).min() for axis in self.axes.values()]
        return Grid(min(steps) if steps else self.spacing)

    def within(
        self, limits: Mapping[str, tuple[float, float]], spacing: float
    ) -> dict[str, np.ndarray]:
        """Nodes along x, y and z.

        Parameters
        ----------
        limits : mapping of str to (float, float)
            Where values are known; used along axes without box. [R_E]
        spacing : float
            Used if none was asked for. [R_E]
        """
        step = self.spacing or spacing
        nodes = {}
        for name in COMPONENTS:
            low, high = self.box.get(name, limits[name])
            if name in self.axes:
                nodes[name] = _between(self.axes[name], self.box.get(name))
            else:
                first = np.ceil(low / step - _SLACK)
                last = np.floor(high / step + _SLACK)
                nodes[name] = np.arange(first, last + 1.0) * step
            if not nodes[name].size:
                raise ValueError(
                    f"no node of the grid lies between {low:g} and {high:g} "
                    f"R_E along {name}; give a finer grid or a larger box"
                )
        return nodes


#: Nothing was asked.
AS_IT_IS = Grid()


def wanted(
    grid: float | Mapping[str, Any] | None,
    box: Mapping[str, tuple[float, float]] | None,
) -> Grid:
    """Check what was asked of the grid.

    Raises
    ------
    ValueError
        If the spacing is not positive, an axis is missing or does not
        increase, or a limit is no pair of increasing numbers.
    """
    limits = {name: _limits(name, pair) for name, pair in (box or {}).items()}
    if grid is None:
        return Grid(box=limits)
    if isinstance(grid, Mapping):
        return Grid(axes={n: _axis(grid, n) for n in COMPONENTS}, box=limits)
    if not (isinstance(grid, int | float) and 0 < grid < np.inf):
        raise ValueError(
            f"grid must be a spacing in R_E, or have the axes x, y and z, "
            f"got {grid!r}"
        )
    return Grid(float(grid), box=limits)


def described(axes: Mapping[str, np.ndarray]) -> str:
    """Say a grid in words."""
    parts = []
    for name in COMPONENTS:
        axis = np.asarray(axes[name])
        part = f"{name} {axis[0]:g} to {axis[-1]:g}"
        if axis.size > 1:
            steps = np.diff(axis)
            same = np.ptp(steps) < 1e-4 * steps.max()
            by = (
                f"{steps[0]:.4g}"
                if same
                else (f"{steps.min():.4g} to {steps.max():.4g}")
            )
            part += f" by {by}"
        parts.append(part)
    return f"{', '.join(parts)} R_E"


def _between(
    axis: np.ndarray, limits: tuple[float, float] | None
) -> np.ndarray:
    if limits is None:
        return axis
    return axis[(axis >= limits[0]) & (axis <= limits[1])]


def _axis(grid: Mapping[str, Any], name: str) -> np.ndarray:
    if name not in grid:
        raise ValueError(
            f"grid must have the axes x, y and z, it lacks {name}; it has "
            f"{', '.join(map(str, grid)) or 'nothing'}"
        )
    axis = np.asarray(grid[name], dtype="f8")
    rises = axis.ndim == 1 and axis.size > 1 and (np.diff(axis) > 0).all()
    if not (rises and np.isfinite(axis).all()):
        raise ValueError(
            f"the axis {name} of grid must be two or more increasing numbers "
            f"in R_E, got {axis!r}"
        )
    return axis


def _limits(name: str, pair: tuple[float, float]) -> tuple[float, float]:
    limits = np.asarray(pair, dtype="f8")
    if (
        name not in COMPONENTS
        or limits.shape != (2,)
        or not (np.isfinite(limits).all() and limits[0] < limits[1])
    ):
        raise ValueError(
            "box must give two increasing numbers in R_E for any of x, y and "
            f"z, got {name}: {pair!r}"
        )
    return float(limits[0]), float(limits[1])
