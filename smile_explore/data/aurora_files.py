"""Images of UVI as FITS, and what is found in them as NetCDF.

No format of SMILE's own is public. Images stand as those of `xray_series`,
with a table of where UVI was and looked; maps of the pole, edges of the oval
and polar caps are grids and series, so NetCDF after CF and ACDD.
"""

from __future__ import annotations

import xarray as xr

from smile_explore.data import policy
from smile_explore.data._fits import FilePath
from smile_explore.data._fits_series import write_series
from smile_explore.data._fits_series_reading import read_series
from smile_explore.data._netcdf import read_dataset, write_dataset
from smile_explore.data.policy import Policy
from smile_explore.schema import (
    OVAL,
    POINTING,
    POLAR_CAP,
    UV_MAP,
    UVI_IMAGE,
    Schema,
)

__all__ = [
    "read_images",
    "read_map",
    "read_oval",
    "read_pointing",
    "read_polar_cap",
    "write_images",
    "write_map",
    "write_oval",
    "write_polar_cap",
]

_TITLES = {
    "UV_MAP": "Radiance of the aurora on the magnetic grid",
    "OVAL": "Edges of the auroral oval by magnetic local time",
    "POLAR_CAP": "Polar cap and the magnetic flux it encloses",
}


def write_images(
    images: xr.Dataset,
    path: FilePath,
    *,
    pointing: xr.Dataset | None = None,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write images, radiance first, and where UVI looked.

    Parameters
    ----------
    images : xarray.Dataset (UVI_IMAGE)
        With or without `time`; lazy ones are computed.
    path : str or path-like
    pointing : xarray.Dataset (POINTING), optional
        Becomes the table POINTING.
    terms : Policy, optional
        By default what `policy.of` finds in the images.
    overwrite : bool
        Whether a file that is there is replaced.

    Raises
    ------
    FileExistsError
        If the file is there and is not to be replaced.
    ValueError
        If a dataset is not of its schema, or holds text that FITS cannot
        keep.
    OSError
        If the file cannot be written; nothing of it is left then.
    """
    write_series(
        images,
        path,
        UVI_IMAGE,
        instrument=str(images.attrs.get("instrument", "UVI")),
        first=("radiance",),
        pointing=pointing,
        terms=terms,
        overwrite=overwrite,
    )


def read_images(path: FilePath) -> xr.Dataset:
    """Read the images that `write_images` wrote.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    images : xarray.Dataset (UVI_IMAGE)
        As they were, bit by bit.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged, cut short, or holds something else.
    """
    return read_series(path, UVI_IMAGE)


def read_pointing(path: FilePath) -> xr.Dataset:
    """Read where UVI looked, from the file of its images.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    pointing : xarray.Dataset (POINTING)

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_images`; and if the file has no pointing.
    """
    return read_series(path, POINTING, POINTING.name)


def write_map(
    light: xr.Dataset,
    path: FilePath,
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write maps of the pole to a NetCDF file.

    Parameters
    ----------
    light : xarray.Dataset (UV_MAP)
        With or without `time`.
    path : str or path-like
        Named ``.nc``.
    terms, overwrite
        As in `write_images`.

    Raises
    ------
    FileExistsError
        If the file is there and is not to be replaced.
    ValueError
        If the dataset is not of its schema, or the name not of NetCDF.
    TypeError
        If an attribute cannot be stored.
    OSError
        If the file cannot be written; nothing of it is left then.
    """
    _write(light, UV_MAP, path, terms, overwrite)


def read_map(path: FilePath) -> xr.Dataset:
    """Read maps that `write_map` wrote.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    light : xarray.Dataset (UV_MAP)
        As it was, bit by bit.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged, cut short, or holds something else.
    """
    return _read(path, UV_MAP)


def write_oval(
    oval: xr.Dataset,
    path: FilePath,
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write edges of the oval (OVAL) as `write_map` writes maps."""
    _write(oval, OVAL, path, terms, overwrite)


def read_oval(path: FilePath) -> xr.Dataset:
    """Read what `write_oval` wrote (OVAL), as `read_map` reads maps."""
    return _read(path, OVAL)


def write_polar_cap(
    cap: xr.Dataset,
    path: FilePath,
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write polar caps (POLAR_CAP) as `write_map` writes maps."""
    _write(cap, POLAR_CAP, path, terms, overwrite)


def read_polar_cap(path: FilePath) -> xr.Dataset:
    """Read what `write_polar_cap` wrote, as `read_map` reads maps."""
    return _read(path, POLAR_CAP)


def _write(
    data: xr.Dataset,
    schema: Schema,
    path: FilePath,
    terms: Policy | None,
    overwrite: bool,
) -> None:
    schema.check(data)
    write_dataset(
        data.assign_attrs(schema=schema.name),
        path,
        {"title": _TITLES[schema.name]}
        | policy.netcdf(terms or policy.of(data)),
        overwrite=overwrite,
    )


def _read(path: FilePath, schema: Schema) -> xr.Dataset:
    data = read_dataset(path, schema.name)
    schema.check(data)
    return data
