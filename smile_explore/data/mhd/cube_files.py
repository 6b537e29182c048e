"""Cubes as NetCDF and Zarr, in two forms.

The house form has the variables of ``CUBE``; the model form one variable a
component and pressure instead of temperature (``n ux uy uz p bx by bz``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xarray as xr

from smile_explore.data.mhd.driving import driver_series
from smile_explore.data.mhd.journal import written
from smile_explore.data.mhd.plasma import UNITS, gathered
from smile_explore.data.mhd.store import check_version
from smile_explore.schema import COMPONENTS

__all__ = ["read", "sees"]

#: First bytes of NetCDF 3, and of HDF5, which NetCDF 4 is made of.
_CLASSIC = (b"CDF\x01", b"CDF\x02", b"CDF\x05")
_HDF5 = b"\x89HDF\r\n\x1a\n"
#: By which library xarray reads what. That of NetCDF crashes the process when
#: a NetCDF 4 file that has words for a coordinate, as `component`, is opened
#: again while it is open elsewhere (github.com/pydata/xarray/issues/8289).
_NETCDF: dict[str, Any] = {"engine": "netcdf4"}
_NETCDF_4: dict[str, Any] = {"engine": "h5netcdf", "phony_dims": "access"}
#: Consolidated metadata is no part of Zarr 3, and is not needed here.
_ZARR: dict[str, Any] = {"engine": "zarr", "consolidated": False}


def sees(path: Path, head: bytes) -> bool:
    """Tell whether this is a NetCDF file or a Zarr store."""
    return path.is_dir() or head.startswith((*_CLASSIC, _HDF5))


def read(path: Path, chunks: dict[str, int]) -> xr.Dataset:
    """Open a cube in either form.

    Along a dimension that `chunks` does not name a Zarr store keeps its own
    chunks; without any, a NetCDF file has one chunk a time.
    """
    raw = _open(path)
    check_version(path, raw.attrs)
    is_store = path.is_dir()
    if not chunks and not is_store:
        chunks = {"time": 1}
    raw = _lazy(raw, chunks, own=is_store)
    return raw if "density" in raw else _from_model(raw, path)


def _open(path: Path) -> xr.Dataset:
    kind, options = "NetCDF", _NETCDF
    if path.is_dir():
        kind, options = "Zarr", _ZARR
        if written(path):
            raise ValueError(
                f"{path} is an unfinished store: run the ingest that began "
                "it again, and it goes on"
            )
    elif _head(path).startswith(_HDF5):
        options = _NETCDF_4
    try:
        return xr.open_dataset(path, decode_timedelta=False, **options)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ValueError(
            f"{path} cannot be read as {kind}: it is damaged, cut short or "
            f"of another kind ({_first_line(error)}); fetch it again"
        ) from error


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_HDF5))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _from_model(raw: xr.Dataset, path: Path) -> xr.Dataset:
    """Gather components into vectors and pressure into temperature."""
    missing = [name for name in UNITS if name not in raw]
    if missing:
        raise ValueError(
            f"{path.name} lacks {', '.join(missing)}; it has "
            f"{', '.join(map(str, raw.data_vars)) or 'no variables'}; a cube "
            "needs density, velocity, temperature and magnetic_field, or "
            f"{' '.join(UNITS)}"
        )
    for name, units in UNITS.items():
        came = raw[name].attrs.get("units", units)
        if came != units:
            raise ValueError(
                f"{path.name}: {name} must be in {units}, got {came}; "
                "convert it before opening the file"
            )
    return gathered(raw).assign(driver_series(raw))


def _lazy(raw: xr.Dataset, chunks: dict[str, int], *, own: bool) -> xr.Dataset:
    """Make dask arrays of what lies on the grid, and load the rest."""
    lazy = {}
    for name, array in raw.data_vars.items():
        if set(COMPONENTS) <= set(array.dims):
            usual = array.encoding["preferred_chunks"] if own else {}
            lazy[name] = array.chunk(
                {
                    dim: chunks.get(str(dim), usual.get(dim, -1))
                    for dim in array.dims
                }
            )
        else:
            lazy[name] = array.load()
    return raw.assign(lazy)
