"""The aurora against time: keograms, and when UVI is on."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments import orbit
from smile_explore.retrieval import oval as ovals
from smile_explore.schema import OVAL, UV_MAP
from smile_explore.views._uv_picture import EDGE, limits, picture_of, remark
from smile_explore.views.style import clock, dimension, time_series

__all__ = ["keogram", "local_time_keogram", "modes"]

#: What is on, from the ground up.
MODES = {
    "LIA + MAG": "#CCCCCC",
    "UVI + LIA + MAG": "#56B4E9",
    "SXI + UVI + LIA + MAG": "#0072B2",
}


def keogram(
    uv_map: xr.Dataset,
    time: np.datetime64,
    *,
    mlt: float,
    width: float = 1.0,
    oval: xr.Dataset | None = None,
) -> hv.Overlay:
    """Return latitude against time at one local time, with the clock.

    Parameters
    ----------
    uv_map : xarray.Dataset (UV_MAP)
        A series along `time`.
    time : numpy.datetime64
        Where the clock stands.
    mlt, width : float
        Middle and width of the sector. [h]
    oval : xarray.Dataset (OVAL), optional
        Its edges in the sector that `mlt` lies in.
    """
    strip = ovals.keogram(uv_map, mlt, width=width)
    parts = [_strip(strip, "mlat")]
    if oval is not None:
        OVAL.check(oval)
        sector = oval.sel(mlt=mlt % 24.0, method="nearest")
        parts += [_edge(sector, name) for name in EDGE]
    text = remark(uv_map, uv_map, "radiance").partition(",")[0]
    where = f"{mlt % 24:.1f}" if width == 1.0 else _between(mlt, width)
    return time_series(
        [*parts, clock(time)],
        title=f"Aurora at {where} MLT [R]: {text}",
    )


def _between(mlt: float, width: float) -> str:
    if width >= 24.0:
        return "all"
    first, last = ((mlt + side * width / 2.0) % 24.0 for side in (-1, 1))
    return f"{first:.1f} to {last:.1f}"


def local_time_keogram(
    uv_map: xr.Dataset,
    time: np.datetime64,
    *,
    between: tuple[float, float] = (60.0, 75.0),
) -> hv.Overlay:
    """Return local time against time, between two latitudes [deg]."""
    strip = ovals.local_time_keogram(uv_map, between=between)
    low, high = between
    text = remark(uv_map, uv_map, "radiance")
    return time_series(
        [_strip(strip, "mlt"), clock(time)],
        title=f"Aurora from {low:g}° to {high:g}° [R]: {text}",
    ).opts(yticks=[0, 6, 12, 18, 24])


def modes(trajectory: xr.Dataset, time: np.datetime64) -> hv.Overlay:
    """Return a strip of what is on: UVI above 30 000 km.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        A series along `time`.
    time : numpy.datetime64
        Where the clock stands.
    """
    names = orbit.mode(trajectory).values
    times = trajectory["time"].values
    change = np.flatnonzero(names[1:] != names[:-1]) + 1
    first = np.r_[0, change]
    last = np.r_[change, names.size - 1]
    bars = [
        hv.Rectangles(
            [
                (times[a], 0.0, times[b], 1.0)
                for a, b in zip(first, last, strict=True)
                if names[a] == name
            ],
            [*_BAR],
            label=name,
        ).opts(color=colour, line_color=None, show_legend=True)
        for name, colour in MODES.items()
        if (names[first] == name).any()
    ]
    return time_series(
        [*bars, clock(time)],
        title="Instruments on, by altitude",
        legend="bottom",
        legend_cols=3,
    ).opts(yaxis=None, ylim=(0.0, 1.0))


_BAR = ("time", "low", "until", "high")


def _strip(strip: xr.DataArray, side: str) -> hv.Image:
    """Draw a keogram on even times, so that gaps stay gaps."""
    times = strip["time"].values
    even, nearest = _even(times)
    values = np.append(strip.values, np.full((1, strip.shape[1]), np.nan), 0)
    return picture_of(
        (even, strip[side].values, values[nearest].T),
        [hv.Dimension("time"), _side(side)],
        dimension(UV_MAP, "radiance"),
        limits(strip.values),
        "radiance",
        [("time", "$x{%H:%M}"), (side, "$y{0.0}")],
    )


def _side(name: str) -> hv.Dimension:
    """Return an axis whose words fit beside a low strip."""
    return dimension(UV_MAP, name, {"mlat": "MLat", "mlt": "MLT"}[name])


def _even(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Even times at the usual cadence, and the sample nearest to each.

    Where none is nearer than a step: one past the last.
    """
    step = np.median(np.diff(times))
    even = np.arange(times[0], times[-1] + step / 2, step)
    after = np.searchsorted(times, even).clip(1, times.size - 1)
    earlier = even - times[after - 1] < times[after] - even
    nearest = np.where(earlier, after - 1, after)
    far = np.abs(times[nearest] - even) > step
    return even, np.where(far, times.size, nearest)


def _edge(sector: xr.Dataset, name: str) -> hv.Curve:
    columns = {"time": sector["time"].values, "mlat": sector[name].values}
    axes = [hv.Dimension("time"), _side("mlat")]
    return hv.Curve(columns, *axes, label=name).opts(
        color=EDGE[name], line_width=1.8
    )
