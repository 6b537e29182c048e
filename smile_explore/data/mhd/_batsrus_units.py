"""What the variables of BATS-R-US are, in which units, and at what time."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from smile_explore.constants import EARTH_RADIUS, PROTON_MASS
from smile_explore.data.mhd._batsrus_layout import Snapshot
from smile_explore.schema import COMPONENTS

__all__ = ["Source", "moment", "scale", "sources"]

_PER_CC = {"mp/cc": 1.0, "amu/cc": 1.0, "/cc": 1.0, "1/cc": 1.0, "cm-3": 1.0}
#: By kind, what a unit of the file is in the unit of the house. `rho` is a
#: mass density, in proton masses (Mp/cc) or SI; all ions count as protons.
_FACTORS = {
    "length": {"r": 1.0, "km": 1 / EARTH_RADIUS, "m": 1e-3 / EARTH_RADIUS},
    "density": {
        **_PER_CC,
        "kg/m3": 1e-6 / PROTON_MASS,
        "g/cm3": 1e-3 / PROTON_MASS,
        "g/cc": 1e-3 / PROTON_MASS,
    },
    "number": {**_PER_CC, "/m3": 1e-6, "m-3": 1e-6},
    "velocity": {"km/s": 1.0, "m/s": 1e-3, "cm/s": 1e-5},
    "magnetic field": {"nt": 1.0, "t": 1e9, "g": 1e5, "gauss": 1e5},
    "pressure": {
        "npa": 1.0,
        "pa": 1e9,
        "n/m2": 1e9,
        "j/m3": 1e9,
        "dyne/cm2": 1e8,
    },
    "temperature": {"k": 1.0},
}
_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)\s*;")
_DATE_IN_FILE = (
    "first line of the file, which is up to 64 s off if the run was in single "
    "precision; start= is exact"
)
_EVENT = re.compile(r"_e(\d{8})-(\d{6})(?:-(\d{3}))?")


class Source(NamedTuple):
    """A variable of the file, and its unit in that of the house."""

    name: str
    factor: float


def sources(snapshot: Snapshot) -> dict[str, Source]:
    """Find ``n ux uy uz bx by bz`` and ``p`` or ``t`` in a file.

    Electron pressure, where it is kept apart, is ``pe``.

    Raises
    ------
    ValueError
        If one is missing, or its unit is missing or unknown.
    """
    kinds = {"rho": "density", "n": "number"}
    density = next((n for n in kinds if n in snapshot.names), "rho")
    wanted = {"n": (density, kinds[density])}
    for axis in COMPONENTS:
        wanted[f"u{axis}"] = (f"u{axis}", "velocity")
        wanted[f"b{axis}"] = (f"b{axis}", "magnetic field")
    if "p" not in snapshot.names and "t" in snapshot.names:
        wanted["t"] = ("t", "temperature")
    else:
        wanted["p"] = ("p", "pressure")
    if "pe" in snapshot.names and "p" in wanted:
        wanted["pe"] = ("pe", "pressure")
    missing = [n for n, _ in wanted.values() if n not in snapshot.names]
    if missing:
        only = "b1x" in snapshot.names and "bx" in missing
        raise ValueError(
            f"it lacks {', '.join(missing)}; it has "
            f"{' '.join(snapshot.names)}; a cube needs rho ux uy uz bx by bz "
            "and p or t"
            + (
                ", and b1x b1y b1z are without Earth's dipole: write the "
                "total field"
                if only
                else ""
            )
        )
    return {
        name: Source(name_in_file, scale(snapshot, name_in_file, kind))
        for name, (name_in_file, kind) in wanted.items()
    }


def scale(snapshot: Snapshot, name: str, kind: str) -> float:
    """Return what the unit of a variable or coordinate is here.

    Raises
    ------
    ValueError
        If the first line does not give it, or gives another.
    """
    words = _DATE.sub("", snapshot.heading).split()
    if len(words) < len(snapshot.names):
        raise ValueError(
            "its first line must give a unit for each of "
            f"{' '.join(snapshot.names)}, got {snapshot.heading!r}"
        )
    unit = words[snapshot.names.index(name)]
    known = _FACTORS[kind]
    plain = unit.strip("{}[]()").replace("^", "").lower()
    if plain not in known:
        raise ValueError(
            f"{name} is in {unit}, which is no unit of {kind} known here: "
            f"{', '.join(known)}; write the file in one of them"
        )
    return known[plain]


def moment(
    snapshot: Snapshot, start: np.datetime64 | None, *, alone: bool
) -> tuple[np.datetime64 | None, np.datetime64 | None, str]:
    """Return the time of a snapshot, the start of the run, and their source.

    Parameters
    ----------
    snapshot : Snapshot
    start : datetime64 or None
        UTC at which the run began, if known.
    alone : bool
        Whether it is the only one of its file, so that the name of the file
        tells its time.

    Returns
    -------
    time : datetime64 or None
        None if the file does not say it.
    start : datetime64 or None
        None if other files of the run tell their own time as well.
    source : str
    """
    elapsed = np.timedelta64(round(snapshot.elapsed * 1e9), "ns")
    if start is not None:
        return start + elapsed, start, "start of the run and time since then"
    named = _EVENT.search(snapshot.path.name)
    if named and alone:
        day, clock, milli = named.groups()
        iso = (
            f"{day[:4]}-{day[4:6]}-{day[6:]}T"
            f"{clock[:2]}:{clock[2:4]}:{clock[4:]}.{milli or '000'}"
        )
        return np.datetime64(iso, "ns"), None, "name of the file"
    dated = _DATE.match(snapshot.heading)
    if dated:
        time = np.datetime64(dated[1], "ns")
        return time, time - elapsed, _DATE_IN_FILE
    return None, None, "nowhere: the file has no date; give start="
