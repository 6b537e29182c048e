"""Cubes of OpenGGCM as the model itself writes them, ``run.3df.007200``.

The fields ``rr`` [cm-3], ``pp`` [pPa], ``vx`` to ``vz`` [km/s] and ``bx`` to
``bz`` [nT] of the cells, x fastest. Their places stand in a file of their own,
here or one folder up: ``run.grid2``, ``gridx.txt`` with ``gridy.txt`` and
``gridz.txt``, or ``run.grid`` (``readers/openggcm.py`` of viscid-hub/Viscid,
``openggcm_gm_tocdf.py`` of nasa/Kamodo).
"""

from __future__ import annotations

import re
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import xarray as xr

from smile_explore.data.mhd._jrrle import MARK, Field, fields_of, values_of
from smile_explore.data.mhd._openggcm import from_model
from smile_explore.schema import COMPONENTS

__all__ = ["read", "sees"]

_NAME = re.compile(r"(.+)\.3df\.\d+")
_MOMENT = re.compile(r"(\d{4}):(\d+):(\d+):(\d+):(\d+):([\d.]+)")
_NAMES = {"n": "rr", "p": "pp"} | {
    f"{ours}{axis}": f"{theirs}{axis}"
    for ours, theirs in (("u", "v"), ("b", "b"))
    for axis in COMPONENTS
}
#: pPa to nPa; the others are in our units.
_SCALE = {"p": 1e-3}


def sees(path: Path, head: bytes) -> bool:
    """Tell whether this is a field in the code of OpenGGCM."""
    return path.is_file() and head.startswith(MARK)


def read(path: Path, chunks: dict[str, int]) -> xr.Dataset:
    """Open a cube of OpenGGCM."""
    fields = fields_of(path)
    lacking = [name for name in _NAMES.values() if name not in fields]
    if lacking:
        raise ValueError(
            f"{path.name} lacks the fields {', '.join(lacking)}; it has "
            f"{', '.join(fields)}; a cube is in a file run.3df.NNNNNN"
        )
    axes = _axes(path)
    sizes = tuple(axes[axis].size for axis in COMPONENTS)
    for name in _NAMES.values():
        if fields[name].sizes != sizes:
            raise ValueError(
                f"{path.name}: {name} has the size {fields[name].sizes}, but "
                f"the grid beside it is of {sizes}; is it of another run?"
            )
    lazy = {
        ours: da.from_delayed(
            dask.delayed(_values)(path, theirs, fields[theirs], ours),
            shape=sizes[::-1],
            dtype=np.float32,
        )
        for ours, theirs in _NAMES.items()
    }
    attrs = {
        "model": "OpenGGCM",
        "frame": "GSE",
        "assumed": (
            "axes and vectors are -x, -y, z GSE; pressure in pPa; one fluid "
            "of protons; no inner boundary"
        ),
    }
    cube = from_model(lazy, axes, attrs, time=_time(fields["rr"].time))
    return cube.chunk({d: n for d, n in chunks.items() if d in cube.dims})


def _values(path: Path, name: str, field: Field, ours: str) -> np.ndarray:
    return values_of(path, name, field) * np.float32(_SCALE.get(ours, 1.0))


def _time(told: str) -> np.datetime64 | None:
    """Return the time of ``time= 7200.0 1.5e9 2012:06:16:22:00:00.000``."""
    found = _MOMENT.search(told)
    if not found:
        return None
    year, month, day, hour, minute = (int(found[n]) for n in range(1, 6))
    start = np.datetime64(f"{year:04}-{month:02}-{day:02}", "ns")
    seconds = 60.0 * (60.0 * hour + minute) + float(found[6])
    return start + np.timedelta64(round(seconds * 1e3), "ms")


def _axes(path: Path) -> dict[str, np.ndarray]:
    """Read the places of the cells, in the axes of the model. [R_E]."""
    named = _NAME.fullmatch(path.name)
    run = named[1] if named else path.stem
    readers = {
        f"{run}.grid2": _from_columns,
        "gridx.txt": _from_tables,
        f"{run}.grid": _from_fields,
    }
    for folder in (path.parent, path.resolve().parent.parent):
        for name, reader in readers.items():
            if (folder / name).is_file():
                return _checked(reader(folder / name), folder / name)
    raise ValueError(
        f"{path.name} does not say where its cells are: put its grid, "
        f"{run}.grid2 or gridx.txt, gridy.txt and gridz.txt, beside it"
    )


def _checked(
    axes: dict[str, np.ndarray] | None, path: Path
) -> dict[str, np.ndarray]:
    if axes is None or any(
        axis.size < 2 or not (np.diff(axis) > 0.0).all()
        for axis in axes.values()
    ):
        raise ValueError(
            f"{path.name} is no whole grid of OpenGGCM, with three axes that "
            "increase; get it again"
        )
    return axes


def _from_columns(path: Path) -> dict[str, np.ndarray] | None:
    """Read ``.grid2``: for each axis a count, and so many lines."""
    lines = iter(path.read_text("latin-1").splitlines())
    try:
        return {
            axis: np.array(
                [
                    float(next(lines).split()[0])
                    for _ in range(int(next(lines).split()[0]))
                ]
            )
            for axis in COMPONENTS
        }
    except (StopIteration, ValueError, IndexError, RuntimeError):
        return None


def _from_tables(path: Path) -> dict[str, np.ndarray] | None:
    """Read ``gridx.txt`` and the others: a heading, then place and width."""
    try:
        return {
            axis: np.array(
                [
                    float(line.split()[0])
                    for line in path.with_name(f"grid{axis}.txt")
                    .read_text("latin-1")
                    .splitlines()[1:]
                    if line.strip()
                ]
            )
            for axis in COMPONENTS
        }
    except (OSError, ValueError):
        return None


def _from_fields(path: Path) -> dict[str, np.ndarray] | None:
    """Read ``.grid``: fields of one dimension, in the code of the model."""
    if not path.stat().st_size:
        return None
    fields = fields_of(path)
    names = {axis: f"grid{axis}" for axis in COMPONENTS}
    if not set(names.values()) <= fields.keys():
        return None
    return {
        axis: values_of(path, name, fields[name]).astype(np.float64)
        for axis, name in names.items()
    }
