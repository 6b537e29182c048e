"""Dayglow taken out of ultraviolet images and maps, so that aurora is left."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.retrieval import _dayglow
from smile_explore.retrieval._uv_checks import check_values
from smile_explore.schema import UV_MAP, UVI_IMAGE

__all__ = ["remove"]

_ANGLES: Final = ("solar_zenith_angle", "view_zenith_angle")
#: Pixels averaged along each axis before the dayglow of an image is fitted.
_BLOCK: Final = 8


def remove(data: xr.Dataset) -> xr.Dataset:
    """Take the dayglow out of an image or a map.

    Parameters
    ----------
    data : xarray.Dataset (UVI_IMAGE or UV_MAP)
        With ``solar_zenith_angle`` and ``view_zenith_angle``; a series along
        `time` is done image by image.

    Returns
    -------
    aurora : xarray.Dataset (of the same schema)
        ``radiance`` without dayglow, ``dayglow`` as fitted, and
        ``uncertainty``: the noise, that of the fit, and how far the image
        departs from it where there is no aurora. [R]

    Raises
    ------
    ValueError
        If the angles are not there, or no image has a value.

    Notes
    -----
    The model is a constant and a smooth surface over the zenith angles of
    the Sun and of the view, fitted with weights that fall with the height
    above it. Aurora that fills a whole range of zenith angles of the Sun
    cannot be told from dayglow, nor can the shape of dayglow from other
    causes, such as the composition of the air: the uncertainty holds what
    of it is seen elsewhere in the image.
    """
    schema = UV_MAP if "coverage" in data else UVI_IMAGE
    schema.check(data)
    lacking = [name for name in _ANGLES if name not in data]
    if lacking:
        raise ValueError(
            f"to remove the dayglow, {schema.name} must have "
            f"{' and '.join(lacking)}, got "
            f"{', '.join(map(str, data.data_vars))}"
        )
    check_values(data)
    grid = list(schema.variables["radiance"].dims)
    block = 1 if schema is UV_MAP else _BLOCK

    def one(values: np.ndarray, error: np.ndarray, *angles: np.ndarray) -> Any:
        return _without_dayglow(values, error, *angles, block=block)

    error = data.get("uncertainty", 0.0)
    rest, glow, spread = xr.apply_ufunc(
        one,
        data["radiance"],
        error + 0.0 * data["radiance"],
        *(np.cos(np.radians(data[name])) for name in _ANGLES),
        input_core_dims=[grid] * 4,
        output_core_dims=[grid] * 3,
        vectorize=True,
        dask="parallelized",
        output_dtypes=[float] * 3,
    )
    aurora = data.assign(radiance=rest, dayglow=glow, uncertainty=spread)
    aurora["dayglow"].attrs = {"units": "R", "long_name": "dayglow, fitted"}
    for name in ("radiance", "uncertainty"):
        aurora[name].attrs = {}
    return schema.stamp(aurora)


def _without_dayglow(
    values: np.ndarray,
    error: np.ndarray,
    sun: np.ndarray,
    view: np.ndarray,
    *,
    block: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit one image in blocks of pixels and take the glow from each pixel."""
    coarse = [_blocks(a, block) for a in (values, error, sun, view)]
    coarse[1] = coarse[1] / block
    model = _dayglow.fit(*(a.ravel() for a in coarse))
    if model is None:
        nothing = np.full(values.shape, np.nan)
        return nothing, nothing, nothing
    glow, spread = _dayglow.evaluate(model, sun, view)
    return values - glow, glow, np.hypot(spread, error)


def _blocks(values: np.ndarray, size: int) -> np.ndarray:
    """Mean over squares of pixels, NaN where any of them is."""
    if size == 1:
        return values
    rows, columns = (n // size * size for n in values.shape)
    cut = values[:rows, :columns]
    return cut.reshape(rows // size, size, columns // size, size).mean((1, 3))
