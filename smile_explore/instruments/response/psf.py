"""How the optic spreads a point: the lobster-eye spot, and its cross."""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy import fft

from smile_explore.instruments._pixels import pixel_size

__all__ = ["ARM_LENGTH", "ARM_SHARE", "WIDTH", "blur", "kernel", "spot"]

#: Full width at half maximum, 8 arcmin (Branduardi-Raymont et al. 2022).
#: [deg]
WIDTH = 8.0 / 60.0
#: **Assumed**: share of the photons in the two arms of the cross together
#: when the cross is asked for; about half in the theory of Angel (1979),
#: https://doi.org/10.1086/157437.
ARM_SHARE = 0.5
#: **Assumed**: where an arm ends, 2 d / L for pores 60 times as long as
#: wide. [deg]
ARM_LENGTH = 1.9
#: Side of a sample of the table. [deg]
_SAMPLE = 0.5 / 60.0
_FWHM = 2.0 * np.sqrt(2.0 * np.log(2.0))


def spot(
    *,
    width: float = WIDTH,
    arm_share: float = 0.0,
    arm_length: float = ARM_LENGTH,
) -> xr.DataArray:
    """Table of the point spread function: a round spot and two arms.

    Parameters
    ----------
    width : float
        Full width at half maximum of the spot, a Gaussian (**assumed**).
        [deg]
    arm_share : float
        Share of the photons, 0 to 1, in the arms along both axes, which
        photons make that are reflected once; `ARM_SHARE` is a first guess.
    arm_length : float
        Length of an arm from the middle; it fades linearly. [deg]

    Returns
    -------
    psf : xarray.DataArray
        (psf_lat, psf_lon), shares that sum to 1.

    Raises
    ------
    ValueError
        If a width or length is not positive, or the share is not within
        0..1.
    """
    if not (width > 0.0 and arm_length > 0.0 and 0.0 <= arm_share <= 1.0):
        raise ValueError(
            "the spot needs a positive width and arm_length and an "
            f"arm_share within 0..1, got {width:g} deg, {arm_length:g} deg "
            f"and {arm_share:g}"
        )
    reach = 4.0 * width + (arm_length if arm_share else 0.0)
    half = int(np.ceil(reach / _SAMPLE))
    offset = np.arange(-half, half + 1) * _SAMPLE
    core = np.exp(-0.5 * (offset * _FWHM / width) ** 2)
    along = np.clip(1.0 - abs(offset) / arm_length, 0.0, None)
    arm = np.convolve(along, core, mode="same")
    core, arm = core / core.sum(), arm / arm.sum()
    cross = (np.outer(core, arm) + np.outer(arm, core)) / 2.0
    table = (1.0 - arm_share) * np.outer(core, core) + arm_share * cross
    return xr.DataArray(
        table,
        dims=("psf_lat", "psf_lon"),
        coords={"psf_lat": offset, "psf_lon": offset},
        name="psf",
    )


def kernel(psf: xr.DataArray, *, lat: float, lon: float) -> np.ndarray:
    """Point spread function on the pixels of an image.

    Parameters
    ----------
    psf : xarray.DataArray
        As `spot` returns it.
    lat, lon : float
        Size of a pixel. [deg]

    Returns
    -------
    kernel : numpy.ndarray
        Odd in both sizes, sums to 1: the share of the photons of a pixel,
        evenly spread over it, in each pixel around it.
    """
    # A pixel moved by part of its width covers two pixels in proportion;
    # a sample of the table moves it by anything within the sample.
    by_lat = _overlaps(psf["psf_lat"].values / lat)
    by_lon = _overlaps(psf["psf_lon"].values / lon)
    table = psf.transpose("psf_lat", "psf_lon").values
    # einsum, for a threaded product of such small matrices is much slower
    shared = np.einsum("as,st->at", by_lat, table)
    shared = np.einsum("at,bt->ab", shared, by_lon)
    return np.asarray(shared / shared.sum())


def blur(image: xr.DataArray, psf: xr.DataArray) -> xr.DataArray:
    """Spread an image by the point spread function.

    Parameters
    ----------
    image : xarray.DataArray
        On evenly spaced fov_lat and fov_lon; numpy or dask.
    psf : xarray.DataArray
        As `spot` returns it.

    Returns
    -------
    image : xarray.DataArray
        The sum is conserved: what leaves the field of view comes back
        mirrored at its edge, for the like comes in from outside. NaN stays
        NaN and does not spread; beside it, the mean of what is known is
        taken.
    """
    size = pixel_size(image)
    shares = kernel(psf, lat=size["fov_lat"], lon=size["fov_lon"])
    core = ["fov_lat", "fov_lon"]
    if image.chunks is not None:
        image = image.chunk(dict.fromkeys(core, -1))
    return xr.apply_ufunc(
        _spread,
        image,
        kwargs={"shares": shares},
        input_core_dims=[core],
        output_core_dims=[core],
        dask="parallelized",
        output_dtypes=[float],
        keep_attrs=True,
    )


def _overlaps(offset: np.ndarray) -> np.ndarray:
    """(pixel, sample): share of a pixel moved by a sample of offsets."""
    width = float(np.diff(offset).mean())
    half = int(np.ceil(abs(offset).max() + width / 2.0 - 1e-9))
    away = np.arange(-half, half + 1)[:, None] - offset

    def below(shift: np.ndarray) -> np.ndarray:
        """Integrate the share of a pixel that a shift leaves."""
        near = shift.clip(-1.0, 1.0)
        return near - near * abs(near) / 2.0

    ends = below(away + width / 2.0) - below(away - width / 2.0)
    return np.asarray(ends / width)


def _spread(image: np.ndarray, shares: np.ndarray) -> np.ndarray:
    known = np.isfinite(image)
    if known.all():
        return _convolve(image, shares)
    spread = _convolve(np.where(known, image, 0.0), shares)
    weight = _convolve(known.astype(float), shares)
    return np.where(known, spread / np.where(known, weight, 1.0), np.nan)


def _convolve(image: np.ndarray, shares: np.ndarray) -> np.ndarray:
    size = image.shape[-2:]
    full = [n + k - 1 for n, k in zip(size, shares.shape, strict=True)]
    fast = [fft.next_fast_len(n, real=True) for n in full]
    product = fft.rfft2(image, fast) * fft.rfft2(shares, fast)
    spread = fft.irfft2(product, fast)[..., : full[0], : full[1]]
    # The transform leaves rounding errors where there was nothing.
    if (image >= 0.0).all():
        spread = spread.clip(min=0.0)
    by_lat = _mirrored(spread, shares.shape[0] // 2, axis=-2)
    return _mirrored(by_lat, shares.shape[1] // 2, axis=-1)


def _mirrored(spread: np.ndarray, margin: int, *, axis: int) -> np.ndarray:
    """Fold the margins of an axis back onto it."""
    spread = np.moveaxis(spread, axis, -1)
    size = spread.shape[-1] - 2 * margin
    if margin > size:
        raise ValueError(
            f"the point spread function reaches {margin} pixels, further "
            f"than the image of {size}; give a larger image or pixel, or a "
            "spot without its cross"
        )
    if not margin:
        return np.moveaxis(spread, -1, axis)
    folded = spread[..., margin:-margin].copy()
    folded[..., :margin] += spread[..., margin - 1 :: -1]
    folded[..., size - margin :] += spread[..., : -margin - 1 : -1]
    return np.moveaxis(folded, -1, axis)
