"""The aurora on a magnetic map over the pole, with its edges and the Sun."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.retrieval import polar_cap
from smile_explore.schema import OVAL, POLAR_CAP, UV_MAP
from smile_explore.views import _polar_map
from smile_explore.views._uv_picture import (
    EDGE,
    GROUND,
    SUN,
    limits,
    picture_of,
    remark,
)
from smile_explore.views.box import Box
from smile_explore.views.style import (
    PICKED,
    SMILE,
    Layers,
    at,
    dimension,
    note,
    picture,
    pretty,
)

__all__ = ["boxed", "hour", "layers", "picked", "polar_map", "sector"]


def polar_map(
    uv_map: xr.Dataset,
    time: np.datetime64,
    *,
    oval: xr.Dataset | None = None,
    cap: xr.Dataset | None = None,
    trajectory: xr.Dataset | None = None,
    mlt: float | None = None,
    box: Box | None = None,
) -> hv.Overlay:
    """Return the map over the pole, noon up and dawn at the right.

    Parameters
    ----------
    uv_map : xarray.Dataset (UV_MAP)
        A series along `time`, with or without dayglow.
    time : numpy.datetime64
        The nearest of every series is shown.
    oval : xarray.Dataset (OVAL), optional
        Its edges, with their uncertainties as spokes.
    cap : xarray.Dataset (POLAR_CAP), optional
        Drawn as a dashed line.
    trajectory : xarray.Dataset (TRAJECTORY), optional
        Of SMILE, for the foot of the dipole line through it.
    mlt : float, optional
        A local time that was picked. [h]
    box : Box, optional
        That was drawn: the sector that it lies in is framed.

    Raises
    ------
    ValueError
        If `time` is outside a series.
    """
    now = layers(uv_map, time, oval=oval, cap=cap, trajectory=trajectory)
    axes = [hv.Dimension("x"), hv.Dimension("y")]
    centres = _polar_map.pixel_centres()
    pixels = picture_of(
        (centres, centres, now["radiance"]["image"][0]),
        axes,
        dimension(UV_MAP, "radiance"),
        now["colours"],
        "radiance",
        [],
    )
    parts: list[hv.Element] = [_ground(axes), pixels]
    for label, (kind, options) in _LINES.items():
        if label in now:
            parts.append(kind(now[label], *axes, label=label).opts(**options))
    ray = hv.Curve(picked(mlt)["picked"], *axes, label="picked")
    wedge = hv.Curve(boxed(box)["box"], *axes, label="box")
    for line in (ray, wedge):
        parts.append(line.opts(color=PICKED, line_width=2.0, line_alpha=0.9))
    parts += [_frame(axes), *_labels(axes), note(axes, now["note"], "note")]
    # room for the hours around the map
    reach = (90.0 - _polar_map.LOWEST) * 1.12
    return picture(
        parts,
        title=f"Aurora over the pole [{pretty('R')}]",
        xlim=(-reach, reach),
        ylim=(-reach, reach),
    ).opts(xaxis=None, yaxis=None, data_aspect=1)


_LINES: dict[str, tuple[type[hv.Element], dict[str, Any]]] = {
    "coastlines": (
        hv.Curve,
        {"color": "#FFFFFF", "line_width": 0.8, "line_alpha": 0.65},
    ),
    "terminator": (
        hv.Curve,
        {"color": SUN, "line_width": 1.6, "line_dash": "dashed"},
    ),
    "polar cap": (
        hv.Curve,
        {"color": "#FFFFFF", "line_width": 2.0, "line_dash": "dotted"},
    ),
    "equatorward error": (
        hv.Curve,
        {"color": EDGE["equatorward"], "line_width": 1.4},
    ),
    "poleward error": (
        hv.Curve,
        {"color": EDGE["poleward"], "line_width": 1.4},
    ),
    "equatorward": (
        hv.Scatter,
        {"color": EDGE["equatorward"], "line_color": "#444444", "size": 6},
    ),
    "poleward": (
        hv.Scatter,
        {"color": EDGE["poleward"], "line_color": "white", "size": 6},
    ),
    "SMILE": (
        hv.Scatter,
        {
            "color": SMILE,
            "line_color": "white",
            "size": 11,
            "marker": "diamond",
        },
    ),
}


def layers(
    uv_map: xr.Dataset,
    time: np.datetime64,
    *,
    oval: xr.Dataset | None = None,
    cap: xr.Dataset | None = None,
    trajectory: xr.Dataset | None = None,
) -> Layers:
    """Return the columns of `polar_map` that change with time."""
    UV_MAP.check(uv_map)
    now = at(uv_map, time)
    shown = _polar_map.raster(
        now["radiance"].values, now["mlat"].values, now["mlt"].values
    )
    moment = np.datetime64(now["time"].item(), "ns")
    columns: dict[str, dict[str, Any]] = {
        "radiance": {"image": [shown]},
        "colours": limits(shown),
        "coastlines": _polar_map.coastlines(moment),
        "terminator": _polar_map.terminator(moment),
        "note": {
            "x": [-1.12 * (90.0 - _polar_map.LOWEST)],
            "y": [1.12 * (90.0 - _polar_map.LOWEST)],
            # short, for noon stands beside it
            "text": [remark(uv_map, now, "radiance").partition(", not")[0]],
        },
    }
    if oval is not None:
        columns |= _edges(at(oval, time))
    if cap is not None:
        POLAR_CAP.check(cap)
        hours = np.linspace(0.0, 24.0, 145)
        mlat = polar_cap.rim(at(cap, time), hours).values
        x, y = _polar_map.place(mlat, hours)
        columns["polar cap"] = {"x": x, "y": y}
    if trajectory is not None:
        place = at(trajectory, time)["position"]
        columns["SMILE"] = _polar_map.footpoint(place)
    return columns


def picked(mlt: float | None) -> Layers:
    """Return the columns of `polar_map` that change with the local time."""
    hour = np.nan if mlt is None else mlt
    x, y = _polar_map.place([_polar_map.LOWEST, 88.0], [hour, hour])
    return {"picked": {"x": x, "y": y}}


def boxed(box: Box | None) -> Layers:
    """Return the columns of `polar_map` that change with the box."""
    if box is None or box.on("polar map") is None:
        return {"box": {"x": [np.nan], "y": [np.nan]}}
    middle, width = sector(box, 0.0).values()
    hours = middle + width * np.linspace(-0.5, 0.5, 49)
    mlat = np.full(49, _polar_map.LOWEST)
    if width < 24.0:  # and back to the pole
        hours = np.concatenate([hours[:1], hours, hours[-1:]])
        mlat = np.concatenate([[88.0], mlat, [88.0]])
    x, y = _polar_map.place(mlat, hours)
    return {"box": {"x": x, "y": y}}


def sector(box: Box | None, mlt: float) -> dict[str, float]:
    """Return the local times that a box reaches over.

    Parameters
    ----------
    box : Box or None
    mlt : float
        The middle of the hour that is taken where no box was drawn. [h]

    Returns
    -------
    sector : dict
        ``mlt`` and ``width``, as `retrieval.oval.keogram` takes them: all
        hours where the pole lies in the box. [h]
    """
    if box is None or box.on("polar map") is None:
        return {"mlt": mlt, "width": 1.0}
    if box.x[0] < 0.0 < box.x[1] and box.y[0] < 0.0 < box.y[1]:
        return {"mlt": 12.0, "width": 24.0}
    middle = hour(sum(box.x) / 2.0, sum(box.y) / 2.0)
    x, y = np.meshgrid(box.x, box.y)
    away = (hour(x, y) - middle + 12.0) % 24.0 - 12.0
    low, high = float(away.min()), float(away.max())
    return {
        "mlt": float((middle + (low + high) / 2.0) % 24.0),
        "width": max(high - low, 1.0),
    }


def hour(x: ArrayLike, y: ArrayLike) -> Any:
    """Return the local time of places on the map. [h]."""
    return (np.degrees(np.arctan2(y, x)) / 15.0 + 6.0) % 24.0


def _edges(oval: xr.Dataset) -> dict[str, dict[str, Any]]:
    OVAL.check(oval)
    hours = oval["mlt"].values
    columns = {}
    for name in EDGE:
        mlat, error = oval[name].values, oval[f"{name}_uncertainty"].values
        x, y = _polar_map.place(mlat, hours)
        columns[name] = {"x": x, "y": y}
        columns[f"{name} error"] = _polar_map.spokes(hours, mlat, error)
    return columns


def _ground(axes: list[hv.Dimension]) -> hv.Polygons:
    """Draw the disc that shows where nothing was seen."""
    hours = np.linspace(0.0, 24.0, 181)
    x, y = _polar_map.place(np.full_like(hours, _polar_map.LOWEST), hours)
    return hv.Polygons([{"x": x, "y": y}], axes, label="ground").opts(
        color=GROUND, line_color=None
    )


def _frame(axes: list[hv.Dimension]) -> hv.Curve:
    return hv.Curve(_polar_map.frame(), *axes, label="frame").opts(
        color="#808080", line_width=0.7, line_alpha=0.8
    )


def _labels(axes: list[hv.Dimension]) -> list[hv.Labels]:
    """Hours around the map and latitudes beside a line."""
    options = {"text_font_size": "11px", "show_legend": False}
    reach = (90.0 - _polar_map.LOWEST) * 1.055
    angles = [np.radians((hour - 6) * 15.0) for hour in _polar_map.HOURS]
    hours = {
        "x": [reach * np.cos(a) for a in angles],
        "y": [reach * np.sin(a) for a in angles],
        "text": list(_polar_map.HOURS.values()),
    }
    x, y = _polar_map.place(_polar_map.CIRCLES, 22.5)
    circles = {
        "x": x,
        "y": y,
        "text": [f"{lat}°" for lat in _polar_map.CIRCLES],
    }
    return [
        hv.Labels(hours, axes, "text", label="hours").opts(
            text_color="#222222", **options
        ),
        hv.Labels(circles, axes, "text", label="circles").opts(
            text_color="white", **options
        ),
    ]
