"""Moments of an event worth looking at: those marked, and those found."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.observations import Observations
from smile_explore.views.style import MARK

__all__ = ["moments"]

#: Southward counts once the field has stayed so for this long.
_LASTS = np.timedelta64(10, "m")


def moments(seen: Observations) -> dict[str, np.datetime64]:
    """Return what happens when, in order of time.

    Parameters
    ----------
    seen : Observations

    Returns
    -------
    moments : dict of str to numpy.datetime64
        The event's own; and found in what was seen: the closest nose, the
        first turning of the solar wind's field to the south that lasts, and
        the boundaries that SMILE crosses.
    """
    found = dict(seen.event.moments)
    found |= _closest_nose(seen.standoff)
    found |= _southward(seen.solar_wind)
    found |= _crossed(seen.crossings)
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _closest_nose(standoff: xr.Dataset) -> dict[str, np.datetime64]:
    """By the first estimate that does not come from images."""
    for name in standoff.estimate.values:
        one = standoff.standoff.sel(estimate=name)
        if name not in MARK and np.isfinite(one).any():
            when = one.time.values[int(np.nanargmin(one.values))]
            return {f"closest nose ({name})": when}
    return {}


def _southward(wind: xr.Dataset) -> dict[str, np.datetime64]:
    bz = wind.magnetic_field.sel(component="z").values
    times = wind.time.values
    south = bz < 0.0
    turns = np.flatnonzero(south[1:] & ~south[:-1]) + 1
    for start in turns:
        stays = (times >= times[start]) & (times <= times[start] + _LASTS)
        if south[stays].all():
            return {"Bz turns southward": times[start]}
    return {}


def _crossed(crossings: xr.Dataset) -> dict[str, np.datetime64]:
    if not crossings:
        return {}
    rows = (
        crossings.isel(crossing=number)
        for number in range(crossings.sizes["crossing"])
    )
    return {_named(row): row.time.values[()] for row in rows}


def _named(row: xr.Dataset) -> str:
    """Return what is crossed, which way if it is known, and when."""
    parts = (row.boundary.item(), row.direction.item())
    minute = str(row.time.values)[11:16]
    return ", ".join([*filter(None, parts), minute])
