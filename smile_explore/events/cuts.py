"""What is shown of a cube: two planes, its own nose, and model boundaries."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.physics import boundaries
from smile_explore.physics import solar_wind as wind
from smile_explore.retrieval import magnetopause

__all__ = ["model_boundaries", "planes", "surfaces", "truth"]

#: Angles from +X at which model boundaries are drawn. [deg]
_THETA = np.arange(-130.0, 131.0, 2.0)


def planes(cube: xr.Dataset, emissivity: xr.DataArray) -> xr.Dataset:
    """Return the planes y = 0 and z = 0 of density and emissivity."""
    cut = {
        f"{name}_{plane}": _plane(field, across)
        for name, field in (
            ("density", cube.density),
            ("emissivity", emissivity),
        )
        for plane, across in (("noon", "y"), ("equator", "z"))
    }
    cuts = xr.Dataset(cut, attrs=cube.attrs)
    return cuts.transpose("time", "z", "y", "x")


def _plane(field: xr.DataArray, across: str) -> xr.DataArray:
    """Interpolate linearly to the plane where the axis `across` is zero."""
    axis = field[across].values
    upper = int(np.searchsorted(axis, 0.0))
    lower = max(upper - 1, 0)
    span = axis[upper] - axis[lower]
    weight = -axis[lower] / span if span else 0.0
    below = field.isel({across: lower}, drop=True)
    above = field.isel({across: upper}, drop=True)
    return (1.0 - weight) * below + weight * above


def truth(cube: xr.Dataset) -> xr.Dataset:
    """Return where the nose is in the cube itself, by each definition."""
    names = ("last_closed", "density_gradient", "fluopause")
    found = magnetopause.truth_by(names, cube)
    found = found.rename({name: name.replace("_", " ") for name in names})
    return xr.Dataset({"exact": cube.exact_standoff, **found})


def model_boundaries(driver: xr.Dataset) -> xr.Dataset:
    """Return model boundaries in both planes, and the wind they follow."""
    theta = xr.DataArray(_THETA, dims="theta", coords={"theta": _THETA})
    # Above the plane's other axis, and below it. [deg]
    model = xr.Dataset(
        {
            "boundary_noon": _surfaces(driver, theta, 90.0, -90.0),
            "boundary_equator": _surfaces(driver, theta, 0.0, 180.0),
        }
    )
    names = ["dynamic_pressure", "magnetic_field", "dipole_tilt"]
    return model.assign({name: driver[name] for name in names})


def _surfaces(
    driver: xr.Dataset, theta: xr.DataArray, above: float, below: float
) -> xr.DataArray:
    phi = xr.where(theta >= 0, above, below)
    radii = surfaces(driver, abs(theta), phi)
    return xr.concat(
        [
            radius.assign_coords(boundary=name)
            for name, radius in radii.items()
        ],
        "boundary",
        coords="minimal",
    )


def surfaces(
    driver: xr.Dataset, theta: xr.DataArray, phi: xr.DataArray
) -> dict[str, xr.DataArray]:
    """Return the distance of each model boundary in some directions.

    Parameters
    ----------
    driver : xarray.Dataset
        With dynamic_pressure, magnetic_field and dipole_tilt.
    theta, phi : xarray.DataArray
        From +X, and from +Y toward +Z. [deg]
    """
    pressure = driver.dynamic_pressure
    field = np.sqrt((driver.magnetic_field**2).sum("component"))
    bz = driver.magnetic_field.sel(component="z", drop=True)
    return {
        "Shue 1998": boundaries.shue_magnetopause(theta, pressure, bz),
        "Lin 2010": boundaries.lin_magnetopause(
            theta,
            phi,
            pressure,
            wind.magnetic_pressure(field),
            bz,
            dipole_tilt=driver.dipole_tilt,
        ),
        "bow shock (Jelinek 2012)": boundaries.jelinek_bow_shock(
            theta, pressure
        ),
    }
