"""What is written beside the settings: name, unit, range, and where from."""

from __future__ import annotations

from smile_explore.events.settings import LIMITS
from smile_explore.physics.charge_exchange import EFFICIENCY
from smile_explore.physics.exosphere import DENSITY_AT_10
from smile_explore.views.style import pretty

__all__ = ["AURORA_NUMBERS", "NUMBERS", "PAPERS", "SLIDERS", "WORDS", "ranged"]

#: Numbers that are typed: what is written beside them, and where they come
#: from.
NUMBERS = {
    "exposure": (
        "Exposure [s]",
        "Length of one X-ray image; the mission asks for 300 s.",
    ),
    "background": (
        "Background",
        "Sky and detector, keV cm⁻² s⁻¹ sr⁻¹: an assumption. The full "
        "response has a sky and particles of its own.",
    ),
    "hydrogen": (
        "Hydrogen [cm⁻³]",
        "Hydrogen of the exosphere at 10 Rᴇ: known to a factor of two.",
    ),
    "efficiency": (
        "Efficiency",
        "Of charge exchange, eV cm²: known to a factor of two.",
    ),
    "ion_share": (
        "Ions' share of T",
        "Of the temperature in the cube, which is one fluid's: an assumption.",
    ),
    "potential": (
        "Potential [V]",
        "Of the spacecraft: ions arrive slower by it. SMILE does not measure "
        "it.",
    ),
}
#: The same for the aurora and UVI, which have a row of their own.
AURORA_NUMBERS = {
    "f107": (
        "F10.7",
        "Solar flux that makes the dayglow, 1e-22 W m⁻² Hz⁻¹; empty: that "
        "of the event.",
    ),
    "uv_exposure": (
        "UVI exposure [s]",
        "Length of one ultraviolet image; the mission adds up 60 s.",
    ),
    "uv_scale": (
        "UV scale",
        "Of the computed brightness, aurora and dayglow alike: 0.5 meets "
        "what Polar UVI saw, known to a factor of 1.5.",
    ),
}
#: Values by paper that can be chosen for a number.
PAPERS = {"hydrogen": DENSITY_AT_10, "efficiency": EFFICIENCY}
SLIDERS = {
    "turn": (
        "Turn orbit [°]",
        180.0,
        5.0,
        "Turns SMILE's orbit eastward about Earth's axis (node).",
    ),
    "ahead": (
        "Ahead [h]",
        25.0,
        0.5,
        "Moves SMILE ahead on its orbit of 51 h.",
    ),
}
WORDS = {
    "mode": (
        "LIA mode",
        "Fine, middle or coarse bins in 2, 1 or 0.25 s: what would LIA have "
        "seen?",
    ),
    "response": (
        "Response",
        "Simple: one effective area. Full: optic, spot, CCDs, sky, particles.",
    ),
    "fitted": (
        "Fit to",
        "The methods look into the counts, or the intensity without noise.",
    ),
    "kp": (
        "Kp",
        "What drives the aurora: measured every 3 h, or worked out of the "
        "solar wind minute by minute.",
    ),
    "cusp_spot": (
        "Cusp spot",
        "Light at the foot of the cusp in northward IMF: its brightness is "
        "an assumption.",
    ),
}


def ranged(name: str, tip: str) -> str:
    """Add to what is said of a number from where to where it may go."""
    low, high, unit = LIMITS[name]
    ends = f"{low:g} to {high:g} {pretty(unit)}".rstrip()
    return f"{tip} From {ends}."
