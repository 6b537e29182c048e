# mypy: allow-untyped-defs
"""Compiled spread of what lies below a fit; imported on first use."""

from __future__ import annotations

import numpy as np
from numba import njit

#: A median times this is a standard deviation, of a normal distribution.
_PER_MEDIAN = 1.4826
#: Values fewer than this tell no spread of their own.
_FEWEST = 6
#: Least spread of a group, over that of all.
_LEAST = 0.05


@njit(cache=True, nogil=True)
def spread_below(rest, borders, noise, around):
    """Fill the spread about zero of each group by its negative values.

    The groups lie between `borders` in `rest`; `noise` is the least of each.
    """
    below = -rest[rest < 0]
    overall = 0.0
    if below.size:
        overall = _PER_MEDIAN * np.median(below)
    for n in range(noise.size):
        group = rest[borders[n] : borders[n + 1]]
        low = -group[group < 0]
        spread = overall
        if low.size >= _FEWEST:
            spread = _PER_MEDIAN * np.median(low)
        around[n] = max(spread, noise[n], 1e-6 + _LEAST * overall)
