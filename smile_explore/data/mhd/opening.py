"""The one door to cubes of magnetohydrodynamic models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.data.mhd import grids, regridding, series
from smile_explore.data.mhd.formats import Format, recognise
from smile_explore.data.mhd.grids import Grid
from smile_explore.schema import COMPONENTS, CUBE

__all__ = ["open_cube"]

#: Frames that a cube may come in.
_FRAMES = ("GSM", "GSE", "SM")


def open_cube(
    source: str | PathLike[str] | Sequence[str | PathLike[str]],
    *,
    chunks: Mapping[str, int] | None = None,
    grid: float | Mapping[str, Any] | None = None,
    box: Mapping[str, tuple[float, float]] | None = None,
    frame: str | None = None,
    start: str | np.datetime64 | None = None,
    gaps: str = "refuse",
) -> xr.Dataset:
    """Open a cube of a magnetohydrodynamic model, without reading it.

    Parameters
    ----------
    source : str or path-like, or a sequence of them
        A file or store of any format listed in `docs/cubes.md`; a pattern
        such as ``"run/*.out"`` or a list of files is opened as one series,
        sorted by time.
    chunks : mapping of str to int, optional
        Size of the dask chunks; by default those of a Zarr store, one chunk
        per time of another file, and at most 128 nodes a side where values
        are resampled.
    grid : float or mapping with x, y and z, optional
        Nodes to resample to: a spacing (the nodes are its multiples), or the
        axes themselves, such as those of another cube. By default a regular
        file keeps its nodes, and a block-adaptive one gets the spacing of
        its finest cells. [R_E]
    box : mapping of str to (float, float), optional
        Part to open, e.g. ``{"x": (-5, 20)}``; by default all. [R_E]
    frame : {"GSM", "GSE", "SM"}, optional
        Frame of the file, if it does not say; GSM is assumed otherwise. What
        comes in another frame is turned into GSM, time by time.
    start : datetime64 or str, optional
        UTC at which the run began, for files that count from there.
    gaps : {"refuse", "allow"}
        Whether a series may have a step missing.

    Returns
    -------
    cube : xarray.Dataset (CUBE)
        With the attributes of the file, its name as ``file`` and its
        ``format``; ``frame_from``, ``time_from``, ``grid`` and ``resampled``
        say what was found and what was assumed. The solar wind that the run
        was driven by stays with it as ``driver_*``; see `driver`.

    Raises
    ------
    FileNotFoundError
        If there is nothing at `source`.
    ValueError
        If a file cannot be read, is damaged, lacks a variable, has units or
        an axis that the schema refuses, contradicts `frame` or has no use
        for `start`; if files make no series: other grids or variables, a
        time twice, a step missing.

    Notes
    -----
    Of models with one fluid the temperature is p / n: it stands for the sum
    of ion and electron temperature. Values between nodes are trilinear, and
    NaN outside what the file holds.
    """
    if gaps not in ("refuse", "allow"):
        raise ValueError(f"gaps must be 'refuse' or 'allow', got {gaps!r}")
    if frame is not None and frame not in _FRAMES:
        raise ValueError(
            f"frame must be one of {', '.join(_FRAMES)}, got {frame!r}"
        )
    options = {
        "grid": grids.wanted(grid, box),
        "start": None if start is None else _nanoseconds(start),
        "gaps": gaps,
    }
    sizes = dict(chunks or {})
    paths = series.found(source)
    cubes: list[xr.Dataset] = []
    for path in paths:
        form = recognise(path)
        if start is not None and "start" not in form.options:
            raise ValueError(
                f"{path.name} is {form.name}, which says its times itself; "
                "leave start out"
            )
        cubes.append(_open(form, path, sizes, frame, options))
        if "start" in form.options:
            # What one file tells of the beginning holds for the rest.
            options["start"] = options["start"] or _beginning(cubes[-1])
    if len(paths) == 1:
        return cubes[0]
    cube = series.joined(cubes, [path.name for path in paths], gaps=gaps)
    told = {n: v for n, v in cubes[0].attrs.items() if n == "time_from"}
    return cube.assign_attrs(told)


def _open(
    form: Format,
    path: Path,
    chunks: dict[str, int],
    frame: str | None,
    options: dict[str, Any],
) -> xr.Dataset:
    """Open one file."""
    try:
        cube = _in_gsm(form, path, chunks, frame, options)
        CUBE.check(cube)
    except ValueError as error:
        told = str(error)
        raise ValueError(
            told if path.name in told else f"{path.name}: {told}"
        ) from error
    cube = CUBE.stamp(cube)
    cube.attrs = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in cube.attrs.items()
    }
    return cube.assign_attrs(file=path.name, format=form.name)


def _in_gsm(
    form: Format,
    path: Path,
    chunks: dict[str, int],
    frame: str | None,
    options: dict[str, Any],
) -> xr.Dataset:
    """Read a file onto the grid that is wanted, and turn it into GSM."""
    grid: Grid = options["grid"]
    taken = {name: options[name] for name in form.options}
    cube = _named(form.read(path, chunks, **taken))
    said, source = _frame(cube, frame)
    turned = said != "GSM"
    on_grid = "grid" in form.options and "resampled" in cube.attrs
    if turned and on_grid:
        # The grid is meant in GSM: read all there is, then turn that.
        taken["grid"] = grid.everywhere()
        cube = _named(form.read(path, chunks, **taken))
    if turned or (grid.resamples and not on_grid):
        cube = regridding.regridded(cube, grid, chunks, frame=said)
    elif grid.box and not on_grid:
        cube = _part(cube, grid)
    for name in ("velocity", "magnetic_field"):
        if name in cube:
            cube[name].attrs["frame"] = "GSM"
    if turned:
        cube.attrs["turned_from"] = said
    return cube.assign_attrs(frame="GSM", frame_from=source)


def _part(cube: xr.Dataset, grid: Grid) -> xr.Dataset:
    """Cut the box that was asked for out of a regular cube."""
    part = cube.sel({n: slice(*pair) for n, pair in grid.box.items()})
    described = grids.described({n: cube[n].values for n in COMPONENTS})
    for name, (low, high) in grid.box.items():
        if not part.sizes[name]:
            raise ValueError(
                f"no node lies between {low:g} and {high:g} R_E along {name}; "
                f"the file has {described}"
            )
    return part


def _named(cube: xr.Dataset) -> xr.Dataset:
    return cube.assign_coords(component=list(COMPONENTS))


def _frame(cube: xr.Dataset, given: str | None) -> tuple[str, str]:
    """Return the frame of a cube, and how it is known."""
    said = cube.attrs.get("frame")
    if cube.attrs.get("coordinate_system") in frames.FRAMES:
        said = said or cube.attrs["coordinate_system"]
    if "velocity" in cube:
        said = cube["velocity"].attrs.get("frame", said)
    if said is None:
        return (given, "given") if given else ("GSM", "assumed")
    if said not in _FRAMES:
        raise ValueError(
            f"the frame must be one of {', '.join(_FRAMES)}, the file says "
            f"{said!r}; turn it before opening it"
        )
    if given not in (None, said):
        raise ValueError(
            f"frame was given as {given}, but the file says {said}; leave "
            "frame out"
        )
    return said, "file"


def _beginning(cube: xr.Dataset) -> np.datetime64 | None:
    """Beginning of the run, where a file counts its time from there."""
    told = cube.attrs.get("run_start")
    return None if told is None else _nanoseconds(told)


def _nanoseconds(time: str | np.datetime64) -> np.datetime64:
    return np.datetime64(time).astype("datetime64[ns]")
