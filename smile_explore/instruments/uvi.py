"""UVI, the Ultraviolet Imager: from the aurora to counts, and to a map.

`radiance` is what arrives, `expected_counts` what a minute of frames would
count on average, `expose` one such minute with its noise, `calibrate` the
radiance it measures, `to_magnetic_grid` that on magnetic latitude and local
time. What a pixel sees is worked out once for a place of the spacecraft.

UVI's effective area, its counts per rayleigh and its noise are not published:
they follow here from a signal to noise that is asked for at 150 R.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.instruments import _uvi_geometry, _uvi_map
from smile_explore.instruments._uvi_detector import (
    DARK_RATE,
    EXCESS_NOISE,
    EXPOSURE,
    FRAME,
    NATIVE_PIXEL,
    REFERENCE_RADIANCE,
    SIGNAL_TO_NOISE,
    calibrate,
    detection,
    expected_counts,
    expose,
)
from smile_explore.instruments._uvi_frames import JITTER, co_add
from smile_explore.instruments._uvi_light import imaged
from smile_explore.instruments._uvi_pointing import (
    OVAL_CENTRE,
    SXI_OFFSET,
    TARGETS,
    pointing,
)
from smile_explore.instruments._uvi_times import (
    joined,
    moments,
    refuse_other_times,
)
from smile_explore.instruments.camera import Camera
from smile_explore.physics.ultraviolet import DAYGLOW, SCALE, DayglowFit
from smile_explore.schema import AURORA, POINTING, UV_MAP, UVI_IMAGE

__all__ = [
    "DARK_RATE",
    "EXCESS_NOISE",
    "EXPOSURE",
    "F107",
    "FRAME",
    "JITTER",
    "LARGEST_VIEW_ANGLE",
    "NATIVE_PIXEL",
    "OVAL_CENTRE",
    "REFERENCE_RADIANCE",
    "SIGNAL_TO_NOISE",
    "SXI_OFFSET",
    "TARGETS",
    "UVI",
    "binned",
    "calibrate",
    "co_add",
    "detection",
    "expected_counts",
    "expose",
    "geometry",
    "pointing",
    "radiance",
    "to_magnetic_grid",
]

#: A circle of 9.97 deg (ULiege, ORBi 2268/329530) on 512 x 512 pixels.
UVI = Camera("UVI", fov_lon=9.97, fov_lat=9.97, pixel=NATIVE_PIXEL)
#: **An assumption**: of a moderate Sun, where an event does not say its own.
#: [1e-22 W m-2 Hz-1]
F107 = 130.0
#: **An assumption**: beyond it a map leaves the image out: a pixel is four
#: times as long as wide and the light comes from far along the sight. [deg]
LARGEST_VIEW_ANGLE = 75.0


def binned(size: int) -> Camera:
    """Return UVI with pixels of size x size of its own taken together.

    Raises
    ------
    ValueError
        If 512 is not a multiple of the size.
    """
    if size < 1 or 512 % size:
        raise ValueError(
            f"512 pixels cannot be taken together by {size}; take a power "
            "of 2 up to 512"
        )
    return Camera(
        f"UVI {size} x {size}", 9.97, 9.97, pixel=NATIVE_PIXEL * size
    )


def geometry(pointing: xr.Dataset, *, camera: Camera = UVI) -> xr.Dataset:
    """Return what each pixel sees at the height of the aurora, 110 km.

    Parameters
    ----------
    pointing : xarray.Dataset (POINTING)
        Of one moment, with its `time`.
    camera : Camera

    Returns
    -------
    geometry : xarray.Dataset
        On fov_lat, fov_lon: `glat`, `glon`, `mlat` [deg] and `mlt` [h];
        `solar_zenith_angle` (90 at the terminator) and `view_zenith_angle`
        [deg]; `footprint`, the long side of a pixel there [km]. NaN off the
        Earth, outside the circular field and, for mlat and mlt, south of 35
        deg. The last 24 are kept.

    Raises
    ------
    ValueError
        If the pointing has no time, or several, or one outside 2000-2030; if
        the spacecraft is below the shell or does not see the Earth.
    """
    return _uvi_geometry.geometry(pointing, camera)


def radiance(
    aurora: xr.Dataset,
    pointing: xr.Dataset,
    *,
    camera: Camera = UVI,
    f107: float | xr.DataArray | None = F107,
    fit: DayglowFit = DAYGLOW,
    scale: float = SCALE,
    absorption: bool = True,
) -> xr.Dataset:
    """Image the aurora and the dayglow that reach a camera.

    Parameters
    ----------
    aurora : xarray.Dataset (AURORA)
        Of the northern hemisphere, all local times; with or without `time`.
        Without `mean_energy` it brightens to the limb as the dayglow does.
    pointing : xarray.Dataset (POINTING)
        With `time`, along it or at one; if both are along time, the times
        must be the same.
    camera : Camera
        UVI, or with larger pixels from `binned`.
    f107 : float, xarray.DataArray or None
        Solar radio flux for the dayglow, None for no dayglow.
        [1e-22 W m-2 Hz-1]
    fit, scale
        Of the dayglow, see `ultraviolet.dayglow`. The aurora has its own.
    absorption : bool
        Whether slanted light passes O2; if not, the slant is 1 / cosine.

    Returns
    -------
    image : xarray.Dataset (UVI_IMAGE)
        `radiance`, and `dayglow`, which is part of it. NaN off the Earth and
        when UVI is off (`uvi_on`). Equatorward of the aurora's grid there is
        only dayglow.

    Raises
    ------
    ValueError
        If times differ, or as `geometry` and `ultraviolet.dayglow` do.
    """
    AURORA.check(aurora)
    POINTING.check(pointing)
    refuse_other_times(pointing, aurora=aurora, f107=f107)
    images = [
        imaged(
            moment_aurora,
            _look(moment, camera),
            f107=None if f107 is None else float(moment_flux),
            fit=fit,
            scale=scale,
            absorption=absorption,
        )
        for moment, moment_aurora, moment_flux in moments(
            pointing, aurora, f107
        )
    ]
    image = joined(images, pointing)
    settings = {k: v for k, v in aurora.attrs.items() if k != "schema"}
    image.attrs = {**settings, "camera": camera.name, "dayglow_scale": scale}
    if f107 is not None:
        image.attrs["f107"] = float(np.mean(f107))
    return UVI_IMAGE.stamp(image)


def to_magnetic_grid(
    image: xr.Dataset,
    pointing: xr.Dataset | None,
    mlat: ArrayLike,
    mlt: ArrayLike,
    *,
    largest_view_angle: float = LARGEST_VIEW_ANGLE,
) -> xr.Dataset:
    """Bring an image onto magnetic latitude and local time.

    Parameters
    ----------
    image : xarray.Dataset (UVI_IMAGE)
        All pixels of the camera. Of an exposure (`expose`), its counts are
        mapped, calibrated.
    pointing : xarray.Dataset (POINTING) or None
        That the image was taken with; None for an image that has the `mlat`
        and `mlt` of its pixels, such as a measured one.
    mlat, mlt : array_like
        Centres of the cells, evenly spaced, such as those of `aurora.grid`.
        [deg, h]
    largest_view_angle : float
        Pixels that see the aurora from farther aside are left out. [deg]

    Returns
    -------
    uv_map : xarray.Dataset (UV_MAP)
        Mean `radiance` of the pixels in each cell by area, along the sight;
        its `uncertainty`, where the image has one (neighbours that share a
        pixel are correlated); `coverage`, the share of the cell seen;
        `solar_zenith_angle` and `view_zenith_angle`. NaN where nothing is.

    Raises
    ------
    ValueError
        If the image is cut, all NaN, or of other times than the pointing, or
        has no geometry where there is no pointing; if an axis of the grid
        has fewer than two cells or is uneven.
    """
    UVI_IMAGE.check(image)
    lat, lt = _axis(mlat, "mlat"), _axis(mlt, "mlt")
    if "counts" in image and "uncertainty" not in image:
        image = calibrate(image[["radiance", "counts"]])
    if not bool(image["radiance"].notnull().any()):
        raise ValueError(
            "the image holds no radiance, all its pixels are NaN; UVI may "
            "have been off: look at pointing.uvi_on and at the mode"
        )
    grid = lat, lt
    if pointing is None:
        maps = [
            _uvi_map.mapped(
                moment,
                moment,
                _uvi_map.from_pixels(moment, *grid),
                grid,
                largest_view_angle,
            )
            for (moment,) in moments(image)
        ]
        return _stamped(joined(maps, image), image, largest_view_angle)
    POINTING.check(pointing)
    refuse_other_times(pointing, image=image)
    camera = _uvi_map.camera_of(image)
    maps = [
        _uvi_map.mapped(
            moment_image,
            _look(moment, camera),
            _uvi_map.seen_by(
                _uvi_geometry.View.of(moment),
                camera,
                lat.tobytes(),
                lt.tobytes(),
            ),
            grid,
            largest_view_angle,
        )
        for moment, moment_image in moments(pointing, image)
    ]
    return _stamped(joined(maps, pointing), image, largest_view_angle)


def _look(pointing: xr.Dataset, camera: Camera) -> xr.Dataset:
    """Return the geometry of a moment, all NaN when UVI is off."""
    if "uvi_on" in pointing and not bool(pointing["uvi_on"]):
        pointing = pointing.assign(boresight=np.nan * pointing["boresight"])
    return geometry(pointing, camera=camera)


def _stamped(
    uv_map: xr.Dataset, image: xr.Dataset, largest_view_angle: float
) -> xr.Dataset:
    settings = {k: v for k, v in image.attrs.items() if k != "schema"}
    uv_map.attrs = settings | {"largest_view_angle": largest_view_angle}
    return UV_MAP.stamp(uv_map)


def _axis(values: ArrayLike, name: str) -> np.ndarray:
    axis = np.array(values, dtype=float).reshape(-1)
    step = np.diff(axis)
    if not step.size or not (step > 0).all() or np.ptp(step) > 1e-3 * step[0]:
        raise ValueError(
            f"{name} must be at least two centres of cells, increasing in "
            f"equal steps, got {np.array2string(axis, threshold=6)}; "
            "aurora.grid() gives both axes"
        )
    return axis
