"""Expected counts of an image with the full response."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments._checks import check_same_times
from smile_explore.instruments.camera import solid_angle
from smile_explore.instruments.response import detector, fold, psf
from smile_explore.instruments.response.sources import rate_map
from smile_explore.schema import RESPONSE, SXI_IMAGE

__all__ = [
    "background_channels",
    "background_rates",
    "expected",
    "spectrum_at",
    "spectrum_of",
]

_NO_BACKGROUND = (
    "the image has no expected_background; make it with "
    "sxi.expected_counts(image, response=...)"
)


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
        Relative numbers of photons along photon_energy, of the whole image,
        and along time where they change (`ion_emission.by_speed`); those of
        charge exchange with slow solar wind unless given.
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
        The coordinate `sensitivity` is the share of the light that a pixel
        counts: how much of it lies on silicon, times the vignetting.

    Raises
    ------
    ValueError
        If the exposure is not positive, or the response does not cover the
        spectrum, the sky or the band, or the spectrum is at other times.
    """
    SXI_IMAGE.check(image)
    RESPONSE.check(response)
    if not np.min(exposure) > 0.0:
        raise ValueError(
            f"exposure must be positive, got {float(np.min(exposure)):g} s"
        )
    lines = fold.charge_exchange_spectrum() if spectrum is None else spectrum
    _refuse_other_times(lines, image)
    factor = fold.counts_per_intensity(response, spectrum=lines, band=band)
    sky, particles = background_rates(response, band=band)
    pixel = solid_angle(image).broadcast_like(image["fov_lon"])
    open_ = detector.vignetting_at(image, response["vignetting"])
    lit = pixel * open_
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
        "counts_per_intensity": factor.values.tolist(),
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
        ).assign_coords(sensitivity=(open_ * live).assign_attrs(units="1"))
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
        raise ValueError(_NO_BACKGROUND)
    pixel = image.sel(fov_lon=fov_lon, fov_lat=fov_lat, method="nearest")
    return spectrum_of(pixel, response, spectrum=spectrum, band=band)


def spectrum_of(
    image: xr.Dataset,
    response: xr.Dataset,
    *,
    spectrum: xr.DataArray | None = None,
    band: tuple[float, float] = fold.BAND,
) -> xr.DataArray:
    """Give the spectra that are expected in all pixels, or in a sum of them.

    Parameters
    ----------
    image : xarray.Dataset
        As `expected` returns it, some of its pixels, or their sum.
    response, spectrum, band
        As in `spectrum_at`.

    Returns
    -------
    counts : xarray.DataArray
        (..., part, channel), as `spectrum_at` gives it.

    Raises
    ------
    ValueError
        As `spectrum_at`.
    """
    if "expected_background" not in image:
        raise ValueError(_NO_BACKGROUND)
    if spectrum is not None:
        _refuse_other_times(spectrum, image)
    behind = image["expected_background"]
    shapes = {
        "magnetosheath": fold.source_channels(response, spectrum),
        "background": background_channels(response),
    }
    inside = fold.channels_in(response, band)
    parts = [
        whole * (shape / shape[..., inside].sum("channel"))
        for whole, shape in zip(
            (image["expected_counts"] - behind, behind),
            shapes.values(),
            strict=True,
        )
    ]
    name = xr.DataArray(list(shapes), dims="part", name="part")
    counts = xr.concat(xr.broadcast(*parts), name, coords="minimal")
    counts.attrs = {"units": "1", "long_name": "expected counts"}
    return counts.transpose(..., "part", "channel").rename("spectrum")


def background_channels(response: xr.Dataset) -> xr.DataArray:
    """Add sky and particles of the same solid angle in each channel."""
    photons = response["sky"].sum("sky_component")
    sky = fold.source_channels(
        response, photons.rename(sky_energy="photon_energy")
    )
    per_area = response.attrs["focal_length"] ** 2
    return sky + per_area * response["particles"].values


def _refuse_other_times(spectrum: xr.DataArray, image: xr.Dataset) -> None:
    check_same_times(
        "select the nearest with .sel(time=image.time, method='nearest')",
        spectrum=spectrum,
        image=image,
    )
