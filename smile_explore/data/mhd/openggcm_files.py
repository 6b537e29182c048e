"""Cubes of OpenGGCM in CDF, as the CCMC gives them out.

Each variable is one record, ``rho``, ``p``, ``ux`` to ``bz`` with x fastest
on the stretched axes ``x``, ``y`` and ``z`` (Kameleon's converter of OpenGGCM;
``read_openggcm_mhd.py`` of swharton1/Emissivity_Cubes; the reader of deltaB).
Beside the file may stand the solar wind of an idealised run, as JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
import dask.array as da
import numpy as np
import xarray as xr

from smile_explore.data import _cdf
from smile_explore.data.mhd._openggcm import from_model
from smile_explore.data.mhd.driving import driver_series
from smile_explore.data.mhd.model_units import factor
from smile_explore.data.mhd.plasma import UNITS
from smile_explore.schema import COMPONENTS

if TYPE_CHECKING:
    import cdflib

__all__ = ["read", "sees"]

#: First bytes of CDF 3, 2.6 and older.
_SIGNATURES = (b"\xcd\xf3\x00\x01", b"\xcd\xf2\x60\x02", b"\x00\x00\xff\xff")
_NAMES = {"n": "rho"}
#: What the metadata call the solar wind.
_WIND = {"N": "n", "T": "T"} | {
    f"{capital}{axis}": f"{letter}{axis}"
    for capital, letter in (("V", "u"), ("B", "b"))
    for axis in COMPONENTS
}


def sees(path: Path, head: bytes) -> bool:
    """Tell whether this is CDF."""
    return path.is_file() and head.startswith(_SIGNATURES)


def read(path: Path, chunks: dict[str, int]) -> xr.Dataset:
    """Open a cube of OpenGGCM."""
    with _cdf.opened(path) as file:
        told = {name.lower(): value for name, value in _globals(file).items()}
        axes, factors = _checked(file, path, told)
    shape = tuple(axes[axis].size for axis in reversed(COMPONENTS))
    fields = {
        name: da.from_delayed(
            dask.delayed(_field)(path, _NAMES.get(name, name), shape, scale),
            shape=shape,
            dtype=np.float32,
        )
        for name, scale in factors.items()
    }
    wind = _metadata(path)
    attrs = _attributes(told, wind)
    cube = from_model(
        fields,
        axes,
        attrs,
        time=_time(told),
        inner_radius=_number(told.get("r_body")) or 0.0,
    )
    driven = xr.Dataset({f"sw_{n}": wind[n] for n in wind if n in _WIND_OURS})
    for name, array in driver_series(driven).items():
        if "frame" in array.attrs:
            array.attrs["frame"] = attrs["frame"]
        cube[name] = array
    return cube.chunk({d: n for d, n in chunks.items() if d in cube.dims})


_WIND_OURS = frozenset(_WIND.values())


def _globals(file: cdflib.cdfread.CDF) -> dict[str, Any]:
    """Return the attributes of the file, lists of one as what they hold."""
    return {
        name: value[0]
        if isinstance(value, list) and len(value) == 1
        else value
        for name, value in file.globalattsget().items()
    }


def _checked(
    file: cdflib.cdfread.CDF, path: Path, told: dict[str, Any]
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Return the axes, and what makes the variables ours; refuse others."""
    model = str(told.get("model_name", "OpenGGCM"))
    if "ggcm" not in model.lower():
        raise ValueError(
            f"{path.name} is CDF of {model}; of CDF files only cubes of "
            "OpenGGCM are read here"
        )
    info = file.cdf_info()
    there = [*info.zVariables, *info.rVariables]
    wanted = [*COMPONENTS, *(_NAMES.get(name, name) for name in UNITS)]
    lacking = [name for name in wanted if name not in there]
    if lacking:
        raise ValueError(
            f"{path.name} is no CDF cube of OpenGGCM: it lacks "
            f"{', '.join(lacking)}; it has {', '.join(there) or 'nothing'}"
        )
    units = {name: _cdf.attributes(file, name).get("units") for name in wanted}
    axes = {
        axis: np.asarray(_cdf.values(file, axis), np.float64).ravel()
        * factor(axis, units[axis] or "R", "R_E", source=path.name)
        for axis in COMPONENTS
    }
    factors = {}
    count = int(np.prod([axis.size for axis in axes.values()]))
    for name, ours in UNITS.items():
        theirs = _NAMES.get(name, name)
        size = int(np.prod(file.varinq(theirs).Dim_Sizes or [1]))
        if size != count:
            raise ValueError(
                f"{path.name}: {theirs} has {size} values, but the axes x, "
                f"y, z make {count}; the file is damaged or of another model"
            )
        factors[name] = factor(
            theirs, units[theirs] or ours, ours, source=path.name
        )
    return axes, factors


def _field(
    path: Path, name: str, shape: tuple[int, ...], scale: float
) -> np.ndarray:
    with _cdf.opened(path) as file:
        values = np.asarray(_cdf.values(file, name), np.float32).ravel()
        mask = _number(_cdf.attributes(file, name).get("mask"))
    if values.size != int(np.prod(shape)):
        raise ValueError(f"{path.name}: {name} is cut short; get it again")
    if mask is not None:
        values = np.where(values == np.float32(mask), np.nan, values)
    return (values * np.float32(scale)).reshape(shape)


def _metadata(path: Path) -> dict[str, float]:
    """Return the solar wind and the tilt of an idealised run, if told."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return {}
    try:
        told = json.loads(beside.read_text("utf-8"))["inputParameters"]
        known = _WIND | {"dipole_tilt": "dipole_tilt"}
        return {known[k]: float(v) for k, v in told.items() if k in known}
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f"{beside.name} beside {path.name} is not the metadata of an "
            "OpenGGCM run, with numbers in inputParameters; correct or "
            "remove it"
        ) from error


def _attributes(
    told: dict[str, Any], wind: dict[str, float]
) -> dict[str, Any]:
    """Say which frame the cube is in, and what was assumed."""
    tilt = wind.get("dipole_tilt", _number(told.get("dipole_tilt")))
    sideways = _number(told.get("dipole_tilt_y"))
    if sideways is None and "dipole_tilt" in wind:
        sideways = 0.0
    moves = str(told.get("dipole_update", "no")).strip().lower() == "yes"
    upright = sideways == 0.0 and not moves
    radius = _number(told.get("r_body"))
    assumed = (
        "the dipole stays in the x-z plane, so that GSE is GSM"
        if upright
        else "axes and vectors are -x, -y, z GSE",
        "one fluid of protons",
        f"NaN within {radius:g} R_E" if radius else "no inner boundary",
    )
    kept = ("run_registration_number", "generated_by", "run_type")
    attrs: dict[str, Any] = {
        "model": "OpenGGCM",
        "frame": "GSM" if upright else "GSE",
        "assumed": "; ".join(assumed),
        **{name: str(told[name]).strip() for name in kept if name in told},
    }
    return attrs if tilt is None else attrs | {"dipole_tilt": tilt}


def _time(told: dict[str, Any]) -> np.datetime64 | None:
    """Return when the cube is, if the file says."""
    began = str(told.get("start_time", "")).strip().rstrip("Z")
    elapsed = _number(told.get("elapsed_time_in_seconds"))
    if elapsed is None:
        return None
    try:
        start = np.datetime64(began, "ns")
    except ValueError:
        return None
    if np.isnat(start):
        return None
    return start + np.timedelta64(round(elapsed * 1e9), "ns")


def _number(value: Any) -> float | None:
    """Return a number however it is written, None for none."""
    try:
        found = float(np.asarray(value).ravel()[0])
    except (TypeError, ValueError, IndexError):
        return None
    return found if np.isfinite(found) else None
