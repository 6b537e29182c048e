"""From a fitted cusp to all that is told of it, or why there is none."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.retrieval import _cusp_fit, _cusp_labels
from smile_explore.retrieval._cusp_fit import Cusp
from smile_explore.retrieval._view import NoMagnetopause, View

__all__ = ["NoCusp", "described", "fitted"]

#: A cusp less deep than this, over the standoff, is no funnel. [1]
LEAST_DEPTH: Final = 0.02
#: Edges of which both are less certain than this are none. [R_E]
MOST_NOISE: Final = 1.5


class NoCusp(ValueError):
    """An image in which no edge of a cusp is found, and why."""


def fitted(
    view: View | NoMagnetopause | None, hemisphere: str, evaluations: int
) -> Cusp:
    """Fit a cusp to an image, if it is of use."""
    if view is None:
        raise NoCusp("SXI is off: the image has no values")
    if isinstance(view, NoMagnetopause):
        raise view
    return _cusp_fit.fit(
        view, north=hemisphere == "north", evaluations=evaluations
    )


def described(
    cusp: Cusp,
    radius: float | None,
    brightness: xr.DataArray,
    pointing: xr.Dataset,
) -> dict[str, Any]:
    """Return all that is told of a cusp, by name."""
    distance = _distance(cusp, radius)
    tilt = cusp.family.dipole_tilt
    row = _cusp_labels.place(cusp.edges(distance), distance, tilt, cusp.north)
    row |= _cusp_labels.seen(row["position"], brightness, pointing)
    absent = np.isnan(row["angle"])
    hidden = np.isnan(row["fov_lon"]) & ~absent
    if (absent | hidden).all():
        raise NoCusp(
            f"the pointing misses the cusp: no edge of it at {distance:.3g} "
            f"R_E is in the field of view; point the camera nearer to Earth "
            f"or choose another radius"
        )
    for name in ("angle", "position", "latitude", "invariant_latitude"):
        row[name][hidden] = np.nan
    noise = cusp.spread(row["angle"])
    if not np.nanmin(noise) < MOST_NOISE:
        raise NoCusp(
            f"the edges of the cusp are uncertain by {np.nanmin(noise):.2g} "
            f"R_E or more: it does not stand out from the noise; expose longer"
        )
    own = _cusp_fit.OWN_ERROR["part" if hidden.any() else "whole"]
    return row | {
        "uncertainty": np.hypot(noise, own),
        "deepest": cusp.deepest[1],
        "standoff": cusp.surface.standoff,
        "misfit": cusp.surface.more["misfit"],
        "converged": cusp.surface.converged,
        "status": cusp.surface.status + _remark(distance, absent, hidden),
    }


def _distance(cusp: Cusp, radius: float | None) -> float:
    """Return the distance at which edges are given."""
    standoff, (_, deepest) = cusp.surface.standoff, cusp.deepest
    if radius is None and deepest > (1 - LEAST_DEPTH) * standoff:
        raise NoCusp(
            f"the cusp found is no funnel: its deepest point, at "
            f"{deepest:.2f} R_E, is no nearer than the nose at "
            f"{standoff:.2f} R_E; give a radius beyond for its poleward edge"
        )
    distance = (deepest + standoff) / 2 if radius is None else radius
    if distance <= deepest:
        raise NoCusp(
            f"the cusp does not reach down to {distance:g} R_E, its deepest "
            f"point is at {deepest:.2f} R_E; choose a larger radius"
        )
    return distance


def _remark(distance: float, absent: np.ndarray, hidden: np.ndarray) -> str:
    for which, verb in (
        (absent, "does not exist"),
        (hidden, "is not in view"),
    ):
        if which.any():
            name = _cusp_fit.EDGES[int(which.argmax())]
            return f"; the {name} edge {verb} at {distance:.3g} R_E"
    return ""
