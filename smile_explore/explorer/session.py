"""The event on screen, and the work on it; knows no widgets.

`seen` is complete: made with one set of settings from end to end. `current`
is what is on screen, which may run ahead of it while the rest is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.events import aurora_moment, find, library, moment, simulate
from smile_explore.events.cluster import on_client
from smile_explore.events.settings import Settings
from smile_explore.explorer.work import Worker
from smile_explore.observations import Event, Observations
from smile_explore.views import aurora as aurora_view
from smile_explore.views.box import Box

__all__ = ["Session"]

Show = Callable[[Observations], None]
#: Parts of the settings of which a preview shows a single time.
_ONE_TIME = frozenset({"viewpoint", "aurora"})
Fail = Callable[[Exception], None]


class Session:
    """Opens events, changes their settings, looks along single pixels.

    Results come by callback; what fails comes to `failed`.

    Parameters
    ----------
    worker : Worker
        For what takes long: its user sees progress and may cancel.
    aside : Worker
        For what takes an instant.
    glancer : Worker, optional
        The same for UVI, so that neither gives up the other's.
    client : distributed.Client, optional
        Whose workers compute what is made of cubes.
    """

    def __init__(
        self,
        worker: Worker,
        aside: Worker,
        glancer: Worker | None = None,
        *,
        client: Any = None,
    ) -> None:
        self._worker, self._aside = worker, aside
        self._client = client
        self._glancer = glancer or Worker(lambda *_: None)
        self._turner = Worker(lambda *_: None)
        self.seen: Observations | None = None
        self.current: Observations | None = None
        self.run = ""
        self.settings = Settings()
        self._glow: tuple[Any, xr.DataArray] | None = None

    def hold(self, seen: Observations, run: str) -> None:
        """Take complete observations as those on screen."""
        self.seen = self.current = seen
        self.run = run
        self.settings = Settings.of(seen)

    @property
    def waiting_for_images(self) -> bool:
        """Whether there are previews only, one for each time looked at."""
        return self.seen is not None and not _ONE_TIME.isdisjoint(
            self.settings.changed_from(Settings.of(self.seen))
        )

    def open(
        self,
        event: Event,
        run: str,
        *,
        done: Callable[[Observations, str], None],
        failed: Fail,
    ) -> None:
        """Recall an event, or compute it; ``done(observations, notice)``."""
        self._worker.cancel()
        try:
            seen = library.recall(event, run=run)
        except KeyError:
            notes: list[str] = []
            self._worker.start(
                self._on_client(
                    lambda progress: library.keep(
                        event, run=run, progress=progress, warn=notes.append
                    )
                ),
                lambda new: done(new, " ".join(notes)),
                failed,
            )
        else:
            done(seen, "")

    def preview(
        self,
        settings: Settings,
        time: np.datetime64,
        *,
        show: Show,
        failed: Fail,
    ) -> None:
        """Show at once what other settings change, as far as it can be.

        Magnetopause and oval stay those found before, and so do moments of
        ions; from another viewpoint there are images of `time` alone, and
        X-rays coarsely. Only what depends on what was changed is computed.

        Raises
        ------
        ValueError
            If the images were measured: then there is nothing to set.
        """
        seen = self._complete()
        if seen.sxi.attrs.get("measured"):
            raise ValueError(
                "these images were measured, their settings cannot be "
                "changed; open a simulated event"
            )
        self.settings = settings
        changed = settings.changed_from(Settings.of(seen))
        if "viewpoint" not in changed:
            new = seen
            if "X-ray" in changed:
                new = simulate.counted(new, settings, rng=library.SEED)
            if "aurora" in changed:
                new = aurora_moment.preview(
                    new, settings, time, rng=library.SEED
                )
            self._show(new, show)
            return

        def look(glow: xr.DataArray) -> Observations:
            new = moment.preview(seen, settings, time, glow, rng=library.SEED)
            return aurora_moment.preview(new, settings, time, rng=library.SEED)

        def arrived(new: Observations) -> None:
            if self.settings == settings:  # else it is too late
                self._show(new, show)

        self._with_glow(seen, time, look, arrived, failed)

    def complete(
        self, *, done: Callable[[Observations], None], failed: Fail
    ) -> None:
        """Compute all that depends on the settings of the preview."""
        seen, settings, run = self._complete(), self.settings, self.run
        if settings == Settings.of(seen):
            self._worker.cancel()
            done(seen)
            return

        def job(progress: simulate.Progress) -> Observations:
            # a run is named where the library has made what is seen
            if run and settings == Settings():
                try:
                    return library.recall(seen.event, run=run)
                except KeyError:
                    pass  # not kept: computed like any other
            return simulate.again(
                seen,
                settings,
                run=run or None,
                rng=library.SEED,
                progress=progress,
            )

        self._worker.start(self._on_client(job), done, failed)

    def give_up(self) -> None:
        """Cancel what is computed and go back to what is complete."""
        self._worker.cancel()
        self.current = self.seen
        if self.seen is not None:
            self.settings = Settings.of(self.seen)

    def fit(
        self,
        times: np.ndarray | None,
        *,
        done: Callable[[Observations], None],
        failed: Fail,
    ) -> None:
        """Fit the whole magnetosheath to some images, by default to all."""
        seen = self._complete()
        self._worker.start(
            lambda progress: find.added(
                seen, "boundary_fit", times=times, progress=progress
            ),
            done,
            failed,
        )

    def look(
        self,
        time: np.datetime64,
        pixel: tuple[float, float],
        *,
        done: Callable[[xr.Dataset], None],
        failed: Fail,
    ) -> None:
        """Follow the line of sight of a pixel through the cube of a time."""
        seen = self.current
        if seen is None:
            return
        lon, lat = pixel
        self._with_glow(
            seen,
            time,
            lambda glow: moment.sight(
                seen, time, glow, fov_lon=lon, fov_lat=lat
            ),
            done,
            failed,
        )

    def gather(
        self,
        time: np.datetime64,
        box: Box,
        *,
        done: Callable[[xr.Dataset], None],
        failed: Fail,
    ) -> None:
        """Sum up the pixels in a box on the X-ray image of a time."""
        seen = self.current
        if seen is None:
            return
        self._aside.start(
            lambda _progress: moment.area(
                seen, time, fov_lon=box.x, fov_lat=box.y
            ),
            done,
            failed,
        )

    def glance(
        self,
        time: np.datetime64,
        place: tuple[float, float] | Box,
        *,
        done: Callable[[str], None],
        failed: Fail,
    ) -> None:
        """Tell, as HTML, what UVI sees and counts in a pixel or a box."""
        seen = self.current
        if seen is None or not seen.uvi:
            done("")
            return

        def job(_progress: Any) -> str:
            image = aurora_moment.glance(seen, time)
            now = image.time.values[0]
            if isinstance(place, Box):
                return aurora_view.area(
                    image, now, fov_lon=place.x, fov_lat=place.y
                )
            lon, lat = place
            return aurora_view.pixel(
                image, now, seen.uvi_pointing, fov_lon=lon, fov_lat=lat
            )

        self._glancer.start(job, done, failed)

    def turn_ahead(self, seen: Observations) -> None:
        """Work out, in the background, how Earth turns through an event.

        Polar maps need it; at each step of the clock it would take 40 ms.
        """
        place = seen.trajectory["position"]

        def job(progress: Any) -> None:
            for number, frame in enumerate(("GEO", "SM")):
                progress(number, 2)
                frames.rotate(place, to=frame)

        self._turner.start(job, lambda _: None, lambda _: None)

    def _on_client(
        self, job: Callable[[simulate.Progress], Any]
    ) -> Callable[[simulate.Progress], Any]:
        """Have a job, in whatever thread it runs, compute on the client."""

        def run(progress: simulate.Progress) -> Any:
            with on_client(self._client):
                return job(progress)

        return run

    def _with_glow(
        self,
        seen: Observations,
        time: np.datetime64,
        use: Callable[[xr.DataArray], Any],
        done: Callable[[Any], None],
        failed: Fail,
    ) -> None:
        """Use the emissivity of a time, which is kept until the next."""
        key = (seen.event.name, self.run, time)
        bright = Settings.of(seen).brightness
        if self._glow is not None and self._glow[0] == key:
            self._aside.cancel()
            done(use(self._glow[1] * bright))
            return
        run = self.run or None

        def job(_progress: Any) -> tuple[xr.DataArray, Any]:
            glow = moment.emissivity(seen, time, run=run)
            return glow / bright, use(glow)

        def arrived(both: tuple[xr.DataArray, Any]) -> None:
            self._glow = key, both[0]
            done(both[1])

        self._aside.start(self._on_client(job), arrived, failed)

    def _show(self, new: Observations, show: Show) -> None:
        self.current = new
        show(new)

    def _complete(self) -> Observations:
        if self.seen is None:
            raise ValueError("no event is open yet; wait, or choose one")
        return self.seen
