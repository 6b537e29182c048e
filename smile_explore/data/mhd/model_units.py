"""Units that models write their variables in, and what makes them ours."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["factor"]

#: By what a number is multiplied to be in the unit that comes first; spelled
#: without case, blanks and ``^`` or ``**``.
_KNOWN: Final = {
    "R_E": {"r_e": 1.0, "re": 1.0, "r": 1.0, "rx": 1.0, "earthradii": 1.0},
    # a mass density in proton masses is a number density of protons
    "cm-3": dict.fromkeys(
        ("cm-3", "1/cm3", "/cm3", "/cc", "1/cc", "#/cc", "n/cc", "#/cm3")
        + ("amu/cm3", "amu/cc", "mp/cc", "mp/cm3"),
        1.0,
    )
    | {"m-3": 1e-6, "1/m3": 1e-6, "amu/m3": 1e-6},
    "nPa": {"npa": 1.0, "ppa": 1e-3, "pa": 1e9},
    "km s-1": {"km/s": 1.0, "kms-1": 1.0, "m/s": 1e-3, "ms-1": 1e-3},
    "nT": {"nt": 1.0, "t": 1e9},
}


def factor(name: str, came: Any, ours: str, *, source: str) -> float:
    """Return what turns the numbers of a variable into our unit.

    Parameters
    ----------
    name : str
        Of the variable, for the message.
    came : object
        Its unit, as the file has it.
    ours : str
        One of ``R_E, cm-3, nPa, km s-1, nT``.
    source : str
        Name of the file, for the message.

    Raises
    ------
    ValueError
        If the unit is not known to be one of that quantity.
    """
    known = _KNOWN[ours]
    spelled = str(came).lower()
    for sign in ("^", "*", " "):
        spelled = spelled.replace(sign, "")
    if spelled not in known:
        raise ValueError(
            f"{source}: {name} must be in {ours} or one of "
            f"{', '.join(known)}, got {came}; convert it before opening the "
            "file"
        )
    return known[spelled]
