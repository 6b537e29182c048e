"""Phase space density, differential flux and energy flux of ions.

The three say the same and differ by powers of the energy, so that a wrong one
gives moments that look right: units are read from the data and never guessed.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.constants import PROTON_MASS
from smile_explore.physics._moment_kernel import mass_in_ev

__all__ = ["UNITS", "convert"]

#: What is known, as phase space density [s3 m-6] in 1 of the unit times a
#: power of (E / m), E / m in km2 s-2; for energies in eV and mass in
#: eV / (km/s)^2 a flux per eV has one more power of the mass.
_DENSITIES = {"s3 m-6": 1.0, "s3 cm-6": 1e12, "s3 km-6": 1e-18}
_FLUXES = {
    "cm-2 s-1 sr-1 eV-1": 1.0,
    "cm-2 s-1 sr-1 keV-1": 1e-3,
    "m-2 s-1 sr-1 eV-1": 1e-4,
}
_ENERGY_FLUXES = {
    "eV cm-2 s-1 sr-1 eV-1": 1.0,
    "keV cm-2 s-1 sr-1 keV-1": 1.0,
    "eV m-2 s-1 sr-1 eV-1": 1e-4,
}
UNITS = (*_DENSITIES, *_FLUXES, *_ENERGY_FLUXES)
#: Energy flux [eV cm-2 s-1 sr-1 eV-1] over f (E / m)^2.
_ENERGY_FLUX = 2e8


def convert(
    data: xr.DataArray,
    *,
    to: str,
    mass: float = PROTON_MASS,
    charge: int = 1,
) -> xr.DataArray:
    """Convert between phase space density, flux and energy flux.

    Parameters
    ----------
    data : xarray.DataArray
        With the coordinate `energy` per charge [eV] and, in
        ``attrs["units"]``, one of `UNITS`.
    to : str
        One of `UNITS`.
    mass : float
        Of the ions. [kg]
    charge : int
        Of the ions, in elementary charges.

    Returns
    -------
    converted : xarray.DataArray

    Raises
    ------
    ValueError
        If either unit is not known or `data` has no energies.

    Notes
    -----
    The energy flux is E J = 2 (E / m)^2 f, J the differential flux.

    Examples
    --------
    >>> one = xr.DataArray([1e-9], {"energy": [1000.0]}, "energy",
    ...                    attrs={"units": "s3 m-6"})
    >>> flux = convert(one, to="eV cm-2 s-1 sr-1 eV-1")
    >>> print(f"{flux.item():.4g}")
    1.835e+09
    """
    units = data.attrs.get("units", "no unit")
    for name, known in (("data", units), ("to", to)):
        if known not in UNITS:
            raise ValueError(
                f"{name} must be in one of {'; '.join(UNITS)}, got {known}"
            )
    if "energy" not in data.coords:
        raise ValueError(
            "data has no coordinate energy [eV], which the conversion needs"
        )
    energy = charge * data["energy"]
    square = _ENERGY_FLUX * (energy / mass_in_ev(mass)) ** 2
    converted = data * (_as_density(units, energy, square))
    converted = converted / _as_density(to, energy, square)
    converted.attrs = {**data.attrs, "units": to}
    return converted


def _as_density(
    units: str, energy: xr.DataArray, square: xr.DataArray
) -> xr.DataArray:
    """Phase space density [s3 m-6] of 1 in these units."""
    if units in _DENSITIES:
        return xr.full_like(energy, _DENSITIES[units], dtype=np.float64)
    if units in _FLUXES:
        return _FLUXES[units] * energy / square
    return _ENERGY_FLUXES[units] / square
