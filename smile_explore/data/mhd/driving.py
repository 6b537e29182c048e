"""The solar wind that a run was driven by, kept with its cube."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr

from smile_explore.constants import KELVIN_PER_EV
from smile_explore.data.mhd.plasma import bare
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import COMPONENTS, SOLAR_WIND

__all__ = ["driver", "driver_series"]

#: Prefix of the series of the solar wind that a run was driven by.
_DRIVER = "driver_"


def driver(cube: xr.Dataset) -> xr.Dataset:
    """Return the solar wind that a cube was driven by.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        As `open_cube` returns it.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        At the times of the cube, as imposed at its upstream boundary. Its
        temperature is that of the run's single fluid, ions and electrons
        together: where a function adds electrons, give it
        ``electron_temperature=0``.

    Raises
    ------
    ValueError
        If the file does not say what the run was driven by.
    """
    names = [n for n in SOLAR_WIND.variables if f"{_DRIVER}{n}" in cube]
    lacking = set(SOLAR_WIND.variables) - {"dynamic_pressure", *names}
    if lacking:
        raise ValueError(
            f"{cube.attrs.get('file', 'the cube')} does not say what solar "
            f"wind it was driven by: {', '.join(sorted(lacking))} missing; "
            "give the solar wind yourself"
        )
    imposed = xr.Dataset({name: cube[f"{_DRIVER}{name}"] for name in names})
    speed = np.sqrt((imposed["velocity"] ** 2).sum("component"))
    pressure = wind.dynamic_pressure(imposed["density"], speed)
    imposed["dynamic_pressure"] = pressure.drop_attrs(deep=False)
    imposed.attrs = {
        "source": f"imposed on the MHD run {cube.attrs.get('title', '')}",
        "file": cube.attrs.get("file", ""),
        "note": cube.attrs.get("note", ""),
        "measured": False,
    }
    return SOLAR_WIND.stamp(imposed)


def driver_series(raw: xr.Dataset) -> dict[str, xr.DataArray]:
    """Solar wind that was imposed: ``sw_*`` series or one JSON attribute."""
    series = {
        name: raw[f"sw_{name}"]
        for name in ("n", "T", "ux", "uy", "uz", "bx", "by", "bz")
        if f"sw_{name}" in raw
    }
    if not series and "{" in str(raw.attrs.get("solar_wind", "")):
        steady = json.loads(raw.attrs["solar_wind"])
        like = xr.zeros_like(raw["time"], dtype="f4")
        series = {name: like + steady[name] for name in steady}
    if not {"n", "T", "ux"} <= series.keys():
        return {}
    absent = xr.zeros_like(series["n"])  # components that were held at zero

    def vector(letter: str) -> xr.DataArray:
        parts = [
            bare(series.get(f"{letter}{axis}", absent)) for axis in COMPONENTS
        ]
        joined = xr.concat(
            parts, "component", coords="minimal", compat="override"
        )
        return joined.transpose(..., "component").assign_attrs(frame="GSM")

    driven = {
        "density": bare(series["n"]),
        "velocity": vector("u"),
        "temperature": bare(series["T"]) / KELVIN_PER_EV,
        "magnetic_field": vector("b"),
    }
    return {
        f"{_DRIVER}{name}": array.assign_attrs(
            units=SOLAR_WIND.variables[name].units,
            long_name=f"imposed {SOLAR_WIND.variables[name].long_name}",
        )
        for name, array in driven.items()
    }
