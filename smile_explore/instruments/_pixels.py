"""Evenly spaced pixels: their size."""

from __future__ import annotations

import numpy as np
import xarray as xr

__all__ = ["pixel_size"]


def pixel_size(image: xr.Dataset | xr.DataArray) -> dict[str, float]:
    """Return the size [deg] of a pixel along fov_lat and fov_lon.

    Raises
    ------
    ValueError
        If there are fewer than two along an axis or they are unevenly spaced.
    """
    size = {}
    for name in ("fov_lat", "fov_lon"):
        steps = np.diff(image[name].values)
        if not steps.size or not np.allclose(steps, steps[0], rtol=1e-3):
            raise ValueError(
                f"an image needs at least two evenly spaced values of {name}, "
                f"got {np.array2string(image[name].values, threshold=6)}; "
                "select pixels after this step"
            )
        size[name] = float(steps.mean())
    return size
