"""Files that together make one cube against time, before they are read."""

from __future__ import annotations

import glob
import hashlib
import warnings
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from smile_explore.data.mhd.opening import open_cube
from smile_explore.data.mhd.store import on_grid
from smile_explore.schema import COMPONENTS

__all__ = ["Series", "digest", "found", "opened", "series", "size"]

#: First bytes of archives, and where they stand.
_ARCHIVES = {"zip": (0, b"PK\x03\x04"), "tar": (257, b"ustar")}
#: A step is taken to be missing where times are this much further apart than
#: most are.
_GAP = 1.5


class Series(NamedTuple):
    """Sources in the order of their times."""

    paths: list[Path]
    steps: list[int]  # in each source
    first: xr.Dataset  # the cube of the first, lazy
    small: xr.Dataset  # axes, and what is not on the grid, at all times
    reading: Mapping[str, Any]  # how `open_cube` is to read them


def found(
    sources: str | PathLike[str] | Iterable[str | PathLike[str]],
) -> list[Path]:
    """List the sources; a name with ``*``, ``?`` or ``[`` stands for many.

    Raises
    ------
    FileNotFoundError
        If there is nothing of such a name.
    ValueError
        If one comes twice, is an archive, or a folder with a link that leads
        out of it.
    """
    given = [sources] if isinstance(sources, str | PathLike) else [*sources]
    paths: list[Path] = []
    for name in given:
        path = Path(name)
        many = [path] if path.exists() else _matching(path)
        if not many:
            raise FileNotFoundError(f"there is no MHD cube at {path}")
        paths += many
    if not paths:
        raise ValueError("no sources were given: name at least one cube")
    twice = [path for path in paths if paths.count(path) > 1]
    if twice:
        raise ValueError(f"{twice[0]} was given twice; give each source once")
    for path in paths:
        if path.is_file():
            _refuse_archive(path)
        else:
            _refuse_ways_out(path)
    return paths


def _matching(pattern: Path) -> list[Path]:
    return sorted(map(Path, glob.glob(str(pattern))))  # noqa: PTH207


def _refuse_archive(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(512)
    for kind, (place, mark) in _ARCHIVES.items():
        if head[place:].startswith(mark):
            raise ValueError(
                f"{path.name} is a {kind} archive, which may hold anything: "
                "unpack it, then give the cubes in it"
            )


def _refuse_ways_out(folder: Path) -> None:
    home = folder.resolve()
    for part in folder.rglob("*"):
        if part.is_symlink() and not part.resolve().is_relative_to(home):
            raise ValueError(
                f"{part} leads out of {folder.name}: copy what it points at, "
                "or ingest that"
            )


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def digest(path: Path) -> str:
    """SHA-256 of a file; of a folder that of all names, sizes and contents."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    whole = hashlib.sha256()
    for part in sorted(p for p in path.rglob("*") if p.is_file()):
        inside = part.relative_to(path).as_posix()
        whole.update(f"{inside}\0{part.stat().st_size}\0".encode())
        with part.open("rb") as file:
            while piece := file.read(1 << 20):
                whole.update(piece)
    return whole.hexdigest()


def opened(
    path: Path,
    reading: Mapping[str, Any],
    chunks: Mapping[str, int] | None = None,
) -> xr.Dataset:
    """Open one source, with a dimension ``time`` where it knows its time."""
    cube = open_cube(path, chunks=chunks, **reading)
    if "time" in cube.coords and "time" not in cube.dims:
        cube = cube.expand_dims("time")
    for name in on_grid(cube):
        if "time" in cube.dims and "time" not in cube[name].dims:
            cube[name] = cube[name].expand_dims(time=cube.sizes["time"])
        dims = cube[name].dims
        if "time" in dims[1:]:
            cube[name] = cube[name].transpose("time", ...)
    return cube


def series(paths: list[Path], reading: Mapping[str, Any]) -> Series:
    """Open every source for what is small, and put them in order.

    Raises
    ------
    ValueError
        If grids or variables differ, a time comes twice, or one of several
        sources has none.

    Warns
    -----
    UserWarning
        If steps seem to be missing.
    """
    pairs = [(path, opened(path, reading)) for path in paths]
    lacking = [path for path, cube in pairs if "time" not in cube.dims]
    if lacking and len(pairs) > 1:
        raise ValueError(
            f"{lacking[0].name} does not say its time, so it cannot be put "
            "in order with others; ingest it alone, or add a time"
        )
    if not lacking:
        pairs.sort(key=lambda pair: pair[1]["time"].values[0])
    _check_alike(pairs)
    cubes = [cube for _, cube in pairs]
    gridded = on_grid(cubes[0])
    small = [cube.drop_vars([*gridded, "component"]) for cube in cubes]
    if lacking:
        return Series(paths, [1], cubes[0], small[0].load(), reading)
    _check_times(pairs)
    whole = xr.concat(
        small,
        "time",
        data_vars="minimal",
        coords="minimal",
        compat="override",
        combine_attrs="drop_conflicts",
        join="override",
    )
    steps = [cube.sizes["time"] for cube in cubes]
    paths = [path for path, _ in pairs]
    return Series(paths, steps, cubes[0], whole.load(), reading)


def _check_alike(pairs: list[tuple[Path, xr.Dataset]]) -> None:
    first, model = pairs[0]
    for path, cube in pairs[1:]:
        for axis in COMPONENTS:
            if not np.array_equal(cube[axis].values, model[axis].values):
                raise ValueError(
                    f"{path.name} has another grid than {first.name}: "
                    f"{_axis(cube, axis)} instead of {_axis(model, axis)}; "
                    "ingest them apart, or give both the same grid"
                )
        names = [set(map(str, data.data_vars)) for data in (cube, model)]
        if differing := names[0] ^ names[1]:
            raise ValueError(
                f"{path.name} and {first.name} do not have the same "
                f"variables: only one has {', '.join(sorted(differing))}; "
                "ingest them apart"
            )


def _axis(cube: xr.Dataset, axis: str) -> str:
    ends = f"{cube[axis].values[0]:g} to {cube[axis].values[-1]:g}"
    return f"{cube.sizes[axis]} nodes of {axis} from {ends} R_E"


def _check_times(pairs: list[tuple[Path, xr.Dataset]]) -> None:
    times = np.concatenate([cube["time"].values for _, cube in pairs])
    owners = [path for path, cube in pairs for _ in range(cube.sizes["time"])]
    apart = np.diff(times)
    if (bad := np.flatnonzero(apart <= np.timedelta64(0))).size:
        before, after = owners[bad[0]], owners[bad[0] + 1]
        said = "comes twice" if not apart[bad[0]] else "is out of order"
        raise ValueError(
            f"the time {str(times[bad[0] + 1])[:19]} {said}, in "
            f"{before.name} and {after.name}; leave one of them out"
        )
    if apart.size < 2:
        return
    usual = np.median(apart.astype("i8"))
    gaps = np.flatnonzero(apart.astype("i8") > _GAP * usual)
    if gaps.size:
        warnings.warn(
            f"steps seem to be missing: {gaps.size} times lie further apart "
            f"than the usual {usual / 1e9:g} s, first after "
            f"{str(times[gaps[0]])[:19]}",
            stacklevel=4,
        )
