"""One look of UVI at an oval that is known, for a lesson in sunlight.

From 19.2 R_E over the north UVI sees the mean aurora of a Kp; season, solar
flux and exposure are free. The edges found are scored against the source.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import xarray as xr

from smile_explore.instruments import orbit, uvi
from smile_explore.physics import aurora
from smile_explore.retrieval import dayglow, oval, polar_cap

__all__ = ["Look", "look", "sweep"]

#: Where SMILE stands, of the orbit of the first event at 22:00. [R_E, GSM]
PLACE: Final = (6.57, -5.94, 17.33)
#: Pixels of the detector taken together along each axis, for speed.
BINNING: Final = 2
#: An edge this near to the true one is a hit. [deg]
HIT: Final = 1.0
_FINE = np.arange(45.05, 90.0, 0.1)


class Look(NamedTuple):
    """What was seen, what was found in it, and what was there.

    Parameters
    ----------
    time : numpy.datetime64
    pointing : xarray.Dataset (POINTING)
    image : xarray.Dataset (UVI_IMAGE)
        With counts.
    uv_map, light : xarray.Dataset (UV_MAP)
        With dayglow and without.
    edges : xarray.Dataset (OVAL)
        At half maximum.
    cap : xarray.Dataset (POLAR_CAP)
    truth : xarray.Dataset
        ``poleward`` and ``equatorward``, where the source is half as bright
        as at its brightest in the hour. [deg]
    found : int
        Sectors with edges, of 24.
    error : float
        Median distance of the edges from the truth. [deg]
    hits : float
        Share of all 48 edges found within 1 deg of the truth.
    """

    time: np.datetime64
    pointing: xr.Dataset
    image: xr.Dataset
    uv_map: xr.Dataset
    light: xr.Dataset
    edges: xr.Dataset
    cap: xr.Dataset
    truth: xr.Dataset
    found: int
    error: float
    hits: float


def look(
    *,
    month: int = 6,
    kp: float = 3.0,
    f107: float = 130.0,
    exposure: float = 60.0,
    rng: int | np.random.Generator | None = 1,
) -> Look:
    """Look at the oval at 22 UT on the 17th of a month of 2012.

    Parameters
    ----------
    month : int
        1 to 12: how high the Sun stands over the oval.
    kp : float
        Activity of the source, Zhang and Paxton (2008).
    f107 : float
        Solar flux, which makes the dayglow. [1e-22 W m-2 Hz-1]
    exposure : float
        [s]
    rng : int, numpy.random.Generator or None

    Raises
    ------
    ValueError
        If there is no such month, or a setting is out of its range.
    """
    if month not in range(1, 13):
        raise ValueError(f"month must be 1 to 12, got {month}")
    times = np.array([f"2012-{month:02d}-17T22:00"], "datetime64[ns]")
    trajectory = orbit.trajectory(times)
    place = xr.zeros_like(trajectory["position"]) + np.array(PLACE)
    place.attrs = {"frame": "GSM", "units": "R_E"}
    pointing = uvi.pointing(trajectory.assign(position=place), target="oval")
    source = aurora.zhang_paxton(kp, *aurora.grid(lowest=45.0))
    seen = uvi.radiance(
        source, pointing, f107=f107, camera=uvi.binned(BINNING)
    )
    image = uvi.expose(uvi.expected_counts(seen, exposure=exposure), rng=rng)
    uv_map = uvi.to_magnetic_grid(
        image, pointing, *aurora.grid(lowest=oval.LOWEST)
    )
    light = dayglow.remove(uv_map)
    edges = oval.boundaries(light, offset=0.5)
    truth = _half_maximum(kp)
    away = abs(edges[["poleward", "equatorward"]] - truth).to_array()
    return Look(
        times[0],
        pointing,
        image,
        uv_map,
        light,
        edges,
        polar_cap.fit(edges),
        truth,
        int(edges["found"].item()),
        float(away.median()),
        float((away < HIT).mean()),
    )


def sweep(
    f107: list[float],
    exposure: list[float],
    *,
    month: int = 6,
    kp: float = 3.0,
) -> xr.Dataset:
    """Look again and again, and keep the scores.

    Returns
    -------
    scores : xarray.Dataset, (f107, exposure)
        ``found`` sectors, median ``error`` [deg] and share of ``hits``.
    """
    looks = [
        [look(month=month, kp=kp, f107=f, exposure=t) for t in exposure]
        for f in f107
    ]
    dims = ("f107", "exposure")
    return xr.Dataset(
        {
            name: (
                dims,
                [[getattr(one, name) for one in row] for row in looks],
            )
            for name in ("found", "error", "hits")
        },
        coords={"f107": f107, "exposure": exposure},
    )


def _half_maximum(kp: float) -> xr.Dataset:
    source = aurora.zhang_paxton(kp, _FINE, np.arange(0.125, 24.0, 0.25))
    light = source["radiance"].values.reshape(_FINE.size, 24, 4).mean(-1)
    bright = light >= light.max(0) / 2.0
    last = _FINE.size - 1 - bright[::-1].argmax(0)
    return xr.Dataset(
        {
            "poleward": ("mlt", _FINE[last]),
            "equatorward": ("mlt", _FINE[bright.argmax(0)]),
        },
        coords={"mlt": np.arange(0.5, 24.0)},
    )
