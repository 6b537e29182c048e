"""Moments of ion distributions, beside pyspedas and against known plasmas.

Each part runs in a process of its own, with one thread of BLAS: threads that
wait for each other would count as work. The hour at 2 s is made, counted and
kept in Zarr first; its memory is that of the process that only reads it.
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from benchmarks import Figure, best_of
from smile_explore.constants import ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.instruments import lia
from smile_explore.physics import distributions, flux_units

HOUR = 1800
#: Density [cm-3], speed [km/s] and temperature [eV].
PLASMAS = {
    "solar wind 10 eV": (5.0, 400.0, 10.0),
    "solar wind 20 eV, fast": (4.0, 700.0, 20.0),
    "sheath": (20.0, 150.0, 200.0),
}


def measure() -> Iterator[Figure]:
    """Yield speed, then errors of each mode, then the hour from Zarr."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.zarr"
        yield from _alone("against_pyspedas")
        yield from _alone("errors")
        yield from _alone("partial")
        yield from _alone("write_hour", str(path))
        yield from _alone("read_hour", str(path))


def _alone(part: str, *arguments: str) -> list[Figure]:
    """Measure a part in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "figures"
        code = (
            "import pickle, sys, pathlib\n"
            "from benchmarks import moments\n"
            f"figures = list(moments.{part}(*sys.argv[2:]))\n"
            "pathlib.Path(sys.argv[1]).write_bytes(pickle.dumps(figures))"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(kept), *arguments],
            check=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        return list(pickle.loads(kept.read_bytes()))


def against_pyspedas() -> Iterator[Figure]:
    """Yield times of the same moments, made here and by pyspedas."""
    one = lia.distribution(lia.plasma(20.0, (-150.0, 40.0, 20.0), 200.0))
    one = one.compute().drop_vars(["one_count", "measured"])
    one["vdf"] = one.vdf.fillna(0.0)
    one.vdf.attrs["units"] = "s3 m-6"
    for count, name in ((1, "alone"), (192, "192 at once")):
        copies = np.repeat(one.vdf.values[None], count, axis=0)
        many = one.assign(vdf=(("time", *one.vdf.dims), copies))
        many.vdf.attrs = one.vdf.attrs
        ours = best_of(
            7,
            lambda many=many: distributions.moments(
                many, estimates=("plain",)
            ),
        )
        yield Figure(f"ours, {name}, CPU", ours.cpu / count * 1e3, "ms")
    import pyspedas  # noqa: F401  12 s, so that nothing else waits for it
    from pyspedas.particles.moments.moments_3d import moments_3d

    data = _as_pyspedas(one)
    theirs = best_of(5, lambda: moments_3d(data))
    yield Figure("pyspedas, CPU", theirs.cpu * 1e3, "ms")
    ratio = theirs.cpu / (ours.cpu / count)
    yield Figure("pyspedas / ours, CPU", ratio, "", 200.0)
    found = ours.result.isel(time=0).squeeze()
    apart = abs(float(found.density) / theirs.result["density"] - 1.0)
    yield Figure("difference of the densities", apart, "", None, 1e-3)


def _as_pyspedas(vdf: xr.Dataset) -> dict[str, Any]:
    flux = flux_units.convert(vdf.vdf, to="eV cm-2 s-1 sr-1 eV-1")

    def flat(of: xr.DataArray) -> np.ndarray:
        full = of.broadcast_like(vdf.vdf).transpose(*vdf.vdf.dims)
        return full.values.reshape(vdf.sizes["energy"], -1).astype(float)

    names = {"theta": "elevation", "phi": "azimuth"}
    data: dict[str, Any] = {
        "charge": 1.0,
        "mass": PROTON_MASS * 1e6 / ELEMENTARY_CHARGE,
        "magf": np.array([0.0, 0.0, 5.0]),
        "energy": flat(vdf.energy),
        "denergy": flat(vdf.energy_high - vdf.energy_low),
        "data": flat(flux),
    }
    for name, axis in names.items():
        data[name] = flat(vdf[axis])
        data[f"d{name}"] = flat(vdf[f"{axis}_high"] - vdf[f"{axis}_low"])
    data["bins"] = np.ones_like(data["data"])
    return data


def errors() -> Iterator[Figure]:
    """Mean errors of beams in four directions, without noise."""
    for mode in lia.MODES:
        analyser = lia.in_mode(mode)
        for name, (density, speed, temperature) in PLASMAS.items():
            flows = _flows(speed)
            states = xr.concat(
                [lia.plasma(density, flow, temperature) for flow in flows],
                "time",
            )
            vdf = lia.distribution(
                states, analyser=analyser, alpha_fraction=0.0
            ).assign(background=0.0)
            found = distributions.moments(vdf).compute()
            error = 100 * (found.temperature / temperature - 1).mean("time")
            for estimate in distributions.ESTIMATES:
                goal = 1.0 if (mode, estimate) == ("hi", "corrected") else None
                value = float(error.sel(estimate=estimate))
                yield Figure(
                    f"{mode}, {name}: T {estimate}", value, "%", None, goal
                )
            dense = 100 * (found.density / density - 1).mean("time")
            yield Figure(
                f"{mode}, {name}: n",
                float(dense.sel(estimate="corrected")),
                "%",
                None,
                0.2 if mode == "hi" else None,
            )


def _flows(speed: float) -> np.ndarray:
    tilt = np.radians(np.linspace(0.0, 9.0, 4))
    flows = np.stack([-np.cos(tilt), np.sin(tilt), np.sin(0.1 - tilt)], -1)
    return speed * flows / np.linalg.norm(flows, axis=1, keepdims=True)


def partial() -> Iterator[Figure]:
    """Yield the time of a box in energy and azimuth."""
    vdf = lia.distribution(
        lia.plasma(5.0, (-400.0, 30.0, 20.0), 10.0)
    ).compute()

    def box() -> xr.Dataset:
        part = distributions.within(
            vdf, energy=(300.0, 3000.0), azimuth=(120.0, 240.0)
        )
        return distributions.moments(part, estimates=("plain", "corrected"))

    spent = best_of(7, box)
    yield Figure("moments of a box, wall", spent.wall * 1e3, "ms", None, 50.0)


def write_hour(path: str) -> Iterator[Figure]:
    """Keep an hour of counted distributions."""
    rng = np.random.default_rng(1)
    states = xr.concat(
        [
            lia.plasma(n, (-v, 40.0, 20.0), t)
            for n, v, t in zip(
                rng.uniform(5.0, 30.0, HOUR),
                rng.uniform(100.0, 400.0, HOUR),
                rng.uniform(20.0, 300.0, HOUR),
                strict=True,
            )
        ],
        "time",
    )
    vdf = lia.expose(lia.distribution(states), rng=1)
    vdf = vdf.drop_vars("counts").chunk(time=50)
    spent = time.process_time()
    vdf.to_zarr(path, consolidated=False)
    spent = time.process_time() - spent
    yield Figure("an hour at 2 s, made and counted, CPU", spent, "s")
    size = sum(p.stat().st_size for p in Path(path).rglob("*") if p.is_file())
    yield Figure("an hour at 2 s, on disk", size / 1e6, "MB")
    yield Figure("an hour at 2 s, in memory", vdf.vdf.nbytes / 1e6, "MB")


def read_hour(path: str) -> Iterator[Figure]:
    """Read moments with uncertainties from what `write_hour` kept."""

    def read() -> xr.Dataset:
        vdf = xr.open_zarr(path, chunks={}, consolidated=False)
        return distributions.moments(vdf, estimates=("plain", "corrected"))

    read().isel(time=slice(2)).compute()
    spent = time.process_time(), time.perf_counter()
    read().compute()
    yield Figure("an hour from Zarr, CPU", time.process_time() - spent[0], "s")
    wall = time.perf_counter() - spent[1]
    yield Figure("an hour from Zarr, wall", wall, "s", None, 6.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    yield Figure("an hour from Zarr, peak memory", peak, "MB", None, 1e3)
