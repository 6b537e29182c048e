"""An image through a cube on disk, in a process of its own.

``python -m benchmarks._large_cube STORE`` prints as JSON what it took.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import xarray as xr
import zarr
from zarr.storage import LocalStore, WrapperStore

from benchmarks.line_of_sight import SEAT, directions
from smile_explore.physics.line_of_sight import integrate
from smile_explore.physics.threads import processors

ROUNDS = 5


class Counting(WrapperStore):
    """A store that notes which chunks are read."""

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self.read: list[str] = []

    async def get(self, key: str, *rest: Any, **options: Any) -> Any:
        """Read a key, and note it if it is a chunk of the field."""
        if key.startswith("emissivity/c/"):
            self.read.append(key)
        return await super().get(key, *rest, **options)


def main(path: Path) -> dict[str, Any]:
    """Image the field in a store, and read the same chunks plainly."""
    rays = directions(0.25)
    store = Counting(LocalStore(path, read_only=True))
    field = xr.open_zarr(store, consolidated=False)["emissivity"]
    plain = zarr.open_array(path / "emissivity", mode="r")
    bare = psutil.Process().memory_info().rss
    image = integrate(field, SEAT, rays).compute()
    read = list(store.read)
    peak = _peak()  # before the plain read, which adds to it
    works = {
        "image": lambda: integrate(field, SEAT, rays).compute(),
        "read": lambda: _read(plain, read),
    }
    took: dict[str, Any] = {
        f"{name} {where}": (np.inf, np.inf)
        for name in works
        for where in ("disk", "memory")
    }
    # in turns, so that what else the machine does meets all alike
    for _ in range(ROUNDS):
        for name, work in works.items():
            _forget(path)
            for where in ("disk", "memory"):
                times = _timed(work)
                took[f"{name} {where}"] = np.minimum(
                    took[f"{name} {where}"], times
                ).tolist()
    return took | {
        "build": _timed(lambda: integrate(field, SEAT, rays)),
        "peak": peak / 1e6,
        "bare": bare / 1e6,
        "read": len(read),
        "different": len(set(read)),
        "chunks": plain.nchunks,
        "mean": float(image.mean()),
    }


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Return wall time and CPU time [s]."""
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def _forget(path: Path) -> None:
    """Have the system forget what it has read of some files, if it can."""
    if not hasattr(os, "posix_fadvise"):
        return
    for file in path.rglob("c/**/*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _peak() -> int:
    """Return the most bytes of memory that this process has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _read(array: zarr.Array, keys: list[str]) -> None:
    """Read chunks, and do nothing with them."""
    places = [tuple(map(int, key.split("/")[2:])) for key in keys]
    with ThreadPoolExecutor(processors()) as pool:
        for _ in pool.map(lambda place: array.blocks[place].sum(), places):
            pass


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
