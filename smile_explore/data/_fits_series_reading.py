"""Datasets back from the form that `_fits_series` gave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from smile_explore.data._fits import FilePath, opened, settings_of
from smile_explore.data._fits_columns import column_name
from smile_explore.data._fits_series import order, part_name
from smile_explore.schema import Schema

if TYPE_CHECKING:
    from astropy.io import fits

__all__ = ["read_series"]


def read_series(path: FilePath, schema: Schema, name: str = "") -> xr.Dataset:
    """Read a dataset that `write_series` wrote.

    Parameters
    ----------
    path : str or path-like
    schema : Schema
        What is looked for.
    name : str
        Of its table, if it stands beside the images.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged, or holds something else.
    """
    with opened(path, checked=True) as hdus:
        listed, settings = (
            part_name(name, "VARIABLES"),
            part_name(name, "SETTINGS"),
        )
        found = hdus[0].header.get("SCHEMA", "nothing of smile_explore")
        if listed not in hdus or not (name or found == schema.name):
            what = f"{found} without {name}" if name else found
            raise ValueError(
                f"{Path(path).name} holds {what}, expected {schema.name}"
            )
        try:
            data = _assembled(hdus, listed)
            data.attrs = settings_of(hdus[settings])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{Path(path).name} is damaged ({error}); get it again"
            ) from error
    schema.check(data)
    return data


def _assembled(hdus: fits.HDUList, listed: str) -> xr.Dataset:
    data, coordinates = {}, []
    for name, kind, place, dims, dtype, about in hdus[listed].data:
        hdu = hdus[place]
        if hdu.is_image:
            values = np.asarray(hdu.data)
        else:
            values = np.asarray(hdu.data[column_name(name)])
            values = values[0] if place.endswith("FIXED") else values
        kept = np.asarray(values).astype(dtype)
        first = tuple(json.loads(dims))
        stored = xr.Variable(order(first), kept, json.loads(about))
        data[name] = stored.transpose(*first)
        if kind == "coordinate":
            coordinates.append(name)
    return xr.Dataset(data).set_coords(coordinates)
