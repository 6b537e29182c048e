"""Photons in, counts in channels out: the response folded with a spectrum.

A spectrum is an ``xarray.DataArray`` along `photon_energy` [keV]: relative
numbers of photons of each energy, lines or narrow bins.
"""

from __future__ import annotations

import functools

import numpy as np
import xarray as xr

from smile_explore.physics import ion_emission
from smile_explore.schema import RESPONSE

__all__ = [
    "BAND",
    "area_at",
    "channel_counts",
    "channels_in",
    "charge_exchange_spectrum",
    "counts_per_intensity",
    "effective_area",
    "in_band",
    "in_channels",
    "photons_of",
    "source_channels",
]

#: Band of SXI (Branduardi-Raymont et al. 2022), as measured. [keV]
BAND = (0.2, 2.5)


@functools.cache
def charge_exchange_spectrum() -> xr.DataArray:
    """Spectrum of charge exchange with slow solar wind, for the asking.

    Returns
    -------
    spectrum : xarray.DataArray
        `physics.ion_emission.spectrum` of a unit intensity; another wind or
        other lines are given as `spectrum` where this one is used.
    """
    return ion_emission.spectrum(xr.DataArray(1.0), ion_emission.SLOW)


def effective_area(response: xr.Dataset) -> xr.DataArray:
    """Area of optic, filter and CCD together, on the axis.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)

    Returns
    -------
    area : xarray.DataArray
        Along photon_energy. [cm2]
    """
    area = (
        response["optic_area"]
        * response["quantum_efficiency"]
        * response["filter_transmission"]
    )
    area.attrs = {"units": "cm2", "long_name": "effective area"}
    return area.rename("effective_area")


def area_at(response: xr.Dataset, energy: np.ndarray) -> np.ndarray:
    """Interpolate the effective area.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)
    energy : numpy.ndarray
        [keV]

    Returns
    -------
    area : numpy.ndarray
        [cm2]

    Raises
    ------
    ValueError
        If the tables do not reach an energy.
    """
    _refuse_uncovered(response, energy)
    names = ("optic_area", "quantum_efficiency", "filter_transmission")
    area = np.prod([response[name].values for name in names], axis=0)
    return np.interp(energy, response["photon_energy"].values, area)


def channels_in(response: xr.Dataset, band: tuple[float, float]) -> np.ndarray:
    """Tell which channels lie in a band, by their middle.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)
    band : (float, float)
        Measured energy. [keV]

    Returns
    -------
    inside : numpy.ndarray of bool

    Raises
    ------
    ValueError
        If the band is empty or the channels do not cover it.
    """
    low = response["channel_low"].values
    high = response["channel_high"].values
    first, last = float(low.min()), float(high.max())
    if not band[0] < band[1]:
        raise ValueError(
            f"the band must rise, got {band[0]:g}-{band[1]:g} keV"
        )
    if band[0] < first - 1e-6 or band[1] > last + 1e-6:
        raise ValueError(
            f"the channels of the response cover {first:.3g}-{last:.3g} keV, "
            f"not all of the band {band[0]:g}-{band[1]:g} keV; give a "
            "redistribution matrix that does, or a narrower band"
        )
    middle = (low + high) / 2.0
    return np.asarray((middle >= band[0]) & (middle < band[1]))


def counts_per_intensity(
    response: xr.Dataset,
    *,
    spectrum: xr.DataArray | None = None,
    band: tuple[float, float] = BAND,
) -> xr.DataArray:
    """Give the counts that a unit of energy on a unit of area makes.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)
    spectrum : xarray.DataArray, optional
        Relative numbers of photons along photon_energy, and along time
        where they change; those of charge exchange unless given.
    band : (float, float)
        Measured energies that are counted. [keV]

    Returns
    -------
    factor : xarray.DataArray
        sum(n A R) / sum(n E), for each spectrum: counts = intensity x solid
        angle x exposure x factor. [cm2 keV-1]
    """
    spectrum = charge_exchange_spectrum() if spectrum is None else spectrum
    photons, energy = photons_of(spectrum)
    counted = in_band(response, photons, energy, band=band)
    one = spectrum.isel(photon_energy=0, drop=True)
    factor = one.copy(data=counted / (photons * energy).sum(axis=-1))
    factor.attrs = {"units": "cm2 keV-1"}
    return factor.rename("counts_per_intensity")


def channel_counts(
    photons: xr.DataArray, response: xr.Dataset
) -> xr.DataArray:
    """Spectrum that the CCD measures.

    Parameters
    ----------
    photons : xarray.DataArray
        Photons of each photon_energy [keV] on a unit of area, for example
        in one pixel and one exposure; further dimensions stay. [cm-2]
    response : xarray.Dataset (RESPONSE)

    Returns
    -------
    counts : xarray.DataArray
        Along channel, with its measured energy `channel_energy`. [1]

    Raises
    ------
    ValueError
        If the response does not cover the photons, or they are negative.
    """
    RESPONSE.check(response)
    values, energy = photons_of(photons)
    counts = in_channels(response, values, energy)
    return _by_channel(counts, photons, response).rename("channel_counts")


def in_channels(
    response: xr.Dataset, photons: np.ndarray, energy: np.ndarray
) -> np.ndarray:
    """Count photons (..., energy) of a unit of area in each channel."""
    area = area_at(response, energy)
    matrix = response["redistribution"].transpose("photon_energy", "channel")
    return np.asarray(
        (photons * area) @ matrix.values[_rows(response, energy)]
    )


def source_channels(
    response: xr.Dataset, spectrum: xr.DataArray | None
) -> xr.DataArray:
    """Fold a spectrum, or that of charge exchange, into channels."""
    spectrum = charge_exchange_spectrum() if spectrum is None else spectrum
    counts = in_channels(response, *photons_of(spectrum))
    return _by_channel(counts, spectrum, response)


def _by_channel(
    counts: np.ndarray, photons: xr.DataArray, response: xr.Dataset
) -> xr.DataArray:
    """Label counts (..., channel) by channel, and by what photons have."""
    rest = [name for name in photons.dims if name != "photon_energy"]
    middle = (response["channel_low"] + response["channel_high"]) / 2.0
    return xr.DataArray(
        counts,
        dims=(*rest, "channel"),
        coords={
            **{name: photons[name] for name in rest if name in photons.coords},
            "channel": response["channel"],
            "channel_energy": middle.assign_attrs(units="keV"),
        },
        attrs={"units": "1", "long_name": "counts"},
    )


def in_band(
    response: xr.Dataset,
    photons: np.ndarray,
    energy: np.ndarray,
    *,
    band: tuple[float, float],
) -> np.ndarray:
    """Count photons (..., energy) whose measured energy is in a band."""
    inside = channels_in(response, band)
    matrix = response["redistribution"].transpose("photon_energy", "channel")
    # added up before rows are chosen: a tenth of the work for a long list
    share = np.einsum("ec,c->e", matrix.values, inside.astype(float))
    row = _rows(response, energy)
    counted = photons * area_at(response, energy) * share[row]
    return np.asarray(counted.sum(axis=-1))


def _rows(response: xr.Dataset, energy: np.ndarray) -> np.ndarray:
    """Find the bins of the response that hold some energies."""
    edges = np.append(
        response["energy_low"].values, response["energy_high"].values[-1]
    )
    row = np.searchsorted(edges, energy, side="right") - 1
    return row.clip(0, response.sizes["photon_energy"] - 1)


def photons_of(spectrum: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers with photon_energy last, and the energies.

    Raises
    ------
    ValueError
        If there is no photon_energy, no photon, or fewer than none.
    """
    if "photon_energy" not in spectrum.coords:
        raise ValueError(
            "a spectrum needs the coordinate photon_energy [keV], got the "
            f"dimensions {tuple(spectrum.dims)}"
        )
    values = spectrum.transpose(..., "photon_energy").values
    if not (np.isfinite(values).all() and (values >= 0.0).all()):
        raise ValueError(
            "a spectrum must not be negative or NaN, got "
            f"{np.nanmin(values):g} to {np.nanmax(values):g}"
        )
    if not values.any():
        raise ValueError("the spectrum has no photons; give one that has")
    return values, spectrum["photon_energy"].values.astype(float)


def _refuse_uncovered(response: xr.Dataset, energy: np.ndarray) -> None:
    first = float(response["energy_low"].min())
    last = float(response["energy_high"].max())
    low, high = float(np.min(energy)), float(np.max(energy))
    if low < first - 1e-6 or high > last + 1e-6:
        raise ValueError(
            f"the response covers photons of {first:.3g}-{last:.3g} keV, but "
            f"the spectrum has {low:.3g}-{high:.3g} keV; give tables that "
            "cover it, or cut the spectrum"
        )
