"""Solar wind against time: density, speed, magnetic field, pressure."""

from __future__ import annotations

from collections.abc import Callable

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import COMPONENTS, SOLAR_WIND
from smile_explore.views.style import (
    COMPONENT,
    check_choice,
    clock,
    dimension,
    origin,
    time_series,
)

__all__ = ["QUANTITIES", "solar_wind"]


def solar_wind(
    data: xr.Dataset, time: np.datetime64, *, quantity: str = "density"
) -> hv.Overlay:
    """Return one quantity of the solar wind against time, with the clock.

    Parameters
    ----------
    data : xarray.Dataset (SOLAR_WIND)
    time : numpy.datetime64
        Where the clock stands.
    quantity : str
        One of `QUANTITIES`.

    Raises
    ------
    ValueError
        If there is no such quantity.
    """
    check_choice("quantity", quantity, QUANTITIES)
    several = quantity == "magnetic field"
    first = quantity == next(iter(QUANTITIES))
    return time_series(
        [*QUANTITIES[quantity](data), clock(time)],
        title=f"Solar wind (GSM): {origin(data)}" if first else "",
        legend="top" if several else "",
        legend_cols=3,
    )


def _density(data: xr.Dataset) -> list[hv.Curve]:
    return [_line(data.time, data.density, "density", "n")]


def _speed(data: xr.Dataset) -> list[hv.Curve]:
    speed = np.sqrt((data.velocity**2).sum("component"))
    return [_line(data.time, speed, "velocity", "V")]


def _magnetic_field(data: xr.Dataset) -> list[hv.Curve]:
    return [
        _line(
            data.time,
            data.magnetic_field.sel(component=component),
            "magnetic_field",
            "B",
            label=f"B{component}",
            color=COMPONENT[component],
        )
        for component in COMPONENTS
    ]


def _dynamic_pressure(data: xr.Dataset) -> list[hv.Curve]:
    return [_line(data.time, data.dynamic_pressure, "dynamic_pressure", "P")]


QUANTITIES: dict[str, Callable[[xr.Dataset], list[hv.Curve]]] = {
    "density": _density,
    "speed": _speed,
    "magnetic field": _magnetic_field,
    "dynamic pressure": _dynamic_pressure,
}


def _line(
    times: xr.DataArray,
    values: xr.DataArray,
    name: str,
    text: str,
    *,
    label: str = "",
    color: str = "#333333",
) -> hv.Curve:
    axis = dimension(SOLAR_WIND, name, text)
    columns = {"time": times.values, axis.name: values.values}
    return hv.Curve(columns, "time", axis, label=label or text).opts(
        color=color,
        line_width=1.3,
        tools=["hover"],
        hover_tooltips=[
            ("UTC", "@time{%F %H:%M}"),
            (label or text, _shown(axis)),
        ],
        hover_mode="vline",
    )


def _shown(axis: hv.Dimension) -> str:
    unit = axis.label.rsplit("[", 1)[-1].rstrip("]")
    return f"@{{{axis.name}}}{{0.0}} {unit}"
