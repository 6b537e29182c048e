"""The light of an aurora and of the dayglow, in the pixels that see them."""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy.ndimage import map_coordinates

from smile_explore.physics.ultraviolet import DayglowFit, dayglow, slant

__all__ = ["imaged"]


def imaged(
    aurora: xr.Dataset,
    look: xr.Dataset,
    *,
    f107: float | None,
    fit: DayglowFit,
    scale: float,
    absorption: bool,
) -> xr.Dataset:
    """Return `radiance` and `dayglow` where `look`, a geometry, sees."""
    seen = np.isfinite(look["glat"].values)
    cosine = np.cos(np.radians(look["view_zenith_angle"].values[seen]))
    sampled = _sampled(aurora, look, seen)
    light, energy = sampled["radiance"], sampled.get("mean_energy")
    bright = light > 0.0
    if absorption:
        hard = None if energy is None else energy[bright]
        light[bright] *= slant(cosine[bright], hard)
    else:
        light[bright] /= cosine[bright]
    glow = np.zeros_like(light)
    if f107 is not None:
        angle = look["solar_zenith_angle"].values[seen]
        glow = dayglow(angle, f107, fit=fit, scale=scale)
        glow *= slant(cosine) if absorption else 1.0 / cosine
    image = xr.Dataset(coords=look.coords)
    for name, value in (("radiance", light + glow), ("dayglow", glow)):
        full = np.full(seen.shape, np.nan, dtype=np.float32)
        full[seen] = value
        image[name] = (("fov_lat", "fov_lon"), full)
    return image


def _sampled(
    aurora: xr.Dataset, look: xr.Dataset, seen: np.ndarray
) -> dict[str, np.ndarray]:
    """Interpolate radiance, and mean energy if known, at the places seen.

    Beyond the last row the pole has the value of that row; equatorward of
    the first row's cells, and where no magnetic latitude is known, which is
    farther still, there is no aurora.
    """
    axis = aurora["mlat"].values
    hours = aurora["mlt"].values
    around = np.concatenate([hours[-1:] - 24.0, hours, hours[:1] + 24.0])
    mlat, mlt = (look[name].values[seen] for name in ("mlat", "mlt"))
    edge = axis[0] - 0.5 * (axis[1] - axis[0]) if axis.size > 1 else axis[0]
    lit = mlat >= edge  # False for NaN
    node = np.stack(
        [
            np.interp(mlat[lit], axis, np.arange(axis.size)),
            np.interp(mlt[lit], around, np.arange(around.size)),
        ]
    )
    found = {}
    for name in {"radiance", "mean_energy"} & set(aurora.data_vars):
        field = aurora[name].transpose("mlat", "mlt").values
        field = np.concatenate([field[:, -1:], field, field[:, :1]], axis=1)
        value = np.zeros(lit.size)
        value[lit] = map_coordinates(field, node, order=1, mode="nearest")
        found[name] = value
    return found
