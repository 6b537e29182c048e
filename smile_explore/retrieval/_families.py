"""The families of surfaces that are fitted: what the fit asks of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from smile_explore.retrieval import _indented, tangent

#: Exponent a of (2 / (1 + cos theta)) before an image is seen: mean and
#: standard deviation. Shue et al. (1998) give 0.5 to 0.8 between northward
#: and southward IMF; for Lin et al. (2010) it is what is added to their own.
PRIORS: Final = {"lin": (0.0, 0.03), "shue": (0.6, 0.1)}
#: The fit keeps the exponent this near to the mean. [1]
FARTHEST: Final = 0.35


@dataclass(frozen=True)
class Family:
    """Surfaces of one shape and every size."""

    name: str
    dipole_tilt: float = 0.0  # deg

    @property
    def prior(self) -> tuple[float, float]:
        """Mean and standard deviation of the exponent."""
        return PRIORS[self.name]

    def graze(
        self,
        position: np.ndarray,
        directions: np.ndarray,
        *,
        standoff: float,
        flaring: float,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Level of the surface that each ray grazes, and where."""
        if self.name == "shue":
            return tangent.grazing_level(position, directions, flaring=flaring)
        return _indented.grazing_level(
            position,
            directions,
            standoff=standoff,
            dipole_tilt=self.dipole_tilt,
            flaring=flaring,
        )

    def log_shape(
        self,
        theta: np.ndarray,
        phi: np.ndarray,
        *,
        standoff: float,
        flaring: float,
    ) -> np.ndarray:
        """log(r / r0) in directions given in degrees."""
        if self.name == "shue":
            stretch = 2 / (1 + np.cos(np.radians(theta)))
            return flaring * np.log(stretch) + 0.0 * phi
        return _indented.log_shape(
            theta,
            phi,
            standoff=standoff,
            dipole_tilt=self.dipole_tilt,
            flaring=flaring,
        )

    def rim(
        self, position: np.ndarray, *, standoff: float, flaring: float
    ) -> np.ndarray:
        """Points of the surface that lines of sight graze."""
        if self.name == "shue":
            return tangent.tangent_curve(
                standoff, position, flaring=flaring
            ).values
        return _indented.tangent_curve(
            position,
            standoff=standoff,
            dipole_tilt=self.dipole_tilt,
            flaring=flaring,
        )
