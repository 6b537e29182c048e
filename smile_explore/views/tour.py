"""Views side by side, or below each other, in a lesson."""

from __future__ import annotations

from collections.abc import Sequence

import holoviews as hv

__all__ = ["column", "row"]

_WIDE = {"frame_width": 620, "frame_height": 110}
_HALF = {"frame_width": 420, "frame_height": 310}


def row(*views: hv.Overlay) -> hv.Layout:
    """Return views side by side, each with axes of its own."""
    return hv.Layout([view.opts(**_HALF) for view in views]).opts(
        shared_axes=False
    )


def column(views: Sequence[hv.Overlay]) -> hv.Layout:
    """Return views below each other, wide and low, as time series are."""
    return (
        hv.Layout([view.opts(**_WIDE) for view in views])
        .opts(shared_axes=False)
        .cols(1)
    )
