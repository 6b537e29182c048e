"""Distributions of ions in energy and direction, and their moments.

Models are functions of the velocity; `moments` reads any VDF, simulated or
measured, in memory or lazy.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.constants import PROTON_MASS
from smile_explore.physics import flux_units
from smile_explore.physics._estimates import FIELDS, WIDTH, Setup, block
from smile_explore.physics._ion_models import bi_maxwellian, kappa
from smile_explore.physics._vdf_grid import (
    BINS,
    check_vdf,
    grid_of,
    mask_of,
    scale_of,
)
from smile_explore.schema import COMPONENTS, MOMENTS, SPECTRUM

__all__ = [
    "ESTIMATES",
    "bi_maxwellian",
    "directions",
    "field_aligned",
    "kappa",
    "moments",
    "spectrum",
    "within",
]

#: Estimates that `moments` can give.
ESTIMATES = ("plain", "corrected", "fit")


def directions(vdf: xr.Dataset) -> xr.DataArray:
    """Return unit vectors of the velocity at the middle of each bin.

    Parameters
    ----------
    vdf : xarray.Dataset
        With the axes `elevation` and `azimuth`. [deg]
    """
    up, turn = (
        xr.DataArray(np.radians(vdf[name]))
        for name in ("elevation", "azimuth")
    )
    parts = [
        np.cos(up) * np.cos(turn),
        np.cos(up) * np.sin(turn),
        np.sin(up) * xr.ones_like(turn),
    ]
    components = xr.DataArray(list(COMPONENTS), dims="component")
    joined = xr.concat([xr.DataArray(part) for part in parts], "component")
    return joined.assign_coords(component=components).transpose(
        ..., "component"
    )


def spectrum(vdf: xr.Dataset) -> xr.Dataset:
    """Energy flux against energy, the mean over all directions measured.

    Each direction counts by its solid angle.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
        Taken for protons.

    Returns
    -------
    spectrum : xarray.Dataset (SPECTRUM)
        NaN where no direction was measured.

    Raises
    ------
    ValueError
        If `vdf` is no VDF in s3 m-6.
    """
    check_vdf(vdf)
    grid = grid_of(vdf)
    width = np.diff(grid.azimuth, axis=-1)[:, 0]
    solid = np.diff(np.sin(grid.elevation), axis=-1)
    weights = np.broadcast_to(solid * width, grid.shape).copy()
    measured = mask_of(vdf)
    if measured is not None:
        shape = measured.shape + (1,) * (3 - measured.ndim)
        weights[~np.broadcast_to(measured.reshape(shape), grid.shape)] = 0.0
    data = vdf["vdf"]
    if data.chunks is not None:
        data = data.chunk(dict.fromkeys(BINS, -1))
    mean = xr.apply_ufunc(
        _mean,
        data,
        kwargs={"weights": weights},
        input_core_dims=[BINS],
        output_core_dims=[["energy"]],
        dask="parallelized",
        output_dtypes=[float],
        keep_attrs=True,
    ).rename("energy_flux")
    mean = mean.assign_coords(energy=vdf["energy"])
    flux = flux_units.convert(mean, to="eV cm-2 s-1 sr-1 eV-1")
    found = vdf[["energy_low", "energy_high"]].assign(energy_flux=flux)
    found.attrs = dict(vdf.attrs)
    return SPECTRUM.stamp(found)


def _mean(data: np.ndarray, *, weights: np.ndarray) -> np.ndarray:
    """Mean over directions, one distribution at a time to stay small."""
    means = np.empty(data.shape[:-2])
    for place in np.ndindex(data.shape[:-3]):
        known = np.isfinite(data[place])
        total = np.where(known, data[place] * weights, 0.0).sum(axis=(1, 2))
        share = np.where(known, weights, 0.0).sum(axis=(1, 2))
        means[place] = np.divide(
            total, share, out=np.full_like(total, np.nan), where=share > 0.0
        )
    return means


def within(
    vdf: xr.Dataset,
    *,
    energy: tuple[float, float] = (0.0, np.inf),
    elevation: tuple[float, float] = (-90.0, 90.0),
    azimuth: tuple[float, float] = (0.0, 360.0),
) -> xr.Dataset:
    """Keep the bins whose middle lies in a box, for its partial moments.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
    energy : (float, float)
        [eV]
    elevation, azimuth : (float, float)
        [deg]; an azimuth from 350 to 10 passes through zero.

    Returns
    -------
    vdf : xarray.Dataset (VDF)

    Raises
    ------
    ValueError
        If no bin lies in the box.
    """
    first, last = azimuth
    turn = vdf["azimuth"]
    inside = {
        "energy": (vdf["energy"] >= energy[0]) & (vdf["energy"] <= energy[1]),
        "elevation": (vdf["elevation"] >= elevation[0])
        & (vdf["elevation"] <= elevation[1]),
        "azimuth": (turn >= first) & (turn <= last)
        if first <= last
        else (turn >= first) | (turn <= last),
    }
    for name, keep in inside.items():
        if not keep.any():
            box = {"energy": energy, "elevation": elevation}.get(name, azimuth)
            raise ValueError(
                f"no bin has its {name} between {box[0]:g} and {box[1]:g}; "
                f"those there are run from {float(vdf[name][0]):g} to "
                f"{float(vdf[name][-1]):g}"
            )
    return vdf.isel({name: keep.values for name, keep in inside.items()})


def moments(
    vdf: xr.Dataset,
    *,
    mass: float = PROTON_MASS,
    charge: int = 1,
    estimates: tuple[str, ...] = ESTIMATES,
    lowest: float | xr.DataArray = 0.0,
    highest: float | xr.DataArray = np.inf,
) -> xr.Dataset:
    """Density, velocity, temperature and heat flux of distributions.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
        Energies are per charge. With `spacecraft_potential`, energies far
        from the spacecraft are taken; with `one_count`, uncertainties are
        given, from `counts` if there are any. NaN is a bin not measured.
    mass : float
        Of the ions. [kg]
    charge : int
        Of the ions, in elementary charges.
    estimates : tuple of str
        Some of `ESTIMATES`; `fit` costs most.
    lowest, highest : float or xarray.DataArray
        Energies per charge outside are left out, may vary in time. [eV]

    Returns
    -------
    moments : xarray.Dataset (MOMENTS)
        Along the dimension `estimate`:

        - ``plain``: exact integrals of directions over each bin, as pyspedas
          and the IDL SPEDAS do. Bins wider than a cold beam make it hot.
        - ``corrected``: directions at the middle of each bin, and the
          variance within bins taken out of the temperature.
        - ``fit``: a drifting Maxwellian, averaged over each bin, by Poisson
          likelihood; isotropic, and NaN where it does not converge.

        Each with its counting uncertainty [2]_, from all covariances of the
        sums, without that of the corrections, and flags of validity.

    Raises
    ------
    ValueError
        If `vdf` is no VDF in s3 m-6, its axes do not increase, or an
        estimate, mass or charge is not known.

    Notes
    -----
    Moments are of float64 sums over the data as they are. ``*_valid`` is
    False where more than 5 % of density or pressure may lie outside the
    energies, where bins add more than 10 % to the plain temperature, or
    where the thermal angle sqrt(T / m) / V is below 0.45 of a bin (0.25 for
    the velocity). The heat flux takes the middle of each bin for all.

    References
    ----------
    .. [1] Paschmann, Fazakerley and Schwartz (1998), ISSI SR-001, ch. 6.
    .. [2] Gershman et al. (2015), https://doi.org/10.1002/2014JA020775.
    """
    check_vdf(vdf)
    _check(estimates, mass, charge)
    grid = grid_of(vdf)
    setup = Setup(
        grid=grid,
        measured=mask_of(vdf),
        one_count=scale_of(vdf, grid),
        calibrated="one_count" in vdf,
        mass=mass,
        charge=charge,
        estimates=tuple(estimates),
    )
    return _unpack(_apply(vdf, lowest, highest, setup), vdf, setup)


def _apply(
    vdf: xr.Dataset,
    lowest: float | xr.DataArray,
    highest: float | xr.DataArray,
    setup: Setup,
) -> xr.DataArray:
    """Rows of `FIELDS` for every distribution, block by block if lazy."""
    single = [
        vdf.get("spacecraft_potential", 0.0),
        vdf.get("background", 0.0),
        lowest,
        highest,
    ]
    bins = [vdf[name] for name in ("vdf", "counts") if name in vdf]
    bins = [
        one.chunk(dict.fromkeys(BINS, -1)) if one.chunks is not None else one
        for one in bins
    ]
    return xr.apply_ufunc(
        block,
        bins[0],
        *single,
        *bins[1:],
        kwargs={"setup": setup},
        input_core_dims=[BINS, *[[]] * len(single), *[BINS] * len(bins[1:])],
        output_core_dims=[["estimate", "row"]],
        dask="parallelized",
        output_dtypes=[float],
        dask_gufunc_kwargs={
            "output_sizes": {"estimate": len(setup.estimates), "row": WIDTH}
        },
    )


def _unpack(rows: xr.DataArray, vdf: xr.Dataset, setup: Setup) -> xr.Dataset:
    """Give each number its name, dimensions and unit.

    All at once: one by one they would cost more than the sums did.
    """
    frame = vdf["vdf"].attrs.get("frame", "unknown")
    lead, values, start = rows.dims[:-1], rows.data, 0
    found: dict[str, xr.Variable] = {}
    for name, shape in FIELDS.items():
        meaning = MOMENTS.variables[name]
        part = values[..., start : start + int(np.prod(shape))]
        start += part.shape[-1]
        part = part.reshape(*part.shape[:-1], *shape)
        attrs = {"units": meaning.units, "long_name": meaning.long_name}
        if meaning.dims:
            attrs["frame"] = frame
        if name.endswith("_valid"):
            part = part > 0.0
        found[name] = xr.Variable(lead + meaning.dims, part, attrs)
    coords = {name: rows.coords[name] for name in rows.coords} | {
        "estimate": list(setup.estimates),
        "component": list(COMPONENTS),
        "with_component": list(COMPONENTS),
    }
    ions = {"mass": setup.mass, "charge": setup.charge}
    about = {**vdf.attrs, **ions, "schema": MOMENTS.name}
    return xr.Dataset(found, coords, about)


def field_aligned(
    moments: xr.Dataset, magnetic_field: xr.DataArray
) -> xr.Dataset:
    """Temperatures along and across the magnetic field.

    Parameters
    ----------
    moments : xarray.Dataset (MOMENTS)
        With `temperature_tensor`.
    magnetic_field : xarray.DataArray
        By component, in the frame of the tensor. [nT]

    Returns
    -------
    temperatures : xarray.Dataset
        `temperature_parallel` and `temperature_perpendicular` [eV], the
        latter the mean of both directions; NaN where there is no field.
    """
    MOMENTS.check(moments)
    tensor = moments["temperature_tensor"]
    strength = xr.DataArray(np.sqrt((magnetic_field**2).sum("component")))
    unit = magnetic_field / strength.where(strength > 0.0)
    other = unit.rename(component="with_component")
    along = (tensor * unit * other).sum(
        ["component", "with_component"], skipna=False
    )
    trace = 3.0 * moments["temperature"]
    found = xr.Dataset(
        {
            "temperature_parallel": along,
            "temperature_perpendicular": (trace - along) / 2.0,
        }
    )
    for name in found:
        found[name].attrs = {
            "units": "eV",
            "long_name": str(name).replace("_", " "),
        }
    return found


def _check(estimates: tuple[str, ...], mass: float, charge: int) -> None:
    unknown = [name for name in estimates if name not in ESTIMATES]
    if unknown or not estimates:
        raise ValueError(
            f"estimates must be some of {', '.join(ESTIMATES)}, got "
            f"{', '.join(unknown) or 'none'}"
        )
    if not mass > 0.0:
        raise ValueError(f"mass must be positive, got {mass:g} kg")
    if not charge > 0:
        raise ValueError(f"charge must be positive, got {charge}")
