"""Settings of an ion analyser, those of SMILE's LIA, and its bins.

What is not public about LIA is a setting of `IonAnalyser`, and `assumptions`
lists it with its source.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.observations import Fact

__all__ = [
    "ENERGY_RANGES",
    "GEOMETRIC_FACTORS",
    "LIA",
    "MODES",
    "IonAnalyser",
    "assumptions",
    "grid",
    "in_mode",
]


@dataclass(frozen=True)
class IonAnalyser:
    """An ion analyser of two sensors that see half the sky each.

    Parameters
    ----------
    energy_range : (float, float)
        Energy per charge. [eV]
    energy_steps : int
        Evenly spaced in its logarithm, without gaps.
    elevation_step, azimuth_step : float
        Size of a bin. [deg]
    accumulation : float
        Time of one distribution, shared among energies and elevations; all
        azimuths and both sensors count at once. [s]
    elevation_limit, limit_above : float
        Above this energy the deflectors reach this elevation only. [deg, eV]
    geometric_factor : float
        Of one sensor, all azimuths, at elevation 0, with its efficiency; it
        falls off as the cosine of the elevation. [cm2 sr eV/eV]
    anode : float
        Azimuth that one anode sees: each has its own dead time. [deg]
    dead_time : float
        After a count, of one anode. [s]
    background : float
        Counts that are no ions, of one anode. [s-1]
    """

    energy_range: tuple[float, float] = (5.0, 25_000.0)
    energy_steps: int = 64
    elevation_step: float = 5.625
    azimuth_step: float = 7.5
    accumulation: float = 2.0
    elevation_limit: float = 62.0
    limit_above: float = 13_200.0
    geometric_factor: float = 1e-3
    anode: float = 7.5
    dead_time: float = 5e-7
    background: float = 0.1

    def __post_init__(self) -> None:
        """Refuse settings that make no analyser."""
        low, high = self.energy_range
        if not 0.0 < low < high:
            raise ValueError(
                "energy_range must go from a positive energy to a higher "
                f"one, got {low:g} to {high:g} eV"
            )
        if not (self.energy_steps >= 2 and self.energy_steps % 1 == 0):
            raise ValueError(
                f"energy_steps must be 2 or more, got {self.energy_steps}"
            )
        for name, whole in (("elevation_step", 90), ("azimuth_step", 360)):
            step = getattr(self, name)
            if not (step > 0 and abs(whole / step % 1.0) < 1e-9):
                raise ValueError(
                    f"{name} must divide {whole} deg, got {step:g} deg"
                )
        for name in ("accumulation", "geometric_factor", "anode"):
            if not getattr(self, name) > 0.0:
                raise ValueError(
                    f"{name} must be positive, got {getattr(self, name):g}"
                )
        for name in ("dead_time", "background"):
            if not getattr(self, name) >= 0.0:
                raise ValueError(
                    f"{name} must not be negative, got {getattr(self, name):g}"
                )

    @property
    def dwell(self) -> float:
        """Time in one step of energy and elevation, in s."""
        levels = round(90.0 / self.elevation_step)
        return self.accumulation / (self.energy_steps * levels)


#: LIA in its finest mode.
LIA = IonAnalyser()
#: Angles and times from Kong et al. (2025), EGU25-9904, which gives their
#: ranges; the middle, and which goes with which, are assumptions.
MODES: Mapping[str, Mapping[str, Any]] = {
    "hi": {"elevation_step": 5.625, "azimuth_step": 7.5, "accumulation": 2.0},
    "mid": {
        "elevation_step": 11.25,
        "azimuth_step": 15.0,
        "accumulation": 1.0,
    },
    "lo": {"elevation_step": 22.5, "azimuth_step": 30.0, "accumulation": 0.25},
}
#: Energies that are published, which differ. [eV]
ENERGY_RANGES = {
    "Kong et al. (2025), EGU25-9904": (5.0, 25_000.0),
    "Branduardi-Raymont and Wang (2024)": (50.0, 20_000.0),
}
#: LIA's is variable and not public. Those of the two halves of Cluster's HIA,
#: 1.9e-4 and 4.9e-3 over 180 deg each (Rème et al. 2001,
#: https://doi.org/10.5194/angeo-19-1303-2001), over 360 deg. LIA's default is
#: set between them, where the densest solar wind does not blind an anode.
#: [cm2 sr eV/eV]
GEOMETRIC_FACTORS = {"solar wind": 3.8e-4, "magnetosphere": 9.8e-3}


def in_mode(name: str, *, analyser: IonAnalyser = LIA) -> IonAnalyser:
    """Return the analyser with the angles and the time of one of `MODES`."""
    if name not in MODES:
        raise ValueError(
            f"LIA has the modes {', '.join(MODES)}, got {name!r}; for others "
            "make an IonAnalyser"
        )
    return dataclasses.replace(analyser, **MODES[name])


def assumptions(analyser: IonAnalyser = LIA) -> tuple[Fact, ...]:
    """Say which settings are not published, or published in two ways."""
    here = analyser
    return (
        Fact(
            f"energies {here.energy_range[0]:g} to {here.energy_range[1]:g} "
            "eV per charge",
            "published as 5 eV-25 keV (EGU25-9904) and as 50 eV-20 keV "
            "(Branduardi-Raymont and Wang 2024)",
        ),
        Fact(f"{here.energy_steps} energy steps without gaps", "assumed"),
        Fact(
            f"{here.elevation_step:g} x {here.azimuth_step:g} deg in "
            f"{here.accumulation:g} s",
            "ranges from EGU25-9904; which time goes with which angles is "
            "assumed",
        ),
        Fact(
            f"geometric factor {here.geometric_factor:g} cm2 sr eV/eV, as "
            "the cosine of elevation, the same at all energies",
            "assumed, between the two of Cluster HIA",
        ),
        Fact(f"dead time {here.dead_time * 1e6:g} us of an anode", "assumed"),
        Fact(f"background {here.background:g} s-1 of an anode", "assumed"),
    )


def grid(analyser: IonAnalyser = LIA) -> xr.Dataset:
    """Bins of an analyser: all of a VDF but the distribution itself.

    Returns
    -------
    bins : xarray.Dataset
        Edges, `measured`, `one_count` and `background` as in VDF; directions
        are of the velocity, in GSM.
    """
    here = analyser
    edges = np.geomspace(*here.energy_range, here.energy_steps + 1)
    ups = np.linspace(-90.0, 90.0, 2 * round(90.0 / here.elevation_step) + 1)
    turns = np.linspace(0.0, 360.0, round(360.0 / here.azimuth_step) + 1)
    bins = xr.Dataset()
    for name, marks, middle in (
        # the mean of 1 / v over a step is that at about its geometric mean
        ("energy", edges, np.sqrt(edges[1:] * edges[:-1])),
        ("elevation", ups, (ups[1:] + ups[:-1]) / 2.0),
        ("azimuth", turns, (turns[1:] + turns[:-1]) / 2.0),
    ):
        bins[name] = (name, middle)
        bins[f"{name}_low"] = (name, marks[:-1])
        bins[f"{name}_high"] = (name, marks[1:])
    reached = abs(bins.elevation) < here.elevation_limit
    bins["measured"] = reached | (bins.energy < here.limit_above)
    # counts = G J dwell, with the energy flux J = 2 E^2 / m^2 f
    speed = np.sqrt(2.0 * bins.energy * ELEMENTARY_CHARGE / PROTON_MASS)
    level = np.sin(np.radians(bins.elevation_high)) - np.sin(
        np.radians(bins.elevation_low)
    )
    area = (
        1e-4
        * here.geometric_factor
        * (here.azimuth_step / 360.0)
        * level
        / np.radians(here.elevation_step)
    )
    bins["one_count"] = 2.0 / (area * here.dwell * speed**4)
    anodes = here.azimuth_step / here.anode
    bins["background"] = here.background * here.dwell * anodes
    bins["accumulation"] = here.accumulation
    return bins
