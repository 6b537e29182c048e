"""What both forms of emissivity cubes hold."""

from __future__ import annotations

from typing import Any, NamedTuple

import dask.array as da
import numpy as np

__all__ = ["WIND", "Held"]

#: The solar wind in the order of the ASCII header: its name here, the card
#: of a FITS header, and what SXI_Core's converters comment it with.
WIND = {
    "T": ("TEMP", "Solar Wind Temperature [K]"),
    "n": ("DENSITY", "Solar Wind Density [/cm^3]"),
    "ux": ("VX", "Solar Wind Vx [km/s]"),
    "uy": ("VY", "Solar Wind Vy [km/s]"),
    "uz": ("VZ", "Solar Wind Vz [km/s]"),
    "bx": ("BX", "IMF Bx [nT]"),
    "by": ("BY", "IMF By [nT]"),
    "bz": ("BZ", "IMF Bz [nT]"),
}


class Held(NamedTuple):
    """An emissivity cube as it stands in a file."""

    axes: dict[str, np.ndarray]
    values: da.Array  # z, y, x
    wind: dict[str, float]
    attrs: dict[str, Any]
