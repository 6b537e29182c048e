"""A box that was drawn on a panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

__all__ = ["BOXED", "Box", "outline"]

#: Panels on which a box may be drawn.
BOXED: Final = ("distribution", "spectrogram", "sxi", "uvi", "polar map")


@dataclass(frozen=True)
class Box:
    """A part of what a panel shows.

    Parameters
    ----------
    panel : {"distribution", "spectrogram", "sxi", "uvi", "polar map"}
        Where it was drawn: on the slice through a distribution, on energies
        (of a band only `y` counts), on an image, on the aurora over the pole.
    x, y : (float, float)
        Its ends, as the panel's axes have them: km s-1, eV, or deg.
    """

    panel: str
    x: tuple[float, float]
    y: tuple[float, float]

    def words(self) -> str:
        """Say what is in it."""
        if self.panel == "spectrogram":
            return f"{self.y[0]:.3g} to {self.y[1]:.3g} eV"
        unit = "km/s in the plane" if self.panel == "distribution" else "°"
        return (
            f"{self.x[0]:.0f} to {self.x[1]:.0f} and "
            f"{self.y[0]:.0f} to {self.y[1]:.0f} {unit}"
        )

    def on(self, panel: str) -> Box | None:
        """Return it for the panel that it was drawn on, for others none."""
        return self if self.panel == panel else None


def outline(
    box: Box | None, panel: str, names: tuple[str, str]
) -> dict[str, np.ndarray]:
    """Return the columns that frame a box on its panel, else of nowhere."""
    mine = box.on(panel) if box else None
    left, right, low, high = (*mine.x, *mine.y) if mine else (np.nan,) * 4
    corners = (
        np.array([left, right, right, left, left]),
        np.array([low, low, high, high, low]),
    )
    return dict(zip(names, corners, strict=True))
