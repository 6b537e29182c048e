"""Parameters of the emissivity models, and the boundaries they stand for.

The parameters are small frozen dataclasses, because a fit replaces one by one
(``dataclasses.replace``) and takes them as a vector (``dataclasses.astuple``).
`emissivity_models` has the models themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from smile_explore.physics import boundaries
from smile_explore.physics.solar_wind import magnetic_pressure
from smile_explore.schema import SOLAR_WIND

__all__ = [
    "CmemParameters",
    "JorgensenParameters",
    "Parameters",
    "Shape",
    "check",
    "shape",
]

#: CMEM was fitted with 0.5 m n v^2, where this package has m n v^2. [1]
_CMEM_PRESSURE = 0.5
_POSITIVE = ("magnetopause", "magnetopause_scale", "bow_shock")


@dataclass(frozen=True)
class JorgensenParameters:
    """Parameters of `jorgensen`, by default a fit to an MHD run.

    The authors' code calls the run S05D20V600, 20 cm-3 and 600 km/s; Jung et
    al. (2024) quote the fit for 22.5 cm-3 and 400 km/s. Symbols of the paper
    are in brackets. Start values for any wind: `emissivity_starts`.
    """

    magnetopause: float = 6.708  #: subsolar distance [r0, R_E]
    bow_shock: float = 8.827  #: subsolar distance [r0, R_E]
    magnetopause_y: float = 0.5805  #: flaring toward Y [alpha_y]
    magnetopause_z: float = 0.4082  #: flaring toward Z [alpha_z]
    bow_shock_y: float = 0.7827  #: flaring toward Y [alpha_y]
    bow_shock_z: float = 0.7979  #: flaring toward Z [alpha_z]
    slope: float = 2.49080  #: fall with distance [alpha]
    slope_flank: float = -1.64578  #: change of it to the flank [beta]
    sheath: float = 3.2285e-5  #: [A1, eV cm-3 s-1]
    wind: float = 1.35885e-5  #: [A2, eV cm-3 s-1]
    flank: float = -1.79847e-5  #: times sin(theta)^8 [B, eV cm-3 s-1]


@dataclass(frozen=True)
class CmemParameters:
    """Parameters of `cmem`, by default start values of the authors.

    The bow shock is **an example**, for a magnetopause at 10 R_E, for the
    authors start it from the solar wind, as `emissivity_starts.cmem` does.
    Symbols of the authors are in brackets.
    """

    magnetopause_scale: float = 1.0  #: of Lin's subsolar distance [p0]
    bow_shock: float = 13.0  #: subsolar distance [bs, R_E]
    flaring_scale: float = 1.0  #: of Lin's exponent [p1]
    cusp_depth: float = 3.0  #: of Lin's cusps [p2]
    cusp_slope: float = 4.0  #: of Lin's cusps; more is narrower [p3]
    bow_shock_y: float = 0.8  #: flaring toward Y [ay_bs]
    bow_shock_z: float = 0.8  #: flaring toward Z [az_bs]
    slope: float = 2.5  #: fall with distance [alpha]
    slope_flank: float = -1.6  #: change of it to the flank [beta]
    fade: float = 2.0  #: exp(-B (theta / 2)^4) away from the nose [B]
    sheath: float = 1.5e-5  #: [A1, eV cm-3 s-1]
    wind: float = 1.3e-5  #: [A2, eV cm-3 s-1]


Parameters = JorgensenParameters | CmemParameters


class Shape(NamedTuple):
    """What `emissivity_rays.model_image` needs beside the rays."""

    kind: int
    magnetopause: np.ndarray
    bow_shock: np.ndarray
    sheath: np.ndarray


def shape(
    parameters: Parameters,
    solar_wind: xr.Dataset | None = None,
    *,
    dipole_tilt: float = 0.0,
) -> Shape:
    """Return the boundaries and the sheath as the compiled kernel has them.

    Parameters
    ----------
    parameters : JorgensenParameters or CmemParameters
    solar_wind, dipole_tilt : optional
        For CMEM, as in `cmem`.

    Returns
    -------
    shape : Shape
        ``model_image(origins, directions, *shape)`` takes it.

    Raises
    ------
    TypeError, ValueError
        As `jorgensen` and `cmem`.
    """
    check(parameters, (JorgensenParameters, CmemParameters))
    p = parameters
    bow_shock = np.array([p.bow_shock, p.bow_shock_y, p.bow_shock_z])
    if isinstance(p, JorgensenParameters):
        inner = np.array([p.magnetopause, p.magnetopause_y, p.magnetopause_z])
        return Shape(0, inner, bow_shock, np.array([p.slope, p.slope_flank]))
    if solar_wind is None:
        raise TypeError("CMEM needs the solar_wind (SOLAR_WIND) at one time")
    inner = _lin(p, solar_wind, np.radians(dipole_tilt))
    sheath = np.array([p.slope, p.slope_flank, p.fade])
    return Shape(1, inner, bow_shock, sheath)


def check(parameters: Any, kinds: Any) -> None:
    """Refuse parameters of another model, or such as cannot be."""
    if not isinstance(parameters, kinds):
        listed = kinds if isinstance(kinds, tuple) else (kinds,)
        raise TypeError(
            f"parameters must be {' or '.join(k.__name__ for k in listed)}, "
            f"got {type(parameters).__name__}"
        )
    for name in (field.name for field in fields(parameters)):
        value = getattr(parameters, name)
        if not np.isfinite(value):
            raise ValueError(f"{name} must be finite, got {value}")
        if name in _POSITIVE and not value > 0.0:
            raise ValueError(f"{name} must be positive, got {value}")


def _lin(p: CmemParameters, wind: xr.Dataset, tilt: float) -> np.ndarray:
    """Return Lin's magnetopause for this wind, scaled as CMEM does."""
    SOLAR_WIND.check(wind)
    if wind["dynamic_pressure"].size != 1:
        raise ValueError(
            "solar_wind must be at one time, got "
            f"{wind['dynamic_pressure'].size}; select it with "
            '.sel(time=..., method="nearest")'
        )
    a = boundaries.LIN_COEFFICIENTS
    field = wind["magnetic_field"].values.reshape(3)
    bz = field[2]
    pressure = _CMEM_PRESSURE * wind["dynamic_pressure"].item()
    pressure += magnetic_pressure(np.linalg.norm(field))
    standoff = a[0] * pressure ** a[1]
    standoff *= 1.0 + a[2] * boundaries._bend(bz, a[3], a[4])
    flaring = [
        a[6] + a[7] * boundaries._bend(bz, a[8], a[9]),
        a[10],
        a[11] + a[12] * tilt,
        a[13],
    ]
    steady = a[16] + a[18] * tilt**2
    return np.array(
        [
            p.magnetopause_scale * standoff,
            *(p.flaring_scale * np.array(flaring)),
            a[5],
            p.cusp_depth * a[14] * pressure ** a[15],
            p.cusp_slope * (steady + a[17] * tilt),
            p.cusp_slope * (steady - a[17] * tilt),
            a[19] + a[20] * tilt,
            a[19] - a[20] * tilt,
            a[21],
        ]
    )
