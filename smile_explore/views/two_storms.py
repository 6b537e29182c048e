"""Two storms side by side, in hours from a moment that both have."""

from __future__ import annotations

from collections.abc import Sequence

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.events.two_storms import Story
from smile_explore.schema import SXI_IMAGE
from smile_explore.views.style import (
    colour_bar,
    dimension,
    graph,
    picture,
    pretty,
)

__all__ = ["COLOURS", "QUANTITIES", "image", "line", "side_by_side"]

#: Of the first storm and of the second.
COLOURS = ("#0072B2", "#D55E00")
#: What is drawn against time: its words.
QUANTITIES = {
    "dynamic_pressure": "dynamic pressure",
    "bz": "Bz (GSM)",
    "standoff": "nose of the magnetopause (Shue 1998)",
    "oval": "radius of the oval (Starkov 1994, from Kp)",
}
_SIZE = {"frame_width": 480, "frame_height": 190}


def side_by_side(
    stories: tuple[Story, Story],
    hours: float,
    images: tuple[xr.Dataset | None, xr.Dataset | None],
    *,
    xlim: tuple[float, float],
) -> hv.Layout:
    """Return lines of both storms and an image of each, on one clock.

    Parameters
    ----------
    stories : tuple of Story
    hours : float
        Where the clock stands. [h]
    images : tuple of xarray.Dataset or None
        What `events.two_storms.image` returned for each.
    xlim : tuple of float
        Hours that are drawn.
    """
    lines = [line(stories, name, hours, xlim=xlim) for name in QUANTITIES]
    seen = [one["intensity"] for one in images if one is not None]
    top = max((float(one.max()) for one in seen), default=1.0)
    looks = [
        image(story, one, top)
        for story, one in zip(stories, images, strict=True)
    ]
    panels = [lines[0], looks[0], lines[2], looks[1], lines[1], lines[3]]
    return hv.Layout([one.opts(**_SIZE) for one in panels]).cols(2)


def line(
    stories: Sequence[Story],
    name: str,
    hours: float,
    *,
    xlim: tuple[float, float],
) -> hv.Overlay:
    """Return one of `QUANTITIES` of each storm against hours."""
    across = hv.Dimension("hours", label=f"hours after: {stories[0].moment}")
    unit = pretty(stories[0].told[name].attrs["units"])
    up = hv.Dimension(name, label=f"{name.replace('_', ' ')} [{unit}]")
    curves: list[hv.Element] = [
        hv.Curve(
            (story.told.hours.values, story.told[name].values),
            across,
            up,
            label=story.name,
        ).opts(color=colour, line_width=1.6)
        for story, colour in zip(stories, COLOURS, strict=True)
    ]
    clock = hv.VLine(hours).opts(color="#CC3311", line_width=1.5)
    values = np.concatenate([story.told[name].values for story in stories])
    values = values[np.isfinite(values)]
    low, high = (values.min(), values.max()) if values.size else (0.0, 1.0)
    room = 0.08 * (high - low or 1.0)
    return graph(
        [*curves, clock],
        title=f"{QUANTITIES[name]} [{unit}]",
        xlim=xlim,
        ylim=(low - room, high + room),
        legend="top_right" if name == next(iter(QUANTITIES)) else "",
    )


def image(story: Story, look: xr.Dataset | None, top: float) -> hv.Overlay:
    """Return SXI's image of a storm, both as bright as `top` at most."""
    axes = [dimension(SXI_IMAGE, "fov_lon"), dimension(SXI_IMAGE, "fov_lat")]
    value = dimension(SXI_IMAGE, "intensity").clone(range=(0.0, top))
    if look is None:
        lon, lat = np.array([-8.0, 8.0]), np.array([-13.5, 13.5])
        pixels, when = np.full((2, 2), np.nan), "no image: SXI off, or a gap"
    else:
        lon, lat = look.fov_lon.values, look.fov_lat.values
        pixels = look["intensity"].transpose("fov_lat", "fov_lon").values
        minute = str(np.datetime_as_string(look.time.values, unit="m"))
        when = f"{minute[11:]} UT"
    unit = pretty(SXI_IMAGE.variables["intensity"].units)
    drawn = hv.Image((lon, lat, pixels), axes, value).opts(
        cmap="inferno",
        clim=(0.0, top),
        clipping_colors={"NaN": "#BBBBBB"},
        **colour_bar(),
    )
    return picture(
        [drawn],
        title=f"{story.event.name}: {when}, simulated [{unit}]",
        xlim=(float(lon.min()), float(lon.max())),
        ylim=(float(lat.min()), float(lat.max())),
    )
