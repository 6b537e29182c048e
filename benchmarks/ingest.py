"""Ingest a series, be killed, and read what was made in cuts and in rays.

The series is one of BATS-R-US: run E of the samples, resampled to a finer
grid so that all bits of its numbers are in use, as eight single-precision
variables a step, uncompressed. A plain read is the same bytes through one
buffer. Both are read from the cache of the disk, if there is room for them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
import zarr

from benchmarks import Figure, best_of
from benchmarks.line_of_sight import SEAT, directions
from smile_explore.data import mhd, samples
from smile_explore.data.mhd import store as on_disk
from smile_explore.data.mhd.plasma import UNITS
from smile_explore.data.mhd.sources import size as size_of
from smile_explore.physics._line_of_sight_blocks import cast, cuts

NODES = 128
STEPS = 4
KILLS = 20
FINE = 256


def measure() -> Iterator[Figure]:
    """Yield throughput, what survives kills, and what chunks cost."""
    with tempfile.TemporaryDirectory() as folder:
        sources = _series(Path(folder), NODES, STEPS)
        yield from _throughput(sources, Path(folder))
        yield from _kills(sources, Path(folder))
        yield from _shapes(Path(folder))


def _series(folder: Path, nodes: int, steps: int) -> list[Path]:
    """Write steps in the form of models, with full mantissas."""
    cube = mhd.open_cube(samples.path("batsrus_e_2012-06-16.nc"))
    axes = {
        axis: np.linspace(*cube[axis].values[[0, -1]], nodes + 2)[1:-1]
        for axis in "xyz"
    }
    paths = []
    for step in range(steps):
        fine = cube.isel(time=step).astype("f8").load().interp(axes)
        parts = {"n": fine["density"], "p": fine["temperature"]}
        parts["p"] = parts["p"] * parts["n"] * 1.602176634e-4
        for letter, name in (("u", "velocity"), ("b", "magnetic_field")):
            for axis in "xyz":
                part = fine[name].sel(component=axis, drop=True)
                parts[f"{letter}{axis}"] = part
        flat = xr.Dataset(
            {
                name: part.drop_attrs()
                .astype("f4")
                .transpose("z", "y", "x")
                .expand_dims("time")
                .assign_attrs(units=UNITS[name])
                for name, part in parts.items()
            }
        )
        paths.append(folder / f"e{step:03}.nc")
        flat.to_netcdf(paths[-1])
    return paths


def _throughput(sources: list[Path], folder: Path) -> Iterator[Figure]:
    total = sum(path.stat().st_size for path in sources) / 1e6
    yield Figure(f"{STEPS} steps of {NODES}^3, 8 variables", total, "MB")
    plain = best_of(3, lambda: [_read(path) for path in sources])
    yield Figure("plain read, wall", total / plain.wall, "MB/s")
    for compression in on_disk.COMPRESSIONS:
        anew = partial(_anew, sources, folder / "a.zarr", compression)
        made = best_of(1, anew)
        name = f"ingest {compression}:"
        yield Figure(f"{name} wall", total / made.wall, "MB/s")
        yield Figure(f"{name} CPU", total / made.cpu, "MB/s")
        yield Figure(f"{name} wall / plain read", made.wall / plain.wall)
        size = size_of(made.result) / 1e6
        yield Figure(f"{name} smaller by", total / size)
    rounded = _anew(sources, folder / "a.zarr", "zstd", keep_bits=10)
    size = size_of(rounded) / 1e6
    yield Figure("ingest zstd, 10 bits kept: smaller by", total / size)


def _read(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def _anew(
    sources: list[Path],
    store: Path,
    compression: str,
    keep_bits: int | None = None,
) -> Path:
    shutil.rmtree(store, ignore_errors=True)
    return mhd.ingest(
        sources, store, compression=compression, keep_bits=keep_bits
    )


def _kills(sources: list[Path], folder: Path) -> Iterator[Figure]:
    """Kill the work at random moments, and compare what comes of it."""
    start = time.perf_counter()
    whole = mhd.ingest(sources, folder / "whole.zarr")
    takes = time.perf_counter() - start
    store = folder / "killed.zarr"
    rng = np.random.default_rng(1)
    killed = opened = restarts = 0
    while killed < KILLS:
        pid = os.posix_spawn(*_ingest_apart(sources, store))
        # Until Python has imported everything there is nothing to kill.
        while not _at_work(store, pid):
            time.sleep(0.01)
        time.sleep(rng.uniform(0.0, takes / 4))
        os.kill(pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        killed += code == -signal.SIGKILL
        for place in (store, store.with_name("killed.zarr.part")):
            opened += _opens(place) and not _same(place, whole)
        if store.exists():  # it was whole before it was killed
            shutil.rmtree(store)
            restarts += 1
    mhd.ingest(sources, store)
    yield Figure("killed while at work", killed, "times", at_least=KILLS)
    yield Figure("of these runs came to their end and began anew", restarts)
    yield Figure("stores that opened and were wrong", opened, "", at_most=0)
    same = float(_same(store, whole))
    yield Figure("same bytes as without kills", same, "", at_least=1)


def _ingest_apart(sources: list[Path], store: Path) -> tuple:
    command = [sys.executable, "-m", "smile_explore", "ingest"]
    command += [*map(str, sources), "--out", str(store)]
    return sys.executable, command, dict(os.environ)


def _at_work(store: Path, pid: int) -> bool:
    """Whether the process has the lock of the unfinished store."""
    part = store.with_name(f"{store.name}.part")
    files = Path(f"/proc/{pid}/fd")
    try:
        held = {str(file.readlink()) for file in files.iterdir()}
    except OSError:
        return True
    return str(part / "lock") in held or store.exists()


def _opens(place: Path) -> bool:
    try:
        mhd.open_cube(place)
    except (FileNotFoundError, ValueError):
        return False
    return True


def _same(one: Path, other: Path) -> bool:
    def content(store: Path) -> dict[str, bytes]:
        return {
            str(path.relative_to(store)): path.read_bytes()
            for path in store.rglob("*")
            if path.is_file()
        }

    return content(one) == content(other)


def _shapes(folder: Path) -> Iterator[Figure]:
    """Read cuts, and the blocks that SXI's field of view crosses."""
    cube = mhd.open_cube(samples.path("batsrus_e_2012-06-16.nc"))
    nodes = np.linspace(-4.7, 19.7, FINE), np.linspace(-19.7, 19.7, FINE)
    axes = (nodes[0], nodes[1], nodes[1])
    density = cube["density"].isel(time=0).astype("f8").load()
    fine = density.interp(dict(zip("xyz", axes, strict=True)))
    shapes = {f"{edge}^3": (edge,) * 3 for edge in (32, 64, 96, 128, 256)}
    shapes["planes of 8 in x"] = (8, FINE, FINE)
    rays = directions(0.25).values.reshape(-1, 3)
    for name, edges in shapes.items():
        array = zarr.create_array(
            folder / "shape.zarr",
            data=fine.values.astype("f4"),
            chunks=edges,
            compressors=on_disk.compressors("zstd"),
            overwrite=True,
        )
        blocks = _crossed(axes, edges, rays)
        yield from _reads(f"{FINE}^3 in {name}:", array, blocks)


def _crossed(
    axes: tuple[np.ndarray, ...], edges: tuple[int, ...], rays: np.ndarray
) -> list[tuple[slice, ...]]:
    """Chunks that rays cross, whole."""
    sizes = [
        np.diff([*range(0, axis.size, edge), axis.size])
        for axis, edge in zip(axes, edges, strict=True)
    ]
    shape = tuple(axis.size for axis in axes)
    met = cast(axes, cuts(shape, sizes), SEAT[None], rays).blocks
    starts = {
        tuple(
            b.start // edge * edge
            for b, edge in zip(block, edges, strict=True)
        )
        for block in met
    }
    return [
        tuple(slice(n, n + e) for n, e in zip(start, edges, strict=True))
        for start in starts
    ]


def _reads(
    name: str, array: Any, blocks: list[tuple[slice, ...]]
) -> Iterator[Figure]:
    middle = FINE // 2
    noon = best_of(3, lambda: array[:, middle])
    across = best_of(3, lambda: array[middle])
    seen = best_of(3, lambda: [array[block] for block in blocks])
    share = sum(array[block].size for block in blocks) / FINE**3
    yield Figure(f"{name} cut y = 0, CPU", noon.cpu * 1e3, "ms")
    yield Figure(f"{name} cut x = 0, CPU", across.cpu * 1e3, "ms")
    yield Figure(f"{name} blocks on rays, CPU", seen.cpu * 1e3, "ms")
    yield Figure(f"{name} share of nodes read for rays", share)
    yield Figure(f"{name} files", array.nchunks)
