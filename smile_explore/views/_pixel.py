"""What one pixel of UVI sees and counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr

__all__ = ["Light", "light"]


class Light(NamedTuple):
    """Brightness of a pixel, and how sure its counts are.

    Parameters
    ----------
    aurora, dayglow : float
        [R]
    counts : float
        Expected in `exposure`, of both.
    exposure : float
        [s]
    signal_to_noise : float
        Of the aurora, among the noise of all counts.
    needed : float
        Exposure that gives the signal to noise asked for. [s]
    """

    aurora: float
    dayglow: float
    counts: float
    exposure: float
    signal_to_noise: float
    needed: float


def light(pixel: xr.Dataset, goal: float) -> Light:
    """Work out the light of a pixel of an image with expected counts."""
    total = _number(pixel, "radiance")
    glow = _number(pixel, "dayglow")
    glow = glow if np.isfinite(glow) else 0.0
    counts = _number(pixel, "expected_counts")
    if not np.isfinite(counts):
        counts = _number(pixel, "counts")
    exposure = _number(pixel, "exposure")
    name = "expected_counts" if "expected_counts" in pixel else "counts"
    settings = pixel[name].attrs if name in pixel else {}
    excess = float(settings.get("excess_noise", 1.0))
    share = (total - glow) / total if total > 0.0 else np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = share * counts / np.sqrt(excess * counts)
        needed = exposure * (goal / ratio) ** 2 if ratio > 0 else np.inf
    return Light(total - glow, glow, counts, exposure, ratio, needed)


def _number(pixel: xr.Dataset, name: str) -> float:
    return float(pixel[name]) if name in pixel else np.nan
