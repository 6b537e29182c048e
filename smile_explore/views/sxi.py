"""The image of the Soft X-ray Imager, with the magnetopause found in it."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.observations import Observations
from smile_explore.schema import SXI_IMAGE
from smile_explore.views.style import (
    METHOD,
    Layers,
    at,
    check_choice,
    colour_bar,
    dimension,
    note,
    picture,
    pretty,
)

__all__ = ["image", "layers"]


def image(
    observations: Observations,
    time: np.datetime64,
    *,
    quantity: str = "intensity",
) -> hv.Overlay:
    """Return the X-ray image with the magnetopause drawn on it.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        The nearest image is shown.
    quantity : {"intensity", "counts"}
        Noise-free intensity, or counts of one exposure.

    Raises
    ------
    ValueError
        If there is no such quantity, or `time` is outside the event.
    """
    check_choice("quantity", quantity, ("intensity", "counts"))
    data = observations.sxi
    now = layers(observations, time, quantity=quantity)
    axes = [dimension(SXI_IMAGE, "fov_lon"), dimension(SXI_IMAGE, "fov_lat")]
    value = dimension(SXI_IMAGE, quantity)
    unit = pretty(SXI_IMAGE.variables[quantity].units).replace("1", "")
    pixels = hv.Image(
        (data.fov_lon.values, data.fov_lat.values, now[quantity]["image"][0]),
        axes,
        value,
        label=quantity,
    ).opts(
        cmap="inferno",
        # Logarithmic, for a storm brightens the sheath by ten and more.
        logz=True,
        clim=_limits(data[quantity]),
        clipping_colors={"NaN": "#BBBBBB"},
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[
            ("from the boresight", "$x{0.0}°, $y{0.0}°"),
            (quantity, f"@image{{0.0}} {unit}"),
        ],
    )
    curves = [
        hv.Curve(now[name], *axes, label=name).opts(
            color=METHOD[name], line_width=2
        )
        for name in _CURVES
    ]
    return picture(
        [pixels, *curves, note(axes, now["note"], "note")],
        title=f"SXI {quantity} [{unit or '1'}]",
        xlim=_ends(data.fov_lon),
        ylim=_ends(data.fov_lat),
    )


_CURVES = {"tangent fit": "rim"}
_QUICK_LOOK = "simulated, quick-look, not for publication"


def layers(
    observations: Observations,
    time: np.datetime64,
    *,
    quantity: str = "intensity",
) -> Layers:
    """Return the columns of `image` that change with time."""
    now = at(observations.sxi, time)
    found = at(observations.magnetopause, time)
    columns: dict[str, dict[str, Any]] = {
        quantity: {"image": [now[quantity].values]},
        "note": {
            "fov_lon": [float(now.fov_lon[0])],
            "fov_lat": [float(now.fov_lat[-1])],
            "text": [_remark(now, quantity)],
        },
    }
    for name, prefix in _CURVES.items():
        columns[name] = {
            "fov_lon": found[f"{prefix}_lon"].values,
            "fov_lat": found[f"{prefix}_lat"].values,
        }
    return columns


def _remark(now: xr.Dataset, quantity: str) -> str:
    if now[quantity].isnull().all():
        return "SXI is off: too low, or the Sun too near its field of view"
    if quantity == "counts":
        return f"{_QUICK_LOOK}, {now.exposure.item():.0f} s"
    return _QUICK_LOOK


def _ends(axis: xr.DataArray) -> tuple[float, float]:
    """Return the outer edges of the first and the last pixel."""
    half = float(axis[1] - axis[0]) / 2.0
    return float(axis[0]) - half, float(axis[-1]) + half


def _limits(brightness: xr.DataArray) -> tuple[float, float]:
    """Return limits for all times, so that colours can be compared."""
    highest = float(np.nanquantile(brightness.values, 0.999))
    return max(highest, 1.0) / 60.0, max(highest, 1.0)
