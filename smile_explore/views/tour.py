"""Views side by side, or below each other, in a lesson."""

from __future__ import annotations

from collections.abc import Sequence

import holoviews as hv

__all__ = ["column", "row"]

_WIDE = {"frame_width": 620, "frame_height": 110}
_SQUARE = {"frame_width": 400, "frame_height": 330}


def row(*views: hv.Overlay) -> hv.Layout:
    """Return views side by side, each with axes of its own."""
    return hv.Layout([view.opts(**_SQUARE) for view in views]).opts(
        shared_axes=False
    )


def column(views: Sequence[hv.Overlay]) -> hv.Layout:
    """Return views below each other, wide and low, as time series are."""
    return (
        hv.Layout([view.opts(**_WIDE) for view in views])
        .opts(shared_axes=False)
        .cols(1)
    )
