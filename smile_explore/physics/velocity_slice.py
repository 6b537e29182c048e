"""A plane through a distribution: phase space density at velocities."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.constants import PROTON_MASS
from smile_explore.physics._moment_kernel import mass_in_ev
from smile_explore.physics._vdf_grid import BINS, check_vdf, grid_of, mask_of
from smile_explore.schema import COMPONENTS

__all__ = ["PLANES", "axes", "cut", "within"]

#: Planes by name: what is to the right, and what is up.
PLANES = {
    "B and V": ("along B", "V across B"),
    "across B": ("V across B", "B x V"),
    "x and y": ("x", "y"),
    "x and z": ("x", "z"),
    "y and z": ("y", "z"),
}


def axes(
    plane: str, *, velocity: ArrayLike, magnetic_field: ArrayLike
) -> np.ndarray:
    """Return unit vectors to the right, up, and out of a plane.

    Parameters
    ----------
    plane : str
        One of `PLANES`.
    velocity, magnetic_field : array_like, (3,)
        Their directions count, and only in planes named by them.

    Returns
    -------
    axes : numpy.ndarray, (3, 3)
        Right-handed; NaN where B is zero or not known. Where V is along B,
        or not known, what is across B is any direction.

    Raises
    ------
    ValueError
        If there is no such plane.
    """
    if plane not in PLANES:
        raise ValueError(
            f"plane must be one of {', '.join(PLANES)}, got {plane!r}"
        )
    if plane not in ("B and V", "across B"):
        right, up = (
            np.eye(3)[COMPONENTS.index(name)] for name in PLANES[plane]
        )
        return np.stack([right, up, np.cross(right, up)])
    field = np.asarray(magnetic_field, float)
    strength = np.linalg.norm(field)
    if not strength > 0.0:
        return np.full((3, 3), np.nan)
    along = field / strength
    flow = np.nan_to_num(np.asarray(velocity, float))
    across = flow - (flow @ along) * along
    if np.linalg.norm(across) <= 1e-6 * np.linalg.norm(flow):
        other = np.eye(3)[np.abs(along).argmin()]
        across = other - (other @ along) * along
    across = across / np.linalg.norm(across)
    third = np.cross(along, across)
    if plane == "B and V":
        return np.stack([along, across, third])
    return np.stack([across, third, along])


def cut(
    vdf: xr.Dataset,
    axes: ArrayLike,
    *,
    right: ArrayLike,
    up: ArrayLike,
    out: float = 0.0,
    mass: float = PROTON_MASS,
) -> np.ndarray:
    """Interpolate a distribution on a plane, linearly in its logarithm.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
        At one time, with elevations that do not depend on the energy.
    axes : array_like, (3, 3)
        Unit vectors to the right, up and out of the plane, see `axes`.
    right, up : array_like, (m,), (n,)
        Velocities on the plane. [km s-1]
    out : float
        Distance of the plane from rest. [km s-1]
    mass : float
        [kg]

    Returns
    -------
    density : numpy.ndarray, (n, m)
        [s3 m-6]; NaN outside the energies and where the bin that holds the
        velocity was not measured or saw nothing.

    Raises
    ------
    ValueError
        If `vdf` is no VDF, or of several times.

    Notes
    -----
    Energies are those at the spacecraft: its potential is not taken out.
    """
    check_vdf(vdf)
    lead = [dim for dim in vdf["vdf"].dims if dim not in BINS]
    if lead:
        raise ValueError(
            f"a slice is of one distribution, got several along "
            f"{', '.join(map(str, lead))}; select one with .isel or .sel"
        )
    grid = grid_of(vdf)
    if len(grid.elevation) > 1:
        raise ValueError(
            "a slice needs elevations that are the same at all energies"
        )
    data = vdf["vdf"].transpose(*BINS).to_numpy().astype(float)
    measured = mask_of(vdf)
    if measured is not None:
        shape = measured.shape + (1,) * (3 - measured.ndim)
        data = np.where(measured.reshape(shape), data, np.nan)
    across = np.asarray(right, float)[None, :, None]
    upward = np.asarray(up, float)[:, None, None]
    basis = np.asarray(axes, float)
    v = across * basis[0] + upward * basis[1] + out * basis[2]
    speed = np.linalg.norm(v, axis=-1)
    energy = mass_in_ev(mass) * speed**2 / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        elevation = np.arcsin(v[..., 2] / speed)
    azimuth = np.arctan2(v[..., 1], v[..., 0]) % (2.0 * np.pi)
    inside = (energy >= grid.steps[0, 0]) & (energy <= grid.steps[-1, 1])
    places = (
        _between(np.log(grid.energy), np.log(np.where(inside, energy, 1.0))),
        _between(grid.elevation[0].mean(axis=-1), elevation),
        _around(grid.azimuth, azimuth),
    )
    return np.where(inside, _interpolate(data, places), np.nan)


def within(
    vdf: xr.Dataset,
    axes: ArrayLike,
    *,
    right: tuple[float, float],
    up: tuple[float, float],
    mass: float = PROTON_MASS,
) -> xr.Dataset:
    """Keep the bins that lie in a box drawn on a plane, at any depth.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
    axes : array_like, (3, 3)
        Unit vectors to the right, up and out of the plane, see `axes`.
    right, up : (float, float)
        Least and greatest velocity of the middle of a bin. [km s-1]
    mass : float
        [kg]

    Returns
    -------
    vdf : xarray.Dataset (VDF)
        NaN, not measured, where a bin lies outside.

    Raises
    ------
    ValueError
        If no bin lies in the box, or the plane has no direction.
    """
    check_vdf(vdf)
    basis = np.asarray(axes, float)
    if not np.isfinite(basis).all():
        raise ValueError(
            "the plane has no direction where there is no magnetic field; "
            "choose a plane of GSM"
        )
    grid = grid_of(vdf)
    elevation = grid.elevation.mean(axis=-1)[..., None]
    azimuth = grid.azimuth.mean(axis=-1)
    speed = np.sqrt(2.0 * grid.energy / mass_in_ev(mass))[:, None, None]
    v = speed[..., None] * np.stack(
        [
            np.cos(elevation) * np.cos(azimuth),
            np.cos(elevation) * np.sin(azimuth),
            np.broadcast_to(
                np.sin(elevation), (*elevation.shape[:-1], azimuth.size)
            ),
        ],
        axis=-1,
    )
    inside = np.ones(v.shape[:-1], bool)
    for axis, (low, high) in zip(basis, (right, up), strict=False):
        inside &= (v @ axis >= low) & (v @ axis <= high)
    if not inside.any():
        raise ValueError(
            f"no bin lies between {right[0]:g} and {right[1]:g} km/s and "
            f"{up[0]:g} and {up[1]:g} km/s; draw a larger box"
        )
    kept = vdf["vdf"].where(xr.DataArray(inside, dims=BINS))
    return vdf.assign(vdf=kept.assign_attrs(vdf["vdf"].attrs))


Place = tuple[np.ndarray, np.ndarray, np.ndarray]


def _between(middles: np.ndarray, values: np.ndarray) -> Place:
    """Bins below and above each value, and the share of the upper."""
    low = np.searchsorted(middles, values) - 1
    low = np.clip(low, 0, max(middles.size - 2, 0))
    high = np.minimum(low + 1, middles.size - 1)
    gap = np.where(high > low, middles[high] - middles[low], 1.0)
    share = np.nan_to_num((values - middles[low]) / gap)
    return low, high, np.clip(share, 0.0, 1.0)


def _around(edges: np.ndarray, values: np.ndarray) -> Place:
    """Return the same for azimuths, which close where they go all round."""
    middles = edges.mean(axis=-1)
    if edges[-1, 1] - edges[0, 0] < 2.0 * np.pi - 1e-6:
        return _between(middles, values)
    low = (np.searchsorted(middles, values) - 1) % middles.size
    high = (low + 1) % middles.size
    turn = 2.0 * np.pi
    gap = (middles[high] - middles[low]) % turn
    return low, high, ((values - middles[low]) % turn) / gap


def _interpolate(data: np.ndarray, places: tuple[Place, ...]) -> np.ndarray:
    """Weigh the logarithms of the corners that saw something."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.where(data > 0.0, np.log(data), np.nan)
    total = np.zeros(places[0][0].shape)
    weight = np.zeros_like(total)
    for corner in np.ndindex(2, 2, 2):
        index, share = [], np.ones_like(total)
        for side, (low, high, upper) in zip(corner, places, strict=True):
            index.append(high if side else low)
            share = share * (upper if side else 1.0 - upper)
        value = logarithm[tuple(index)]
        known = np.isfinite(value)
        total += np.where(known, share * value, 0.0)
        weight += np.where(known, share, 0.0)
    nearest = tuple(
        np.where(upper > 0.5, high, low) for low, high, upper in places
    )
    seen = np.isfinite(logarithm[nearest])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(seen, np.exp(total / weight), np.nan)
