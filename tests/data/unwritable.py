"""Try to write each kind of file where that cannot be; print what is said.

A program of its own, for what it does to itself cannot be undone: it limits
the size of its files (``full``), then gives up the rights that let the root
write into folders that are read-only (``closed``).
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.data import (
    archive,
    aurora_files,
    crossing_files,
    in_situ_files,
    xray_files,
    xray_series,
)
from smile_explore.observations import Event, Observations
from smile_explore.schema import (
    COMPONENTS,
    CROSSINGS,
    MAGNETIC_FIELD,
    SXI_IMAGE,
    UV_MAP,
    UVI_IMAGE,
)

NOBODY = 65534
#: [bytes] Less than any of the files has.
LIMIT = 20_000
TIMES = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
    500
) * np.timedelta64(1, "s")
NOISE = np.random.default_rng(0)


def image(name: str) -> xr.Dataset:
    values = NOISE.random((60, 80))
    axes = {"fov_lat": np.arange(60.0), "fov_lon": np.arange(80.0)}
    return xr.Dataset(
        {name: (("fov_lat", "fov_lon"), values)},
        {**axes, "time": TIMES[0]},
    )


def crossings() -> xr.Dataset:
    columns: dict = {}
    for name, variable in CROSSINGS.variables.items():
        dims = ("crossing", *[d for d in variable.dims if d == "component"])
        shape = (500, 3)[: len(dims)]
        text = variable.units == ""
        values = np.full(shape, "none") if text else NOISE.random(shape)
        columns[name] = (dims, values)
    coords = {"time": ("crossing", TIMES), "component": list(COMPONENTS)}
    return CROSSINGS.stamp(xr.Dataset(columns, coords))


SXI, UVI = (
    SXI_IMAGE.stamp(image("intensity")),
    UVI_IMAGE.stamp(image("radiance")),
)
MAP = UV_MAP.stamp(
    xr.Dataset(
        {
            "radiance": (("mlat", "mlt"), NOISE.random((60, 80))),
            "coverage": (("mlat", "mlt"), NOISE.random((60, 80))),
        },
        {
            "mlat": np.linspace(50.0, 89.0, 60),
            "mlt": np.linspace(0.0, 23.0, 80),
        },
    )
)
FIELD = MAGNETIC_FIELD.stamp(
    xr.Dataset(
        {
            "magnetic_field": (
                ("time", "component"),
                NOISE.random((500, 3)),
                {"frame": "GSM"},
            )
        },
        {"time": TIMES, "component": list(COMPONENTS)},
    )
)
NONE = xr.Dataset()
SEEN = Observations(
    event=Event("a", "A", "", TIMES[0], TIMES[-1], TIMES[0], "wind.csv"),
    **dict.fromkeys(
        ("solar_wind", "trajectory", "pointing", "cuts", "magnetopause"), NONE
    ),
    standoff=NONE,
    sxi=SXI,
    magnetic_field=FIELD,
)
DOORS = {
    "sxi.fits": lambda path: xray_series.write_images(SXI, path),
    "one.fits": lambda path: xray_files.write_image(SXI, path),
    "uvi.fits": lambda path: aurora_files.write_images(UVI, path),
    "map.nc": lambda path: aurora_files.write_map(MAP, path),
    "mag.cdf": lambda path: in_situ_files.write_field(FIELD, path),
    "crossings.csv": lambda path: crossing_files.write(crossings(), path),
    "seen.nc": lambda path: archive.save(SEEN, path),
    "storm": lambda path: archive.export(SEEN, path),
}


def tried(folder: Path) -> dict[str, Any]:
    """Return the kind of each door's error and its words, and what is left."""
    before = set(folder.iterdir())
    said = {}
    for name, write in DOORS.items():
        try:
            write(folder / name)
        except Exception as error:  # all of them are shown
            said[name] = [type(error).__name__, str(error)]
    left = sorted(set(folder.iterdir()) - before)
    return {"said": said, "left": [str(one) for one in left]}


def main(folder: Path) -> None:
    """Print what is said on a full disk, then in a closed folder."""
    for name, write in DOORS.items():  # all imports, and that they can
        write(folder / f"can_{name}")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
    answer = {"full": tried(folder)}
    folder.chmod(0o555)
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    answer["closed"] = tried(folder)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
