"""SXI's image through 1024^3 nodes on disk, in a process of its own.

The emissivity is 4.3 GB of float32 in a Zarr store, in chunks of 128^3 nodes,
made once and removed at the end. Beside the image stands a plain read of the
very chunks that the rays cross, in as many threads: from the disk, and once
more when the system still has them in memory, where reading is decompression.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dask.array as da
import numpy as np
import xarray as xr

from benchmarks import Figure
from benchmarks.line_of_sight import sheath

NODES = 1024
CHUNK = 128


def measure() -> Iterator[Figure]:
    """Yield memory, time, and which chunks were read."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "cube.zarr"
        write(store)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks._large_cube", str(store)],
            check=True,
            capture_output=True,
            text=True,
        )
    told = json.loads(done.stdout)
    yield Figure(
        "largest memory of the process", told["peak"], "MB", None, 1e3
    )
    yield Figure("of it before the image", told["bare"], "MB")
    for where, most in (("disk", 1.5), ("memory", None)):
        image, plain = told[f"image {where}"], told[f"read {where}"]
        for what, n in (("wall", 0), ("CPU", 1)):
            name = f"chunks in {where}, {what}:"
            yield Figure(f"{name} image of 0.25 deg", image[n], "s")
            yield Figure(f"{name} plain read", plain[n], "s")
            goal = most if n == 0 else None
            yield Figure(
                f"{name} image / plain read", image[n] / plain[n], "", None,
                goal,
            )  # fmt: skip
    yield Figure("building the graph, CPU", told["build"][1], "s")
    yield Figure("chunks in the cube", told["chunks"])
    yield Figure("chunks that rays cross", told["different"])
    yield Figure(
        "reads of such a chunk", told["read"] / told["different"], "", None, 1
    )
    yield Figure("mean intensity", told["mean"], "keV/..")


def write(store: Path) -> None:
    """Write the magnetosheath of 256^3 nodes, refined, block by block."""
    coarse = sheath()
    axis = np.linspace(-20.0, 20.0, NODES)
    weights = _weights(coarse["x"].values, axis)

    def refined(block_info: dict) -> np.ndarray:
        parts, near = [], []
        for low, high in block_info[None]["array-location"]:
            used = np.flatnonzero(weights[low:high].any(axis=0))
            near.append(slice(used[0], used[-1] + 1))
            parts.append(weights[low:high, near[-1]])
        values = np.ascontiguousarray(coarse.values[tuple(near)])
        for part in parts:  # each puts its axis last
            values = np.tensordot(values, part, (0, 1))
        return values

    field = xr.DataArray(
        da.map_blocks(
            refined,
            chunks=((CHUNK,) * (NODES // CHUNK),) * 3,
            dtype=np.float32,
            meta=np.empty((0, 0, 0), np.float32),
        ),
        dict.fromkeys("xyz", axis),
        ("x", "y", "z"),
        "emissivity",
        {"units": "eV cm-3 s-1"},
    )
    field.to_dataset().to_zarr(store, consolidated=False)


def _weights(coarse: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """Matrix that interpolates linearly from one axis to another."""
    return np.stack(
        [np.interp(fine, coarse, unit) for unit in np.eye(coarse.size)], -1
    ).astype(np.float32)
