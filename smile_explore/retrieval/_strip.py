"""Brightness along the Sun-Earth line: one direction out of an image.

The strip follows the plane through the spacecraft and the X axis, in which
Earth, the nose as it is seen, and the Sun lie. The elongation of a line of
sight is its angle from Earth toward the Sun.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from smile_explore.retrieval._view import NoMagnetopause, View

#: Width of a bin of elongation. [deg]
BIN: Final = 0.25
#: Standard deviation of the smoothing, at least a pixel. [deg]
SMOOTHING: Final = {"intensity": 0.25, "counts": 0.8}
#: A peak or an edge this near to the ends of the strip is theirs. [deg]
MARGIN: Final = 1.0
#: The steepest rise is looked for this near to the peak: in images of MHD
#: runs the two are about 3 deg apart (Samsonov et al. 2022). [deg]
FARTHEST_EDGE: Final = 6.0
#: Bins filled less than this share of the usual are not used.
FEWEST_FILL: Final = 0.3
#: Standard deviations by which a peak must exceed both ends. [1]
SIGNIFICANT: Final = 3.0
#: Exposures that are drawn to see how a direction scatters, and their seed.
DRAWS, SEED = 100, 0


@dataclass(frozen=True)
class Direction:
    """A line of sight in the plane of the Sun-Earth line."""

    elongation: float  # deg
    uncertainty: float  # deg, of the noise alone
    earth: np.ndarray  # unit vector toward Earth
    sunward: np.ndarray  # perpendicular to it, in the plane

    def way(self, offset: float = 0.0) -> np.ndarray:
        """Return the line of sight, turned by `offset` degrees."""
        angle = np.radians(self.elongation + offset)
        return np.cos(angle) * self.earth + np.sin(angle) * self.sunward


def plane(position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors toward Earth and, at right angles, sunward."""
    earth = -position / np.sqrt((position**2).sum())
    sunward = np.array([1.0, 0.0, 0.0]) - earth[0] * earth
    length = np.sqrt((sunward**2).sum())
    if length < 1e-3:
        raise NoMagnetopause(
            "the spacecraft is on the Sun-Earth line, where no tangent lies "
            "in the plane of both; use method='tangent_fit'"
        )
    return earth, sunward / length


def direction(view: View, *, edge: str, strip: float) -> Direction:
    """Direction of the brightest or of the steepest place of the strip.

    Raises
    ------
    NoMagnetopause
        If the strip is not in view or has no peak.
    """
    earth, sunward = plane(view.position)
    off = np.degrees(np.arcsin(view.directions @ np.cross(earth, sunward)))
    along = np.degrees(
        np.arctan2(view.directions @ sunward, view.directions @ earth)
    )
    near = np.abs(off) <= strip / 2
    if near.sum() < 2 * MARGIN / view.pixel or np.ptp(along[near]) < 6.0:
        raise NoMagnetopause(
            "the pointing misses the magnetosheath on the Sun-Earth line: "
            "less than 6 deg of that line is in the field of view"
        )
    first = along[near].min()
    bins = int(np.ptp(along[near]) / BIN) + 1
    place = ((along[near] - first) / BIN).astype(int)
    total = np.bincount(place, view.values[near], bins)
    response = np.bincount(place, view.response[near], bins)
    width = max(SMOOTHING[view.quantity], view.pixel) / BIN
    draws = np.broadcast_to(total, (1, bins))
    if view.quantity == "counts":
        rng = np.random.default_rng(SEED)
        draws = np.vstack([draws, rng.poisson(total, (DRAWS, bins))])
        _refuse_noise(total, response)
    found = _places(draws, response, width, edge)
    if not np.isfinite(found[0]) or np.isfinite(found).mean() < 0.7:
        raise NoMagnetopause(
            "the image has no bright arc within the field of view on the "
            "Sun-Earth line"
        )
    low, high = np.nanpercentile(found, [15.87, 84.13])
    return Direction(
        elongation=float(first + found[0] * BIN),
        uncertainty=float((high - low) / 2 * BIN),
        earth=earth,
        sunward=sunward,
    )


def _places(
    draws: np.ndarray, response: np.ndarray, width: float, edge: str
) -> np.ndarray:
    """Bin, with its fraction, of the peak or edge of each draw, or NaN."""
    from scipy.ndimage import gaussian_filter1d

    total = gaussian_filter1d(draws.astype(float), width, mode="constant")
    number = gaussian_filter1d(response, width, mode="constant")
    filled = np.flatnonzero(number > FEWEST_FILL * np.median(number))
    first, last = filled[0], filled[-1]
    mean = total[:, first : last + 1] / number[first : last + 1]
    margin = int(MARGIN / BIN)
    centre = np.arange(first, last + 1) + 0.5
    top = mean.argmax(axis=1)
    good = (top > margin) & (top < mean.shape[1] - 1 - margin)
    if edge == "maximum":
        return np.where(good, centre[0] + _refined(mean, top), np.nan)
    slope = np.diff(mean, axis=1)
    before = np.arange(slope.shape[1]) < top[:, None]
    first_edge = np.maximum(top - FARTHEST_EDGE / BIN, margin)
    before &= np.arange(slope.shape[1]) >= first_edge[:, None]
    steep = np.where(before, slope, -np.inf).argmax(axis=1)
    good &= steep > margin
    return np.where(good, centre[0] + 0.5 + _refined(slope, steep), np.nan)


def _refined(curves: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Peaks refined by a parabola through three bins."""
    top = top.clip(1, curves.shape[1] - 2)
    row = np.arange(len(curves))
    below, most, above = (curves[row, top + n] for n in (-1, 0, 1))
    bend = below - 2 * most + above
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.where(bend < 0, (below - above) / (2 * bend), 0.0)
    return np.asarray(top + shift.clip(-1, 1))


def _refuse_noise(total: np.ndarray, response: np.ndarray) -> None:
    """Refuse counts whose peak does not stand out from both ends."""
    length = max(int(2 * MARGIN / BIN), 1)
    window = np.ones(length)
    sums = np.convolve(total, window, "valid")
    area = np.convolve(response, window, "valid")
    rate = sums / np.maximum(area, 1e-9)
    rate[area < FEWEST_FILL * np.median(area)] = 0.0
    top = int(rate.argmax())
    for end in (0, -1):
        noise = np.sqrt(
            rate[top] / area[top] + rate[end] / max(area[end], 1e-9)
        )
        if rate[top] - rate[end] <= SIGNIFICANT * noise:
            raise NoMagnetopause(
                "the image has no bright arc on the Sun-Earth line that "
                "stands out from the noise; expose longer"
            )
