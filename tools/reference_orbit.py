"""Write the orbits that `propagation` is tested against, by satkit.

satkit (https://satellitetoolkit.dev) integrates with its own method (RK9(8)
of Verner), JPL's DE440 and its own precession and nutation, the same forces
otherwise. With its data it takes 120 MB, so that only its results are kept::

    pip install satkit==0.24.1 satkit-data==0.9.0 astropy-iers-data
    SATKIT_DATA=folder python tools/reference_orbit.py \
        tests/instruments/reference_orbit.csv

where the folder holds all of satkit-data and finals2000A.all of
astropy-iers-data, and ``SATKIT_JPLEPHEM_FILE`` is its ``.440`` file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import satkit

#: RAAN, argument of perigee [deg], perigee and apogee radius [km].
ORBITS = (
    (180.0, 287.5, 11_371.2, 127_551.424),
    *((raan, 270.0, 11_378.0, 127_560.0) for raan in (0, 90, 180, 270)),
)
INCLINATION = 73.0
START = (2026, 9, 1)
#: Every 30 days, a few of the first, and a year. [d]
DAYS = (0, 1, 2, 5, 10, 20, *range(30, 361, 30), 365)
GRAVITY = 398_600.4418


def start(
    raan: float, argument: float, perigee: float, apogee: float
) -> np.ndarray:
    """Position [km] and velocity [km s-1] at the perigee (Vallado, 2.6)."""
    node, tilt, turn = np.radians([raan, INCLINATION, argument])
    out = np.array(
        [
            np.cos(node) * np.cos(turn)
            - np.sin(node) * np.sin(turn) * np.cos(tilt),
            np.sin(node) * np.cos(turn)
            + np.cos(node) * np.sin(turn) * np.cos(tilt),
            np.sin(turn) * np.sin(tilt),
        ]
    )
    ahead = np.array(
        [
            -np.cos(node) * np.sin(turn)
            - np.sin(node) * np.cos(turn) * np.cos(tilt),
            -np.sin(node) * np.sin(turn)
            + np.cos(node) * np.cos(turn) * np.cos(tilt),
            np.cos(turn) * np.sin(tilt),
        ]
    )
    speed = np.sqrt(2.0 * GRAVITY * apogee / perigee / (perigee + apogee))
    return np.concatenate([perigee * out, speed * ahead])


def main(path: Path) -> None:
    """Write one line for each orbit and day."""
    settings = satkit.propsettings(
        abs_error=1e-10,
        rel_error=1e-12,
        gravity_model=satkit.gravmodel.egm96,
        gravity_degree=2,
        gravity_order=0,
        tide_model=satkit.tidemodel.none,
        use_relativistic_correction=False,
        use_spaceweather=False,
    )
    lines = [
        "# satkit 0.24.1: J2 (EGM96), Sun and Moon (DE440), GCRS, from "
        "perigee at 2026-09-01T00:00 UTC; inclination 73 deg",
        "raan,argument,perigee,apogee,day,x,y,z,vx,vy,vz",
    ]
    begin = satkit.time(*START)
    for orbit in ORBITS:
        flown = satkit.propagate(
            1e3 * start(*orbit),
            begin,
            end=begin + satkit.duration(days=DAYS[-1] + 1),
            propsettings=settings,
        )
        for day in DAYS:
            state = flown.interp(begin + satkit.duration(days=float(day)))
            numbers = [f"{value:.7f}" for value in np.array(state) / 1e3]
            lines.append(",".join([*map(str, orbit), str(day), *numbers]))
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
