"""Open the cubes of magnetohydrodynamic models.

Files come in two forms: the house form (``CUBE`` as NetCDF or Zarr) and the
model form with one variable a component and pressure instead of temperature
(``n ux uy uz p bx by bz``). Both leave here as ``CUBE``, lazy.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE, KELVIN_PER_EV
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import COMPONENTS, CUBE, SOLAR_WIND

__all__ = ["driver", "open_cube"]

#: p [nPa] = n [cm-3] T [eV] times this.
_PRESSURE_UNIT = ELEMENTARY_CHARGE * 1e6 * 1e9
_MODEL_UNITS = {
    "n": "cm-3",
    "p": "nPa",
    **{f"u{axis}": "km s-1" for axis in COMPONENTS},
    **{f"b{axis}": "nT" for axis in COMPONENTS},
}
#: Prefix of the series of the solar wind that a run was driven by.
_DRIVER = "driver_"


def open_cube(
    path: str | PathLike[str],
    *,
    chunks: Mapping[str, int] | None = None,
) -> xr.Dataset:
    """Open a cube of a magnetohydrodynamic model, without reading it.

    Parameters
    ----------
    path : str or path-like
        A NetCDF file or a Zarr store, in the house form or in the model form
        (``n`` in cm-3, ``ux uy uz`` in km s-1, ``p`` in nPa, ``bx by bz`` in
        nT; axes in R_E GSM).
    chunks : mapping of str to int, optional
        Size of the dask chunks; by default one chunk per time.

    Returns
    -------
    cube : xarray.Dataset (CUBE)
        With the attributes of the file, and its name as ``file``. The solar
        wind that the run was driven by stays with it as ``driver_*``; see
        `driver`.

    Raises
    ------
    FileNotFoundError
        If there is nothing at `path`.
    ValueError
        If it cannot be read, is damaged, lacks a variable, has units or an
        axis that the schema refuses.

    Notes
    -----
    In the model form the temperature is that of a single fluid, p / n: it
    stands for the sum of ion and electron temperature.
    """
    path = Path(path)
    raw = _lazy(_open(path), {"time": 1} if chunks is None else dict(chunks))
    cube = raw if "density" in raw else _from_model(raw, path)
    cube = cube.assign_coords(component=list(COMPONENTS))
    for name in ("velocity", "magnetic_field"):
        if name in cube:
            cube[name].attrs.setdefault("frame", "GSM")
    try:
        CUBE.check(cube)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    cube = CUBE.stamp(cube)
    cube.attrs = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in cube.attrs.items()
    }
    return cube.assign_attrs(file=path.name)


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


def _open(path: Path) -> xr.Dataset:
    if not path.exists():
        raise FileNotFoundError(f"there is no MHD cube at {path}")
    engine = "zarr" if path.is_dir() else "netcdf4"
    if engine == "zarr" and find_spec("zarr") is None:
        raise ValueError(
            f"{path} is a folder, which only the package zarr can read; "
            "install it with `pip install zarr`"
        )
    try:
        return xr.open_dataset(path, engine=engine, decode_timedelta=False)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ValueError(
            f"{path} cannot be read as {engine}: it is damaged, cut short or "
            f"of another kind ({_first_line(error)}); fetch it again"
        ) from error


def _lazy(raw: xr.Dataset, chunks: dict[str, int]) -> xr.Dataset:
    """Make dask arrays of what lies on the grid, and load the rest."""
    lazy = {}
    for name, array in raw.data_vars.items():
        if set(COMPONENTS) <= set(array.dims):
            lazy[name] = array.chunk(
                {dim: chunks.get(str(dim), -1) for dim in array.dims}
            )
        else:
            lazy[name] = array.load()
    return raw.assign(lazy)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _from_model(raw: xr.Dataset, path: Path) -> xr.Dataset:
    """Gather components into vectors and pressure into temperature."""
    missing = [name for name in _MODEL_UNITS if name not in raw]
    if missing:
        raise ValueError(
            f"{path.name} lacks {', '.join(missing)}; it has "
            f"{', '.join(map(str, raw.data_vars)) or 'no variables'}; a cube "
            "needs density, velocity, temperature and magnetic_field, or "
            f"{' '.join(_MODEL_UNITS)}"
        )
    for name, units in _MODEL_UNITS.items():
        came = raw[name].attrs.get("units", units)
        if came != units:
            raise ValueError(
                f"{path.name}: {name} must be in {units}, got {came}; "
                "convert it before opening the file"
            )
    temperature = raw["p"] / (raw["n"] * np.float32(_PRESSURE_UNIT))
    cube = xr.Dataset(
        {
            "density": _bare(raw["n"]),
            "velocity": _vector(raw, "u"),
            "temperature": _bare(temperature),
            "magnetic_field": _vector(raw, "b"),
            **_driver_series(raw),
        },
        attrs=raw.attrs,
    )
    return _double_axes(cube)


def _bare(array: xr.DataArray) -> xr.DataArray:
    """Drop attributes and storage settings of the file that was read."""
    bare = array.drop_attrs(deep=False)
    bare.encoding = {}
    return bare


def _double_axes(cube: xr.Dataset) -> xr.Dataset:
    axes: dict[Hashable, Any] = {
        axis: cube[axis].astype("f8") for axis in COMPONENTS if axis in cube
    }
    return cube.assign_coords(axes)


def _vector(raw: xr.Dataset, letter: str) -> xr.DataArray:
    parts = [_bare(raw[f"{letter}{axis}"]) for axis in COMPONENTS]
    return xr.concat(parts, "component", coords="minimal", compat="override")


def _driver_series(raw: xr.Dataset) -> dict[str, xr.DataArray]:
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
            _bare(series.get(f"{letter}{axis}", absent)) for axis in COMPONENTS
        ]
        joined = xr.concat(
            parts, "component", coords="minimal", compat="override"
        )
        return joined.transpose(..., "component").assign_attrs(frame="GSM")

    driven = {
        "density": _bare(series["n"]),
        "velocity": vector("u"),
        "temperature": _bare(series["T"]) / KELVIN_PER_EV,
        "magnetic_field": vector("b"),
    }
    return {
        f"{_DRIVER}{name}": array.assign_attrs(
            units=SOLAR_WIND.variables[name].units,
            long_name=f"imposed {SOLAR_WIND.variables[name].long_name}",
        )
        for name, array in driven.items()
    }
