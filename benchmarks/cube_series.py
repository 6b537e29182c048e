"""SXI's images of a hundred cubes of 256^3 nodes, by one worker and by two.

The emissivities are 6.7 GB of float32 in a Zarr store on disk, in chunks of
128^3 nodes, made once and removed at the end. Workers are single threads of
this process, then processes of ``dask.distributed``. Where other work keeps
the processors busy, wall times of two workers say little; CPU times tell what
the second one costs.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import numpy as np
import psutil
import xarray as xr
from distributed import Client, LocalCluster

from benchmarks import Figure
from benchmarks.line_of_sight import SEAT, directions, sheath
from smile_explore.physics.line_of_sight import integrate

TIMES = 100
CHUNK = 128
ROUNDS = 1


def measure() -> Iterator[Figure]:
    """Yield the time of all images with one and with two workers."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "series.zarr"
        write(store)
        field = xr.open_zarr(store, consolidated=False)["emissivity"]
        images = integrate(field, SEAT, directions(0.25))
        few = integrate(field[:10], SEAT, directions(0.25))
        yield from _by_threads(images)
        yield from _by_processes(images, few)


def write(store: Path) -> None:
    """Write a magnetosheath that brightens, time by time."""
    first = sheath()
    axis = first["x"].values
    blocks = da.from_array(first.values, (CHUNK,) * 3)
    times = np.datetime64("2012-06-16T22", "ns") + np.arange(
        TIMES
    ) * np.timedelta64(60, "s")
    bright = 1.0 + 0.01 * np.arange(TIMES, dtype=np.float32)
    series = da.stack([blocks * factor for factor in bright])
    xr.Dataset(
        {
            "emissivity": (
                ("time", "x", "y", "z"),
                series,
                {"units": "eV cm-3 s-1"},
            )
        },
        {**dict.fromkeys("xyz", axis), "time": times},
    ).to_zarr(store, consolidated=False)


def _by_threads(images: xr.DataArray) -> Iterator[Figure]:
    def work(workers: int) -> None:
        with dask.config.set(scheduler="threads", num_workers=workers):
            images.compute()

    yield from _compared("threads", work, time.process_time)


def _by_processes(images: xr.DataArray, few: xr.DataArray) -> Iterator[Figure]:
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as cluster,
        Client(cluster) as client,
        dask.config.set(
            {"distributed.admin.large-graph-warning-threshold": "1GB"}
        ),
    ):
        both = list(client.nthreads())

        def work(workers: int, what: xr.DataArray = images) -> None:
            client.compute(what, workers=both[:workers]).result()

        def cpu() -> float:
            return sum(client.run(time.process_time).values())

        work(2, few)
        early = _most(client)
        yield from _compared("processes", work, cpu)
        late = _most(client)
    yield Figure("memory of a worker after 10 images", early, "MB")
    yield Figure("after all, many times", late, "MB")
    yield Figure("growth of it", late / early, "", None, 1.1)


def _compared(
    name: str, work: Callable[[int], None], cpu: Callable[[], float]
) -> Iterator[Figure]:
    """Compare one worker with two, in turns, by the best of each."""
    wall = {1: np.inf, 2: np.inf}
    used = dict(wall)
    for _ in range(ROUNDS):
        for workers in wall:
            start = time.perf_counter(), cpu()
            work(workers)
            wall[workers] = min(wall[workers], time.perf_counter() - start[0])
            used[workers] = min(used[workers], cpu() - start[1])
    for workers in wall:
        label = f"{name}, {workers} at work"
        yield Figure(f"{label}, wall", wall[workers], "s")
        yield Figure(f"{label}, CPU of the workers", used[workers], "s")
    yield Figure(
        f"{name}: 1 / 2 / twice, wall", wall[1] / wall[2] / 2, "", 0.85
    )
    yield Figure(f"{name}: 1 / 2, CPU", used[1] / used[2], "", 0.85)


def _most(client: Client) -> float:
    """Return the memory of the larger worker, in MB."""
    return max(client.run(_memory).values()) / 1e6


def _memory() -> Any:
    return psutil.Process(os.getpid()).memory_info().rss
