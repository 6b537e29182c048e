"""What is in a cube file, in a few lines to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.data.mhd.journal import written
from smile_explore.data.mhd.opening import open_cube
from smile_explore.data.mhd.sources import size
from smile_explore.data.mhd.store import on_grid
from smile_explore.schema import COMPONENTS

__all__ = ["info"]

#: Sources that are listed one by one unless all are asked for.
_FEW = 4
#: Attributes of models that a reader wants to know, where they are there.
_TOLD = ("title", "note", "caveats", "dipole_tilt", "citation")


def info(path: str | PathLike[str], *, every_source: bool = False) -> str:
    """Describe a cube that `open_cube` reads, or an unfinished store.

    Parameters
    ----------
    path : str or path-like
    every_source : bool
        List all sources, not only the first few.

    Returns
    -------
    text : str
        Format, grid, times, variables, chunks, sizes, settings, sources with
        their SHA-256, and citation, a line each.

    Raises
    ------
    FileNotFoundError, ValueError
        As `open_cube`.
    """
    path = Path(path)
    if path.is_dir() and (lines := written(path)):
        return _laid_out(path.name, _unfinished(path, lines))
    cube = open_cube(path)
    return _laid_out(path.name, _described(cube, path, every_source))


def _laid_out(title: str, rows: Iterator[tuple[str, str]]) -> str:
    return "\n".join([title, *(f"  {name:<11} {said}" for name, said in rows)])


def _unfinished(
    path: Path, lines: list[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    plan, total = lines[0], max(len(lines[0]["times"]), 1)
    done = len({line["step"] for line in lines if "step" in line})
    yield "format", "unfinished store: run its ingest again, and it goes on"
    yield "complete", f"no: {done} of {total} steps"
    yield "sources", f"{len(plan['sources'])}, first {plan['sources'][0]}"
    yield "size", f"{_bytes(size(path))} on disk so far"
    yield "settings", _settings(plan["settings"])


def _described(
    cube: xr.Dataset, path: Path, every_source: bool
) -> Iterator[tuple[str, str]]:
    attributes = cube.attrs
    made = "store_version" in attributes
    yield (
        "format",
        f"cube store, version {attributes['store_version']} (Zarr 3), of "
        f"{attributes['software']}"
        if made
        else attributes["format"],
    )
    if made:  # an unfinished one does not open
        yield "complete", "yes"
    for axis in COMPONENTS:
        yield axis, _axis(cube[axis].values)
    yield "times", _times(cube)
    yield "variables", ", ".join(map(str, on_grid(cube)))
    density = cube["density"]
    edges = " x ".join(str(density.chunksizes[axis][0]) for axis in COMPONENTS)
    yield "chunks", f"{edges} nodes, {density.data.npartitions} a variable"
    held = sum(cube[name].nbytes for name in on_grid(cube))
    yield "size", f"{_bytes(size(path))} on disk, {_bytes(held)} in memory"
    for name in _TOLD:
        if attributes.get(name) not in (None, ""):
            yield name.replace("_", " "), str(attributes[name])
    if made:
        yield "settings", _settings(json.loads(attributes["settings"]))
        yield from _sources(json.loads(attributes["sources"]), every_source)


def _axis(nodes: np.ndarray) -> str:
    steps = np.diff(nodes)
    said = f"{nodes.size} nodes, {nodes[0]:g} to {nodes[-1]:g} R_E GSM"
    if not steps.size:
        return said
    if np.allclose(steps, steps[0], rtol=1e-3):
        return f"{said}, every {steps.mean():.4g}"
    return f"{said}, every {steps.min():.3g} to {steps.max():.3g}"


def _times(cube: xr.Dataset) -> str:
    if "time" not in cube.coords:
        return "not stated"
    times = np.atleast_1d(cube["time"].values)
    first, last = (str(time)[:19].replace("T", " ") for time in times[[0, -1]])
    if times.size == 1:
        return f"1, {first} UTC"
    steps = np.diff(times).astype("m8[ns]").astype("i8") / 1e9
    least, most = f"{steps.min():g}", f"{steps.max():g}"
    every = least if least == most else f"{least} to {most}"
    return f"{times.size}, {first} to {last} UTC, every {every} s"


def _settings(settings: dict[str, Any]) -> str:
    chunks = " x ".join(str(settings["chunks"][axis]) for axis in COMPONENTS)
    bits = settings["keep_bits"]
    said = [
        f"chunks {chunks}",
        f"compression {settings['compression']}",
        "all bits kept" if bits is None else f"{bits} bits of 23 kept",
    ]
    said += [f"{k} {json.dumps(v)}" for k, v in settings["reading"].items()]
    return ", ".join(said)


def _sources(
    sources: list[dict[str, Any]], every: bool
) -> Iterator[tuple[str, str]]:
    total = sum(source["bytes"] for source in sources)
    yield "sources", f"{len(sources)}, {_bytes(total)}"
    shown = sources if every else sources[:_FEW]
    for source in shown:
        yield (
            "",
            f"{source['file']}  {_bytes(source['bytes'])}  "
            f"sha256 {source['sha256']}",
        )
    if len(shown) < len(sources):
        yield "", f"and {len(sources) - len(shown)} more (--sources lists all)"


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.4g} TB"
