"""Make the sample data that ships with the package, and their manifest.

Usage::

    python tools/build_samples.py SHARED_DATA_DIR

`SHARED_DATA_DIR` holds ``mhd/batsrus_case*.nc`` and
``solar_wind/*_reconstruction.csv``. The MHD cubes are cropped to what SMILE
looks at, brought to the house schema (``CUBE``), rounded as said in each
file's ``quantisation`` and written as NetCDF-4, one chunk a time. The
reconstructions of the solar wind are copied as they are. The same input gives
the same numbers, and, with one version of the libraries, the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import netCDF4
import numpy as np
import xarray as xr

from smile_explore.constants import EARTH_RADIUS
from smile_explore.data import mhd
from smile_explore.schema import CUBE

SAMPLES = Path(__file__).parents[1] / "smile_explore" / "data" / "samples"
SIZE_LIMIT = 38_000_000  # of all samples together [bytes]

#: What SMILE looks at: the dayside, and the north that it flies through.
BOX = {"x": (-4.8, 16.3), "y": (-12.3, 12.3), "z": (-10.3, 19.8)}

#: Mantissa bits kept, and the step below which nothing is kept.
ROUNDING = {
    "density": (7, 0.0),
    "temperature": (6, 0.0),
    "velocity": (6, 1.0),
    "magnetic_field": (7, 0.125),
}
QUANTISATION = (
    "rounded to the coarser of a relative step and a floor: density 2^-7, "
    "temperature 2^-6, velocity 2^-6 or 1 km/s, magnetic field 2^-7 or "
    "0.125 nT (largest error half a step)"
)
CITATION = (
    "BATS-R-US: Toth et al. (2012), https://doi.org/10.1016/j.jcp.2011.02.006;"
    " Powell et al. (1999), https://doi.org/10.1006/jcph.1999.6299"
)
CAVEATS = (
    "Single-fluid ideal MHD without ionosphere and ring current. The plasma "
    "inside the magnetopause is not realistic (initial state and numerical "
    "diffusion): mask it before computing emissivity. NaN inside r = {body} "
    "R_E. Beyond x = 16 R_E the imposed solar wind is filled in."
)


@dataclass(frozen=True)
class Case:
    """One MHD run to ship, and what is said of it."""

    source: str
    sample: str
    what: str
    note: str


CASES = (
    Case(
        "batsrus_caseA_0p25RE.nc",
        "batsrus_a_requirement.nc",
        "steady MHD cube near the solar wind flux of the requirement on SXI",
        "Idealised, of no event: a steady state at 12 cm-3 and 400 km/s, "
        "4.8e8 cm-2 s-1, two percent below the flux at which SXI must find "
        "the magnetopause, with a southward field of 5 nT and zero dipole "
        "tilt. Not fully relaxed: the bow shock is 0.8 R_E short of theory. "
        "The sheath is 3 to 4 cells of 0.5 R_E thick, sampled at 0.25.",
    ),
    Case(
        "batsrus_caseB_0p25RE.nc",
        "batsrus_b_2012-06-16.nc",
        "steady MHD cube like 16 June 2012 near 22:25 UT",
        "Idealised, not a simulation of the event: a steady state with the "
        "dipole tilt of 16 June 2012 22:25 UT and a wind as dense and as "
        "northward as the reconstruction has it then.",
    ),
    Case(
        "batsrus_caseD_timeseries_0p5RE.nc",
        "batsrus_d_2014-09-12.nc",
        "time-accurate MHD sequence like 12 September 2014, 15:50-16:15 UT",
        "Idealised, not a simulation of the event: a shock like that of 12 "
        "September 2014, then a southward turning that was put in to show "
        "erosion. Zero dipole tilt. Time inside r < 6.5 R_E is only "
        "approximate (local time steps).",
    ),
    Case(
        "batsrus_caseE_20120616_0p5RE.nc",
        "batsrus_e_2012-06-16.nc",
        "time-accurate MHD sequence of 16 June 2012, 22:00-22:54 UT",
        "Driven by a reconstruction of the solar wind, not by measurements. "
        "Zero dipole tilt (it was 24 deg). Time inside r < 6.5 R_E is only "
        "approximate (local time steps).",
    ),
)
RECONSTRUCTIONS = (
    "2012-06-16_reconstruction.csv",
    "2014-09-12_reconstruction.csv",
)


def quantise(values: np.ndarray, bits: int, floor: float) -> np.ndarray:
    """Round to `bits` of the mantissa, but to no finer step than `floor`."""
    finite = np.isfinite(values)
    _, exponent = np.frexp(np.where(finite, values, 1.0))
    step = np.ldexp(np.float32(1), exponent - 1 - bits)
    step = np.maximum(step, np.float32(floor))
    # Adding zero turns -0.0 into 0.0, which packs better.
    return (np.rint(values / step) * step + 0).astype("f4")


def convert(case: Case, directory: Path) -> xr.Dataset:
    """Crop a run, bring it to the house schema and round it."""
    path = directory / "mhd" / case.source
    crop = {axis: slice(*ends) for axis, ends in BOX.items()}
    cube = mhd.open_cube(path).sel(crop).compute()
    for name, (bits, floor) in ROUNDING.items():
        cube[name] = cube[name].copy(
            data=quantise(cube[name].values, bits, floor)
        )
    for coordinate in cube.coords.values():
        coordinate.attrs.clear()  # the schema has its own
    body = cube.attrs.pop("r_body_RE")
    earth_radius = cube.attrs.pop("R_E_km")
    for stale in (
        "coordinate_system",
        "dipole_tilt_note",
        "file",
        "measured",
        "native_file",
        "schema",
    ):
        cube.attrs.pop(stale, None)
    cube.attrs |= {
        "dipole_tilt": cube.attrs.pop("dipole_tilt_deg"),
        "solar_wind": "imposed at x = 16 R_E: variables driver_*",
        "note": case.note,
        "caveats": CAVEATS.format(body=f"{body:g}"),
        "citation": CITATION,
        "license": "made for smile_explore, shipped under its license; "
        "cite BATS-R-US with every picture",
        "quantisation": QUANTISATION,
        "inner_boundary": body,
        "earth_radius": earth_radius,
        "earth_radius_note": "axes are in the run's own R_E "
        f"({earth_radius:g} km), {earth_radius / EARTH_RADIUS - 1:.1%} more "
        f"than the {EARTH_RADIUS} km used elsewhere; not rescaled, as this is "
        "0.02 R_E at 20 R_E, a small part of a cell",
    }
    return CUBE.stamp(cube)


def write(cube: xr.Dataset, path: Path) -> None:
    """Write components apart from each other: they pack better so."""
    stored = cube.transpose("time", "component", "x", "y", "z")
    encoding: dict[str, dict] = {}
    for name, array in stored.data_vars.items():
        if "x" not in array.dims:
            continue
        grid = tuple(array.sizes[axis] for axis in "xyz")
        chunks = (1,) * (array.ndim - 3) + grid
        encoding[str(name)] = {
            "zlib": True,
            "complevel": 9,
            "shuffle": True,
            "chunksizes": chunks,
        }
    encoding["time"] = {
        "units": "microseconds since 1970-01-01",
        "dtype": "int64",
    }
    stored["time"] = stored["time"].dt.round("us")
    stored.to_netcdf(path, engine="netcdf4", encoding=encoding)


def manifest_entry(path: Path, what: str) -> str:
    """One entry of the manifest, in TOML."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return "\n".join(
        (
            f"[{json.dumps(path.name)}]",
            f"what = {json.dumps(what)}",
            f"bytes = {path.stat().st_size}",
            f"sha256 = {json.dumps(digest)}",
            "",
        )
    )


def main() -> None:
    """Make every sample, then the manifest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, metavar="SHARED_DATA_DIR")
    directory = parser.parse_args().directory
    entries = []
    for case in CASES:
        path = SAMPLES / case.sample
        write(convert(case, directory), path)
        entries.append(manifest_entry(path, case.what))
    for name in RECONSTRUCTIONS:
        path = SAMPLES / name
        shutil.copyfile(directory / "solar_wind" / name, path)
        entries.append(
            manifest_entry(
                path,
                f"solar wind around {name[:10]}, a reconstruction from "
                "published statistics, not measured",
            )
        )
    head = "# Made by tools/build_samples.py; checked by samples.path(name).\n"
    (SAMPLES / "manifest.toml").write_text("\n".join((head, *entries)))
    total = sum(file.stat().st_size for file in SAMPLES.glob("*-*-*.*"))
    print(f"{total / 1e6:.1f} MB in {SAMPLES} (netCDF4 {netCDF4.__version__})")
    if total > SIZE_LIMIT:
        raise SystemExit(f"over the limit of {SIZE_LIMIT / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
