"""The aurora as UVI's camera sees it, and what one of its pixels holds."""

from __future__ import annotations

from typing import Any

import contourpy
import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import UVI_IMAGE
from smile_explore.views._uv_picture import (
    GROUND,
    SUN,
    limits,
    picture_of,
    remark,
)
from smile_explore.views.style import (
    Layers,
    at,
    check_choice,
    dimension,
    note,
    picture,
    pretty,
)

__all__ = ["image", "layers"]


def image(
    images: xr.Dataset, time: np.datetime64, *, quantity: str = "radiance"
) -> hv.Overlay:
    """Return UVI's image with the terminator and the magnetic pole.

    Parameters
    ----------
    images : xarray.Dataset (UVI_IMAGE)
        A series along `time`.
    time : numpy.datetime64
        The nearest image is shown.
    quantity : {"radiance", "counts"}

    Raises
    ------
    ValueError
        If there is no such quantity, or `time` is outside the series.
    """
    now = layers(images, time, quantity=quantity)
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
    lines = [
        hv.Curve(now["terminator"], *axes, label="terminator").opts(
            color=SUN, line_width=1.4, line_dash="dashed"
        ),
        hv.Curve(now["latitudes"], *axes, label="latitudes").opts(
            color="white", line_width=0.7, line_alpha=0.55
        ),
    ]
    unit = pretty(UVI_IMAGE.variables[quantity].units)
    ends = [_ends(images[name]) for name in ("fov_lon", "fov_lat")]
    return picture(
        [_ground(ends), pixels, *lines, note(axes, now["note"], "note")],
        title=f"{_camera(images)} {quantity} [{unit}]",
        xlim=ends[0],
        ylim=ends[1],
    ).opts(xlabel=axes[0].label, ylabel=axes[1].label)


def layers(
    images: xr.Dataset, time: np.datetime64, *, quantity: str = "radiance"
) -> Layers:
    """Return the columns of `image` that change with time."""
    known = [name for name in ("radiance", "counts") if name in images]
    check_choice("quantity", quantity, known)
    now = at(images, time)
    values = now[quantity].values
    corner = float(now.fov_lon[0]), float(now.fov_lat[-1])
    return {
        quantity: {"image": [values]},
        "colours": limits(values),
        "terminator": _contours(now, "solar_zenith_angle", (90.0,)),
        "latitudes": _contours(now, "mlat", (60.0, 70.0, 80.0)),
        "note": {
            "fov_lon": [corner[0]],
            "fov_lat": [corner[1]],
            "text": [remark(images, now, quantity)],
        },
    }


def _ground(ends: list[tuple[float, float]]) -> hv.Rectangles:
    """Draw what shows where there is no image."""
    (left, right), (low, high) = ends
    return hv.Rectangles([(left, low, right, high)], label="ground").opts(
        color=GROUND, line_color=None
    )


def _camera(images: xr.Dataset) -> str:
    return str(images.attrs.get("instrument", "UVI")).partition(",")[0]


def _contours(
    now: xr.Dataset, name: str, levels: tuple[float, ...]
) -> dict[str, np.ndarray]:
    """Lines of equal value in an image, parted by NaN; none if not known."""
    lines: list[Any] = []
    if name in now:
        lon, lat = now["fov_lon"].values, now["fov_lat"].values
        maker = contourpy.contour_generator(
            lon, lat, np.ma.masked_invalid(now[name].values)
        )
        gap = np.full((1, 2), np.nan)
        for level in levels:
            for line in maker.lines(level):
                lines += [line, gap]
    whole = np.concatenate(lines) if lines else np.full((1, 2), np.nan)
    return {"fov_lon": whole[:, 0], "fov_lat": whole[:, 1]}


def _ends(axis: xr.DataArray) -> tuple[float, float]:
    """Return the outer edges of the first and the last pixel."""
    half = float(axis[1] - axis[0]) / 2.0
    return float(axis[0]) - half, float(axis[-1]) + half
