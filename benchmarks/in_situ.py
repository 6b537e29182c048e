"""A day of ions and field at 2 s: crossings, offsets, files.

The day is one of quiet sheath with a magnetopause every ten minutes, made of
closed forms; the offset is that of
42 h of ideal rotations. Errors are against what is known.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from benchmarks import Figure, best_of
from smile_explore.data import in_situ_files
from smile_explore.instruments import mag, mag_offsets
from smile_explore.retrieval import crossings
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD, MOMENTS

EVERY, SPACING = 300, 2.0  # samples between crossings, s
COUNT = 43_200
NORMAL = np.array([0.9, 0.3, 0.3]) / np.linalg.norm([0.9, 0.3, 0.3])
START = np.datetime64("2012-06-16T00:00", "ns")


def measure() -> Iterator[Figure]:
    """Yield times, and how far results are from what is known."""
    moments, field = day()
    timing = best_of(2, lambda: crossings.find(moments, field))
    found = crossings.find(moments, field)
    yield Figure("crossings of a day at 2 s, CPU time", timing.cpu, "s")
    expected = COUNT // EVERY
    missed = abs(found.sizes["crossing"] - expected)
    yield Figure(f"crossings missed or made up, of {expected}", missed, "")
    turn = np.degrees(np.arccos(np.clip(found["normal"] @ _row(), -1, 1)))
    yield Figure("normal, median error", float(turn.median()), "deg")
    yield from _offsets()
    yield from _files(field)


def day() -> tuple[xr.Dataset, xr.Dataset]:
    """Return ions and field with a boundary every `EVERY` samples."""
    rng = np.random.default_rng(1)
    step = np.arange(COUNT)
    inside = 0.5 + 0.5 * np.tanh(8.0 * np.sin(np.pi * (step / EVERY - 0.5)))
    axes = np.stack(
        [np.cross([0.0, 1.0, 0.0], NORMAL), np.zeros(3), NORMAL], axis=0
    )
    axes[0] /= np.linalg.norm(axes[0])
    axes[1] = np.cross(NORMAL, axes[0])
    angle, size = np.radians(130.0 * (1.0 - inside)), 20.0 + 30.0 * inside
    along = [size * np.cos(angle), size * np.sin(angle), 0.0 * angle]
    field = np.stack(along, axis=1) @ axes + rng.normal(0, 0.5, (COUNT, 3))
    noise = np.exp(rng.normal(0.0, 0.05, (2, COUNT)))
    gsm, vector = {"frame": "GSM"}, ("time", "component")
    flow = rng.normal(0.0, 5.0, (COUNT, 3)) + 20.0 * NORMAL
    coords = {
        "time": START + (step * SPACING * 1e9).astype("m8[ns]"),
        "component": list(COMPONENTS),
    }
    moments = xr.Dataset(
        {
            "density": ("time", noise[0] * 25.0 * 0.02**inside),
            "temperature": ("time", noise[1] * 200.0 * 20.0**inside),
            "velocity": (vector, flow, gsm),
        },
        coords=coords,
    )
    seen = xr.Dataset({"magnetic_field": (vector, field, gsm)}, coords=coords)
    return MOMENTS.stamp(moments), MAGNETIC_FIELD.stamp(seen)


def _row() -> xr.DataArray:
    return xr.DataArray(
        NORMAL, {"component": list(COMPONENTS)}, ("component",)
    )


def _offsets() -> Iterator[Figure]:
    """Yield what rotations of 42 h of solar wind give, as of one orbit."""
    count = 42 * 3600 // 4
    kicks = np.random.default_rng(2).normal(0.0, 0.2, (count, 3))
    vectors = np.empty((count, 3))
    vectors[0] = [5.0, 0.0, 0.0]
    for i in range(1, count):
        moved = vectors[i - 1] + kicks[i]
        vectors[i] = 5.0 * moved / np.linalg.norm(moved)
    times = START + (np.arange(count) * 4e9).astype("m8[ns]")
    true = xr.Dataset(
        {"magnetic_field": (("time", "component"), vectors)},
        coords={"time": times, "component": list(COMPONENTS)},
    )
    measured = mag.measure(MAGNETIC_FIELD.stamp(true), rng=1)
    timing = best_of(2, lambda: mag_offsets.solar_wind_offset(measured))
    found = mag_offsets.solar_wind_offset(measured)
    miss = abs(found["offset"].values - measured.attrs["offset"]).max()
    yield Figure("offset of an orbit, CPU time", timing.cpu, "s")
    yield Figure("offset, error for ideal rotations", miss, "nT")


def _files(field: xr.Dataset) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "smile_l2_mag_20120616_v01.cdf"
        writing = best_of(
            2,
            lambda: in_situ_files.write_field(field, path, overwrite=True),
        )
        reading = best_of(2, lambda: in_situ_files.read_field(path))
        again = in_situ_files.read_field(path)
    yield Figure("a day of MAG at 2 s to CDF, CPU time", writing.cpu, "s")
    yield Figure("and back, CPU time", reading.cpu, "s")
    same = bool(again["magnetic_field"].equals(field["magnetic_field"]))
    yield Figure("values that differ after it", float(not same), "")
