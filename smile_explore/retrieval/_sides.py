"""Which boundary lies between two plasmas, and a shock's normal and speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smile_explore.physics.solar_wind import sonic_mach

__all__ = [
    "BOW_SHOCK",
    "MAGNETOPAUSE",
    "OTHER",
    "Side",
    "boundary_of",
    "mixed_mode",
    "shock_speed",
]

BOW_SHOCK, MAGNETOPAUSE, OTHER = "bow shock", "magnetopause", "discontinuity"

#: Least ratio of densities and of temperatures across a boundary.
LEAST_RATIO = 1.4
#: Sonic Mach number that tells the solar wind from what is behind a shock.
SUPERSONIC = 1.5


@dataclass(frozen=True)
class Side:
    """Medians on one side of a step: cm-3, eV, km s-1, nT."""

    density: float
    temperature: float
    velocity: np.ndarray
    field: np.ndarray

    @property
    def mach(self) -> float:
        """Sonic Mach number, the temperature taken for all of it."""
        speed = float(np.linalg.norm(self.velocity))
        return float(
            sonic_mach(speed, self.temperature, electron_temperature=0.0)
        )


def boundary_of(before: Side, after: Side) -> tuple[str, str]:
    """Say which boundary a step is, and which way it was crossed.

    Through the bow shock density and temperature rise together, from a
    supersonic flow that it slows down; a shock that came with the solar wind
    speeds it up. Through the magnetopause the density falls and the
    temperature rises, into a flow that is not supersonic.
    """
    denser = np.log(after.density / before.density)
    hotter = np.log(after.temperature / before.temperature)
    least = np.log(LEAST_RATIO)
    if min(abs(denser), abs(hotter)) < least:
        return OTHER, ""
    thin, dense = (before, after) if denser > 0.0 else (after, before)
    slows = np.linalg.norm(dense.velocity) < np.linalg.norm(thin.velocity)
    if denser * hotter > 0.0 and thin.mach > SUPERSONIC and slows:
        return BOW_SHOCK, "inbound" if denser > 0.0 else "outbound"
    if denser * hotter < 0.0 and thin.mach < SUPERSONIC:
        return MAGNETOPAUSE, "inbound" if denser < 0.0 else "outbound"
    return OTHER, ""


def mixed_mode(sides: tuple[Side, Side]) -> np.ndarray | None:
    """Return the normal of a shock from field and flow on both sides.

    n along (dB x dV) x dB, Abraham-Shrauner; Schwartz (1998), Shock and
    discontinuity normals, ISSI SR-001, chapter 10, mixed mode 3.
    """
    before, after = sides
    field = after.field - before.field
    across = np.cross(np.cross(field, after.velocity - before.velocity), field)
    length = np.linalg.norm(across)
    return across / length if length > 0.0 else None


def shock_speed(sides: tuple[Side, Side], normal: np.ndarray) -> float:
    """Return the speed of a shock, which keeps the mass flux through it."""
    before, after = sides
    through = [side.density * (side.velocity @ normal) for side in sides]
    return float((through[1] - through[0]) / (after.density - before.density))
