"""A solar wind with one shock, and files of it."""

from __future__ import annotations

import numpy as np

from smile_explore.data import solar_wind_arrays
from smile_explore.events import _entry

SHOCK = np.datetime64("2015-03-17T04:45", "ns")


def alone(tmp_path, monkeypatch):
    """Give a test a catalog and a cache of its own, and no network."""
    path = tmp_path / "own" / "events.toml"
    monkeypatch.setenv("SMILE_EXPLORE_EVENTS", str(path))
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SMILE_EXPLORE_OFFLINE", "1")
    # one node for the view, which takes a second of all
    monkeypatch.setattr(_entry, "_NODES", (90.0,))
    return path


def shocked(start="2015-03-17", hours=24, *, cadence=60, measured=True):
    """A steady wind that a shock makes dense, fast and strongly magnetic."""
    step = np.timedelta64(cadence, "s")
    time = (
        np.datetime64(start, "ns")
        + np.arange(0, hours * 3600 // cadence + 1) * step
    )
    late = time >= SHOCK
    speed = np.where(late, 500.0, 400.0)
    zero = np.zeros(time.size)
    return solar_wind_arrays.solar_wind(
        time,
        density=np.where(late, 15.0, 5.0),
        velocity=np.column_stack([-speed, zero, zero]),
        temperature=np.where(late, 2e5, 1e5),
        magnetic_field=np.column_stack(
            [zero, zero, np.where(late, -12.0, 4.0)]
        ),
        about={"source": "a test", "file": "test.csv", "measured": measured},
    )


def write(path, **options):
    """Write a file that a user might have, with a gap if one is asked for."""
    gap = options.pop("gap", None)
    data = shocked(**options)
    lines = [f"# measured: {str(data.attrs['measured']).lower()}"]
    lines.append("time,bx,by,bz,vx,vy,vz,n,T")
    density = data.density.values.astype(str)
    if gap is not None:
        within = (data.time >= gap[0]) & (data.time <= gap[1])
        density[within.values] = ""
    columns = zip(
        data.time.values.astype("datetime64[s]").astype(str),
        *data.magnetic_field.values.T,
        *data.velocity.values.T,
        density,
        strict=True,
    )
    lines += [",".join(map(str, row)) + ",1e5" for row in columns]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
