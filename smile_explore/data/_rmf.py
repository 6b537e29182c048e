"""Redistribution matrices (RMF): groups of channels, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from smile_explore.data._fits import (
    FilePath,
    by_energy,
    column,
    declare,
    energies,
    find,
    opened,
    primary,
    table_of,
    write,
)

if TYPE_CHECKING:
    from astropy.io import fits

__all__ = ["read_rmf", "write_rmf"]

#: Names that the table of the matrix has in the field.
_NAMES = ("MATRIX", "SPECRESP MATRIX")


def write_rmf(
    response: xr.Dataset, path: FilePath, *, overwrite: bool = False
) -> None:
    """Write the redistribution as a matrix file (RMF).

    Of each row only the channels between its first and its last share are
    written, in one group.
    """
    from astropy.io import fits

    matrix = response["redistribution"].transpose("photon_energy", "channel")
    values, channel = matrix.values, response["channel"].values.astype(int)
    lit = values != 0.0
    first = lit.argmax(axis=1)
    number = np.where(
        lit.any(axis=1),
        values.shape[1] - lit[:, ::-1].argmax(axis=1) - first,
        0,
    )
    rows = np.empty(len(values), dtype=object)
    rows[:] = [
        row[start : start + size]
        for row, start, size in zip(values, first, number, strict=True)
    ]
    table = table_of(
        "MATRIX",
        {
            "ENERG_LO": response["energy_low"].values,
            "ENERG_HI": response["energy_high"].values,
            "N_GRP": np.minimum(number, 1),
            "F_CHAN": first + channel[0],
            "N_CHAN": number,
        },
        {"ENERG_LO": "keV", "ENERG_HI": "keV"},
    )
    columns = table.columns + fits.ColDefs(
        [fits.Column("MATRIX", "PD()", array=rows)]
    )
    table = fits.BinTableHDU.from_columns(columns, name="MATRIX")
    table.header["TLMIN4"] = (int(channel[0]), "first channel")
    table.header["TLMAX4"] = int(channel[-1])
    table.header["LO_THRES"] = (0.0, "shares from here on are written")
    bounds = table_of(
        "EBOUNDS",
        {
            "CHANNEL": channel,
            "E_MIN": response["channel_low"].values,
            "E_MAX": response["channel_high"].values,
        },
        {"E_MIN": "keV", "E_MAX": "keV"},
    )
    attributes = response.attrs
    declare(table, attributes, "RESPONSE", "RSP_MATRIX", "REDIST", "1.3.0")
    declare(bounds, attributes, "RESPONSE", "EBOUNDS", "1.2.0")
    for part in (table, bounds):
        part.header["CHANTYPE"] = "PI"
        part.header["DETCHANS"] = channel.size
    write([primary(attributes), table, bounds], path, overwrite)


def read_rmf(path: FilePath) -> xr.Dataset:
    """Read a redistribution matrix file.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    tables : xarray.Dataset
        `redistribution` with the edges of its energies and channels.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged, lacks a column, or a group lies beyond the
        channels.
    """
    with opened(path) as hdus:
        table = find(hdus, _NAMES, path)
        bounds = find(hdus, ("EBOUNDS",), path)
        low, high = energies(table, "ENERG_LO", "ENERG_HI", path)
        bottom, top = energies(bounds, "E_MIN", "E_MAX", path)
        channel = column(bounds, "CHANNEL", path).astype(int)
        offset = _first_channel(table, path)
        matrix = np.zeros((low.size, channel.size))
        names = ("N_GRP", "F_CHAN", "N_CHAN", "MATRIX")
        rows = zip(*(column(table, n, path) for n in names), strict=True)
        for line, (groups, starts, sizes, shares) in zip(
            matrix, rows, strict=True
        ):
            _fill(line, int(groups), starts, sizes, shares, offset, path)
    tables = {
        "redistribution": (("photon_energy", "channel"), matrix),
        "channel_low": ("channel", bottom),
        "channel_high": ("channel", top),
    }
    return by_energy(tables, low, high, path).assign_coords(channel=channel)


def _first_channel(table: fits.BinTableHDU, path: FilePath) -> int:
    """Return the number of the first channel, 1 where the file is silent."""
    column(table, "F_CHAN", path)
    place = table.columns.names.index("F_CHAN") + 1
    return int(table.header.get(f"TLMIN{place}", 1))


def _fill(
    line: np.ndarray,
    groups: int,
    starts: np.ndarray,
    sizes: np.ndarray,
    shares: np.ndarray,
    offset: int,
    path: FilePath,
) -> None:
    """Put the groups of a row where they belong."""
    starts = np.atleast_1d(starts).astype(int)[:groups] - offset
    sizes = np.atleast_1d(sizes).astype(int)[:groups]
    shares = np.atleast_1d(shares)
    used = 0
    for start, size in zip(starts, sizes, strict=True):
        if start < 0 or start + size > line.size:
            raise ValueError(
                f"{Path(path).name}: a group of channels {start + offset} to "
                f"{start + size + offset - 1} lies beyond the {line.size} "
                "channels of EBOUNDS"
            )
        line[start : start + size] = shares[used : used + size]
        used += size
