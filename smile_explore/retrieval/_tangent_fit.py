"""The tangent fit on one image: brightness on directions -> a surface."""

from __future__ import annotations

from typing import Final

import numpy as np

from smile_explore.retrieval._families import FARTHEST
from smile_explore.retrieval._view import NoMagnetopause, Surface, View

#: Standoff distances that are searched. [R_E]
RANGE: Final = (4.5, 16.0)
#: Size whose shape is taken in the first round. [R_E]
TYPICAL: Final = 8.0
#: The standoff has settled when a round moves it less than this. [R_E]
SETTLED: Final = 0.05
#: Width of a bin of the brightness against the level. [R_E]
BIN: Final = 0.1
#: Standard deviation of the smoothing along the level. [R_E]
SMOOTHING: Final = {"intensity": 0.1, "counts": 0.35}
#: The rim of a sector is fitted to what is this near to the peak of the
#: whole image, and looked for this near to it. [R_E]
WINDOW: Final = 1.5
TRIAL: Final = 1.0
SECTORS: Final = 15
#: Fewer pixels than this in a sector are not used.
FEWEST_PIXELS: Final = 40
#: The peak must lie this far inside what the image covers, or its maximum
#: is the edge of the field of view. [R_E]
MARGIN: Final = 0.6
#: Standard deviations by which it must exceed the counts at both edges. [1]
SIGNIFICANT: Final = 3.0
#: Bins with fewer pixels than this share of the usual number are not used.
FEWEST_FILL: Final = 0.2
#: What the method itself is off: two in three images of the MHD runs D and E,
#: with the counts of five minutes, are nearer than this to the last closed
#: field line (events.requirement). It is 0.05 on surfaces of the family: most
#: of it is that light begins outside that line for northward IMF, and
#: inside, poleward of it, for southward. [R_E]
OWN_ERROR: Final = 0.2
#: Rounds of flaring, grazing levels and rims.
MOST_ROUNDS: Final = 6
#: Fewest sectors with a peak.
FEWEST_SECTORS: Final = 5


def fit(view: View) -> Surface:
    """Fit the surface whose visible rim is the bright arc of an image."""
    brightness = view.values * view.response.mean() / view.response
    directions = view.directions
    position, quantity, family = view.position, view.quantity, view.family
    standoff, flaring = TYPICAL, family.prior[0]
    use = np.ones(brightness.size, dtype=bool)
    guess = np.nan
    for _ in range(MOST_ROUNDS):
        brightness, directions = brightness[use], directions[use]
        level, point = family.graze(
            position, directions, standoff=standoff, flaring=flaring
        )
        if np.isnan(guess):
            guess = _brightest(brightness, level, quantity)
        use = np.abs(level - guess) < 2 * WINDOW
        arc = _arc(brightness, level, point, position, guess)
        log_standoff, change, covariance = solve(*arc, flaring, family.prior)
        moved = float(np.exp(log_standoff)) - standoff
        standoff += moved
        allowed = max(0.03, 0.3 * float(np.sqrt(covariance[1, 1])))
        # Half steps: the bins move with the level, and can make it swing.
        flaring += change if abs(change) < allowed else 0.5 * change
        settled = abs(change) < allowed and abs(moved) < SETTLED
        if settled:
            break
    covariance[0, 0] += (OWN_ERROR / standoff) ** 2
    return Surface(
        family=family,
        standoff=standoff,
        flaring=float(flaring),
        covariance=covariance,
        widest=float(np.degrees(arc[2].max())),
        converged=settled,
        status="found" if settled else "found, but still moving",
    )


def _brightest(
    brightness: np.ndarray, level: np.ndarray, quantity: str
) -> float:
    """Level of the peak of the whole image, a first guess of the rim."""
    near = (level > RANGE[0]) & (level < RANGE[1])
    if near.sum() < FEWEST_PIXELS * FEWEST_SECTORS:
        raise NoMagnetopause(
            "the pointing misses the magnetosheath: too few lines of sight "
            f"graze a magnetopause with a nose at {RANGE[0]} to {RANGE[1]} R_E"
        )
    guess = _peak(brightness[near], level[near], quantity)
    if np.isnan(guess):
        raise NoMagnetopause(
            "the image has no bright arc within the field of view"
        )
    return guess


def _arc(
    brightness: np.ndarray,
    level: np.ndarray,
    point: np.ndarray,
    position: np.ndarray,
    guess: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Level of the rim, its spread and angle theta in sectors of the arc."""
    window = (guess - WINDOW, guess + WINDOW)
    near = (level > window[0]) & (level < window[1])
    level, point, brightness = level[near], point[near], brightness[near]
    away = np.arctan2(point[:, 2], point[:, 1]) - np.arctan2(
        position[2], position[1]
    )
    if guess < position[0]:  # the rim runs round the far side
        away += np.pi
    away = (away + np.pi) % (2 * np.pi) - np.pi
    edges = np.quantile(away, np.linspace(0, 1, SECTORS + 1))
    sector = np.clip(np.searchsorted(edges, away) - 1, 0, SECTORS - 1)
    rims, spread = _rims(brightness, level, sector, window)
    theta = np.arccos(point[:, 0] / np.sqrt((point**2).sum(-1)))
    mean_theta = np.bincount(sector, theta) / np.bincount(sector)
    good = np.isfinite(rims)
    if good.sum() < FEWEST_SECTORS:
        raise NoMagnetopause(
            f"only {good.sum()} of {SECTORS} sectors of the image show a "
            f"rim, {FEWEST_SECTORS} are needed"
        )
    return rims[good], spread[good], mean_theta[good]


def _rims(
    brightness: np.ndarray,
    level: np.ndarray,
    sector: np.ndarray,
    window: tuple[float, float],
) -> tuple[np.ndarray, np.ndarray]:
    """Level of the rim in each sector and its standard deviation.

    Across the rim the brightness is taken as a smooth curve less a chord
    through the dark cavity, which grows as the square root of the depth:
    a peak alone would be found outside the rim by about the smoothing.
    """
    bins = int(round((window[1] - window[0]) / BIN))
    place = ((level - window[0]) / BIN).astype(int).clip(0, bins - 1)
    flat = sector * bins + place
    shape = (SECTORS, bins)
    total = np.bincount(flat, brightness, SECTORS * bins).reshape(shape)
    pixels = np.bincount(flat, minlength=SECTORS * bins).reshape(shape)
    mean = total / np.maximum(pixels, 1)
    centre = window[0] + (np.arange(bins) + 0.5) * BIN
    middle = (window[0] + window[1]) / 2
    rims = middle + np.arange(-TRIAL, TRIAL + BIN / 2, BIN)
    depth = rims[:, None] - centre
    smooth = np.broadcast_to(centre - middle, depth.shape)
    design = np.stack(
        [np.ones_like(depth), smooth, smooth**2, -np.sqrt(depth.clip(0))], -1
    )
    weighted = np.einsum("rbi,sb->rsbi", design, pixels)
    normal = np.einsum("rsbi,rbj->rsij", weighted, design)
    right = np.einsum("rsbi,sb->rsi", weighted, mean)
    normal += (
        1e-9 * np.trace(normal, axis1=2, axis2=3)[..., None, None] * np.eye(4)
    )
    solution = np.linalg.solve(normal, right[..., None])[..., 0]
    model = np.einsum("rbi,rsi->rsb", design, solution)
    misfit = (pixels * (mean - model) ** 2).sum(-1)
    misfit[solution[..., 3] <= 0] = np.inf
    best = np.argmin(misfit, axis=0)
    inside = (best > 0) & (best < rims.size - 1)
    best = np.clip(best, 1, rims.size - 2)
    column = np.arange(SECTORS)
    below, least, above = (misfit[best + n, column] for n in (-1, 0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        bend = below - 2 * least + above
        shift = (below - above) / (2 * bend)
        freedom = np.maximum((pixels > 0).sum(1) - 5, 1)
        spread = BIN * np.sqrt(2 * least / freedom / bend)
    inside &= np.isfinite(shift) & (pixels.sum(1) >= FEWEST_PIXELS)
    found = rims[best] + np.clip(shift, -1, 1) * BIN
    return np.where(inside, found, np.nan), spread


def _peak(brightness: np.ndarray, level: np.ndarray, quantity: str) -> float:
    """Level of the highest interior maximum of the mean, NaN if none."""
    from scipy.ndimage import gaussian_filter1d

    smoothing = SMOOTHING[quantity] / BIN
    bins = int(round((RANGE[1] - RANGE[0]) / BIN))
    place = ((level - RANGE[0]) / BIN).astype(int)
    sums = np.bincount(place, brightness, bins)
    pixels = np.bincount(place, minlength=bins).astype(float)
    total, number = (
        gaussian_filter1d(a, smoothing, mode="constant")
        for a in (sums, pixels)
    )
    filled = number > FEWEST_FILL * np.median(number[number > 0])
    mean = np.where(filled, total / np.maximum(number, 1e-9), 0.0)
    top = int(np.argmax(mean))
    first, last = np.flatnonzero(filled)[[0, -1]]
    edge = int(MARGIN / BIN)
    if top <= first + edge or top >= last - edge:
        return np.nan
    there = slice(top - edge // 2, top + edge // 2 + 1)
    for start in (first, last - edge + 1):
        end = slice(start, start + edge)
        if not _stands_out(sums, pixels, there, end, quantity):
            return np.nan
    return float(RANGE[0] + (top + 0.5) * BIN)


def _stands_out(
    sums: np.ndarray,
    pixels: np.ndarray,
    there: slice,
    end: slice,
    quantity: str,
) -> bool:
    """Tell if the peak is brighter than an end of what the image covers."""
    bright, dim = sums[there].sum(), sums[end].sum()
    many, few = pixels[there].sum(), pixels[end].sum()
    noise = 0.0
    if quantity == "counts":
        noise = np.sqrt(bright / many**2 + dim / few**2)
    return bool(bright / many - dim / few > SIGNIFICANT * noise)


def solve(
    rims: np.ndarray,
    spread: np.ndarray,
    theta: np.ndarray,
    flaring: float,
    prior: tuple[float, float],
) -> tuple[float, float, np.ndarray]:
    """Least squares, robust against a few sectors, for r0 and flaring.

    To first order log(level) of the true rim, computed with `flaring`, is
    log(r0) - (a - flaring) log((1 + cos theta) / 2).
    """
    design = np.stack(
        [np.ones_like(theta), -np.log((1 + np.cos(theta)) / 2)], -1
    )
    observed = np.log(rims)
    error = np.maximum(spread / rims, 1e-4)
    mean, width = prior
    robust = np.ones_like(observed)
    excess = 1.0
    for _ in range(10):
        weight = robust / (error * excess) ** 2
        normal = design.T @ (design * weight[:, None])
        right = design.T @ (observed * weight)
        normal[1, 1] += 1 / width**2
        right[1] += (mean - flaring) / width**2
        solution = np.linalg.solve(normal, right)
        size = np.abs(observed - design @ solution) / error
        excess = max(1.4826 * float(np.median(size)), 1.0)
        robust = np.minimum(1, 1.5 * excess / np.maximum(size, 1e-9))
    changed = np.clip(flaring + solution[1], mean - FARTHEST, mean + FARTHEST)
    change = changed - flaring
    return float(solution[0]), float(change), np.linalg.inv(normal)
