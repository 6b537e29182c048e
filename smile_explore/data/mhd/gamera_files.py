"""Cubes of GAMERA in HDF5, brought to a rectangular grid.

The root holds the corners of the cells, ``X``, ``Y`` and ``Z`` in Earth radii,
and each ``Step#k`` one time: its attribute ``MJD``, and ``D``, ``P``, ``Vx``
to ``Bz`` of the cells, in SM (``gamera/gameraio`` of JHUAPL's kaiju, which
writes them, and ``gampp.py`` of its kaipy; ``gameragm_4D.py`` of nasa/Kamodo).
A run in parallel writes a file for each rank; any of them opens all.

LFM, its forerunner, writes HDF4, which has no reader that can be installed
here: its files are recognised and refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
import dask.array as da
import numpy as np
import xarray as xr

from smile_explore.data.mhd._gamera_grid import (
    Axes,
    Part,
    cells,
    closed,
    located,
    parts_of,
    reach,
)
from smile_explore.data.mhd.grids import AS_IT_IS, Grid
from smile_explore.data.mhd.model_units import factor
from smile_explore.data.mhd.plasma import UNITS, gathered
from smile_explore.physics import curvilinear
from smile_explore.schema import COMPONENTS

if TYPE_CHECKING:
    import h5py

__all__ = ["BOX", "SPACING", "read", "sees"]

#: Spacing of the rectangular grid, about the smallest cells of the usual
#: runs on the dayside. [R_E]
SPACING = 0.25
#: What is cut out of a grid that reaches far down the tail. [R_E SM]
BOX = {"x": (-20.0, 25.0), "y": (-24.0, 24.0), "z": (-24.0, 24.0)}

_HDF5 = b"\x89HDF\r\n\x1a\n"
_HDF4 = b"\x0e\x03\x13\x01"
_STEP = "Step#"
_NAMES = {"n": "D", "p": "P"} | {
    f"{ours}{axis}": f"{theirs}{axis}"
    for ours, theirs in (("u", "V"), ("b", "B"))
    for axis in COMPONENTS
}
#: What kaiju writes where it has no unit.
_NO_UNITS = {"", "NULL", "CODE"}
#: Day 0 of the modified Julian date.
_FIRST_DAY = np.datetime64("1858-11-17", "ns")


def sees(path: Path, head: bytes) -> bool:
    """Tell whether this is a file of GAMERA, or HDF4 as LFM writes it."""
    if head.startswith(_HDF4):
        return True
    if not head.startswith(_HDF5):
        return False
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return {"X", "Y"} <= file.keys() and bool(_steps(file))
    except (OSError, RuntimeError, KeyError):
        return False


def read(
    path: Path, chunks: dict[str, int], *, grid: Grid = AS_IT_IS
) -> xr.Dataset:
    """Open a cube of GAMERA on a rectangular grid.

    Parameters
    ----------
    path : pathlib.Path
    chunks : dict of str to int
        Each time is brought to the grid whole.
    grid : Grid
        Its spacing, `SPACING` if it has none: the points lie at multiples of
        it, in SM, and the door turns them.
    """
    spacing = grid.everywhere().spacing or SPACING
    with path.open("rb") as file:
        if file.read(len(_HDF4)) == _HDF4:
            raise ValueError(
                f"{path.name} is HDF4, as LFM writes it, which is not read "
                "here; bring it to a rectangular grid in NetCDF, with n ux "
                "uy uz p bx by bz (docs/cubes.md)"
            )
    parts = parts_of(path)
    steps, times, factors = _checked(parts)
    axes = _axes(parts, spacing, path)
    fields = {
        name: (
            ("time", *COMPONENTS),
            _lazy(parts, axes, steps, name, factors[name]),
        )
        for name in UNITS
    }
    places = {
        axis: first + step * np.arange(count)
        for axis, (first, count, step) in zip(COMPONENTS, axes, strict=True)
    }
    attrs = {
        "model": "GAMERA",
        "frame": "SM",
        "resampled": f"trilinear, in distorted cells, to {spacing:g} R_E",
        "assumed": (
            "trilinear between the centres of cells, brought to a "
            f"rectangular grid of {spacing:g} R_E; NaN outside; one fluid of "
            "protons"
        ),
    }
    raw = xr.Dataset(fields, {"time": times, **places}, attrs)
    return gathered(raw).chunk(
        {dim: size for dim, size in chunks.items() if dim in raw.dims}
    )


def _lazy(
    parts: tuple[Part, ...],
    axes: Axes,
    steps: list[str],
    name: str,
    scale: float,
) -> da.Array:
    """Return a variable at all times, none of them read."""
    shape = tuple(count for _, count, _ in axes)
    changed = parts[0].path.stat().st_mtime_ns
    field = dask.delayed(_field)
    return da.stack(
        [
            da.from_delayed(
                field(parts, changed, axes, step, name, scale),
                shape=shape,
                dtype=np.float32,
            )
            for step in steps
        ]
    )


def _steps(file: h5py.File) -> list[str]:
    """Return the names of the times, in the order of their numbers."""
    names = [name for name in file if name.startswith(_STEP)]
    return sorted(names, key=lambda name: int(name.removeprefix(_STEP)))


def _checked(
    parts: tuple[Part, ...],
) -> tuple[list[str], np.ndarray, dict[str, float]]:
    """Return steps, their times and what makes variables ours."""
    import h5py

    found = []
    for part in parts:
        name = part.path.name
        try:
            with h5py.File(part.path, "r") as file:
                steps = _steps(file)
                _check_whole(file, steps, name)
                dates = [file[step].attrs["MJD"] for step in steps]
                factors = _factors(file, steps[0], name)
        except (OSError, RuntimeError) as error:
            raise ValueError(
                f"{name} cannot be read as HDF5: it is damaged or cut short "
                f"({str(error).splitlines()[0]}); get it again"
            ) from error
        found.append(steps)
        if steps != found[0]:
            raise ValueError(
                f"{name} has {len(steps)} times and {parts[0].path.name} "
                f"{len(found[0])}, or they are others; wait until the run is "
                "over"
            )
    since = np.array(
        [round(float(np.ravel(d)[0]) * 86_400_000) for d in dates]
    )
    return steps, _FIRST_DAY + since.astype("timedelta64[ms]"), factors


def _check_whole(file: h5py.File, steps: list[str], name: str) -> None:
    if not steps or "Z" not in file:
        raise ValueError(
            f"{name} has no times, or no Z: it is a run in two dimensions"
        )
    size = tuple(n - 1 for n in file["X"].shape)
    for step in steps:
        group = file[step]
        lacking = [v for v in _NAMES.values() if v not in group]
        lacking += [] if "MJD" in group.attrs else ["the date MJD"]
        if lacking:
            raise ValueError(
                f"{name}: {step} lacks {', '.join(lacking)}; the run may not "
                "be over, or have been written for another purpose"
            )
        if any(group[v].shape != size for v in _NAMES.values()):
            raise ValueError(
                f"{name}: {step} must have {size} cells, as its corners X, "
                "Y, Z make them"
            )


def _factors(file: h5py.File, step: str, name: str) -> dict[str, float]:
    """Return what makes variables ours; refuse other planets, code units.

    A file that says neither is in units of the code, as in ``gampp.py``.
    """
    told = {n: _units_of(file[step][v]) for n, v in _NAMES.items()}
    default = "EARTH" if told["n"] else "CODE"
    planet = _text(file.attrs.get("UnitsID", default))
    if planet.upper() != "EARTH":
        raise ValueError(
            f"{name} must be a run of Earth's magnetosphere, in Earth radii, "
            f"km/s, nPa and nT; its UnitsID is {planet}"
        )
    return {
        ours: factor(
            theirs, told[ours] or UNITS[ours], UNITS[ours], source=name
        )
        for ours, theirs in _NAMES.items()
    }


def _units_of(variable: h5py.Dataset) -> str:
    units = _text(variable.attrs.get("Units", ""))
    return "" if units in _NO_UNITS else units


def _text(value: Any) -> str:
    one = np.ravel(value)[0]
    return (one.decode() if isinstance(one, bytes) else str(one)).strip()


def _axes(parts: tuple[Part, ...], spacing: float, path: Path) -> Axes:
    """Return first, count and spacing of the rectangular grid."""
    made = []
    for least, largest, (low, high) in zip(
        *reach(parts), BOX.values(), strict=True
    ):
        first = np.ceil(max(least, low) / spacing)
        last = np.floor(min(largest, high) / spacing)
        if last < first + 1.0:
            raise ValueError(
                f"{path.name}: its grid, {least:g} to {largest:g} R_E, has "
                f"fewer than two points {spacing:g} R_E apart"
            )
        made.append((first * spacing, int(last - first) + 1, spacing))
    return tuple(made)


def _field(
    parts: tuple[Part, ...],
    changed: int,
    axes: Axes,
    step: str,
    name: str,
    scale: float,
) -> np.ndarray:
    """Read a variable at one time and bring it to the rectangular grid."""
    places, seams = located(parts, changed, axes)
    values = cells(parts, f"{step}/{_NAMES[name]}") * np.float32(scale)
    if name == "p":
        # where a cell is empty nothing has a temperature
        empty = cells(parts, f"{step}/{_NAMES['n']}") <= 0.0
        values = np.where(empty, np.nan, values)
    return curvilinear.resample(closed(values, seams), places)
