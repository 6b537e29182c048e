"""What drives the aurora of an event: Kp and F10.7, with their sources."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.data import indices
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.events.settings import Settings
from smile_explore.instruments.uvi import F107
from smile_explore.observations import Event
from smile_explore.physics import kp

__all__ = ["driver"]

#: A published index is known every hour or oftener.
_HOUR: Final = "1h"
_KP_STEP: Final = np.timedelta64(3, "h")
_THIRD: Final = {"-": -1.0 / 3.0, "o": 0.0, "+": 1.0 / 3.0}


def driver(
    event: Event,
    solar_wind: xr.Dataset,
    times: np.ndarray,
    settings: Settings,
) -> tuple[xr.DataArray, dict[str, Any]]:
    """Return Kp along time and F10.7, each with where it comes from.

    Parameters
    ----------
    event : Event
    solar_wind : xarray.Dataset (SOLAR_WIND)
    times : numpy.ndarray of datetime64
    settings : Settings

    Returns
    -------
    kp : xarray.DataArray
        Along `time`; NaN where it is not known.
    record : dict
        ``f107``, ``f107_source`` and ``kp_source``.
    """
    known = event.activity
    own = known.get("source", "the catalog of events")
    found = None if {"kp", "f107"} <= set(known) else _published(event)
    f107, f107_source = float(known.get("f107", F107)), own
    if settings.f107 is not None:
        f107, f107_source = settings.f107, "set by hand"
    elif "f107" not in known:
        f107, f107_source = F107, "assumed: a moderate Sun"
        if found is not None and np.isfinite(found["f10_7"]).any():
            f107 = float(found["f10_7"].median())
            f107_source = found["f10_7"].attrs["source"]
    if settings.kp == "measured" and "kp" in known:
        values, source = _measured_kp(event, times), f"measured: {own}"
    elif (
        settings.kp == "measured"
        and found is not None
        and np.isfinite(found["kp"]).any()
    ):
        held = found["kp"].reindex(time=times, method="ffill", tolerance=_HOUR)
        values = held.values
        source = f"measured: {found['kp'].attrs['source']}"
    else:
        minute = kp.from_solar_wind(solar_wind)
        values = minute.sel(time=times, method="nearest").values
        source = (
            "from the solar wind, mean over "
            f"{kp.AVERAGE:g} min (Newell et al. 2008)"
        )
        if settings.kp == "measured":
            source += "; the event has no measured Kp"
    index = xr.DataArray(values, {"time": times}, "time", name="kp")
    index.attrs = {"units": "1", "long_name": "Kp", "source": source}
    return index, {
        "f107": f107,
        "f107_source": f107_source,
        "kp_source": source,
    }


def _published(event: Event) -> xr.Dataset | None:
    """Return indices of the event that are on this computer."""
    try:
        return indices.load(event.start, event.stop, download=False)
    except DataUnavailable:
        return None


def _measured_kp(event: Event, times: np.ndarray) -> np.ndarray:
    """Return the index of the three hours that each time lies in."""
    values = np.array([_kp_number(text) for text in event.activity["kp"]])
    first = np.datetime64(event.activity["kp_from"])
    index = (times - first) // _KP_STEP
    inside = (index >= 0) & (index < values.size)
    return np.where(inside, values[np.where(inside, index, 0)], np.nan)


def _kp_number(text: str) -> float:
    """Read ``"3-"`` as 2.67."""
    try:
        return float(text[:-1]) + _THIRD[text[-1]]
    except (KeyError, ValueError, IndexError):
        raise ValueError(
            f'Kp must be written as "3-", "3o" or "3+", got {text!r}'
        ) from None
