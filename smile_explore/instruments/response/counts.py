"""Expected counts of an image with the full response."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments.camera import solid_angle
from smile_explore.instruments.response import detector, fold, psf
from smile_explore.schema import RESPONSE, SXI_IMAGE

__all__ = ["background_rates", "expected"]


def expected(
    image: xr.Dataset,
    response: xr.Dataset,
    *,
    exposure: float | xr.DataArray = 300.0,
    spectrum: xr.DataArray | None = None,
    band: tuple[float, float] = fold.BAND,
) -> xr.Dataset:
    """Pass an image through optic, spot and CCDs, and add the background.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        With `intensity` on all pixels of the camera.
    response : xarray.Dataset (RESPONSE)
    exposure : float or xarray.DataArray
        Length of an exposure. [s]
    spectrum : xarray.DataArray, optional
        Relative numbers of photons along photon_energy, of the whole image;
        the assumed lines of charge exchange unless given.
    band : (float, float)
        Measured energies that are counted. [keV]

    Returns
    -------
    image : xarray.Dataset (SXI_IMAGE)
        With `expected_counts`, `expected_background` (the part of it that is
        not `intensity`) and `exposure`. NaN where a pixel lies off the CCDs.

    Raises
    ------
    ValueError
        If the exposure is not positive, or the response does not cover the
        spectrum, the sky or the band.
    """
    SXI_IMAGE.check(image)
    RESPONSE.check(response)
    if not np.min(exposure) > 0.0:
        raise ValueError(
            f"exposure must be positive, got {float(np.min(exposure)):g} s"
        )
    factor = fold.counts_per_intensity(response, spectrum=spectrum, band=band)
    sky, particles = background_rates(response, band=band)
    pixel = solid_angle(image).broadcast_like(image["fov_lon"])
    lit = pixel * detector.vignetting_at(image, response["vignetting"])
    live = detector.live_share(image, response["chips"])
    on_detector = pixel * response.attrs["focal_length"] ** 2 * particles
    background = sky * psf.blur(lit, response["psf"]) + on_detector
    share = live.where(live > 0.0) * exposure
    background = background * share
    source = psf.blur(image["intensity"] * lit, response["psf"])
    counts = source * (factor * share) + background
    counts.attrs = background.attrs = {
        "band": f"{band[0]:g}-{band[1]:g} keV",
        "counts_per_intensity": factor,
        "sky_rate": sky,
        "particle_rate": particles,
        "origin": response.attrs.get("origin", ""),
        "assumed": response.attrs.get("assumed", ""),
    }
    length = xr.DataArray(exposure).astype(float)
    return SXI_IMAGE.stamp(
        image.assign(
            expected_counts=counts,
            expected_background=background,
            exposure=length,
        )
    )


def background_rates(
    response: xr.Dataset, *, band: tuple[float, float] = fold.BAND
) -> tuple[float, float]:
    """Rates of the sky and of particles.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)
    band : (float, float)
        Measured energies. [keV]

    Returns
    -------
    sky : float
        Counts of a unit of solid angle, on the axis. [s-1 sr-1]
    particles : float
        Counts of a unit of detector. [s-1 cm-2]
    """
    inside = fold.channels_in(response, band)
    photons = response["sky"].transpose("sky_component", "sky_energy").values
    energy = response["sky_energy"].values
    sky = fold.in_band(response, photons.sum(axis=0), energy, band=band)
    return sky, float(response["particles"].values[inside].sum())
