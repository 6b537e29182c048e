"""Photons in, counts in channels out: the response folded with a spectrum.

A spectrum is an ``xarray.DataArray`` along `photon_energy` [keV]: relative
numbers of photons of each energy, lines or narrow bins.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.schema import RESPONSE

__all__ = [
    "BAND",
    "CHARGE_EXCHANGE_LINES",
    "area_at",
    "channel_counts",
    "channels_in",
    "charge_exchange_spectrum",
    "counts_per_intensity",
    "effective_area",
    "in_band",
    "in_channels",
]

#: Band of SXI (Branduardi-Raymont et al. 2022), as measured. [keV]
BAND = (0.2, 2.5)
#: **Assumed**: share of the charge exchange photons by line [keV], slow
#: solar wind: C V, C VI, N VI, C VI, N VII, O VII, O VIII, O VIII, Ne IX.
#: Their mean is 0.5 keV, as `sxi.PHOTON_ENERGY`.
CHARGE_EXCHANGE_LINES = {
    0.299: 0.06,
    0.3675: 0.22,
    0.420: 0.08,
    0.459: 0.07,
    0.500: 0.07,
    0.5685: 0.35,
    0.6536: 0.12,
    0.775: 0.01,
    0.915: 0.02,
}


def charge_exchange_spectrum(
    lines: dict[float, float] | None = None,
) -> xr.DataArray:
    """Spectrum of charge exchange: lines by energy.

    Parameters
    ----------
    lines : dict, optional
        Energy [keV] and share of the photons; `CHARGE_EXCHANGE_LINES` unless
        given.

    Returns
    -------
    spectrum : xarray.DataArray
        Along photon_energy [keV].
    """
    lines = dict(sorted((lines or CHARGE_EXCHANGE_LINES).items()))
    return xr.DataArray(
        list(lines.values()),
        dims="photon_energy",
        coords={"photon_energy": list(lines)},
        name="spectrum",
    )


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
) -> float:
    """Give the counts that a unit of energy on a unit of area makes.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)
    spectrum : xarray.DataArray, optional
        Relative numbers of photons along photon_energy; the assumed lines
        of charge exchange unless given.
    band : (float, float)
        Measured energies that are counted. [keV]

    Returns
    -------
    factor : float
        sum(n A R) / sum(n E): counts = intensity x solid angle x exposure x
        factor. [cm2 keV-1]
    """
    spectrum = charge_exchange_spectrum() if spectrum is None else spectrum
    photons, energy = _photons(spectrum)
    counted = in_band(response, photons, energy, band=band)
    return counted / float((photons * energy).sum())


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
    values, energy = _photons(photons)
    counts = in_channels(response, values, energy)
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
        name="channel_counts",
    )


def in_channels(
    response: xr.Dataset, photons: np.ndarray, energy: np.ndarray
) -> np.ndarray:
    """Count photons (..., energy) of a unit of area in each channel."""
    area = area_at(response, energy)
    matrix = response["redistribution"].transpose("photon_energy", "channel")
    return np.asarray(
        (photons * area) @ matrix.values[_rows(response, energy)]
    )


def in_band(
    response: xr.Dataset,
    photons: np.ndarray,
    energy: np.ndarray,
    *,
    band: tuple[float, float],
) -> float:
    """Count photons of a unit of area whose measured energy is in a band."""
    inside = channels_in(response, band)
    matrix = response["redistribution"].transpose("photon_energy", "channel")
    # added up before rows are chosen: a tenth of the work for a long list
    share = np.einsum("ec,c->e", matrix.values, inside.astype(float))
    row = _rows(response, energy)
    return float((photons * area_at(response, energy) * share[row]).sum())


def _rows(response: xr.Dataset, energy: np.ndarray) -> np.ndarray:
    """Find the bins of the response that hold some energies."""
    edges = np.append(
        response["energy_low"].values, response["energy_high"].values[-1]
    )
    row = np.searchsorted(edges, energy, side="right") - 1
    return row.clip(0, response.sizes["photon_energy"] - 1)


def _photons(spectrum: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers with photon_energy last, and the energies."""
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
