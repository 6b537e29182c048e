"""The one door to cubes of magnetohydrodynamic models."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import numpy as np
import xarray as xr

from smile_explore.data.mhd.formats import recognise
from smile_explore.schema import COMPONENTS, CUBE

__all__ = ["open_cube"]


def open_cube(
    path: str | PathLike[str],
    *,
    chunks: Mapping[str, int] | None = None,
) -> xr.Dataset:
    """Open a cube of a magnetohydrodynamic model, without reading it.

    Parameters
    ----------
    path : str or path-like
        A NetCDF file or a Zarr store, in the house form or in the model form
        (``n`` in cm-3, ``ux uy uz`` in km s-1, ``p`` in nPa, ``bx by bz`` in
        nT; axes in R_E GSM).
    chunks : mapping of str to int, optional
        Size of the dask chunks; by default one chunk per time.

    Returns
    -------
    cube : xarray.Dataset (CUBE)
        With the attributes of the file, its name as ``file`` and its
        ``format``. The solar wind that the run was driven by stays with
        it as ``driver_*``; see `driver`.

    Raises
    ------
    FileNotFoundError
        If there is nothing at `path`.
    ValueError
        If it cannot be read, is damaged, lacks a variable, has units or an
        axis that the schema refuses.

    Notes
    -----
    In the model form the temperature is that of a single fluid, p / n: it
    stands for the sum of ion and electron temperature.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no MHD cube at {path}")
    form = recognise(path)
    cube = form.read(path, {"time": 1} if chunks is None else dict(chunks))
    cube = cube.assign_coords(component=list(COMPONENTS))
    for name in ("velocity", "magnetic_field"):
        if name in cube:
            cube[name].attrs.setdefault("frame", "GSM")
    try:
        CUBE.check(cube)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    cube = CUBE.stamp(cube)
    cube.attrs = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in cube.attrs.items()
    }
    return cube.assign_attrs(file=path.name, format=form.name)
