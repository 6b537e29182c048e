"""What the choice of a mask does to the X-rays: one table for all masks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.physics import charge_exchange, line_of_sight, masks
from smile_explore.schema import CUBE

__all__ = ["METHODS", "compare"]

Mask = Callable[[xr.Dataset], xr.DataArray] | None

#: The masks of this package; None lets everything shine.
METHODS: Final[Mapping[str, Mask]] = MappingProxyType(
    {
        "none": None,
        "threshold": masks.by_threshold,
        "flow": masks.by_flow,
        "tracing": masks.by_tracing,
    }
)


def compare(
    cube: xr.Dataset,
    position: Any,
    directions: xr.DataArray,
    *,
    methods: Mapping[str, Mask] = METHODS,
    reference: str = "tracing",
    beyond: float = 5.0,
    emissivity: Callable[..., xr.DataArray] = charge_exchange.emissivity,
) -> xr.Dataset:
    """Compare masks by what they leave of the emission and of an image.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        At one time.
    position : array_like of 3 floats
        Of the camera. [R_E]
    directions : xarray.DataArray
        Of its pixels, with dimension `component`.
    methods : mapping of str to callable or None, optional
        Masks by name. With options: ``partial(masks.by_threshold, ...)``.
    reference : str, optional
        The mask that the others' peaks are compared with.
    beyond : float, optional
        Emission nearer to Earth is not counted in `kept`: without a mask the
        hydrogen there outshines all else. [R_E]
    emissivity : callable, optional
        ``emissivity(cube, mask=...)``, e.g. a partial with another hydrogen.

    Returns
    -------
    table : xarray.Dataset
        Along `mask`: `kept`, the share of the unmasked emission in the cube;
        `edge`, where on the Sun-Earth line the glow begins [R_E]; `peak`, the
        brightest pixel [keV cm-2 s-1 sr-1]; `peak_change` relative to the
        reference, and `peak_shift`, the angle between the two [deg].

    Raises
    ------
    ValueError
        If the cube has several times, or `reference` is not in `methods`.

    Notes
    -----
    Rays through the inner boundary of a run are NaN without a mask, and do
    not count for its peak.
    """
    CUBE.check(cube)
    if "time" in cube["density"].dims:
        raise ValueError(
            "cube must be at one time; select it with "
            '.sel(time=..., method="nearest")'
        )
    if reference not in methods:
        raise ValueError(
            f"reference must be one of {', '.join(methods)}, got {reference}"
        )
    whole = emissivity(cube, mask=None)
    total = _emission(whole, beyond)
    rows, peaks = {}, {}
    for name, mask in methods.items():
        glow = whole if mask is None else emissivity(cube, mask=mask)
        image = line_of_sight.integrate(glow, position, directions)
        values = image.values.ravel()
        brightest = int(np.nanargmax(values))
        peaks[name] = _unit(directions)[brightest]
        rows[name] = {
            "kept": _emission(glow, beyond) / total,
            "edge": _edge(glow),
            "peak": float(values[brightest]),
        }
    table = xr.Dataset(
        {
            key: ("mask", [row[key] for row in rows.values()])
            for key in ("kept", "edge", "peak")
        },
        {"mask": list(rows)},
    )
    cosine = [float(peaks[n] @ peaks[reference]) for n in rows]
    return _labelled(
        table.assign(
            peak_change=table["peak"] / table["peak"].sel(mask=reference) - 1,
            peak_shift=("mask", np.degrees(np.arccos(np.clip(cosine, -1, 1)))),
        ),
        reference,
    )


def _emission(glow: xr.DataArray, beyond: float) -> float:
    """Sum over the cube's volume, each node with its share of it."""
    square: Any = 0.0
    weight: Any = 1.0
    for axis in ("x", "y", "z"):
        square = square + glow[axis] ** 2
        extent = xr.DataArray(np.gradient(glow[axis].values), dims=axis)
        weight = weight * extent
    return float((glow * weight).where(square > beyond**2).sum())


def _edge(glow: xr.DataArray) -> float:
    """Innermost place on the Sun-Earth line that shines, with all beyond."""
    line = glow.interp(y=0.0, z=0.0).sel(x=slice(1.0, None))
    dark = np.flatnonzero(~(line.values > 0.0))
    first = dark[-1] + 1 if dark.size else 0
    return float(line["x"][first]) if first < line.size else np.nan


def _unit(directions: xr.DataArray) -> np.ndarray:
    along = directions.transpose(..., "component").values.reshape(-1, 3)
    return along / np.linalg.norm(along, axis=-1, keepdims=True)


def _labelled(table: xr.Dataset, reference: str) -> xr.Dataset:
    units = {
        "kept": ("1", "share of the unmasked emission"),
        "edge": ("R_E", "inner edge of the glow"),
        "peak": ("keV cm-2 s-1 sr-1", "brightest pixel"),
        "peak_change": ("1", f"change of the peak against {reference}"),
        "peak_shift": ("deg", f"shift of the peak against {reference}"),
    }
    for name, (unit, long_name) in units.items():
        table[name].attrs = {"units": unit, "long_name": long_name}
    return table.assign_attrs(reference=reference)
