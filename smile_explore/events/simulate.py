"""THE FLOW: from the solar wind of an event to what SMILE saw of it.

`observe` goes all the way. `again` enters where a setting changes something:

    cube -> emissivity -> image -> counts -> magnetopause -> standoff
         |  hydrogen      turn     exposure  fitted
         |  efficiency    ahead    background
         |                         response
         -> plasma -> ions -> moments -> crossings
            turn      mode
            ahead     ion share
                      potential

    Kp   -> aurora     -> image -> counts -> oval -> open flux
            scale         turn     exposure
            cusp spot     F10.7             (events/aurora.py)

Hydrogen and efficiency multiply all emissivity, so the images that are there
are scaled; only another viewpoint asks for new ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.data import solar_wind as wind_data
from smile_explore.events import aurora, cubes, in_situ
from smile_explore.events._steps import Progress, compute
from smile_explore.events.cluster import on_client
from smile_explore.events.cuts import model_boundaries, planes, truth
from smile_explore.events.find import located, standoffs
from smile_explore.events.settings import Settings
from smile_explore.instruments import orbit, sxi
from smile_explore.instruments.response import tables
from smile_explore.observations import Event, Observations
from smile_explore.physics import charge_exchange
from smile_explore.schema import CUTS

__all__ = [
    "Progress",
    "again",
    "counted",
    "emissivity_of",
    "exposed",
    "fly",
    "observe",
]


def observe(
    event: Event,
    *,
    run: str | None = None,
    settings: Settings | None = None,
    cadence: float | None = None,
    rng: int | np.random.Generator | None = None,
    progress: Progress | None = None,
    client: Any = None,
) -> Observations:
    """Simulate what SMILE would have seen of an event.

    Parameters
    ----------
    event : Event
    run : str, optional
        Name of an MHD run of the event, by default its first.
    settings : Settings, optional
        Exposure, background, hydrogen, viewpoint and more.
    cadence : float, optional
        Of images in the hours that no run covers, by default that of the
        event. [s]
    rng : int, numpy.random.Generator or None
        For photon noise.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.
    client : distributed.Client, optional
        Whose workers compute what is made of cubes; by default dask decides.

    Returns
    -------
    observations : Observations

    Raises
    ------
    ValueError
        If the event has no such run, or the client has been closed.
    ConnectionError
        If the client is closed, or its scheduler is gone, in the middle.
    """
    with on_client(client):
        return _observed(
            event,
            run,
            settings or Settings(),
            cadence or event.cadence,
            rng,
            progress,
        )


def _observed(
    event: Event,
    run: str | None,
    settings: Settings,
    cadence: float,
    rng: int | np.random.Generator | None,
    progress: Progress | None,
) -> Observations:
    """Go the whole way, from the solar wind to the open flux."""
    solar_wind = wind_data.load(
        event.start, event.stop, source=event.solar_wind
    )
    cube = cubes.cube(event, solar_wind, run=run, cadence=cadence)
    driver = cubes.driver(event, solar_wind, cube.time.values, run=run)
    emissivity = emissivity_of(cube, settings)

    trajectory, pointing = fly(event, cube.time.values, settings)
    image = sxi.intensity(emissivity, pointing)
    plasma = in_situ.along(cube, trajectory)
    image, cuts, noses, plasma = compute(
        (image, planes(cube, emissivity), truth(cube), plasma), progress
    )
    image.attrs["settings"] = settings.record()
    model = model_boundaries(driver)
    seen = Observations(
        event=event,
        solar_wind=solar_wind,
        trajectory=trajectory,
        pointing=pointing,
        cuts=CUTS.stamp(xr.merge([cuts, model], compat="override")),
        sxi=image,
        magnetopause=xr.Dataset(),
        standoff=standoffs(noses, model),
    )
    seen = in_situ.measured(seen, plasma, settings, rng=rng, progress=progress)
    seen = located(counted(seen, settings, rng=rng), progress=progress)
    return aurora.watched(seen, settings, rng=rng, progress=progress)


def again(
    seen: Observations,
    settings: Settings,
    *,
    run: str | None = None,
    rng: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> Observations:
    """Observe with other settings, and compute only what depends on them.

    Parameters
    ----------
    seen : Observations
        As `observe` returned them.
    settings : Settings
    run, rng, progress
        As `observe` had them.

    Returns
    -------
    observations : Observations
        As if `observe` had been asked with these settings.
    """
    changed = settings.changed_from(Settings.of(seen))
    if "viewpoint" in changed:
        seen = _from_elsewhere(seen, settings, run, progress, rng)
    elif "in situ" in changed:
        seen = in_situ.counted(seen, settings, rng=rng, progress=progress)
    if changed & {"viewpoint", "X-ray"}:
        seen = located(counted(seen, settings, rng=rng), progress=progress)
    if changed & {"viewpoint", "aurora"}:
        seen = aurora.watched(seen, settings, rng=rng, progress=progress)
    noted = seen.sxi.assign_attrs(settings=settings.record())
    return replace(seen, sxi=noted)


def counted(
    seen: Observations,
    settings: Settings,
    *,
    rng: int | np.random.Generator | None = None,
) -> Observations:
    """Return images as they are counted with other settings, at once.

    The viewpoint stays, and what LIA saw; the magnetopause is still the one
    found before.
    """
    old = Settings.of(seen)
    factor = settings.brightness / old.brightness
    bright = {
        "efficiency": settings.efficiency,
        "hydrogen": settings.exosphere_name,
    }
    glowing = _scaled(
        seen.cuts[["emissivity_noon", "emissivity_equator"]], factor, **bright
    )
    cuts = seen.cuts.assign(glowing)
    image = _scaled(seen.sxi[["intensity"]], factor).assign_attrs(
        bright,
        settings=replace(old, **settings.part("X-ray")).record(),
    )
    return replace(seen, cuts=cuts, sxi=exposed(image, settings, rng=rng))


def exposed(
    image: xr.Dataset,
    settings: Settings,
    *,
    rng: int | np.random.Generator | None = None,
) -> xr.Dataset:
    """Return images with what SXI counts of their intensity, as it is set."""
    if settings.response == "full":
        expected = sxi.expected_counts(
            image, exposure=settings.exposure, response=tables.assumed()
        )
    else:
        expected = sxi.expected_counts(
            image,
            exposure=settings.exposure,
            background=settings.background,
        )
    return sxi.expose(expected, rng=rng)


def fly(
    event: Event, times: np.ndarray, settings: Settings
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return where SMILE is at some times of an event, and where it looks."""
    trajectory = orbit.trajectory(times, elements=settings.elements(event))
    return trajectory, orbit.pointing(trajectory)


def emissivity_of(cube: xr.Dataset, settings: Settings) -> xr.DataArray:
    """Return the emissivity of a cube as it is set."""
    return charge_exchange.emissivity(
        cube, efficiency=settings.efficiency, hydrogen=settings.exosphere
    )


def _from_elsewhere(
    seen: Observations,
    settings: Settings,
    run: str | None,
    progress: Progress | None,
    rng: int | np.random.Generator | None,
) -> Observations:
    """Take all images anew from another viewpoint, as bright as before."""
    where = replace(
        Settings.of(seen),
        **settings.part("viewpoint"),
        **settings.part("in situ"),
    )
    cube = cubes.cube(
        seen.event, seen.solar_wind, run=run, cadence=_cadence(seen)
    )
    trajectory, pointing = fly(seen.event, cube.time.values, where)
    image = sxi.intensity(emissivity_of(cube, where), pointing)
    plasma = in_situ.along(cube, trajectory)
    image, plasma = compute((image, plasma), progress)
    image.attrs["settings"] = where.record()
    moved = replace(seen, trajectory=trajectory, pointing=pointing, sxi=image)
    return in_situ.measured(moved, plasma, where, rng=rng, progress=progress)


def _scaled(data: xr.Dataset, factor: float, **attrs: object) -> xr.Dataset:
    """Multiply everything, and keep what is said of it but for `attrs`."""
    scaled = {
        name: (one * factor).assign_attrs(one.attrs, **attrs)
        for name, one in data.items()
    }
    return data.assign(scaled)


def _cadence(seen: Observations) -> float:
    """Return the cadence [s] of the hours that no run covers."""
    analytic = seen.cuts.time[seen.cuts.model == cubes.ANALYTIC].values
    if analytic.size < 2:
        return seen.event.cadence
    return float(np.diff(analytic).min() / np.timedelta64(1, "s"))
