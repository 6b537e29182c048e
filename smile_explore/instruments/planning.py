"""When to look, and from where: windows of a plan, and orbits of an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments._kepler import SMILE, Elements, kepler
from smile_explore.instruments._runs import gaps, spans
from smile_explore.instruments.surroundings import NOMINAL
from smile_explore.instruments.visibility import visibility
from smile_explore.observations import Event
from smile_explore.schema import COMPONENTS, TRAJECTORY, VISIBILITY

__all__ = ["best_hours", "best_viewpoint", "flown", "runs", "shares"]


def flown(
    times: Any, elements: Elements | Sequence[Elements] = SMILE
) -> xr.Dataset:
    """Fly many Kepler orbits at once, each as `orbit.trajectory` does.

    Parameters
    ----------
    times : datetime64, array_like
        A series, UTC.
    elements : Elements or sequence of Elements
        Several give the dimension `orbit`.

    Returns
    -------
    trajectory : xarray.Dataset (TRAJECTORY)
        In GSM. Sun and Moon pull a real orbit away from it within weeks:
        for those `propagation.propagate`.
    """
    one = isinstance(elements, Elements)
    orbits = [elements] if isinstance(elements, Elements) else elements
    series = np.asarray(times, dtype="datetime64[ns]")
    states = [kepler(series, orbit) for orbit in orbits]
    turn = frames.matrices(series, of="GEI", to="GSM")
    coords = {"time": series, "component": list(COMPONENTS)}
    fields = {}
    for n, (name, unit) in enumerate(
        {"position": EARTH_RADIUS, "velocity": 1.0}.items()
    ):
        gei = np.stack([state[n] for state in states]) / unit
        fields[name] = xr.DataArray(
            np.einsum("tij,otj->oti", turn, gei),
            coords,
            ("orbit", "time", "component"),
            attrs={"frame": "GSM"},
        )
    found = xr.Dataset(fields, attrs={"source": "two-body orbit"})
    return TRAJECTORY.stamp(found.isel(orbit=0) if one else found)


def runs(
    visibility: xr.Dataset, *, wanted: str = "useful"
) -> list[tuple[np.datetime64, np.datetime64]]:
    """Return first and last moment of each time that something is met.

    Parameters
    ----------
    visibility : xarray.Dataset (VISIBILITY)
        Along `time`.
    wanted : str
        Any of its constraints.

    Raises
    ------
    ValueError
        If there is no such constraint, or not one series along time.
    """
    met, times = _series(visibility, wanted)
    return [(times[a], times[b]) for a, b in spans(met, times)]


def shares(visibility: xr.Dataset, *, days: float = 7.0) -> xr.Dataset:
    """Return the share of time that each constraint is met, period by period.

    Parameters
    ----------
    visibility : xarray.Dataset (VISIBILITY)
        Along `time`.
    days : float
        Length of a period; the last may be shorter. [d]

    Returns
    -------
    shares : xarray.Dataset
        Of every constraint, from 0 to 1, along `time`: the middle of each
        period.

    Raises
    ------
    ValueError
        If the period is not positive, or not one series along time.
    """
    if not days > 0.0:
        raise ValueError(f"days must be positive, got {days:g}")
    _, times = _series(visibility, "useful")
    span = np.timedelta64(round(days * 86400e9), "ns")
    period = (times - times[0]) // span
    count = np.bincount(period)
    known = np.flatnonzero(count)
    middle = times[0] + known * span + span // 2
    found = {
        name: (
            "time",
            np.bincount(period, weights=met.values)[known] / count[known],
        )
        for name, met in visibility.items()
        if met.dtype == bool
    }
    return xr.Dataset(found, {"time": middle})


def best_hours(
    visibility: xr.Dataset,
    *,
    hours: float = 6.0,
    most: int = 10,
    wanted: str = "useful",
    by: str = "nose_in_sxi_margin",
) -> pd.DataFrame:
    """Find the best windows of a plan.

    Parameters
    ----------
    visibility : xarray.Dataset (VISIBILITY)
        Along `time`.
    hours : float
        Length of a window. [h]
    most : int
        How many windows to return.
    wanted : str
        Constraint that must be met throughout a window.
    by : str
        What is averaged over a window to rank it, more is better: any number
        of `visibility`. By default how far the nose is inside SXI's field.

    Returns
    -------
    windows : pandas.DataFrame
        Best first, without overlap: `start`, `stop`, `score` (the mean of
        `by`), `lowest` (its least), mean `altitude` [km] and `sun_angle`
        [deg]. Empty where no window is long enough.

    Raises
    ------
    ValueError
        If `hours` is not positive, or a name is not in `visibility`.
    """
    if not hours > 0.0:
        raise ValueError(f"hours must be positive, got {hours:g}")
    met, times = _series(visibility, wanted)
    if by not in visibility or visibility[by].dtype.kind != "f":
        numbers = [n for n in visibility if visibility[n].dtype.kind == "f"]
        raise ValueError(
            f"by must be one of {', '.join(map(str, numbers))}; got {by!r}"
        )
    span = np.timedelta64(round(hours * 3600e9), "ns")
    last = np.searchsorted(times, times + span)  # the end is in the window
    start = np.flatnonzero(last < times.size)
    last = last[start]
    broken = _counted(~met | np.r_[False, gaps(times)])
    # the gap before its first moment is no gap in a window
    whole = (broken[last + 1] - broken[start + 1] == 0) & met[start]
    start, last = start[whole], last[whole]
    means = {
        name: _mean(visibility[name].values, start, last)
        for name in dict.fromkeys([by, "altitude", "sun_angle"])
    }
    rows: list[dict[str, Any]] = []
    free = np.ones(times.size, dtype=bool)
    for n in np.argsort(-means[by], kind="stable"):
        part = slice(start[n], last[n] + 1)
        if len(rows) == most or not np.isfinite(means[by][n]):
            break
        if not free[part].all():
            continue
        free[part] = False
        rows.append(
            {
                "start": times[start[n]],
                "stop": times[last[n]],
                "score": means[by][n],
                "lowest": np.min(visibility[by].values[part]),
                "altitude": means["altitude"][n],
                "sun_angle": means["sun_angle"][n],
            }
        )
    columns = ["start", "stop", "score", "lowest", "altitude", "sun_angle"]
    return pd.DataFrame(rows, columns=columns)


def best_viewpoint(
    event: Event,
    *,
    solar_wind: xr.Dataset = NOMINAL,
    raan: Iterable[float] = range(0, 360, 30),
    phases: int = 12,
    cadence: float = 1200.0,
    **settings: Any,
) -> pd.DataFrame:
    """Try orbits for an event: which node and perigee time see it best.

    Parameters
    ----------
    event : Event
        Its own elements are kept but for node and time of perigee.
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Along `time` or of one moment.
    raan : iterable of float
        Nodes to try. [deg]
    phases : int
        Times of perigee to try, evenly over one orbit before the focus.
    cadence : float
        Of the moments looked at. [s]
    **settings
        Of `visibility`.

    Returns
    -------
    viewpoints : pandas.DataFrame
        Best first: `raan`, `perigee_time`, `useful` and `observing` hours of
        the event, whether `useful_at_focus`, and mean `sun_angle` and
        `nose_in_sxi_margin` [deg] of the useful hours. Those useful at the
        focus come first, then by useful hours, then by that margin.
    """
    step = np.timedelta64(round(cadence * 1e9), "ns")
    times = np.arange(event.start, event.stop + step, step)
    own = Elements(**{**event.orbit, "perigee_time": event.focus})
    period = np.timedelta64(round(own.period * 1e9), "ns")
    focus = int(np.argmin(np.abs(times - event.focus)))
    tried = [
        replace(
            own,
            raan=float(node),
            perigee_time=(event.focus - n * period // phases).astype(
                "datetime64[m]"
            ),
        )
        for node in raan
        for n in range(phases)
    ]
    seen = visibility(flown(times, tried), solar_wind=solar_wind, **settings)
    table = pd.DataFrame(
        {
            "raan": [one.raan for one in tried],
            "perigee_time": [one.perigee_time for one in tried],
            **_scores(seen, focus, cadence / 3600.0),
        }
    )
    ranks = ["useful_at_focus", "useful", "nose_in_sxi_margin"]
    return table.sort_values(
        ranks, ascending=False, kind="stable", na_position="last"
    ).reset_index(drop=True)


def _scores(
    seen: xr.Dataset, focus: int, step: float
) -> dict[str, np.ndarray]:
    useful = seen["useful"]
    scores = {
        "useful": useful.sum("time") * step,
        "observing": seen["observing"].sum("time") * step,
        "useful_at_focus": useful.isel(time=focus),
    }
    for name in ("sun_angle", "nose_in_sxi_margin"):
        scores[name] = seen[name].where(useful).mean("time")
    return {name: score.values for name, score in scores.items()}


def _series(
    visibility: xr.Dataset, wanted: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return whether something is met, and when."""
    VISIBILITY.check(visibility)
    if wanted not in visibility or visibility[wanted].dtype != bool:
        known = [n for n in visibility if visibility[n].dtype == bool]
        raise ValueError(
            f"wanted must be one of {', '.join(map(str, known))}; got "
            f"{wanted!r}"
        )
    met = visibility[wanted]
    if met.dims != ("time",):
        raise ValueError(
            "windows are found along time alone, got the dimensions "
            f"{met.dims}; choose one orbit with .isel"
        )
    return met.values, met["time"].values


def _counted(flags: np.ndarray) -> np.ndarray:
    return np.r_[0, np.cumsum(flags)]


def _mean(values: np.ndarray, start: Any, last: Any) -> np.ndarray:
    """Mean from `start` to `last`, all of whose samples are known."""
    total = np.r_[0.0, np.cumsum(np.nan_to_num(values))]
    unknown = _counted(np.isnan(values))
    mean = (total[last + 1] - total[start]) / (last + 1 - start)
    return np.where(unknown[last + 1] > unknown[start], np.nan, mean)
