"""The path of the field's tip through a boundary, in its own axes."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.retrieval.crossings import INTERVAL, interval_of
from smile_explore.schema import MAGNETIC_FIELD
from smile_explore.views.style import (
    Layers,
    check_choice,
    dimension,
    note,
    picture,
)

__all__ = ["PLANES", "hodogram", "layers"]

#: Across and up, as hodograms are drawn.
PLANES = {"LM": ("M", "L"), "LN": ("N", "L")}
_PATH = "#333333"


def hodogram(
    field: xr.Dataset,
    crossings: xr.Dataset,
    time: np.datetime64,
    *,
    plane: str = "LM",
    brief: bool = False,
) -> hv.Overlay:
    """Return the path of the field's tip through the crossing at `time`.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
    crossings : xarray.Dataset (CROSSINGS)
        The one nearest to `time` is shown, over the interval that its normal
        was found in.
    time : numpy.datetime64
        Where the clock stands; a dot is the field then.
    plane : {"LM", "LN"}
        Of the boundary, or across it: N is the normal, L the direction in
        the boundary in which the field varies most.
    brief : bool
        Write only when the crossing was.

    Raises
    ------
    ValueError
        If there is no such plane.
    """
    check_choice("plane", plane, PLANES)
    axes = [
        dimension(MAGNETIC_FIELD, "magnetic_field", f"B{one}", key=one)
        for one in PLANES[plane]
    ]
    now = layers(field, crossings, time, plane=plane, brief=brief)
    path = hv.Curve(now["path"], *axes, label="path")
    start = hv.Scatter(now["start"], *axes, label="start")
    clock_at = hv.Scatter(now["now"], *axes, label="now")
    reach = _reach(field, crossings)
    return picture(
        [
            path.opts(color=_PATH, line_width=1.4, aspect="equal"),
            start.opts(color="#FFFFFF", line_color=_PATH, size=8),
            clock_at.opts(color="#CC3311", line_color="white", size=9),
            note(axes, now["note"], "note"),
        ],
        title=f"Hodogram {plane}",
        xlim=(-reach, reach),
        ylim=(-reach, reach),
    )


def layers(
    field: xr.Dataset,
    crossings: xr.Dataset,
    time: np.datetime64,
    *,
    plane: str = "LM",
    brief: bool = False,
) -> Layers:
    """Return the columns of `hodogram` that change with time."""
    across, up = PLANES[plane]
    reach = _reach(field, crossings)
    corner = {across: [-0.96 * reach], up: [0.96 * reach]}
    empty: dict[str, Any] = {across: np.empty(0), up: np.empty(0)}
    if not crossings.sizes["crossing"]:
        return {
            "path": empty,
            "start": empty,
            "now": empty,
            "note": corner | {"text": ["no crossing was found"]},
        }
    row = crossings.isel(
        crossing=int(abs(crossings["time"].values - time).argmin())
    )
    part = _part(field, crossings, row["time"].values)
    seen = _turned(part, row)
    step = int(abs(part["time"].values - time).argmin()) if len(seen) else 0
    first, last = part["time"].values[[0, -1]] if len(seen) else (time, time)
    inside = len(seen) and first <= time <= last
    x, y = (seen[:, "LMN".index(one)] for one in (across, up))
    return {
        "path": {across: x, up: y},
        "start": {across: x[:1], up: y[:1]},
        "now": {across: x[step:][:1], up: y[step:][:1]} if inside else empty,
        "note": corner | {"text": [_when(row) if brief else _remark(row)]},
    }


def _part(field: xr.Dataset, crossings: xr.Dataset, time: Any) -> xr.Dataset:
    return interval_of(
        field, time, float(crossings.attrs.get("interval", INTERVAL))
    )


def _turned(part: xr.Dataset, row: xr.Dataset) -> np.ndarray:
    """Return L, M and N of the field, by column."""
    normal, most = row["normal"].values, row["tangent"].values
    axes = np.stack([most, np.cross(normal, most), normal])
    vectors = part["magnetic_field"].transpose("time", "component").values
    return vectors @ axes.T


def _reach(field: xr.Dataset, crossings: xr.Dataset) -> float:
    """Return a limit of the axes that holds for every crossing."""
    strengths = [
        np.linalg.norm(
            _part(field, crossings, when)["magnetic_field"].values, axis=-1
        )
        for when in crossings["time"].values
    ]
    every = np.concatenate([*strengths, [0.0]])
    return 1.15 * float(np.nanmax(every)) or 1.0


def _when(row: xr.Dataset) -> str:
    return str(np.datetime_as_string(row["time"].values, unit="s")[11:])


def _remark(row: xr.Dataset) -> str:
    words = f"{row['boundary'].item()} {row['direction'].item()}".strip()
    turn, along = row["normal_uncertainty"].item(), row["normal_field"].item()
    parts = [f"{_when(row)} {words}"]
    if np.isfinite(along):
        parts.append(f"BN {along:.1f} nT")
    if np.isfinite(turn):
        parts.append(f"normal ± {turn:.1f}°")
    return ", ".join(parts)
