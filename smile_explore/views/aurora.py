"""The aurora as UVI's camera sees it, and what one of its pixels holds."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments import uvi
from smile_explore.instruments.camera import Camera
from smile_explore.schema import UVI_IMAGE
from smile_explore.views import _in_image
from smile_explore.views._uv_picture import (
    EDGE,
    GROUND,
    SUN,
    camera,
    limits,
    picture_of,
    remark,
)
from smile_explore.views.box import Box, outline
from smile_explore.views.style import (
    PICKED,
    SMILE,
    Layers,
    at,
    check_choice,
    dimension,
    note,
    picked_mark,
    picture,
    pretty,
)

__all__ = ["area", "boxed", "image", "layers", "picked", "pixel"]

#: Of the left column of a table.
HEAD = "padding-right:10px;white-space:nowrap"


def image(
    images: xr.Dataset,
    time: np.datetime64,
    *,
    quantity: str = "radiance",
    pointing: xr.Dataset | None = None,
    oval: xr.Dataset | None = None,
    spot: tuple[float, float] | None = None,
    box: Box | None = None,
) -> hv.Overlay:
    """Return UVI's image with coastlines, terminator and magnetic latitudes.

    Parameters
    ----------
    images : xarray.Dataset (UVI_IMAGE)
        A series along `time`.
    time : numpy.datetime64
        The nearest image is shown.
    quantity : {"radiance", "counts"}
    pointing : xarray.Dataset (POINTING), optional
        Of the camera, with which lines are drawn; without, those that the
        geometry of the pixels in `images` tells.
    oval : xarray.Dataset (OVAL), optional
        Its edges, drawn where there is a pointing.
    spot : (float, float), optional
        A place that was picked, ``(fov_lon, fov_lat)``. [deg]
    box : Box, optional
        Pixels that were picked.

    Raises
    ------
    ValueError
        If there is no such quantity, or `time` is outside the series.
    """
    now = layers(images, time, quantity=quantity, pointing=pointing, oval=oval)
    axes = [dimension(UVI_IMAGE, "fov_lon"), dimension(UVI_IMAGE, "fov_lat")]
    centres = images.fov_lon.values, images.fov_lat.values
    pixels = picture_of(
        (*centres, now[quantity]["image"][0]),
        axes,
        dimension(UVI_IMAGE, quantity),
        now["colours"],
        quantity,
        [("from the boresight", "$x{0.00}°, $y{0.00}°")],
    )
    drawn = [
        kind(now[label], *axes, label=label).opts(**options)
        for label, (kind, options) in _LINES.items()
        if label in now
    ]
    drawn.append(picked_mark(picked(spot)["picked"], axes))
    frame = hv.Curve(boxed(box)["box"], *axes, label="box")
    drawn.append(frame.opts(color=PICKED, line_width=2.0))
    unit = pretty(UVI_IMAGE.variables[quantity].units)
    ends = [_ends(images[name]) for name in ("fov_lon", "fov_lat")]
    return picture(
        [_ground(ends), pixels, *drawn, note(axes, now["note"], "note")],
        title=f"{camera(images)} {quantity} [{unit}]",
        xlim=ends[0],
        ylim=ends[1],
    ).opts(xlabel=axes[0].label, ylabel=axes[1].label)


_LINES: dict[str, tuple[type[hv.Element], dict[str, Any]]] = {
    "coastlines": (
        hv.Curve,
        {"color": "white", "line_width": 0.7, "line_alpha": 0.5},
    ),
    "latitudes": (
        hv.Curve,
        {"color": "#BBBBBB", "line_width": 0.7, "line_alpha": 0.7},
    ),
    "terminator": (
        hv.Curve,
        {"color": SUN, "line_width": 1.4, "line_dash": "dashed"},
    ),
    "SMILE": (
        hv.Scatter,
        {
            "color": SMILE,
            "line_color": "white",
            "size": 9,
            "marker": "diamond",
        },
    ),
    "equatorward": (
        hv.Scatter,
        {"color": EDGE["equatorward"], "line_color": "#444444", "size": 3},
    ),
    "poleward": (
        hv.Scatter,
        {"color": EDGE["poleward"], "line_color": "white", "size": 3.5},
    ),
}


def layers(
    images: xr.Dataset,
    time: np.datetime64,
    *,
    quantity: str = "radiance",
    pointing: xr.Dataset | None = None,
    oval: xr.Dataset | None = None,
) -> Layers:
    """Return the columns of `image` that change with time."""
    known = [name for name in ("radiance", "counts") if name in images]
    check_choice("quantity", quantity, known)
    now = at(images, time)
    # counts may be whole numbers, which know no NaN off the Earth
    values = now[quantity].where(now["radiance"].notnull()).values
    values = values.astype(np.float32, copy=False)
    columns: dict[str, dict[str, Any]] = {
        quantity: {"image": [values]},
        "colours": limits(values),
        "note": {
            "fov_lon": [float(now.fov_lon[0])],
            "fov_lat": [float(now.fov_lat[-1])],
            "text": [remark(images, now, quantity)],
        },
    }
    if pointing is None:
        return columns | {
            "terminator": _in_image.contours(
                now, "solar_zenith_angle", (90.0,)
            ),
            "latitudes": _in_image.contours(now, "mlat", _in_image.LATITUDES),
        }
    moment = np.datetime64(now["time"].item(), "ns")
    edges = None if oval is None else at(oval, time)
    return columns | _in_image.lines(moment, at(pointing, time), edges)


def picked(spot: tuple[float, float] | None) -> Layers:
    """Return the columns of `image` that change with the place picked."""
    lon, lat = (np.nan, np.nan) if spot is None else spot
    return {"picked": {"fov_lon": [lon], "fov_lat": [lat]}}


def boxed(box: Box | None) -> Layers:
    """Return the columns of `image` that change with the box."""
    return {"box": outline(box, "uvi", ("fov_lon", "fov_lat"))}


def _ground(ends: list[tuple[float, float]]) -> hv.Rectangles:
    """Draw what shows where there is no image."""
    (left, right), (low, high) = ends
    return hv.Rectangles([(left, low, right, high)], label="ground").opts(
        color=GROUND, line_color=None
    )


def _ends(axis: xr.DataArray) -> tuple[float, float]:
    """Return the outer edges of the first and the last pixel."""
    half = float(axis[1] - axis[0]) / 2.0
    return float(axis[0]) - half, float(axis[-1]) + half


def pixel(
    images: xr.Dataset,
    time: np.datetime64,
    pointing: xr.Dataset,
    *,
    fov_lon: float,
    fov_lat: float,
    signal_to_noise: float = 3.0,
) -> str:
    """Return what a pixel sees and counts, as an HTML table.

    Parameters
    ----------
    images : xarray.Dataset (UVI_IMAGE)
        A series along `time`, with its expected counts.
    time : numpy.datetime64
        The nearest image is read.
    pointing : xarray.Dataset (POINTING)
        Of the camera.
    fov_lon, fov_lat : float
        Where it is, the nearest is taken. [deg]
    signal_to_noise : float
        For which to say the exposure that is needed.

    Raises
    ------
    ValueError
        If `time` is outside the series.
    """
    look = uvi.geometry(at(pointing, time), camera=_size(images))
    spot = {"fov_lon": fov_lon, "fov_lat": fov_lat}
    now = at(images, time)
    if "expected_counts" in now:
        now = now.merge(uvi.detection(now, wanted=signal_to_noise))
    one = now.sel(spot, method="nearest")
    seen = look.sel(spot, method="nearest")
    rows = [("Pixel", f"{fov_lon:.2f}°, {fov_lat:.2f}° from the boresight")]
    if np.isnan(seen["glat"]):
        rows.append(("Sees", "no part of the Earth"))
    else:
        rows += _place(seen) + _counted(one, signal_to_noise)
    return _table(rows)


def area(
    images: xr.Dataset,
    time: np.datetime64,
    *,
    fov_lon: tuple[float, float],
    fov_lat: tuple[float, float],
) -> str:
    """Return what all pixels in a box see and count, as an HTML table.

    Parameters
    ----------
    images : xarray.Dataset (UVI_IMAGE)
        A series along `time`.
    time : numpy.datetime64
        The nearest image is read.
    fov_lon, fov_lat : (float, float)
        Ends of the box; pixels whose centre lies inside count. [deg]

    Raises
    ------
    ValueError
        If `time` is outside the series.
    """
    inside = {"fov_lon": slice(*fov_lon), "fov_lat": slice(*fov_lat)}
    now = at(images, time).sel(inside)
    light = now["radiance"]
    pixels = int(light.notnull().sum())
    if not pixels:
        return _table([("Box", "no pixel that sees the Earth")])
    rows = [
        ("Box", f"{pixels} pixels that see the Earth"),
        (
            "Light",
            f"mean {float(light.mean()):.0f} R, at most "
            f"{float(light.max()):.0f} R",
        ),
    ]
    on_earth = now.where(light.notnull())
    counted = [f"{float(on_earth['counts'].sum()):.0f} in all"]
    if "expected_counts" in now:
        expected = float(on_earth["expected_counts"].sum())
        counted.append(f"{expected:.1f} expected")
    if "exposure" in now:
        counted[-1] += f" in {float(now['exposure']):.0f} s"
    return _table([*rows, ("Counts", ", ".join(counted))])


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='{HEAD}'><b>{name}</b></td><td>{text}</td></tr>"
        for name, text in rows
    )
    return f"<table style='font-size:12px'>{cells}</table>"


def _size(images: xr.Dataset) -> Camera:
    return uvi.binned(max(1, round(512 / images.sizes["fov_lon"])))


def _place(seen: xr.Dataset) -> list[tuple[str, str]]:
    value = {name: float(seen[name]) for name in seen.data_vars}
    slant = np.cos(np.radians(value["view_zenith_angle"]))
    long = value["footprint"]
    north = "N" if value["glat"] >= 0 else "S"
    east = "E" if value["glon"] >= 0 else "W"
    rows = [
        (
            "Sees",
            f"{abs(value['glat']):.1f}° {north}, "
            f"{abs(value['glon']):.1f}° {east}",
        )
    ]
    if np.isfinite(value["mlat"]):
        rows.append(
            ("Magnetic", f"{value['mlat']:.1f}°, {value['mlt']:.1f} MLT")
        )
    return [
        *rows,
        ("Footprint", f"{long * slant:.0f} × {long:.0f} km"),
        (
            "Zenith angles",
            f"Sun {value['solar_zenith_angle']:.0f}°, "
            f"view {value['view_zenith_angle']:.0f}°",
        ),
    ]


def _counted(one: xr.Dataset, goal: float) -> list[tuple[str, str]]:
    glow = float(one["dayglow"]) if "dayglow" in one else 0.0
    light = float(one["radiance"]) - glow
    rows = [("Light", f"aurora {light:.0f} R, dayglow {glow:.0f} R")]
    if "expected_counts" not in one:
        return rows
    needed = float(one["exposure_needed"])
    counts, ratio = one["expected_counts"], one["signal_to_noise"]
    return [
        *rows,
        (
            "Counts",
            f"{float(counts):.1f} expected in {float(one['exposure']):.0f} s",
        ),
        ("Signal to noise", f"{float(ratio):.1f} for the aurora"),
        (
            f"Exposure for {goal:g}",
            f"{needed:.0f} s" if needed < 1e6 else "never",
        ),
    ]
