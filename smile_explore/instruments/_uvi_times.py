"""One moment after another, of several datasets together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

__all__ = ["joined", "moments", "refuse_other_times"]


def refuse_other_times(pointing: xr.Dataset, **others: Any) -> None:
    """Refuse what has other times than the pointing, by its name."""
    for name, other in others.items():
        if "time" not in getattr(other, "dims", ()):
            continue
        there = other["time"].values
        here = np.atleast_1d(pointing["time"].values)
        if not np.array_equal(here, there):
            raise ValueError(
                f"the {name} ({there.size} times from {there[0]}) and the "
                f"pointing ({here.size} from {here[0]}) must have the same "
                "times; select the nearest with .sel(time=..., "
                "method='nearest')"
            )


def moments(lead: xr.Dataset, *others: Any) -> Iterator[tuple[Any, ...]]:
    """Yield each moment of `lead` with what the others have at it.

    What has no time is the same at all of them.
    """
    if "time" not in lead.dims:
        yield tuple(_at(data, 0) for data in (lead, *others))
        return
    for index in range(lead.sizes["time"]):
        yield tuple(_at(data, index) for data in (lead, *others))


def joined(parts: list[xr.Dataset], like: xr.Dataset) -> xr.Dataset:
    """Join results along the time that `like` has, if it has one."""
    if "time" in like.dims:
        return xr.concat(parts, dim=like["time"])
    if "time" in like.coords:
        return parts[0].assign_coords(time=like["time"])
    return parts[0]


def _at(data: Any, index: int) -> Any:
    return (
        data.isel(time=index) if "time" in getattr(data, "dims", ()) else data
    )
