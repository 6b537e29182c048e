"""All tables in one response, and each of them replaced by another."""

from __future__ import annotations

import functools

import numpy as np
import xarray as xr

from smile_explore.instruments.response import (
    area,
    background,
    detector,
    fold,
    psf,
    redistribution,
)
from smile_explore.schema import RESPONSE

__all__ = ["FILTER_THICKNESS", "assumed", "replace"]

#: **Assumed**: aluminium of the optical filter. [nm]
FILTER_THICKNESS = 70.0
#: Bins of the photon energy and channels. [keV]
_ENERGY_EDGES = np.linspace(0.1, 5.0, 491)
_CHANNEL_EDGES = np.linspace(0.0, 5.4, 541)
#: What an area by energy is the product of.
_AREAS = ("optic_area", "quantum_efficiency", "filter_transmission")


def assumed(
    *,
    field: tuple[float, float] = (27.0, 16.0),
    gap: float = detector.GAP,
    peak_area: float = area.PEAK_AREA,
    filter_thickness: float = FILTER_THICKNESS,
    resolution: float = redistribution.RESOLUTION,
    psf_width: float = psf.WIDTH,
    arm_share: float = 0.0,
    edge_area: float = 1.0,
    particle_rate: float = background.PARTICLE_RATE,
    sky: xr.DataArray | None = None,
) -> xr.Dataset:
    """Response of SXI: published numbers, and named assumptions.

    Parameters
    ----------
    field : (float, float)
        What the CCDs cover; `detector.FLIGHT_FIELD` for the flight model.
        [deg]
    gap : float
        Between the two CCDs, assumed. [deg]
    peak_area : float
        Of the optic. [cm2]
    filter_thickness : float
        Of aluminium, assumed. [nm]
    resolution : float
        Full width at half maximum at 0.5 keV. [keV]
    psf_width : float
        Full width at half maximum of the spot. [deg]
    arm_share : float
        Of the photons in the cross of the lobster eye; 0 for none.
    edge_area : float
        Share of the area at the edge of the field, assumed.
    particle_rate : float
        Assumed. [s-1 cm-2 keV-1]
    sky : xarray.DataArray, optional
        `background.sky()` unless given.

    Returns
    -------
    response : xarray.Dataset (RESPONSE)
        These settings are in its attributes; each variable may be replaced.
    """
    sky = background.sky() if sky is None else sky
    energy = (_ENERGY_EDGES[1:] + _ENERGY_EDGES[:-1]) / 2.0
    tables = {
        "optic_area": area.optic_area(energy, peak=peak_area),
        "quantum_efficiency": area.quantum_efficiency(energy),
        "filter_transmission": area.aluminium_transmission(
            energy, thickness=filter_thickness
        ),
        "energy_low": _ENERGY_EDGES[:-1],
        "energy_high": _ENERGY_EDGES[1:],
    }
    channel = {
        "channel_low": _CHANNEL_EDGES[:-1],
        "channel_high": _CHANNEL_EDGES[1:],
        "particles": particle_rate * np.diff(_CHANNEL_EDGES),
    }
    response = xr.Dataset(
        {name: ("photon_energy", table) for name, table in tables.items()}
        | {name: ("channel", table) for name, table in channel.items()}
        | {
            "redistribution": (
                ("photon_energy", "channel"),
                _matrix(resolution).copy(),
            ),
            "psf": psf.spot(width=psf_width, arm_share=arm_share),
            "vignetting": detector.vignetting(field=field, edge=edge_area),
            "chips": detector.chips(field=field, gap=gap),
            "sky": sky,
        },
        coords={
            "photon_energy": energy,
            # from 0, which is right even where a reader ignores TLMIN
            "channel": np.arange(_CHANNEL_EDGES.size - 1),
        },
    )
    response.attrs = {
        "telescope": "SMILE",
        "instrument": "SXI",
        "origin": "smile_explore: published numbers and assumptions",
        "focal_length": detector.FOCAL_LENGTH,
        "frame_time": detector.FRAME_TIME,
        "pile_up_cell": detector.PILE_UP_CELL,
        "peak_area": peak_area,
        "psf_width": psf_width,
        "gap": gap,
        "edge_area": edge_area,
        "filter_thickness": filter_thickness,
        "resolution": resolution,
        "arm_share": arm_share,
        "particle_rate": particle_rate,
        "assumed": "fall of the optic's area with energy, flat quantum "
        "efficiency, filter, spot shape, cross, gap, vignetting, pile-up "
        "cell, particle rate, heliospheric share",
    }
    return RESPONSE.stamp(response)


def replace(response: xr.Dataset, *tables: xr.Dataset) -> xr.Dataset:
    """Put other tables in the place of a response's own.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)
    *tables : xarray.Dataset
        Each with some of the variables of RESPONSE, as the readers of ARF,
        RMF and PSF files return them. One by energy that has the edges of
        its bins may have energies of its own, others have the response's.

    Returns
    -------
    response : xarray.Dataset (RESPONSE)
        On the energies of the redistribution that is given, else of the
        response; areas are interpolated to them.

    Raises
    ------
    ValueError
        If a table is of nothing known, negative, NaN, does not cover the
        band of SXI, or rows of the redistribution sum to more than 1.

    Notes
    -----
    An area that ends before the energies of the response do is zero from
    there on: no photon is counted that it does not vouch for.
    """
    for given in tables:
        _refuse_unknown(given)
        if "redistribution" in given:
            response = _on_energies(response, given)
    for given in tables:
        if "energy_low" in given and set(_AREAS) & set(given):
            _refuse_narrow(given)
            given = _interpolated(given, response)
        elif "redistribution" in given:
            continue
        dropped = {dim for name in given for dim in response[name].dims}
        response = response.drop_vars(list(given.data_vars)).drop_vars(
            dropped & set(given.indexes), errors="ignore"
        )
        response = response.merge(given, join="exact")
    origins = [t.attrs["origin"] for t in tables if "origin" in t.attrs]
    origin = ", ".join([response.attrs.get("origin", ""), *origins])
    return RESPONSE.stamp(response.assign_attrs(origin=origin))


@functools.lru_cache(maxsize=4)
def _matrix(resolution: float) -> np.ndarray:
    energy = (_ENERGY_EDGES[1:] + _ENERGY_EDGES[:-1]) / 2.0
    width = redistribution.energy_resolution(energy, resolution=resolution)
    return redistribution.gaussian_matrix(energy, _CHANNEL_EDGES, width)


def _on_energies(response: xr.Dataset, given: xr.Dataset) -> xr.Dataset:
    """Move the response to the energies and channels of a matrix."""
    rows = given["redistribution"].sum("channel")
    if float(rows.max()) > 1.001:
        raise ValueError(
            "rows of the redistribution must sum to at most 1, got "
            f"{float(rows.max()):.4g}; a matrix that holds the effective "
            "area too must be divided by it first"
        )
    _refuse_narrow(given)
    fold.channels_in(given, fold.BAND)
    width = response["channel_high"] - response["channel_low"]
    density = (response["particles"] / width).values
    middle = (response["channel_low"] + response["channel_high"]) / 2.0
    new = (given["channel_low"] + given["channel_high"]) / 2.0
    particles = np.interp(new, middle, density) * (
        given["channel_high"] - given["channel_low"]
    )
    areas = response[list(_AREAS)]
    kept = response.drop_dims(["photon_energy", "channel"])
    return kept.merge(
        given.assign(particles=particles).drop_attrs(deep=False)
    ).merge(
        _interpolated(
            areas.assign(
                energy_low=response["energy_low"],
                energy_high=response["energy_high"],
            ),
            given,
        )
    )


def _interpolated(given: xr.Dataset, onto: xr.Dataset) -> xr.Dataset:
    """Areas on the energies of another table; zero where unknown."""
    wanted = onto["photon_energy"].values
    known = given["photon_energy"].values
    covered = (wanted >= float(given["energy_low"].min())) & (
        wanted <= float(given["energy_high"].max())
    )
    moved = {
        name: (
            "photon_energy",
            np.where(covered, np.interp(wanted, known, given[name]), 0.0),
        )
        for name in _AREAS
        if name in given
    }
    return xr.Dataset(moved, coords={"photon_energy": wanted})


def _refuse_unknown(given: xr.Dataset) -> None:
    unknown = [name for name in given if name not in RESPONSE.variables]
    if unknown:
        raise ValueError(
            f"a response has no table {', '.join(map(str, unknown))}; it has "
            f"{', '.join(RESPONSE.variables)}"
        )
    for name, table in given.data_vars.items():
        signed = name in ("chips", "channel_low")
        if not np.isfinite(table).all() or (not signed and (table < 0).any()):
            raise ValueError(
                f"the table {name} must not be negative or NaN, got "
                f"{float(table.min()):g} to {float(table.max()):g}"
            )


def _refuse_narrow(given: xr.Dataset) -> None:
    """Refuse tables by energy that do not cover the band of SXI."""
    first = float(given["energy_low"].min())
    last = float(given["energy_high"].max())
    if first > fold.BAND[0] + 1e-6 or last < fold.BAND[1] - 1e-6:
        raise ValueError(
            f"the table covers {first:.3g}-{last:.3g} keV, not all of the "
            f"band {fold.BAND[0]:g}-{fold.BAND[1]:g} keV; give one that does"
        )
