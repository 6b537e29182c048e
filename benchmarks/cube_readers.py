"""Files of models, opened and read, beside a plain read of the same bytes.

The files are written here as BATS-R-US writes them, in single precision, 11
numbers a cell: a box of 128^3 cells, and 4500 blocks of 8 x 8 x 8 cells, of
0.5 R_E within 32 R_E and 1 and 2 R_E outside. Their bytes are in the cache of
the system, so that the figures are of the reader and not of the disk.
"""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks import Figure, best_of
from smile_explore.data import mhd

#: Blocks of 16 R_E from -64 to 64, those near Earth split once and twice.
COARSE, CELLS = 16.0, 8
NAMES = "rho ux uy uz bx by bz p"
HEADING = "R R R Mp/cc km/s km/s km/s nT nT nT nPa"
BOX = {"x": (-5.0, 20.0), "y": (-20.0, 20.0), "z": (-20.0, 20.0)}


def measure() -> Iterator[Figure]:
    """Yield rates of reading, and times of resampling."""
    with tempfile.TemporaryDirectory() as folder:
        yield from reading(Path(folder) / "box.out")
        yield from resampling(Path(folder) / "3d__var_1.out")


def reading(path: Path) -> Iterator[Figure]:
    """Yield what it takes to open and read a regular file."""
    axis = (np.arange(128) - 63.5) / 4.0
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    write(path, (3, *x.shape), (x, y, z))
    size = path.stat().st_size / 1e6
    yield Figure("box: size", size, "MB")
    plain = best_of(5, path.read_bytes)
    yield Figure("plain read of its bytes", size / plain.cpu, "MB/s CPU")
    opened = best_of(5, lambda: mhd.open_cube(path))
    yield Figure("opened", opened.cpu * 1e3, "ms CPU")
    one = best_of(5, lambda: mhd.open_cube(path)["density"].compute())
    yield Figure("opened, and its density read", one.cpu * 1e3, "ms CPU")
    cube = best_of(3, lambda: mhd.open_cube(path).compute())
    yield Figure("opened, and all of it read", size / cube.cpu, "MB/s CPU")
    yield Figure("all of it, over a plain read", cube.cpu / plain.cpu)


def resampling(path: Path) -> Iterator[Figure]:
    """Yield what it takes to bring blocks onto a grid."""
    low, size = blocks()
    step = (size / CELLS)[:, None, None, None]
    inner = (np.arange(CELLS) + 0.5)[None, :, None, None]
    places = [
        np.broadcast_to(
            low[:, n, None, None, None] + step * np.moveaxis(inner, 1, 3 - n),
            (len(size), CELLS, CELLS, CELLS),
        )
        for n in range(3)
    ]
    write(path, (-3, 1, 1, places[0].size), places)
    yield Figure("blocks: size", path.stat().st_size / 1e6, "MB")
    opened = best_of(3, lambda: mhd.open_cube(path, grid=1.0))
    yield Figure("opened", opened.cpu * 1e3, "ms CPU")
    for spacing in (0.5, 0.25):
        cube = mhd.open_cube(path, grid=spacing, box=BOX)
        made = best_of(1, cube.compute)
        name = f"at {spacing:g} R_E, {cube['density'].size / 1e6:.2g}e6 nodes"
        yield Figure(name, made.cpu, "s CPU")
        yield Figure(f"{name}, wall time", made.wall, "s")
        each = made.cpu / (8 * cube["density"].size)
        yield Figure("  of it for a number", each * 1e9, "ns CPU")
    density = mhd.open_cube(path, grid=0.1, box=BOX)["density"]
    tracemalloc.start()
    density.sum().compute()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    name = f"sum of {density.nbytes / 1e6:.0f} MB at 0.1 R_E: peak of memory"
    yield Figure(name, peak, "MB", at_most=100.0)


def write(
    path: Path, shape: tuple[int, ...], places: Sequence[np.ndarray]
) -> None:
    """Write a linear plasma at the places of cells, x fastest."""
    x, y, z = places
    fields = [200.0 + x - y + z, *(x + n * y for n in range(6)), 300.0 + z]
    records = (
        HEADING.ljust(500).encode(),
        np.array([(1, 0.0, shape[0], 4, 8)], "<i4,<f4,<i4,<i4,<i4").tobytes(),
        np.array(shape[:0:-1], "<i4").tobytes(),
        np.array([CELLS, CELLS, CELLS, 2.5], "<f4").tobytes(),
        f"x y z {NAMES} NX NY NZ R".ljust(500).encode(),
        np.stack([x, y, z]).astype("<f4").tobytes(),
        *(field.astype("<f4").tobytes() for field in fields),
    )
    with path.open("wb") as file:
        for data in records:
            length = np.array(len(data), "<i4").tobytes()
            file.write(length + data + length)


def blocks() -> tuple[np.ndarray, np.ndarray]:
    """Lower corners and sizes of blocks, finer toward Earth."""
    edge = np.arange(-4, 4) * COARSE
    low = np.stack(np.meshgrid(edge, edge, edge), -1).reshape(-1, 3)
    size = np.full(len(low), COARSE)
    for reach in (32.0, 32.0):
        near = (abs(low + size[:, None] / 2) < reach).all(axis=1)
        half = size[near] / 2
        children = [
            low[near] + half[:, None] * np.array([i, j, k])
            for i in (0, 1)
            for j in (0, 1)
            for k in (0, 1)
        ]
        low = np.concatenate([low[~near], *children])
        size = np.concatenate([size[~near], np.tile(half, 8)])
    return low, size
