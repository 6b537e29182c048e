"""Models of ion distributions: bi-Maxwellian and bi-kappa, drifting."""

from __future__ import annotations

from math import lgamma
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from smile_explore.constants import PROTON_MASS
from smile_explore.physics._moment_kernel import mass_in_ev

__all__ = ["bi_maxwellian", "kappa", "peak"]


def bi_maxwellian(
    velocity: ArrayLike,
    *,
    density: float,
    bulk_velocity: ArrayLike,
    temperature: float | tuple[float, float],
    magnetic_field: ArrayLike | None = None,
    mass: float = PROTON_MASS,
) -> np.ndarray:
    """Drifting bi-Maxwellian.

    Parameters
    ----------
    velocity : array_like, (..., 3)
        Where to evaluate it. [km s-1]
    density : float
        [cm-3]
    bulk_velocity : array_like, (3,)
        [km s-1]
    temperature : float or (float, float)
        Of an isotropic plasma, or along and across the field. [eV]
    magnetic_field : array_like, (3,), optional
        Its direction counts.
    mass : float
        [kg]

    Returns
    -------
    vdf : numpy.ndarray, (...)
        Phase space density. [s3 m-6]

    Raises
    ------
    ValueError
        If a density or temperature is not positive, or an anisotropic plasma
        has no field to be anisotropic about.
    """
    return _model(
        velocity,
        density,
        bulk_velocity,
        temperature,
        magnetic_field,
        mass,
        np.inf,
    )


def kappa(
    velocity: ArrayLike,
    *,
    density: float,
    bulk_velocity: ArrayLike,
    temperature: float | tuple[float, float],
    index: float,
    magnetic_field: ArrayLike | None = None,
    mass: float = PROTON_MASS,
) -> np.ndarray:
    """Drifting bi-kappa distribution, with a tail of high energies.

    Parameters
    ----------
    velocity, density, bulk_velocity, temperature, magnetic_field, mass
        As of `bi_maxwellian`; `temperature` is that of the second moment,
        whatever the index.
    index : float
        kappa, above 3/2; a Maxwellian at infinity.

    Returns
    -------
    vdf : numpy.ndarray, (...)
        Phase space density. [s3 m-6]

    Raises
    ------
    ValueError
        As `bi_maxwellian`, and if `index` is not above 3/2.

    References
    ----------
    .. [1] Livadiotis and McComas (2013),
       https://doi.org/10.1007/s11214-013-9982-9, the isotropic form.
    """
    return _model(
        velocity,
        density,
        bulk_velocity,
        temperature,
        magnetic_field,
        mass,
        index,
    )


def peak(
    density: Any, parallel: Any, perpendicular: Any, index: float = np.inf
) -> Any:
    """Phase space density at the peak of a bi-kappa distribution. [s3 m-6].

    Parameters
    ----------
    density : array_like
        [cm-3]
    parallel, perpendicular : array_like
        Thermal speeds sqrt(T / m) along and across the field. [km s-1]
    index : float
        kappa; a bi-Maxwellian by default.
    """
    if not index > 1.5:
        raise ValueError(f"kappa must be above 3/2, got {index:g}")
    if np.isinf(index):
        share = (2.0 * np.pi) ** -1.5
    else:
        share = np.exp(lgamma(index + 1.0) - lgamma(index - 0.5))
        share *= (np.pi * (2.0 * index - 3.0)) ** -1.5
    return 1e-3 * share * density / (parallel * perpendicular**2)


def _model(
    velocity: ArrayLike,
    density: float,
    bulk_velocity: ArrayLike,
    temperature: float | tuple[float, float],
    magnetic_field: ArrayLike | None,
    mass: float,
    index: float,
) -> np.ndarray:
    along, across = np.broadcast_to(np.asarray(temperature, float), 2)
    for name, value in (
        ("density", density),
        ("temperature", along),
        ("temperature", across),
    ):
        if not value > 0.0:
            raise ValueError(f"{name} must be positive, got {value:g}")
    field = np.zeros(3) if magnetic_field is None else magnetic_field
    strength = np.linalg.norm(field)
    if not strength > 0.0 and along != across:
        raise ValueError(
            f"temperatures of {along:g} eV along and {across:g} eV across "
            "the field need a magnetic_field that is not zero"
        )
    unit = np.asarray(field, float) / strength if strength > 0.0 else field
    parallel, perpendicular = np.sqrt(
        np.array([along, across]) / mass_in_ev(mass)
    )
    apart = np.asarray(velocity, float) - np.asarray(bulk_velocity, float)
    parallel_part = apart @ np.asarray(unit, float)
    square = (apart**2).sum(axis=-1)
    x = (parallel_part / parallel) ** 2
    x = x + (square - parallel_part**2) / perpendicular**2
    top = peak(density, parallel, perpendicular, index)
    if np.isinf(index):
        return np.asarray(top * np.exp(-x / 2.0))
    return np.asarray(top * (1.0 + x / (2.0 * index - 3.0)) ** (-index - 1.0))
