"""Steps in several series at once, by medians that outliers do not move."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

__all__ = ["medians", "middle", "picks", "scores"]

#: From the median absolute deviation to a standard deviation.
_NORMAL = 1.4826
#: Least share of a window that must be known.
_KNOWN = 0.5


def scores(
    series: Mapping[str, np.ndarray], floors: Mapping[str, float], count: int
) -> dict[str, np.ndarray]:
    """Return how far each series steps, in its own scatter.

    Parameters
    ----------
    series : mapping of str to numpy.ndarray
        (time, component) each; the length of a step is that of the vector.
    floors : mapping of str to float
        Least scatter, so that a quiet series makes no step of nothing.
    count : int
        Samples on either side.

    Returns
    -------
    scores : dict of str to numpy.ndarray
        By sample: the step between the medians of the `count` samples before
        it and the `count` from it on, over their scatter; NaN near the ends.
    """
    found = {}
    for name, values in series.items():
        middle_of, scatter = _windows(values, count)
        step = np.full(len(values), np.nan)
        inside = slice(count, len(values) - count + 1)
        apart = middle_of[count:] - middle_of[:-count]
        both = np.hypot(scatter[count:], scatter[:-count]) / np.sqrt(2.0)
        step[inside] = np.linalg.norm(apart, axis=1) / (both + floors[name])
        found[name] = step
    return found


def picks(score: np.ndarray, count: int, threshold: float) -> np.ndarray:
    """Return where a score is above `threshold` and highest within `count`."""
    filled = np.where(np.isfinite(score), score, -np.inf)
    chosen: list[int] = []
    for index in np.argsort(-filled, kind="stable"):
        if not filled[index] > threshold:
            break
        if all(abs(index - other) > count for other in chosen):
            chosen.append(int(index))
    return np.sort(np.array(chosen, dtype=int))


def medians(
    values: np.ndarray, index: int, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the medians (component,) before and from `index` on."""
    before = values[max(index - count, 0) : index]
    after = values[index : index + count]
    return _median(before.T), _median(after.T)


def middle(values: np.ndarray, index: int, count: int) -> float:
    """Return where, in samples, a series is half way through its step.

    The crossing nearest to `index` of the level between the medians of
    either side, seen along the line that joins them.
    """
    before, after = medians(values, index, count)
    start = max(index - count, 0)
    part = values[start : index + count]
    share = (part - before) @ (after - before)
    share = share / np.sum((after - before) ** 2) - 0.5
    rises = np.flatnonzero((share[:-1] < 0.0) & (share[1:] >= 0.0))
    if not rises.size:
        return float(index)
    where = start + rises + share[rises] / (share[rises] - share[rises + 1])
    return float(where[np.argmin(abs(where - index))])


def _windows(values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return median and scatter of every window of `count` samples."""
    if len(values) < count:
        return np.empty((0, values.shape[1])), np.empty(0)
    parts = np.lib.stride_tricks.sliding_window_view(values, count, axis=0)
    centre = _median(parts)
    away = np.linalg.norm(parts - centre[:, :, None], axis=1)
    return centre, _NORMAL * _median(away)


def _median(parts: np.ndarray) -> np.ndarray:
    """Return the median along the last axis of what is known there."""
    known = np.isfinite(parts).sum(axis=-1)
    ordered = np.sort(parts, axis=-1)  # NaN last
    low, high = np.maximum(known - 1, 0) // 2, np.maximum(known, 1) // 2
    pair = np.stack([low, np.minimum(high, parts.shape[-1] - 1)], axis=-1)
    centre = np.take_along_axis(ordered, pair, axis=-1).mean(axis=-1)
    enough = known >= max(1.0, _KNOWN * parts.shape[-1])
    return np.where(enough, centre, np.nan)
