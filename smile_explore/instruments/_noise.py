"""Counts drawn from what is expected, the same way in both cameras."""

from __future__ import annotations

import copy

import numpy as np
import xarray as xr

__all__ = ["draw_counts"]


def draw_counts(
    mean: xr.DataArray,
    rng: int | np.random.Generator | None,
    *,
    excess: float = 1.0,
) -> xr.DataArray:
    """Draw independent Poisson counts, the variance `excess` times larger.

    NaN stays NaN, and counts have the precision of what is expected. The
    same seed gives the same counts, from numpy and from
    dask, and each time a lazy result is computed.
    """
    # A child, so that a generator that is passed twice gives two exposures.
    generator = np.random.default_rng(rng).spawn(1)[0]
    counts = xr.apply_ufunc(
        _draw,
        # one block: the draws must not depend on how the image is split
        mean.chunk(-1) if mean.chunks is not None else mean,
        kwargs={"generator": generator, "excess": excess},
        dask="parallelized",
        output_dtypes=[mean.dtype],
    )
    counts.attrs = {"seed": rng} if isinstance(rng, int) else {}
    return counts


def _draw(
    mean: np.ndarray, generator: np.random.Generator, excess: float
) -> np.ndarray:
    known = np.isfinite(mean)
    drawn = np.full(mean.shape, np.nan, dtype=mean.dtype)
    # A copy, so that a lazy image has the same noise whenever it is computed
    drawn[known] = copy.deepcopy(generator).poisson(mean[known] / excess)
    return excess * drawn
