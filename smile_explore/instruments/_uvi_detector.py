"""UVI's detector: an image intensifier and its CCD, in counts."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments._noise import draw_counts
from smile_explore.instruments._uvi_map import camera_of
from smile_explore.schema import UVI_IMAGE

__all__ = [
    "DARK_RATE",
    "EXCESS_NOISE",
    "EXPOSURE",
    "FRAME",
    "NATIVE_PIXEL",
    "REFERENCE_RADIANCE",
    "SIGNAL_TO_NOISE",
    "calibrate",
    "detection",
    "expected_counts",
    "expose",
]

#: 512 pixels across the field of 9.97 deg. [deg]
NATIVE_PIXEL = 9.97 / 512
#: One frame, and the minute of them that makes an image (ULiege, ORBi
#: 2268/329530). [s]
FRAME, EXPOSURE = 2.0, 60.0
#: What UVI is to detect in one minute (mission requirement). [R]
REFERENCE_RADIANCE = 150.0
#: **An assumption**: signal to noise of that, in one pixel of 512 x 512 and
#: without other light. 3 is 0.06 counts per R and minute.
SIGNAL_TO_NOISE = 3.0
#: **An assumption**: variance of the counts over that of the photons, since
#: an intensifier multiplies each photon by another number; 1 is none.
EXCESS_NOISE = 1.0
#: **An assumption**: counts without light, in one pixel of 512 x 512. [s-1]
DARK_RATE = 0.0


def expected_counts(
    image: xr.Dataset,
    *,
    exposure: float = EXPOSURE,
    signal_to_noise: float = SIGNAL_TO_NOISE,
    excess_noise: float = EXCESS_NOISE,
    dark_rate: float = DARK_RATE,
) -> xr.Dataset:
    """Turn radiance into the counts that an exposure has on average.

    Parameters
    ----------
    image : xarray.Dataset (UVI_IMAGE)
    exposure : float
        Of the frames of 2 s together. [s]
    signal_to_noise : float
        At 150 R in one minute and one pixel of 512 x 512, without dark
        counts: the sensitivity. A larger pixel counts more, by its area.
    excess_noise : float
        Variance of the counts over that of the photons, 1 or more.
    dark_rate : float
        In one pixel of 512 x 512. [s-1]

    Returns
    -------
    image : xarray.Dataset (UVI_IMAGE)
        With `expected_counts`, whose attributes hold these settings, and
        `exposure`.

    Raises
    ------
    ValueError
        If a setting is out of its range.

    Notes
    -----
    Frames add up without loss, so that only their sum matters: a sum of
    Poisson counts is one.
    """
    UVI_IMAGE.check(image)
    settings = {
        "exposure": exposure,
        "signal_to_noise": signal_to_noise,
        "excess_noise": excess_noise,
        "dark_rate": dark_rate,
    }
    _check_settings(**settings)
    gain, dark = _per_rayleigh(image, settings)
    expected = image["radiance"] * gain + dark
    expected.attrs = settings
    return UVI_IMAGE.stamp(
        image.assign(expected_counts=expected, exposure=float(exposure))
    )


def expose(
    expected: xr.Dataset, *, rng: int | np.random.Generator | None = None
) -> xr.Dataset:
    """Draw one exposure: independent counts in every pixel.

    Parameters
    ----------
    expected : xarray.Dataset (UVI_IMAGE)
        With `expected_counts`.
    rng : int, numpy.random.Generator or None
        Seed or generator.

    Returns
    -------
    image : xarray.Dataset (UVI_IMAGE)
        With `counts`: Poisson, or, with excess noise, multiples of it that
        have the same mean and the larger variance. NaN off the Earth.

    Raises
    ------
    ValueError
        If there are no expected counts.
    """
    UVI_IMAGE.check(expected)
    if "expected_counts" not in expected:
        raise ValueError(
            "the image has no expected_counts to draw from; make them with "
            "uvi.expected_counts(image, exposure=...)"
        )
    mean = expected["expected_counts"]
    excess = mean.attrs.get("excess_noise", EXCESS_NOISE)
    counts = draw_counts(mean, rng, excess=excess)
    counts.attrs |= mean.attrs
    return UVI_IMAGE.stamp(expected.assign(counts=counts))


def calibrate(exposed: xr.Dataset) -> xr.Dataset:
    """Return the radiance that an exposure measures, with its uncertainty.

    Parameters
    ----------
    exposed : xarray.Dataset (UVI_IMAGE)
        With `counts`, as `expose` gives them.

    Returns
    -------
    image : xarray.Dataset (UVI_IMAGE)
        `radiance` of the counts, less the dark ones, in the place of that
        which the exposure was drawn from; and `uncertainty`, of one photon
        where there is none.

    Raises
    ------
    ValueError
        If there are no counts, or their settings are not known.
    """
    UVI_IMAGE.check(exposed)
    if "counts" not in exposed:
        raise ValueError(
            "the image has no counts to calibrate; draw them with "
            "uvi.expose(expected)"
        )
    counts = exposed["counts"]
    missing = {"exposure", "signal_to_noise"} - set(counts.attrs)
    if missing:
        raise ValueError(
            f"the counts do not say their {', '.join(sorted(missing))}; make "
            "them with uvi.expected_counts and uvi.expose"
        )
    excess = counts.attrs.get("excess_noise", EXCESS_NOISE)
    gain, dark = _per_rayleigh(exposed, counts.attrs)
    sigma = np.sqrt(excess * counts.clip(min=excess)) / gain
    return UVI_IMAGE.stamp(
        exposed.assign(radiance=(counts - dark) / gain, uncertainty=sigma)
    )


def detection(expected: xr.Dataset, *, wanted: float = 3.0) -> xr.Dataset:
    """Tell how well an exposure sees the aurora against all light.

    Parameters
    ----------
    expected : xarray.Dataset (UVI_IMAGE)
        With `expected_counts`, and `dayglow` where there is any.
    wanted : float
        Signal to noise that the exposure needed is to give.

    Returns
    -------
    detection : xarray.Dataset
        Of each pixel: `signal_to_noise` of the aurora, which is the radiance
        without the dayglow, over the noise of all counts; and
        `exposure_needed`, infinite where there is no aurora [s].

    Raises
    ------
    ValueError
        If there are no expected counts or `wanted` is not positive.
    """
    UVI_IMAGE.check(expected)
    if not wanted > 0.0:
        raise ValueError(f"wanted must be positive, got {wanted:g}")
    if "expected_counts" not in expected:
        raise ValueError(
            "detection needs expected_counts; make them with "
            "uvi.expected_counts(image, exposure=...)"
        )
    counts = expected["expected_counts"]
    settings = counts.attrs
    gain, _ = _per_rayleigh(expected, settings)
    signal = expected["radiance"] - expected.get("dayglow", 0.0)
    noise = np.sqrt(settings["excess_noise"] * counts)
    ratio = gain * signal / noise.where(noise > 0.0)
    ratio = ratio.where(noise > 0.0, counts)  # no light at all is 0, not NaN
    needed = xr.where(
        ratio > 0.0,
        settings["exposure"] * (wanted / ratio.where(ratio > 0.0)) ** 2,
        xr.where(ratio.isnull(), np.nan, np.inf),
    )
    ratio.attrs = {"units": "1", "long_name": "signal to noise of the aurora"}
    needed.attrs = {
        "units": "s",
        "long_name": f"exposure for a signal to noise of {wanted:g}",
    }
    return xr.Dataset({"signal_to_noise": ratio, "exposure_needed": needed})


def _per_rayleigh(
    image: xr.Dataset, settings: dict[str, float]
) -> tuple[float, float]:
    """Return the counts of one rayleigh, and of none, in a pixel."""
    camera = camera_of(image)
    rows = image.sizes["fov_lat"]
    area = camera.pixel * (camera.fov_lat / rows) / NATIVE_PIXEL**2
    excess = settings.get("excess_noise", EXCESS_NOISE)
    photons = excess * settings["signal_to_noise"] ** 2
    rate = photons / (REFERENCE_RADIANCE * EXPOSURE)
    time = settings["exposure"] * area
    return rate * time, settings.get("dark_rate", DARK_RATE) * time


def _check_settings(**settings: float) -> None:
    for name in ("exposure", "signal_to_noise"):
        value = settings.get(name, 1.0)
        if not value > 0.0:
            unit = " s" if name == "exposure" else ""
            raise ValueError(f"{name} must be positive, got {value:g}{unit}")
    excess, dark = settings.get("excess_noise", 1.0), settings.get("dark_rate")
    if not excess >= 1.0:
        raise ValueError(
            f"excess_noise must be 1 or more, got {excess:g}; 1 is no more "
            "than that of the photons"
        )
    if dark is not None and not dark >= 0.0:
        raise ValueError(f"dark_rate must not be negative, got {dark:g} s-1")
