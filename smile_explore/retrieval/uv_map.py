"""An image on a magnetic grid, by the mean of the pixels in each cell."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.schema import UV_MAP, UVI_IMAGE

__all__ = ["average"]

_PLACES = ("mlat", "mlt")
_ANGLES = ("solar_zenith_angle", "view_zenith_angle")


def average(
    image: xr.Dataset,
    *,
    mlat_step: float = 0.5,
    mlt_step: float = 0.25,
    lowest: float = 50.0,
) -> xr.Dataset:
    """Average the pixels of an image in cells of latitude and local time.

    For images that bring the place of every pixel, such as WIC's. Noise
    falls with the pixels in a cell, and none is counted twice, which edges
    and their uncertainties want; a picture wants interpolation.

    Parameters
    ----------
    image : xarray.Dataset (UVI_IMAGE)
        With ``mlat`` and ``mlt`` of its pixels; one, or a series.
    mlat_step : float
        Height of a cell. [deg]
    mlt_step : float
        Width of a cell. [h]
    lowest : float
        Where the map begins. [deg]

    Returns
    -------
    uv_map : xarray.Dataset (UV_MAP)
        NaN where no pixel falls into a cell; ``coverage`` is 1 elsewhere, and
        ``pixels`` their number. Without the uncertainty of pixels there is
        none of cells.

    Raises
    ------
    ValueError
        If the pixels have no places, or the steps do not divide the grid.
    """
    UVI_IMAGE.check(image)
    lacking = [name for name in _PLACES if name not in image]
    if lacking:
        raise ValueError(
            f"the image has no {' and '.join(lacking)} of its pixels; use "
            f"uvi.to_magnetic_grid with the pointing of the camera"
        )
    rows, columns = (90.0 - lowest) / mlat_step, 24.0 / mlt_step
    if abs(rows % 1) + abs(columns % 1) > 1e-6 or rows < 1:
        raise ValueError(
            f"the steps must divide {lowest:g} to 90 deg and 24 h, got "
            f"{mlat_step:g} deg and {mlt_step:g} h"
        )
    shape = round(rows), round(columns)
    series = "time" in image["radiance"].dims
    several = image if series else image.expand_dims("time")
    maps = [
        _one(several.isel(time=n), shape, lowest)
        for n in range(several.sizes["time"])
    ]
    whole = xr.concat(maps, "time") if series else maps[0]
    if "time" in image.coords:
        whole = whole.assign_coords(time=image["time"])
    whole.attrs = dict(image.attrs)
    return UV_MAP.stamp(whole)


def _one(
    image: xr.Dataset, shape: tuple[int, int], lowest: float
) -> xr.Dataset:
    step = (90.0 - lowest) / shape[0], 24.0 / shape[1]
    mlat, mlt = (image[name].values for name in _PLACES)
    seen = np.isfinite(image["radiance"].values + mlat + mlt)
    seen &= mlat >= lowest
    row = np.minimum((mlat[seen] - lowest) // step[0], shape[0] - 1)
    column = (mlt[seen] % 24.0) // step[1] % shape[1]
    place = (row * shape[1] + column).astype(int)
    size = shape[0] * shape[1]
    pixels = np.bincount(place, minlength=size)

    def mean(values: np.ndarray) -> np.ndarray:
        total = np.bincount(place, values[seen], size)
        return np.where(pixels > 0, total / np.maximum(pixels, 1), np.nan)

    found = {
        name: mean(image[name].values)
        for name in ("radiance", *_ANGLES)
        if name in image
    }
    if "uncertainty" in image:
        square = mean(image["uncertainty"].values ** 2)
        found["uncertainty"] = np.sqrt(square / np.maximum(pixels, 1))
    found["coverage"] = (pixels > 0) * 1.0
    found["pixels"] = pixels
    return xr.Dataset(
        {
            name: (_PLACES, values.reshape(shape))
            for name, values in found.items()
        },
        coords={
            "mlat": lowest + (np.arange(shape[0]) + 0.5) * step[0],
            "mlt": (np.arange(shape[1]) + 0.5) * step[1],
        },
    )
