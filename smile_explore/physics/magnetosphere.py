"""A magnetosphere whose magnetopause and bow shock are known exactly.

`analytic_cube` turns any solar wind into a CUBE between two empirical
boundaries; `sample` reads a cube, analytic or simulated, along an orbit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dask
import dask.array as da
import numpy as np
import xarray as xr

from smile_explore.physics import _sheath_frame as frame
from smile_explore.physics import _sheath_tables as sheath
from smile_explore.physics import boundaries
from smile_explore.physics._sampling import at_points, nearest_runs
from smile_explore.schema import COMPONENTS, CUBE, SOLAR_WIND, TRAJECTORY

__all__ = ["analytic_cube", "sample"]

Boundary = Callable[..., Any]


def analytic_cube(
    solar_wind: xr.Dataset,
    x: Any,
    y: Any,
    z: Any,
    *,
    magnetopause: Boundary | str = boundaries.lin_magnetopause,
    bow_shock: Boundary | str = boundaries.jelinek_bow_shock,
    dipole_tilt: float | xr.DataArray = 0.0,
    boundary_width: float = 0.5,
    electron_temperature: float = 12.0,
    magnetosphere_density: float = 0.3,
    magnetosphere_temperature: float = 5000.0,
) -> xr.Dataset:
    """Fill a grid with an analytic magnetosphere (profiles not yet fitted)."""
    SOLAR_WIND.check(solar_wind)
    axes = tuple(_axis(*pair) for pair in zip("xyz", (x, y, z), strict=True))
    inner, outer = _boundary(magnetopause), _boundary(bow_shock)
    settings = frame.Settings(
        boundary_width=boundary_width,
        electron_temperature=electron_temperature,
        magnetosphere_density=magnetosphere_density,
        magnetosphere_temperature=magnetosphere_temperature,
    )
    moments = frame.moments(solar_wind, dipole_tilt, settings)
    standoff = np.array([frame.standoff(inner, outer, m) for m in moments])
    if "time" not in solar_wind.dims:
        arrays: list[Any] = list(
            frame.compute(axes, inner, outer, moments[0], settings)
        )
        standoff = standoff[0]
    else:
        arrays = _stack(axes, inner, outer, moments, settings)
    return _dataset(arrays, axes, standoff, solar_wind, inner, outer, settings)


def _stack(
    axes: tuple[np.ndarray, ...],
    inner: Boundary,
    outer: Boundary,
    moments: list[sheath.Moment],
    settings: frame.Settings,
) -> list[da.Array]:
    """One dask chunk per time and variable; a frame's five share one task."""
    shape = tuple(axis.size for axis in axes)
    compute = dask.delayed(frame.compute, nout=len(frame.VARIABLES))
    frames = [compute(axes, inner, outer, m, settings) for m in moments]
    return [
        da.stack(
            [
                da.from_delayed(
                    one[i], shape + (3,) * vector, dtype=np.float32
                )
                for one in frames
            ]
        )
        for i, vector in enumerate(frame.VARIABLES.values())
    ]


def _dataset(
    arrays: list[Any],
    axes: tuple[np.ndarray, ...],
    standoff: np.ndarray,
    solar_wind: xr.Dataset,
    inner: Boundary,
    outer: Boundary,
    settings: frame.Settings,
) -> xr.Dataset:
    lead = ("time",) if "time" in solar_wind.dims else ()
    cube = xr.Dataset(
        {
            name: (
                (*lead, "x", "y", "z", *("component",) * vector),
                values,
                {"frame": "GSM"} if vector else {},
            )
            for (name, vector), values in zip(
                frame.VARIABLES.items(), arrays, strict=True
            )
        },
        coords=dict(zip("xyz", axes, strict=True))
        | {"component": list(COMPONENTS)},
    )
    if "time" in solar_wind.coords:
        cube = cube.assign_coords(time=solar_wind["time"])
    for i, name in enumerate(("magnetopause", "bow_shock")):
        cube[f"{name}_standoff"] = (
            lead,
            standoff[..., i],
            {
                "units": "R_E",
                "long_name": f"{name.replace('_', ' ')} on the Sun-Earth line",
            },
        )
    cube.attrs.update(
        model="analytic magnetosphere",
        magnetopause=sheath.name_of(inner),
        bow_shock=sheath.name_of(outer),
        measured=False,
        note="analytic model, not a simulation",
        source=str(solar_wind.attrs.get("source", "unknown solar wind")),
        **vars(settings),
    )
    return CUBE.stamp(cube)


def _axis(name: str, values: Any) -> np.ndarray:
    axis = np.array(values, dtype=float)
    if axis.ndim != 1 or axis.size == 0:
        raise ValueError(
            f"the axis {name} must be one-dimensional and not empty, "
            f"got shape {axis.shape}"
        )
    if not np.isfinite(axis).all():
        raise ValueError(
            f"the axis {name} must be finite, it holds "
            f"{int((~np.isfinite(axis)).sum())} NaN or infinite values"
        )
    if not (np.diff(axis) > 0).all():
        raise ValueError(
            f"the axis {name} must increase from sample to sample; sort it"
        )
    return axis


def _boundary(boundary: Boundary | str) -> Boundary:
    if isinstance(boundary, str):
        if boundary not in boundaries.__all__:
            raise ValueError(
                f"no boundary is called {boundary!r}; boundaries.py knows "
                f"{', '.join(boundaries.__all__)}, or pass a function"
            )
        boundary = getattr(boundaries, boundary)
    if not callable(boundary):
        raise TypeError(
            "a boundary must be a function or its name in boundaries.py, "
            f"got {type(boundary).__name__}"
        )
    sheath.check_boundary(boundary)
    return boundary


def sample(cube: xr.Dataset, trajectory: xr.Dataset) -> xr.Dataset:
    """Read a cube along a trajectory, as an instrument on board would.

    Space is interpolated linearly along each axis. In time the nearest frame
    is taken, not a mixture of two: a magnetopause that moves between two
    frames would otherwise be crossed twice, at half its jump. What comes
    back is always a state of the model, and a cube without a dimension
    `time` counts as steady.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        Every variable on x, y and z is sampled. Lazy cubes stay lazy; of
        each frame only the chunks around the positions are read.
    trajectory : xarray.Dataset (TRAJECTORY)
        Positions in GSM [R_E], with or without a dimension `time`.

    Returns
    -------
    xarray.Dataset
        The variables along the trajectory's time, vectors with `component`
        last. NaN outside the box and before the first or after the last
        frame of the cube, and next to cells of the cube that are NaN.

    Raises
    ------
    ValueError
        If either dataset is not of its schema, if the position is not in
        GSM, or if the cube has times and the trajectory has none.
    """
    CUBE.check(cube)
    TRAJECTORY.check(trajectory)
    position = trajectory["position"]
    if position.attrs.get("frame", "GSM") != "GSM":
        raise ValueError(
            f"the trajectory must be in GSM, got {position.attrs['frame']}; "
            'turn it with frames.rotate(position, to="GSM")'
        )
    strange = set(position.dims) - {"time", "component"}
    if strange:
        raise ValueError(
            "a trajectory may have the dimensions time and component, "
            f"got also {', '.join(sorted(map(str, strange)))}"
        )
    lead = ("time",) if "time" in position.dims else ()
    if "component" in position.coords:
        position = position.sel(component=list(COMPONENTS))
    points = np.atleast_2d(position.transpose(*lead, "component").to_numpy())
    runs = _runs(cube, trajectory, len(points))
    sampled = xr.Dataset(attrs=cube.attrs)
    for name, field in cube.data_vars.items():
        if {"x", "y", "z"} <= set(field.dims):
            sampled[name] = _along(field, points, runs, lead)
    keep = [c for c in ("time", "component") if c in trajectory.coords]
    return sampled.assign_coords({c: trajectory[c] for c in keep})


def _runs(
    cube: xr.Dataset, trajectory: xr.Dataset, count: int
) -> list[tuple[int | None, slice]]:
    if "time" not in cube.dims:
        return [(0, slice(0, count))]
    if "time" not in trajectory.coords:
        raise ValueError(
            "the cube has times and the trajectory none; select a frame "
            "with cube.sel(time=..., method='nearest')"
        )
    times = np.atleast_1d(trajectory["time"].to_numpy())
    return nearest_runs(times, cube["time"].to_numpy())


def _along(
    field: xr.DataArray,
    points: np.ndarray,
    runs: list[tuple[int | None, slice]],
    lead: tuple[str, ...],
) -> xr.DataArray:
    """Values of one variable at the points, each from its frame."""
    rest = [d for d in field.dims if d not in ("time", "x", "y", "z")]
    axes = tuple(field[name].to_numpy() for name in "xyz")
    parts = []
    for index, stretch in runs:
        one = field.isel(time=index or 0) if "time" in field.dims else field
        data = one.transpose("x", "y", "z", *rest).data
        here = points[stretch]
        here = np.full_like(here, np.nan) if index is None else here
        parts.append(at_points(data, axes, here))
    lazy = isinstance(field.data, da.Array)
    joined = (da if lazy else np).concatenate(parts)
    along = xr.DataArray(joined, dims=("time", *rest), attrs=field.attrs)
    return along if lead else along.isel(time=0)
