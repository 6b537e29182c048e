"""Checks and lengths of labelled vectors, shared by camera and orbit."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.schema import COMPONENTS

__all__ = ["length", "refuse_inside_earth", "unit", "vector"]


def length(of: xr.DataArray) -> xr.DataArray:
    """Return the length of a vector along `component`; NaN stays NaN."""
    return xr.DataArray(np.sqrt((of**2).sum("component", skipna=False)))


def refuse_inside_earth(position: xr.DataArray) -> None:
    """Refuse positions [R_E] closer than 1 R_E to the centre of Earth."""
    radius = length(position)
    inside = int((radius < 1.0).sum())
    if inside:
        raise ValueError(
            f"the spacecraft is inside Earth at {inside} of {radius.size} "
            f"positions, the lowest {float(radius.min()):.3g} R_E from the "
            "centre; check that positions are in R_E"
        )


def vector(
    given: ArrayLike | xr.DataArray, position: xr.DataArray, name: str
) -> xr.DataArray:
    """Return a vector with labels, in the frame of the position."""
    if not isinstance(given, xr.DataArray):
        given = xr.DataArray(
            np.asarray(given, dtype=float).reshape(-1),
            dims="component",
            attrs=dict(position.attrs),
        )
    if given.sizes.get("component") != len(COMPONENTS):
        raise ValueError(
            f"{name} must have the three components x, y, z along the "
            f"dimension component, got {dict(given.sizes)}"
        )
    here = position.attrs.get("frame", "GSM")
    frame = given.attrs.get("frame", here)
    if frame != here:
        raise ValueError(
            f"{name} is in {frame}, the spacecraft in {here}; rotate one "
            "with frames.rotate"
        )
    return given


def unit(of: xr.DataArray, otherwise: str) -> xr.DataArray:
    """Return a vector of length 1, or raise the sentence `otherwise`."""
    size = length(of)
    if bool((size < 1e-9).any()):
        raise ValueError(otherwise)
    return of / size
