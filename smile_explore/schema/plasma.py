"""The wind, the plasma around Earth, and where SMILE flies in it."""

from __future__ import annotations

from smile_explore.schema.core import Schema, Variable

__all__ = [
    "CUBE",
    "CUTS",
    "EMISSIVITY",
    "INDICES",
    "POINTING",
    "SOLAR_WIND",
    "TRAJECTORY",
]

_X, _Y, _Z = (
    Variable((axis,), "R_E", f"{axis.upper()} GSM") for axis in "xyz"
)
_GRID = ("x", "y", "z")

#: The solar wind at Earth, along `time`.
SOLAR_WIND = Schema(
    "SOLAR_WIND",
    {
        "density": Variable((), "cm-3", "proton density"),
        "velocity": Variable(("component",), "km s-1", "velocity"),
        "temperature": Variable((), "eV", "proton temperature"),
        "magnetic_field": Variable(("component",), "nT", "magnetic field"),
        "dynamic_pressure": Variable((), "nPa", "dynamic pressure"),
    },
)

#: Activity of Earth and Sun along time. An index of three hours or of a day
#: stands at every time within them; NaN is what is not known, and the
#: ``source`` of each variable says who measured it.
INDICES = Schema(
    "INDICES",
    {
        "kp": Variable((), "1", "Kp"),
        "sym_h": Variable((), "nT", "SYM-H"),
        "ae": Variable((), "nT", "AE"),
        "al": Variable((), "nT", "AL"),
        "f10_7": Variable((), "sfu", "F10.7"),
    },
)

#: Plasma and field on a rectangular grid, from a simulation or a model.
CUBE = Schema(
    "CUBE",
    {
        "density": Variable(_GRID, "cm-3", "plasma density"),
        "velocity": Variable((*_GRID, "component"), "km s-1", "velocity"),
        "temperature": Variable(_GRID, "eV", "temperature (ions + electrons)"),
        "magnetic_field": Variable(
            (*_GRID, "component"), "nT", "magnetic field"
        ),
        "solar_wind_fraction": Variable(
            _GRID, "1", "share of solar wind plasma", required=False
        ),
    },
    {"x": _X, "y": _Y, "z": _Z},
)

#: X-rays of a cube, where only they are known and not the plasma.
EMISSIVITY = Schema(
    "EMISSIVITY",
    {"emissivity": Variable(_GRID, "eV cm-3 s-1", "X-ray emissivity")},
    {"x": _X, "y": _Y, "z": _Z},
)

#: Where a spacecraft is, along `time`.
TRAJECTORY = Schema(
    "TRAJECTORY",
    {
        "position": Variable(("component",), "R_E", "position"),
        "velocity": Variable(("component",), "km s-1", "velocity"),
    },
)

#: Where a camera is, and how it is turned.
POINTING = Schema(
    "POINTING",
    {
        "position": Variable(("component",), "R_E", "position"),
        "boresight": Variable(("component",), "1", "boresight direction"),
        "up": Variable(("component",), "1", "direction of +fov_lat"),
    },
)

_NOON, _EQUATOR = ("z", "x"), ("y", "x")
#: What is shown of cubes: the planes of noon and of the equator.
CUTS = Schema(
    "CUTS",
    {
        "density_noon": Variable(_NOON, "cm-3", "density"),
        "density_equator": Variable(_EQUATOR, "cm-3", "density"),
        "emissivity_noon": Variable(_NOON, "eV cm-3 s-1", "emissivity"),
        "emissivity_equator": Variable(_EQUATOR, "eV cm-3 s-1", "emissivity"),
        "boundary_noon": Variable(
            ("boundary", "theta"), "R_E", "distance of a model boundary"
        ),
        "boundary_equator": Variable(
            ("boundary", "theta"), "R_E", "distance of a model boundary"
        ),
    },
    {
        "x": _X,
        "y": _Y,
        "z": _Z,
        "theta": Variable(("theta",), "deg", "angle from +X"),
    },
)
