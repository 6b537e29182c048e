"""The formats of cubes, in the order in which they are tried.

A format is one module with two functions: ``sees(path, head)`` tells from
the name and the first bytes whether a file is of this format, and
``read(path, chunks)`` opens it with the variables of ``CUBE``, lazily, in
chunks of its own choice where `chunks` names none. To add one, write such a
module and enter it here; `docs/cubes.md` says what the door expects of it and
does for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import xarray as xr

from smile_explore.data.mhd import (
    batsrus,
    cube_files,
    emissivity_files,
    gamera_files,
    openggcm_files,
    openggcm_runs,
)

__all__ = ["FORMATS", "Format", "recognise"]

#: So many first bytes tell a format.
_HEAD = 4096


class Format(NamedTuple):
    """One way in which cubes are written.

    Parameters
    ----------
    name : str
    sees, read : callable
    options : tuple of str
        What of ``grid`` (a `Grid`), ``start`` (a datetime64 or None) and
        ``gaps`` `read` takes as keywords as well: ``grid`` if the cells of
        the file may lie on no regular grid (a cube that is on the one asked
        for then has the attribute ``resampled``), ``start`` if its times
        count from the beginning of the run, ``gaps`` if one file may be a
        series.
    """

    name: str
    sees: Callable[[Path, bytes], bool]
    read: Callable[..., xr.Dataset]
    options: tuple[str, ...] = ()


FORMATS: Final = (
    # before NetCDF, which is HDF5 too
    Format(
        "GAMERA as HDF5",
        gamera_files.sees,
        gamera_files.read,
        options=("grid",),
    ),
    Format("NetCDF or Zarr", cube_files.sees, cube_files.read),
    Format(
        "BATS-R-US",
        batsrus.sees,
        batsrus.read,
        options=("grid", "start", "gaps"),
    ),
    Format("OpenGGCM as CDF", openggcm_files.sees, openggcm_files.read),
    Format("OpenGGCM .3df", openggcm_runs.sees, openggcm_runs.read),
    Format("emissivity cube", emissivity_files.sees, emissivity_files.read),
)


def recognise(path: Path) -> Format:
    """Return the format of a file or folder.

    Raises
    ------
    ValueError
        If it is of none.
    """
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(_HEAD)
    for form in FORMATS:
        if form.sees(path, head):
            return form
    began = f"begins with {head[:24]!r}" if head else "is empty"
    raise ValueError(
        f"{path.name} {began}, which is none of the formats known here: "
        f"{', '.join(form.name for form in FORMATS)}"
    )
