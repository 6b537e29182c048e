"""What may be set of an observation, and how it is written down with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.instruments import orbit, sxi
from smile_explore.instruments.ion_analyser import MODES
from smile_explore.observations import Event, Observations
from smile_explore.physics.charge_exchange import EFFICIENCY
from smile_explore.physics.exosphere import DENSITY_AT_10, cravens_hydrogen

__all__ = ["CHOICES", "Settings"]

#: What the settings in words may be.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "response": ("simple", "full"),
        "fitted": ("counts", "intensity"),
        "mode": tuple(MODES),
    }
)
_LIMITS: Final = {
    "exposure": (1.0, 86400.0, "s"),
    "background": (0.0, 1000.0, "keV cm-2 s-1 sr-1"),
    "hydrogen": (1.0, 1000.0, "cm-3"),
    "efficiency": (1e-17, 1e-13, "eV cm2"),
    "turn": (-360.0, 360.0, "deg"),
    "ahead": (-52.0, 52.0, "h"),
    "ion_share": (0.05, 1.0, "of the temperature"),
    "potential": (-100.0, 100.0, "V"),
}


@dataclass(frozen=True)
class Settings:
    """How an event is observed; every field is shown with what it made.

    Parameters
    ----------
    exposure : float
        Of each X-ray image. [s]
    background : float
        Of sky and detector, of the simple response; the full one has its
        own. [keV cm-2 s-1 sr-1]
    hydrogen : float
        Of the exosphere 10 R_E toward the Sun; `exosphere.DENSITY_AT_10` has
        values by paper. [cm-3]
    efficiency : float
        Of charge exchange; `charge_exchange.EFFICIENCY` has values by source.
        [eV cm2]
    response : {"simple", "full"}
        One effective area for all, or `response.tables.assumed()`.
    fitted : {"counts", "intensity"}
        Where the magnetopause is looked for: in the counts of an exposure,
        or in the intensity without noise.
    turn : float
        By how much the orbit is turned eastward about Earth's axis. [deg]
    ahead : float
        By how much SMILE is ahead on its orbit. [h]
    mode : {"hi", "mid", "lo"}
        Of LIA: size of its bins and time of a distribution.
    ion_share : float
        Share of the temperature in the cube that is the ions'; a single
        fluid does not know it. Half and half is an assumption.
    potential : float
        Of the spacecraft. [V]

    Raises
    ------
    ValueError
        If a value cannot be.
    """

    exposure: float = 300.0
    background: float = sxi.BACKGROUND
    hydrogen: float = DENSITY_AT_10["cravens_2001"]
    efficiency: float = EFFICIENCY["emissivity_cubes"]
    response: str = "simple"
    fitted: str = "counts"
    turn: float = 0.0
    ahead: float = 0.0
    mode: str = "mid"
    ion_share: float = 0.5
    potential: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be, in one sentence."""
        for name, (low, high, unit) in _LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(
                    f"{name} must be from {low:g} to {high:g} {unit}, got "
                    f"{value:g}"
                )
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name} must be one of {', '.join(known)}, got "
                    f"{getattr(self, name)!r}"
                )

    @classmethod
    def of(cls, seen: Observations) -> Settings:
        """Return the settings that observations were made with.

        Those of measurements, which have none, are the defaults.
        """
        kept = seen.sxi.attrs.get("settings", {})
        known = {field.name for field in fields(cls)}
        return cls(**{k: v for k, v in kept.items() if k in known})

    def record(self) -> dict[str, Any]:
        """Return what is kept in the attributes of an image."""
        return asdict(self)

    @property
    def exosphere(self) -> Callable[[xr.DataArray], xr.DataArray]:
        """Hydrogen density from the distance."""
        return partial(cravens_hydrogen, density_at_10=self.hydrogen)

    @property
    def exosphere_name(self) -> str:
        """What an image says of it."""
        return f"cravens_hydrogen(density_at_10={self.hydrogen})"

    @property
    def brightness(self) -> float:
        """All emissivity goes with this product."""
        return self.hydrogen * self.efficiency

    @property
    def viewpoint(self) -> tuple[float, float]:
        """What moves SMILE."""
        return self.turn, self.ahead

    @property
    def in_situ(self) -> dict[str, Any]:
        """What changes only what LIA sees."""
        names = ("mode", "ion_share", "potential")
        return {name: getattr(self, name) for name in names}

    def elements(self, event: Event) -> orbit.Elements:
        """Return the orbit of an event as it is set."""
        own = orbit.Elements(**event.orbit)
        earlier = np.timedelta64(round(3600.0 * self.ahead), "s")
        perigee = np.datetime64(own.perigee_time).astype("datetime64[s]")
        return replace(
            own,
            raan=(own.raan + self.turn) % 360.0,
            perigee_time=perigee - earlier,
        )
