"""A sheet of paper, measured in the pixels of a page from its upper left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Paper"]

#: Of a page's pixels. [1/inch]
_PIXELS = 96.0


class Paper:
    """A figure of matplotlib whose size may be told last.

    Parameters
    ----------
    scale : float
        Pixels of the picture in a pixel of the page.
    width, height : float
        To begin with; `cut` tells the last. [px]

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    pixels : matplotlib.transforms.Affine2D
        From pixels of the page, downwards, to places in the picture.
    """

    def __init__(
        self, scale: float, width: float = 1600.0, height: float = 1200.0
    ) -> None:
        # pyplot would keep the figure, and choose how to show it
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.scale = scale
        self.figure = Figure(dpi=_PIXELS * scale, facecolor="white")
        FigureCanvasAgg(self.figure)
        self.pixels = Affine2D()
        self.cut(width, height)

    @property
    def renderer(self) -> Any:
        """What measures letters."""
        return self.figure.canvas.get_renderer()  # type: ignore[attr-defined]

    def axes(self, left: float, top: float, wide: float, tall: float) -> Axes:
        """Return new axes with this frame. [px]."""
        made = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.place(made, left, top, wide, tall)
        return made

    def place(
        self, axes: Axes, left: float, top: float, wide: float, tall: float
    ) -> None:
        """Move a frame. [px]."""
        box = (
            left / self._width,
            1.0 - (top + tall) / self._height,
            wide / self._width,
            tall / self._height,
        )
        axes.set_position(box)

    def around(self, axes: Axes) -> tuple[float, float, float, float]:
        """Return what axes have around their frame. [px].

        Returns
        -------
        left, above, right, below : float
        """
        frame = axes.get_window_extent()
        whole = axes.get_tightbbox(self.renderer)
        if whole is None:
            return 0.0, 0.0, 0.0, 0.0
        room = (
            frame.x0 - whole.x0,
            whole.y1 - frame.y1,
            whole.x1 - frame.x1,
            frame.y0 - whole.y0,
        )
        left, above, right, below = (max(one, 0) / self.scale for one in room)
        return left, above, right, below

    def cut(self, width: float, height: float) -> None:
        """Give the paper its size, in whole and even pixels of the picture.

        Movies have only even ones.
        """
        wide, tall = (
            2.0 * round(self.scale * one / 2.0) for one in (width, height)
        )
        self._width, self._height = wide / self.scale, tall / self.scale
        dots = _PIXELS * self.scale
        self.figure.set_size_inches(wide / dots, tall / dots)
        self.pixels.clear().scale(self.scale, -self.scale)
        self.pixels.translate(0.0, tall)
