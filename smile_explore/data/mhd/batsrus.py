"""Files of BATS-R-US: ``.out`` and ``.outs``, text or binary, also gzipped.

Whatever of the form is found is told in the attributes; see `docs/cubes.md`
for what the files do not say of themselves.

spacepy reads these files too, all of a file at once; here each variable is
mapped, so that a cut through one of them reads just that.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from smile_explore.constants import BOLTZMANN, EARTH_RADIUS
from smile_explore.data.mhd import _batsrus_headers as headers
from smile_explore.data.mhd import _batsrus_units as units
from smile_explore.data.mhd import series
from smile_explore.data.mhd._batsrus_fields import lazy
from smile_explore.data.mhd._batsrus_grids import blocks_of, regular
from smile_explore.data.mhd._batsrus_layout import Snapshot
from smile_explore.data.mhd.grids import Grid, described
from smile_explore.data.mhd.plasma import UNITS, gathered
from smile_explore.physics.block_grid import BlockGrid
from smile_explore.schema import COMPONENTS

__all__ = ["read", "sees"]

#: The radius of the body that a run goes around may differ by so much from
#: Earth's.
_EARTH_LIKE = 0.01
_EARTH_NOTE = (
    "axes are in the run's own R_E ({:.6g} km), {:.1%} more than the 6371.2 "
    "km used elsewhere; not rescaled"
)
_ROTATION = np.eye(3)


def sees(path: Path, head: bytes) -> bool:
    """Tell whether this is a file of BATS-R-US."""
    return path.is_file() and headers.looks_like(head)


def read(
    path: Path,
    chunks: Mapping[str, int],
    *,
    grid: Grid,
    start: np.datetime64 | None,
    gaps: str,
) -> xr.Dataset:
    """Open the snapshots of a file as one cube."""
    snapshots = headers.snapshots(path)
    alone = len(snapshots) == 1
    cubes = []
    for snapshot in snapshots:
        cubes.append(_cube(snapshot, chunks, grid, start, alone=alone))
        if start is None and "run_start" in cubes[0].attrs:
            start = np.datetime64(cubes[0].attrs["run_start"], "ns")
    if alone:
        return cubes[0]
    names = [f"{path.name}, snapshot {n + 1}" for n in range(len(snapshots))]
    whole = series.joined(cubes, names, gaps=gaps)
    return whole.assign_attrs(time_from=cubes[0].attrs["time_from"])


def _cube(
    snapshot: Snapshot,
    chunks: Mapping[str, int],
    grid: Grid,
    start: np.datetime64 | None,
    *,
    alone: bool,
) -> xr.Dataset:
    """Open one snapshot."""
    _check(snapshot)
    attrs = _described(snapshot)
    cells: BlockGrid | tuple[slice, slice, slice]
    if snapshot.irregular:
        cells = blocks_of(snapshot)
        axes = _nodes(cells, grid)
        attrs |= {"grid": described(axes), "resampled": _origin(cells)}
    else:
        axes, cells, note = regular(snapshot)
        attrs |= {"grid_note": note} if note else {}
    body = snapshot.parameters.get("r", 0.0)
    found = {
        name: xr.DataArray(
            lazy(
                snapshot, source, axes, cells=cells, body=body, chunks=chunks
            ),
            dims=("z", "y", "x"),
        )
        for name, source in units.sources(snapshot).items()
    }
    if "r" not in snapshot.parameters:  # boxes have zeros in the body
        plasma = found["n"] > 0.0
        found = {name: array.where(plasma) for name, array in found.items()}
    if "t" in found:
        # p [nPa] = n [cm-3] k T [K]
        found["p"] = found["n"] * found["t"] * np.float32(BOLTZMANN * 1e15)
    elif "pe" in found:
        found["p"] = found["p"] + found["pe"]
    raw = xr.Dataset({n: found[n] for n in UNITS}, axes)
    time, began, source = units.moment(snapshot, start, alone=alone)
    attrs["time_from"] = source
    if time is not None:
        raw = raw.expand_dims(time=[time])
    if began is not None:
        attrs["run_start"] = str(began)
    return gathered(raw.assign_attrs(attrs))


def _check(snapshot: Snapshot) -> None:
    """Refuse what makes no cube."""
    names, parameters = snapshot.names, snapshot.parameters
    if snapshot.axes != 3 or names[:3] != COMPONENTS:
        raise ValueError(
            f"it has the axes {', '.join(names[: snapshot.axes])}; a cube "
            "needs x, y and z: write a box or a 3d plot instead of a cut"
        )
    turned = [
        parameters.get(f"rot{j + 1}{i + 1}", _ROTATION[j, i])
        for j in range(3)
        for i in range(3)
    ]
    if not np.allclose(turned, _ROTATION.ravel(), atol=1e-4):
        raise ValueError(
            "its box is rotated (Rot11 to Rot33), so that its axes are of no "
            "frame known here; write the box without rotation"
        )
    radius = parameters.get("xsi", EARTH_RADIUS * 1e3) / 1e3
    if abs(radius / EARTH_RADIUS - 1.0) > _EARTH_LIKE:
        raise ValueError(
            f"its unit of length is {radius:g} km (xSI), which is not "
            f"Earth's radius of {EARTH_RADIUS} km"
        )


def _nodes(blocks: BlockGrid, grid: Grid) -> dict[str, np.ndarray]:
    limits = {
        name: (float(low), float(high))
        for name, (low, high) in zip(COMPONENTS, blocks.limits(), strict=True)
    }
    # Six digits: the size is known from coordinates in single precision.
    finest = float(f"{blocks.finest.min():.6g}")
    return grid.within(limits, finest)


def _origin(blocks: BlockGrid) -> str:
    finest = blocks.finest.min()
    coarsest = finest * 2 ** int(blocks.places[:, 3].max())
    return (
        f"trilinear, from {len(blocks.codes)} blocks with cells of "
        f"{finest:.4g} to {coarsest:.4g} R_E"
    )


def _described(snapshot: Snapshot) -> dict[str, object]:
    """Say what was seen in a file."""
    parameters = snapshot.parameters
    kind = "block-adaptive" if snapshot.irregular else "regular"
    attrs: dict[str, object] = {
        "model": "BATS-R-US",
        "file_kind": f"{kind}, {snapshot.precision}",
        "iteration": snapshot.step,
        "inner_boundary_from": "the file"
        if "r" in parameters
        else "where the density of the file is zero",
    }
    if "r" in parameters:
        attrs["inner_boundary"] = parameters["r"]
    if "g" in parameters:
        attrs["gamma"] = parameters["g"]
    if "th" in parameters:
        # The file counts it positive away from the Sun.
        attrs["dipole_tilt"] = 0.0 - float(np.degrees(parameters["th"]))
    if "xsi" in parameters:
        radius = parameters["xsi"] / 1e3
        attrs["earth_radius"] = radius
        if abs(radius - EARTH_RADIUS) > 0.1:
            attrs["earth_radius_note"] = _EARTH_NOTE.format(
                radius, radius / EARTH_RADIUS - 1.0
            )
    return attrs
