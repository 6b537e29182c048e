"""Charge exchange line by line: which ion of the solar wind shines where.

`charge_exchange` sums all ions into one efficiency. Here the light is divided
among the lines of C, N, O and Ne: `spectrum` turns an intensity into photons
by line, `efficiency` gives the sum that `charge_exchange.emissivity` wants,
`by_speed` both for a wind that changes, and `ion_abundance.estimate` finds
how bright each ion is from counts in energy bands. What the wind is made of
stands in `ion_composition`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.physics.ion_composition import (
    FAST,
    OXYGEN,
    SLOW,
    SPEED_LIMIT,
    Composition,
    composition,
)

__all__ = [
    "FAST",
    "OXYGEN",
    "SLOW",
    "SPEED_LIMIT",
    "Composition",
    "by_speed",
    "composition",
    "efficiency",
    "ion_spectra",
    "line_table",
    "spectrum",
]


def line_table(wind: Composition = SLOW) -> xr.Dataset:
    """List the lines of a composition by energy.

    Parameters
    ----------
    wind : Composition, optional

    Returns
    -------
    lines : xarray.Dataset
        Along `photon_energy` [keV], with the names as `line` and `ion`:
        `production`, ions per proton times cross section [cm2], and `share`
        of the photons.
    """
    found: list[tuple[float, str, str, float]] = []
    for ion, relative in {"O7+": 1.0, **wind.relative}.items():
        own = [
            line
            for line in (*wind.oxygen_lines, *wind.lines)
            if line.ion == ion
        ]
        whole = sum(line.photons for line in own)
        found += [
            (line.energy, line.name, ion, relative * line.photons / whole)
            for line in own
        ]
    energy, name, ions, photons = zip(*sorted(found), strict=True)
    section = sum(line.photons for line in wind.oxygen_lines)
    production = np.array(photons) * wind.oxygen * section
    axis = ("photon_energy", list(energy), {"units": "keV"})
    return xr.Dataset(
        {
            "production": (
                "photon_energy",
                production,
                {"units": "cm2", "long_name": "ions per proton x section"},
            ),
            "share": (
                "photon_energy",
                production / production.sum(),
                {"units": "1", "long_name": "share of the photons"},
            ),
        },
        {
            "photon_energy": axis,
            "line": ("photon_energy", list(name)),
            "ion": ("photon_energy", list(ions)),
        },
        {"composition": wind.name, "oxygen": wind.oxygen},
    )


def efficiency(wind: Composition = SLOW) -> float:
    """Energy times cross section of all lines per proton.

    Parameters
    ----------
    wind : Composition, optional

    Returns
    -------
    efficiency : float
        For ``charge_exchange.emissivity(efficiency=...)``. [eV cm2]

    Notes
    -----
    The lines left out (see `_ion_lines`) make it a lower bound.
    """
    lines = line_table(wind)
    return float((lines["production"] * lines["photon_energy"]).sum()) * 1e3


def spectrum(intensity: Any, wind: Composition = SLOW) -> xr.DataArray:
    """Divide an intensity among the lines of a composition.

    Parameters
    ----------
    intensity : xarray.DataArray or float
        Energy intensity, e.g. of each pixel. [keV cm-2 s-1 sr-1]
    wind : Composition, optional

    Returns
    -------
    spectrum : xarray.DataArray
        Photons by line, with `photon_energy` last. Times `photon_energy` and
        summed it is `intensity`. [cm-2 s-1 sr-1]

    Raises
    ------
    ValueError
        If `intensity` says that it is in another unit.

    Notes
    -----
    Composition and cross sections are taken as constant along a line of
    sight. Fluxes of one line from a cube: ``charge_exchange.emissivity`` with
    the efficiency of that line.
    """
    units = getattr(intensity, "attrs", {}).get("units", "keV cm-2 s-1 sr-1")
    if units != "keV cm-2 s-1 sr-1":
        raise ValueError(
            f"intensity must be in keV cm-2 s-1 sr-1, got {units}"
        )
    share = line_table(wind)["share"]
    mean = float((share * share["photon_energy"]).sum())
    photons = (intensity * (share / mean)).rename("spectrum")
    photons.attrs = {
        "units": "cm-2 s-1 sr-1",
        "long_name": "photons by line",
        "composition": wind.name,
    }
    return photons.transpose(..., "photon_energy")


def ion_spectra(wind: Composition = SLOW) -> xr.DataArray:
    """Spectrum of each ion alone, to be folded with a response.

    Parameters
    ----------
    wind : Composition, optional

    Returns
    -------
    spectra : xarray.DataArray
        (ion, photon_energy): photons of each line per photon of its ion.
    """
    lines = line_table(wind)
    ions = list(dict.fromkeys(lines["ion"].values.tolist()))
    own = np.array([lines["ion"].values == ion for ion in ions])
    photons = own * lines["share"].values
    return xr.DataArray(
        photons / photons.sum(axis=1, keepdims=True),
        {"ion": ions, "photon_energy": lines["photon_energy"].values},
        attrs={"units": "1", "composition": wind.name},
    )


def by_speed(
    speed: xr.DataArray,
    *,
    wind: Callable[[float], Composition] = composition,
) -> xr.Dataset:
    """Light of a solar wind whose composition changes with its speed.

    Parameters
    ----------
    speed : xarray.DataArray
        Of the solar wind that fills the magnetosheath, along `time`; how
        long it takes from where it was measured is the caller's to add.
        [km s-1]
    wind : callable, optional
        Composition at a speed; another law, or one measured, in its place.

    Returns
    -------
    light : xarray.Dataset
        Along `time`: `efficiency` [eV cm2] for `charge_exchange.emissivity`,
        `spectrum`, photons of each line per photon, for the instrument, and
        the name of the `composition`.

    Raises
    ------
    ValueError
        If the speed has another dimension than `time`, or as `wind` does.
    """
    if speed.dims != ("time",):
        raise ValueError(
            f"speed must be a series along time, got {speed.dims}"
        )
    winds = [wind(value) for value in speed.values.tolist()]
    shares = [line_table(one)["share"].drop_vars("line") for one in winds]
    lines = xr.concat(shares, speed["time"], join="outer", fill_value=0.0)
    light = xr.Dataset(
        {
            "efficiency": ("time", [efficiency(one) for one in winds]),
            "spectrum": lines,
            "composition": ("time", [one.name for one in winds]),
        }
    ).drop_vars("ion", errors="ignore")
    light["efficiency"].attrs = {
        "units": "eV cm2",
        "long_name": "energy times cross section per proton",
    }
    light["spectrum"].attrs = {
        "units": "1",
        "long_name": "photons by line",
        "composition": ", ".join(dict.fromkeys(one.name for one in winds)),
    }
    return light
