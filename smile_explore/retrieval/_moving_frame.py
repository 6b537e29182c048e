"""The frame in which a boundary has no electric field, and Walen's test."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.constants import (
    ELEMENTARY_CHARGE,
    PROTON_MASS,
    VACUUM_PERMEABILITY,
)
from smile_explore.schema import COMPONENTS

__all__ = ["alfven_velocity", "de_hoffmann_teller", "walen"]

_FEWEST = 4
_PAIR = ("component", "with_component")


def de_hoffmann_teller(
    velocity: xr.DataArray, field: xr.DataArray
) -> xr.Dataset:
    """Find the frame in which the plasma flows along the field.

    Parameters
    ----------
    velocity : xarray.DataArray
        Along `time` and `component`. [km s-1]
    field : xarray.DataArray
        Magnetic field at the same times. [nT]

    Returns
    -------
    frame : xarray.Dataset
        `velocity` of the frame and its `uncertainty` [km s-1], one standard
        deviation, `covariance` [km2 s-2], `correlation` of the components of
        -v x B with those of -V_HT x B, `residual` D / D0, the share of the
        squared electric field that is left in the frame, and `samples`.

    Raises
    ------
    ValueError
        If fewer than four samples are known, or the field is zero or keeps
        its direction, so that the velocity along it is not determined.

    Notes
    -----
    V_HT = K0^-1 <K v>, K = B^2 (1 - b b), makes D(V) = <|(v - V) x B|^2>
    least; its covariance is D K0^-1 / (2 M - 3), since each sample has two
    components of a field perpendicular to B and V has three. That takes the
    errors of samples as independent.

    References
    ----------
    .. [1] Khrabrov and Sonnerup (1998), DeHoffmann-Teller analysis, ISSI
       SR-001, chapter 9.
    """
    flow, magnetic = _pairs(velocity, field)
    square = (magnetic**2).sum(axis=1)
    kernel = square[:, None, None] * np.eye(3) - (
        magnetic[:, :, None] * magnetic[:, None, :]
    )
    mean = kernel.mean(axis=0)
    spread = np.linalg.eigvalsh(mean)
    if not spread[0] > 1e-9 * spread[-1]:
        raise ValueError(
            "the magnetic field is zero or keeps its direction at all "
            f"{len(flow)} samples, so that the velocity along it cannot be "
            "known; widen the interval across the boundary"
        )
    right = np.einsum("tij,tj->i", kernel, flow) / len(flow)
    frame = np.linalg.solve(mean, right)
    field_here = -np.cross(flow, magnetic)
    left_over = ((-np.cross(flow - frame, magnetic)) ** 2).sum(axis=1).mean()
    # `before` is zero only where the plasma rests: then the frame does too.
    before = (field_here**2).sum(axis=1).mean()
    covariance = left_over / (2.0 * len(flow) - 3.0) * np.linalg.inv(mean)
    columns: dict[str, Any] = {
        "velocity": ("component", frame, _of(velocity, "km s-1")),
        "uncertainty": (
            "component",
            np.sqrt(np.diag(covariance)),
            _of(velocity, "km s-1"),
        ),
        "covariance": (_PAIR, covariance, {"units": "km2 s-2"}),
        "correlation": (
            (),
            _correlation(field_here, -np.cross(frame, magnetic)),
        ),
        "residual": ((), left_over / before if before else np.nan),
        "samples": ((), len(flow)),
    }
    return xr.Dataset(
        columns,
        {
            "component": list(COMPONENTS),
            "with_component": list(COMPONENTS),
        },
    )


def alfven_velocity(
    field: xr.DataArray,
    density: xr.DataArray,
    *,
    temperature_tensor: xr.DataArray | None = None,
    mass: float = 1.0,
) -> xr.DataArray:
    """Alfven velocity along the field, with the anisotropy of pressure.

    Parameters
    ----------
    field : xarray.DataArray
        [nT]
    density : xarray.DataArray
        Of ions. [cm-3]
    temperature_tensor : xarray.DataArray, optional
        Of ions; gives the factor sqrt(1 - alpha), alpha = mu0 (p_par -
        p_perp) / B^2, NaN where the plasma is firehose unstable. [eV]
    mass : float
        Of an ion, in proton masses: 1.15 with 5 % of helium.

    Returns
    -------
    velocity : xarray.DataArray
        Along `component`. [km s-1]

    References
    ----------
    .. [1] Paschmann and Sonnerup (2008), Proper frame determination and
       Walen test, ISSI SR-008, chapter 7.
    """
    rho = mass * PROTON_MASS * density.where(density > 0.0) * 1e6
    velocity = field * 1e-9 / np.sqrt(VACUUM_PERMEABILITY * rho) * 1e-3
    if temperature_tensor is None:
        return velocity
    square = (field**2).sum("component", skipna=False)
    other = field.rename(component="with_component")
    along = xr.dot(
        field, temperature_tensor, other, dim=list(_PAIR)
    ) / square.where(square > 0.0)
    trace = sum(
        temperature_tensor.isel(dict.fromkeys(_PAIR, i), drop=True)
        for i in range(3)
    )
    difference = along - (trace - along) / 2.0
    pressure = density * 1e6 * difference * ELEMENTARY_CHARGE
    alpha = VACUUM_PERMEABILITY * pressure / (square * 1e-18)
    return velocity * np.sqrt((1.0 - alpha).where(alpha < 1.0))


def walen(
    velocity: xr.DataArray, alfven: xr.DataArray, frame: ArrayLike
) -> xr.Dataset:
    """Compare the flow in the moving frame with the Alfven velocity.

    Parameters
    ----------
    velocity : xarray.DataArray
        Along `time` and `component`. [km s-1]
    alfven : xarray.DataArray
        Alfven velocity at the same times, as `alfven_velocity`. [km s-1]
    frame : array_like
        Velocity of the de Hoffmann-Teller frame. [km s-1]

    Returns
    -------
    test : xarray.Dataset
        `slope`, its `uncertainty` (one standard deviation), `correlation`,
        `samples`. A rotational discontinuity has the slope +1 or -1, the
        sign that of the flow through it along the field; a tangential one
        has none.

    Raises
    ------
    ValueError
        If fewer than four samples are known.

    Notes
    -----
    One line through the origin for all three components, by least squares:
    errors of the Alfven velocity make it flatter, those of a density that is
    too low, as of an analyser with a floor, too.

    References
    ----------
    .. [1] Khrabrov and Sonnerup (1998), ISSI SR-001, chapter 9.
    """
    flow, wave = _pairs(velocity, alfven)
    y, x = (flow - np.asarray(frame, dtype=float)).ravel(), wave.ravel()
    power = float(x @ x)
    if not power > 0.0:
        raise ValueError(
            "the Alfven velocity is zero at all samples, so that there is "
            "nothing to compare the flow with"
        )
    slope = float(x @ y) / power
    noise = float(((y - slope * x) ** 2).sum()) / (x.size - 1)
    return xr.Dataset(
        {
            "slope": ((), slope),
            "uncertainty": ((), np.sqrt(noise / power)),
            "correlation": ((), _correlation(x, y)),
            "samples": ((), len(flow)),
        }
    )


def _of(vector: xr.DataArray, units: str) -> dict[str, str]:
    return {"units": units, "frame": vector.attrs.get("frame", "GSM")}


def _pairs(*vectors: xr.DataArray) -> tuple[np.ndarray, ...]:
    """Return the samples at which all vectors are known, as rows."""
    rows = [one.transpose(..., "component").values for one in vectors]
    rows = [row.reshape(-1, 3).astype(float) for row in rows]
    known = np.logical_and.reduce(
        [np.isfinite(row).all(axis=1) for row in rows]
    )
    if known.sum() < _FEWEST:
        raise ValueError(
            f"at least {_FEWEST} samples of flow and field are needed, got "
            f"{int(known.sum())}; widen the interval"
        )
    return tuple(row[known] for row in rows)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    x, y = one.ravel() - one.mean(), other.ravel() - other.mean()
    power = float(x @ x) * float(y @ y)
    return float(x @ y) / np.sqrt(power) if power > 0.0 else np.nan
