"""SMILE's orbit in the three planes of GSE, with boundaries and boresight."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.instruments import orbit
from smile_explore.instruments.footpoints import dipole_line
from smile_explore.instruments.surroundings import (
    NOMINAL,
    boundary_radii,
    wind_at,
)
from smile_explore.schema import POINTING, TRAJECTORY
from smile_explore.views._kept import kept
from smile_explore.views.keogram import MODES
from smile_explore.views.style import (
    METHOD,
    SMILE,
    Layers,
    at,
    check_choice,
    note,
    picture,
)

__all__ = ["PLANES", "layers", "plane"]

#: By name: what is across and up, with the place of each in a vector.
PLANES = {"xy": ("x", "y"), "xz": ("x", "z"), "yz": ("y", "z")}
#: Colours of the boundaries.
BOUNDARY = {"magnetopause": METHOD["Lin 2010"], "bow shock": "#333333"}
#: Half the side of the picture. [R_E]
REACH = 24.0
# How much of a long trajectory is shown: one orbit, of 51 h.
_HALF_ORBIT = np.timedelta64(1530, "m")
_BORESIGHT = 30.0
_THETA = np.arange(0.0, 140.1, 2.0)
_AROUND = np.arange(0.0, 360.1, 5.0)


def plane(
    trajectory: xr.Dataset,
    time: np.datetime64,
    *,
    plane: str = "xy",
    pointing: xr.Dataset | None = None,
    solar_wind: xr.Dataset = NOMINAL,
    legend: str = "",
) -> hv.Overlay:
    """Return one orbit around a moment, projected on a plane of GSE.

    Parameters
    ----------
    trajectory : xarray.Dataset (TRAJECTORY)
        A series along `time`, in GSM or GSE. Of a long one 51 h are shown.
    time : numpy.datetime64
        Where the clock stands.
    plane : {"xy", "xz", "yz"}
        The boundaries are those of the plane z = 0, of y = 0, and at SMILE's
        own x.
    pointing : xarray.Dataset (POINTING), optional
        Of SXI: its boresight is drawn.
    solar_wind : xarray.Dataset (SOLAR_WIND)
        That makes the boundaries.
    legend : str
        Where to explain the lines, such as ``"right"``; by default nowhere.

    Raises
    ------
    ValueError
        If there is no such plane, or `time` is outside the trajectory.
    """
    check_choice("plane", plane, PLANES)
    now = layers(
        trajectory,
        time,
        plane=plane,
        pointing=pointing,
        solar_wind=solar_wind,
    )
    axes = [
        hv.Dimension((axis, f"{axis.upper()} GSE [Rᴇ]"))
        for axis in PLANES[plane]
    ]
    parts = [
        hv.Curve(now[name], *axes, label=name).opts(color=colour, line_width=3)
        for name, colour in MODES.items()
    ]
    parts += [
        hv.Curve(now[name], *axes, label=name).opts(
            color=colour, line_width=1.8
        )
        for name, colour in BOUNDARY.items()
    ]
    sight = hv.Curve(now["boresight"], *axes, label="boresight")
    down = hv.Curve(now["field line"], *axes, label="field line")
    smile = hv.Scatter(now["SMILE"], *axes, label="SMILE")
    return picture(
        [
            *parts,
            sight.opts(color=SMILE, line_dash="dotted", line_width=1.6),
            *_earth(axes),
            down.opts(color=SMILE, line_width=1.6, line_dash="dashed"),
            smile.opts(color=SMILE, line_color="white", size=10),
            note(axes, now["note"], "note"),
        ],
        title=f"Orbit, {plane.upper()} of GSE [Rᴇ]",
        xlim=(-REACH, REACH),
        ylim=(-REACH, REACH),
        legend=legend,
    ).opts(show_grid=True)


def layers(
    trajectory: xr.Dataset,
    time: np.datetime64,
    *,
    plane: str = "xy",
    pointing: xr.Dataset | None = None,
    solar_wind: xr.Dataset = NOMINAL,
) -> Layers:
    """Return the columns of `plane` that change with time."""
    TRAJECTORY.check(trajectory)
    across, up = ("xyz".index(axis) for axis in PLANES[plane])
    now = at(trajectory[["position", "velocity"]], time)
    here = _gse(now["position"])
    radii = _radii(solar_wind, now["time"], plane)
    columns: dict[str, dict[str, Any]] = {
        **_modes(trajectory, time, plane),
        **{
            name: _columns(plane, *_outline(radius, plane, here[0]))
            for name, radius in zip(BOUNDARY, radii, strict=True)
        },
        "SMILE": _columns(plane, here[[across]], here[[up]]),
        "boresight": _sight(pointing, time, here, plane),
        "field line": _field_line(now["position"], plane),
        "note": {
            PLANES[plane][0]: [-0.98 * REACH],
            PLANES[plane][1]: [0.98 * REACH],
            "text": [_remark(here, plane)],
        },
    }
    return columns


def _gse(vector: xr.DataArray) -> np.ndarray:
    """Return components of a vector in GSE, along the last axis."""
    return frames.rotate(vector, to="GSE").transpose(..., "component").values


def _modes(
    trajectory: xr.Dataset, time: np.datetime64, plane: str
) -> dict[str, dict[str, np.ndarray]]:
    """Return the orbit in parts by mode, each with gaps for the others."""
    times = trajectory["time"].values
    start = np.searchsorted(times, time - _HALF_ORBIT)
    stop = np.searchsorted(times, time + _HALF_ORBIT, side="right")
    columns = ["xyz".index(axis) for axis in PLANES[plane]]
    parts = _parts(trajectory, int(start), int(stop))
    return {
        name: _columns(plane, *place[:, columns].T)
        for name, place in parts.items()
    }


@kept
def _parts(
    trajectory: xr.Dataset, start: int, stop: int
) -> dict[str, np.ndarray]:
    """Return places by mode, (time, 3) each: the same in every plane."""
    near = trajectory.isel(time=slice(start, stop))
    mode = orbit.mode(near).values
    place = _gse(near["position"])
    parts = {}
    for name in MODES:
        inside = mode == name
        # up to where the next mode begins, so that the line is whole
        inside[:-1] |= inside[1:]
        parts[name] = np.where(inside[:, None], place, np.nan)
    return parts


def _radii(
    solar_wind: xr.Dataset, time: xr.DataArray, plane: str
) -> tuple[np.ndarray, np.ndarray]:
    """Distances of both boundaries, (phi, theta) of the plane in GSE."""
    moment = time.values
    turn = frames.matrices(moment, of="GSE", to="GSM")
    # GSE's Y stands at this angle from GSM's, around the X that they share
    lean = np.degrees(np.arctan2(turn[2, 1], turn[1, 1]))
    around = {"xy": [0.0, 180.0], "xz": [90.0, 270.0], "yz": _AROUND}[plane]
    phi = np.asarray(around)[:, None] + lean
    magnetopause, bow_shock = boundary_radii(
        _THETA,
        phi,
        wind_at(solar_wind, time),
        float(frames.dipole_tilt(moment)),
    )
    return magnetopause, np.broadcast_to(bow_shock, magnetopause.shape)


def _outline(
    radius: np.ndarray, plane: str, x_here: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the line in which a boundary meets the plane."""
    theta = np.radians(_THETA)
    x, side = radius * np.cos(theta), radius * np.sin(theta)
    if plane != "yz":
        return (
            np.r_[x[1, ::-1], x[0]],
            np.r_[-side[1, ::-1], side[0]],
        )
    # x falls along theta: where does it pass SMILE's?
    reach = np.array(
        [
            np.interp(-x_here, -one, other, left=np.nan, right=np.nan)
            for one, other in zip(x, side, strict=True)
        ]
    )
    around = np.radians(_AROUND)
    return reach * np.cos(around), reach * np.sin(around)


def _sight(
    pointing: xr.Dataset | None,
    time: np.datetime64,
    here: np.ndarray,
    plane: str,
) -> dict[str, np.ndarray]:
    if pointing is None:
        return _columns(plane, *np.full((2, 2), np.nan))
    POINTING.check(pointing)
    names = ["position", "boresight", "up"]
    end = here + _BORESIGHT * _gse(at(pointing[names], time)["boresight"])
    line = np.stack([here, end])
    return _columns(
        plane, *(line[:, "xyz".index(axis)] for axis in PLANES[plane])
    )


def _field_line(position: xr.DataArray, plane: str) -> dict[str, np.ndarray]:
    """Return the dipole line that leads from SMILE to the aurora."""
    line = _gse(dipole_line(position))
    return _columns(
        plane, *(line[:, "xyz".index(axis)] for axis in PLANES[plane])
    )


def _columns(
    plane: str, across: np.ndarray, up: np.ndarray
) -> dict[str, np.ndarray]:
    return dict(zip(PLANES[plane], (across, up), strict=True))


def _remark(here: np.ndarray, plane: str) -> str:
    # short, for a panel may be small
    if plane == "yz":
        return f"cut at x = {here[0]:.1f} Rᴇ"
    x, y, z = here
    return f"{np.linalg.norm(here):.1f} Rᴇ: ({x:.1f}, {y:.1f}, {z:.1f})"


def _earth(axes: list[hv.Dimension]) -> list[hv.Element]:
    """Return the Earth, with its night side dark where it is seen."""
    around = np.linspace(0.0, 2.0 * np.pi, 61)
    disc = {axes[0].name: np.cos(around), axes[1].name: np.sin(around)}
    parts = [
        hv.Polygons([disc], axes, label="Earth").opts(
            color="#9ecae1", line_color="#0072B2", show_legend=False
        )
    ]
    if axes[0].name == "x":
        half = np.linspace(np.pi / 2.0, 1.5 * np.pi, 31)
        night = {axes[0].name: np.cos(half), axes[1].name: np.sin(half)}
        parts.append(
            hv.Polygons([night], axes, label="night").opts(
                color="#333333", line_color=None, show_legend=False
            )
        )
    return parts
