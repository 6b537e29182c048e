"""What `magnetosphere.analytic_cube` hands to its compiled kernel.

One moment of the solar wind and two boundary functions become tables over
(theta, phi) and a vector of numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from smile_explore.physics import solar_wind as wind

__all__ = [
    "GAMMA",
    "MINIMUM_SHEATH",
    "Moment",
    "call_boundary",
    "check_boundary",
    "compression",
    "name_of",
    "radii",
    "tables",
]

#: Ratio of specific heats, as in the MHD runs.
GAMMA = 5.0 / 3.0
#: Least thickness of the magnetosheath, as a share of the magnetopause's
#: distance in the same direction. **An assumption** of this model.
MINIMUM_SHEATH = 0.1
#: Steps of the tables [deg]. Between them the bow shock of Jelinek et al. is
#: met to 2e-6 R_E, the magnetopause of Lin et al. to 1e-4 R_E, and within 3
#: deg of a cusp, whose centre is a kink, to 1e-3 R_E (2e-3 if the tilt is 30).
THETA_STEP, PHI_STEP = 0.5, 1.0
#: Slopes of W beyond which a cubic that rises from 0 to 1 turns back.
_STEEPEST = 3.0


@dataclass(frozen=True)
class Moment:
    """The solar wind at one time; boundary functions may ask for any of it.

    Units are those of SOLAR_WIND; `temperature` is that of ions and
    electrons together, `magnetic_pressure` in nPa, `dipole_tilt` in deg.
    """

    density: float
    velocity: tuple[float, ...]
    temperature: float
    magnetic_field: tuple[float, ...]
    dynamic_pressure: float
    dipole_tilt: float

    @property
    def speed(self) -> float:
        """[km s-1]."""
        return float(np.linalg.norm(self.velocity))

    @property
    def field_strength(self) -> float:
        """[nT]."""
        return float(np.linalg.norm(self.magnetic_field))

    @property
    def magnetic_pressure(self) -> float:
        """[nPa]."""
        return float(wind.magnetic_pressure(self.field_strength))

    @property
    def bz(self) -> float:
        """[nT]."""
        return self.magnetic_field[2]

    @property
    def magnetosonic_mach(self) -> float:
        """Speed over the fast speed across the field."""
        return float(
            wind.magnetosonic_mach(
                self.speed,
                self.density,
                self.temperature,
                self.field_strength,
                electron_temperature=0.0,  # already in the temperature
            )
        )

    @property
    def complete(self) -> bool:
        """Whether every number is there."""
        values = (*self.velocity, *self.magnetic_field, self.density)
        rest = (self.temperature, self.dynamic_pressure, self.dipole_tilt)
        return bool(np.isfinite((*values, *rest)).all())


#: What a boundary function may ask for by the names of its parameters.
DRIVERS = (
    "dynamic_pressure",
    "magnetic_pressure",
    "bz",
    "dipole_tilt",
    "magnetosonic_mach",
    "density",
    "speed",
    "field_strength",
)


def check_boundary(boundary: Callable[..., Any]) -> None:
    """Refuse a boundary function that asks for what is not known here."""
    known = ("theta", "phi", *DRIVERS)
    asked = inspect.signature(boundary).parameters.values()
    strange = [
        parameter.name
        for parameter in asked
        if parameter.name not in known
        and parameter.default is parameter.empty
        and parameter.kind
        not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    ]
    if strange:
        raise TypeError(
            f"the boundary {name_of(boundary)} asks for "
            f"{', '.join(strange)}; it may take {', '.join(known)}; "
            "give the others a default or bind them with functools.partial"
        )


def name_of(boundary: Callable[..., Any]) -> str:
    """Name under which a boundary function is recorded."""
    inner = getattr(boundary, "func", boundary)  # functools.partial
    return getattr(inner, "__name__", type(inner).__name__)


def call_boundary(
    boundary: Callable[..., Any],
    theta: np.ndarray,
    phi: np.ndarray,
    moment: Moment,
) -> np.ndarray:
    """Radius of a boundary at angles in degrees, whatever it depends on."""
    angles = {"theta": theta, "phi": phi}
    asked = inspect.signature(boundary).parameters
    radius = boundary(
        **{k: v for k, v in angles.items() if k in asked},
        **{k: getattr(moment, k) for k in DRIVERS if k in asked},
    )
    return np.broadcast_to(np.asarray(radius, float), np.shape(theta + phi))


def radii(
    magnetopause: Callable[..., Any],
    bow_shock: Callable[..., Any],
    theta: np.ndarray,
    phi: np.ndarray,
    moment: Moment,
) -> tuple[np.ndarray, np.ndarray]:
    """Magnetopause and bow shock [R_E], the second outside the first.

    With p = r_bs / r_mp - 1 and d = `MINIMUM_SHEATH`, the bow shock stays as
    it is where p >= 2 d; where p is smaller it is moved out to
    p = d + p^2 / (4 d), smoothly, and never below p = d.
    """
    with np.errstate(divide="ignore", over="ignore"):
        inner = call_boundary(magnetopause, theta, phi, moment)
        outer = call_boundary(bow_shock, theta, phi, moment)
    for name, radius in ((magnetopause, inner), (bow_shock, outer)):
        if np.isnan(radius).any() or (radius <= 0.0).any():
            raise ValueError(
                f"{name_of(name)} must be a positive distance for theta "
                "from 0 to 180 deg; it is not, with "
                f"dynamic pressure {moment.dynamic_pressure:g} nPa and Bz "
                f"{moment.bz:g} nT: pass another boundary"
            )
    with np.errstate(invalid="ignore"):
        excess = np.where(np.isinf(outer), np.inf, outer / inner - 1.0)
    near = np.clip(excess, 0.0, 2.0 * MINIMUM_SHEATH)
    moved = MINIMUM_SHEATH + near**2 / (4.0 * MINIMUM_SHEATH)
    with np.errstate(invalid="ignore"):
        return inner, np.where(
            excess < 2.0 * MINIMUM_SHEATH, inner * (1.0 + moved), outer
        )


def compression(mach: np.ndarray) -> np.ndarray:
    """Density ratio across a shock, Rankine-Hugoniot, no lower than 1.

    `mach` is the magnetosonic Mach number along the shock normal; the gas
    dynamic relation with that number meets the MHD cubes (3.78 against 3.76
    in case A, 3.83 against 3.85 in case B).
    """
    square = np.maximum(mach, 1.0) ** 2
    return (GAMMA + 1.0) * square / ((GAMMA - 1.0) * square + 2.0)


def tables(
    magnetopause: Callable[..., Any],
    bow_shock: Callable[..., Any],
    moment: Moment,
    *,
    origin: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Tabulate both boundaries and the jump at the bow shock.

    Parameters
    ----------
    magnetopause, bow_shock : callable
    moment : Moment
    origin : float
        Origin of the field's vector potential, as a multiple of the bow
        shock's standoff down the tail.

    Returns
    -------
    boundaries : ndarray, shape (theta + 3, phi + 3, 2)
        1/r of the magnetopause and the bow shock. [1/R_E]
    shock : ndarray, shape (theta + 3, phi + 3, 3)
        Compression, slope dW/df at f = 1 for flow and for field.
    standoff : ndarray, shape (2,)
        Magnetopause and bow shock at theta = 0. [R_E]
    origin : float
        The same origin. [R_E]
    """
    theta = np.arange(0.0, 180.0 + THETA_STEP / 2, THETA_STEP)[:, None]
    phi = np.arange(0.0, 360.0, PHI_STEP)[None, :]
    # Open surfaces have no point at 180 deg, only beside it.
    beside = np.minimum(theta, 180.0 - 1e-4)
    inner, outer = radii(magnetopause, bow_shock, beside, phi, moment)
    standoff = np.array([inner[0, 0], outer[0, 0]])
    boundaries = _pad(np.stack([1.0 / inner, 1.0 / outer], axis=-1))
    shift = origin * standoff[1]
    shock = _shock(theta, inner, outer, boundaries[..., 1], moment, shift)
    return boundaries, _pad(shock), standoff, shift


def _shock(
    theta: np.ndarray,
    inner: np.ndarray,
    outer: np.ndarray,
    inverse: np.ndarray,
    moment: Moment,
    shift: float,
) -> np.ndarray:
    """Compression and the slopes of W that keep Rankine-Hugoniot's relations.

    The tangential velocity is continuous if dW/dn = 2 (X - 1) sin(beta) /
    (r sin(theta)), beta the angle of the normal from +X; the tangential
    field grows X times if dW/dn = 2 (X - 1) / (n . R), R counted from the
    origin of the vector potential.
    """
    sine, cosine = np.sin(np.radians(theta)), np.cos(np.radians(theta))
    finite = np.where(np.isinf(outer), 0.0, outer)
    step = np.radians(THETA_STEP)
    slope = -finite * (inverse[2:, 1:-2] - inverse[:-2, 1:-2]) / (2 * step)
    step = np.radians(PHI_STEP)
    around = -finite * (inverse[1:-1, 2:-1] - inverse[1:-1, :-3]) / (2 * step)
    around = around / np.maximum(sine, np.sin(np.radians(THETA_STEP)))
    radial = 1.0 / np.sqrt(1.0 + slope**2 + around**2)  # normal . r
    normal_x = (cosine + slope * sine) * radial
    ratio = compression(moment.magnetosonic_mach * normal_x)
    lean = np.sqrt(np.maximum(1.0 - normal_x**2, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        lean = lean / sine
        thickness = np.where(np.isinf(outer), 0.0, outer - inner) * radial
        flow = 2.0 * (ratio - 1.0) * lean * thickness / outer
        reach = outer * radial + shift * normal_x
        field = 2.0 * (ratio - 1.0) * thickness / reach
    # On the axis sin(beta) / sin(theta) is 0/0: it is even in theta there.
    flow[0] = (4.0 * flow[1:2].mean() - flow[2:3].mean()) / 3.0
    shock = np.stack([ratio, flow, field], axis=-1)
    shock[-1] = shock[-2]
    shock[..., 1:] = np.clip(np.nan_to_num(shock[..., 1:]), 0.0, _STEEPEST)
    return shock


def _pad(table: np.ndarray) -> np.ndarray:
    """Add the ghost nodes that cubic convolution asks for.

    Across theta = 0 and 180 deg the neighbour lies at phi + 180 deg; phi is
    periodic: there one node leads and two trail.
    """
    half = table.shape[1] // 2
    opposite = np.roll(table, half, axis=1)
    tall = np.concatenate([opposite[1:2], table, opposite[-2:-1]])
    return np.ascontiguousarray(
        np.concatenate([tall[:, -1:], tall, tall[:, :2]], axis=1)
    )
