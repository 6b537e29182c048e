"""Images of an event in FITS and back: CPU time, and size.

An event of 26 h as the explorer keeps it, 312 times, of noise. The measure is
NumPy's own file of the same arrays, which keeps neither units nor checksums.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from benchmarks import Figure, best_of
from smile_explore.data import aurora_files, xray_series
from smile_explore.schema import SXI_IMAGE, UVI_IMAGE

TIMES = np.datetime64("2012-06-16T12:00", "ns") + np.arange(
    312
) * np.timedelta64(5, "m")
FIELD = ("time", "fov_lat", "fov_lon")


def measure() -> Iterator[Figure]:
    """Yield times and sizes of SXI's and UVI's images."""
    uvi = {"radiance": np.dtype("f4"), "counts": np.dtype("u2")}
    sxi = dict.fromkeys(
        ("intensity", "expected_counts", "counts"), np.dtype("f8")
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, schema, types, shape, files in (
            ("SXI", SXI_IMAGE, sxi, (64, 108), xray_series),
            ("UVI", UVI_IMAGE, uvi, (256, 256), aurora_files),
        ):
            images = schema.stamp(_noise(types, shape))
            path = Path(folder) / f"{name}.fits"
            plain = best_of(
                3, partial(_save, images, path.with_suffix(".npz"))
            )
            write: Callable[..., None] = files.write_images
            wrote = best_of(3, partial(write, images, path, overwrite=True))
            read = best_of(3, partial(files.read_images, path))
            size = path.stat().st_size / 1e6
            yield Figure(f"{name}, size", size, "MB")
            yield Figure(f"{name}, write, CPU", wrote.cpu, "s")
            yield Figure(f"{name}, write, of NumPy's", wrote.cpu / plain.cpu)
            yield Figure(f"{name}, read, CPU", read.cpu, "s")


def _noise(types: dict[str, np.dtype], shape: tuple[int, int]) -> xr.Dataset:
    rng = np.random.default_rng(0)
    return xr.Dataset(
        {
            name: (FIELD, (1e4 * rng.random((312, *shape))).astype(kind))
            for name, kind in types.items()
        }
        | {"exposure": 60.0},
        coords={
            "time": TIMES,
            **{
                axis: (np.arange(count) - count / 2.0 + 0.5) * 0.04
                for axis, count in zip(FIELD[1:], shape, strict=True)
            },
        },
    )


def _save(images: xr.Dataset, path: Path) -> None:
    np.savez(path, **{str(k): v.values for k, v in images.items()})
