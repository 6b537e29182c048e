"""Kp, the planetary index of activity: its range, and one from the solar wind.

The measured index has one value for three hours and is what a model that was
fitted to it wants. The one from the solar wind changes from minute to minute
with what drives it, and knows nothing of the magnetosphere's own mind.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.physics._labels import label, number
from smile_explore.physics.solar_wind import newell_coupling
from smile_explore.schema import SOLAR_WIND

__all__ = ["AVERAGE", "check_kp", "from_solar_wind", "newell"]

#: **An assumption**: the solar wind before a moment that its aurora answers
#: to; Kp itself looks at three hours. [min]
AVERAGE: Final = 60.0


def check_kp(kp: Any) -> None:
    """Refuse a Kp outside 0-9; NaN passes."""
    values = np.asarray(kp, dtype=float)
    outside = values[(values < 0.0) | (values > 9.0)]
    if outside.size:
        raise ValueError(
            f"Kp must be within 0-9, got {outside.flat[0]:g}; a Kp in tenths "
            "(as OMNI gives it) must be divided by 10"
        )


def newell(density: Any, speed: Any, by: Any, bz: Any) -> Any:
    """Kp that the solar wind would drive.

    Parameters
    ----------
    density : array_like
        Of protons. [cm-3]
    speed : array_like
        [km s-1]
    by, bz : array_like
        Components of the IMF, GSM. [nT]

    Returns
    -------
    kp : array_like
        Held within 0-9.

    Notes
    -----
    Kp = 0.05 + 2.244e-4 dPhi/dt + 2.844e-6 n^(1/2) v^2: a merging and a
    viscous term. Public codes that cite the paper have these numbers.
    It is linear, so that it is weakest in storms; on both storms shipped
    here it is compared with the Kp that was measured in ``docs/uvi.md``.

    References
    ----------
    .. [1] Newell et al. (2008), Pairs of solar wind-magnetosphere coupling
       functions, https://doi.org/10.1029/2007JA012825
    """
    viscous = np.sqrt(number(density)) * number(speed) ** 2
    merging = newell_coupling(speed, by, bz)
    kp = np.clip(0.05 + 2.244e-4 * merging + 2.844e-6 * viscous, 0.0, 9.0)
    return label(kp, "kp", "1", "Kp from the solar wind (Newell 2008)")


def from_solar_wind(
    solar_wind: xr.Dataset, *, average: float = AVERAGE
) -> xr.DataArray:
    """Kp moment by moment, from the solar wind just before.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time`, in GSM.
    average : float
        The mean is over so much time up to each moment; 0 for none. [min]

    Returns
    -------
    kp : xarray.DataArray
        Along `time`; NaN where nothing was measured in that time.

    Raises
    ------
    ValueError
        If there is no time, or `average` is negative.
    """
    SOLAR_WIND.check(solar_wind)
    if "time" not in solar_wind.dims:
        raise ValueError(
            "Kp moment by moment needs a solar wind along time; for one "
            "moment call kp.newell(density, speed, by, bz)"
        )
    if not average >= 0.0:
        raise ValueError(f"average must not be negative, got {average:g} min")
    velocity, field = solar_wind["velocity"], solar_wind["magnetic_field"]
    kp = newell(
        solar_wind["density"],
        np.sqrt((velocity**2).sum("component", skipna=False)),
        field.sel(component="y", drop=True),
        field.sel(component="z", drop=True),
    )
    if average:
        series = kp.to_series().rolling(f"{average * 60:.0f}s").mean()
        kp = kp.copy(data=series.to_numpy())
    kp.attrs["average"] = average
    return kp
