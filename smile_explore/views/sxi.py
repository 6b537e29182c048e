"""The image of the Soft X-ray Imager, with the magnetopause found in it."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.observations import Observations
from smile_explore.schema import SXI_IMAGE
from smile_explore.views.box import Box, outline
from smile_explore.views.style import (
    METHOD,
    PICKED,
    Layers,
    at,
    check_choice,
    chosen,
    colour_bar,
    dimension,
    note,
    picked_mark,
    picture,
    pretty,
)

__all__ = ["boxed", "image", "layers", "picked"]


def image(
    observations: Observations,
    time: np.datetime64,
    *,
    quantity: str = "intensity",
    method: str = "all",
    sight: xr.Dataset | None = None,
    box: Box | None = None,
) -> hv.Overlay:
    """Return the X-ray image with the magnetopause drawn on it.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        The nearest image is shown.
    quantity : {"intensity", "counts"}
        Noise-free intensity, or counts of one exposure.
    method : str
        By which the magnetopause was found, such as ``"tangent fit"``, or
        ``"all"``.
    sight : xarray.Dataset (SIGHT), optional
        A pixel that was picked.
    box : Box, optional
        Pixels that were picked.

    Raises
    ------
    ValueError
        If there is no such quantity, or `time` is outside the event.
    """
    check_choice("quantity", quantity, ("intensity", "counts"))
    data = observations.sxi
    now = layers(observations, time, quantity=quantity, method=method)
    axes = [dimension(SXI_IMAGE, "fov_lon"), dimension(SXI_IMAGE, "fov_lat")]
    limits = (now["colours"]["low"], now["colours"]["high"])
    # With a range of its own HoloViews seeks none, and warns of none in NaNs.
    value = dimension(SXI_IMAGE, quantity).clone(range=limits)
    unit = pretty(SXI_IMAGE.variables[quantity].units).replace("1", "")
    pixels = hv.Image(
        (data.fov_lon.values, data.fov_lat.values, now[quantity]["image"][0]),
        axes,
        value,
        label=quantity,
    ).opts(
        cmap="inferno",
        clim=limits,
        clipping_colors={"NaN": "#BBBBBB"},
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[
            ("from the boresight", "$x{0.0}°, $y{0.0}°"),
            (quantity, f"@image{{0.0}} {unit}"),
        ],
    )
    rims = [
        hv.Curve(now[name], *axes, label=name).opts(
            color=METHOD[name], line_width=2.0
        )
        for name in _methods(observations, method)
    ]
    halo = hv.Curve(now["halo"], *axes, label="halo").opts(
        color="white", line_width=4.5, line_alpha=0.8, show_legend=False
    )
    return picture(
        [
            pixels,
            halo,
            *rims,
            _picked(sight, axes),
            hv.Curve(boxed(box)["box"], *axes, label="box").opts(
                color=PICKED, line_width=2.0, show_legend=False
            ),
            note(axes, now["note"], "note"),
        ],
        title=f"SXI {quantity} [{unit or '1'}]",
        xlim=_ends(data.fov_lon),
        ylim=_ends(data.fov_lat),
        legend="bottom_right" if rims else "",
    )


_QUICK_LOOK = "simulated, quick-look, not for publication"


def layers(
    observations: Observations,
    time: np.datetime64,
    *,
    quantity: str = "intensity",
    method: str = "all",
) -> Layers:
    """Return the columns of `image` that change with time."""
    shown = {quantity, "exposure"} & set(observations.sxi.data_vars)
    now = at(observations.sxi[list(shown)], time)
    found = at(observations.magnetopause[["rim_lon", "rim_lat"]], time)
    columns: dict[str, dict[str, Any]] = {
        quantity: {"image": [now[quantity].values]},
        "colours": _limits(now[quantity]),
        "note": {
            "fov_lon": [float(now.fov_lon[0])],
            "fov_lat": [float(now.fov_lat[-1])],
            "text": [_remark(now, quantity)],
        },
    }
    rims = {
        name: {
            axis: found[f"rim_{axis[4:]}"].sel(estimate=name).values
            for axis in ("fov_lon", "fov_lat")
        }
        for name in _methods(observations, method)
    }
    gap = np.array([np.nan])
    halo = {
        axis: np.concatenate(
            [gap, *(p for rim in rims.values() for p in (rim[axis], gap))]
        )
        for axis in ("fov_lon", "fov_lat")
    }
    return columns | rims | {"halo": halo}


def picked(sight: xr.Dataset | None) -> Layers:
    """Return the columns of `image` that change with the picked pixel."""
    names = ("fov_lon", "fov_lat")
    place = {
        name: [np.nan if sight is None else float(sight[name])]
        for name in names
    }
    return {"picked": place}


def boxed(box: Box | None) -> Layers:
    """Return the columns of `image` that change with the box."""
    return {"box": outline(box, "sxi", ("fov_lon", "fov_lat"))}


def _picked(sight: xr.Dataset | None, axes: list[hv.Dimension]) -> hv.Scatter:
    mark = picked_mark(picked(sight)["picked"], axes)
    return mark.opts(show_legend=False)


def _methods(observations: Observations, method: str) -> list[str]:
    return chosen(observations.magnetopause.estimate.values, method)


def _remark(now: xr.Dataset, quantity: str) -> str:
    if "remark" in now.coords:
        return str(now.remark.item())
    if now[quantity].isnull().all():
        return "SXI is off: too low, or the Sun too near its field of view"
    if quantity == "counts":
        return f"{_QUICK_LOOK}, {now.exposure.item():.0f} s"
    return _QUICK_LOOK


def _ends(axis: xr.DataArray) -> tuple[float, float]:
    """Return the outer edges of the first and the last pixel."""
    half = float(axis[1] - axis[0]) / 2.0
    return float(axis[0]) - half, float(axis[-1]) + half


def _limits(brightness: xr.DataArray) -> dict[str, float]:
    """Return the limits of the colours for this time.

    A storm brightens the sheath tenfold: on a scale for all times the arc of
    a quiet hour would be lost in the dark.
    """
    values = brightness.values
    if not np.isfinite(values).any():
        return {"low": 0.0, "high": 1.0}
    return {"low": 0.0, "high": max(float(np.nanmax(values)), 1.0)}
