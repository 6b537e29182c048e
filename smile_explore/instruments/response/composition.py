"""The composition of the solar wind, seen by SXI: there and back.

The whole way, for a wind whose composition changes with its speed::

    light = ion_emission.by_speed(solar_wind_speed)
    glow = charge_exchange.emissivity(cube, efficiency=light.efficiency)
    image = sxi.expected_counts(
        sxi.intensity(glow, pointing),
        response=response,
        spectrum=light.spectrum,
    )
    expected = composition.expected(image, response, spectrum=light.spectrum)
    counts = composition.expose(expected, rng=1)
    found = composition.estimate(counts, expected, response)
    found.ratio.sel(ion="O8+")  # with found.ratio_uncertainty
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments.response import counts as _counts
from smile_explore.instruments.response import fold
from smile_explore.physics import ion_abundance, ion_emission
from smile_explore.schema import EVENTS, RESPONSE

__all__ = ["estimate", "expected", "expose", "of_events"]


def expected(
    image: xr.Dataset,
    response: xr.Dataset,
    *,
    spectrum: xr.DataArray | None = None,
    band: tuple[float, float] = fold.BAND,
) -> xr.DataArray:
    """Spectrum that is expected of a field of view, or of a part of it.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        As `sxi.expected_counts` returns it with a response, with or without
        time; select pixels to take a part of the field.
    response : xarray.Dataset (RESPONSE)
    spectrum : xarray.DataArray, optional
        The one the counts were expected with.
    band : (float, float)
        That of the counts; other channels are left out. [keV]

    Returns
    -------
    counts : xarray.DataArray
        (..., part, channel): the parts are magnetosheath and background;
        NaN where no pixel of the image has counts, for SXI is off.

    Raises
    ------
    ValueError
        If the image was not expected with a response.
    """
    names = [
        n for n in ("expected_counts", "expected_background") if n in image
    ]
    whole = image[names].sum(
        ["fov_lat", "fov_lon"], min_count=1, keep_attrs=True
    )
    seen = _counts.spectrum_of(whole, response, spectrum=spectrum, band=band)
    return seen.isel(channel=fold.channels_in(response, band))


def expose(
    expected: xr.DataArray, *, rng: int | np.random.Generator | None = None
) -> xr.DataArray:
    """Draw the counts of each channel, source and background together.

    Parameters
    ----------
    expected : xarray.DataArray
        As the function `expected` returns it.
    rng : int, numpy.random.Generator or None
        Seed or generator.

    Returns
    -------
    counts : xarray.DataArray
        (..., channel), whole numbers, or NaN where NaN was expected.
    """
    mean = expected.sum("part", skipna=False).compute()
    drawn = np.random.default_rng(rng).poisson(mean.fillna(0.0).values)
    counts = mean.copy(data=drawn.astype(float)).where(mean.notnull())
    counts = counts.rename("counts")
    counts.attrs = {"units": "1", "long_name": "counts"}
    return counts


def of_events(
    events: xr.Dataset,
    response: xr.Dataset,
    *,
    band: tuple[float, float] = fold.BAND,
) -> xr.DataArray:
    """Count photons by channel, those of an event list.

    Parameters
    ----------
    events : xarray.Dataset (EVENTS)
        Of one exposure; select events to take a part of the field.
    response : xarray.Dataset (RESPONSE)
    band : (float, float)
        Measured energies. [keV]

    Returns
    -------
    counts : xarray.DataArray
        Along channel, whole numbers.
    """
    EVENTS.check(events)
    RESPONSE.check(response)
    inside = fold.channels_in(response, band)
    edges = np.append(
        response["channel_low"].values, response["channel_high"].values[-1]
    )
    counted, _ = np.histogram(events["photon_energy"].values, edges)
    counts = xr.DataArray(
        counted.astype(float)[inside],
        dims="channel",
        coords={"channel": response["channel"].values[inside]},
        attrs={"units": "1", "long_name": "counts"},
        name="counts",
    )
    if "time" in events.coords:
        counts = counts.assign_coords(time=events["time"])
    return counts


def estimate(
    counts: xr.DataArray,
    expected: xr.DataArray,
    response: xr.Dataset,
    *,
    wind: ion_emission.Composition = ion_emission.SLOW,
) -> xr.Dataset:
    """Composition that counts by channel tell, spectrum by spectrum.

    Parameters
    ----------
    counts : xarray.DataArray
        (..., channel), drawn or measured.
    expected : xarray.DataArray
        As the function `expected` returns it: its background is taken for
        known, its magnetosheath is not looked at.
    response : xarray.Dataset (RESPONSE)
    wind : Composition, optional
        Its ions are looked for, each with its lines in their proportions;
        how much of each there is, is found. The lines of O7+ are others in
        fast wind, so give `ion_emission.FAST` for it.

    Returns
    -------
    composition : xarray.Dataset
        As `ion_abundance.estimate` returns it, along ion: `ratio` compares
        with ``wind.relative``, photons of an ion for each photon of O7+, and
        `ratio_uncertainty` is one standard deviation. NaN, and not
        `converged`, for a spectrum that is NaN in all channels.

    Raises
    ------
    ValueError
        As `ion_abundance.estimate`, and if the channels of the counts are
        not those that were expected.
    """
    here, there = counts["channel"].values, expected["channel"].values
    if not np.array_equal(here, there):
        raise ValueError(
            f"counts have {here.size} channels from {here[0]}, expected are "
            f"{there.size} from {there[0]}; use the same band for both"
        )
    seen = fold.channel_counts(ion_emission.ion_spectra(wind), response)
    background = expected.sel(part="background", drop=True)
    off = counts.isnull().all("channel")
    counted, matrix, behind = (
        one.rename(channel="band").drop_vars("channel_energy", errors="ignore")
        for one in (
            counts.where(~off, 0.0),
            seen.sel(channel=here),
            background.fillna(0.0),
        )
    )
    found = ion_abundance.estimate(counted, matrix, background=behind)
    converged = found["converged"] & ~off
    return found.where(~off).assign(converged=converged)
