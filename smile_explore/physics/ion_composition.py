"""What the solar wind is made of, as charge exchange sees it.

The weak point of all that is computed line by line. By speed, a number in
print was found for O7+ alone; all else is set relative to it by one measured
spectrum, that of the halo of Mars in November 2003. So every number is a
field of `Composition`, to be replaced (``dataclasses.replace``) by who has
better ones. `_ion_lines` names the sources, and what is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from smile_explore.physics._ion_lines import (
    FAST_OXYGEN,
    LINES,
    MARS_HALO,
    SLOW_OXYGEN,
    Line,
)

__all__ = [
    "FAST",
    "OXYGEN",
    "SLOW",
    "SPEED_LIMIT",
    "Composition",
    "composition",
]

#: O7+ ions per proton, by source.
OXYGEN: Final[Mapping[str, float]] = MappingProxyType(
    {
        # Whittaker & Sembay (2016), Geophys. Res. Lett. 43, 7328, as quoted
        # by https://github.com/dnaylor1/PhD_Model, to 500 km/s and above
        "whittaker_sembay_slow": 1.48e-5,
        "whittaker_sembay_fast": 6.69e-6,
        # LaTeP, as quoted by https://github.com/notanobis/SMILE-TFA
        "latep": 1.1236e-4,
    }
)
#: Wind above it is fast, as the code that quotes `OXYGEN` has it. [km s-1]
SPEED_LIMIT: Final = 500.0


def _mars() -> Mapping[str, float]:
    """Photons of each ion per photon of O7+, measured at Mars.

    A measured line stands for its share of the ion's lines.
    """
    lines = (*LINES, *SLOW_OXYGEN)
    total: dict[str, float] = {}
    for ion in sorted({line.ion for line in lines}):
        own = [line for line in lines if line.ion == ion]
        seen = [line for line in own if line.name in MARS_HALO]
        share = sum(line.photons for line in seen) / sum(
            line.photons for line in own
        )
        total[ion] = sum(MARS_HALO[line.name] for line in seen) / share
    return {ion: photons / total["O7+"] for ion, photons in total.items()}


@dataclass(frozen=True)
class Composition:
    """What the solar wind is made of, as charge exchange sees it."""

    name: str
    #: O7+ ions per proton.
    oxygen: float
    #: Lines of O7+, with cross sections. [cm2]
    oxygen_lines: tuple[Line, ...]
    #: Photons of each ion per photon of O7+. **An assumption** is that it is
    #: the same at all speeds: what differs is not known to us in numbers.
    relative: Mapping[str, float] = field(default_factory=_mars)
    #: Lines of the other ions, with relative photons.
    lines: tuple[Line, ...] = LINES

    def __post_init__(self) -> None:
        """Refuse a composition that cannot be."""
        if not 0.0 < self.oxygen < 1.0:
            raise ValueError(
                "oxygen must be O7+ ions per proton, between 0 and 1, got "
                f"{self.oxygen}"
            )
        known = {"O7+", *(line.ion for line in self.lines)}
        if not set(self.relative) <= known:
            raise ValueError(
                "relative has ions without lines: "
                f"{', '.join(sorted(set(self.relative) - known))}; known are "
                f"{', '.join(sorted(known))}"
            )
        if any(not value >= 0.0 for value in self.relative.values()):
            raise ValueError(
                f"relative must not be negative, got {dict(self.relative)}"
            )


SLOW: Final = Composition("slow", OXYGEN["whittaker_sembay_slow"], SLOW_OXYGEN)
FAST: Final = Composition("fast", OXYGEN["whittaker_sembay_fast"], FAST_OXYGEN)


def composition(speed: float) -> Composition:
    """Composition of slow or fast solar wind.

    Parameters
    ----------
    speed : float
        Of the solar wind, upstream. [km s-1]

    Returns
    -------
    composition : Composition
        `FAST` above `SPEED_LIMIT`, otherwise `SLOW`.

    Raises
    ------
    ValueError
        If `speed` is not positive.
    """
    if not 0.0 < speed < np.inf:
        raise ValueError(f"speed must be positive, got {speed} km s-1")
    return FAST if speed > SPEED_LIMIT else SLOW
