"""Profiles along latitude in sectors of local time, and their edges."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from smile_explore.retrieval import _oval_fit
from smile_explore.retrieval._oval_fit import FWHM, Fit

__all__ = ["BINS", "SECTORS", "Edges", "Limits", "edges", "profiles"]

#: Sectors of 1 h of local time and bins of 1 deg of latitude, 50 to 90 deg
#: (Longden et al. 2010, section 2).
SECTORS: Final = np.arange(0.5, 24.0)
BINS: Final = np.arange(50.5, 90.0)


#: What a mean of aurora departs from a smooth profile by, over its brightness.
UNEVEN: Final = 0.03
#: Two Gaussians farther apart than this, between their half maxima, are no
#: bifurcated oval: the limit of pyIntensityFeatures, which follows Longden et
#: al. too (https://doi.org/10.5281/zenodo.10815209). [deg]
APART: Final = 5.0
#: Nor are they where one has less than this share of the other's height.
FAINTEST: Final = 0.2


#: An edge this far from the median of five sectors is a wrong one, while a
#: substorm bulge is wider than that. [deg]
ASTRAY: Final = 4.0


class Limits(NamedTuple):
    """What an edge must satisfy to be called found."""

    fewest: float = 0.7
    significance: float = 4.0
    uncertainty: float = 1.0
    offset: float = 1.0


class Edges(NamedTuple):
    """Edges of the sectors of one image, each (sector,)."""

    poleward: np.ndarray
    equatorward: np.ndarray
    poleward_uncertainty: np.ndarray
    equatorward_uncertainty: np.ndarray
    peak: np.ndarray
    height: np.ndarray
    gaussians: np.ndarray
    status: np.ndarray


def profiles(
    radiance: np.ndarray,
    uncertainty: np.ndarray | None,
    coverage: np.ndarray,
    *,
    mlat: np.ndarray,
    mlt: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean brightness and its error, (sector, latitude), NaN if not seen."""
    lat = np.floor(mlat - 50.0).astype(int)
    hour = np.floor(mlt % 24.0).astype(int)
    inside = (lat >= 0) & (lat < BINS.size)
    place = hour * BINS.size + np.where(inside, lat, 0)[:, None]
    weight = np.where(np.isfinite(radiance), coverage, 0.0) * inside[:, None]
    shape = SECTORS.size, BINS.size
    total = _sums(place, weight, shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _sums(place, weight * np.nan_to_num(radiance), shape) / total
        if uncertainty is None:
            error = np.where(total > 0, _roughness(mean), np.nan)
        else:
            square = (weight * np.nan_to_num(uncertainty)) ** 2
            error = np.sqrt(_sums(place, square, shape)) / total
        # No aurora is a Gaussian to better than this.
        return mean, np.hypot(error, UNEVEN * np.abs(mean) + 1e-6)


def edges(mean: np.ndarray, error: np.ndarray, limits: Limits) -> Edges:
    """Find the edges in every profile, or say why there are none."""
    count = len(mean)
    seen = np.isfinite(mean).mean(-1) >= limits.fewest
    found = [np.full(count, np.nan) for _ in range(6)]
    status = np.full(count, "too little of the sector is seen", object)
    gaussians = np.zeros(count, int)
    if seen.any():
        single, double = _oval_fit.fit(BINS, mean[seen], error[seen])
        one, two = (_of_fit(BINS, fit, limits) for fit in (single, double))
        # The better by the reduced chi square (section 2.2 of the paper); a
        # second Gaussian must besides stand out, or noise would make it.
        use = (double.reduced < single.reduced) & (two[-1] == "found")
        for k in range(6):
            found[k][seen] = np.where(use, two[k], one[k])
        gaussians[seen] = np.where(use, 2, 1)
        status[seen] = np.where(use, two[-1], one[-1])
        astray = (status == "found") & (
            _astray(found[0], status) | _astray(found[1], status)
        )
        status[astray] = "an edge far from those of the sectors beside it"
        lost = status != "found"
        gaussians[lost] = 0
        for k in range(6):
            found[k][lost] = np.nan
    return Edges._make([*found, gaussians, status])


def _of_fit(x: np.ndarray, fit: Fit, limits: Limits) -> tuple[np.ndarray, ...]:
    """Edges of a fit: places of the outer Gaussians and their widths."""
    height, place, sigma = (fit.parameters[:, k::3] for k in (3, 4, 5))
    reach = limits.offset * FWHM * np.exp(sigma)
    variance = np.diagonal(fit.covariance, axis1=-2, axis2=-1)
    mixed = np.stack(
        [
            fit.covariance[:, i, i + 1]
            for i in range(4, 3 * height.shape[1] + 3, 3)
        ],
        axis=-1,
    )
    common = variance[:, 4::3] + reach**2 * variance[:, 5::3]
    rows = np.arange(len(place))
    outer, inner = place.argmax(-1), place.argmin(-1)
    north, south = place + reach, place - reach
    spread_north = np.sqrt(np.maximum(common + 2 * reach * mixed, 0.0))
    spread_south = np.sqrt(np.maximum(common - 2 * reach * mixed, 0.0))
    best = height.argmax(-1)
    answer = (
        north[rows, outer],
        south[rows, inner],
        spread_north[rows, outer],
        spread_south[rows, inner],
        place[rows, best],
        height[rows, best],
    )
    return (*answer, _status(x, fit, answer, limits))


def _status(
    x: np.ndarray, fit: Fit, answer: tuple[np.ndarray, ...], limits: Limits
) -> np.ndarray:
    poleward, equatorward, spread_north, spread_south, *_ = answer
    height = fit.parameters[:, 3::3]
    noise = np.sqrt(np.diagonal(fit.covariance, axis1=-2, axis2=-1)[:, 3::3])
    width = fit.parameters[:, 5::3]
    low, high = np.log(_oval_fit.WIDTHS)
    reasons = {
        "no oval stands out of the noise": (
            height < limits.significance * noise
        ).any(-1),
        "a width that noise or background may have": (
            (width < low + 1e-6) | (width > high - 1e-6)
        ).any(-1),
        "two arcs that do not belong together": _apart(fit),
        "the oval leaves the latitudes looked at": (
            (poleward > x[-1] + 0.5) | (equatorward < x[0] - 0.5)
        ),
        "the edges are uncertain": (
            np.maximum(spread_north, spread_south) > limits.uncertainty
        ),
    }
    status = np.full(len(height), "found", object)
    for reason, holds in reversed(reasons.items()):
        status[holds] = reason
    return status


def _apart(fit: Fit) -> np.ndarray:
    """Whether two Gaussians are too far apart or too unequal."""
    height, place, sigma = (fit.parameters[:, k::3] for k in (3, 4, 5))
    if height.shape[1] == 1:
        return np.zeros(len(height), bool)
    half = FWHM / 2.0 * np.exp(sigma)
    gap = np.abs(np.diff(place))[:, 0] - half.sum(-1)
    return (gap > APART) | (height.min(-1) < FAINTEST * height.max(-1))


def _astray(edge: np.ndarray, status: np.ndarray) -> np.ndarray:
    """Whether an edge is far from the median of five sectors about it."""
    found = np.where(status == "found", edge, np.nan)
    around = np.stack([np.roll(found, k) for k in (-2, -1, 0, 1, 2)])
    enough = np.isfinite(around).sum(0) >= 3
    middle = np.full_like(found, np.nan)
    middle[enough] = np.nanmedian(around[:, enough], axis=0)
    return np.abs(found - middle) > ASTRAY


def _sums(
    place: np.ndarray, values: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    size = shape[0] * shape[1]
    return np.bincount(place.ravel(), values.ravel(), size).reshape(shape)


def _roughness(mean: np.ndarray) -> np.ndarray:
    """Noise of each profile, by how much neighbours differ from a line."""
    bend = mean[:, 1:-1] - (mean[:, :-2] + mean[:, 2:]) / 2.0
    with np.errstate(all="ignore"):
        typical = np.array(
            [
                np.median(np.abs(b[np.isfinite(b)]))
                if np.isfinite(b).any()
                else np.nan
                for b in bend
            ]
        )
    return (1.4826 * typical / np.sqrt(1.5))[:, None] + 0.0 * mean
