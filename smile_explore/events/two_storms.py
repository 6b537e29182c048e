"""Two storms on one clock: hours after a moment that both have.

What is compared comes from the solar wind alone: boundary models, the oval
that Kp stands for, and the X-ray image of a moment in the analytic model, so
that both storms are treated alike and nothing long is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import solar_wind as wind_data
from smile_explore.events import activity, cubes, simulate
from smile_explore.events.settings import Settings
from smile_explore.instruments import sxi
from smile_explore.observations import Event
from smile_explore.physics import aurora_boundaries, boundaries

__all__ = ["Story", "extremes_of", "image", "story", "together"]

#: What clocks are set to unless another moment is asked for.
SHOCK: Final = "shock arrives"
_HOUR: Final = np.timedelta64(3_600_000_000_000, "ns")
_MLT: Final = np.arange(0.0, 24.0, 1.0)
#: Starkov's AL turns down beyond it.
_MOST_KP: Final = 8.8


@dataclass(frozen=True)
class Story:
    """A storm in hours from one of its moments.

    Parameters
    ----------
    event : Event
    moment : str
        What the hours are counted from.
    zero : numpy.datetime64
        When that was. [UTC]
    solar_wind : xarray.Dataset (SOLAR_WIND)
    told : xarray.Dataset
        Along `hours`: `dynamic_pressure` [nPa], `speed` [km s-1], `bz` [nT],
        `standoff` of Shue et al. (1998) [R_E], `kp`, and `oval`, the mean
        colatitude of the equatorward edge of Starkov's oval [deg].
    """

    event: Event
    moment: str
    zero: np.datetime64
    solar_wind: xr.Dataset
    told: xr.Dataset

    @property
    def name(self) -> str:
        """What the storm is called in a picture."""
        measured = self.solar_wind.attrs.get("measured")
        return self.event.name + ("" if measured else " (not measured)")

    def time(self, hours: float) -> np.datetime64:
        """Return the time (UTC) so many hours from the moment."""
        return self.zero + np.timedelta64(round(hours * 3.6e12), "ns")


def story(event: Event, *, moment: str | None = None) -> Story:
    """Tell a storm in hours from one of its moments.

    Parameters
    ----------
    event : Event
    moment : str, optional
        One of ``event.moments``; by default ``"shock arrives"``, or the focus
        of an event that knows none.

    Raises
    ------
    ValueError
        If the event does not have that moment, or no source its wind.
    """
    if moment is None:
        moment = SHOCK if SHOCK in event.moments else "focus"
    known = {"focus": event.focus, **event.moments}
    if moment not in known:
        raise ValueError(
            f"{event.name} has no moment {moment!r}; it has {', '.join(known)}"
        )
    zero = known[moment]
    solar_wind = wind_data.load(
        event.start, event.stop, source=event.solar_wind
    )
    times = solar_wind["time"].values
    kp, record = activity.driver(event, solar_wind, times, Settings())
    pressure = solar_wind["dynamic_pressure"].values
    bz = solar_wind["magnetic_field"].sel(component="z").values
    flow = solar_wind["velocity"].transpose("time", "component").values
    along = {
        "dynamic_pressure": (pressure, "nPa"),
        "speed": (np.linalg.norm(flow, axis=1), "km s-1"),
        "bz": (bz, "nT"),
        "standoff": (
            boundaries.shue_magnetopause(0.0, pressure, bz),
            "R_E",
        ),
        "kp": (kp.values, "1"),
        "oval": (_oval(kp.values), "deg"),
    }
    told = xr.Dataset(
        {
            name: ("hours", np.asarray(values), {"units": units})
            for name, (values, units) in along.items()
        },
        {"hours": (times - zero) / _HOUR},
        {"kp_source": record["kp_source"]},
    )
    return Story(event, moment, zero, solar_wind, told)


def together(stories: tuple[Story, Story]) -> tuple[float, float]:
    """Return the hours that both storms have.

    Raises
    ------
    ValueError
        If there are none.
    """
    first = max(float(one.told.hours[0]) for one in stories)
    last = min(float(one.told.hours[-1]) for one in stories)
    if first >= last:
        names = " and ".join(one.event.name for one in stories)
        raise ValueError(f"{names} have no hours in common: choose a moment")
    return first, last


def extremes_of(*stories: Story) -> pd.DataFrame:
    """Return the extremes of storms, one row each, for a table.

    Parameters
    ----------
    *stories : Story
    """
    rows = {
        one.event.name: {
            "wind": "measured"
            if one.solar_wind.attrs.get("measured")
            else "not measured",
            "largest pressure [nPa]": float(one.told.dynamic_pressure.max()),
            "largest speed [km/s]": float(one.told.speed.max()),
            "least Bz [nT]": float(one.told.bz.min()),
            "nearest nose [R_E]": float(one.told.standoff.min()),
            "widest oval [deg]": float(one.told.oval.max()),
            "largest Kp": float(one.told.kp.max()),
        }
        for one in stories
    }
    return pd.DataFrame.from_dict(rows, orient="index").round(2)


def image(story: Story, hours: float) -> xr.Dataset | None:
    """Return SXI's image so many hours from the moment, in the analytic model.

    Parameters
    ----------
    story : Story
    hours : float
        From the moment; the nearest minute of the wind is taken. [h]

    Returns
    -------
    image : xarray.Dataset (SXI_IMAGE) or None
        `intensity` of one time; None where the wind is not known or SXI is
        off.
    """
    settings = Settings()
    times = story.solar_wind["time"].values
    time = times[abs(times - story.time(hours)).argmin()]
    instant = replace(story.event, start=time, stop=time, focus=time, runs=())
    trajectory, pointing = simulate.fly(instant, np.array([time]), settings)
    if not bool(pointing["sxi_on"][0]):
        return None
    try:
        cube = cubes.cube(instant, story.solar_wind)
    except ValueError:  # a gap
        return None
    emissivity = simulate.emissivity_of(cube, settings)
    return sxi.intensity(emissivity, pointing).isel(time=0).compute()


def _oval(kp: np.ndarray) -> np.ndarray:
    """Return the radius (deg) of the oval that a Kp stands for."""
    radius = np.full(kp.shape, np.nan)
    tenths = np.round(np.minimum(kp, _MOST_KP), 1)
    for value in np.unique(tenths[np.isfinite(tenths)]):
        al = float(aurora_boundaries.al_from_kp(value))
        edge = aurora_boundaries.starkov(_MLT, al=max(al, 1.0))
        radius[tenths == value] = 90.0 - float(edge["equatorward"].mean())
    return radius
