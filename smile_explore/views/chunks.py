"""Chunks of a cube larger than memory: which ones a computation touches."""

from __future__ import annotations

from collections.abc import Mapping

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.events import cuts
from smile_explore.events.out_of_core import edges, touched, touched_nodes
from smile_explore.instruments import sxi
from smile_explore.physics import charge_exchange, magnetosphere
from smile_explore.schema import TRAJECTORY
from smile_explore.views.style import colour_bar, picture, pretty

__all__ = ["LIMITS", "answer", "image", "picture_of", "shares"]

#: What the exercise asks for, by what is computed; `shares` tells of what
#: each is a share. For 264^3 nodes it can be met, with boxes that are no
#: cubes.
LIMITS = {"image": 0.30, "plane y = 0": 0.10, "orbit": 0.01}
#: So many chunks a time, and a scheduler has more to do than the processor.
MOST_CHUNKS = 200
_OF = {"image": "one time", "plane y = 0": "one time", "orbit": "the series"}
#: Of the pictures of chunks. [px per R_E]
_SCALE = 8.0
_UP = {"y": "z", "z": "y"}


def image(
    seen: xr.Dataset, title: str, *, brightest: float | None = None
) -> hv.Overlay:
    """Return an image of SXI without noise.

    Parameters
    ----------
    seen : xarray.Dataset
        With `intensity`, of one time, as `sxi.intensity` returns it.
    title : str
    brightest : float, optional
        Upper end of the colours; by default the brightest pixel.
        [keV cm-2 s-1 sr-1]
    """
    values = seen["intensity"].transpose("fov_lat", "fov_lon").values
    lon, lat = seen["fov_lon"].values, seen["fov_lat"].values
    top = brightest or max(float(np.nanmax(values)), 1e-9)
    axes = [
        hv.Dimension((name, f"{name} [deg]"))
        for name in ("fov_lon", "fov_lat")
    ]
    value = hv.Dimension("intensity", range=(0.0, top))
    pixels = hv.Image((lon, lat, values), axes, value).opts(
        cmap="inferno",
        clim=(0.0, top),
        tools=["hover"],
        frame_width=340,
        frame_height=202,
        **colour_bar(),
    )
    unit = pretty("keV cm-2 s-1 sr-1")
    return picture(
        [pixels],
        title=f"{title} [{unit}]",
        xlim=(float(lon[0]), float(lon[-1])),
        ylim=(float(lat[0]), float(lat[-1])),
    )


def picture_of(
    marks: xr.DataArray,
    source: xr.DataArray,
    *,
    across: str = "y",
    trajectory: xr.Dataset | None = None,
) -> hv.Overlay:
    """Return all chunks of one time as seen along an axis, touched ones dark.

    Parameters
    ----------
    marks : xarray.DataArray of bool
        Of `events.out_of_core.touched`, at one time or along all of them.
    source : xarray.DataArray
        The same as there.
    across : {"y", "z"}
        The axis looked along.
    trajectory : xarray.Dataset (TRAJECTORY), optional
        Drawn as a line; as a dot where it has one time.
    """
    up = _UP[across]
    behind = [name for name in marks.dims if name not in ("x", up)]
    share = marks.mean(behind).transpose(up, "x").values
    if "time" in marks.dims:  # of the times that are touched at all
        share = marks.any("time").mean(across).transpose(up, "x").values
    x, other = edges(source, "x"), edges(source, up)
    axes = [hv.Dimension((name, f"{name} [Rᴇ]")) for name in ("x", up)]
    value = hv.Dimension("share", range=(0.0, 1.0))
    size = {
        "frame_width": round(_SCALE * (x[-1] - x[0])),
        "frame_height": round(_SCALE * (other[-1] - other[0])),
    }
    boxes = hv.QuadMesh((x, other, share), axes, value).opts(
        cmap="Blues", clim=(0.0, 1.0), tools=["hover"], **size, **colour_bar()
    )
    grid = [
        hv.VLines(x).opts(color="#999999", line_width=1),
        hv.HLines(other).opts(color="#999999", line_width=1),
    ]
    around = np.linspace(0.0, 2.0 * np.pi, 61)
    earth = hv.Curve((np.cos(around), np.sin(around)), *axes).opts(
        color="#D55E00", line_width=3
    )
    layers = [boxes, *grid, earth]
    if trajectory is not None:
        layers.append(_flown(trajectory, axes, up))
    return picture(
        layers,
        title=f"touched, seen along {across}",
        xlim=(float(x[0]), float(x[-1])),
        ylim=(float(other[0]), float(other[-1])),
    )


def _flown(
    trajectory: xr.Dataset, axes: list[hv.Dimension], up: str
) -> hv.Element:
    TRAJECTORY.check(trajectory)
    place = trajectory["position"]
    x, y = (
        np.atleast_1d(place.sel(component=name).values) for name in ("x", up)
    )
    if x.size == 1:
        return hv.Scatter((x, y), *axes).opts(
            color="#D55E00", size=10, marker="star"
        )
    return hv.Curve((x, y), *axes).opts(color="#D55E00", line_width=2)


def shares(
    cube: xr.Dataset,
    pointing: xr.Dataset,
    trajectory: xr.Dataset,
    now: np.datetime64,
) -> dict[str, float]:
    """Return which share of a cube's nodes three computations touch.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        Lazy, a series.
    pointing : xarray.Dataset (POINTING)
        At the times of the cube.
    trajectory : xarray.Dataset (TRAJECTORY)
        Along which the density is sampled.
    now : numpy.datetime64
        The nearest of these times is that of image and plane.

    Returns
    -------
    shares : dict of str to float
        Of the nodes of one time for an image and the plane y = 0, of those
        of the series for the orbit.
    """
    one = cube.sel(time=[now], method="nearest")
    glow = charge_exchange.emissivity(one)
    seen = sxi.intensity(glow, pointing.sel(time=one["time"]))
    plane = cuts.planes(one, glow)["emissivity_noon"]
    along = magnetosphere.sample(cube, trajectory)["density"]
    found = {
        "image": (seen["intensity"], glow),
        "plane y = 0": (plane, glow),
        "orbit": (along, cube["density"]),
    }
    return {
        name: touched_nodes(touched(lazy, source), source) / source.size
        for name, (lazy, source) in found.items()
    }


def answer(
    solar_wind: xr.Dataset,
    axes: tuple[np.ndarray, np.ndarray, np.ndarray],
    pointing: xr.Dataset,
    trajectory: xr.Dataset,
    now: np.datetime64,
    chunks: Mapping[str, int],
) -> tuple[bool, str]:
    """Tell whether chunks are good for three computations.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        A series, which drives the analytic model.
    axes : tuple of array
        Of the cube. [R_E]
    pointing, trajectory, now
        As in `shares`.
    chunks : mapping of str to int
        Nodes of a chunk along x, y, z.

    Returns
    -------
    right : bool
    said : str
        What each of the three touches. HTML.
    """
    count = int(
        np.prod(
            [
                -(-len(nodes) // chunks[name])
                for name, nodes in zip("xyz", axes, strict=True)
            ]
        )
    )
    told = f"<b>{count}</b> chunks a time, {MOST_CHUNKS} at most"
    if count > MOST_CHUNKS:
        return False, f"Too many: {told}; choose larger ones."
    cube = magnetosphere.analytic_cube(solar_wind, *axes, chunks=chunks)
    found = shares(cube, pointing, trajectory, now)
    met = {name: found[name] <= most for name, most in LIMITS.items()}
    rows = "".join(
        f"<tr><td style='padding-right: 12px'>{name}</td>"
        f"<td style='padding-right: 12px'>{100 * found[name]:.1f} % of "
        f"{_OF[name]}</td><td>{'met' if met[name] else 'not met'}: at most "
        f"{100 * most:.0f} %</td></tr>"
        for name, most in LIMITS.items()
    )
    return all(met.values()), f"{told}.<table>{rows}</table>"
