"""The magnetopause in every image, by every method that is affordable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
import xarray as xr

from smile_explore.events._steps import Progress, shared_out
from smile_explore.events.settings import Settings
from smile_explore.instruments import camera, sxi
from smile_explore.observations import Observations
from smile_explore.retrieval import magnetopause
from smile_explore.schema import MAGNETOPAUSE, STANDOFF

__all__ = ["ALL_METHODS", "METHODS", "added", "located", "standoffs", "words"]

#: Milliseconds an image each. `boundary_fit` takes a second and is added on
#: demand; `tangent_direction` needs a magnetopause at rest, which no storm
#: has.
METHODS: Final = ("tangent_fit", "maximum", "gradient")
#: Images of one call: between two calls one can cancel.
_TOGETHER: Final = 8
#: Every method that one image can be asked by.
ALL_METHODS: Final = (*METHODS, "boundary_fit")
#: What all methods tell.
_COMMON: Final = [
    "radius",
    "uncertainty",
    "standoff",
    "standoff_uncertainty",
    "status",
]


def located(
    seen: Observations, *, progress: Progress | None = None
) -> Observations:
    """Find the magnetopause in all images by all of `METHODS`.

    Parameters
    ----------
    seen : Observations
        With counts; what was found before is dropped.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.

    Returns
    -------
    observations : Observations
        With a leading dimension `estimate` in `magnetopause`, the method in
        words (``"tangent fit"``), which `standoff` has among its own.
    """
    times = seen.sxi.time.values
    return _with(seen, _joined(_by(METHODS, seen, times, progress)))


def added(
    seen: Observations,
    method: str,
    *,
    times: Sequence[np.datetime64] | np.ndarray | None = None,
    progress: Progress | None = None,
) -> Observations:
    """Find the magnetopause by a further method.

    Parameters
    ----------
    seen : Observations
    method : str
        As in `magnetopause.locate`.
    times : sequence of numpy.datetime64, optional
        Of the images to look into, by default all. Where the method was
        used before, its other images keep what was found.
    progress : callable, optional
        As in `located`.

    Returns
    -------
    observations : Observations
    """
    every = seen.sxi.time.values
    chosen = every if times is None else np.asarray(times, every.dtype)
    (new,) = _by([method], seen, chosen, progress)
    asked = xr.DataArray(np.isin(every, chosen), {"time": every}, "time")
    new = new.reindex(time=every)
    new["status"] = new.status.where(asked, "not asked for").astype(str)
    others = seen.magnetopause
    known = others.estimate.values.tolist()
    if words(method) in known:
        before = others.sel(estimate=words(method))
        both = xr.align(new, before, join="outer")
        new = both[0].where(asked, both[1])
        known.remove(words(method))
    kept = [others.sel(estimate=name) for name in known]
    return _with(seen, _joined([*kept, new]))


def standoffs(noses: xr.Dataset, model: xr.Dataset) -> xr.Dataset:
    """Gather the nose by what does not depend on images.

    Parameters
    ----------
    noses : xarray.Dataset
        Along time, by definition in the cube.
    model : xarray.Dataset
        With `boundary_noon`.

    Returns
    -------
    standoff : xarray.Dataset (STANDOFF)
    """
    nose = model.boundary_noon.sel(theta=0.0, drop=True)
    by_estimate = {str(name): noses[name] for name in noses} | {
        name: nose.sel(boundary=name, drop=True)
        for name in ("Shue 1998", "Lin 2010")
    }
    standoff = _stacked(by_estimate)
    unknown = xr.full_like(standoff, np.nan)
    return STANDOFF.stamp(
        xr.Dataset({"standoff": standoff, "uncertainty": unknown})
    )


def _by(
    methods: Sequence[str],
    seen: Observations,
    times: np.ndarray,
    progress: Progress | None,
) -> list[xr.Dataset]:
    """Find it by each of some methods, and its edge in the picture."""
    images, tilt = seen.sxi, seen.cuts.dipole_tilt
    groups = [
        times[first : first + _TOGETHER]
        for first in range(0, times.size, _TOGETHER)
    ]
    found = shared_out(
        partial(_found, methods, Settings.of(seen).fitted),
        [
            tuple(one.sel(time=now) for one in (images, seen.pointing, tilt))
            for now in groups
        ],
        progress,
        sizes=[now.size for now in groups],
    )
    return [
        xr.concat(parts, "time", join="outer").assign_coords(
            estimate=words(method), assumptions=parts[0].attrs["assumptions"]
        )
        for method, parts in zip(
            methods, zip(*found, strict=True), strict=True
        )
    ]


def _found(
    methods: Sequence[str],
    quantity: str,
    part: tuple[xr.Dataset, xr.Dataset, xr.DataArray],
) -> list[xr.Dataset]:
    """Find it in some images, by method."""
    images, pointing, tilt = part
    by_method = magnetopause.locate_by(
        methods, images, pointing, quantity=quantity, dipole_tilt=tilt
    )
    found = []
    for one in by_method.values():
        points = magnetopause.rim(one, pointing)
        edge = camera.project(points, sxi.SXI, pointing)
        edge = edge.assign_coords(point=np.arange(edge.sizes["point"]))
        found.append(
            one[_COMMON].assign(rim_lon=edge.fov_lon, rim_lat=edge.fov_lat)
        )
    return found


def _joined(found: list[xr.Dataset]) -> xr.Dataset:
    together = xr.concat(
        found,
        "estimate",
        coords="different",
        compat="equals",
        join="outer",
        combine_attrs="drop_conflicts",
    )
    return MAGNETOPAUSE.stamp(together)


def _with(seen: Observations, found: xr.Dataset) -> Observations:
    """Put what was found into observations, and into the standoffs."""
    before = seen.standoff
    own = [words(name) for name in ALL_METHODS]
    others = before.sel(estimate=~np.isin(before.estimate, own))
    new = xr.Dataset(
        {
            "standoff": found.standoff,
            "uncertainty": found.standoff_uncertainty,
        }
    ).drop_vars("assumptions")
    both = xr.concat([others, new], "estimate", combine_attrs="override")
    return replace(seen, magnetopause=found, standoff=STANDOFF.stamp(both))


def _stacked(by_estimate: dict[str, xr.DataArray]) -> xr.DataArray:
    return xr.concat(
        [
            one.drop_vars(set(one.coords) - {"time"})
            .drop_attrs()
            .assign_coords(estimate=name)
            for name, one in by_estimate.items()
        ],
        "estimate",
    )


def words(method: str) -> str:
    """Return a method as it is shown: ``"tangent fit"``."""
    return method.replace("_", " ")
