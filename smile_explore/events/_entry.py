"""What the catalog says of an event that was made of its solar wind."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import indices
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.events import wind_facts
from smile_explore.events._steps import Progress
from smile_explore.instruments import orbit

__all__ = ["entry"]

_ORDINALS: Final = ("", "second ", "third ", "fourth ", "fifth ")
_HALF_ORBIT: Final = np.timedelta64(1530, "m")
#: Nodes that are tried for the view. [deg]
_NODES: Final = np.arange(0.0, 360.0, 30.0)


def entry(
    solar_wind: xr.Dataset,
    *,
    title: str | None,
    cadence: int,
    bridge: float,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return an entry as the catalog has it, but for the file of its wind.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        As `kept_wind.by_minute` returns it; its ends are those of the event.
    title : str or None
        By default one made of the extremes.
    cadence : int
        [s]
    bridge : float
        Longest gap that was bridged. [min]
    progress : callable, optional
        ``progress(done, total)`` while indices are fetched.
    """
    times = solar_wind["time"].values
    start, stop = times[0], times[-1]
    most = wind_facts.extremes(solar_wind)
    focus = most["max_pressure"][1]
    activity = _activity(solar_wind, start, stop, progress)
    return {
        "title": title or _title(start, stop, most, activity),
        "summary": _summary(solar_wind),
        "start": _written(start),
        "stop": _written(stop),
        "focus": _written(focus),
        "cadence": cadence,
        "moments": {
            name: _written(time)
            for name, time in _moments(solar_wind, most, activity)
        },
        "orbit": _orbit(start, stop, focus),
        "activity": activity,
        "facts": _facts(solar_wind, most, activity, bridge),
    }


def _title(
    start: np.datetime64,
    stop: np.datetime64,
    most: dict[str, tuple[float, np.datetime64]],
    activity: dict[str, Any],
) -> str:
    parts = [f"{most['max_pressure'][0]:.0f} nPa"]
    if "min_bz" in most and most["min_bz"][0] < 0.0:
        parts.append(f"Bz down to {most['min_bz'][0]:.0f} nT")
    if "sym_h_min" in activity:
        parts.append(f"SYM-H {activity['sym_h_min']:.0f} nT")
    return f"{_days(start, stop)}: {', '.join(parts)}"


def _days(start: np.datetime64, stop: np.datetime64) -> str:
    """Return ``"16-17 June 2012"``; midnight ends a day."""
    first, last = pd.Timestamp(start), pd.Timestamp(stop) - pd.Timedelta(1)
    if first.date() == last.date():
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}-{last.day} {first:%B %Y}"
    return f"{first.day} {first:%B %Y} - {last.day} {last:%B %Y}"


def _summary(solar_wind: xr.Dataset) -> str:
    about = solar_wind.attrs
    kind = "Measured" if about.get("measured") else "Not measured"
    return (
        f"Made of its solar wind. {kind}: {about.get('source', 'unknown')}. "
        "Magnetosphere, images and aurora are simulated, and SMILE is "
        "virtual: at apogee at the focus, on the orbit whose node lets SXI "
        "look longest."
    )


def _moments(
    solar_wind: xr.Dataset,
    most: dict[str, tuple[float, np.datetime64]],
    activity: dict[str, Any],
) -> list[tuple[str, np.datetime64]]:
    found = [
        (f"{ordinal}shock arrives", time)
        for ordinal, time in zip(
            _ORDINALS, wind_facts.shocks(solar_wind), strict=False
        )
    ]
    found.append(("strongest compression", most["max_pressure"][1]))
    if "min_bz" in most and most["min_bz"][0] < 0.0:
        found.append(("southward peak", most["min_bz"][1]))
    if "sym_h_min_time" in activity:
        time = np.datetime64(activity["sym_h_min_time"])
        found.append(("lowest SYM-H", time))
    return sorted(found, key=lambda one: one[1])


def _facts(
    solar_wind: xr.Dataset,
    most: dict[str, tuple[float, np.datetime64]],
    activity: dict[str, Any],
    bridge: float,
) -> list[dict[str, str]]:
    """Return what is known of wind and indices, and what is not."""
    about = solar_wind.attrs
    source = str(about.get("url") or about.get("file") or "unknown")
    told = [
        f"Largest {words}: {most[name][0]:.1f} {unit} at "
        f"{_clock(most[name][1])}."
        for name, words, unit in (
            ("max_pressure", "dynamic pressure of protons", "nPa"),
            ("max_speed", "speed", "km/s"),
        )
        if name in most
    ]
    if "min_bz" in most:
        value, time = most["min_bz"]
        told.append(f"Least Bz (GSM): {value:.1f} nT at {_clock(time)}.")
    told += [
        f"A shock or steep front at {_clock(time)}, found where within "
        f"{wind_facts.WINDOW} min the dynamic pressure rises more than "
        f"{wind_facts.PRESSURE_RATIO:g} times, the speed by "
        f"{wind_facts.SPEED_STEP:g} km/s and the field "
        f"{wind_facts.FIELD_RATIO:g} times."
        for time in wind_facts.shocks(solar_wind)
    ]
    told += _gaps(solar_wind, bridge)
    facts = [{"text": text, "source": source} for text in told]
    if "sym_h_min" in activity:
        facts.append(
            {
                "text": f"SYM-H fell to {activity['sym_h_min']:.0f} nT at "
                f"{_clock(np.datetime64(activity['sym_h_min_time']))}.",
                "source": str(activity["source"]),
            }
        )
    return facts


def _gaps(solar_wind: xr.Dataset, bridge: float) -> list[str]:
    told = []
    bridged = int(solar_wind["bridged"].sum())
    if bridged:
        told.append(
            f"At {bridged} of {solar_wind.sizes['time']} minutes the wind "
            f"lies on straight lines across gaps of up to {bridge:g} min."
        )
    if found := wind_facts.gaps(solar_wind):
        longest = max(found, key=lambda gap: gap[1] - gap[0])
        lacking = int((~wind_facts.known(solar_wind)).sum())
        told.append(
            f"The wind is not known at {lacking} minutes in {len(found)} "
            f"gap{'s' if len(found) > 1 else ''}, the longest "
            f"{_clock(longest[0])} to {_clock(longest[1])}: there are no "
            "images then."
        )
    return told


def _activity(
    solar_wind: xr.Dataset,
    start: np.datetime64,
    stop: np.datetime64,
    progress: Progress | None,
) -> dict[str, Any]:
    """Return the indices of a wind that was measured, where they are known."""
    if not solar_wind.attrs.get("measured"):
        return {}
    try:
        found = indices.load(start, stop, progress=progress)
    except DataUnavailable:
        return {}
    known: dict[str, Any] = {}
    first = start.astype("datetime64[h]")
    first -= np.timedelta64(int(first.astype(int)) % 3, "h")
    threes = np.arange(first, stop + 1, np.timedelta64(3, "h"))
    held = found["kp"].reindex(
        time=np.maximum(threes.astype("datetime64[ns]"), start),
        method="ffill",
        tolerance="3h",
    )
    if np.isfinite(held).all():
        known["kp_from"] = str(first.astype("datetime64[m]"))
        known["kp"] = [_kp_text(value) for value in held.values]
    if np.isfinite(found["f10_7"]).any():
        known["f107"] = round(float(found["f10_7"].median()), 1)
    within = found["sym_h"].sel(time=slice(start, stop))
    if np.isfinite(within).any():
        known["sym_h_min"] = float(within.min())
        lowest = within.idxmin("time").values
        known["sym_h_min_time"] = str(lowest.astype("datetime64[m]"))
    if known:
        known["source"] = "; ".join(
            sorted({str(found[n].attrs["source"]) for n in _used(known)})
        )
    return known


def _used(known: dict[str, Any]) -> list[str]:
    names = {"kp": "kp", "f107": "f10_7", "sym_h_min": "sym_h"}
    return [name for key, name in names.items() if key in known]


def _kp_text(value: float) -> str:
    """Write 2.67 as ``"3-"``."""
    whole, third = divmod(round(3.0 * value), 3)
    return f"{whole + (third == 2)}{('o', '+', '-')[third]}"


def _orbit(
    start: np.datetime64, stop: np.datetime64, focus: np.datetime64
) -> dict[str, Any]:
    """Return elements of SMILE at apogee at the focus, seeing most.

    Of nodes that let SXI look equally long the one that keeps SMILE nearest
    to the plane of the terminator is taken.
    """
    perigee = (focus - _HALF_ORBIT).astype("datetime64[s]")
    times = np.arange(start, stop + 1, np.timedelta64(1, "h"))
    best: tuple[float, float] = (-1.0, 0.0)
    node = 0.0
    for raan in _NODES:
        elements = replace(orbit.SMILE, raan=raan, perigee_time=perigee)
        flight = orbit.trajectory(times, elements=elements)
        share = float(orbit.pointing(flight)["sxi_on"].mean())
        x = flight["position"].isel(component=0)
        merit = (round(share, 2), -float(abs(x).mean()))
        if merit > best:
            best, node = merit, float(raan)
    chosen = asdict(replace(orbit.SMILE, raan=node, perigee_time=str(perigee)))
    return {
        name: chosen[name]
        for name in ("raan", "argument_of_perigee", "perigee_time")
    }


def _written(time: np.datetime64) -> Any:
    return pd.Timestamp(time).to_pydatetime(warn=False)


def _clock(time: np.datetime64) -> str:
    return f"{pd.Timestamp(time):%Y-%m-%d %H:%M} UT"
