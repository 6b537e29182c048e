"""Moments of an event that are worth looking at."""

import dataclasses

import numpy as np
import xarray as xr

from smile_explore.explorer.moments import moments


def southward_from(wind, minutes):
    """A wind whose field turns southward for good after some minutes."""
    turned = wind.magnetic_field.copy(deep=True)
    south = wind.time >= wind.time[0] + np.timedelta64(minutes, "m")
    bz = np.where(south, -5.0, 5.0)
    bz[1] = -5.0  # a moment that does not last
    turned.loc[{"component": "z"}] = bz
    return wind.assign(magnetic_field=turned)


def test_what_is_found_stands_among_what_is_marked(observations):
    wind = southward_from(observations.solar_wind, 10)
    marked = dataclasses.replace(
        observations.event,
        moments={"shock": np.datetime64("2012-06-16T21:50", "ns")},
    )
    crossed = np.datetime64("2012-06-16T21:55:30", "ns")
    crossings = xr.Dataset(
        {
            "boundary": ("crossing", ["bow shock"]),
            "direction": ("crossing", ["outbound"]),
        },
        coords={"time": ("crossing", [crossed])},
    )
    seen = dataclasses.replace(
        observations, event=marked, solar_wind=wind, crossings=crossings
    )
    found = moments(seen)
    assert found["shock"] == marked.moments["shock"]
    turned = found["Bz turns southward"]
    assert turned == wind.time.values[wind.time.values >= turned][0]
    assert turned >= wind.time.values[0] + np.timedelta64(10, "m")
    (name,) = [one for one in found if one.startswith("closest nose")]
    estimate = name.partition("(")[2].rstrip(")")
    nose = seen.standoff.standoff.sel(estimate=estimate)
    assert nose.sel(time=found[name]) == nose.min()
    assert found["bow shock, outbound, 21:55"] == crossed
    times = list(found.values())
    assert times == sorted(times)
