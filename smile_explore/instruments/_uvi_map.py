"""An image of the aurora, brought onto a magnetic grid.

Each cell of the grid is split into samples, and each sample takes the pixel
that sees it. That is a matrix, kept while the view stays: a frame then costs
one product with it, and the uncertainty follows from the same weights.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from smile_explore.instruments._uvi_geometry import View, pixel_of
from smile_explore.instruments.camera import Camera
from smile_explore.physics import apex, geodesy

__all__ = ["camera_of", "from_pixels", "mapped", "seen_by"]

#: Samples are no farther apart than this for pixels of 512 x 512, and in
#: proportion for larger ones: below the size of a pixel. [deg]
_SPACING = 0.25
_FINEST_PIXEL = 9.97 / 512
_MOST_SAMPLES = 12
#: A pixel is as wide as this share of the way to its farthest neighbour.
_REACH = 0.75


def camera_of(image: xr.Dataset) -> Camera:
    """Return the camera whose pixels an image has."""
    size = {}
    for name in ("fov_lat", "fov_lon"):
        centres = image[name].values
        if centres.size < 2:
            raise ValueError(
                f"an image needs at least two pixels along {name}, got "
                f"{centres.size}; bring it onto the grid before selecting"
            )
        size[name] = (centres[-1] - centres[0]) / (centres.size - 1)
        middle = 0.5 * (centres[0] + centres[-1])
        if abs(middle) > 0.01 * size[name]:
            raise ValueError(
                f"the image is cut: its {name} runs from {centres[0]:.3f} to "
                f"{centres[-1]:.3f} deg, not evenly about the boresight; "
                "bring the whole image onto the grid"
            )
    return Camera(
        str(image.attrs.get("camera", "UVI")),
        fov_lon=size["fov_lon"] * image.sizes["fov_lon"],
        fov_lat=size["fov_lat"] * image.sizes["fov_lat"],
        pixel=size["fov_lon"],
    )


class _Samples(NamedTuple):
    """Samples of the cells of a grid, and the share of its cell of each."""

    cell: np.ndarray
    mlat: np.ndarray
    mlt: np.ndarray
    share: np.ndarray


@functools.lru_cache(maxsize=4)
def _kept_samples(mlat: bytes, mlt: bytes, spacing: float) -> _Samples:
    return _samples(np.frombuffer(mlat), np.frombuffer(mlt), spacing)


def _samples(
    mlat: np.ndarray, mlt: np.ndarray, spacing: float = _SPACING
) -> _Samples:
    """Split cells into samples; near the pole they are narrow and need few."""
    half_lat, half_lt = _half(mlat), _half(mlt)
    down = _count(2.0 * half_lat, spacing)
    rows = []
    for row, lat in enumerate(mlat):
        nearest = np.cos(np.radians(max(abs(lat) - half_lat, 0.0)))
        across = _count(30.0 * half_lt * nearest, spacing)
        parts = np.broadcast_arrays(
            row * mlt.size + np.arange(mlt.size)[:, None, None],
            lat + half_lat * _offsets(down)[:, None],
            mlt[:, None, None] + half_lt * _offsets(across),
            1.0 / (down * across),
        )
        rows.append(np.reshape(parts, (4, -1)))
    cell, lat, hours, share = np.concatenate(rows, axis=1)
    return _Samples(cell.astype(np.intp), lat, hours % 24.0, share)


@functools.lru_cache(maxsize=8)
def seen_by(view: View, camera: Camera, mlat: bytes, mlt: bytes) -> csr_array:
    """Weights (cell, pixel) of the pixels of a camera in a view."""
    lat, hours = np.frombuffer(mlat), np.frombuffer(mlt)
    spacing = _SPACING * max(camera.pixel / _FINEST_PIXEL, 1.0)
    samples = _kept_samples(mlat, mlt, round(spacing, 6))
    place = apex.geographic(
        samples.mlat, apex.longitude(samples.mlt, view.time), view.time
    )
    row, column = pixel_of(*place, view.pointing(), camera)
    rows = max(1, round(camera.fov_lat / camera.pixel))
    columns = max(1, round(camera.fov_lon / camera.pixel))
    row, column = np.rint(row), np.rint(column)
    hit = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    pixel = np.where(hit, row * columns + column, -1).astype(np.intp)
    return _weights(samples, pixel, (lat.size * hours.size, rows * columns))


def from_pixels(
    image: xr.Dataset, mlat: np.ndarray, mlt: np.ndarray
) -> csr_array:
    """Weights (cell, pixel) of an image that says where its pixels look."""
    missing = {"mlat", "mlt"} - set(image.variables)
    if missing:
        raise ValueError(
            "without a pointing the image must say where its pixels look, "
            f"but it lacks {', '.join(sorted(missing))}; give the pointing "
            "that it was taken with"
        )
    samples = _samples(mlat, mlt)
    here = geodesy.unit_vector(image["mlat"].values, 15 * image["mlt"].values)
    known = np.isfinite(here).all(axis=-1)
    reach = np.zeros(known.shape)
    for axis in (0, 1):
        step = np.linalg.norm(np.diff(here, axis=axis), axis=-1)
        step = np.nan_to_num(step)
        for side in (0, 1):
            pad = [(0, 0), (0, 0)]
            pad[axis] = (side, 1 - side)
            reach = np.maximum(reach, np.pad(step, pad))
    wanted = geodesy.unit_vector(samples.mlat, 15 * samples.mlt)
    where = np.flatnonzero(known)
    pixel = np.full(samples.cell.size, -1, dtype=np.intp)
    if where.size:
        distance, nearest = cKDTree(here[known]).query(wanted)
        near = distance <= _REACH * reach.ravel()[where][nearest]
        pixel[near] = where[nearest[near]]
    return _weights(samples, pixel, (mlat.size * mlt.size, known.size))


def _weights(
    samples: _Samples, pixel: np.ndarray, shape: tuple[int, int]
) -> csr_array:
    hit = pixel >= 0
    place = samples.cell[hit], pixel[hit]
    return csr_array((samples.share[hit], place), shape=shape)


def _half(axis: np.ndarray) -> float:
    return 0.5 * float(np.diff(axis).mean())


def _count(width: float, spacing: float) -> int:
    return int(np.clip(np.ceil(width / spacing), 1, _MOST_SAMPLES))


def _offsets(count: int) -> np.ndarray:
    """Middles of equal parts of -1..1."""
    return (2.0 * np.arange(count) + 1.0) / count - 1.0


def _averaged(weights: csr_array, values: Any) -> tuple[Any, Any]:
    """Mean over the pixels that have a value, and their share of a cell."""
    flat = np.asarray(values, dtype=float).ravel()
    known = np.isfinite(flat)
    share = weights @ known.astype(float)
    total = weights @ np.where(known, flat, 0.0)
    with np.errstate(invalid="ignore"):
        return total / np.where(share > 0.0, share, np.nan), share


def mapped(
    image: xr.Dataset,
    look: xr.Dataset,
    weights: csr_array,
    grid: tuple[np.ndarray, np.ndarray],
    largest_view_angle: float,
) -> xr.Dataset:
    """Bring an image of one moment, with what it sees, onto a grid."""
    shape = tuple(axis.size for axis in grid)
    far = np.zeros(1, dtype=bool)
    if "view_zenith_angle" in look:
        far = look["view_zenith_angle"].values.ravel() > largest_view_angle
    light = np.where(far, np.nan, image["radiance"].values.ravel())
    found = {}
    found["radiance"], found["coverage"] = _averaged(weights, light)
    if "uncertainty" in image:
        variance = np.where(
            np.isfinite(light), image["uncertainty"].values.ravel() ** 2, 0.0
        )
        spread = np.sqrt(weights.power(2) @ variance)
        known = found["coverage"] > 0.0
        found["uncertainty"] = np.where(
            known, spread / np.where(known, found["coverage"], 1.0), np.nan
        )
    for name in ("solar_zenith_angle", "view_zenith_angle"):
        if name in look:
            angle = look[name].values.ravel()
            found[name], _ = _averaged(
                weights, np.where(np.isfinite(light), angle, np.nan)
            )
    return xr.Dataset(
        {
            name: (("mlat", "mlt"), value.reshape(shape))
            for name, value in found.items()
        },
        {"mlat": grid[0], "mlt": grid[1]},
    )
