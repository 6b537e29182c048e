"""The analytic magnetosphere on a million cells, of 16 June 2012 at 22:25 UT.

The cube reaches from -10 to 20 R_E in X and over 20 R_E in Y and Z; Lin et
al. (2010) with the tilt of that day and Jelinek et al. (2012) bound it. The
closure is the mass flux through the terminator over that which enters
through the bow shock upstream of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from benchmarks import Figure, best_of
from smile_explore.constants import PROTON_MASS
from smile_explore.physics.boundaries import jelinek_bow_shock
from smile_explore.physics.magnetosphere import analytic_cube

DENSITY, SPEED = 70.0, 500.0
TILT = 24.1


def measure() -> Iterator[Figure]:
    """Yield the time a million cells take, and the closure of mass."""
    solar_wind = storm()
    x, y = np.linspace(-10.0, 20.0, 100), np.linspace(-20.0, 20.0, 100)
    timing = best_of(
        5, lambda: analytic_cube(solar_wind, x, y, y, dipole_tilt=TILT)
    )
    yield Figure("1e6 cells, CPU time", timing.cpu, "s")
    yield Figure("1e6 cells, wall time", timing.wall, "s", at_most=1.0)
    for width in (0.0, 0.5):
        ratio = closure(solar_wind, width)
        name = f"mass through the terminator, ramp of {width} R_E"
        yield Figure(f"{name}: missing", abs(1.0 - ratio), "", at_most=0.15)


def storm() -> xr.Dataset:
    """Return one moment of dense, northward solar wind."""
    pressure = PROTON_MASS * DENSITY * SPEED**2 * 1e21
    return xr.Dataset(
        {
            "density": DENSITY,
            "velocity": ("component", [-SPEED, 0.0, 0.0]),
            "temperature": 13.0,
            "magnetic_field": ("component", [0.0, 0.0, 15.0]),
            "dynamic_pressure": pressure,
        },
        coords={"component": ["x", "y", "z"]},
    )


def closure(solar_wind: xr.Dataset, width: float) -> float:
    """Mass flux that leaves through the terminator, over what entered."""
    pressure = float(solar_wind["dynamic_pressure"])
    rim = float(jelinek_bow_shock(90.0, pressure))
    step = 0.05
    y = np.arange(-rim - 1.0, rim + 1.0, step)
    cube = analytic_cube(
        solar_wind, [-1e-6], y, y, dipole_tilt=TILT, boundary_width=width
    ).isel(x=0)
    flux = -cube["density"] * cube["velocity"].sel(component="x")
    inside = np.hypot(cube["y"], cube["z"]) < rim
    through = float((flux * inside).sum()) * step**2
    return through / (DENSITY * SPEED * np.pi * rim**2)
