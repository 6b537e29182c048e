"""Boundaries where the spacecraft is: crossings of magnetopause and shock.

`find` looks for steps in density, temperature and field (and in the energy
spectrum of the ions, if given) and describes each by one row that can lie
beside the boundary which SXI sees from afar. `minimum_variance`,
`de_hoffmann_teller`, `alfven_velocity` and `walen` are what it is made of,
for an interval of one's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from smile_explore.retrieval import _steps as steps
from smile_explore.retrieval._crossing import row
from smile_explore.retrieval._minimum_variance import AXES, minimum_variance
from smile_explore.retrieval._moving_frame import (
    alfven_velocity,
    de_hoffmann_teller,
    walen,
)
from smile_explore.retrieval._plasma import FEWEST, plasma, series
from smile_explore.retrieval._sides import Side
from smile_explore.schema import (
    COMPONENTS,
    CROSSINGS,
    SOLAR_WIND,
    TRAJECTORY,
)

__all__ = [
    "AXES",
    "alfven_velocity",
    "de_hoffmann_teller",
    "find",
    "interval_of",
    "minimum_variance",
    "scores",
    "walen",
]

#: Either side of a step. [s]
WINDOW = 120.0
#: Either side of a crossing, for normal, frame and Walen's test. [s]
INTERVAL = 60.0
#: Least rms of the steps of all quantities, in their scatter.
THRESHOLD = 4.0
#: Least scatter: 0.1 of a logarithm or of the field's direction (6 deg).
_FLOOR = 0.1
_TEXTS = ("boundary", "direction", "normal_method", "notes")


def find(
    moments: xr.Dataset,
    field: xr.Dataset,
    *,
    trajectory: xr.Dataset | None = None,
    solar_wind: xr.Dataset | None = None,
    spectrum: xr.DataArray | None = None,
    window: float = WINDOW,
    interval: float = INTERVAL,
    threshold: float = THRESHOLD,
) -> xr.Dataset:
    """Find where a spacecraft crossed a boundary, and describe each crossing.

    Parameters
    ----------
    moments : xarray.Dataset (MOMENTS)
        Along `time` only, in GSM: one species, one estimate.
    field : xarray.Dataset (MAGNETIC_FIELD)
        At its own times, in GSM.
    trajectory : xarray.Dataset (TRAJECTORY), optional
        Where the spacecraft was: gives position, and with the solar wind the
        normals of the models and the standoff.
    solar_wind : xarray.Dataset (SOLAR_WIND), optional
        At Earth; the sample nearest in time drives the models.
    spectrum : xarray.DataArray, optional
        Any flux of ions along `time` and `energy`, at the times of `moments`.
    window : float
        How much on either side of a step is compared. [s]
    interval : float
        How much on either side of a crossing makes normal and frame. [s]
    threshold : float
        Least score, see `scores`.

    Returns
    -------
    crossings : xarray.Dataset (CROSSINGS)
        With `time` along `crossing`; of length zero where there are none.

    Raises
    ------
    ValueError
        If a dataset has other dimensions or another frame, its times are out
        of order, too few or do not overlap, or a setting is not positive.

    Notes
    -----
    A crossing is named by its medians on both sides: a bow shock where
    density and temperature rise together out of a supersonic flow that
    slows down, a magnetopause where one falls and the other rises into a flow
    that is not supersonic, else (as at a shock that came with the solar wind)
    a discontinuity. Its time is when the density (or what steps most) is
    half way. The normal is that of least variance, at a shock that of the
    mixed mode; where two variances are alike, the one perpendicular to the
    mean field. Speed is positive away from Earth. `standoff_shue` and
    `standoff_model` are the noses of the models' surfaces scaled to pass the
    spacecraft, without aberration.
    """
    together = plasma(moments, field)
    _check_settings(interval=interval, threshold=threshold)
    total = scores(moments, field, spectrum=spectrum, window=window)
    count = _count(together, window)
    rows = []
    for index in steps.picks(total["total"].values, count, threshold):
        time = _time(series(together, spectrum), total, index, count)
        one = row(
            _sides(together, index, count),
            interval_of(together, time, interval),
            interval_of(field, time, interval),
            time=time,
            position=_position(trajectory, time),
            wind=_nearest(solar_wind, time),
        )
        rows.append(
            one | {"time": time, "score": total["total"].values[index]}
        )
    settings = {
        "window": window,
        "interval": interval,
        "threshold": threshold,
    }
    return _table(rows, settings)


def scores(
    moments: xr.Dataset,
    field: xr.Dataset,
    *,
    spectrum: xr.DataArray | None = None,
    window: float = WINDOW,
) -> xr.Dataset:
    """Say how much like a boundary every moment is.

    Parameters
    ----------
    moments, field, spectrum, window
        As in `find`.

    Returns
    -------
    scores : xarray.Dataset
        Along `time`: for each quantity the step between the medians of both
        sides over the scatter around them, and `total`, the rms of them.
        NaN within `window` of the ends and of a gap in the series.

    Raises
    ------
    ValueError
        As in `find`.
    """
    together = plasma(moments, field)
    _check_settings(window=window)
    searched = series(together, spectrum)
    found = steps.scores(
        searched,
        dict.fromkeys(searched, _FLOOR),
        _count(together, window),
    )
    every = np.stack(list(found.values()))
    known = np.isfinite(every)
    squares = np.where(known, every, 0.0) ** 2
    with np.errstate(invalid="ignore"):
        total = np.sqrt(squares.sum(axis=0) / known.sum(axis=0))
    whole = known.any(axis=0) & ~_over_a_gap(together, window)
    total = np.where(whole, total, np.nan)
    columns = {name: ("time", values) for name, values in found.items()}
    return xr.Dataset(
        columns | {"total": ("time", total)},
        coords={"time": together["time"]},
        attrs={"window": window},
    )


def interval_of(
    data: xr.Dataset, time: np.datetime64, interval: float = INTERVAL
) -> xr.Dataset:
    """Return the samples within `interval` seconds of a time."""
    half = np.timedelta64(round(interval * 1e9), "ns")
    return data.sel(time=slice(time - half, time + half))


def _time(
    searched: dict[str, np.ndarray], total: xr.Dataset, index: int, count: int
) -> np.datetime64:
    """Return when the density, or what steps most, is half way."""
    size = {
        name: float(np.nan_to_num(total[name].values[index]))
        for name in searched
    }
    largest = max(size, key=lambda name: size[name])
    name = "density" if size["density"] > size[largest] / 2.0 else largest
    values = searched[name]
    if name in ("density", "temperature", "strength"):
        # Half of the particles, not half of the logarithm.
        values = np.exp(values)
    where = steps.middle(values, index, count)
    times = total["time"].values
    below = min(int(where), times.size - 2)
    return times[below] + (where - below) * (times[below + 1] - times[below])


def _sides(together: xr.Dataset, index: int, count: int) -> tuple[Side, Side]:
    flow, field = (
        together[name].transpose("time", "component").values
        for name in ("velocity", "magnetic_field")
    )
    parts = {
        "density": together["density"].values[:, None],
        "temperature": together["temperature"].values[:, None],
        "velocity": flow,
        "field": field,
    }
    ends = {n: steps.medians(v, index, count) for n, v in parts.items()}
    before, after = (
        Side(
            float(ends["density"][i][0]),
            float(ends["temperature"][i][0]),
            ends["velocity"][i],
            ends["field"][i],
        )
        for i in range(2)
    )
    return before, after


def _position(
    trajectory: xr.Dataset | None, time: np.datetime64
) -> np.ndarray:
    """Return where the spacecraft was, between two known places."""
    if trajectory is None:
        return np.full(3, np.nan)
    TRAJECTORY.check(trajectory)
    position = trajectory["position"].transpose("time", "component")
    frame = position.attrs.get("frame", "GSM")
    if frame != "GSM":
        raise ValueError(
            f"the trajectory must be in GSM, got {frame}; turn it with "
            'frames.rotate(position, to="GSM")'
        )
    since = (position["time"].values - time) / np.timedelta64(1, "s")
    return np.array(
        [
            np.interp(0.0, since, one, left=np.nan, right=np.nan)
            for one in position.values.T
        ]
    )


def _nearest(
    solar_wind: xr.Dataset | None, time: np.datetime64
) -> xr.Dataset | None:
    if solar_wind is None:
        return None
    SOLAR_WIND.check(solar_wind)
    if "time" not in solar_wind.dims:
        return solar_wind
    return solar_wind.sel(time=time, method="nearest")


def _count(together: xr.Dataset, window: float) -> int:
    """Return the samples on either side of a step."""
    step = np.median(np.diff(together["time"].values)) / np.timedelta64(1, "s")
    most = (together.sizes["time"] - 1) // 2
    return int(np.clip(round(window / step), FEWEST, most))


def _over_a_gap(together: xr.Dataset, window: float) -> np.ndarray:
    """Say where both sides together take longer than samples would."""
    times = together["time"].values
    count = _count(together, window)
    taken = np.zeros(times.size, dtype=bool)
    long = times[2 * count - 1 :] - times[: times.size - 2 * count + 1]
    usual = (2 * count - 1) * np.median(np.diff(times))
    taken[count : count + long.size] = long > 1.5 * usual
    return taken


def _check_settings(**settings: float) -> None:
    for name, value in settings.items():
        if not value > 0.0:
            raise ValueError(f"{name} must be positive, got {value:g}")


def _table(
    rows: list[dict[str, Any]], settings: dict[str, float]
) -> xr.Dataset:
    """Lay the rows under each other."""
    columns: dict[str, Any] = {}
    for name, variable in CROSSINGS.variables.items():
        shape = (len(rows), *(3 for _ in variable.dims[1:]))
        kind = str if name in _TEXTS else float
        values = np.array([one[name] for one in rows], dtype=kind)
        columns[name] = (variable.dims, values.reshape(shape))
    times = np.array([one["time"] for one in rows], dtype="datetime64[ns]")
    table = xr.Dataset(
        columns,
        coords={"time": ("crossing", times), "component": list(COMPONENTS)},
        attrs=settings,
    )
    for array in table.data_vars.values():
        if "component" in array.dims:
            array.attrs["frame"] = "GSM"
    return CROSSINGS.stamp(table)
