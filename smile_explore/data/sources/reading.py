"""From a file of an archive to a dataset of the house.

The readers that a `Product` names: each takes the path of a file, the product
and the span of time wanted, since a file may hold a month or a year and its
vectors cost time to rotate. A file of another product is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS, KELVIN_PER_EV
from smile_explore.data import _cdf, in_situ_missions, solar_wind_arrays
from smile_explore.data._mission_variables import (
    MissionVariable,
    of_file,
    vector,
)
from smile_explore.data.sources.products import Product
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.schema import (
    COMPONENTS,
    MAGNETIC_FIELD,
    TRAJECTORY,
)

__all__ = ["MAIN", "Span", "kp_of_tenths", "read"]

#: What a reader's datasets are for: a day on which it is nowhere known is no
#: day of data.
MAIN = {
    "omni": ("density", "magnetic_field", "sym_h", "ae", "al"),
    "omni_hourly": ("kp", "f10_7"),
    "field": ("magnetic_field",),
    "goes_field": ("magnetic_field",),
    "moments": ("density", "velocity"),
    "position": ("position",),
}
#: Indices of OMNI's files of one minute.
_MINUTE = {"sym_h": "SYM_H", "ae": "AE_INDEX", "al": "AL_INDEX"}
#: What OMNI's variables are, in the product's order, and their usual unit.
_OMNI = (
    *[("magnetic field", "nT")] * 3,
    *[("velocity", "km/s")] * 3,
    ("density", "n/cc"),
    ("temperature", "K"),
)
_VECTOR = ("time", "component")
Span = tuple[np.datetime64, np.datetime64]
_ALL = (np.datetime64("1900", "ns"), np.datetime64("2200", "ns"))
_LENGTHS = {"km": 1.0 / EARTH_RADIUS, "re": 1.0, "r_e": 1.0, "earthradii": 1.0}


def read(path: Path, product: Product, span: Span | None = None) -> xr.Dataset:
    """Return what a file holds, with the reader of its product.

    Parameters
    ----------
    path : pathlib.Path
    product : Product
    span : tuple of numpy.datetime64, optional
        First time wanted, and the first no longer wanted; by default all.

    Returns
    -------
    data : xarray.Dataset
        In time order.

    Raises
    ------
    ValueError
        If it is damaged, or of another product.
    DataUnavailable
        If it is whole, and has nothing of that span.
    """
    data = _READERS[product.reader](path, product, span or _ALL)
    return _cdf.increasing(data, path, sort=True)


def _omni(path: Path, product: Product, span: Span) -> xr.Dataset:
    with _cdf.opened(path) as file:
        found = _variables(file, path, product.variables, span)
        about = _cdf.provenance(file, path)
        names = file.cdf_info().zVariables
        extra = {
            name: _within(of_file(file, theirs), path, span).values.astype(
                float
            )
            for name, theirs in _MINUTE.items()
            if theirs in names
        }
    values = [
        one.into(quantity, one.units or usual).astype(float)
        for one, (quantity, usual) in zip(found, _OMNI, strict=True)
    ]
    time = found[0].time
    data = solar_wind_arrays.solar_wind(
        time,
        density=values[6],
        velocity=np.stack(values[3:6], axis=1),
        temperature=values[7] * KELVIN_PER_EV,
        magnetic_field=np.stack(values[:3], axis=1),
        frame=("GSE", "GSM"),
        about=about,
    )
    for name in _MINUTE:
        data[name] = ("time", extra.get(name, np.full(time.size, np.nan)))
    return data


def _omni_hourly(path: Path, product: Product, span: Span) -> xr.Dataset:
    with _cdf.opened(path) as file:
        kp, f10_7 = _variables(file, path, product.variables, span)
        about = _cdf.provenance(file, path)
    # Some of its variables are dated at the middle of their hour.
    hours = kp.time.astype("datetime64[h]").astype("datetime64[ns]")
    return xr.Dataset(
        {
            "kp": ("time", kp_of_tenths(kp.values)),
            "f10_7": ("time", f10_7.values.astype(float)),
        },
        {"time": hours},
        about,
    )


def kp_of_tenths(tenths: np.ndarray) -> np.ndarray:
    """Return Kp of 3+ written as 33 and 4- as 37: thirds, exactly."""
    kp = np.round(np.asarray(tenths, dtype=float) * 0.3) / 3.0
    return np.where((kp >= 0.0) & (kp <= 9.0), kp, np.nan)


def _field(path: Path, product: Product, span: Span) -> xr.Dataset:
    with _cdf.opened(path) as file:
        (one,) = _variables(file, path, product.variables, span)
        about = _cdf.provenance(file, path) | {"variable": one.name}
    return _stamped_field(one, product, about)


def _moments(path: Path, product: Product, span: Span) -> xr.Dataset:
    data = in_situ_missions.open_moments(
        path, product=product.variables[0], sort=True
    )
    inside = (data["time"] >= span[0]) & (data["time"] < span[1])
    return data.isel(time=_some(inside.values, path, span))


def _position(path: Path, product: Product, span: Span) -> xr.Dataset:
    with _cdf.opened(path) as file:
        found = _variables(file, path, product.variables, span)
        about = _cdf.provenance(file, path) | {"variable": found[0].name}
    place = _place(found[0], product.units[0] if product.units else "km")
    if len(found) > 1:
        flow = vector(
            found[1], "velocity", "GSE", found[1].units or product.units[1]
        )
        told = "measured with the position"
    else:
        flow, told = _moved(place), "from differences of the position"
    return TRAJECTORY.stamp(
        xr.Dataset(
            {
                "position": frames.rotate(place, to="GSM"),
                "velocity": frames.rotate(flow, to="GSM"),
            },
            attrs=about | {"velocity_from": told},
        )
    )


def _goes_field(path: Path, product: Product, span: Span) -> xr.Dataset:
    try:
        with xr.open_dataset(path, engine="netcdf4") as file:
            data = file.load()
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path.name} is no NetCDF file, or damaged ({error})"
        ) from error
    name = product.variables[0]
    if name not in data or "time" not in data.coords:
        raise ValueError(
            f"{path.name} has no {name} along time; it has "
            f"{', '.join(map(str, data.variables))}"
        )
    values = data[name].values.astype(float)
    values[~(np.abs(values) < 1e5)] = np.nan
    one = MissionVariable(
        name, data["time"].values.astype("datetime64[ns]"), values, "nT", "GSE"
    )
    about = {
        "source": str(data.attrs.get("title", "GOES magnetometer")),
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "measured": True,
        "variable": name,
    }
    return _stamped_field(_within(one, path, span), product, about)


_READERS = {
    "omni": _omni,
    "omni_hourly": _omni_hourly,
    "field": _field,
    "moments": _moments,
    "position": _position,
    "goes_field": _goes_field,
}


def _stamped_field(
    one: MissionVariable, product: Product, about: dict[str, Any]
) -> xr.Dataset:
    usual = product.units[0] if product.units else None
    field = vector(one, "magnetic field", None, one.units or usual)
    return MAGNETIC_FIELD.stamp(
        xr.Dataset({"magnetic_field": field}, attrs=about)
    )


def _variables(
    file: Any, path: Path, wanted: tuple[str, ...], span: Span
) -> list[MissionVariable]:
    """Return the variables of a file, and refuse one of another product."""
    names = file.cdf_info().zVariables
    found = [
        next((name for name in one.split("|") if name in names), "")
        for one in wanted
    ]
    if lacking := [
        one for one, name in zip(wanted, found, strict=True) if not name
    ]:
        raise ValueError(
            f"{path.name} is a file of another product: it lacks "
            f"{', '.join(lacking)} and has {', '.join(names) or 'nothing'}"
        )
    return [_within(of_file(file, name), path, span) for name in found]


def _within(one: MissionVariable, path: Path, span: Span) -> MissionVariable:
    inside = _some((one.time >= span[0]) & (one.time < span[1]), path, span)
    return replace(one, time=one.time[inside], values=one.values[inside])


def _some(inside: np.ndarray, path: Path, span: Span) -> np.ndarray:
    if not inside.any():
        days = np.arange(*span, np.timedelta64(1, "D")).astype("M8[D]")
        raise DataUnavailable(
            path.name, f"it has nothing of {', '.join(map(str, days))}"
        )
    return inside


def _place(one: MissionVariable, usual: str) -> xr.DataArray:
    units = (one.units or usual).lower().replace(" ", "")
    if units not in _LENGTHS:
        raise ValueError(
            f"{one.name} is in {one.units!r}, which is not known as a unit of "
            f"position; known are {', '.join(_LENGTHS)}"
        )
    return xr.DataArray(
        one.values[:, :3].astype(float) * _LENGTHS[units],
        {"time": one.time, "component": list(COMPONENTS)},
        _VECTOR,
        attrs={"frame": "GSE"},
    )


def _moved(place: xr.DataArray) -> xr.DataArray:
    """Return the velocity in the axes of GSE, km s-1."""
    time = place["time"].values
    seconds = (time - time[:1]) / np.timedelta64(1, "s")
    if seconds.size < 2:
        return xr.full_like(place, np.nan)
    speed = np.gradient(place.values, seconds, axis=0) * EARTH_RADIUS
    return place.copy(data=speed)
