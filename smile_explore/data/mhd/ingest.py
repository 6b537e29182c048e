"""Convert once: cubes of any format into one compressed, chunked store."""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

import smile_explore
from smile_explore.data.mhd import store as on_disk
from smile_explore.data.mhd.journal import Journal, locked, parts
from smile_explore.data.mhd.opening import open_cube
from smile_explore.data.mhd.sources import Series, digest, found, series
from smile_explore.data.mhd.writing import begin, fill, finish

__all__ = ["ingest"]

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
        begin(folder, target.name, journal, plan, run)
        fill(folder / target.name, journal, run, settings, progress)
        finish(folder, target, journal, run)
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
