"""Where a series is without a break."""

from __future__ import annotations

import numpy as np

__all__ = ["gaps", "spans"]


def gaps(times: np.ndarray) -> np.ndarray:
    """Tell which steps are longer than one and a half of the usual."""
    steps = np.diff(times).astype(np.int64)
    usual = np.median(steps) if steps.size else 0
    return steps > 1.5 * usual


def spans(met: np.ndarray, times: np.ndarray) -> list[tuple[int, int]]:
    """Return the numbers of the first and last moment of each run."""
    follows = met[1:] & met[:-1] & ~gaps(times)
    first = np.flatnonzero(met & ~np.r_[False, follows])
    last = np.flatnonzero(met & ~np.r_[follows, False])
    return list(zip(first.tolist(), last.tolist(), strict=True))
