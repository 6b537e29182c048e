"""Make the grid of apex coordinates that ships, and the table of its test.

Needs apexpy 2.1.1 (van der Meeren et al., a Fortran build, so it is no
dependency of this package), in an environment of its own::

    pip install apexpy==2.1.1
    python tools/build_apex_grid.py

The epochs are the knots of the IGRF, between which its coefficients are
linear in time: apex positions interpolated between them are then right to
4e-5 deg, where epochs 8 years apart were wrong by up to 0.085 deg.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

HOME = Path(__file__).parents[1]
GRID = HOME / "smile_explore/physics/apex_grid_110km.npz"
TABLE = HOME / "tests/physics/apex_reference.csv"
#: Height of the points and reference height of the coordinates. [km]
HEIGHT = 110.0
EPOCHS = np.arange(2000, 2031, 5)
LATITUDES = np.arange(35.0, 91.0)
LONGITUDES = np.arange(-180.0, 181.0)
#: Of the components of a unit vector: 3e-5 deg, and a third of the size.
PRECISION = 2.0**20


def main() -> None:
    """Write both files."""
    import apexpy

    glat, glon = np.meshgrid(LATITUDES, LONGITUDES, indexing="ij")
    vectors = []
    for epoch in EPOCHS:
        apex = apexpy.Apex(date=float(epoch), refh=HEIGHT)
        mlat, mlon = np.radians(apex.geo2apex(glat, glon, HEIGHT))
        across = np.cos(mlat)
        vector = across * np.cos(mlon), across * np.sin(mlon), np.sin(mlat)
        vectors.append(np.round(np.array(vector) * PRECISION) / PRECISION)
    np.savez_compressed(
        GRID,
        epoch=EPOCHS,
        glat=LATITUDES,
        glon=LONGITUDES,
        vector=np.array(vectors, dtype=np.float32),
    )
    with TABLE.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["time", "glat", "glon", "mlat", "mlon", "mlt"])
        writer.writerows(reference())


def reference() -> list[list[str]]:
    """Places at random, at random moments, as apexpy has them."""
    import apexpy

    rng = np.random.default_rng(2026)
    rows = []
    for days in np.sort(rng.uniform(0, 365.25 * 30, 24)):
        time = datetime(2000, 1, 1) + timedelta(minutes=round(days * 1440))
        # a new one each time: apexpy keeps its epoch in Fortran globals
        apex = apexpy.Apex(date=time, refh=HEIGHT)
        glat = float(rng.uniform(40.0, 89.5))
        glon = float(rng.uniform(-180.0, 180.0))
        mlat, mlon = apex.geo2apex(glat, glon, HEIGHT)
        mlt = apex.mlon2mlt(mlon, time)
        numbers = glat, glon, float(mlat), float(mlon), float(mlt)
        rows.append(
            [time.isoformat(timespec="minutes")]
            + [f"{value:.5f}" for value in numbers]
        )
    return rows


if __name__ == "__main__":
    main()
