"""How bright each ion of the solar wind is, from counts in energy bands.

The inverse of ``ion_emission``: energy spectra, one or a series in time, give
back the composition of the solar wind that made them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

__all__ = ["estimate"]

_MOST_STEPS = 200


def estimate(
    counts: xr.DataArray,
    matrix: xr.DataArray,
    *,
    background: xr.DataArray | float = 0.0,
    reference: str | None = "O7+",
) -> xr.Dataset:
    """How bright each ion is, from counts in energy bands.

    The most likely amounts, none negative, for Poisson counts with the mean
    ``matrix @ amounts + background``.

    Parameters
    ----------
    counts : xarray.DataArray
        Along `band`, and along what else there is, e.g. `time`: then each
        spectrum is fitted alone.
    matrix : xarray.DataArray
        (band, ion): counts in a band per unit of an ion, such as
        ``(response * ion_spectra()).sum("photon_energy")`` for a response
        (band, photon_energy), or what `channel_counts` of the instrument
        makes of `ion_spectra`, its channels renamed to bands.
    background : xarray.DataArray or float, optional
        Expected counts in each band that are no ion's.
    reference : str or None, optional
        Ion that ratios are given to; None for no ratios.

    Returns
    -------
    composition : xarray.Dataset
        `amount` and its `uncertainty` (one standard deviation, from the
        Fisher information), `ratio` and `ratio_uncertainty` to the reference
        (NaN where that is 0), `deviance` (about bands minus ions if the model
        holds and counts are not few) and `converged`. The uncertainties are
        too small for an ion at 0, and with fewer than some ten counts.

    Raises
    ------
    ValueError
        If counts are negative or NaN, if a dimension or the reference is
        missing, if the matrix is negative or NaN, or if the bands cannot tell
        the ions apart.
    """
    _check_fit(counts, matrix, background, reference)
    around = xr.zeros_like(counts) + background
    amount, covariance, deviance, converged = xr.apply_ufunc(
        _fit,
        counts,
        matrix,
        around,
        input_core_dims=[["band"], ["band", "ion"], ["band"]],
        output_core_dims=[["ion"], ["ion", "other"], [], []],
        vectorize=True,
        keep_attrs=False,
    )
    amount = amount.assign_coords(ion=matrix["ion"])
    variance = xr.DataArray(
        np.diagonal(covariance.values, axis1=-2, axis2=-1),
        dims=amount.dims,
    )
    fitted = xr.Dataset(
        {
            "amount": amount,
            "uncertainty": np.sqrt(variance),
            "deviance": deviance,
            "converged": converged,
        }
    )
    if reference is None:
        return fitted
    index = matrix["ion"].values.tolist().index(reference)
    base = amount.isel(ion=index, drop=True).where(lambda a: a > 0.0)
    shared = covariance.isel(other=index)
    ratio = amount / base
    spread = (
        variance
        - 2.0 * ratio * shared
        + ratio**2 * variance.isel(ion=index, drop=True)
    )
    return fitted.assign(
        ratio=ratio, ratio_uncertainty=np.sqrt(spread.clip(min=0.0)) / base
    ).assign_attrs(reference=reference)


def _check_fit(
    counts: xr.DataArray,
    matrix: xr.DataArray,
    background: Any,
    reference: str | None,
) -> None:
    if "band" not in counts.dims or set(matrix.dims) != {"band", "ion"}:
        raise ValueError(
            "counts must have the dimension band and matrix (band, ion), got "
            f"{tuple(counts.dims)} and {tuple(matrix.dims)}"
        )
    if not (counts >= 0.0).all():
        raise ValueError(
            f"counts must be zero or more, {int((~(counts >= 0.0)).sum())} "
            "are negative or NaN"
        )
    if not bool((xr.DataArray(background) >= 0.0).all()):
        raise ValueError("background must be zero or more in every band")
    if not (matrix >= 0.0).all() or not np.isfinite(matrix).all():
        raise ValueError("matrix must be finite, and zero or more")
    ions = matrix["ion"].values.tolist()
    if reference is not None and reference not in ions:
        raise ValueError(
            f"reference must be one of {', '.join(ions)}, got {reference}"
        )
    values = matrix.transpose("band", "ion").values
    if np.linalg.matrix_rank(values) < len(ions):
        raise ValueError(
            f"{values.shape[0]} bands cannot tell {len(ions)} ions apart; "
            "use more bands, or add ions that look alike to one group"
        )


def _fit(
    counts: np.ndarray, matrix: np.ndarray, background: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float, bool]:
    """Return amounts, their covariance, the deviance, and if it converged.

    Least squares with the model's variances, repeated: where it stands still,
    the derivative of the Poisson likelihood is zero, or an amount is.
    """
    from scipy.optimize import nnls  # only needed here, and slow to import

    active = matrix.sum(axis=0)
    amount = np.full(matrix.shape[1], counts.sum() / active.sum())
    floor = 1e-9 * max(counts.max(), 1.0)
    converged = False
    for _ in range(_MOST_STEPS):
        weight = 1.0 / np.sqrt(np.maximum(matrix @ amount + background, floor))
        better, _ = nnls(
            matrix * weight[:, None], (counts - background) * weight
        )
        change = np.abs(better - amount).max()
        # the mean of two steps, for a step alone may go to and fro
        amount = 0.5 * (amount + better)
        if change <= 1e-10 * max(amount.max(), 1e-300):
            converged = True
            break
    mean = np.maximum(matrix @ amount + background, floor)
    information = (matrix / mean[:, None]).T @ matrix
    covariance = np.linalg.pinv(information, hermitian=True)
    safe = np.where(counts > 0.0, counts, 1.0)
    deviance = 2.0 * np.sum(mean - counts + counts * np.log(safe / mean))
    return amount, covariance, float(deviance), converged
