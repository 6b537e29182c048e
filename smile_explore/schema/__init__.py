"""Names, units and dimensions of everything that travels between floors.

A function that takes a dataset from another floor starts with
``CUBE.check(cube)``; one that returns a dataset ends with
``return CUBE.stamp(cube)``. Arithmetic on xarray objects keeps stale units
(``v**2`` still says km s-1), so units are trusted only on stamped data.
"""

from __future__ import annotations

from smile_explore.schema.aurora import (
    AURORA,
    FLUX_BUDGET,
    OVAL,
    POLAR_CAP,
    UV_MAP,
    UVI_IMAGE,
)
from smile_explore.schema.comparison import COMPARISON
from smile_explore.schema.core import (
    COMPONENTS,
    Schema,
    Variable,
)
from smile_explore.schema.in_situ import (
    CROSSINGS,
    MAGNETIC_FIELD,
    MOMENTS,
    SPECTRUM,
    VDF,
)
from smile_explore.schema.planning import FOOTPOINTS, PLACES, VISIBILITY
from smile_explore.schema.plasma import (
    CUBE,
    CUTS,
    EMISSIVITY,
    INDICES,
    POINTING,
    SOLAR_WIND,
    TRAJECTORY,
)
from smile_explore.schema.sun import SUN_IMAGE, XRAY_FLUX
from smile_explore.schema.xray import (
    AREA,
    CUSP,
    EUV_IMAGE,
    EVENTS,
    MAGNETOPAUSE,
    PROFILE,
    RESPONSE,
    SIGHT,
    STANDOFF,
    SXI_IMAGE,
)

__all__ = [
    "AREA",
    "AURORA",
    "COMPARISON",
    "COMPONENTS",
    "CROSSINGS",
    "CUBE",
    "CUSP",
    "CUTS",
    "EMISSIVITY",
    "EUV_IMAGE",
    "EVENTS",
    "FLUX_BUDGET",
    "INDICES",
    "FOOTPOINTS",
    "MAGNETIC_FIELD",
    "MAGNETOPAUSE",
    "MOMENTS",
    "OVAL",
    "PLACES",
    "POINTING",
    "POLAR_CAP",
    "PROFILE",
    "RESPONSE",
    "SIGHT",
    "SOLAR_WIND",
    "SPECTRUM",
    "STANDOFF",
    "SUN_IMAGE",
    "SXI_IMAGE",
    "Schema",
    "TRAJECTORY",
    "UVI_IMAGE",
    "UV_MAP",
    "VDF",
    "VISIBILITY",
    "Variable",
    "XRAY_FLUX",
]
