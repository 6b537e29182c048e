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
from smile_explore.data.policy import of_response

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    matrix, bounds = _matrix_table(response), _bounds_table(response)
    attributes = response.attrs
    declare(matrix, attributes, "RESPONSE", "RSP_MATRIX", "REDIST", "1.3.0")
    declare(bounds, attributes, "RESPONSE", "EBOUNDS", "1.2.0")
    for part in (matrix, bounds):
        part.header["CHANTYPE"] = "PI"
        part.header["DETCHANS"] = response.sizes["channel"]
        part.header["RMFVERSN"] = ("1992a", "for older readers")
    write(
        [primary(attributes), matrix, bounds],
        path,
        overwrite,
        of_response(attributes),
    )


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


def _matrix_table(response: xr.Dataset) -> fits.BinTableHDU:
    from astropy.io import fits

    matrix = response["redistribution"].transpose("photon_energy", "channel")
    values, channel = matrix.values, response["channel"].values.astype(int)
    lit = values != 0.0
    first = lit.argmax(axis=1)
    last = values.shape[1] - lit[:, ::-1].argmax(axis=1)
    number = np.where(lit.any(axis=1), last - first, 0)
    rows = zip(values, first, number, strict=True)
    plain = table_of(
        "MATRIX",
        {
            "ENERG_LO": response["energy_low"].values,
            "ENERG_HI": response["energy_high"].values,
            "N_GRP": np.minimum(number, 1),
        },
        {"ENERG_LO": "keV", "ENERG_HI": "keV"},
    )
    # lists of groups, though there is one: some readers know no other form
    lists = {
        "F_CHAN": ("PJ()", (first + channel[0]).astype("i4")[:, None]),
        "N_CHAN": ("PJ()", number.astype("i4")[:, None]),
        "MATRIX": ("PD()", [row[at : at + size] for row, at, size in rows]),
    }
    table = fits.BinTableHDU.from_columns(
        plain.columns
        + fits.ColDefs(
            [
                fits.Column(name, form, array=_ragged(values))
                for name, (form, values) in lists.items()
            ]
        ),
        name="MATRIX",
    )
    table.header["TLMIN4"] = (int(channel[0]), "first channel")
    table.header["TLMAX4"] = int(channel[-1])
    table.header["NUMGRP"] = (int((number > 0).sum()), "groups of all rows")
    table.header["NUMELT"] = (int(number.sum()), "shares of all rows")
    table.header["LO_THRES"] = (0.0, "shares above it are written")
    return table


def _bounds_table(response: xr.Dataset) -> fits.BinTableHDU:
    return table_of(
        "EBOUNDS",
        {
            "CHANNEL": response["channel"].values.astype(int),
            "E_MIN": response["channel_low"].values,
            "E_MAX": response["channel_high"].values,
        },
        {"E_MIN": "keV", "E_MAX": "keV"},
    )


def _ragged(rows: Iterable[np.ndarray]) -> np.ndarray:
    """Return rows as FITS wants lists, an array of arrays of any length."""
    listed = list(rows)
    ragged = np.empty(len(listed), dtype=object)
    ragged[:] = listed
    return ragged


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
