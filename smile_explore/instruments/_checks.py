"""Checks that several doors share."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["check_same_times"]


def check_same_times(advice: str, **series: Any) -> None:
    """Refuse two series with other times; one without time fits any."""
    (name, one), (other, two) = series.items()
    if "time" not in one.dims or "time" not in two.dims:
        return
    here, there = one["time"].values, two["time"].values
    if not np.array_equal(here, there):
        raise ValueError(
            f"{name} ({here.size} times from {here[0]}) and {other} "
            f"({there.size} times from {there[0]}) must have the same times; "
            f"{advice}"
        )
