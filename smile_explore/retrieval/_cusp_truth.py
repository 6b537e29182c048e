"""Where the edges of the cusp are in an MHD state, in the noon meridian."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from smile_explore.retrieval._cusp_fit import ANGLES, crossings

__all__ = ["edges_on_arc", "on_arc"]

#: Thermal pressure, over its greatest on the arc, at the edge. Sun et al.
#: (2019) take 1.1 - 0.001 v with v = 400 km/s in each shell, as
#: https://github.com/swharton1/Emissivity_Cubes has it.
PRESSURE_SHARE: Final = 0.7
#: The densest cusp is looked for at these magnetic latitudes. [deg]
LATITUDES: Final = (50.0, 100.0)


def on_arc(field: xr.DataArray, radius: float, north: bool) -> xr.DataArray:
    """Interpolate a field to the noon meridian at a distance."""
    angle = np.radians(ANGLES)
    x = xr.DataArray(radius * np.cos(angle), dims="angle")
    z = xr.DataArray(
        radius * np.sin(angle) * (1 if north else -1), dims="angle"
    )
    return field.interp(y=0.0).interp(x=x, z=z).compute()


def edges_on_arc(
    arc: np.ndarray,
    pressure: np.ndarray,
    definition: str,
    tilt: float,
    north: bool,
) -> np.ndarray:
    """Angles of both edges along one arc, by a definition of `truth`."""
    angles = ANGLES
    low, high = (limit - (tilt if north else -tilt) for limit in LATITUDES)
    cusp = (angles > low) & (angles < high) & np.isfinite(pressure)
    if not cusp.any():
        return np.full(2, np.nan)
    level = 0.5
    if definition == "pressure":
        level = PRESSURE_SHARE * float(pressure[cusp].max())
    else:  # the hottest place that shines
        cusp &= arc > level
    top = int(np.where(cusp, pressure, -np.inf).argmax())
    return crossings(angles, arc - level, angles[top])
