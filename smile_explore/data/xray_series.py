"""A series of SXI's images as one FITS file, with where SXI looked.

`xray_files` writes one exposure and events, for the tools of X-ray astronomy;
here nothing is lost: types, gaps, coordinates and settings come back.
"""

from __future__ import annotations

import xarray as xr

from smile_explore.data._fits import FilePath
from smile_explore.data._fits_series import write_series
from smile_explore.data._fits_series_reading import read_series
from smile_explore.data.policy import Policy
from smile_explore.schema import POINTING, SXI_IMAGE

__all__ = ["read_images", "read_pointing", "write_images"]

#: What a tool that opens one image shows.
_FIRST = ("counts", "expected_counts", "intensity")


def write_images(
    images: xr.Dataset,
    path: FilePath,
    *,
    pointing: xr.Dataset | None = None,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write images, the counts first, and where SXI looked.

    Parameters
    ----------
    images : xarray.Dataset (SXI_IMAGE)
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
        SXI_IMAGE,
        instrument="SXI",
        first=_FIRST,
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
    images : xarray.Dataset (SXI_IMAGE)
        As they were, bit by bit.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged, cut short, or holds something else.
    """
    return read_series(path, SXI_IMAGE)


def read_pointing(path: FilePath) -> xr.Dataset:
    """Read where SXI looked, from the file of its images.

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
