"""One variable of a mission: its values, times, unit and frame, as one kind.

It may come from a CDF file, or from pyspedas, as the DataArray of
``get_data(name, xarray=True)`` or the dictionary of ``notplot=True``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.constants import KELVIN_PER_EV
from smile_explore.data import _cdf
from smile_explore.schema import COMPONENTS

if TYPE_CHECKING:
    import cdflib

__all__ = ["MissionVariable", "of_file", "of_pyspedas", "vector"]

#: What is beyond this is fill, whatever a file calls it.
_FILL = 1e30
_CM3 = ("cm-3", "1/cm3", "#/cm3", "#/cc", "1/cc", "n/cc", "/cc", "percc")
#: Factors to the units of the house, by what units are written like.
_UNITS: dict[str, dict[str, float]] = {
    "density": dict.fromkeys(_CM3, 1.0) | {"m-3": 1e-6, "1/m3": 1e-6},
    "velocity": {"km/s": 1.0, "kms-1": 1.0, "km/sec": 1.0, "m/s": 1e-3},
    "magnetic field": {"nt": 1.0, "nanotesla": 1.0, "t": 1e9, "pt": 1e-3},
    "temperature": {
        "ev": 1.0,
        "kev": 1e3,
        "k": 1.0 / KELVIN_PER_EV,
        "degk": 1.0 / KELVIN_PER_EV,
        "kelvin": 1.0 / KELVIN_PER_EV,
        "mk": 1e6 / KELVIN_PER_EV,
    },
    "energy": {"ev": 1.0, "kev": 1e3, "ev/q": 1.0, "kev/q": 1e3},
    "phase space density": {
        "s3m-6": 1.0,
        "s3/m6": 1.0,
        "s3km-6": 1e-18,
        "s3/km6": 1e-18,
        "s3cm-6": 1e12,
        "s3/cm6": 1e12,
    },
}
# Not the start of a word such as Geocentric or smoothed.
_FRAME = re.compile(r"(GSE|GSM|GEI|(GEO|SM)(?![A-Z]))", re.IGNORECASE)


@dataclass(frozen=True)
class MissionVariable:
    """Values along time, NaN where there is fill."""

    name: str
    time: np.ndarray
    values: np.ndarray
    units: str = ""
    frame: str = ""
    axes: tuple[np.ndarray, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)

    def into(self, quantity: str, units: str | None = None) -> np.ndarray:
        """Return the values in the unit of the house.

        Raises
        ------
        ValueError
            If the unit is not known to be one of this quantity.
        """
        known, given = _UNITS[quantity], units or self.units
        factor = known.get(re.sub(r"[\s^*]|!e|!n", "", given.lower()))
        if factor is None:
            raise ValueError(
                f"{self.name} is in {given or 'no unit'!r}, which is not "
                f"known as a unit of {quantity}; give units as one of "
                f"{', '.join(known)}"
            )
        return self.values * factor


def of_file(file: cdflib.cdfread.CDF, name: str) -> MissionVariable:
    """Return a variable of a CDF file, without what is fill or not valid."""
    told = _cdf.attributes(file, name)
    if "DEPEND_TIME" in told:  # THEMIS: seconds, beside an epoch of no record
        time = _utc(_cdf.values(file, told["DEPEND_TIME"]))
    elif "DEPEND_0" in told:
        time = _cdf.times(file, told["DEPEND_0"])
    else:
        raise ValueError(
            f"{name} has no DEPEND_0, so that its times are not known"
        )
    return MissionVariable(
        name,
        time,
        _valid(_cdf.values(file, name), told),
        str(told.get("UNITS", "")),
        _frame_of(name, told),
    )


def of_pyspedas(
    variable: xr.DataArray | Mapping[str, Any], name: str = ""
) -> MissionVariable:
    """Return a variable that pyspedas loaded.

    Raises
    ------
    TypeError
        If it is neither of the two kinds, such as the None of a name that
        was not loaded.
    """
    if isinstance(variable, xr.DataArray):
        cdf = variable.attrs.get("CDF") or {}
        told = dict(cdf.get("VATT", {}))
        plotted = variable.attrs.get("data_att") or {}
        units = str(plotted.get("units") or told.get("UNITS", ""))
        told.setdefault("COORDINATE_SYSTEM", plotted.get("coord_sys") or "")
        name = name or str(variable.name or "variable")
        about = _file_of(cdf)
        axes = _axes(lambda axis: variable.coords.get(axis))
        time, values = variable["time"].values, variable.values
    elif isinstance(variable, Mapping) and {"x", "y"} <= set(variable):
        told, units, about = {}, "", {}
        axes = _axes(variable.get)
        time, values = np.asarray(variable["x"]), np.asarray(variable["y"])
    else:
        raise TypeError(
            f"{name or 'the variable'} must be what pyspedas gives, a "
            "DataArray of get_data(name, xarray=True) or the x and y of "
            f"notplot=True, got {type(variable).__name__}; was it loaded?"
        )
    return MissionVariable(
        name or "variable",
        _utc(time),
        _valid(np.asarray(values), told),
        units,
        _frame_of(name, told),
        axes,
        about,
    )


def vector(
    variable: MissionVariable,
    quantity: str,
    frame: str | None,
    units: str | None,
) -> xr.DataArray:
    """Return a vector in GSM, along `time` and `component`."""
    frame = (frame or variable.frame).upper()
    if frame not in frames.FRAMES:
        raise ValueError(
            f"the frame of {variable.name} is {frame or 'not said'!r}; give "
            f"frame as one of {', '.join(frames.FRAMES)}"
        )
    values = variable.into(quantity, units)
    if values.ndim != 2 or values.shape[1] < 3:
        raise ValueError(
            f"{variable.name} must have three components, got the shape "
            f"{values.shape}"
        )
    one = xr.DataArray(
        values[:, :3].astype(float),
        {"time": variable.time, "component": list(COMPONENTS)},
        ("time", "component"),
        attrs={"frame": frame},
    )
    return frames.rotate(one, to="GSM")


def _file_of(cdf: Mapping[str, Any]) -> dict[str, Any]:
    """Return name and checksum of the file that pyspedas read, if known."""
    path = Path(str(cdf.get("FILENAME") or ""))
    about = {"file": path.name} if path.name else {}
    if path.is_file():
        about["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return about


def _axes(get: Any) -> tuple[np.ndarray, ...]:
    """Return what runs along the dimensions after time."""
    found = [get(name) for name in ("v1", "v2", "v3")]
    if any(one is None for one in found):
        found = [get("v")]
    return tuple(np.asarray(one) for one in found if one is not None)


def _utc(time: np.ndarray) -> np.ndarray:
    """Return times as they are, or from seconds since 1970."""
    if time.dtype.kind == "M":
        return time.astype("datetime64[ns]")
    if time.dtype.kind in "US":
        return time.astype("datetime64[ns]")
    nanoseconds = np.round(np.asarray(time, dtype=float) * 1e6) * 1e3
    return nanoseconds.astype("int64").astype("datetime64[ns]")


def _valid(values: np.ndarray, told: Mapping[str, Any]) -> np.ndarray:
    """Return floats, NaN for what is fill or beyond the limits."""
    if values.dtype.kind not in "fiu":
        raise ValueError(f"numbers are needed, got {values.dtype}")
    integer = values.dtype.kind in "iu"
    found = values.astype(np.float64 if integer else values.dtype)
    bad = ~(np.abs(found) < _FILL)
    if (fill := told.get("FILLVAL")) is not None:
        bad |= found == np.asarray(fill, dtype=found.dtype)
    for limit, beyond in (("VALIDMIN", np.less), ("VALIDMAX", np.greater)):
        if (end := told.get(limit)) is not None:
            with np.errstate(invalid="ignore"):
                bad |= beyond(found, np.asarray(end, dtype=found.dtype))
    return np.where(bad, np.asarray(np.nan, dtype=found.dtype), found)


def _frame_of(name: str, told: Mapping[str, Any]) -> str:
    """Return the frame that a variable says it is in, or nothing."""
    keys = ("COORDINATE_SYSTEM", "FRAME", "REPRESENTATION_1")
    for text in (*(str(told.get(key) or "") for key in keys), name):
        if match := _FRAME.search(text):
            return match[0].upper()
    if match := _FRAME.search(str(told.get("CATDESC") or "")):
        return match[0].upper()
    return ""
