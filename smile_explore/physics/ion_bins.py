"""What the bins of an ion analyser see of a drifting plasma."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.physics._bin_average import average
from smile_explore.physics._ion_models import peak
from smile_explore.physics._moment_kernel import mass_in_ev
from smile_explore.physics._moment_weights import Grid
from smile_explore.physics._vdf_grid import BINS, grid_of
from smile_explore.schema import COMPONENTS

__all__ = ["fill", "plasma"]

#: Bytes of distributions that are made at once.
_BYTES = 2**25


def plasma(
    density: float,
    velocity: ArrayLike,
    temperature: float,
    *,
    magnetic_field: ArrayLike = (0.0, 0.0, 5.0),
) -> xr.Dataset:
    """Return a plasma by its numbers, as `lia.distribution` takes it.

    Parameters
    ----------
    density : float
        [cm-3]
    velocity : array_like, (3,)
        GSM. [km s-1]
    temperature : float
        [eV]
    magnetic_field : array_like, (3,)
        GSM. [nT]
    """
    return xr.Dataset(
        {
            "density": float(density),
            "velocity": ("component", np.array(velocity, float)),
            "temperature": float(temperature),
            "magnetic_field": ("component", np.array(magnetic_field, float)),
        },
        {"component": list(COMPONENTS)},
    )


def fill(
    plasma: xr.Dataset,
    bins: xr.Dataset,
    *,
    mass: float,
    charge: int,
    kappa: float = np.inf,
) -> xr.DataArray:
    """Mean over each bin of a drifting bi-kappa distribution.

    Parameters
    ----------
    plasma : xarray.Dataset
        `density` [cm-3], `velocity` [km s-1], `temperature_parallel`,
        `temperature_perpendicular` [eV], `magnetic_field` (any unit) and
        `spacecraft_potential` [V], with or without `time`.
    bins : xarray.Dataset
        Axes and edges of a VDF, energies per charge.
    mass : float
        [kg]
    charge : int
    kappa : float
        Infinite for a bi-Maxwellian.

    Returns
    -------
    vdf : xarray.DataArray, (..., energy, elevation, azimuth)
        float32, lazy along time. [s3 m-6]
    """
    grid = grid_of(bins)
    scalars = [
        plasma[name]
        for name in (
            "density",
            "temperature_parallel",
            "temperature_perpendicular",
            "spacecraft_potential",
        )
    ]
    vectors = [
        plasma[name].sel(component=component)
        for name in ("velocity", "magnetic_field")
        for component in COMPONENTS
    ]
    table = xr.concat(
        [
            one.drop_vars("component", errors="ignore")
            for one in (*scalars, *vectors)
        ],
        "parameter",
        coords="minimal",
        compat="override",
    ).transpose(..., "parameter")
    if "time" in table.dims:
        size = 4 * int(np.prod(grid.shape))
        table = table.chunk(time=max(1, _BYTES // size), parameter=-1)
    return xr.apply_ufunc(
        _see,
        table,
        kwargs={"grid": grid, "mass": mass, "charge": charge, "kappa": kappa},
        input_core_dims=[["parameter"]],
        output_core_dims=[BINS],
        dask="parallelized",
        output_dtypes=[np.float32],
        dask_gufunc_kwargs={
            "output_sizes": dict(zip(BINS, grid.shape, strict=True))
        },
    )


def _see(
    table: np.ndarray, *, grid: Grid, mass: float, charge: int, kappa: float
) -> np.ndarray:
    lead = table.shape[:-1]
    rows = table.reshape(-1, table.shape[-1]).astype(float)
    density, along, across, potential = rows[:, :4].T
    velocity, field = rows[:, 4:7], rows[:, 7:]
    known = (density >= 0.0) & (along > 0.0) & (across > 0.0)
    strength = np.linalg.norm(field, axis=1)
    lost = known & ~(strength > 0.0) & (along != across)
    if lost.any():
        raise ValueError(
            f"{int(lost.sum())} of {len(rows)} plasmas differ along and "
            "across a magnetic field that is zero or not known; give them a "
            "field, or anisotropy=1"
        )
    unit = np.divide(
        field,
        strength[:, None],
        out=np.zeros_like(field),
        where=strength[:, None] > 0.0,
    )
    along, across = (
        np.sqrt(np.where(known, one, np.nan) / mass_in_ev(mass))
        for one in (along, across)
    )
    top = peak(density, along, across, kappa)
    populations = np.column_stack([top, velocity, along, across, unit])
    seen = average(
        grid, populations, potential, mass=mass, charge=charge, kappa=kappa
    )
    return seen.reshape(*lead, *grid.shape)
