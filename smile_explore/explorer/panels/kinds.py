"""What a panel is: how it is drawn, how it follows, what a tap picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.observations import Observations
from smile_explore.views.box import Box
from smile_explore.views.style import Layers

__all__ = ["Picture", "Place", "Shown", "Text"]


@dataclass(frozen=True)
class Shown:
    """All that a panel may depend on.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        Where the clock stands.
    cut, image : str
        Quantities of the cuts and of the image.
    method : str
        By which the magnetopause was found, or ``"all"``.
    sight : xarray.Dataset (SIGHT), optional
        The pixel that was picked.
    area : xarray.Dataset (AREA), optional
        What the pixels in a box on the X-ray image sum up to.
    estimate : str
        Of the ions' moments, one of `distributions.ESTIMATES`.
    plane : str
        Of the slice through their distribution.
    box : Box, optional
        The part of a distribution, or of an image, that was picked.
    spot : (float, float), optional
        The place that was picked in UVI's image. [deg]
    glance : str
        What that place tells, as HTML.
    mlt : float
        Local time of the keogram. [h]
    """

    observations: Observations
    time: np.datetime64
    cut: str = "density"
    image: str = "intensity"
    method: str = "all"
    sight: xr.Dataset | None = None
    area: xr.Dataset | None = None
    estimate: str = "corrected"
    plane: str = "B and V"
    box: Box | None = None
    spot: tuple[float, float] | None = None
    glance: str = ""
    mlt: float = 23.5

    @property
    def spectral(self) -> xr.Dataset | None:
        """Whose lines and counts are shown: of a box, or of a pixel."""
        return self.sight if self.area is None else self.area

    @property
    def there(self) -> tuple[bool, ...]:
        """What there is to show; panels are drawn anew where it changes."""
        seen = self.observations
        return bool(seen.uvi), bool(seen.light)


@dataclass(frozen=True)
class Picture:
    """A panel that is drawn.

    Parameters
    ----------
    view : callable
        ``view(shown)``, the HoloViews element.
    layers : mapping of str to callable
        By field of `Shown`: ``layers(shown)``, the columns to replace when
        it changes. New observations replace all of them. Those of ``time``
        are made ahead: they depend on what is chosen, not on what is picked.
    redrawn : set of str
        Fields of `Shown` with which the panel is drawn anew.
    taps : {"", "time", "pixel", "spot", "mlt"}
        What a tap picks. Panels that pick a time share its axis.
    aspect : callable, optional
        ``aspect(shown)``, width over height of what is drawn; then the
        place is the box it has to fit in.
    boxes : {"both", "height"}, optional
        Whether a drag picks a box, or only its height.
    """

    view: Callable[[Shown], hv.Overlay]
    layers: Mapping[str, Callable[[Shown], Layers]] = field(
        default_factory=dict
    )
    redrawn: frozenset[str] = frozenset()
    taps: str = ""
    aspect: Callable[[Shown], float] | None = None
    boxes: Literal["both", "height"] | None = None


@dataclass(frozen=True)
class Text:
    """A panel of words: ``html(shown)``, written anew at every change."""

    html: Callable[[Shown], str]


@dataclass(frozen=True)
class Place:
    """Where a preset has a panel: the room of its frame, without axes. [px].

    Parameters
    ----------
    panel : str
    width, height : int
        Of a panel of words only the width counts.
    brief : bool
        Without its legend and colour bar, and with a smaller title: where
        many stand side by side.
    scale : float
        Of its letters, lines and marks.
    """

    panel: str
    width: int
    height: int = 0
    brief: bool = False
    scale: float = 1.0
