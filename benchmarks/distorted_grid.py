"""From a grid of GAMERA's usual size to a rectangular one.

96 by 96 by 128 cells, an egg from 2 R_E to 30 R_E sunward and 300 R_E down the
tail, brought to the points 0.5 R_E apart that `open_cube` cuts out. Beside it
the nearest cell of each point, by scipy's tree, which does not interpolate.
The error is that of a field linear in space, which should have none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from benchmarks import Figure, best_of
from smile_explore.data.mhd.gamera_files import BOX
from smile_explore.physics import curvilinear

SPACING = 0.5


def egg(shells: int = 96, polar: int = 96, around: int = 128) -> np.ndarray:
    """Return nodes of an egg about x, closed around it. [R_E]."""
    share = np.linspace(0.0, 1.0, shells)[:, None, None]
    angle = np.linspace(0.0, np.pi, polar + 1)[:, None]
    turn = np.linspace(0.0, 2.0 * np.pi, around + 1)
    far = 30.0 * (1.0 - 0.82 * np.sin(angle / 2.0) ** 2) ** -1.35
    radius = 2.0 * (far / 2.0) ** share
    x = radius * np.cos(angle) * np.ones_like(turn)
    y = radius * np.sin(angle) * np.cos(turn)
    z = radius * np.sin(angle) * np.sin(turn)
    return np.stack([x, y, z], axis=-1)


def measure() -> Iterator[Figure]:
    """Yield the speed of both steps, and the error of a linear field."""
    nodes = egg()
    axes = [
        np.arange(low, high + SPACING / 2.0, SPACING)
        for low, high in BOX.values()
    ]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    field = 3.0 + nodes @ [0.7, -0.4, 0.25]
    expected = 3.0 + grid @ [0.7, -0.4, 0.25]
    found = best_of(2, lambda: curvilinear.locate(nodes, axes))
    brought = best_of(3, lambda: curvilinear.resample(field, found.result))
    nearest = best_of(
        1, lambda: cKDTree(nodes.reshape(-1, 3)).query(grid.reshape(-1, 3))
    )
    count = expected.size / 1e6
    yield Figure("points located, CPU", count / found.cpu, "1e6 / s")
    yield Figure("points interpolated, CPU", count / brought.cpu, "1e6 / s")
    yield Figure(
        "nearest node by tree / located, CPU", nearest.cpu / found.cpu
    )
    yield Figure("points in the grid", np.isfinite(brought.result).mean())
    error = np.nanmax(np.abs(brought.result - expected))
    yield Figure("largest error of a linear field", error, "", None, 1e-5)
