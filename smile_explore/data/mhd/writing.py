"""Write a store step by step: begin it, fill it, and put it in place."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from smile_explore.data.mhd import store as on_disk
from smile_explore.data.mhd.journal import Journal
from smile_explore.data.mhd.opening import open_cube
from smile_explore.data.mhd.sources import Series, digest, opened, size

__all__ = ["begin", "fill", "finish"]

#: Values held in memory at a time, about. [bytes]
_AT_ONCE = 500_000_000


def begin(
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


def fill(
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


def finish(folder: Path, target: Path, journal: Journal, run: Series) -> None:
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
