"""Two storms side by side, with one clock to turn."""

from __future__ import annotations

from functools import lru_cache

import holoviews as hv
import ipywidgets as widgets
import xarray as xr

from smile_explore.events import load, two_storms
from smile_explore.explorer.lesson import Lesson, live
from smile_explore.observations import Event
from smile_explore.views import two_storms as view

__all__ = ["compare_events"]


def compare_events(
    first: str | Event, second: str | Event, *, moment: str | None = None
) -> Lesson:
    """Do what `smile_explore.compare_events` promises."""
    one, other = (
        two_storms.story(
            load(event) if isinstance(event, str) else event, moment=moment
        )
        for event in (first, second)
    )
    stories = one, other
    xlim = two_storms.together(stories)

    @lru_cache(maxsize=64)
    def look(number: int, hours: float) -> xr.Dataset | None:
        return two_storms.image(stories[number], hours)

    def answer(hours: float) -> hv.Layout:
        images = look(0, hours), look(1, hours)
        return view.side_by_side(stories, hours, images, xlim=xlim)

    return live(
        answer,
        hours=widgets.FloatSlider(
            value=min(max(0.0, xlim[0]), xlim[1]),
            min=xlim[0],
            max=xlim[1],
            step=0.05,
            description=f"hours after: {one.moment}",
            continuous_update=False,
            readout_format=".2f",
            style={"description_width": "initial"},
            layout=widgets.Layout(width="620px"),
        ),
    )
