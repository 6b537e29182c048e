"""Noon-midnight and equatorial cuts through the cube, seen with SMILE."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments import camera, sxi
from smile_explore.instruments.footpoints import dipole_line, equatorial
from smile_explore.observations import Observations
from smile_explore.schema import CUTS
from smile_explore.views._kept import kept
from smile_explore.views.style import (
    BOUNDARY,
    PICKED,
    SMILE,
    Layers,
    at,
    check_choice,
    colour_bar,
    dimension,
    note,
    picture,
    pretty,
)

__all__ = ["cut", "layers", "picked"]

_SIDE = {"noon": "z", "equator": "y"}
_LIMITS = {"density": (1.0, 300.0), "emissivity": (1e-7, 1e-3)}
_COLOURS = {"density": "viridis", "emissivity": "inferno"}
#: How far lines of sight are drawn. [R_E]
_REACH = 45.0


def cut(
    observations: Observations,
    time: np.datetime64,
    *,
    plane: str = "noon",
    quantity: str = "density",
    sight: xr.Dataset | None = None,
    mlt: float | None = None,
) -> hv.Overlay:
    """Return one plane of the cube with boundaries, SMILE and its view.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        The nearest computed time is shown.
    plane : {"noon", "equator"}
        The plane y = 0 or z = 0.
    quantity : {"density", "emissivity"}
        What is coloured.
    sight : xarray.Dataset (SIGHT), optional
        Of a pixel that was picked: its line of sight, projected.
    mlt : float, optional
        Of a sector of the oval that was picked: where its edges map to in
        the magnetic equator, along the dipole. [h]

    Raises
    ------
    ValueError
        If there is no such plane or quantity, or `time` is outside the event.
    """
    check_choice("plane", plane, _SIDE)
    check_choice("quantity", quantity, _LIMITS)
    cuts, side = observations.cuts, _SIDE[plane]
    axes = [dimension(CUTS, "x"), dimension(CUTS, side)]
    now = layers(observations, time, plane=plane, quantity=quantity, mlt=mlt)
    lines = [
        hv.Curve(now[name], *axes, label=name).opts(
            color=colour, line_width=1.8
        )
        for name, colour in BOUNDARY.items()
    ]
    view = hv.Curve(now["field of view"], *axes, label="field of view")
    boresight = hv.Curve(now["boresight"], *axes, label="boresight")
    smile = hv.Scatter(now["SMILE"], *axes, label="SMILE")
    return picture(
        [
            _field(now[quantity]["image"][0], cuts, axes, plane, quantity),
            *lines,
            view.opts(color="#FFFFFF", line_alpha=0.75, line_width=1),
            boresight.opts(
                color="#FFFFFF", line_dash="dotted", line_width=1.4
            ),
            _ray(sight, axes, plane),
            hv.Curve(now["field line"], *axes, label="field line").opts(
                color=SMILE, line_width=1.6, line_dash="dashed"
            ),
            hv.Curve(now["oval maps to"], *axes, label="oval maps to").opts(
                color=PICKED, line_width=3.0
            ),
            smile.opts(color=SMILE, line_color="white", size=10),
            _earth(axes),
            note(axes, now["model"], "model"),
        ],
        title=_title(plane, quantity),
        xlim=(float(cuts.x[0]), float(cuts.x[-1])),
        ylim=(float(cuts[side][0]), float(cuts[side][-1])),
    )


def layers(
    observations: Observations,
    time: np.datetime64,
    *,
    plane: str = "noon",
    quantity: str = "density",
    mlt: float | None = None,
) -> Layers:
    """Return the columns of `cut` that change with time."""
    side = _SIDE[plane]
    # Only what is shown: to select a time of the rest takes longer than it.
    names = [f"{quantity}_{plane}", f"boundary_{plane}"]
    cuts = at(observations.cuts[names], time)
    theta = np.deg2rad(cuts.theta.values)
    radius = cuts[f"boundary_{plane}"].transpose("boundary", "theta").values
    columns: dict[str, dict[str, Any]] = {
        quantity: {"image": [cuts[f"{quantity}_{plane}"].values]},
        "model": {
            "x": [float(cuts.x[0]) + 0.3],
            side: [float(cuts[side][-1]) - 0.3],
            "text": [f"simulated: {cuts.model.item()}"],
        },
    }
    for name, r in zip(cuts.boundary.values, radius, strict=True):
        columns[str(name)] = {"x": r * np.cos(theta), side: r * np.sin(theta)}
    columns["oval maps to"] = _mapped(observations, time, mlt, side)
    return columns | _spacecraft(observations.pointing, time, side)


def _mapped(
    observations: Observations,
    time: np.datetime64,
    mlt: float | None,
    side: str,
) -> dict[str, np.ndarray]:
    """Return where both edges of the oval at a local time map to."""
    if mlt is None or not observations.oval:
        return {"x": np.array([np.nan]), side: np.array([np.nan])}
    places = _edges_mapped(observations.oval, time, mlt)
    return {"x": places[:, 0], side: places[:, "xyz".index(side)]}


@kept
def _edges_mapped(
    oval: xr.Dataset, time: np.datetime64, mlt: float
) -> np.ndarray:
    now = at(oval[["poleward", "equatorward"]], time)
    edges = now.sel(mlt=mlt, method="nearest")
    mlat = [edges.poleward.item(), edges.equatorward.item()]
    return equatorial(mlat, [edges.mlt.item()] * 2, time).values


def picked(sight: xr.Dataset | None, *, plane: str = "noon") -> Layers:
    """Return the columns of `cut` that change with the picked pixel."""
    side = _SIDE[plane]
    if sight is None:
        return {"line of sight": {"x": [np.nan], side: [np.nan]}}
    ends = sight.position.isel(distance=[0, -1])
    return {
        "line of sight": {
            name: ends.sel(component=name).values for name in ("x", side)
        }
    }


def _ray(
    sight: xr.Dataset | None, axes: list[hv.Dimension], plane: str
) -> hv.Curve:
    ray = picked(sight, plane=plane)["line of sight"]
    return hv.Curve(ray, *axes, label="line of sight").opts(
        color=PICKED, line_width=2.2
    )


def _spacecraft(
    pointing: xr.Dataset, time: np.datetime64, side: str
) -> dict[str, dict[str, Any]]:
    return {
        name: {"x": line[:, 0], side: line[:, "xyz".index(side)]}
        for name, line in _in_space(pointing, time).items()
    }


@kept
def _in_space(
    pointing: xr.Dataset, time: np.datetime64
) -> dict[str, np.ndarray]:
    """Return SMILE, where it looks and its field line, (point, 3) each."""
    now = at(pointing[["position", "boresight", "up"]], time)
    position = now.position.values
    lon, lat = sxi.SXI.fov_lon / 2, sxi.SXI.fov_lat / 2
    corners = camera.unproject(
        xr.DataArray([-lon, lon, lon, -lon], dims="corner"),
        xr.DataArray([-lat, -lat, lat, lat], dims="corner"),
        now,
    ).transpose("corner", "component")
    ends = corners.values * _REACH + position
    end = now.boresight.values * _REACH + position
    gap = np.full(3, np.nan)
    return {
        "SMILE": position[None],
        "field of view": np.concatenate(
            [[position, one, gap] for one in ends]
        ),
        "boresight": np.stack([position, end]),
        "field line": dipole_line(now.position).values,
    }


def _field(
    values: np.ndarray,
    cuts: xr.Dataset,
    axes: list[hv.Dimension],
    plane: str,
    quantity: str,
) -> hv.Image:
    name = f"{quantity}_{plane}"
    unit = pretty(CUTS.variables[name].units)
    coordinates = (cuts.x.values, cuts[_SIDE[plane]].values)
    value = dimension(CUTS, name, key=quantity)
    return hv.Image((*coordinates, values), axes, value, label=quantity).opts(
        cmap=_COLOURS[quantity],
        clim=_LIMITS[quantity],
        logz=True,
        clipping_colors={"NaN": "#BBBBBB"},
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[
            ("x", "$x{0.0} Rᴇ"),
            (_SIDE[plane], "$y{0.0} Rᴇ"),
            (quantity, f"@image{{0.00e+0}} {unit}"),
        ],
    )


def _earth(axes: list[hv.Dimension]) -> hv.Curve:
    around = np.linspace(0.0, 2.0 * np.pi, 61)
    circle = {axes[0].name: np.cos(around), axes[1].name: np.sin(around)}
    return hv.Curve(circle, *axes, label="Earth").opts(
        color="#0072B2", line_width=3
    )


def _title(plane: str, quantity: str) -> str:
    unit = pretty(CUTS.variables[f"{quantity}_{plane}"].units)
    where = "y = 0" if plane == "noon" else "z = 0"
    return f"{quantity.capitalize()} [{unit}], {where}"
