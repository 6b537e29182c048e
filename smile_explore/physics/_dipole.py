"""The dipole of the IGRF, epoch by epoch."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

__all__ = ["DIPOLE", "EPOCHS", "axis"]

#: Knots of the IGRF that the grid of `apex` stands on. [years]
EPOCHS: Final = (2000, 2005, 2010, 2015, 2020, 2025, 2030)
#: g11, h11 and g10 of IGRF-14 at the epochs, the last by its secular
#: variation; https://doi.org/10.5281/zenodo.14012302. [nT]
DIPOLE: Final = np.array(
    [
        [-1728.2, 5186.1, -29619.4],
        [-1669.05, 5077.99, -29554.63],
        [-1586.42, 4944.26, -29496.57],
        [-1501.77, 4795.99, -29441.46],
        [-1451.37, 4653.35, -29403.41],
        [-1410.3, 4545.5, -29350.0],
        [-1360.3, 4438.0, -29287.0],
    ]
)


def axis(time: Any) -> np.ndarray:
    """Northern axis of the dipole, for many times at once.

    Parameters
    ----------
    time : datetime64, array_like
        UTC, from 2000 to 2030.

    Returns
    -------
    axis : numpy.ndarray, shape (..., 3)
        Unit vectors in GEO.

    Raises
    ------
    ValueError
        If a time is outside those years.
    """
    moments = np.asarray(time, dtype="datetime64[ns]")
    start = np.datetime64(f"{EPOCHS[0]}-01-01", "ns")
    year = EPOCHS[0] + (moments - start) / np.timedelta64(1, "D") / 365.25
    if not ((year >= EPOCHS[0]) & (year <= EPOCHS[-1])).all():
        raise ValueError(
            f"the dipole is known from {EPOCHS[0]} to {EPOCHS[-1]}, got "
            f"times from {moments.min()} to {moments.max()}"
        )
    south = np.stack(
        [np.interp(year, EPOCHS, column) for column in DIPOLE.T], axis=-1
    )
    return -south / np.linalg.norm(south, axis=-1, keepdims=True)
