"""What Bokeh draws in a panel, drawn by matplotlib: one function a glyph.

The page draws in a browser; a kernel has none. What there is to draw stands
in the live figure all the same: glyphs, their columns, their colours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from bokeh.core.property.vectorization import Field, Value
from bokeh.models.annotations import Span, Whisker
from bokeh.models.renderers import GlyphRenderer

from smile_explore.explorer.export.colours import coloured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["POINT", "draw", "numbers", "text_size"]

#: Points of print in a pixel of the page. [pt]
POINT: Final = 0.75
#: DejaVu, which is wherever matplotlib is, is wider than a page's letters.
_NARROW: Final = 0.88
_MARKERS: Final = {
    "circle": "o",
    "triangle": "^",
    "inverted_triangle": "v",
    "square": "s",
    "diamond": "d",
    "star": "*",
    "cross": "+",
    "x": "x",
}
_ALIGNED: Final = {"top": "top", "middle": "center", "bottom": "bottom"}


def draw(axes: Axes, renderer: Any, zorder: float) -> Any:
    """Draw what a Bokeh renderer shows.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    renderer : bokeh.models.Renderer
    zorder : float
        What is higher lies over what is lower.

    Returns
    -------
    artist : matplotlib artist or None
        For the legend.

    Raises
    ------
    ValueError
        If there is no function for a glyph, naming it.
    """
    if isinstance(renderer, Span | Whisker):
        glyph, data = renderer, getattr(renderer, "source", None)
    elif isinstance(renderer, GlyphRenderer):
        glyph, data = renderer.glyph, renderer.data_source
    else:
        glyph, data = renderer, None
    kind = type(glyph).__name__
    if kind not in _DRAWN:
        raise ValueError(
            f"a picture cannot show {kind} yet, only "
            f"{', '.join(sorted(_DRAWN))}; draw it in export/glyphs.py"
        )
    columns = {} if data is None else data.data
    return _DRAWN[kind](axes, glyph, columns, zorder)


def numbers(values: Any) -> np.ndarray:
    """Return a column as Bokeh counts: times in milliseconds since 1970."""
    array = np.asarray(values)
    if array.dtype.kind == "M":
        return array.astype("datetime64[us]").astype(float) / 1e3
    return array.astype(float)


def text_size(size: str) -> float:
    """Return a size of letters such as ``"11px"`` in points."""
    number = float(size.removesuffix("px").removesuffix("pt"))
    return number * (POINT if size.endswith("px") else 1.0) * _NARROW


def _of(glyph: Any, name: str, data: Mapping[str, Any]) -> Any:
    """Return a property: one value, or one for each row."""
    told = type(glyph).lookup(name).get_value(glyph)
    if isinstance(told, Field):
        return data[told.field]
    return told.value if isinstance(told, Value) else told


def _stroke(glyph: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    width = float(_of(glyph, "line_width", data)) * POINT
    dash = list(_of(glyph, "line_dash", data) or ())
    style: dict[str, Any] = {
        "color": _of(glyph, "line_color", data) or "none",
        "alpha": _of(glyph, "line_alpha", data),
        "linewidth": width,
    }
    if dash:  # in units of the width, and of two at least
        pixels = dash * (1 + len(dash) % 2)
        style["linestyle"] = (0, [one * POINT / width for one in pixels])
    return style


def _fill(glyph: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return face and edge; each with an opacity of its own."""
    from matplotlib.colors import to_rgba, to_rgba_array

    def coat(part: str) -> Any:
        colour = _of(glyph, f"{part}_color", data)
        alpha = _of(glyph, f"{part}_alpha", data)
        if colour is None:
            return "none"
        if isinstance(colour, str):
            return to_rgba(colour, float(alpha))
        return to_rgba_array(list(colour), alpha)

    return {
        "facecolor": coat("fill"),
        "edgecolor": coat("line"),
        "linewidth": float(_of(glyph, "line_width", data)) * POINT,
    }


def _line(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    x, y = (numbers(_of(glyph, one, data)) for one in "xy")
    return axes.plot(x, y, zorder=zorder, **_stroke(glyph, data))[0]


def _scatter(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    x, y = (numbers(_of(glyph, one, data)) for one in "xy")
    size = np.asarray(_of(glyph, "size", data), float) * POINT
    marker = _of(glyph, "marker", data)
    if not isinstance(marker, str) or marker not in _MARKERS:
        raise ValueError(
            f"a picture cannot show the marker {marker!r} yet, only "
            f"{', '.join(_MARKERS)}; draw it in export/glyphs.py"
        )
    style = _fill(glyph, data)
    if marker in ("x", "cross"):  # which have no face
        style["color"] = style.pop("edgecolor")
        style.pop("facecolor")
    return axes.scatter(
        x, y, s=size**2, marker=_MARKERS[marker], zorder=zorder, **style
    )


def _image(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    limits = axes.get_xlim(), axes.get_ylim()
    images = _of(glyph, "image", data)
    frames = (
        np.broadcast_to(_of(glyph, name, data), len(images))
        for name in ("x", "y", "dw", "dh")
    )
    for part, x, y, wide, tall in zip(images, *frames, strict=True):
        left, low = float(numbers(x)), float(numbers(y))
        ends = (left, left + _span(wide)), (low, low + _span(tall))
        colours = coloured(np.asarray(part), glyph.color_mapper)
        if "log" in (axes.get_xscale(), axes.get_yscale()):
            # Bokeh stretches an image on the page: its rows are even there
            edges = [
                _edges(*both, count + 1, scale)
                for both, count, scale in zip(
                    ends,
                    (colours.shape[1], colours.shape[0]),
                    (axes.get_xscale(), axes.get_yscale()),
                    strict=True,
                )
            ]
            axes.pcolormesh(
                *edges,
                colours,
                antialiased=False,
                rasterized=True,
                zorder=zorder,
            )
        else:
            axes.imshow(
                colours,
                extent=(*ends[0], *ends[1]),
                origin="lower",
                aspect="auto",
                interpolation="nearest",
                zorder=zorder,
            )
    axes.set(xlim=limits[0], ylim=limits[1])


def _edges(low: float, high: float, count: int, scale: str) -> np.ndarray:
    return (np.geomspace if scale == "log" else np.linspace)(low, high, count)


def _span(length: Any) -> float:
    """Return a length, of time in milliseconds."""
    if isinstance(length, np.timedelta64):
        return float(length / np.timedelta64(1, "us")) / 1e3
    return float(length)


def _text(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    x, y = (numbers(_of(glyph, one, data)) for one in "xy")
    words = _of(glyph, "text", data)
    words = [words] * len(x) if isinstance(words, str) else words
    box = None
    if _of(glyph, "background_fill_color", data) is not None:
        box = {
            "facecolor": _of(glyph, "background_fill_color", data),
            "alpha": _of(glyph, "background_fill_alpha", data),
            "edgecolor": "none",
            "pad": 1.5,
        }
    for one, across, up in zip(words, x, y, strict=True):
        if not np.isfinite([across, up]).all():
            continue
        axes.annotate(
            str(one),
            (across, up),
            xytext=(
                float(_of(glyph, "x_offset", data)) * POINT,
                -float(_of(glyph, "y_offset", data)) * POINT,
            ),
            textcoords="offset points",
            color=_of(glyph, "text_color", data),
            alpha=_of(glyph, "text_alpha", data),
            fontsize=text_size(_of(glyph, "text_font_size", data)),
            fontweight=(
                "bold"
                if "bold" in _of(glyph, "text_font_style", data)
                else "normal"
            ),
            ha=_of(glyph, "text_align", data),
            va=_ALIGNED.get(_of(glyph, "text_baseline", data), "baseline"),
            rotation=np.degrees(float(_of(glyph, "angle", data))),
            bbox=box,
            annotation_clip=True,
            clip_on=True,
            zorder=zorder,
        )


def _patch(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    from matplotlib.patches import Polygon

    x, y = (numbers(_of(glyph, one, data)) for one in "xy")
    there = np.isfinite(x) & np.isfinite(y)
    corners = np.column_stack([x, y])[there]
    return axes.add_patch(
        Polygon(corners, zorder=zorder, **_fill(glyph, data))
    )


def _quad(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    from matplotlib.collections import PolyCollection

    left, right, low, high = (
        numbers(_of(glyph, name, data))
        for name in ("left", "right", "bottom", "top")
    )
    corners = np.stack(
        [
            np.column_stack([left, left, right, right]),
            np.column_stack([low, high, high, low]),
        ],
        axis=-1,
    )
    style = _fill(glyph, data) | {"antialiaseds": False}
    return axes.add_collection(
        PolyCollection(list(corners), zorder=zorder, **style), autolim=False
    )


def _segment(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    ends = [
        np.column_stack(
            [numbers(_of(glyph, f"{one}{end}", data)) for one in "xy"]
        )
        for end in (0, 1)
    ]
    return _lines(axes, np.stack(ends, 1), glyph, data, zorder)


def _whisker(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    at, low, high = (
        numbers(_of(glyph, name, data)) for name in ("base", "lower", "upper")
    )
    ends = [np.column_stack([at, one]) for one in (low, high)]
    return _lines(axes, np.stack(ends, 1), glyph, data, zorder)


def _lines(
    axes: Axes, ends: np.ndarray, glyph: Any, data: Any, zorder: float
) -> Any:
    from matplotlib.collections import LineCollection

    lines = LineCollection(list(ends), zorder=zorder, **_stroke(glyph, data))
    return axes.add_collection(lines, autolim=False)


def _polygons(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    def shape(xs: Any, ys: Any) -> Path:
        """Return one of polygons, each its outside first, then its holes."""
        rings = []
        for across, up in zip(xs, ys, strict=True):
            for number, (x, y) in enumerate(zip(across, up, strict=True)):
                ring = np.column_stack([numbers(x), numbers(y)])
                if (_area(ring) < 0) == (number == 0):
                    ring = ring[::-1]  # holes run the other way round
                rings.append(Path(ring, closed=False))
        return Path.make_compound_path(*rings)

    columns = (_of(glyph, name, data) for name in ("xs", "ys"))
    shapes = [shape(xs, ys) for xs, ys in zip(*columns, strict=True) if xs]
    style = _fill(glyph, data)
    return axes.add_collection(
        PathCollection(shapes, zorder=zorder, **style), autolim=False
    )


def _area(ring: np.ndarray) -> float:
    x, y = ring.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def _span_line(axes: Axes, glyph: Any, data: Any, zorder: float) -> Any:
    if glyph.location is None:
        return None
    at = float(numbers(glyph.location))
    along = axes.axvline if glyph.dimension == "height" else axes.axhline
    return along(at, zorder=zorder, **_stroke(glyph, data))


_DRAWN: Final[dict[str, Callable[..., Any]]] = {
    "Image": _image,
    "Line": _line,
    "MultiPolygons": _polygons,
    "Patch": _patch,
    "Quad": _quad,
    "Scatter": _scatter,
    "Segment": _segment,
    "Span": _span_line,
    "Text": _text,
    "Whisker": _whisker,
}
