"""Convert once: cubes of any format into one compressed, chunked store."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import smile_explore
from smile_explore.data.mhd import store as on_disk
from smile_explore.data.mhd.journal import Journal, locked, parts
from smile_explore.data.mhd.opening import open_cube
from smile_explore.data.mhd.sources import (
    Series,
    digest,
    found,
    opened,
    series,
    size,
)

__all__ = ["ingest"]

#: Values held in memory at a time, about. [bytes]
_AT_ONCE = 500_000_000
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def ingest(
    sources: str | PathLike[str] | Iterable[str | PathLike[str]],
    store: str | PathLike[str],
    *,
    chunks: int | Mapping[str, int] | None = None,
    compression: str = "zstd",
    keep_bits: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    **reading: Any,
) -> Path:
    """Convert cubes to one Zarr store, one step at a time.

    What was killed goes on where it stopped when it is called again. The
    store appears under its name only when it is whole.

    Parameters
    ----------
    sources : str, path-like or iterable of these
        Files or folders that `open_cube` reads; ``*`` stands for many. Their
        times put them in order.
    store : str or path-like
        Folder to make, ``NAME.zarr``.
    chunks : int or mapping of str to int, optional
        Nodes of a chunk along x, y, z; by default about 64, so many that all
        are alike. A chunk holds one time.
    compression : {"zstd", "zstd-small", "lz4", "none"}
        Of each chunk; values are float32.
    keep_bits : int, optional
        Bits of the mantissa to keep, 1 to 22: 10 changes values by at most
        0.05 % and halves the store. By default all.
    progress : callable, optional
        Called with the number of steps done and their total.
    **reading
        Handed on to `open_cube`, such as ``grid``.

    Returns
    -------
    store : pathlib.Path
        ``open_cube(store)`` opens it. Its attributes ``sources`` (with
        SHA-256) and ``settings`` are JSON. A store of the same sources and
        settings that is there already is left as it is.

    Raises
    ------
    FileNotFoundError, FileExistsError
        If a source or the folder for `store` is missing, or something else
        has its name.
    ValueError
        If a source is damaged, grids or variables differ, a time comes
        twice, or sources or settings are not those of the work begun.
    OSError
        If the disk is full; what is done is kept.
    """
    target = _checked_target(Path(store))
    _check_settings(compression, keep_bits)
    run = series(found(sources), reading)
    edges = on_disk.chosen_chunks(run.first.sizes, chunks)
    settings = {
        "chunks": edges,
        "compression": compression,
        "keep_bits": keep_bits,
        "reading": json.loads(json.dumps(run.reading, default=_plain)),
    }
    plan = _plan(run, settings)
    folder = parts(target)
    if target.exists():
        _check_same(target, plan, run)
        if not (folder / target.name).exists():  # killed while clearing up
            shutil.rmtree(folder, ignore_errors=True)
        return target
    with _room_to_write(target), locked(folder):
        journal = Journal(folder)
        _begin(folder, target.name, journal, plan, run)
        _fill(folder / target.name, journal, run, settings, progress)
        _finish(folder, target, journal, run)
    shutil.rmtree(folder, ignore_errors=True)
    return target


def _checked_target(store: Path) -> Path:
    if store.suffix != ".zarr":
        raise ValueError(f"the store must end in .zarr, got {store}")
    if not store.parent.is_dir():
        raise FileNotFoundError(
            f"the folder {store.parent} does not exist: make it, or choose "
            "another place for the store"
        )
    return store


def _check_settings(compression: str, keep_bits: int | None) -> None:
    if compression not in on_disk.COMPRESSIONS:
        raise ValueError(
            f"compression must be one of {', '.join(on_disk.COMPRESSIONS)}, "
            f"got {compression!r}"
        )
    if keep_bits is not None and keep_bits not in range(1, 23):
        raise ValueError(
            f"keep_bits must be from 1 to 22, or None for all, got {keep_bits}"
        )


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return dict(value) if isinstance(value, Mapping) else str(value)


def _plan(run: Series, settings: dict[str, Any]) -> dict[str, Any]:
    """Return what must be the same for work to go on."""
    axes = {axis: run.small[axis].values.tolist() for axis in "xyz"}
    times = (
        run.small["time"].values.astype("M8[ns]").astype("i8").tolist()
        if "time" in run.small.dims
        else []
    )
    return {
        "store_version": on_disk.VERSION,
        "software": f"smile_explore {smile_explore.__version__}",
        "sources": [path.name for path in run.paths],
        "times": times,
        "variables": sorted(map(str, run.first.data_vars)),
        "grid": axes,
        "settings": settings,
    }


def _check_same(target: Path, plan: dict[str, Any], run: Series) -> None:
    """Refuse to write where something else is."""
    try:
        made = open_cube(target).attrs
        same = (
            json.loads(made["settings"]) == plan["settings"]
            and made["software"] == plan["software"]
            and [source["sha256"] for source in json.loads(made["sources"])]
            == [digest(path) for path in run.paths]
        )
    except (ValueError, KeyError):
        same = False
    if not same:
        raise FileExistsError(
            f"{target} exists already, of other sources or settings: choose "
            "another name, or remove it"
        )


def _begin(
    folder: Path,
    name: str,
    journal: Journal,
    plan: dict[str, Any],
    run: Series,
) -> None:
    """Make the store without values, or see that it is that of the plan."""
    if journal.plan is not None:
        differing = [key for key in plan if journal.plan.get(key) != plan[key]]
        if differing:
            raise ValueError(
                f"{folder.name} was begun with other {', '.join(differing)}: "
                f"remove {folder} to begin anew, or choose another name"
            )
        for number, sha256 in journal.digests.items():
            if digest(run.paths[number]) != sha256:
                raise _changed(run.paths[number])
        return
    inner = folder / name
    shutil.rmtree(inner, ignore_errors=True)
    small = run.small.assign_attrs(
        store_version=plan["store_version"],
        software=plan["software"],
        settings=json.dumps(plan["settings"]),
    )
    for stale in ("file", "format", "sources"):
        small.attrs.pop(stale, None)
    on_disk.layout(
        inner,
        run.first,
        small,
        chunks=plan["settings"]["chunks"],
        compression=plan["settings"]["compression"],
    )
    # Without its root a store does not open.
    (inner / "zarr.json").replace(folder / "root.json")
    journal.begin(plan)


def _looks(path: Path) -> tuple[int, int]:
    """Return size and age of a source, which change with its content."""
    return size(path), path.stat().st_mtime_ns


def _changed(path: Path) -> ValueError:
    return ValueError(
        f"{path} has changed since it was begun to be read: remove the "
        "unfinished store to begin anew"
    )


def _fill(
    inner: Path,
    journal: Journal,
    run: Series,
    settings: dict[str, Any],
    progress: Callable[[int, int], object] | None,
) -> None:
    """Write the steps that are not there yet."""
    import zarr

    names = on_disk.on_grid(run.first)
    arrays = {n: zarr.open_array(inner / str(n), mode="r+") for n in names}
    total = sum(run.steps)
    first = 0
    for number, (path, count) in enumerate(
        zip(run.paths, run.steps, strict=True)
    ):
        missing = [
            step
            for step in range(first, first + count)
            if not _is_there(inner, run, journal, step)
        ]
        if progress is not None:
            progress(first + count - len(missing), total)
        before = _looks(path)
        if missing and number not in journal.digests:
            journal.source(number, digest(path))
        source = _opened(path, run, settings) if missing else run.first
        for step in missing:
            for place in _places(inner, run, step):
                shutil.rmtree(place, ignore_errors=True)  # what a kill left
            part = source.isel(time=[step - first], missing_dims="ignore")
            _write(arrays, part, path, step, settings)
            journal.step(step, _size_of_step(inner, run, step))
            if progress is not None:
                progress(step + 1, total)
        if _looks(path) != before:
            raise _changed(path)
        first += count


def _places(inner: Path, run: Series, step: int) -> list[Path]:
    """Folders of the chunks of a step."""
    names = map(str, on_disk.on_grid(run.first))
    parts = ("c", str(step)) if "time" in run.first.dims else ("c",)
    return [inner.joinpath(name, *parts) for name in names]


def _size_of_step(inner: Path, run: Series, step: int) -> int:
    return sum(map(size, _places(inner, run, step)))


def _is_there(inner: Path, run: Series, journal: Journal, step: int) -> bool:
    """Tell whether a step is noted, and as large as it was then."""
    noted = journal.steps.get(step)
    return noted is not None and _size_of_step(inner, run, step) == noted


def _opened(path: Path, run: Series, settings: dict[str, Any]) -> xr.Dataset:
    """Open a source in the lumps in which it will be read."""
    thick = _slabs(run.first, settings["chunks"]["x"])[0].stop
    lumps = {"time": 1, "x": thick, "y": -1, "z": -1}
    cube = opened(path, run.reading, lumps)
    return cube[on_disk.on_grid(cube)]


def _write(
    arrays: Mapping[Hashable, Any],
    cube: xr.Dataset,
    path: Path,
    step: int,
    settings: dict[str, Any],
) -> None:
    """Read one step of a source and write it, a slab at a time."""
    for slab in _slabs(cube, settings["chunks"]["x"]):
        values = _read(cube.isel(x=slab), path)
        for name, array in arrays.items():
            where = {"time": slice(step, step + 1), "x": slab}
            dims = map(str, values[name].dims)
            region = tuple(where.get(dim, slice(None)) for dim in dims)
            array[region] = on_disk.rounded(
                values[name].values, settings["keep_bits"]
            )


def _slabs(cube: xr.Dataset, edge: int) -> list[slice]:
    """Cut x into slabs of whole chunks that fit into memory together."""
    nodes = cube.sizes["x"]
    per_node = sum(
        4 * cube[name].isel(time=0, missing_dims="ignore").size
        for name in on_disk.on_grid(cube)
    )
    per_node = max(per_node // nodes, 1)
    thick = max(_AT_ONCE // per_node // edge, 1) * edge
    return [
        slice(start, min(start + thick, nodes))
        for start in range(0, nodes, thick)
    ]


def _read(part: xr.Dataset, path: Path) -> xr.Dataset:
    try:
        return part.compute()
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        said = (str(error) or type(error).__name__).splitlines()[0]
        raise ValueError(
            f"{path} cannot be read any further: it is damaged or cut short "
            f"({said}); fetch it again, then go on"
        ) from error


def _finish(folder: Path, target: Path, journal: Journal, run: Series) -> None:
    """See that all is there, then put the root in and the store in place."""
    inner = folder / target.name
    total = sum(run.steps)
    lacking = [
        n for n in range(total) if not _is_there(inner, run, journal, n)
    ]
    if lacking:
        raise OSError(
            f"{len(lacking)} of {total} steps of {folder} have changed since "
            "they were written: run it again"
        )
    root = json.loads((folder / "root.json").read_text(encoding="utf-8"))
    root["attributes"]["sources"] = json.dumps(
        [
            {
                "file": path.name,
                "sha256": journal.digests[number],
                "bytes": size(path),
                "steps": run.steps[number],
            }
            for number, path in enumerate(run.paths)
        ]
    )
    draft = folder / "zarr.json"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(root, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(inner / "zarr.json")
    open_cube(inner)
    inner.rename(target)


@contextlib.contextmanager
def _room_to_write(target: Path) -> Iterator[None]:
    """Say in a sentence that the disk is full, or may not be written."""
    try:
        yield
    except PermissionError as error:
        raise PermissionError(
            f"the folder {target.parent} cannot be written "
            f"({error.strerror}): choose another place for the store"
        ) from error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise OSError(
            f"there is no room for {target.name} ({error.strerror}); what is "
            f"done is kept in {parts(target)}: make room and run it again",
        ) from error
