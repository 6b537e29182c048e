"""Lines through a gridded vector field: field lines and streamlines.

The field between the nodes is the trilinear interpolant, on axes that need
not be uniform. Lines are followed with the classical Runge-Kutta method of
fourth order, in steps of a share of the local cell, many at a time.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore.physics._checks import check_positive
from smile_explore.physics.tracer import ENDS, follow
from smile_explore.schema import COMPONENTS, CUBE

__all__ = ["ENDS", "trace"]

_SIGNS: Final = {"forward": (1.0,), "backward": (-1.0,), "both": (-1.0, 1.0)}


def trace(
    cube: xr.Dataset,
    seeds: xr.DataArray | np.ndarray,
    *,
    variable: str = "magnetic_field",
    direction: str = "both",
    step: float = 0.5,
    inner_radius: float = 2.5,
    longest: float = 100.0,
    slowest: float = 1e-6,
) -> xr.Dataset:
    """Trace the lines of a vector field through given points.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        The field, at one time; only `variable` and the axes are read.
    seeds : array_like, shape (..., 3)
        Points to start from, GSM. [R_E]
    variable : str
        ``"magnetic_field"`` for field lines, ``"velocity"`` for streamlines,
        or any other vector variable of `cube`.
    direction : {"both", "forward", "backward"}
        Along the vector, against it, or both ways.
    step : float
        Step as a share of the shortest edge of the local cell. [1]
    inner_radius : float
        A line that comes nearer to the centre of Earth ends. [R_E]
    longest : float
        Longest length each way. [R_E]
    slowest : float
        A line ends where the vector is no longer than this. [its unit]

    Returns
    -------
    lines : xarray.Dataset
        ``position`` (line, point, component) in R_E GSM, in the order of the
        vector, NaN after the last point; ``length`` (line) in R_E; ``start``
        and ``end`` (line), one of `ENDS` or ``"seed"``; ``closed`` (line),
        both ends on the inner sphere. A seed outside the grid gives a line
        of no points that ends in ``"missing data"``.

    Raises
    ------
    ValueError
        If the vector, the direction, the seeds or a setting is not usable.
    """
    field, axes = _field(cube, variable)
    points = _seeds(seeds)
    if direction not in _SIGNS:
        raise ValueError(
            f"direction must be one of {', '.join(_SIGNS)}, got {direction!r}"
        )
    check_positive(step=step, longest=longest, inner_radius=inner_radius)
    settings = (step, inner_radius, longest, slowest)
    halves = [
        follow(field, axes, points, sign, settings)
        for sign in _SIGNS[direction]
    ]
    return _lines(points, halves, direction)


def _field(
    cube: xr.Dataset, variable: str
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """Return the vector as (x, y, z, component) and the axes of its grid."""
    CUBE.check(cube)
    if variable not in cube or "component" not in cube[variable].dims:
        vectors = [n for n in cube if "component" in cube[n].dims]
        raise ValueError(
            f"variable must be a vector of the cube, "
            f"{', '.join(map(str, vectors))}; got {variable!r}"
        )
    vector = cube[variable].squeeze()
    if vector.ndim != 4:
        raise ValueError(
            f"{variable} must be of one time, it has the dimensions "
            f"{vector.dims}; choose one with .isel or .sel"
        )
    vector = vector.transpose("x", "y", "z", "component")
    values = np.ascontiguousarray(vector.values, dtype=np.float32)
    axes = tuple(cube[a].values.astype(np.float64) for a in "xyz")
    return values, axes


def _seeds(seeds: xr.DataArray | np.ndarray) -> np.ndarray:
    if isinstance(seeds, xr.DataArray) and "component" in seeds.dims:
        seeds = seeds.transpose(..., "component")
    points = np.asarray(seeds, dtype=np.float64)
    if points.ndim == 0 or points.shape[-1] != 3:
        raise ValueError(
            f"seeds must have three components x, y, z along the last "
            f"dimension, got the shape {points.shape}"
        )
    return points.reshape(-1, 3)


def _lines(
    points: np.ndarray,
    halves: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
    direction: str,
) -> xr.Dataset:
    names = np.array([*ENDS, "seed"])
    seed = np.full(len(points), len(ENDS))
    if direction == "both":
        (back, back_count, start), (ahead, count, end) = halves
        position = _join(back, back_count, ahead, count)
    elif direction == "forward":
        ((position, _, end),) = halves
        start = seed
    else:
        ((back, count, start),) = halves
        position, end = _join(back, count, back[:, :0], 0 * count), seed
    steps = np.diff(position, axis=1)
    length = np.nansum(np.sqrt((steps**2).sum(-1)), axis=1)
    inner = ENDS.index("inner sphere")
    lines = xr.Dataset(
        {
            "position": (("line", "point", "component"), position),
            "length": ("line", length, {"units": "R_E"}),
            "start": ("line", names[start]),
            "end": ("line", names[end]),
            "closed": ("line", (start == inner) & (end == inner)),
        },
        coords={"component": list(COMPONENTS)},
    )
    lines["position"].attrs.update(
        units="R_E", long_name="position", frame="GSM"
    )
    return lines


def _join(
    back: np.ndarray,
    back_count: np.ndarray,
    ahead: np.ndarray,
    count: np.ndarray,
) -> np.ndarray:
    """Put the reversed backward half before the forward half."""
    kept = back_count + np.maximum(count - 1, 0)
    joined = np.full((len(back), max(kept.max(initial=1), 1), 3), np.nan)
    for n, (first, second) in enumerate(zip(back_count, count, strict=True)):
        joined[n, :first] = back[n, :first][::-1]
        if second > 1:
            joined[n, first : first + second - 1] = ahead[n, 1:second]
    return joined
