"""Tables of charge exchange lines, as found in print; nothing interpolated.

An ion is named as it is in the solar wind; the line is emitted after it has
captured an electron: O7+ gives the lines of O VII.

Sources
-------
K12
    Koutroumpa et al. (2012), https://doi.org/10.1051/0004-6361/201219720,
    table 2: energies of all lines; photons of N VII (total) and O VIII (halo)
    in their model of Mars, whose exosphere is mostly hydrogen.
D06
    Dennerl et al. (2006), https://doi.org/10.1051/0004-6361:20054253: photon
    fluxes measured from the halo of Mars in November 2003, with errors of 20
    to 100 percent, as K12 quote them; the energies of C V and C VI up to n = 3
    are as a later adaptation of the table gives them.
N
    https://github.com/dnaylor1/PhD_Model: cross sections of O7+ with hydrogen
    by line, slow and fast. The code does not name the lines; that they stand
    in order of energy is **an assumption**, which the ratio of the first
    three, 2/3 : 1/6 : 1/6 elsewhere, supports.

Left out, because no number was found in print: the triplets of C V (0.30 keV)
and N VI (0.43 keV), Ne IX and Ne X, Mg, Si and Fe; O VIII beyond n = 5 (the
printed values contradict each other); N VII n = 3 in D06 (not legible).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["FAST_OXYGEN", "LINES", "MARS_HALO", "SLOW_OXYGEN", "Line"]


class Line(NamedTuple):
    """One line: the ion before capture, its energy and relative photons."""

    ion: str
    name: str
    energy: float  #: [keV]
    photons: float  #: relative to other lines of the ion


#: All but O7+, whose lines depend on speed.
LINES: Final = (
    Line("C5+", "C V 5p", 0.3785, 1.0),  # D06
    Line("C6+", "C VI 2p", 0.3676, 9.1),  # D06
    Line("C6+", "C VI 3p", 0.4356, 7.9),  # D06
    Line("C6+", "C VI 4p", 0.4592, 5.3),  # D06
    Line("C6+", "C VI 5p", 0.4702, 5.5),  # D06
    Line("N7+", "N VII 2p", 0.5000, 0.05),  # K12
    Line("N7+", "N VII 3p", 0.5926, 5.2e-3),  # K12
    Line("N7+", "N VII 4p", 0.6250, 3.0e-3),  # K12
    Line("N7+", "N VII 5p", 0.6400, 6.0e-3),  # K12
    Line("N7+", "N VII 6p", 0.6482, 4.9e-4),  # K12
    Line("O8+", "O VIII 2p", 0.6531, 7.5e-3),  # K12
    Line("O8+", "O VIII 3p", 0.7740, 9.6e-4),  # K12
    Line("O8+", "O VIII 4p", 0.8163, 3.5e-4),  # K12
    Line("O8+", "O VIII 5p", 0.8359, 1.1e-3),  # K12
    Line("Ne8+", "Ne VIII 2p", 0.8725, 1.0),  # D06
)


def _oxygen(*cross_sections: float) -> tuple[Line, ...]:
    names = ("f", "i", "r", "3p", "4p", "5p", "6p")
    energies = (0.5609, 0.5685, 0.5740, 0.6656, 0.6978, 0.7123, 0.7209)
    return tuple(
        Line("O7+", f"O VII {name}", energy, section * 1e-16)
        for name, energy, section in zip(
            names, energies, cross_sections, strict=True
        )
    )


#: With cross sections in place of relative photons. [cm2]
SLOW_OXYGEN: Final = _oxygen(34.0, 10.0, 11.0, 1.3, 0.79, 1.3, 0.06)  # N
FAST_OXYGEN: Final = _oxygen(32.0, 9.9, 11.0, 1.2, 1.2, 0.68, 0.02)  # N

#: Photons measured by line (D06). [1e-6 cm-2 s-1]
MARS_HALO: Final[Mapping[str, float]] = MappingProxyType(
    {
        "C V 5p": 8.4,
        "C VI 2p": 9.1,
        "C VI 3p": 7.9,
        "C VI 4p": 5.3,
        "C VI 5p": 5.5,
        "N VII 2p": 7.1,
        "O VII f": 5.3,
        "O VII i": 2.2,
        "O VII r": 1.4,
        "O VII 5p": 6.2,
        "O VIII 2p": 7.4,
        "O VIII 4p": 1.6,
        "Ne VIII 2p": 3.8,
    }
)
