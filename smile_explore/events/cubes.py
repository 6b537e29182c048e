"""The cube of an event at every time: an MHD run, or the analytic model."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.data import mhd, samples
from smile_explore.events import wind_facts
from smile_explore.observations import Event, Run
from smile_explore.physics import magnetosphere, masks
from smile_explore.schema import CUBE, SOLAR_WIND

__all__ = ["ANALYTIC", "choose", "count", "cube", "driver"]

#: What the analytic cube is called where it is shown.
ANALYTIC = "analytic model"
#: Stands in for a run where an event has none.
_NO_RUN = Run(
    ANALYTIC, "", "A model between empirical boundaries, not a simulation."
)
#: Then, what the samples hold too: the dayside, and SMILE's north. [R_E]
_AXES = (
    np.arange(-4.5, 16.1, 0.5),
    np.arange(-12.0, 12.1, 0.5),
    np.arange(-10.0, 19.6, 0.5),
)


def choose(event: Event, run: str | None = None) -> Run:
    """Return the run of `event` called `run`, by default its first.

    An event without runs has one called `ANALYTIC`.

    Raises
    ------
    ValueError
        If the event has no such run.
    """
    known = {one.name: one for one in event.runs or (_NO_RUN,)}
    if run is None:
        return next(iter(known.values()))
    if run not in known:
        raise ValueError(
            f"{event.name} has no run {run!r}; it has {', '.join(known)}"
        )
    return known[run]


def count(
    event: Event, *, run: str | None = None, cadence: float = 600.0
) -> int:
    """Return how many cubes `cube` would give, and so how many images."""
    chosen = choose(event, run)
    covered = np.array([])
    if chosen is not _NO_RUN:
        within = slice(event.start, event.stop)
        covered = _open(chosen).time.sel(time=within).values
    return covered.size + _times_without(covered, event, cadence).size


def cube(
    event: Event,
    solar_wind: xr.Dataset,
    *,
    run: str | None = None,
    cadence: float = 600.0,
) -> xr.Dataset:
    """Return the cubes of an event, lazily, one dask chunk per time.

    Parameters
    ----------
    event : Event
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Drives the analytic model in the hours that the run does not cover.
    run : str, optional
        Name of an MHD run of the event, by default its first.
    cadence : float
        Of the analytic cubes; the run keeps its own times, and where the
        solar wind is not known there is no cube. [s]

    Returns
    -------
    cube : xarray.Dataset (CUBE)
        With ``model`` along time, the name of the run or `ANALYTIC`, and
        ``exact_standoff`` [R_E], which only analytic cubes know. The
        attributes are what the run says of itself: citation, caveats.

    Raises
    ------
    ValueError
        If the event has no such run, or neither run nor known solar wind.
    """
    chosen = choose(event, run)
    if chosen is _NO_RUN:
        times = _times_without(np.array([]), event, cadence)
        times = _driven(times, solar_wind)
        if not times.size:
            raise ValueError(
                f"the solar wind of {event.name} is known at no time of its "
                "images: choose another source of it"
            )
        alone = _analytic(solar_wind, times, _AXES)
        alone["solar_wind_fraction"].attrs["method"] = f"exact ({ANALYTIC})"
        return CUBE.stamp(alone)
    simulated = _simulated(chosen).sel(time=slice(event.start, event.stop))
    times = _times_without(simulated.time.values, event, cadence)
    times = _driven(times, solar_wind)
    axes = tuple(simulated[axis].values for axis in "xyz")
    both = [_named(simulated, chosen.name)]
    if times.size:
        both.append(_analytic(solar_wind, times, axes))
    joined = xr.concat(both, "time", combine_attrs="drop", join="override")
    joined.attrs = {
        name: simulated.attrs[name]
        for name in ("citation", "caveats")
        if name in simulated.attrs
    }
    mask = simulated["solar_wind_fraction"].attrs["method"]
    joined["solar_wind_fraction"].attrs["method"] = (
        f"{mask} ({chosen.name}), exact ({ANALYTIC})"
    )
    return CUBE.stamp(_in_gsm(joined).sortby("time"))


def driver(
    event: Event,
    solar_wind: xr.Dataset,
    times: np.ndarray,
    *,
    run: str | None = None,
) -> xr.Dataset:
    """Return the solar wind, and the dipole tilt [deg], behind each cube.

    An idealised run has a wind and a tilt of its own: model boundaries laid
    over it must be computed from these, not from the event's.
    """
    chosen = choose(event, run)
    if chosen is _NO_RUN:
        own_wind = at(solar_wind, times).assign(dipole_tilt=_tilt(times))
        return SOLAR_WIND.stamp(own_wind)
    simulated = _open(chosen)
    imposed = mhd.driver(simulated)
    own = np.isin(imposed.time.values, times)
    others = times[~np.isin(times, imposed.time.values)]
    names = list(SOLAR_WIND.variables)
    tilt = simulated.attrs.get("dipole_tilt", 0.0)
    both = [
        imposed[names].isel(time=own).assign(dipole_tilt=tilt),
        at(solar_wind, others)[names].assign(dipole_tilt=_tilt(others)),
    ]
    joined = xr.concat(
        both, "time", data_vars="all", join="override", combine_attrs="drop"
    )
    return SOLAR_WIND.stamp(_in_gsm(joined).sortby("time"))


def at(solar_wind: xr.Dataset, times: np.ndarray) -> xr.Dataset:
    """Return the samples nearest to `times`, labelled with `times`."""
    nearest = solar_wind.sel(time=times, method="nearest")
    return nearest.assign_coords(time=times)


def _open(run: Run) -> xr.Dataset:
    return mhd.open_cube(samples.find(run.sample))


def _simulated(run: Run) -> xr.Dataset:
    names = [n for n, v in CUBE.variables.items() if v.required]
    cube = _open(run)[names]
    return cube.assign(
        solar_wind_fraction=masks.solar_wind_fraction(cube),
        exact_standoff=("time", np.full(cube.sizes["time"], np.nan)),
    )


def _analytic(
    solar_wind: xr.Dataset, times: np.ndarray, axes: tuple[np.ndarray, ...]
) -> xr.Dataset:
    cube = magnetosphere.analytic_cube(
        at(solar_wind, times), *axes, dipole_tilt=_tilt(times)
    )
    cube = cube.rename(magnetopause_standoff="exact_standoff")
    return _named(cube.drop_vars("bow_shock_standoff"), ANALYTIC)


def _in_gsm(joined: xr.Dataset) -> xr.Dataset:
    """Say again in what frame vectors are, which `concat` has forgotten."""
    return joined.assign(
        {
            name: joined[name].assign_attrs(frame="GSM")
            for name in ("velocity", "magnetic_field")
        }
    )


def _tilt(times: np.ndarray) -> xr.DataArray:
    return xr.DataArray(frames.dipole_tilt(times), {"time": times}, "time")


def _named(cube: xr.Dataset, model: str) -> xr.Dataset:
    return cube.assign_coords(model=("time", [model] * cube.sizes["time"]))


def _driven(times: np.ndarray, solar_wind: xr.Dataset) -> np.ndarray:
    """Return the times at which all of the solar wind is known."""
    if not times.size:
        return times
    known = xr.DataArray(
        wind_facts.known(solar_wind), {"time": solar_wind.time}, "time"
    )
    return times[known.sel(time=times, method="nearest").values]


def _times_without(
    covered: np.ndarray, event: Event, cadence: float
) -> np.ndarray:
    """Return times every `cadence` seconds that `covered` leaves open."""
    step = np.timedelta64(int(cadence), "s")
    times = np.arange(event.start, event.stop + step, step)
    times = times[times <= event.stop].astype("datetime64[ns]")
    if not covered.size:
        return times
    first, last = covered[[0, -1]]
    return times[(times < first - step / 2) | (times > last + step / 2)]
