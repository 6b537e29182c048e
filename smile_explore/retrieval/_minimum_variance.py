"""Axes of a boundary from the variance of the field across it."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD

__all__ = ["AXES", "minimum_variance"]

#: Most, intermediate and least variance; N is the normal.
AXES = ("L", "M", "N")
_FEWEST = 4


def minimum_variance(
    field: xr.Dataset,
    *,
    tangential: bool = False,
    outward: ArrayLike = (1.0, 0.0, 0.0),
) -> xr.Dataset:
    """Find the normal of a layer along which the field varies least.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
        Along `time` through the layer; NaN are left out.
    tangential : bool
        Whether the mean field is known to lie in the layer, as in a
        tangential discontinuity; the normal is then sought only among the
        directions perpendicular to it.
    outward : array_like
        Toward the side to which the normal is to point.

    Returns
    -------
    axes : xarray.Dataset
        By `axis` L, M, N (right-handed): `direction`, `variance` [nT^2],
        `mean_field` [nT] and `uncertainty`, the angle by which N may be
        turned toward this axis [deg], one standard deviation, NaN for N. And
        `normal_field_uncertainty` [nT] and the number of `samples`.

    Raises
    ------
    ValueError
        If fewer than four samples are known, or the field does not change.

    Notes
    -----
    The uncertainty is that of noise which is the same in all directions and
    independent between samples: sqrt(l1 l3 / (M - 1)) / (l1 - l3) toward L,
    with l2 for M, and l3 as the noise. It knows nothing of a layer that is
    not plane or not steady. A constant offset of the field, such as MAG's
    2 nT, does not turn the axes at all; it is an error of `mean_field`.

    References
    ----------
    .. [1] Sonnerup and Scheible (1998), Minimum and maximum variance
       analysis, ISSI SR-001, chapter 8, eqs. 8.23, 8.24.
    .. [2] Khrabrov and Sonnerup (1998), https://doi.org/10.1029/97JA03731.
    """
    MAGNETIC_FIELD.check(field)
    vectors = field["magnetic_field"].transpose(..., "component").values
    vectors = vectors.reshape(-1, 3).astype(float)
    vectors = vectors[np.isfinite(vectors).all(axis=1)]
    if len(vectors) < _FEWEST:
        raise ValueError(
            f"a normal needs at least {_FEWEST} samples of the field, got "
            f"{len(vectors)}; widen the interval"
        )
    mean = vectors.mean(axis=0)
    matrix = np.cov(vectors.T, bias=True)
    if not np.trace(matrix) > 0.0:
        raise ValueError(
            "the field does not change, and so has no direction of least "
            "change; choose an interval across the boundary"
        )
    values, axes = _constrained(matrix, mean) if tangential else _free(matrix)
    axes = _oriented(axes, np.asarray(outward, dtype=float))
    turns = _turns(values, len(vectors), tangential)
    along = axes @ mean
    error = values[2] / (len(vectors) - 1) + np.nansum(
        (turns[:2] * along[:2]) ** 2
    )
    return _labelled(field, values, axes, turns, along, error, len(vectors))


def _labelled(
    field: xr.Dataset,
    values: np.ndarray,
    axes: np.ndarray,
    turns: np.ndarray,
    along: np.ndarray,
    error: float,
    samples: int,
) -> xr.Dataset:
    frame = field["magnetic_field"].attrs.get("frame", "GSM")
    columns: dict[str, Any] = {
        "direction": (
            ("axis", "component"),
            axes,
            {"units": "1", "frame": frame},
        ),
        "variance": ("axis", values, {"units": "nT^2"}),
        "uncertainty": ("axis", np.degrees(turns), {"units": "deg"}),
        "mean_field": ("axis", along, {"units": "nT"}),
        "normal_field_uncertainty": ((), np.sqrt(error), {"units": "nT"}),
        "samples": ((), samples, {"units": "1"}),
    }
    return xr.Dataset(
        columns, {"axis": list(AXES), "component": list(COMPONENTS)}
    )


def _free(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return variances from the most to the least, and their directions."""
    values, columns = np.linalg.eigh(matrix)
    return np.maximum(values[::-1], 0.0), columns.T[::-1]


def _constrained(
    matrix: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same with the normal perpendicular to the mean field."""
    strength = np.linalg.norm(mean)
    if not strength > 0.0:
        raise ValueError(
            "the mean field is zero and so gives no direction that the "
            "normal is perpendicular to; use tangential=False"
        )
    along = mean / strength
    across = np.cross(along, np.eye(3)[np.argmin(abs(along))])
    across /= np.linalg.norm(across)
    plane = np.stack([across, np.cross(along, across)])
    _, columns = np.linalg.eigh(plane @ matrix @ plane.T)
    least, most = columns.T @ plane
    axes = np.stack([most, along, least])
    spread = np.einsum("ij,jk,ik->i", axes, matrix, axes)
    return np.maximum(spread, 0.0), axes


def _oriented(axes: np.ndarray, outward: np.ndarray) -> np.ndarray:
    """Point N outward and L north, and close the system with M = N x L."""
    largest, _, normal = axes
    if normal @ outward < 0.0:
        normal = -normal
    if (largest[2] or largest[0] or largest[1]) < 0.0:
        largest = -largest
    return np.stack([largest, np.cross(normal, largest), normal])


def _turns(values: np.ndarray, samples: int, tangential: bool) -> np.ndarray:
    """Return by how much N may be turned toward each axis, in radians."""
    noise, apart = values[2], values - values[2]
    turns = np.full(3, np.pi / 2.0)
    known = apart > 1e-12 * values[0]
    turns[known] = (
        np.sqrt(noise / (samples - 1) * values[known]) / apart[known]
    )
    turns = np.minimum(turns, np.pi / 2.0)
    turns[2] = np.nan
    if tangential:
        # Perpendicular to the mean field, which its noise alone turns.
        turns[1] = np.nan
    return turns
