"""A measured aurora made a source again, for another camera to look at.

What IMAGE saw from 6 R_E can so be flown through UVI's camera at 20 R_E: the
same substorm, with SMILE's pixels, dayglow and noise.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore.physics.ultraviolet import SCALE, auroral_radiance, slant
from smile_explore.schema import AURORA, UV_MAP

__all__ = ["WIC_SHARE", "as_aurora"]

#: Of the LBH light at 140 to 180 nm that is UVI's, 160 to 180 nm: computed
#: with GLOW for electrons of 4 keV (0.37 at 1 keV, 0.67 at 10 keV). Lines of
#: atomic nitrogen, which WIC sees too, are not in it.
WIC_SHARE: Final = 0.49


def as_aurora(
    uv_map: xr.Dataset,
    *,
    share: float = WIC_SHARE,
    mean_energy: float = 4.0,
    scale: float = SCALE,
) -> xr.Dataset:
    """Make a source of a map of measured aurora.

    Parameters
    ----------
    uv_map : xarray.Dataset (UV_MAP)
        Without dayglow (`dayglow.remove`), of all local times.
    share : float
        **An assumption**: of the light measured that is in UVI's band.
    mean_energy : float
        **An assumption**: of the electrons, for the slant of the light and
        the energy flux. [keV]
    scale : float
        Of the yield, see `physics.ultraviolet.SCALE`.

    Returns
    -------
    aurora : xarray.Dataset (AURORA)
        For `uvi.radiance`. What was below zero, noise or too much dayglow
        taken off, is no light; what was not seen is NaN.

    Raises
    ------
    ValueError
        If the share is not within 0 to 1, the mean energy is not positive,
        or the map has no view zenith angle.
    """
    UV_MAP.check(uv_map)
    if not 0.0 < share <= 1.0:
        raise ValueError(f"share must be within 0 to 1, got {share:g}")
    if not mean_energy > 0.0:
        raise ValueError(
            f"mean_energy must be positive, got {mean_energy} keV"
        )
    if "view_zenith_angle" not in uv_map:
        raise ValueError(
            "the map needs view_zenith_angle, to take the slant of the "
            "sight off; bring the image onto the grid with its geometry"
        )
    cosine = np.cos(np.radians(uv_map["view_zenith_angle"]))
    path = xr.apply_ufunc(slant, cosine, mean_energy)
    light = (uv_map["radiance"] * share / path).clip(min=0.0)
    each = float(auroral_radiance(1.0, mean_energy, scale=scale))
    aurora = xr.Dataset(
        {
            "energy_flux": light / each,
            "mean_energy": xr.full_like(light, mean_energy),
            "radiance": light,
        }
    ).drop_attrs()
    aurora.attrs = {
        "model": f"aurora of {uv_map.attrs.get('instrument', 'an image')}",
        "source": uv_map.attrs.get("source", "not told"),
        "share": share,
    }
    return AURORA.stamp(aurora)
