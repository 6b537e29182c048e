"""One moment of what UVI saw: a preview of its image, and single pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from smile_explore.events import activity, aurora, cubes
from smile_explore.events.settings import Settings
from smile_explore.instruments import uvi
from smile_explore.observations import Observations
from smile_explore.physics.ultraviolet import dayglow as dayglow_from_above
from smile_explore.physics.ultraviolet import slant
from smile_explore.schema import UVI_IMAGE

__all__ = ["glance", "preview"]

_WAIT = "the full series is on its way"


def preview(
    seen: Observations,
    settings: Settings,
    time: np.datetime64,
    *,
    rng: int | np.random.Generator | None = None,
) -> Observations:
    """Return at once what UVI sees of one moment with other settings.

    Parameters
    ----------
    seen : Observations
        With `uvi`; its trajectory says from where.
    settings : Settings
    time : numpy.datetime64
        The nearest moment has an image; others wait for the full series.
    rng : int, numpy.random.Generator or None
        For photon noise.

    Returns
    -------
    observations : Observations
        With `remark` along time in `uvi`: what to say of each image. Map,
        oval and open flux are still those found before; nothing changes
        where UVI saw nothing.
    """
    if not seen.uvi:
        return seen
    times = seen.trajectory.time.values
    now = [int(abs(times - time).argmin())]
    pointing = uvi.pointing(seen.trajectory)
    driver, drive = activity.driver(
        seen.event, seen.solar_wind, times, settings
    )
    shown = np.zeros(times.size, bool)
    shown[now] = aurora.sees_earth(pointing)[now]
    remark = np.where(shown, f"preview; {_WAIT}", _WAIT)
    dark = seen.uvi[["radiance", "counts"]]
    dark = dark.assign(
        radiance=xr.full_like(dark["radiance"], np.nan),
        counts=xr.zeros_like(dark["counts"]),
    )
    if shown.any():
        wind = cubes.at(seen.solar_wind, times)[aurora.OF_THE_SPOT]
        image = aurora.slim(
            aurora.exposed(
                driver.isel(time=now),
                wind.isel(time=now),
                pointing.isel(time=now),
                settings,
                f107=drive["f107"],
                rng=rng,
            )
        )
        dark = image.reindex(
            time=times, fill_value={"radiance": np.nan, "counts": 0}
        ).assign_attrs(image.attrs)
    record = {**seen.uvi.attrs, **dark.attrs, **drive}
    images = dark.assign(
        kp=driver, exposure=settings.uv_exposure
    ).assign_coords(remark=("time", remark))
    images = images.assign_attrs(record, exposure=settings.uv_exposure)
    return replace(seen, uvi=images, uvi_pointing=pointing)


def glance(seen: Observations, time: np.datetime64) -> xr.Dataset:
    """Return UVI's image of one moment with all that its pixels tell.

    Parameters
    ----------
    seen : Observations
        With `uvi`.
    time : numpy.datetime64
        The nearest image is taken.

    Returns
    -------
    image : xarray.Dataset (UVI_IMAGE)
        A series of one, with `expected_counts` and `dayglow`, which are not
        kept.
    """
    record = seen.uvi.attrs
    now = seen.uvi.drop_vars("kp").sel(time=[time], method="nearest")
    pointing = seen.uvi_pointing.sel(time=time, method="nearest")
    look = uvi.geometry(pointing, camera=aurora.CAMERA)
    above = dayglow_from_above(
        look["solar_zenith_angle"],
        record["f107"],
        scale=record["dayglow_scale"],
    )
    cosine = np.cos(np.radians(look["view_zenith_angle"]))
    glow = (above * slant(cosine)).expand_dims(time=now.time)
    expected = uvi.expected_counts(
        now.assign(dayglow=glow.assign_attrs(units="R")),
        exposure=record["exposure"],
        signal_to_noise=record["signal_to_noise"],
    )
    return UVI_IMAGE.stamp(expected)
