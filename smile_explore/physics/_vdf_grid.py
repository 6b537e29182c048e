"""The bins of a VDF as plain arrays, and what must hold for them."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.physics._moment_weights import Grid
from smile_explore.schema import VDF

__all__ = ["BINS", "check_vdf", "grid_of", "mask_of", "scale_of"]

BINS = VDF.variables["vdf"].dims


def check_vdf(vdf: xr.Dataset) -> None:
    """Refuse what is no VDF, and a flux that is taken for one.

    Raises
    ------
    ValueError
        Above all where `vdf` says no unit or another: a flux would give
        moments that look right and are wrong by many powers of ten.
    """
    if isinstance(vdf, xr.Dataset) and "vdf" in vdf:
        units = vdf["vdf"].attrs.get("units", "no unit")
        if units != "s3 m-6":
            raise ValueError(
                f"vdf must be a phase space density in s3 m-6, got {units}; "
                'convert it with flux_units.convert(flux, to="s3 m-6"), or '
                "stamp it with VDF.stamp(vdf) if it is one"
            )
    VDF.check(vdf)


def grid_of(vdf: xr.Dataset) -> Grid:
    """Return the bins of a VDF.

    Raises
    ------
    ValueError
        If edges vary with what they must not, or enclose nothing.
    """
    edges = {}
    for axis, allowed in (
        ("energy", {"energy"}),
        ("elevation", {"energy", "elevation"}),
        ("azimuth", {"azimuth"}),
    ):
        pair = [vdf.variables[f"{axis}_{side}"] for side in ("low", "high")]
        strange = {dim for one in pair for dim in one.dims} - allowed
        if strange:
            raise ValueError(
                f"{axis}_low may depend on {', '.join(sorted(allowed))} only, "
                f"got also {', '.join(sorted(map(str, strange)))}; treat "
                "stretches with the same bins one by one"
            )
        order = [
            dim
            for dim in dict.fromkeys(("energy", axis))
            if any(dim in one.dims for one in pair)
        ]
        sides = [
            one.set_dims({d: vdf.sizes[d] for d in order}).transpose(*order)
            for one in pair
        ]
        edges[axis] = np.stack([one.to_numpy() for one in sides], axis=-1)
        edges[axis] = edges[axis].astype(float)
        if not (edges[axis][..., 1] > edges[axis][..., 0]).all():
            raise ValueError(
                f"{axis}_high must be above {axis}_low in every bin"
            )
    energy = vdf["energy"].to_numpy().astype(float)
    if not energy[0] > 0.0:
        raise ValueError(f"energy must be positive, got {energy[0]:g} eV")
    elevation = np.radians(edges["elevation"])
    if elevation.ndim == 2:
        elevation = elevation[None]
    return Grid(
        energy, edges["energy"], elevation, np.radians(edges["azimuth"])
    )


def mask_of(vdf: xr.Dataset) -> np.ndarray | None:
    """Return which bins were measured, (energy, elevation[, azimuth])."""
    if "measured" not in vdf:
        return None
    measured = vdf["measured"]
    strange = set(measured.dims) - set(BINS)
    if strange:
        raise ValueError(
            f"measured may depend on {', '.join(BINS)} only, got also "
            f"{', '.join(sorted(map(str, strange)))}; where that changes, "
            "set vdf to NaN instead"
        )
    order = [d for d in BINS if d in measured.dims]
    return measured.transpose(*order).to_numpy().astype(bool)


def scale_of(vdf: xr.Dataset, grid: Grid) -> np.ndarray:
    """Return the phase space density of one count, (energy, elevation).

    Where none is given, that of an analyser with the same response in every
    direction, up to a factor.
    """
    if "one_count" in vdf:
        given = vdf["one_count"].transpose("energy", "elevation").to_numpy()
        return given.astype(float)
    solid = np.diff(np.sin(grid.elevation), axis=-1)[..., 0]
    return np.broadcast_to(
        1.0 / (grid.energy[:, None] ** 2 * solid), grid.shape[:2]
    ).copy()
