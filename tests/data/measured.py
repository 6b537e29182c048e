"""Days of measured data as the worker leaves them in the cache."""

from __future__ import annotations

import numpy as np

from smile_explore.data import solar_wind_arrays
from smile_explore.data.sources import day_files

NAME = "OMNI 1 min"


def omni_day(day, *, density=5.0, cadence=60):
    """One day of a steady wind of 400 km/s."""
    time = np.datetime64(day, "ns") + np.arange(
        0, 86400, cadence
    ) * np.timedelta64(1, "s")
    one = np.ones(time.size)
    data = solar_wind_arrays.solar_wind(
        time,
        density=density * one,
        velocity=one[:, None] * [-400.0, 0.0, 0.0],
        temperature=1e5 * one,
        magnetic_field=one[:, None] * [1.0, 2.0, -3.0],
        about={
            "source": "OMNI_HRO_1MIN",
            "file": f"omni_{day}.cdf",
            "sha256": day.replace("-", ""),
            "url": f"http://archive/omni_{day}.cdf",
            "retrieved": "2026-01-01T00:00:00Z",
            "measured": True,
        },
    )
    for name, value in {"sym_h": -50.0, "ae": 300.0, "al": -200.0}.items():
        data[name] = ("time", value * one)
    return data


def keep(*days, **options):
    for day in days:
        day_files.store(NAME, day, omni_day(day, **options))
