"""Expected counts of an image with the full response."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments.camera import solid_angle
from smile_explore.instruments.response import detector, fold, psf
from smile_explore.instruments.response.sources import rate_map
from smile_explore.schema import RESPONSE, SXI_IMAGE

__all__ = [
    "background_channels",
    "background_rates",
    "expected",
    "spectrum_at",
]


def expected(
    image: xr.Dataset,
    response: xr.Dataset,
    *,
    exposure: float | xr.DataArray = 300.0,
    spectrum: xr.DataArray | None = None,
    sources: xr.DataArray | None = None,
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
        those of charge exchange with slow solar wind unless given.
    sources : xarray.DataArray, optional
        Bright points of the sky, as `sources.power_law` makes them; they
        are part of the background. [cm-2 s-1]
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
    lines = fold.charge_exchange_spectrum() if spectrum is None else spectrum
    factor = fold.counts_per_intensity(response, spectrum=lines, band=band)
    sky, particles = background_rates(response, band=band)
    pixel = solid_angle(image).broadcast_like(image["fov_lon"])
    lit = pixel * detector.vignetting_at(image, response["vignetting"])
    live = detector.live_share(image, response["chips"])
    on_detector = pixel * response.attrs["focal_length"] ** 2 * particles
    behind = sky * lit
    if sources is not None:
        behind = behind + rate_map(image, response, sources, band=band)
    share = live.where(live > 0.0) * exposure
    background = (psf.blur(behind, response["psf"]) + on_detector) * share
    source = psf.blur(image["intensity"] * lit, response["psf"])
    counts = source * (factor * share) + background
    counts.attrs = background.attrs = {
        "band": f"{band[0]:g}-{band[1]:g} keV",
        "composition": lines.attrs.get("composition", "as given"),
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
    return float(sky), float(response["particles"].values[inside].sum())


def spectrum_at(
    image: xr.Dataset,
    response: xr.Dataset,
    *,
    fov_lon: float,
    fov_lat: float,
    spectrum: xr.DataArray | None = None,
    band: tuple[float, float] = fold.BAND,
) -> xr.DataArray:
    """Give the spectrum that is expected in one pixel.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        As `expected` returns it, with or without time.
    response : xarray.Dataset (RESPONSE)
    fov_lon, fov_lat : float
        The pixel whose centre is nearest. [deg]
    spectrum : xarray.DataArray, optional
        The one the counts were expected with.
    band : (float, float)
        That of the counts. [keV]

    Returns
    -------
    counts : xarray.DataArray
        (..., part, channel): the parts are magnetosheath and background;
        summed over the band they are the counts of the pixel.

    Raises
    ------
    ValueError
        If the image was not expected with a response.
    """
    if "expected_background" not in image:
        raise ValueError(
            "the image has no expected_background; make it with "
            "sxi.expected_counts(image, response=...)"
        )
    pixel = image.sel(fov_lon=fov_lon, fov_lat=fov_lat, method="nearest")
    behind = pixel["expected_background"]
    parts = xr.concat(
        [pixel["expected_counts"] - behind, behind],
        xr.DataArray(
            ["magnetosheath", "background"], dims="part", name="part"
        ),
    )
    shapes = np.stack(
        [
            fold.source_channels(response, spectrum),
            background_channels(response),
        ]
    )
    inside = fold.channels_in(response, band)
    shapes = shapes / shapes[:, inside].sum(axis=1, keepdims=True)
    middle = (response["channel_low"] + response["channel_high"]) / 2.0
    shape = xr.DataArray(
        shapes,
        dims=("part", "channel"),
        coords={
            "channel": response["channel"],
            "channel_energy": middle.assign_attrs(units="keV"),
        },
    )
    counts = (parts * shape).transpose(..., "part", "channel")
    counts.attrs = {"units": "1", "long_name": "expected counts"}
    return counts.rename("spectrum")


def background_channels(response: xr.Dataset) -> np.ndarray:
    """Add sky and particles of the same solid angle in each channel."""
    photons = response["sky"].transpose("sky_component", "sky_energy").values
    energy = response["sky_energy"].values
    sky = fold.in_channels(response, photons.sum(axis=0), energy)
    per_area = response.attrs["focal_length"] ** 2
    return np.asarray(sky + per_area * response["particles"].values)
