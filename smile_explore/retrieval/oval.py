"""The auroral oval: its edges in a magnetic map, and the map through time.

uv_map = uvi.to_magnetic_grid(image, ...)    instruments
aurora = dayglow.remove(uv_map)              what the Sun adds
edges = oval.boundaries(aurora)              Longden et al. (2010)
cap = polar_cap.fit(edges)                   circle, open flux
budget = polar_cap.flux_budget(cap, wind)    how fast it grows, and why
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.retrieval import _oval_sectors
from smile_explore.retrieval._uv_checks import check_values
from smile_explore.schema import OVAL, UV_MAP

__all__ = ["LOWEST", "boundaries", "keogram", "local_time_keogram"]

#: Lowest latitude that edges are looked for at. [deg]
LOWEST: Final = 50.0
_OFF: Final = "UVI is off: the image has no values"
#: Fewer sectors with an edge than this are no oval.
FEWEST_SECTORS: Final = 3


def boundaries(
    uv_map: xr.Dataset,
    *,
    offset: float = 1.0,
    significance: float = 4.0,
    uncertainty: float = 1.0,
    fewest: float = 0.7,
) -> xr.Dataset:
    """Find the edges of the oval, hour by hour of local time.

    Parameters
    ----------
    uv_map : xarray.Dataset (UV_MAP)
        One map or a series along `time`, its dayglow removed.
    offset : float
        Distance of an edge from the middle of its Gaussian, in full widths
        at half maximum: 1 in the paper, where the brightness has fallen to a
        sixteenth; 0.5 for half of it. Where the wing of an oval is no
        Gaussian's, the first is 1 to 3 deg from a sixteenth, the second
        within 0.4 deg of a half (docs/oval.md).
    significance : float
        Least height of each Gaussian over the uncertainty of that height.
    uncertainty : float
        Largest uncertainty of an edge. [deg]
    fewest : float
        Least share of the bins of a sector that must be seen.

    Returns
    -------
    oval : xarray.Dataset (OVAL)
        With the reason wherever there is no edge; ``verdict`` says it of the
        whole image.

    Raises
    ------
    ValueError
        If no map has a value, or it does not reach into 50 to 90 deg.

    Notes
    -----
    In sectors of 1 h, the mean over bins of 1 deg from 50 to 90 deg is
    fitted by one and by two Gaussians on a quadratic background; the better
    by its reduced chi square gives the edges. The uncertainty is that of the
    fit, enlarged by its misfit. Of the paper's list of reasons to discard an
    edge only the outline is public; the limits here are our own settings. A
    second Gaussian must stand out by itself to be used.

    References
    ----------
    .. [1] Longden et al. (2010), https://doi.org/10.5194/angeo-28-1659-2010.
    """
    UV_MAP.check(uv_map)
    check_values(uv_map)
    if not (uv_map.mlat.values > _oval_sectors.BINS[0]).any():
        raise ValueError(
            f"the map must reach into 50 to 90 deg of magnetic latitude, it "
            f"ends at {uv_map.mlat.values.max():g} deg; both hemispheres "
            f"count northward"
        )
    limits = _oval_sectors.Limits(fewest, significance, uncertainty, offset)
    known = "uncertainty" in uv_map
    names = ["radiance", "coverage", *["uncertainty"] * known]
    uv_map = uv_map[names].compute()
    mlat, mlt = uv_map["mlat"].values, uv_map["mlt"].values

    def one(values: np.ndarray, cover: np.ndarray, *spread: np.ndarray) -> Any:
        mean, error = _oval_sectors.profiles(
            values,
            spread[0] if spread else None,
            cover,
            mlat=mlat,
            mlt=mlt,
        )
        return tuple(_oval_sectors.edges(mean, error, limits))

    columns = xr.apply_ufunc(
        one,
        *(uv_map[name] for name in names),
        input_core_dims=[["mlat", "mlt"]] * len(names),
        output_core_dims=[["sector"]] * len(_oval_sectors.Edges._fields),
        output_dtypes=[*[float] * 6, int, object],
        vectorize=True,
    )
    oval = xr.Dataset(
        dict(zip(_oval_sectors.Edges._fields, columns, strict=True))
    ).rename(sector="mlt")
    oval = oval.assign_coords(mlt=_oval_sectors.SECTORS)
    return OVAL.stamp(_judged(oval, uv_map, limits))


def keogram(
    uv_map: xr.Dataset, mlt: float, *, width: float = 1.0
) -> xr.DataArray:
    """Brightness along latitude and time at one local time.

    Parameters
    ----------
    uv_map : xarray.Dataset (UV_MAP)
        A series along `time`.
    mlt : float
        Middle of the sector; it may reach over midnight. [h]
    width : float
        Of the sector. [h]

    Returns
    -------
    keogram : xarray.DataArray, (time, mlat)
        Mean of what is seen. [R]

    Raises
    ------
    ValueError
        If there is no time, or no cell that near to `mlt`.
    """
    _check_series(uv_map)
    away = np.abs((uv_map["mlt"] - mlt + 12.0) % 24.0 - 12.0)
    near = away <= width / 2.0
    if not near.any():
        raise ValueError(
            f"the map has no local time within {width / 2:g} h of {mlt:g} h"
        )
    return _mean(uv_map.isel(mlt=np.flatnonzero(near)), "mlt")


def local_time_keogram(
    uv_map: xr.Dataset, *, between: tuple[float, float] = (60.0, 75.0)
) -> xr.DataArray:
    """Brightness along local time and time, between two latitudes [deg].

    Returns
    -------
    keogram : xarray.DataArray, (time, mlt)
        Mean of what is seen, by area. [R]

    Raises
    ------
    ValueError
        If there is no time, or no cell between the latitudes.
    """
    _check_series(uv_map)
    low, high = between
    band = uv_map.sel(mlat=slice(low, high))
    if not band.sizes["mlat"]:
        raise ValueError(
            f"the map has no latitude from {low:g} to {high:g} deg"
        )
    return _mean(band, "mlat")


def _judged(
    oval: xr.Dataset, uv_map: xr.Dataset, limits: _oval_sectors.Limits
) -> xr.Dataset:
    """Say of each whole image what came of it."""
    off = uv_map["radiance"].isnull().all(["mlat", "mlt"])
    found = (oval["status"] == "found").sum("mlt")
    seen = (~oval["status"].str.startswith("too little")).sum("mlt")
    verdict = xr.apply_ufunc(
        _verdict, off, found, seen, output_dtypes=[object], vectorize=True
    )
    alone = (found < FEWEST_SECTORS) & (oval["status"] == "found")
    status = oval["status"].where(~off, _OFF)
    status = status.where(~alone, "no oval: hardly any other sector has it")
    for name in _oval_sectors.Edges._fields[:6]:
        oval[name] = oval[name].where(~alone)
    oval["gaussians"] = oval["gaussians"].where(~alone, 0)
    oval = oval.assign(
        status=status.astype(str),
        found=(status == "found").sum("mlt"),
        verdict=verdict.astype(str),
    )
    oval.attrs["settings"] = ", ".join(
        f"{name} {value:g}" for name, value in limits._asdict().items()
    )
    return oval


def _verdict(off: bool, found: int, seen: int) -> str:
    if off:
        return _OFF
    if not seen:
        return "too little of the oval's latitudes is seen"
    if found < FEWEST_SECTORS:
        return f"no oval: it stands out in {found} of {seen} sectors seen"
    return f"edges in {found} of 24 sectors, {seen} seen"


def _mean(part: xr.Dataset, dim: str) -> xr.DataArray:
    weight = part["coverage"].where(part["radiance"].notnull(), 0.0)
    if dim == "mlat":
        weight = weight * np.cos(np.radians(part["mlat"]))
    mean = part["radiance"].weighted(weight.fillna(0.0)).mean(dim)
    mean.attrs = dict(part["radiance"].attrs)
    return mean


def _check_series(uv_map: xr.Dataset) -> None:
    UV_MAP.check(uv_map)
    if "time" not in uv_map["radiance"].dims:
        raise ValueError(
            "a keogram needs a series of maps along time, got one map; "
            "concatenate maps with xarray.concat(maps, 'time')"
        )
