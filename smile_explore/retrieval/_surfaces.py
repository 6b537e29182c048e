"""The models' surfaces at a crossing: their normal, and their nose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.physics import boundaries
from smile_explore.physics.solar_wind import magnetic_pressure
from smile_explore.schema import COMPONENTS

__all__ = ["Surface", "bow_shock", "lin", "nose", "normal", "shue"]

#: Radius [R_E] by theta and phi [deg].
Surface = Callable[[np.ndarray, np.ndarray], np.ndarray]

_STEP = 1e-4


def normal(surface: Surface, position: np.ndarray) -> np.ndarray:
    """Return the outward normal of the surface scaled to pass a position.

    The gradient of r / R(theta, phi), which does not depend on the scale.
    """
    size = _STEP * np.linalg.norm(position)
    ends = position + size * np.stack([np.eye(3), -np.eye(3)])
    level = _level(surface, ends)
    slope = level[0] - level[1]
    return slope / np.linalg.norm(slope)


def nose(surface: Surface, position: np.ndarray) -> float:
    """Return the subsolar distance of the surface scaled to a position."""
    at_nose = surface(np.zeros(1), np.zeros(1))[0]
    return float(_level(surface, position[None, :])[0] * at_nose)


def shue(wind: xr.Dataset) -> Surface:
    """Return the magnetopause of Shue et al. (1998) for a solar wind."""
    pressure, _, bz = _drivers(wind)
    return lambda theta, phi: boundaries.shue_magnetopause(
        theta + 0.0 * phi, pressure, bz
    )


def lin(wind: xr.Dataset, time: np.datetime64) -> Surface:
    """Return the magnetopause of Lin et al. (2010) for a solar wind."""
    pressure, magnetic, bz = _drivers(wind)
    tilt = frames.dipole_tilt(time)
    return lambda theta, phi: boundaries.lin_magnetopause(
        theta, phi, pressure, magnetic, bz, dipole_tilt=tilt
    )


def bow_shock(wind: xr.Dataset) -> Surface:
    """Return the bow shock of Jelinek et al. (2012) for a solar wind."""
    pressure = _drivers(wind)[0]
    return lambda theta, phi: boundaries.jelinek_bow_shock(
        theta + 0.0 * phi, pressure
    )


def _level(surface: Surface, position: np.ndarray) -> np.ndarray:
    """Return the distance of positions over that of the surface there."""
    radius = np.linalg.norm(position, axis=-1)
    x, y, z = np.moveaxis(position, -1, 0)
    theta = np.degrees(np.arccos(np.clip(x / radius, -1.0, 1.0)))
    return radius / surface(theta, np.degrees(np.arctan2(z, y)))


def _drivers(wind: xr.Dataset) -> tuple[float, float, float]:
    field = [
        float(wind["magnetic_field"].sel(component=name))
        for name in COMPONENTS
    ]
    magnetic = float(magnetic_pressure(np.linalg.norm(field)))
    return float(wind["dynamic_pressure"]), magnetic, field[2]
