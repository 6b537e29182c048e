"""What is picked in the panels: a time, a pixel, a spot, a box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.explorer.cursor import Cursor
from smile_explore.explorer.panels import Shown
from smile_explore.explorer.session import Session
from smile_explore.explorer.work import Cancelled, Later
from smile_explore.views.box import Box

__all__ = ["REST", "Picks"]

#: Dragging over a panel sends more than can be drawn; the last one counts. [s]
_SETTLE = 0.03
#: A line of sight is followed once the clock rests so long. [s]
REST = 0.15
#: Within this of the last, a tap is meant for the same pixel. [deg]
_SAME = 0.2
#: What a box on an image showed, and goes with it.
_OF_BOX: Final[dict[str, dict[str, Any]]] = {
    "sxi": {"area": None},
    "uvi": {"glance": ""},
}
#: By which keys move what is picked in SXI's and UVI's image. [deg]
_PIXEL_STEP, _SPOT_STEP = 0.5, 0.25


class Picks:
    """Follows what a user picks in the panels.

    Parameters
    ----------
    cursor : Cursor
        Keeps what is picked.
    session : Session
        Looks along what is picked.
    later : Later
    guard : callable
        Wraps a callback so that what fails in it is told.
    shown : callable
        Returns what the panels show, None while there are none.
    change : callable
        Shows fields of `Shown` anew.
    tell : callable
        Shows a sentence.
    """

    def __init__(
        self,
        cursor: Cursor,
        session: Session,
        later: Later,
        *,
        guard: Callable[[Callable[..., Any]], Callable[..., None]],
        shown: Callable[[], Shown | None],
        change: Callable[..., None],
        tell: Callable[[str], None],
    ) -> None:
        self._cursor, self._session, self._later = cursor, session, later
        self._guard, self._shown = guard, shown
        self._change, self._tell = change, tell

    def time(self, time: np.datetime64) -> None:
        """Follow a tap or a drag, to the last place it has come to."""
        self._time = time
        if not self._later.waits("time"):
            self._later.ask(
                "time", _SETTLE, lambda: self._cursor.seek(self._time)
            )

    def pixel(self, pixel: tuple[float, float]) -> None:
        """Pick a pixel, or let go of the one that is tapped again."""
        self._let_go("sxi")
        near = self._cursor.pixel is not None and np.allclose(
            pixel, self._cursor.pixel, atol=_SAME
        )
        self._cursor.set_trait("pixel", None if near else pixel)

    def spot(self, spot: tuple[float, float]) -> None:
        """Pick a place of UVI's image, or let go of it at a second tap."""
        self._let_go("uvi")
        near = self._cursor.spot is not None and np.allclose(
            spot, self._cursor.spot, atol=_SAME
        )
        self._cursor.set_trait("spot", None if near else spot)

    def local_time(self, hour: float) -> None:
        """Pick a local time of the polar map."""
        self._let_go("polar map")
        self._cursor.set_trait("mlt", hour)

    def move_pixel(self, right: int, up: int) -> None:
        """Move the picked pixel, at first from the middle of the field."""
        shown = self._shown()
        if shown is not None:
            self._let_go("sxi")
            here = self._cursor.pixel
            self._cursor.set_trait(
                "pixel",
                _moved(here, right, up, shown.observations.sxi, _PIXEL_STEP),
            )

    def move_spot(self, right: int, up: int) -> None:
        """Move the place picked in UVI's image, at first from its middle."""
        shown = self._shown()
        if shown is not None and shown.observations.uvi:
            self._let_go("uvi")
            here = self._cursor.spot
            self._cursor.set_trait(
                "spot",
                _moved(here, right, up, shown.observations.uvi, _SPOT_STEP),
            )

    def turn(self, hours: float) -> None:
        """Move the local time of the polar map."""
        self.local_time((self._cursor.mlt + hours) % 24.0)

    def let_go(self) -> None:
        """Let go of all that is picked."""
        self.keep(None)
        self._cursor.set_trait("pixel", None)
        self._cursor.set_trait("spot", None)

    def box(self, panel: str, ends: Any) -> None:
        """Take a part of what a panel shows, or let go of it."""
        self.keep(Box(panel, *ends) if ends else None)

    def keep(self, box: Box | None) -> None:
        """Show what lies in a box, wherever it was drawn."""
        for panel in ("sxi", "uvi"):
            self._let_go(panel)
        self._change(box=box)
        if self._boxed("sxi"):
            self._cursor.set_trait("pixel", None)
            self.look()
        elif self._boxed("uvi"):
            self._cursor.set_trait("spot", None)
            self.glance()

    def _boxed(self, panel: str) -> Box | None:
        """Return the box, if there is one and it was drawn on a panel."""
        shown = self._shown()
        return shown.box.on(panel) if shown and shown.box else None

    def _let_go(self, panel: str) -> None:
        if self._boxed(panel):
            self._change(box=None, **_OF_BOX.get(panel, {}))

    def rest(self, *, look: bool = True) -> None:
        """Look again at what is picked once the clock rests.

        Without `look` only at the spot: of a preview nothing is known along
        the line of sight.
        """
        if look and (self._boxed("sxi") or self._cursor.pixel is not None):
            self._later.ask("look", REST, self.look)
        if self._boxed("uvi") or self._cursor.spot is not None:
            self._later.ask("glance", REST, self.glance)

    def look(self) -> None:
        """Show the line of sight of the picked pixel, or the box's sum."""
        shown = self._shown()
        if shown is None or self._session.current is None:
            return
        if box := self._boxed("sxi"):
            if shown.sight is not None:
                self._change(sight=None)
            self._session.gather(
                self._cursor.time,
                box,
                done=self._guard(lambda area: self._change(area=area)),
                failed=self._guard(self._fail),
            )
            return
        if self._cursor.pixel is None:
            if shown.sight is not None:
                self._change(sight=None)
            return
        self._session.look(
            self._cursor.time,
            self._cursor.pixel,
            done=self._guard(lambda sight: self._change(sight=sight)),
            failed=self._guard(self._fail),
        )

    def glance(self) -> None:
        """Show what the picked place of UVI's image tells, if there is one."""
        shown, spot = self._shown(), self._cursor.spot
        if shown is None:
            return
        if shown.spot != spot:
            self._change(spot=spot, glance="")
        place = self._boxed("uvi") or spot
        if place is None:
            return
        self._session.glance(
            self._cursor.time,
            place,
            done=self._guard(lambda html: self._change(glance=html)),
            failed=self._guard(self._fail),
        )

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self._tell(str(error) or type(error).__name__)


def _moved(
    here: tuple[float, float] | None,
    right: int,
    up: int,
    image: xr.Dataset,
    step: float,
) -> tuple[float, float]:
    """Return a place a step on, within the image; the first is its middle."""
    lon, lat = (0.0, 0.0) if here is None else here
    if here is not None:
        lon, lat = lon + step * right, lat + step * up
    return (
        float(np.clip(lon, *image.fov_lon.values[[0, -1]])),
        float(np.clip(lat, *image.fov_lat.values[[0, -1]])),
    )
