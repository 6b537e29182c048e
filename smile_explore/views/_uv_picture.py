"""What the pictures of ultraviolet light have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.views.style import colour_bar

__all__ = ["EDGE", "GROUND", "SUN", "camera", "limits", "picture_of", "remark"]

#: Perceptually uniform, and unlike that of the X-ray image.
COLOURS: Final = "viridis"
#: Of the edges of the oval.
EDGE: Final = {"poleward": "#D55E00", "equatorward": "#F0E442"}
#: Under every image.
GROUND: Final = "#C8C8C8"
#: Of the terminator.
SUN: Final = "#E69F00"
#: Of what was not seen: what lies under the image.
_UNSEEN = {"NaN": "transparent"}
#: Share of the pixels that may be brighter than the brightest colour.
_TOP = 99.7
#: The lowest brightness that the colours end at. [R]
_FAINTEST = 150.0
#: Brightest over faintest colour: arcs of a substorm are a hundred times
#: brighter than the oval they stand in.
_RANGE = 40.0
_QUICK_LOOK = "simulated, quick-look, not for publication"


def picture_of(
    columns: tuple[np.ndarray, ...],
    axes: list[hv.Dimension],
    value: hv.Dimension,
    colours: Mapping[str, float],
    label: str,
    hovering: list[tuple[str, str]],
) -> hv.Image:
    """Return values as an image; `columns` are its axes and they."""
    ends = (colours["low"], colours["high"])
    unit = value.label.partition("[")[2].rstrip("]").replace("1", "")
    # With a range of its own HoloViews seeks none, and warns of none in NaNs.
    return hv.Image(columns, axes, value.clone(range=ends), label=label).opts(
        cmap=COLOURS,
        clim=ends,
        logz=True,
        clipping_colors=_UNSEEN,
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[*hovering, (label, f"@image{{0}} {unit}")],
    )


def remark(series: xr.Dataset, now: xr.Dataset, quantity: str) -> str:
    """Return what to know of an image of a series before believing it."""
    if "remark" in now.coords:
        return str(now.remark.item())
    if now[quantity].isnull().all():
        return "UVI is off: the spacecraft is too low"
    if series.attrs.get("measured"):
        return f"measured: {camera(series)}"
    if quantity == "counts" and "exposure" in now:
        return f"{_QUICK_LOOK}, {now.exposure.item():.0f} s"
    return _QUICK_LOOK


def camera(series: xr.Dataset) -> str:
    """Return whose image it is."""
    return str(series.attrs.get("instrument", "UVI")).partition(",")[0]


def limits(values: np.ndarray) -> dict[str, float]:
    """Return the limits of the colours, blind to a few brightest pixels.

    They go in steps of a tenth of a decade, so that colours stay the same
    from one image to the next and the page need not lay out their bar anew.
    """
    seen = values[np.isfinite(values)]
    top = float(np.percentile(seen, _TOP)) if seen.size else _FAINTEST
    top = 10.0 ** (np.ceil(10.0 * np.log10(max(top, _FAINTEST))) / 10.0)
    return {"low": top / _RANGE, "high": top}
