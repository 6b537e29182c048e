"""Images of IMAGE's Wideband Imaging Camera, as if they were UVI's.

WIC (Mende et al. 2000, https://doi.org/10.1023/A:1005271728567) saw the
aurora at 140 to 190 nm from 2000 to 2005: a wider band than UVI's 160 to 180
nm, with two atomic lines of nitrogen and more dayglow.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics import apex, geodesy
from smile_explore.schema import UVI_IMAGE

__all__ = ["COUNTS_PER_RAYLEIGH", "FIELD_OF_VIEW", "read"]

#: Counts of one image per rayleigh, as the library fuvpy takes it (612.6 per
#: kR, at 763de63); files may bring their own ``counts_per_kR``.
COUNTS_PER_RAYLEIGH: Final = 0.6126
#: Nominal, of 256 pixels: Mende et al. (2000), table 1. [deg]
FIELD_OF_VIEW: Final = 17.0
#: Of one image, a spin of two minutes. [s]
EXPOSURE: Final = 10.0
#: At which the files give the places that pixels see. [km]
HEIGHT: Final = 130.0
#: Beyond, neither place nor brightness are trusted. [deg]
WIDEST_VIEW: Final = 75.0

_NEEDED = ("img", "glat", "glon", "sc_gci")


def read(path: str | os.PathLike[str]) -> xr.Dataset:
    """Read a NetCDF file of images with the places that their pixels see.

    Parameters
    ----------
    path : path-like
        With ``img`` [counts], ``glat``, ``glon`` [deg] (date, row, col) and
        the spacecraft's place ``sc_gci`` [km] (date, xyz), as fuvpy writes
        them.

    Returns
    -------
    images : xarray.Dataset (UVI_IMAGE)
        Along `time`; ``measured`` is true and ``source`` says whose they
        are. Pixels past Earth or seen at more than 75 deg are NaN.

    Raises
    ------
    ValueError
        If the file lacks one of these, or is of another time than the
        magnetic coordinates that ship.
    OSError
        If there is no such file.

    Notes
    -----
    The uncertainty is measured in each image: the scatter of pixels about
    the mean of their neighbours, as a function of brightness. Places at 130
    km get the coordinates of those at 110 km, 0.03 deg off. Angles in the
    field of view are nominal: the files have no pointing.
    """
    with xr.open_dataset(Path(path)) as file:
        lacking = [name for name in _NEEDED if name not in file]
        if lacking:
            raise ValueError(
                f"{Path(path).name} lacks {', '.join(lacking)}; expected a "
                f"file of WIC images with {', '.join(_NEEDED)}"
            )
        data = file.load()
    per_rayleigh = data.attrs.get("counts_per_kR", 612.6) / 1e3
    count = data.sizes["date"]
    images = [_one(data.isel(date=n), per_rayleigh) for n in range(count)]
    whole = xr.concat(images, "time")
    whole["exposure"] = EXPOSURE
    whole.attrs = {
        "instrument": "IMAGE WIC, 140 to 190 nm",
        "measured": True,
        "source": data.attrs.get("source", Path(path).name),
        "calibration": f"{per_rayleigh:g} counts per rayleigh",
    }
    return UVI_IMAGE.stamp(whole)


def _one(data: xr.Dataset, per_rayleigh: float) -> xr.Dataset:
    time = data["date"].values
    glat, glon = data["glat"].values, data["glon"].values
    place = geodesy.cartesian(glat, glon, HEIGHT)
    upward = geodesy.unit_vector(glat, glon)
    sight = _position(data) - place
    sight /= np.linalg.norm(sight, axis=-1, keepdims=True)
    view = _angle(upward, sight)
    mlat, mlon = apex.magnetic(glat, glon, time)
    counts = np.where(view <= WIDEST_VIEW, data["img"].values, np.nan)
    columns = {
        "radiance": counts / per_rayleigh,
        "uncertainty": _noise(counts) / per_rayleigh,
        "counts": counts,
        "glat": glat,
        "glon": glon,
        "mlat": mlat,
        "mlt": apex.local_time(mlon, time),
        "solar_zenith_angle": _angle(upward, apex.sunward(time)),
        "view_zenith_angle": view,
    }
    axes = [
        (np.arange(n) - (n - 1) / 2.0) * FIELD_OF_VIEW / n
        for n in counts.shape
    ]
    dims = ("fov_lat", "fov_lon")
    return xr.Dataset(
        {name: (dims, values) for name, values in columns.items()},
        coords={**dict(zip(dims, axes, strict=True)), "time": time},
    )


def _position(data: xr.Dataset) -> np.ndarray:
    """Return where the spacecraft was, in GEO, in R_E."""
    inertial = xr.DataArray(
        data["sc_gci"].values / EARTH_RADIUS,
        dims="component",
        coords={"component": ["x", "y", "z"], "time": data["date"].values},
        attrs={"frame": "GEI"},
    )
    return frames.rotate(inertial, to="GEO").values


def _angle(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    cosine = (one * other).sum(-1)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def _noise(counts: np.ndarray) -> np.ndarray:
    """Return the standard deviation of each pixel, by its brightness.

    Of a pixel less the mean of its neighbours in a row the variance is 3/2 of
    a pixel's. Photons give a line against brightness; real structure on the
    scale of a pixel counts as noise.
    """
    bend = counts[:, 1:-1] - (counts[:, :-2] + counts[:, 2:]) / 2.0
    level = (counts[:, :-2] + counts[:, 2:]) / 2.0
    seen = np.isfinite(bend)
    if seen.sum() < 200:
        return np.full_like(counts, np.nan)
    order = np.argsort(level[seen])
    groups = np.array_split(order, 20)
    middle = np.array([np.median(level[seen][g]) for g in groups])
    spread = [1.4826 * np.median(np.abs(bend[seen][g])) for g in groups]
    variance = np.array(spread) ** 2 / 1.5
    # photons: never less than what a brighter pixel has
    slope, start = np.polyfit(middle, variance, 1, w=1.0 / (variance + 1.0))
    line = start + max(slope, 0.0) * counts
    return np.sqrt(np.maximum(line, variance.min()))
