"""Solar wind from files by hand, whatever their kind."""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from smile_explore.data import solar_wind_arrays, tables
from smile_explore.data.sources import reading
from smile_explore.data.sources.products import PRODUCTS
from smile_explore.schema import SOLAR_WIND

__all__ = ["open_csv", "open_file"]

_COLUMNS = ("time", "bx", "by", "bz", "vx", "vy", "vz", "n", "T")
#: How a CDF file begins, since version 3 and before.
_CDF = (b"\xcd\xf3\x00\x01", b"\xcd\xf2\x60\x02")
#: How the columns of a listing of OMNIWeb begin, in the order of `_COLUMNS`.
_OMNIWEB = {
    "bx": "bx,",
    "by": "by,",
    "bz": "bz,",
    "vx": "vx ",
    "vy": "vy ",
    "vz": "vz ",
    "density": "proton density",
    "temperature": "proton temperature",
}
_IMF = ("bx", "by", "bz", "ux", "uy", "uz", "rho", "t")


def open_file(path: str | PathLike[str]) -> xr.Dataset:
    """Read solar wind from a file, whatever its kind.

    Parameters
    ----------
    path : str or path-like
        CSV as `open_csv` reads it; a listing of OMNIWeb (``.lst``, its
        ``.fmt`` beside it); ``IMF.dat`` of SWMF; a CDF of OMNI.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        In GSM; what is fill is NaN. An ``IMF.dat`` does not say whether it
        was measured, so that it does not count as measured.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is of no known kind or another product, damaged, or its times
        do not increase.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no solar wind file at {path}")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if path.suffix == ".cdf" or head[:4] in _CDF:
        return _open_cdf(path)
    if path.suffix == ".lst":
        return _of_listing(tables.listing(path), path)
    if b"#START" in head:
        return _of_swmf(tables.swmf(path), path)
    return open_csv(path)


def open_csv(path: str | PathLike[str]) -> xr.Dataset:
    """Read solar wind from a CSV file.

    Parameters
    ----------
    path : str or path-like
        Columns ``time`` (UTC, ISO 8601), ``bx by bz`` [nT], ``vx vy vz``
        [km s-1], both GSM, ``n`` [cm-3] and ``T`` [K]; others are ignored.
        Lines that start with ``#`` are kept as ``note``; only a line
        ``# measured: true`` makes it a measurement.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a column is missing, or the times are not increasing.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no solar wind file at {path}")
    try:
        table = pd.read_csv(path, comment="#")
        lacking = [name for name in _COLUMNS if name not in table]
        if lacking:
            raise ValueError(
                f"it lacks the columns {', '.join(lacking)} of "
                f"{', '.join(_COLUMNS)}"
            )
        if table.empty:
            raise ValueError("it has no rows")
        time = pd.to_datetime(table["time"], format="ISO8601", utc=True)
        numbers = table[list(_COLUMNS[1:])].astype(float)
    except (ValueError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path.name} is no solar wind table: {error}"
        ) from error
    if not (time.diff().dropna() > pd.Timedelta(0)).all():
        raise ValueError(f"{path.name}: its times must increase; sort it")
    numbers.index = pd.DatetimeIndex(time).tz_localize(None).as_unit("ns")
    comments = [
        line.lstrip("# ").strip()
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("#")
    ]
    true = "measured: true" in comments
    return _of_columns(
        numbers,
        _COLUMNS[1:],
        path,
        source="measurement" if true else "reconstruction",
        measured=true,
        note=" ".join(comments),
    )


def _of_listing(table: tables.Table, path: Path) -> xr.Dataset:
    """Find the columns of a listing; its velocities are in GSE."""
    found = {
        name: next(
            (c for c in table.columns if c.lower().startswith(start)), None
        )
        for name, start in _OMNIWEB.items()
    }
    if lacking := [name for name, column in found.items() if not column]:
        raise ValueError(
            f"{path.name} lacks {', '.join(lacking)}; it has "
            f"{'; '.join(table.columns)}"
        )
    columns = [str(column) for column in found.values()]
    frame = "GSM" if "GSM" in columns[1] else "GSE"
    return _of_columns(
        table.columns,
        columns,
        path,
        ("GSE", frame),
        source="OMNI, listed by OMNIWeb",
        measured=True,
    )


def _of_swmf(table: tables.Table, path: Path) -> xr.Dataset:
    if lacking := [name for name in _IMF if name not in table.columns]:
        raise ValueError(
            f"{path.name} lacks {', '.join(lacking)}; it has "
            f"{', '.join(table.columns)}"
        )
    return _of_columns(
        table.columns,
        _IMF,
        path,
        (table.frame, table.frame),
        source="IMF.dat of SWMF",
        measured=False,
        note=f"not said whether measured. {table.note}".strip(),
    )


def _open_cdf(path: Path) -> xr.Dataset:
    try:
        data = reading.read(path, PRODUCTS["OMNI 1 min"])
    except ValueError as error:
        raise ValueError(
            f"{error}; a solar wind needs field and plasma as OMNI has them: "
            "open a field or moments of one spacecraft by "
            "data.in_situ_missions"
        ) from error
    return data[list(SOLAR_WIND.variables)]


def _of_columns(
    table: pd.DataFrame,
    names: Any,
    path: Path,
    frame: tuple[str, str] = ("GSM", "GSM"),
    **about: Any,
) -> xr.Dataset:
    """Make a solar wind of columns b, v, n, T, in the units of the file."""
    values = table[list(names)].to_numpy()
    return solar_wind_arrays.solar_wind(
        table.index.values,
        magnetic_field=values[:, :3],
        velocity=values[:, 3:6],
        density=values[:, 6],
        temperature=values[:, 7],
        frame=frame,
        about=about
        | {
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        },
    )
