"""Numbers to colours as Bokeh's mappers do it, and the bar that tells them."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import LinearColorMapper, LogColorMapper

__all__ = ["coloured", "scale"]


def coloured(values: np.ndarray, mapper: Any) -> np.ndarray:
    """Return the colours of an image.

    Parameters
    ----------
    values : numpy.ndarray
    mapper : bokeh.models.LinearColorMapper or LogColorMapper

    Returns
    -------
    colours : numpy.ndarray of uint8
        Red, green, blue and opacity along a last axis of four.

    Raises
    ------
    ValueError
        If the mapper is of another kind.
    """
    from matplotlib.colors import to_rgba_array

    low, high = (
        float(np.nanmin(values) if mapper.low is None else mapper.low),
        float(np.nanmax(values) if mapper.high is None else mapper.high),
    )
    palette = list(mapper.palette)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = scale(mapper, low, high)(np.maximum(values, low))
    # where values are missing the last of all colours stands
    missing = ~np.isfinite(values)
    place = np.floor(np.where(missing, 0.0, part) * len(palette))
    code = np.clip(place, 0, len(palette) - 1).astype(int)
    beyond = [
        (values < low, mapper.low_color),
        (values > high, mapper.high_color),
        (missing, mapper.nan_color),
    ]
    for where, colour in beyond:
        if colour is not None:
            code[where] = len(palette)
            palette.append(colour)
    colours = to_rgba_array([_written(one) for one in palette])
    return np.round(255 * colours[code]).astype(np.uint8)


def scale(mapper: Any, low: float, high: float) -> Any:
    """Return where a number lies between the ends of a mapper, 0 to 1.

    Raises
    ------
    ValueError
        If the mapper is neither linear nor logarithmic.
    """
    if isinstance(mapper, LogColorMapper):
        width = np.log(high / low)
        return lambda values: np.log(values / low) / width
    if isinstance(mapper, LinearColorMapper):
        return lambda values: (values - low) / (high - low)
    raise ValueError(
        f"a picture cannot colour by {type(mapper).__name__} yet, only by "
        "LinearColorMapper and LogColorMapper"
    )


def _written(colour: Any) -> Any:
    """Return a colour as matplotlib takes it."""
    if isinstance(colour, str) and colour.startswith("rgba("):
        *rgb, alpha = colour[5:-1].split(",")
        return (*(float(one) / 255 for one in rgb), float(alpha))
    if isinstance(colour, tuple):
        red, green, blue, alpha = colour
        return red / 255, green / 255, blue / 255, alpha
    return colour
