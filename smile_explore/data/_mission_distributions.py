"""Ion distributions of other missions, such as CIS on Cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.data import _cdf
from smile_explore.data._mission_variables import MissionVariable, of_pyspedas
from smile_explore.schema import VDF

__all__ = ["distribution"]

#: Order of the dimensions after time in files of Cluster CIS.
_CLUSTER = ("elevation", "azimuth", "energy")


def distribution(
    variable: xr.DataArray | Mapping[str, Any],
    *,
    energy_delta: ArrayLike | tuple[ArrayLike, ArrayLike],
    looking: bool,
    axes: tuple[str, str, str] = _CLUSTER,
    name: str = "",
    units: str | None = None,
    energy_units: str = "eV",
    frame: str = "instrument",
    sort: bool = False,
) -> xr.Dataset:
    """Return ion distributions that pyspedas loaded.

    Parameters
    ----------
    variable : xarray.DataArray or mapping
        Phase space density along time and three axes: of
        ``get_data(name, xarray=True)``, or x, y, v1, v2 and v3.
    energy_delta : array_like or pair of array_like
        From the energies to the edges of their bins, below and above: what
        DELTA_MINUS and DELTA_PLUS point to. In the unit of the energies.
    looking : bool
        Whether the angles are where the detector looks, so that ions fly the
        other way; the files of one mission differ in this, so it has no
        default.
    axes : tuple of str
        Order of the dimensions after time.
    name, units : str, optional
        What the variable does not say.
    energy_units : str
        Of the energies.
    frame : str
        Of the angles; kept, not turned.
    sort : bool
        Whether times out of order are put in order.

    Returns
    -------
    vdf : xarray.Dataset (VDF)
        Energies and angles increasing, azimuth from 0 to 360. The bins of
        the angles are as wide as their middles are apart.

    Raises
    ------
    TypeError
        If it is no variable of pyspedas.
    ValueError
        If an axis is missing, depends on time or has other widths, or a unit
        is not known.
    """
    one = of_pyspedas(variable, name)
    if sorted(axes) != sorted(_CLUSTER):
        raise ValueError(
            f"axes must be energy, elevation and azimuth in some order, got "
            f"{', '.join(axes)}"
        )
    _check_axes(one)
    middles = dict(zip(axes, one.axes, strict=True))
    table = MissionVariable(one.name, one.time, middles["energy"])
    energy = table.into("energy", energy_units)
    scale = float(
        MissionVariable(one.name, one.time, np.ones(1)).into(
            "energy", energy_units
        )[0]
    )
    below, above = _pair(energy_delta, energy.shape, one.name)
    values = one.into("phase space density", units)
    data = xr.Dataset(
        {
            "vdf": (("time", *axes), values, {"frame": frame}),
            "energy_low": ("energy", energy - scale * below),
            "energy_high": ("energy", energy + scale * above),
        },
        coords={
            "time": one.time,
            "energy": energy,
            "elevation": (-1.0 if looking else 1.0) * middles["elevation"],
            "azimuth": (middles["azimuth"] + 180.0 * looking) % 360.0,
        },
        attrs={"source": one.name, "measured": True} | one.about,
    )
    data = data.sortby(["energy", "elevation", "azimuth"])
    for axis in ("elevation", "azimuth"):
        half = _half_width(data[axis].values, axis, one.name)
        data[f"{axis}_low"] = data[axis] - half
        data[f"{axis}_high"] = data[axis] + half
    return VDF.stamp(_cdf.increasing(data, one.name, sort))


def _check_axes(one: MissionVariable) -> None:
    shapes = tuple(axis.shape for axis in one.axes)
    if len(shapes) != 3 or any(len(shape) != 1 for shape in shapes):
        raise ValueError(
            f"{one.name} must have three axes that do not depend on time, "
            f"got the shapes {shapes}; take out one time, or one mode"
        )
    if one.values.shape[1:] != tuple(shape[0] for shape in shapes):
        raise ValueError(
            f"{one.name} has the shape {one.values.shape}, its axes have "
            f"{shapes}"
        )


def _pair(
    given: Any, shape: tuple[int, ...], name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return widths below and above the energies."""
    parts = given if isinstance(given, tuple) else (given, given)
    below, above = (np.asarray(one, dtype=float) for one in parts)
    if below.shape != shape or above.shape != shape:
        raise ValueError(
            f"energy_delta must have a width for each of the {shape[0]} "
            f"energies of {name}, got the shapes {below.shape} and "
            f"{above.shape}"
        )
    if not ((below >= 0.0) & (above >= 0.0) & (below + above > 0.0)).all():
        raise ValueError(
            f"energy_delta of {name} must be positive: a bin without width "
            "holds nothing, and every moment would be zero"
        )
    return below, above


def _half_width(angle: np.ndarray, axis: str, name: str) -> float:
    steps = np.diff(angle)
    if not np.allclose(steps, steps[0], rtol=1e-3):
        raise ValueError(
            f"the {axis} of {name} is not evenly spaced, so that the widths "
            "of its bins are not known"
        )
    return float(steps[0]) / 2.0
