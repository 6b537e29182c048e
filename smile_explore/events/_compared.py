"""One model as SXI sees it, and how it differs from another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore import frames
from smile_explore.events import simulate
from smile_explore.events.cuts import planes
from smile_explore.events.find import words
from smile_explore.events.settings import Settings
from smile_explore.instruments import camera, sxi
from smile_explore.retrieval import magnetopause

__all__ = ["differences", "on_grid_of", "seen", "with_equal_rims"]

#: The nose in a cube itself.
DEFINITIONS: Final = (
    "last_closed",
    "density_gradient",
    "current",
    "fluopause",
)
#: How an analytic cube calls the standoff that it was made with.
_EXACT: Final = ("exact_standoff", "magnetopause_standoff")


def seen(
    cube: xr.Dataset,
    glow: xr.DataArray,
    pointing: xr.Dataset,
    settings: Settings,
    methods: Sequence[str],
    rng: int | np.random.Generator | None,
) -> xr.Dataset:
    """Image one model, and find its magnetopause."""
    where = pointing.drop_vars("time", errors="ignore")
    image = sxi.intensity(glow.drop_vars("time", errors="ignore"), where)
    image = simulate.exposed(image, settings, rng=rng)
    cut = planes(
        cube.expand_dims("time", 0) if "time" not in cube.dims else cube,
        glow.expand_dims("time", 0),
    ).isel(time=0)
    found = [_truths(cube)]
    for method in methods:
        found.append(_found(method, image, pointing, cube, settings))
    estimates = xr.concat(found, "estimate", join="outer")
    return xr.Dataset(
        {
            **image[["intensity", "expected_counts"]],
            **cut[["emissivity_noon", "emissivity_equator"]],
            **estimates,
        }
    ).drop_vars("time", errors="ignore")


def _truths(cube: xr.Dataset) -> xr.Dataset:
    """Find the nose in the cube itself, by each definition."""
    known = [float(cube[name]) for name in _EXACT if name in cube]
    noses = magnetopause.truth_by(DEFINITIONS, cube)
    values = [known[0] if known else np.nan] + [
        float(noses[name]) for name in DEFINITIONS
    ]
    names = ["exact", *map(words, DEFINITIONS)]
    status = ["found" if np.isfinite(v) else "not there" for v in values]
    return xr.Dataset(
        {
            "standoff": ("estimate", values),
            "uncertainty": ("estimate", np.full(len(values), np.nan)),
            "status": ("estimate", np.array(status, object)),
        },
        {"estimate": names},
    )


def _found(
    method: str,
    image: xr.Dataset,
    pointing: xr.Dataset,
    cube: xr.Dataset,
    settings: Settings,
) -> xr.Dataset:
    """Find the nose in an image by one method."""
    # As a series of one: there what is not found is a NaN, and told.
    now = [np.datetime64(0, "ns")]
    image, pointing = (
        data.drop_vars("time", errors="ignore").expand_dims(time=now)
        for data in (image, pointing)
    )
    found = magnetopause.locate(
        image,
        pointing,
        method=method,
        quantity=settings.fitted,
        dipole_tilt=_tilt(cube),
    )
    edge = camera.project(
        magnetopause.rim(found, pointing), sxi.SXI, pointing
    ).isel(time=0)
    edge = edge.assign_coords(point=np.arange(edge.sizes["point"]))
    found = found.isel(time=0)
    return xr.Dataset(
        {
            "rim_lon": edge["fov_lon"]
            .drop_vars("time")
            .expand_dims("estimate"),
            "rim_lat": edge["fov_lat"]
            .drop_vars("time")
            .expand_dims("estimate"),
            "standoff": ("estimate", [float(found["standoff"])]),
            "uncertainty": (
                "estimate",
                [float(found["standoff_uncertainty"])],
            ),
            "status": (
                "estimate",
                np.array([str(found["status"].item())], object),
            ),
        },
        {"estimate": [words(method)]},
    )


def _tilt(cube: xr.Dataset) -> float:
    """Return the tilt of a cube, its own or that of its time, in deg."""
    if "dipole_tilt" in cube.attrs:
        return float(cube.attrs["dipole_tilt"])
    if "time" in cube.coords:
        return float(frames.dipole_tilt(cube["time"].values))
    return 0.0


def with_equal_rims(seen: list[xr.Dataset]) -> list[xr.Dataset]:
    """Give all rims as many points as the longest, NaN behind the last."""
    most = max(one.sizes.get("point", 0) for one in seen)
    if not most:
        return seen
    points = np.arange(most)
    return [one.reindex(point=points).drop_vars("point") for one in seen]


def on_grid_of(first: xr.Dataset, other: xr.Dataset) -> xr.Dataset:
    """Interpolate the planes of a cube to the nodes of the reference."""
    nodes = {axis: first[axis] for axis in "xyz"}
    if all(np.array_equal(other[axis], nodes[axis]) for axis in "xyz"):
        return other
    return other.interp(nodes)


def differences(seen: xr.Dataset) -> dict[str, Any]:
    reference = seen.isel(model=0, drop=True)
    image, own = reference["intensity"], seen["intensity"]
    pixels = ["fov_lat", "fov_lon"]
    both = np.isfinite(own) & np.isfinite(image)
    apart = own - image
    mean = image.where(both).mean(pixels)
    found: dict[str, Any] = {
        "intensity_difference": apart,
        "standoff_difference": seen["standoff"] - reference["standoff"],
        "peak_intensity": own.max(pixels),
        "mean_intensity": own.mean(pixels),
        "relative_difference": apart.mean(pixels) / mean,
        "rms_difference": np.sqrt((apart**2).mean(pixels)) / mean,
        "correlation": xr.corr(own, image, dim=pixels),
        "total_counts": seen["expected_counts"].sum(pixels),
    }
    for plane in ("noon", "equator"):
        name = f"emissivity_{plane}"
        lit = (seen[name] > 0.0) & (reference[name] > 0.0)
        ratio = (seen[name] / reference[name]).where(lit)
        found[f"ratio_{plane}"] = np.log10(ratio)
    return found
