"""From the variables of a single-fluid model to those of a cube."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE
from smile_explore.schema import COMPONENTS

__all__ = ["UNITS", "bare", "gathered"]

#: p [nPa] = n [cm-3] T [eV] times this.
_PRESSURE_UNIT = ELEMENTARY_CHARGE * 1e6 * 1e9
#: What `gathered` wants.
UNITS = {
    "n": "cm-3",
    "p": "nPa",
    **{f"u{axis}": "km s-1" for axis in COMPONENTS},
    **{f"b{axis}": "nT" for axis in COMPONENTS},
}


def gathered(raw: xr.Dataset) -> xr.Dataset:
    """Gather components into vectors, and pressure into temperature.

    Parameters
    ----------
    raw : xarray.Dataset
        `UNITS` names its variables, and their units; axes x, y, z in R_E
        GSM.

    Returns
    -------
    cube : xarray.Dataset
        Variables of ``CUBE``, not yet checked, and the attributes of `raw`.
        The temperature is that of a single fluid, p / n: it stands for the
        sum of ion and electron temperature.
    """
    temperature = raw["p"] / (raw["n"] * np.float32(_PRESSURE_UNIT))
    cube = xr.Dataset(
        {
            "density": bare(raw["n"]),
            "velocity": _vector(raw, "u"),
            "temperature": bare(temperature),
            "magnetic_field": _vector(raw, "b"),
        },
        attrs=raw.attrs,
    )
    return _double_axes(cube)


def bare(array: xr.DataArray) -> xr.DataArray:
    """Drop attributes and storage settings of the file that was read."""
    bare = array.drop_attrs(deep=False)
    bare.encoding = {}
    return bare


def _double_axes(cube: xr.Dataset) -> xr.Dataset:
    axes: dict[Hashable, Any] = {
        axis: cube[axis].astype("f8") for axis in COMPONENTS if axis in cube
    }
    return cube.assign_coords(axes)


def _vector(raw: xr.Dataset, letter: str) -> xr.DataArray:
    parts = [bare(raw[f"{letter}{axis}"]) for axis in COMPONENTS]
    return xr.concat(parts, "component", coords="minimal", compat="override")
