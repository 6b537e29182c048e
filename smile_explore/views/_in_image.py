"""Where places at the height of the aurora appear in the camera's image."""

from __future__ import annotations

import numpy as np
import xarray as xr
from bokeh.plotting.contour import contour_data

from smile_explore import frames
from smile_explore.instruments import footpoints, uvi
from smile_explore.instruments.camera import project
from smile_explore.physics import apex, geodesy
from smile_explore.views import _polar_map

__all__ = ["contours", "lines", "places"]

#: Latitudes drawn into an image. [deg]
LATITUDES = (60.0, 70.0, 80.0)
_HOURS = np.linspace(0.0, 24.0, 97)


def places(
    glat: np.ndarray, glon: np.ndarray, pointing: xr.Dataset
) -> dict[str, np.ndarray]:
    """Return where places are seen; NaN behind the Earth or out of view."""
    spots = geodesy.cartesian(glat, glon, apex.HEIGHT)
    geo = xr.DataArray(
        np.stack([spots, geodesy.unit_vector(glat, glon)]),
        dims=("kind", "place", "component"),
        coords={"component": ["x", "y", "z"], "time": pointing["time"]},
        attrs={"frame": "GEO"},
    )
    points, upward = frames.rotate(geo, to="GSM")
    seen = project(points, uvi.UVI, pointing)
    sight = (pointing["position"] - points).transpose("place", "component")
    facing = (sight.values * upward.values).sum(-1) > 0.0
    shown = facing & seen["in_view"].values
    return {
        name: np.where(shown, seen[name].values, np.nan)
        for name in ("fov_lon", "fov_lat")
    }


def lines(
    time: np.datetime64, pointing: xr.Dataset, oval: xr.Dataset | None
) -> dict[str, dict[str, np.ndarray]]:
    """Return what is drawn over an image taken with a known pointing."""
    gap = np.nan
    lat = np.concatenate([np.r_[np.full(97, c), gap] for c in LATITUDES])
    hours = np.tile(np.r_[_HOURS, 0.0], len(LATITUDES))
    where = {
        "coastlines": _polar_map.coasts(),
        "terminator": _polar_map.sunset(time),
        "latitudes": _geographic(lat, hours, time),
    }
    mlat, hour = footpoints.dipole_foot(pointing["position"])
    where["SMILE"] = _geographic(mlat[None], hour[None], time)
    if oval is not None:
        for name in ("poleward", "equatorward"):
            place = _geographic(oval[name].values, oval["mlt"].values, time)
            where[name] = place
    # all at once: a call costs more than its places
    glat, glon = np.concatenate(
        [np.stack(one) for one in where.values()], axis=1
    )
    together = places(glat, glon, pointing)
    ends = np.cumsum([one[0].size for one in where.values()])[:-1]
    split = {name: np.split(all_, ends) for name, all_ in together.items()}
    return {
        name: {axis: parts[number] for axis, parts in split.items()}
        for number, name in enumerate(where)
    }


def contours(
    now: xr.Dataset, name: str, levels: tuple[float, ...]
) -> dict[str, np.ndarray]:
    """Lines of equal value in an image, parted by NaN; none if not known.

    `levels` increase.
    """
    lon, lat = [np.full(1, np.nan)], [np.full(1, np.nan)]
    if name in now:
        drawn = contour_data(
            now["fov_lon"].values,
            now["fov_lat"].values,
            np.ma.masked_invalid(now[name].values),
            levels,
            want_fill=False,
        ).line_data
        pairs = zip(drawn.xs, drawn.ys, strict=True) if drawn else ()
        for x, y in pairs:
            lon += [np.asarray(x), lon[0]]
            lat += [np.asarray(y), lat[0]]
    return {"fov_lon": np.concatenate(lon), "fov_lat": np.concatenate(lat)}


def _geographic(
    mlat: np.ndarray, mlt: np.ndarray, time: np.datetime64
) -> tuple[np.ndarray, np.ndarray]:
    known = np.isfinite(mlat)
    place = np.full((2, mlat.size), np.nan)
    longitude = apex.longitude(mlt[known], time)
    place[:, known] = apex.geographic(mlat[known], longitude, time)
    return place[0], place[1]
