"""Images of a magnetosheath between two surfaces, for the boundary fit.

What is fitted beside the amplitudes is a vector; here it becomes the arrays
that `emissivity_models` computes images from, and has a prior and bounds.
The magnetopause is a member of the family the other methods fit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from smile_explore.physics.boundaries import LIN_COEFFICIENTS
from smile_explore.physics.emissivity_models import Shape
from smile_explore.retrieval._families import FARTHEST, PRIORS, Family

__all__ = [
    "PARAMETERS",
    "Parameter",
    "components",
    "magnetopause",
    "meridian",
    "start",
]


class Parameter(NamedTuple):
    """One number of the shape: its prior and its bounds."""

    name: str
    mean: float
    width: float
    low: float
    high: float


def _flaring(name: str, shape: str) -> Parameter:
    mean, width = PRIORS[shape]
    return Parameter(name, mean, width, mean - FARTHEST, mean + FARTHEST)


#: Logarithm of the standoff [R_E]; the image alone decides.
_STANDOFF: Final = Parameter("log_standoff", 2.1, 10.0, 1.4, 2.8)
#: Logarithm of bow shock over magnetopause; of the bow shock the exponents:
#: Jorgensen et al. (2019) find 0.27 and 0.24, and 0.71 to 0.80, in two runs.
_BOW_SHOCK: Final = (
    Parameter("log_gap", 0.27, 0.15, 0.05, 0.9),
    Parameter("bow_shock_flaring_y", 0.78, 0.1, 0.3, 1.3),
    Parameter("bow_shock_flaring_z", 0.78, 0.1, 0.3, 1.3),
)
#: The starts of Wharton et al. (2025), widths assumed.
_SHEATH: Final = (
    Parameter("slope", 2.5, 1.0, -2.0, 7.0),
    Parameter("slope_flank", -1.6, 1.5, -8.0, 5.0),
)
#: What is fitted, by family.
PARAMETERS: Final[dict[str, tuple[Parameter, ...]]] = {
    "shue": (
        _STANDOFF,
        _flaring("flaring_y", "shue"),
        _flaring("flaring_z", "shue"),
        *_BOW_SHOCK,
        *_SHEATH,
    ),
    "lin": (
        _STANDOFF,
        _flaring("flaring", "lin"),
        *_BOW_SHOCK,
        *_SHEATH,
        Parameter("fade", 2.0, 1.5, -5.0, 10.0),
    ),
}
#: The cusp of `cusp.edges` beside that of Lin et al. (2010): logarithms of
#: its depth and width over theirs, its angle beyond theirs [rad], and how much
#: longer toward dawn and dusk, 0 for a round one. The depth begins at 3 times
#: theirs, as with Wharton et al. (2025); the other numbers are assumed.
PARAMETERS["cusp"] = (
    *PARAMETERS["lin"],
    Parameter("log_depth", 1.1, 0.7, -1.5, 2.5),
    Parameter("log_width", 0.0, 0.4, -1.0, 1.0),
    Parameter("cusp_angle", 0.0, 0.15, -0.6, 0.6),
    Parameter("elongation", 0.4, 0.3, -1.0, 0.95),
)
#: Their linear amplitudes, all zero or above.
AMPLITUDES: Final = ("sheath", "flank", "wind", "background")


def start(family: Family, standoff: float, flaring: float) -> np.ndarray:
    """Return the vector of a surface that another method found."""
    known = {"log_standoff": np.log(standoff)}
    known |= dict.fromkeys(("flaring", "flaring_y", "flaring_z"), flaring)
    parameters = PARAMETERS[family.name]
    return np.array(
        [
            np.clip(known.get(p.name, p.mean), p.low + 1e-3, p.high - 1e-3)
            for p in parameters
        ]
    )


def components(
    vector: np.ndarray,
    family: Family,
    position: np.ndarray,
    directions: np.ndarray,
) -> np.ndarray:
    """Images per unit of the amplitudes of the nose, flank and wind.

    Jorgensen's A1 + B sin^8 is written as nose (1 - sin^8) + flank sin^8,
    so that no amplitude is negative. CMEM has no flank.
    """
    from smile_explore.physics.emissivity_rays import model_image

    shape = _shape(vector, family)
    images = model_image(position[None], directions, *shape)
    if family.name == "shue":
        sheath, wind, flank = images
        return np.stack([sheath - flank, flank, wind])
    return np.stack([images[0], images[1]])


def _shape(vector: np.ndarray, family: Family) -> Shape:
    standoff = float(np.exp(vector[0]))
    if family.name == "shue":
        bow_shock = np.array(
            [standoff * np.exp(vector[3]), vector[4], vector[5]]
        )
        inner = np.array([standoff, vector[1], vector[2]])
        return Shape(0, inner, bow_shock, vector[6:8].copy())
    bow_shock = np.array([standoff * np.exp(vector[2]), vector[3], vector[4]])
    inner = magnetopause(vector, family)
    return Shape(1, inner, bow_shock, vector[5:8].copy())


def magnetopause(vector: np.ndarray, family: Family) -> np.ndarray:
    """Return the surface of a "lin" or "cusp" vector for the kernel."""
    standoff, tilt = float(np.exp(vector[0])), np.radians(family.dipole_tilt)
    inner = _lin(standoff, float(vector[1]), tilt)
    if family.name == "cusp":
        inner = _with_cusp(inner, *vector[8:12])
    return inner


def meridian(inner: np.ndarray, angle: np.ndarray, north: bool) -> np.ndarray:
    """Radius of such a surface in the noon meridian, at angles from +X.

    The kernel's formula on one plane, in radians.
    """
    side = 1.0 if north else -1.0
    middle = np.cos(angle / 2) + inner[5] * np.sin(2 * angle) * (
        1 - np.exp(-angle)
    )
    radius = inner[0] * middle ** (inner[1] + side * inner[3] + inner[4])
    for cusp, slope, centre in ((1, *inner[7:11:2]), (-1, *inner[8:11:2])):
        away = np.abs(angle - cusp * side * centre)
        radius = radius + inner[6] * np.exp(slope * away ** inner[11])
    return np.asarray(radius)


def _with_cusp(
    inner: np.ndarray,
    log_depth: float,
    log_width: float,
    angle: float,
    elongation: float,
) -> np.ndarray:
    """Change the cusps of a surface of Lin et al.; its nose stays."""
    changed = np.append(inner, elongation)
    changed[6] *= np.exp(log_depth)
    changed[7:9] *= np.exp(-log_width * inner[11])
    changed[9:11] += angle
    nose, before = (
        (s[6] * np.exp(s[7:9] * s[9:11] ** s[11])).sum()
        for s in (changed, inner)
    )
    changed[0] += before - nose
    return changed


def _lin(standoff: float, flaring: float, tilt: float) -> np.ndarray:
    """Member of the family of Lin et al. (2010) at Bz = 0, see `_indented`.

    (2 / (1 + cos theta))^a is cos(theta / 2)^(-2 a); it is left away from
    the cusps' own term, which it would change by a tenth at most.
    """
    a = LIN_COEFFICIENTS
    pressure = (standoff / a[0]) ** (1 / a[1])
    centre = np.array([a[19] + a[20] * tilt, a[19] - a[20] * tilt])
    slope = a[16] + a[17] * np.array([tilt, -tilt]) + a[18] * tilt**2
    depth = a[14] * pressure ** a[15]
    nose = standoff + depth * np.exp(slope * centre ** a[21]).sum()
    scale = standoff / nose
    return np.array(
        [
            scale * standoff,
            a[6] - 2 * flaring,
            a[10],
            a[11] + a[12] * tilt,
            a[13],
            a[5],
            scale * depth,
            *slope,
            *centre,
            a[21],
        ]
    )
