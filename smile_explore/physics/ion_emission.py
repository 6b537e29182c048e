"""Charge exchange line by line: which ion of the solar wind shines where.

`charge_exchange` sums all ions into one efficiency. Here the light is divided
among the lines of C, N, O and Ne: `spectrum` turns an intensity into photons
by line, `efficiency` gives the sum that `charge_exchange.emissivity` wants,
and `ion_abundance.estimate` finds how bright each ion is from counts in
energy bands.

The composition is the weak point. By speed, a number in print was found for
O7+ alone; all else is set relative to it by one measured spectrum, that of the
halo of Mars in November 2003. So every number is a field of `Composition`, to
be replaced (``dataclasses.replace``) by who has better ones. `_ion_lines`
names the sources, and what is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import xarray as xr

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
    "efficiency",
    "ion_spectra",
    "line_table",
    "spectrum",
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


def line_table(wind: Composition = SLOW) -> xr.Dataset:
    """List the lines of a composition by energy.

    Parameters
    ----------
    wind : Composition, optional

    Returns
    -------
    lines : xarray.Dataset
        Along `photon_energy` [keV], with the names as `line` and `ion`:
        `production`, ions per proton times cross section [cm2], and `share`
        of the photons.
    """
    found: list[tuple[float, str, str, float]] = []
    for ion, relative in {"O7+": 1.0, **wind.relative}.items():
        own = [
            line
            for line in (*wind.oxygen_lines, *wind.lines)
            if line.ion == ion
        ]
        whole = sum(line.photons for line in own)
        found += [
            (line.energy, line.name, ion, relative * line.photons / whole)
            for line in own
        ]
    energy, name, ions, photons = zip(*sorted(found), strict=True)
    section = sum(line.photons for line in wind.oxygen_lines)
    production = np.array(photons) * wind.oxygen * section
    axis = ("photon_energy", list(energy), {"units": "keV"})
    return xr.Dataset(
        {
            "production": (
                "photon_energy",
                production,
                {"units": "cm2", "long_name": "ions per proton x section"},
            ),
            "share": (
                "photon_energy",
                production / production.sum(),
                {"units": "1", "long_name": "share of the photons"},
            ),
        },
        {
            "photon_energy": axis,
            "line": ("photon_energy", list(name)),
            "ion": ("photon_energy", list(ions)),
        },
        {"composition": wind.name, "oxygen": wind.oxygen},
    )


def efficiency(wind: Composition = SLOW) -> float:
    """Energy times cross section of all lines per proton.

    Parameters
    ----------
    wind : Composition, optional

    Returns
    -------
    efficiency : float
        For ``charge_exchange.emissivity(efficiency=...)``. [eV cm2]

    Notes
    -----
    The lines left out (see `_ion_lines`) make it a lower bound.
    """
    lines = line_table(wind)
    return float((lines["production"] * lines["photon_energy"]).sum()) * 1e3


def spectrum(intensity: Any, wind: Composition = SLOW) -> xr.DataArray:
    """Divide an intensity among the lines of a composition.

    Parameters
    ----------
    intensity : xarray.DataArray or float
        Energy intensity, e.g. of each pixel. [keV cm-2 s-1 sr-1]
    wind : Composition, optional

    Returns
    -------
    spectrum : xarray.DataArray
        Photons by line, with `photon_energy` last. Times `photon_energy` and
        summed it is `intensity`. [cm-2 s-1 sr-1]

    Raises
    ------
    ValueError
        If `intensity` says that it is in another unit.

    Notes
    -----
    Composition and cross sections are taken as constant along a line of
    sight. Fluxes of one line from a cube: ``charge_exchange.emissivity`` with
    the efficiency of that line.
    """
    units = getattr(intensity, "attrs", {}).get("units", "keV cm-2 s-1 sr-1")
    if units != "keV cm-2 s-1 sr-1":
        raise ValueError(
            f"intensity must be in keV cm-2 s-1 sr-1, got {units}"
        )
    share = line_table(wind)["share"]
    mean = float((share * share["photon_energy"]).sum())
    photons = (intensity * (share / mean)).rename("spectrum")
    photons.attrs = {
        "units": "cm-2 s-1 sr-1",
        "long_name": "photons by line",
        "composition": wind.name,
    }
    return photons.transpose(..., "photon_energy")


def ion_spectra(wind: Composition = SLOW) -> xr.DataArray:
    """Spectrum of each ion alone, to be folded with a response.

    Parameters
    ----------
    wind : Composition, optional

    Returns
    -------
    spectra : xarray.DataArray
        (ion, photon_energy): photons of each line per photon of its ion.
    """
    lines = line_table(wind)
    ions = list(dict.fromkeys(lines["ion"].values.tolist()))
    own = np.array([lines["ion"].values == ion for ion in ions])
    photons = own * lines["share"].values
    return xr.DataArray(
        photons / photons.sum(axis=1, keepdims=True),
        {"ion": ions, "photon_energy": lines["photon_energy"].values},
        attrs={"units": "1", "composition": wind.name},
    )
