"""The plasmasphere at 30.4 nm, as SXI's CCDs could gather it near perigee.

**An exercise, not a simulation of the flight instrument.** The mission
foresees that SXI accumulates light of the plasmasphere near perigee. Nothing
in numbers is public of it: not the effective area at 30.4 nm (the optic is
made, and the filter chosen, for X-rays), not the background, the pointing or
the length of the exposures, nor how it goes with the radiation shutter that
Hubbard et al. (2023) describe as closed at low altitude. So the effective area
has no default here, and whoever sets it decides the result. What is public is
the plasmasphere; `physics.plasmasphere` has it.

`radiance` is what arrives, `expected_counts` what a detector would count in
each frame, `accumulate` one long exposure of all frames.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore.instruments.camera import (
    Camera,
    pixel_directions,
    solid_angle,
)
from smile_explore.instruments.sxi import SXI
from smile_explore.physics import line_of_sight
from smile_explore.physics.plasmasphere import PHOTON_ENERGY
from smile_explore.schema import EUV_IMAGE, POINTING

__all__ = ["accumulate", "expected_counts", "radiance"]

#: Photons of one rayleigh over the full sphere. [cm-2 s-1]
_RAYLEIGH: Final = 1e6


def radiance(
    emissivity: xr.DataArray, pointing: xr.Dataset, *, camera: Camera = SXI
) -> xr.Dataset:
    """Image the plasmasphere as seen by a camera.

    Parameters
    ----------
    emissivity : xarray.DataArray
        On x, y, z, as `plasmasphere.emissivity` returns it; the grid must
        hold the spacecraft and what is to be seen. [eV cm-3 s-1]
    pointing : xarray.Dataset (POINTING)
        With or without `time`. `sxi_on` is not asked: it is for X-rays.
    camera : Camera
        SXI unless given.

    Returns
    -------
    image : xarray.Dataset (EUV_IMAGE)
        `radiance`, NaN where a line of sight meets Earth, whose own glow is
        not modelled, or misses the grid.

    Raises
    ------
    ValueError
        As `line_of_sight.integrate` does.
    """
    POINTING.check(pointing)
    ways = pixel_directions(camera, pointing)
    position = pointing["position"]
    seen = line_of_sight.integrate(emissivity, position, ways, tail=False)
    along = xr.dot(position, ways, dim="component")
    miss = (position**2).sum("component") - along**2
    seen = seen.where((miss > 1.0) | (along > 0.0))
    photons = seen * (1e3 / PHOTON_ENERGY)  # cm-2 s-1 sr-1
    image = xr.Dataset({"radiance": 4.0 * np.pi / _RAYLEIGH * photons})
    settings = {
        name: value
        for name, value in emissivity.attrs.items()
        if name not in ("units", "long_name")
    }
    image.attrs = {**settings, "camera": camera.name}
    return EUV_IMAGE.stamp(image)


def expected_counts(
    image: xr.Dataset,
    *,
    effective_area: float,
    exposure: float | xr.DataArray = 300.0,
    background: float = 0.0,
) -> xr.Dataset:
    """Turn radiance into the photons that are counted on average.

    Parameters
    ----------
    image : xarray.Dataset (EUV_IMAGE)
    effective_area : float
        Optic, filter and CCD together at 30.4 nm. **No value is public**, so
        there is no default. [cm2]
    exposure : float or xarray.DataArray
        Of one frame, or of each along `time`. [s]
    background : float
        Added to the radiance in every pixel; none is public. [R]

    Returns
    -------
    image : xarray.Dataset (EUV_IMAGE)
        With `expected_counts`, whose attributes hold these settings, and
        `exposure`.

    Raises
    ------
    ValueError
        If the area or exposure is not positive or the background negative.

    Notes
    -----
    A photon of 41 eV frees about 11 electrons in silicon: accumulated charge
    tells their number, but they are not counted one by one.
    """
    EUV_IMAGE.check(image)
    length = xr.DataArray(exposure).astype(float)
    for name, least, unit in (
        ("effective_area", effective_area, "cm2"),
        ("exposure", float(length.min()), "s"),
    ):
        if not 0.0 < least < np.inf:
            raise ValueError(f"{name} must be positive, got {least:g} {unit}")
    if not 0.0 <= background < np.inf:
        raise ValueError(
            f"background must not be negative, got {background:g} R"
        )
    per_rayleigh = _RAYLEIGH / (4.0 * np.pi) * effective_area
    counts = (
        (image["radiance"] + background)
        * solid_angle(image)
        * per_rayleigh
        * length
    )
    counts.attrs = {
        "effective_area": effective_area,
        "background": background,
        "assumptions": "the effective area at 30.4 nm is the user's: none is "
        "published",
    }
    return EUV_IMAGE.stamp(
        image.assign(expected_counts=counts, exposure=length)
    )


def accumulate(image: xr.Dataset) -> xr.Dataset:
    """Add all frames of a series into one, as charge adds on a CCD.

    Pixels are added where they are, so that what moves through the field of
    view while the spacecraft flies is smeared.

    Parameters
    ----------
    image : xarray.Dataset (EUV_IMAGE)
        With `expected_counts` along `time`.

    Returns
    -------
    image : xarray.Dataset (EUV_IMAGE)
        `expected_counts` of all frames, the sum of their `exposure`, and the
        mean `radiance`, weighted by it; NaN where any frame is. ``attrs`` say
        how many frames there are, and from when to when.

    Raises
    ------
    ValueError
        If there are no expected counts or no times.
    """
    EUV_IMAGE.check(image)
    if "expected_counts" not in image or "exposure" not in image:
        raise ValueError(
            "the image has no expected_counts to add; make them with "
            "euv.expected_counts(image, effective_area=...)"
        )
    if "time" not in image["expected_counts"].dims:
        raise ValueError(
            "accumulate needs a series along time, got a single image"
        )
    times = image.sizes["time"]
    each = image["exposure"].broadcast_like(image["time"])
    total = each.sum("time")
    mean = (image["radiance"] * each).sum("time", skipna=False) / total
    counts = image["expected_counts"].sum("time", skipna=False)
    counts.attrs = image["expected_counts"].attrs
    summed = xr.Dataset(
        {"radiance": mean, "expected_counts": counts, "exposure": total},
        attrs={**image.attrs, "frames": times},
    )
    if "time" in image.coords:
        first, last = image["time"].values[[0, -1]]
        summed.attrs.update(start=str(first), stop=str(last))
    return EUV_IMAGE.stamp(summed)
