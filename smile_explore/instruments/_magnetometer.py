"""What MAG is: where its heads are, how far and how well they measure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MAG", "Magnetometer"]


@dataclass(frozen=True)
class Magnetometer:
    """Two fluxgate heads on a boom.

    Parameters
    ----------
    name : str
        Kept with what was measured.
    full_scale : float
        A component beyond it, of either sign, saturates. [nT]
    accuracy : float
        Length of the calibration error that may be left. [nT]
    boom : float
        From the source of the spacecraft's field to the outer head; the
        heads and the source lie on one line. [m]
    separation : float
        Between the two heads. [m]
    noise : float
        Of one component of one head, white. [nT Hz-1/2]
    resolution : float
        Step of the digitisation. [nT]
    rate : float
        Vectors per second. [Hz]

    Raises
    ------
    ValueError
        If a number is negative or no heads can be placed so.
    """

    name: str
    full_scale: float = 12_800.0
    accuracy: float = 2.0
    boom: float = 3.0
    separation: float = 0.8
    noise: float = 0.01
    resolution: float = 25_600.0 / 2**20
    rate: float = 16.0

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        for name in ("full_scale", "boom", "separation", "rate"):
            if not getattr(self, name) > 0.0:
                raise ValueError(
                    f"{name} must be positive, got {getattr(self, name):g}"
                )
        for name in ("accuracy", "noise", "resolution"):
            if not getattr(self, name) >= 0.0:
                raise ValueError(
                    f"{name} must not be negative, got {getattr(self, name):g}"
                )
        if not self.separation < self.boom:
            raise ValueError(
                "both heads must be on the boom, got a separation of "
                f"{self.separation:g} m on {self.boom:g} m"
            )

    @property
    def ratio(self) -> float:
        """Spacecraft's dipole field at the outer head over the inner's."""
        return ((self.boom - self.separation) / self.boom) ** 3


#: Range, accuracy, boom and separation are the mission's (Branduardi-Raymont
#: and Wang 2024, see `constants`; https://sci.esa.int). **Assumptions**, as
#: they are not public: `noise`, usual for fluxgates, `resolution`, 20 bits
#: over the range, and `rate`.
MAG = Magnetometer("MAG")
