"""The data behind each panel, by its name: what it is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.events.journey import journey
from smile_explore.explorer.panels import PANELS, Shown
from smile_explore.instruments.visibility import visibility
from smile_explore.retrieval import oval as ovals
from smile_explore.retrieval.crossings import INTERVAL, interval_of
from smile_explore.views import orbit, polar
from smile_explore.views.solar_wind import QUANTITIES

__all__ = ["BEHIND", "behind"]

_HOUR = np.timedelta64(3_600_000_000_000, "ns")


def behind(panel: str, shown: Shown) -> xr.Dataset:
    """Return what a panel is drawn from.

    Pictures that follow the clock give the time that is shown, series all of
    it. Units stand in the attributes of the variables.

    Parameters
    ----------
    panel : str
        A picture of `PANELS`.
    shown : Shown

    Returns
    -------
    data : xarray.Dataset
        With ``panel`` among its attributes.

    Raises
    ------
    ValueError
        If there is no such picture, or nothing to see in it now.
    """
    if panel not in BEHIND:
        why = "is a panel of words" if panel in PANELS else "is no panel"
        raise ValueError(
            f"{panel!r} {why}; there are data behind {', '.join(BEHIND)}"
        )
    data = BEHIND[panel](shown)
    if not data:
        raise ValueError(
            f"there is nothing behind the panel {panel!r} in the event "
            f"{shown.observations.event.name}: nothing was seen, or nothing "
            "is picked"
        )
    return _with_units(data).assign_attrs(panel=panel)


#: Of numbers that no schema of their dataset names.
_UNITS: Final = {
    "dipole_tilt": "deg",
    "exposure": "s",
    "fov_lat": "deg",
    "fov_lon": "deg",
}


def _with_units(data: xr.Dataset) -> xr.Dataset:
    """Return the data, each of them with its unit."""
    lacking = {
        name: data[name].assign_attrs(units=unit)
        for name, unit in _UNITS.items()
        if name in data.variables and "units" not in data[name].attrs
    }
    return data.assign_coords(
        {k: v for k, v in lacking.items() if k in data.coords}
    ).assign({k: v for k, v in lacking.items() if k not in data.coords})


def _field(name: str) -> Callable[[Shown], xr.Dataset]:
    return lambda s: getattr(s.observations, name)


def _at(data: xr.Dataset, shown: Shown) -> xr.Dataset:
    """Return the one time that is shown, if there is anything."""
    return data.sel(time=[shown.time], method="nearest") if data else data


def _cut(plane: str) -> Callable[[Shown], xr.Dataset]:
    def taken(s: Shown) -> xr.Dataset:
        cuts = s.observations.cuts
        names = [f"{one}_{plane}" for one in (s.cut, "boundary")]
        return _at(cuts[[*names, "dipole_tilt"]].assign_attrs(cuts.attrs), s)

    return taken


def _sight(s: Shown) -> xr.Dataset:
    return xr.Dataset() if s.sight is None else s.sight


def _spectral(s: Shown) -> xr.Dataset:
    return xr.Dataset() if s.spectral is None else s.spectral


def _moments(s: Shown) -> xr.Dataset:
    moments = s.observations.ion_moments
    return moments.sel(estimate=[s.estimate]) if moments else moments


def _hodogram(s: Shown) -> xr.Dataset:
    """Return the field around the crossing that is shown, and its axes."""
    rows, field = s.observations.crossings, s.observations.magnetic_field
    if not rows or not rows.sizes["crossing"] or not field:
        return xr.Dataset()
    row = rows.isel(crossing=int(np.abs(rows.time.values - s.time).argmin()))
    axes = {name: row[name].variable for name in ("normal", "tangent")}
    within = float(rows.attrs.get("interval", INTERVAL))
    return interval_of(field, row.time.values, within).assign(axes)


def _keogram(s: Shown) -> xr.Dataset:
    light = s.observations.light
    if not light:
        return light
    hours = polar.sector(s.box, s.mlt)
    strip = ovals.keogram(light, **hours).rename("radiance")
    data = strip.to_dataset().expand_dims(mlt=[hours["mlt"]])
    for name in ("radiance", "mlt"):
        data[name].attrs = light[name].attrs
    return data.assign_attrs(light.attrs, hours_of_local_time=hours["width"])


def _known(s: Shown) -> xr.Dataset:
    """Return what the catalogue knows of the eruptions, one row each."""
    known = s.observations.event.sun
    if not known:
        return xr.Dataset()
    columns = ("eruption", "quantity", "value", "status", "source")
    return xr.Dataset(
        {
            name: ("row", [str(getattr(one, name)) for one in known])
            for name in columns
        }
    )


def _way(s: Shown) -> xr.Dataset:
    """Return how far the front is toward Earth, for every speed known."""
    event = s.observations.event
    way = journey(event)
    if way is None or not way.speeds:
        return xr.Dataset()
    last = max(event.stop, way.start + 48 * _HOUR)
    steps = np.arange(0.0, (last - way.start) / _HOUR, 0.5)
    times = way.start + (steps * _HOUR.astype(float)).astype("m8[ns]")
    models = {"drag-based": False, "constant speed": True}
    rows = [
        [way.height(times, speed, free=free) for speed in way.speeds]
        for free in models.values()
    ]
    dims = ("model", "first_speed", "time")
    far, fast = np.moveaxis(np.asarray(rows, float), 2, 0)
    return xr.Dataset(
        {
            "distance": (
                dims,
                far * way.reach,
                {"units": "AU", "long_name": "of the front from the Sun"},
            ),
            "speed": (dims, fast, {"units": "km s-1"}),
        },
        {
            "time": times,
            "model": list(models),
            "first_speed": (
                "first_speed",
                list(way.speeds),
                {"units": "km s-1"},
            ),
        },
        {
            "eruption": way.eruption.name,
            "toward": "Earth, along the Sun-Earth line",
            "earth": way.earth,
            "settings": str(way.drag),
        },
    )


def _sun_angle(s: Shown) -> xr.Dataset:
    pointing = s.observations.pointing
    names = [one for one in ("sun_angle", "sxi_on") if one in pointing]
    return pointing[names].assign_attrs(pointing.attrs)


def _orbit(s: Shown) -> xr.Dataset:
    seen = s.observations
    looks = seen.pointing[["boresight"]]
    return xr.merge(
        [seen.trajectory, looks], join="left", combine_attrs="override"
    )


def _visibility(s: Shown) -> xr.Dataset:
    seen = s.observations
    return visibility(
        seen.trajectory, solar_wind=seen.solar_wind, pointing=seen.pointing
    )


def _window(s: Shown) -> xr.Dataset:
    """Return where SMILE is and looks, and what is how far from there."""
    looks = _at(s.observations.pointing, s)
    angles = _at(_visibility(s), s)
    return xr.merge(
        [looks, angles],
        join="override",
        compat="override",
        combine_attrs="drop_conflicts",
    )


#: ``taken(shown)`` by name of the panel; a test says that none is missing.
BEHIND: Final[dict[str, Callable[[Shown], Any]]] = {
    **dict.fromkeys(QUANTITIES, _field("solar_wind")),
    "standoff": _field("standoff"),
    "noon": _cut("noon"),
    "equator": _cut("equator"),
    "sxi": lambda s: _at(s.observations.sxi, s),
    "line of sight": _sight,
    "lines": _spectral,
    "spectrum": _spectral,
    "spectrogram": _field("ion_spectrum"),
    "ion density": _moments,
    "ion speed": _moments,
    "ion temperature": _moments,
    "field": _field("magnetic_field"),
    "distribution": lambda s: _at(s.observations.ions, s),
    "hodogram": _hodogram,
    "uvi": lambda s: _at(s.observations.uvi, s),
    "polar map": lambda s: _at(s.observations.light, s),
    "modes": _field("trajectory"),
    "keogram": _keogram,
    "open flux": _field("polar_cap"),
    "flux rates": _field("flux_budget"),
    "Sun": _known,
    "CME": _way,
    "arrival": _way,
    "sun angle": _sun_angle,
    **{f"orbit {name}": _orbit for name in orbit.PLANES},
    "window": _window,
    "visibility": _visibility,
    "view angles": _visibility,
}
