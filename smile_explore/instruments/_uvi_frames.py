"""The frames of an exposure, which wander, and how they are put together."""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy.ndimage import convolve

from smile_explore.instruments._uvi_detector import (
    EXPOSURE,
    FRAME,
    NATIVE_PIXEL,
)
from smile_explore.instruments._uvi_map import camera_of
from smile_explore.schema import UVI_IMAGE

__all__ = ["JITTER", "co_add"]

#: **An assumption**: how far the image wanders from frame to frame, rms
#: along each axis. [deg]
JITTER = 2.0 * NATIVE_PIXEL


def co_add(
    image: xr.Dataset,
    *,
    jitter: float = JITTER,
    exposure: float = EXPOSURE,
    shift_and_add: bool = True,
    rng: int | np.random.Generator | None = None,
) -> xr.Dataset:
    """Blur an image as the frames of an exposure do that wander.

    Parameters
    ----------
    image : xarray.Dataset (UVI_IMAGE)
    jitter : float
        Of the frames, rms along each axis; 0 for none. [deg]
    exposure : float
        Of all frames of 2 s. [s]
    shift_and_add : bool
        Whether each frame is moved back by whole pixels before it is added,
        as UVI does; half a pixel is left.
    rng : int, numpy.random.Generator or None
        Of the wandering.

    Returns
    -------
    image : xarray.Dataset (UVI_IMAGE)
        With the mean `radiance` (and `dayglow`) of the frames. The Earth's
        edge stays where it is: no dark sky is mixed in.

    Raises
    ------
    ValueError
        If the jitter is negative or the exposure not positive.
    """
    UVI_IMAGE.check(image)
    if not jitter >= 0.0:
        raise ValueError(f"jitter must not be negative, got {jitter:g} deg")
    if not exposure > 0.0:
        raise ValueError(f"exposure must be positive, got {exposure:g} s")
    frames = max(1, round(exposure / FRAME))
    pixel = camera_of(image).pixel
    shift = np.random.default_rng(rng).normal(0.0, jitter, (frames, 2)) / pixel
    if shift_and_add:
        shift = shift - np.rint(shift)
    kernel = _kernel(shift)
    blurred = image.copy()
    for name in ("radiance", "dayglow"):
        if name in image:
            blurred[name] = xr.apply_ufunc(
                _convolved,
                image[name],
                input_core_dims=[["fov_lat", "fov_lon"]],
                output_core_dims=[["fov_lat", "fov_lon"]],
                kwargs={"kernel": kernel},
                vectorize=True,
                keep_attrs=True,
            )
    blurred.attrs |= {"jitter": jitter, "shift_and_add": str(shift_and_add)}
    return UVI_IMAGE.stamp(blurred)


def _kernel(shift: np.ndarray) -> np.ndarray:
    """Mean of points at shifts (row, column) in pixels, shared bilinearly."""
    reach = int(np.ceil(np.abs(shift).max())) if shift.size else 0
    kernel = np.zeros((2 * reach + 2, 2 * reach + 2))
    low = np.floor(shift).astype(int)
    part = shift - low
    for row in (0, 1):
        for column in (0, 1):
            weight = np.abs(1 - row - part[:, 0]) * np.abs(
                1 - column - part[:, 1]
            )
            place = low + reach + [row, column]
            np.add.at(kernel, (place[:, 0], place[:, 1]), weight)
    return kernel[:-1, :-1] / len(shift)


def _convolved(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve what is known with a kernel, and divide by its share."""
    known = np.isfinite(image)
    total = convolve(np.where(known, image, 0.0), kernel, mode="constant")
    share = convolve(known.astype(float), kernel, mode="constant")
    return np.where(known, total / np.where(known, share, 1.0), np.nan)
