"""What UVI saw of an event: from Kp to counts, the oval and its open flux.

    Kp -> aurora -> image -> counts -> map -> oval -> polar cap -> flux budget
          scale     F10.7    exposure         edges

A few moments at a time are gone through from their source to the edges found
in their maps, and only what is shown is kept of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.events import activity, cubes
from smile_explore.events._steps import Progress, shared_out
from smile_explore.events.settings import Settings
from smile_explore.instruments import uvi
from smile_explore.observations import Observations
from smile_explore.physics import aurora, cusp_aurora
from smile_explore.physics.polar_cap import AURORA_HEIGHT
from smile_explore.retrieval import dayglow, oval, polar_cap

__all__ = [
    "CAMERA",
    "OF_THE_SPOT",
    "assumptions",
    "exposed",
    "sees_earth",
    "slim",
    "watched",
]

#: Pixels of 512 x 512 taken together by 2: 82 km at 20 R_E, so that UVI's
#: 150 km are met, and a quarter of the data.
CAMERA: Final = uvi.binned(2)
#: Edges are laid where the light has fallen to half (docs/oval.md).
EDGE: Final = 0.5
#: Of the map, as fine as it is shown. [deg, h]
GRID: Final = aurora.grid(lowest=oval.LOWEST)
#: Moments of one call: between two calls one can cancel.
_TOGETHER: Final = 6
#: What of the solar wind makes the spot of the cusp.
OF_THE_SPOT: Final = ["magnetic_field", "dynamic_pressure"]
_LEFT_OUT: Final = ["uncertainty", "dayglow"]


@dataclass(frozen=True)
class _Part:
    """What is kept of some moments; nothing of their maps if all are empty."""

    image: xr.Dataset
    light: xr.Dataset | None = None
    edges: xr.Dataset | None = None


def watched(
    seen: Observations,
    settings: Settings,
    *,
    rng: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> Observations:
    """Watch the aurora with UVI, at all times of the trajectory.

    Parameters
    ----------
    seen : Observations
        With solar wind and trajectory.
    settings : Settings
    rng : int, numpy.random.Generator or None
        For photon noise.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.

    Returns
    -------
    observations : Observations
        With `uvi` and what follows from it; all of these are empty where
        UVI was never on with the Earth in its field.
    """
    times = seen.trajectory.time.values
    pointing = uvi.pointing(seen.trajectory)
    driver, drive = activity.driver(
        seen.event, seen.solar_wind, times, settings
    )
    used = np.flatnonzero(sees_earth(pointing) & np.isfinite(driver.values))
    cuts = range(0, used.size, _TOGETHER)
    parts = [used[first : first + _TOGETHER] for first in cuts]
    noise = np.random.default_rng(rng).spawn(len(parts))
    wind = cubes.at(seen.solar_wind, times)
    every = (driver, wind[OF_THE_SPOT], pointing)
    found = shared_out(
        partial(_part, settings, drive["f107"]),
        [
            (*(one.isel(time=part) for one in every), own)
            for part, own in zip(parts, noise, strict=True)
        ],
        progress,
        sizes=[part.size for part in parts],
    )
    if not found:
        return _without(seen, pointing)
    images = _together([one.image for one in found], times)
    record = {
        **images.attrs,
        **drive,
        "exposure": settings.uv_exposure,
        "offset": EDGE,
        "signal_to_noise": uvi.SIGNAL_TO_NOISE,
        "measured": False,
    }
    if isinstance(rng, int):
        record["seed"] = rng
    seen = replace(
        _without(seen, pointing),
        uvi=images.assign(
            kp=driver, exposure=settings.uv_exposure
        ).assign_attrs(record),
    )
    maps = [one.light for one in found if one.light is not None]
    if not maps:
        return seen
    light = _together(maps, times).assign_attrs(measured=False)
    edges = [one.edges for one in found if one.edges is not None]
    oval_edges = _together(edges, times)
    cap = polar_cap.fit(oval_edges)
    return replace(
        seen,
        light=light,
        oval=oval_edges,
        polar_cap=cap,
        flux_budget=polar_cap.flux_budget(cap, seen.solar_wind),
    )


def assumptions(seen: Observations) -> list[str]:
    """Return, in sentences, what UVI's images and the oval rest on."""
    if not seen.uvi:
        return ["UVI saw nothing: it was off, or the Earth out of its field."]
    record = seen.uvi.attrs
    spot = record.get("cusp_spot", "none; it can be turned on")
    return [
        f"Aurora: {record['model']}, a mean over four years without arcs or "
        f"substorms, at Kp {record['kp_source']}.",
        f"Brightness: computed with GLOW, times {record['scale']:g} (assumed; "
        "0.5 meets what Polar UVI saw), for aurora and dayglow alike.",
        f"Dayglow at F10.7 of {record['f107']:g} ({record['f107_source']}).",
        f"Spot at the foot of the cusp: {spot}.",
        f"UVI: {record['exposure']:g} s, {record['camera'][4:]} pixels of 512 "
        f"x 512 taken together, signal to noise {record['signal_to_noise']:g}"
        f" at {uvi.REFERENCE_RADIANCE:g} R in a minute and one of 512 x 512 "
        "pixels (the 3 is assumed), no dark counts.",
        f"UVI looks {seen.uvi_pointing.attrs['offset']:g}° from SXI (inferred "
        "from SXI's rule) and is on above 30 000 km.",
        f"Coordinates: modified apex at {AURORA_HEIGHT:g} km; the map leaves "
        f"out what is seen from more than {uvi.LARGEST_VIEW_ANGLE:g}° aside.",
        "Dayglow is fitted and taken out of each map; edges are those of "
        "Longden et al. (2010), laid where the light has fallen to half.",
        "Open flux: a circle through the poleward edges; the edge of open "
        "field lines may lie a degree from that of the light. Opened flux: "
        "Milan et al. (2012). With a Kp of three hours the oval jumps every "
        "three hours, and so does the flux.",
    ]


def exposed(
    driver: xr.DataArray,
    wind: xr.Dataset,
    pointing: xr.Dataset,
    settings: Settings,
    *,
    f107: float,
    rng: int | np.random.Generator | None = None,
) -> xr.Dataset:
    """Return UVI's images of some moments, with what it counts.

    Parameters
    ----------
    driver : xarray.DataArray
        Kp along `time`.
    wind : xarray.Dataset (SOLAR_WIND)
        At the same times.
    pointing : xarray.Dataset (POINTING)
    settings : Settings
    f107 : float
        Of the dayglow. [1e-22 W m-2 Hz-1]
    rng : int, numpy.random.Generator or None
        For photon noise.
    """
    image = uvi.radiance(
        _aurora(driver, wind, settings),
        pointing,
        camera=CAMERA,
        f107=f107,
        scale=settings.uv_scale,
    )
    expected = uvi.expected_counts(image, exposure=settings.uv_exposure)
    return uvi.expose(expected, rng=rng)


def _aurora(
    driver: xr.DataArray, wind: xr.Dataset, settings: Settings
) -> xr.Dataset:
    """Return the aurora of some moments."""
    source = aurora.zhang_paxton(
        driver, *aurora.grid(), scale=settings.uv_scale
    )
    if settings.cusp_spot == "off":
        return source
    field = wind["magnetic_field"]
    return cusp_aurora.with_spot(
        source,
        by=field.sel(component="y", drop=True),
        bz=field.sel(component="z", drop=True),
        dynamic_pressure=wind["dynamic_pressure"],
    )


def _part(
    settings: Settings,
    f107: float,
    part: tuple[xr.DataArray, xr.Dataset, xr.Dataset, np.random.Generator],
) -> _Part:
    """Go all the way from Kp to the edges of the ovals, at some moments."""
    driver, wind, pointing, rng = part
    image = exposed(driver, wind, pointing, settings, f107=f107, rng=rng)
    kept = slim(image)
    uv_map = uvi.to_magnetic_grid(image, pointing, *GRID)
    if not bool(uv_map["radiance"].notnull().any()):
        return _Part(kept)
    light = dayglow.remove(uv_map)
    edges = oval.boundaries(light, offset=EDGE)
    light = light.drop_vars(_LEFT_OUT, errors="ignore")
    light = light.map(_rounded, keep_attrs=True)
    return _Part(kept, light, edges)


def slim(exposed: xr.Dataset) -> xr.Dataset:
    """Keep radiance, and counts as whole numbers: 0 off the Earth."""
    counts = exposed["counts"].fillna(0.0)
    # a Sun of 250 in an hour comes to 2 ** 16 counts
    whole = np.uint16 if float(counts.max()) < 2**16 else np.uint32
    return exposed[["radiance"]].assign(
        radiance=_rounded(exposed["radiance"]),
        counts=counts.astype(whole).assign_attrs(exposed["counts"].attrs),
    )


def _rounded(values: xr.DataArray) -> xr.DataArray:
    """Keep what is told from noise: a 64th of a unit, which packs well."""
    short = (values.astype(np.float32) * 64).round() / np.float32(64)
    return short.assign_attrs(values.attrs)


def sees_earth(pointing: xr.Dataset) -> np.ndarray:
    """Tell when UVI is on, with a part of the Earth in its field."""
    position = pointing["position"].transpose("time", ...).values
    boresight = pointing["boresight"].transpose("time", ...).values
    radius = np.linalg.norm(position, axis=-1)
    cosine = -(position * boresight).sum(-1) / radius
    earth = np.arcsin(1.0 / np.maximum(radius, 1.0))
    away = np.degrees(np.arccos(cosine.clip(-1.0, 1.0)) - earth)
    with np.errstate(invalid="ignore"):
        return pointing["uvi_on"].values & (away < CAMERA.fov_lon / 2.0)


def _together(parts: list[xr.Dataset], times: np.ndarray) -> xr.Dataset:
    """Join moments along all times; nothing is known at those between."""
    joined = xr.concat(parts, "time", combine_attrs="override")
    if joined.sizes["time"] == times.size:
        return joined
    fill: dict[str, Any] = {
        str(name): "UVI saw nothing"
        for name, one in joined.data_vars.items()
        if one.dtype.kind in "OU"
    }
    fill |= {
        str(name): 0
        for name, one in joined.data_vars.items()
        if one.dtype.kind in "iu"
    }
    return joined.reindex(
        time=times,
        fill_value={**dict.fromkeys(_floats(joined), np.nan), **fill},
    )


def _floats(data: xr.Dataset) -> list[str]:
    return [
        str(n) for n, one in data.data_vars.items() if one.dtype.kind == "f"
    ]


def _without(seen: Observations, pointing: xr.Dataset) -> Observations:
    nothing = xr.Dataset()
    return replace(
        seen,
        uvi=nothing,
        uvi_pointing=pointing,
        light=nothing,
        oval=nothing,
        polar_cap=nothing,
        flux_budget=nothing,
    )
