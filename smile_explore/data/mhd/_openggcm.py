"""From the axes of OpenGGCM to ours.

The model computes in x, y, z = -x GSE, -y GSE, z GSE, and its vectors point
along those ("Note that the vector quantities are in MHD coordinates",
openggcm.sr.unh.edu, Main.Outputs; CCMC calls them GSE_JR).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dask.array as da
import numpy as np
import xarray as xr

from smile_explore.data.mhd.plasma import UNITS, gathered
from smile_explore.schema import COMPONENTS

__all__ = ["from_model"]

#: Axes of the model that point the other way.
_OPPOSITE = ("x", "y")


def from_model(
    fields: Mapping[str, da.Array],
    axes: Mapping[str, np.ndarray],
    attrs: Mapping[str, Any],
    *,
    time: np.datetime64 | None = None,
    inner_radius: float = 0.0,
) -> xr.Dataset:
    """Turn fields on the axes of the model into a cube.

    Parameters
    ----------
    fields : mapping of str to dask.array.Array
        The variables of `UNITS`, in its units, on z, y, x of the model.
    axes : mapping of str to numpy.ndarray
        Axes x, y, z of the model. [R_E]
    attrs : mapping
        Attributes of the cube.
    time : numpy.datetime64, optional
        Makes a dimension of length 1.
    inner_radius : float
        Nearer to Earth there is no plasma, but NaN. [R_E]

    Returns
    -------
    cube : xarray.Dataset
        Variables of ``CUBE``, not yet checked.
    """
    turned = {f"{letter}{axis}" for letter in "ub" for axis in _OPPOSITE}
    raw = xr.Dataset(
        {
            name: (
                COMPONENTS[::-1],
                -fields[name] if name in turned else fields[name],
            )
            for name in UNITS
        },
        coords={
            axis: -axes[axis] if axis in _OPPOSITE else axes[axis]
            for axis in COMPONENTS
        },
        attrs=dict(attrs),
    )
    raw = raw.isel({axis: slice(None, None, -1) for axis in _OPPOSITE})
    if inner_radius > 0.0:
        raw = raw.where(_radius_squared(raw) >= inner_radius**2)
    cube = gathered(raw)
    return cube if time is None else cube.expand_dims(time=[time])


def _radius_squared(raw: xr.Dataset) -> xr.DataArray:
    """Return it lazily, in the chunks of the fields."""
    squares = [
        raw[axis].variable.to_base_variable().chunk({axis: -1}) ** 2
        for axis in COMPONENTS
    ]
    return xr.DataArray(sum(squares[1:], squares[0]).astype(np.float32))
