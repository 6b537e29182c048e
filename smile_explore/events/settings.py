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
from smile_explore.physics.ultraviolet import SCALE

__all__ = ["CHOICES", "LIMITS", "PARTS", "Settings"]

#: What the settings in words may be.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "response": ("simple", "full"),
        "fitted": ("counts", "intensity"),
        "mode": tuple(MODES),
        "kp": ("measured", "solar wind"),
        "cusp_spot": ("off", "on"),
    }
)
#: Settings by what is computed anew when they change: of the viewpoint all.
PARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "viewpoint": ("turn", "ahead"),
        "X-ray": (
            "exposure",
            "background",
            "hydrogen",
            "efficiency",
            "response",
            "fitted",
        ),
        "in situ": ("mode", "ion_share", "potential"),
        "aurora": ("kp", "f107", "uv_exposure", "uv_scale", "cusp_spot"),
    }
)
#: Of the settings in numbers: least, most, unit.
LIMITS: Final[Mapping[str, tuple[float, float, str]]] = MappingProxyType(
    {
        "exposure": (1.0, 86400.0, "s"),
        "background": (0.0, 1000.0, "keV cm-2 s-1 sr-1"),
        "hydrogen": (1.0, 1000.0, "cm-3"),
        "efficiency": (1e-17, 1e-13, "eV cm2"),
        "turn": (-360.0, 360.0, "deg"),
        "ahead": (-52.0, 52.0, "h"),
        "ion_share": (0.05, 1.0, "of the temperature"),
        "potential": (-100.0, 100.0, "V"),
        "f107": (50.0, 400.0, "1e-22 W m-2 Hz-1"),
        "uv_exposure": (2.0, 3600.0, "s"),
        "uv_scale": (0.05, 5.0, ""),
    }
)


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
    kp : {"measured", "solar wind"}
        What drives the aurora: the index of each three hours, or the one
        that the solar wind would drive, minute by minute. An event without
        the first is driven by the second, and says so.
    f107 : float, optional
        Solar flux that makes the dayglow, by default that of the event.
        [1e-22 W m-2 Hz-1]
    uv_exposure : float
        Of each image of UVI. [s]
    uv_scale : float
        Of the brightness that was computed for aurora and dayglow alike,
        see `ultraviolet.SCALE`.
    cusp_spot : {"off", "on"}
        The spot at the foot of the cusp in northward IMF, of an assumed
        brightness.

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
    kp: str = "measured"
    f107: float | None = None
    uv_exposure: float = 60.0
    uv_scale: float = SCALE
    cusp_spot: str = "off"

    def __post_init__(self) -> None:
        """Refuse what cannot be, in one sentence."""
        for name, (low, high, unit) in LIMITS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                ends = f"{low:g} to {high:g} {unit}".rstrip()
                raise ValueError(f"{name} must be from {ends}, got {value:g}")
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

    def part(self, name: str) -> dict[str, Any]:
        """Return the settings of one of `PARTS`."""
        return {field: getattr(self, field) for field in PARTS[name]}

    def changed_from(self, other: Settings) -> set[str]:
        """Name the parts that differ."""
        return {name for name in PARTS if self.part(name) != other.part(name)}

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
