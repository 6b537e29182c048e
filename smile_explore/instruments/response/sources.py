"""Bright point sources of the sky in the field of view."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments._pixels import pixel_size
from smile_explore.instruments.response import detector, fold

__all__ = ["power_law", "rate_map"]


def power_law(
    *,
    fov_lon: float,
    fov_lat: float,
    norm: float,
    slope: float = 2.0,
) -> xr.DataArray:
    """Give photons of a source with a power law, such as the Crab nebula.

    Parameters
    ----------
    fov_lon, fov_lat : float
        Where it is, as `camera.project` finds it. [deg]
    norm : float
        Photons at 1 keV. [cm-2 s-1 keV-1]
    slope : float
        Photon index.

    Returns
    -------
    source : xarray.DataArray
        Photons by photon_energy, 0.1-5 keV, in bins of 0.02 keV, with its
        place as coordinates; join several with ``xr.concat(..., "source")``.
        [cm-2 s-1]

    Notes
    -----
    Absorption between the stars is not in it; multiply by the transmission.
    """
    step = 0.02
    energy = np.arange(0.11, 5.0, step)
    return xr.DataArray(
        norm * energy**-slope * step,
        dims="photon_energy",
        coords={
            "photon_energy": energy,
            "fov_lon": fov_lon,
            "fov_lat": fov_lat,
        },
        attrs={"units": "cm-2 s-1"},
        name="source",
    )


def rate_map(
    image: xr.Dataset,
    response: xr.Dataset,
    sources: xr.DataArray,
    *,
    band: tuple[float, float],
) -> xr.DataArray:
    """Put the counts of sources into their pixels, before the spot.

    Parameters
    ----------
    image : xarray.Dataset
        Its pixels; sources outside them are left out.
    response : xarray.Dataset (RESPONSE)
    sources : xarray.DataArray
        As `power_law` makes one; further dimensions are more sources.
        [cm-2 s-1]
    band : (float, float)
        Measured energies. [keV]

    Returns
    -------
    rate : xarray.DataArray
        (fov_lat, fov_lon). [s-1]

    Raises
    ------
    ValueError
        If the sources do not say where they are.
    """
    lacking = [n for n in ("fov_lon", "fov_lat") if n not in sources.coords]
    if lacking:
        raise ValueError(
            f"sources need the coordinates {', '.join(lacking)} [deg]; see "
            "camera.project"
        )
    photons, energy = fold.photons_of(sources)
    rate = np.ravel(fold.in_band(response, photons, energy, band=band))
    lit = detector.vignetting_at(image, response["vignetting"])
    size = pixel_size(image)
    seen = np.zeros(lit.shape)
    one = sources.isel(photon_energy=0)
    place = []
    for name in ("fov_lat", "fov_lon"):
        # a place that several sources share is given once
        at = sources[name].broadcast_like(one).transpose(*one.dims)
        offset = (at.values.ravel() - float(image[name][0])) / size[name]
        place.append(np.rint(offset).astype(int))
    inside = np.all(
        [(p >= 0) & (p < n) for p, n in zip(place, seen.shape, strict=True)],
        axis=0,
    )
    row, column = place[0][inside], place[1][inside]
    np.add.at(seen, (row, column), rate[inside])
    return lit.copy(data=seen * lit.values)
