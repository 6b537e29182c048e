"""The bow shock: the outer edge of the bright arc of an X-ray image.

From the magnetopause outward a line of sight crosses less and less of the
magnetosheath, and none of it beyond the one that grazes the bow shock. There
the brightness has a kink, faint beside the rim of the magnetopause: the
edge of a chord that vanishes as a square root.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.retrieval import _found, tangent
from smile_explore.retrieval._families import Family
from smile_explore.retrieval._view import NoMagnetopause, View
from smile_explore.schema import MAGNETOPAUSE, POINTING, SXI_IMAGE

__all__ = ["locate"]

#: Exponent of the shape of Shue et al. for the bow shock, and its standard
#: deviation: Jorgensen et al. (2019) find 0.71 to 0.80 in two runs.
FLARING: Final = (0.78, 0.08)
#: Bow shock over magnetopause standoff, least and most.
RATIO: Final = (1.1, 1.8)
#: Nearest to the magnetopause, over its standoff, that is looked at.
INNER: Final = 1.08
#: How much must be in view beyond the bow shock. [R_E]
BEYOND: Final = 0.4
#: Lines that graze farther from the Sun-Earth line are not used. [deg]
WIDEST: Final = 60.0
#: Width of a bin of the level. [R_E]
BIN: Final = 0.1
FEWEST_PIXELS: Final = 5
#: How often the misfit without an edge must exceed its noise, in standard
#: deviations.
SIGNIFICANT: Final = 4.0


def locate(
    image: xr.Dataset,
    pointing: xr.Dataset,
    found: xr.Dataset,
    *,
    quantity: str = "intensity",
) -> xr.Dataset:
    """Find the subsolar distance of the bow shock, where counts allow it.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        One image, or a series along `time`.
    pointing : xarray.Dataset (POINTING)
        Where the image was taken from and to.
    found : xarray.Dataset (MAGNETOPAUSE)
        The magnetopause in the same images, as `magnetopause.locate` gives
        it.
    quantity : {"intensity", "counts"}

    Returns
    -------
    bow_shock : xarray.Dataset
        ``standoff`` and ``standoff_uncertainty`` [R_E], one standard
        deviation of noise and shape together, NaN where there is none; and
        ``status``, ``"found"`` or why not. ``assumptions`` in the attributes.

    Raises
    ------
    ValueError
        If the quantity is not in the image, or a time has no pointing.

    Notes
    -----
    Across the arc the brightness is fitted by that of a shell around a wind
    that falls with r^-3: c + w b^-2 + (k + m b) sqrt(B^2 - b^2), with b the
    level each line of sight grazes and B the bow shock.
    """
    SXI_IMAGE.check(image)
    POINTING.check(pointing)
    MAGNETOPAUSE.check(found)
    if quantity not in image:
        raise ValueError(
            f"the image has no {quantity}, only "
            f"{', '.join(map(str, image.data_vars))}; expose it first"
        )
    brightness = image[quantity].transpose(..., "fov_lat", "fov_lon")
    inner = np.atleast_1d(found["standoff"].values)
    brightness, pointing, leading = _found.along_time(brightness, pointing)
    count = brightness.sizes["time"]
    if inner.size != count:
        raise ValueError(
            f"found must have the times of the image, it has {inner.size} "
            f"and the image {count}"
        )
    views = _found.views(
        brightness,
        pointing,
        quantity=quantity,
        families=[Family("shue")] * count,
        exposures=_found.exposures(image, count),
    )
    rows = [_one(view, mp) for view, mp in zip(views, inner, strict=True)]
    return _labelled(rows, leading)


def _one(
    view: View | NoMagnetopause | None, magnetopause: float
) -> tuple[float, float, str]:
    if view is None:
        return np.nan, np.nan, "SXI is off: the image has no values"
    if isinstance(view, NoMagnetopause):
        return np.nan, np.nan, str(view)
    if not np.isfinite(magnetopause):
        return np.nan, np.nan, "the magnetopause was not found"
    try:
        distance, noise = _edge(view, magnetopause, FLARING[0])
        other, _ = _edge(view, magnetopause, FLARING[0] + FLARING[1])
    except NoMagnetopause as reason:
        return np.nan, np.nan, str(reason)
    return distance, float(np.hypot(noise, other - distance)), "found"


def _edge(
    view: View, magnetopause: float, flaring: float
) -> tuple[float, float]:
    """Level of the kink and its standard deviation."""
    level, mean, error = _profile(view, magnetopause, flaring)
    farthest = min(RATIO[1] * magnetopause, level.max(initial=0.0) - BEYOND)
    trials = np.arange(RATIO[0] * magnetopause, farthest, BIN / 2)
    if trials.size < 10 or level.size < 15:
        raise NoMagnetopause(
            "the field of view ends before a bow shock could be seen"
        )
    misfit = np.array([_misfit(level, mean, error, b) for b in trials])
    without = _misfit(level, mean, error, 0.0)
    best = int(misfit.argmin())
    if best in (0, trials.size - 1):
        raise NoMagnetopause(
            "the brightness has no outer edge within the field of view"
        )
    excess = max(misfit[best] / max(level.size - 5, 1), 1e-12)
    if view.quantity == "counts":
        excess = max(excess, 1.0)
    if without - misfit[best] < SIGNIFICANT**2 * excess:
        raise NoMagnetopause(
            "the outer edge of the arc does not stand out from the noise; "
            "expose longer"
        )
    near = misfit < misfit[best] + excess
    width = (trials[near][-1] - trials[near][0] + BIN / 2) / 2
    return float(trials[best]), float(width)


def _profile(
    view: View, magnetopause: float, flaring: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean brightness against the level that lines of sight graze."""
    level, point = tangent.grazing_level(
        view.position, view.directions, flaring=flaring
    )
    with np.errstate(invalid="ignore"):
        cosine = point[:, 0] / np.sqrt((point**2).sum(-1))
        used = (level > INNER * magnetopause) & (
            cosine > np.cos(np.radians(WIDEST))
        )
    place = (level[used] / BIN).astype(int)
    pixels = np.bincount(place)
    total = np.bincount(place, view.values[used])
    response = np.bincount(place, view.response[used])
    filled = np.flatnonzero(pixels >= FEWEST_PIXELS)
    if not filled.size:
        return np.empty(0), np.empty(0), np.empty(0)
    mean = total[filled] / response[filled]
    if view.quantity == "counts":
        error = np.sqrt(np.maximum(total[filled], 1.0)) / response[filled]
    else:
        error = 0.01 * mean.max() / np.sqrt(pixels[filled])
    return (filled + 0.5) * BIN, mean, error


def _misfit(
    level: np.ndarray, mean: np.ndarray, error: np.ndarray, edge: float
) -> float:
    """Chi square of a shell that ends at `edge`; 0 for none."""
    chord = np.sqrt(np.maximum(edge**2 - level**2, 0.0))
    design = [np.ones_like(level), (level[0] / level) ** 2]
    if edge:
        design += [chord, chord * (level - level[0])]
    else:  # as many terms, all smooth
        design += [(level[0] / level) ** 4, (level[0] / level) ** 6]
    scaled = np.stack(design, -1) / error[:, None]
    found, *_ = np.linalg.lstsq(scaled, mean / error, rcond=None)
    # A shell that is dark at its edge is no shell.
    if edge and found[2] + found[3] * (edge - level[0]) <= 0:
        return np.inf
    return float(((scaled @ found - mean / error) ** 2).sum())


def _labelled(
    rows: list[tuple[float, float, str]], leading: dict[str, Any]
) -> xr.Dataset:
    names = ("standoff", "standoff_uncertainty", "status")
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    data = xr.Dataset(coords=leading)
    for name, values in zip(names, columns, strict=True):
        data[name] = (tuple(leading), values if leading else values[0])
    labels = (
        "subsolar distance of the bow shock",
        "uncertainty of the bow shock",
    )
    for name, label in zip(names, labels, strict=False):
        data[name].attrs = {"units": "R_E", "long_name": label}
    data.attrs["assumptions"] = (
        f"an axisymmetric shock r0 (2 / (1 + cos theta))^a with a = "
        f"{FLARING[0]:g} +- {FLARING[1]:g}; a shell of smooth brightness "
        f"inside it, a wind that falls with r^-3 outside"
    )
    return data
