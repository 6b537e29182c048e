"""One moment of an event: a preview of its image, and single pixels of it.

What was kept of an event has no cubes; here the cube of one time is opened
again, which takes a tenth of a second.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.events import cubes, simulate
from smile_explore.events.cuts import surfaces
from smile_explore.events.in_situ import IN_SITU
from smile_explore.events.settings import Settings
from smile_explore.instruments import camera, sxi
from smile_explore.instruments.response import counts, tables
from smile_explore.observations import Observations
from smile_explore.physics import ion_emission, line_of_sight
from smile_explore.schema import AREA, SIGHT

__all__ = ["REGIONS", "area", "emissivity", "preview", "sight"]

#: Pixel of a preview. [deg]
_COARSE: Final = 1.0
#: What is called near the magnetopause. [R_E]
_NEAR: Final = 2.0
#: Where light comes from; the first three add up to the whole.
REGIONS: Final = (
    "magnetosphere",
    "magnetosheath",
    "solar wind",
    f"within {_NEAR:g} R_E of the magnetopause",
)
_SURFACES: Final = {
    "magnetopause": "Lin 2010",
    "bow shock": "bow shock (Jelinek 2012)",
}


def emissivity(
    seen: Observations, time: np.datetime64, *, run: str | None = None
) -> xr.DataArray:
    """Return the emissivity of the cube of one time, computed.

    Parameters
    ----------
    seen : Observations
    time : numpy.datetime64
        One of those of `seen.cuts`.
    run : str, optional
        The one that `seen` was made with.

    Returns
    -------
    emissivity : xarray.DataArray
        As bright as the settings of `seen` have it. [eV cm-3 s-1]
    """
    instant = replace(seen.event, start=time, stop=time, focus=time)
    cube = cubes.cube(instant, seen.solar_wind, run=run)
    lazy = simulate.emissivity_of(cube, Settings.of(seen))
    return lazy.isel(time=0).compute()


def preview(
    seen: Observations,
    settings: Settings,
    time: np.datetime64,
    glow: xr.DataArray,
    *,
    rng: int | np.random.Generator | None = None,
) -> Observations:
    """Return at once, and coarsely, what is seen from another viewpoint.

    Parameters
    ----------
    seen : Observations
    settings : Settings
    time : numpy.datetime64
        The one that has an image; others wait for the full series.
    glow : xarray.DataArray
        Of that time, from `emissivity`.
    rng : int, numpy.random.Generator or None
        For photon noise.

    Returns
    -------
    observations : Observations
        With `remark` along time in `sxi`: what to say of each image. There
        is no magnetopause in them yet, and nothing in situ.
    """
    where = replace(
        Settings.of(seen), turn=settings.turn, ahead=settings.ahead
    )
    trajectory, pointing = simulate.fly(
        seen.event, seen.cuts.time.values, where
    )
    image = sxi.intensity(
        glow,
        pointing.sel(time=time, drop=True),
        camera=replace(sxi.SXI, pixel=_COARSE),
    ).intensity
    pixels = {name: seen.sxi[name] for name in ("fov_lat", "fov_lon")}
    fine = image.sel(pixels, method="nearest").assign_coords(pixels)
    shown = seen.sxi.time == time
    intensity = fine.where(shown).transpose("time", *pixels)
    found = seen.magnetopause
    nothing: Any = dict.fromkeys(IN_SITU, xr.Dataset())
    moved = replace(
        seen,
        trajectory=trajectory,
        pointing=pointing,
        sxi=seen.sxi[["intensity"]]
        .assign(intensity=intensity)
        .assign_attrs(settings=where.record()),
        magnetopause=found.assign(
            {name: found[name] * np.nan for name in ("rim_lon", "rim_lat")}
        ),
        **nothing,
    )
    moved = simulate.counted(moved, settings, rng=rng)
    lit = f"preview, {_COARSE:g}° pixels; the full series is on its way"
    remark = ("time", np.where(shown, lit, "the full series is on its way"))
    return replace(moved, sxi=moved.sxi.assign_coords(remark=remark))


def sight(
    seen: Observations,
    time: np.datetime64,
    glow: xr.DataArray,
    *,
    fov_lon: float,
    fov_lat: float,
) -> xr.Dataset:
    """Return the line of sight of one pixel, and its spectrum.

    Parameters
    ----------
    seen : Observations
    time : numpy.datetime64
        One of those of `seen.cuts`.
    glow : xarray.DataArray
        Of that time, from `emissivity`.
    fov_lon, fov_lat : float
        In the field of view; the centre of the pixel is taken. [deg]

    Returns
    -------
    sight : xarray.Dataset (SIGHT)
        Where the boundaries are those of Lin et al. and of Jelinek et al.
        for the wind of that time. The spectrum is that of the composition
        of slow or fast wind, counted with `response.tables.assumed`.

    Raises
    ------
    ValueError
        If the ray misses the cube, or SXI does not know where to look.
    """
    pointing = seen.pointing.sel(time=time)
    pixel = seen.sxi.sel(time=time).sel(
        fov_lon=fov_lon, fov_lat=fov_lat, method="nearest"
    )
    lon, lat = pixel.fov_lon.item(), pixel.fov_lat.item()
    along = camera.unproject(lon, lat, pointing)
    if not np.isfinite(along).all():
        raise ValueError("SXI has no direction at this time; choose another")
    ray = line_of_sight.profile(
        glow, pointing.position.drop_vars("time"), along.drop_vars("time")
    )
    data = ray.assign(_regions(ray, seen.cuts.sel(time=time)))
    if np.isfinite(pixel.intensity):
        where = {"fov_lon": lon, "fov_lat": lat}
        parts, _ = _spectrum(seen, time, where)
        data = data.assign(parts)
    data = data.assign_coords(fov_lon=lon, fov_lat=lat, time=time)
    model = str(seen.cuts.model.sel(time=time).item())
    return SIGHT.stamp(data.assign_attrs(ray.attrs, model=model))


def area(
    seen: Observations,
    time: np.datetime64,
    *,
    fov_lon: tuple[float, float],
    fov_lat: tuple[float, float],
) -> xr.Dataset:
    """Return the spectrum of all pixels in a box on the X-ray image.

    Parameters
    ----------
    seen : Observations
    time : numpy.datetime64
        One of those of `seen.sxi`.
    fov_lon, fov_lat : (float, float)
        The ends of the box; pixels whose centre lies inside count. [deg]

    Returns
    -------
    area : xarray.Dataset (AREA)
        The lines are the mean of the pixels, the counts their sum; both as
        in `sight`.

    Raises
    ------
    ValueError
        If no pixel of an image lies inside.
    """
    where = {"fov_lon": slice(*fov_lon), "fov_lat": slice(*fov_lat)}
    image = seen.sxi.intensity.sel(time=time)
    if not np.isfinite(image.sel(where)).any():
        raise ValueError(
            "no pixel that SXI saw lies in the box; draw a larger one, or "
            "choose a time at which SXI is on"
        )
    parts, pixels = _spectrum(seen, time, where)
    data = xr.Dataset(parts).assign_coords(time=time)
    return AREA.stamp(data.assign(pixels=pixels))


def _regions(ray: xr.Dataset, driver: xr.Dataset) -> dict[str, object]:
    """Find where a ray passes the boundaries, and the light of each side."""
    x, y, z = (ray.position.sel(component=name, drop=True) for name in "xyz")
    radius = np.sqrt(x**2 + y**2 + z**2)
    theta = np.degrees(np.arccos((x / radius).clip(-1.0, 1.0)))
    models = surfaces(driver, theta, np.degrees(np.arctan2(z, y)))
    # how far outside of each: negative within
    above = {
        name: (radius - models[model]).values
        for name, model in _SURFACES.items()
    }
    pause, shock = above["magnetopause"], above["bow shock"]
    light = ray.intensity.values
    whole = light.sum() + ray.beyond.item()
    parts = [
        light[pause < 0.0].sum(),
        light[(pause >= 0.0) & (shock < 0.0)].sum(),
        0.0,
        light[np.abs(pause) < _NEAR].sum(),
    ]
    parts[2] = whole - parts[0] - parts[1]
    places, names = [], []
    for name, outside in above.items():
        found = _crossings(ray.distance.values, outside)
        places += found
        names += [name] * len(found)
    return {
        "crossing": xr.DataArray(
            np.array(places, float), {"boundary": names}, "boundary"
        ),
        "share": xr.DataArray(
            np.array(parts) / whole if whole > 0.0 else np.full(4, np.nan),
            {"region": list(REGIONS)},
            "region",
        ),
    }


def _crossings(distance: np.ndarray, outside: np.ndarray) -> list[float]:
    """Return where a value changes its sign, between the samples."""
    turn = np.flatnonzero(np.sign(outside[:-1]) * np.sign(outside[1:]) < 0.0)
    low, high = outside[turn], outside[turn + 1]
    step = distance[turn + 1] - distance[turn]
    return (distance[turn] - low / (high - low) * step).tolist()


def _spectrum(
    seen: Observations, time: np.datetime64, where: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    """Return the mean lines that reach pixels, and the counts of all.

    And how many of the pixels count: between the two CCDs none does.
    """
    wind = seen.solar_wind.sel(time=time, method="nearest")
    speed = float(np.sqrt((wind.velocity**2).sum()))
    ions = ion_emission.composition(speed)
    image = seen.sxi[["intensity"]].sel(time=time)
    lines = ion_emission.spectrum(image.intensity.sel(where).mean(), ions)
    names = ion_emission.line_table(ions)
    response = tables.assumed()
    exposure = float(seen.sxi.exposure)
    expected = sxi.expected_counts(
        image, exposure=exposure, response=response, spectrum=lines
    )
    counted = expected[["expected_counts", "expected_background"]].sel(where)
    folded = counts.spectrum_of(
        counted.sum(min_count=1), response, spectrum=lines
    )
    parts = {
        "photons": ("line", lines.values),
        "photon_energy": ("line", lines.photon_energy.values),
        "ion": ("line", names.ion.values),
        "name": ("line", names.line.values),
        "channel_counts": (("part", "channel"), folded.values),
        "channel_energy": ("channel", folded.channel_energy.values),
        "part": ("part", folded.part.values),
        "exposure": exposure,
        "composition": ions.name,
    }
    return parts, int(np.isfinite(counted.expected_counts).sum())
