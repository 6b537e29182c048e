"""Model against model: what SXI would see of one solar wind in several.

Cubes of several codes, or a cube and the analytic model driven by the same
wind (`analytic_twin`), are looked at from one place with one set of settings;
the first of them is the reference of all differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.data import mhd
from smile_explore.events import _compared
from smile_explore.events._steps import Progress
from smile_explore.events.find import METHODS
from smile_explore.events.settings import Settings
from smile_explore.events.simulate import emissivity_of, fly
from smile_explore.instruments import camera
from smile_explore.observations import Event
from smile_explore.physics import line_of_sight, magnetosphere
from smile_explore.schema import COMPARISON, CUBE, POINTING

__all__ = [
    "analytic_twin",
    "compare",
    "emissivities",
    "seat",
    "sights",
    "table",
]


def analytic_twin(
    cube: xr.Dataset, *, surface: str = "lin_magnetopause"
) -> xr.Dataset:
    """Return the analytic model of the solar wind that drove a cube.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        Of an MHD run that says what drove it, see `mhd.driver`.
    surface : str
        Magnetopause, as in `magnetosphere.analytic_cube`.

    Returns
    -------
    cube : xarray.Dataset (CUBE)
        On the same grid, at the same times, with the tilt of the run.

    Raises
    ------
    ValueError
        If the cube does not say what drove it.
    """
    CUBE.check(cube)
    return magnetosphere.analytic_cube(
        mhd.driver(cube),
        *(cube[axis].values for axis in "xyz"),
        magnetopause=surface,
        dipole_tilt=float(cube.attrs.get("dipole_tilt", 0.0)),
        electron_temperature=0.0,  # the driver's is that of both
    )


def seat(
    event: Event, time: np.datetime64, settings: Settings | None = None
) -> xr.Dataset:
    """Return from where SMILE looks at one time of an event, and where to.

    Returns
    -------
    pointing : xarray.Dataset (POINTING)
    """
    times = np.array([time], "datetime64[ns]")
    _, pointing = fly(event, times, settings or Settings())
    return pointing.isel(time=0)


def emissivities(
    cubes: Mapping[str, xr.Dataset],
    *,
    time: np.datetime64 | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> dict[str, xr.DataArray]:
    """Return the emissivity of every model, computed.

    Parameters
    ----------
    cubes, time, settings, progress
        As in `compare`.

    Returns
    -------
    emissivities : dict of str to xarray.DataArray
        [eV cm-3 s-1]
    """
    settings = settings or Settings()
    states = _of_one_time(cubes, time)
    glows: dict[str, xr.DataArray] = {}
    for name, cube in states.items():
        glows[name] = emissivity_of(cube, settings).compute()
        if progress is not None:
            progress(len(glows), len(states))
    return glows


def compare(
    cubes: Mapping[str, xr.Dataset],
    pointing: xr.Dataset,
    *,
    time: np.datetime64 | None = None,
    settings: Settings | None = None,
    methods: Sequence[str] = METHODS,
    glows: Mapping[str, xr.DataArray] | None = None,
    rng: int | np.random.Generator | None = 0,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Look at several models from one place, and say how they differ.

    Parameters
    ----------
    cubes : mapping of str to xarray.Dataset (CUBE)
        Two or more, by the name that is shown; the first is the reference.
    pointing : xarray.Dataset (POINTING)
        At one time, such as that of `seat`.
    time : numpy.datetime64, optional
        Which of the times of the cubes, the nearest; not needed for cubes of
        one time.
    settings : Settings, optional
        Exposure, background, hydrogen, efficiency, response.
    methods : sequence of str
        By which the magnetopause is found in the images.
    glows : mapping of str to xarray.DataArray, optional
        What `emissivities` gave for the same, if it is there already.
    rng : int, numpy.random.Generator or None
        Photon noise; of the same seed for all models.
    progress : callable, optional
        ``progress(done, total)``, models.

    Returns
    -------
    comparison : xarray.Dataset (COMPARISON)
        Along `model`. `estimate` has the standoff by each definition in the
        cube (``"exact"`` where it is known), then by each method in the
        image; NaN where there is none, and why in `status`. `rim_lon` and
        `rim_lat` [deg], along `point`, are the edge of the magnetopause that
        was found as the image shows it, there if `methods` were given.
        Planes are on the grid of the reference, NaN where another cube does
        not reach.

    Raises
    ------
    ValueError
        If there are fewer than two cubes, one has several times and `time`
        is not given or far from all, or SXI is off there.
    """
    settings = settings or Settings()
    states = _of_one_time(cubes, time)
    pointing = _one_pointing(pointing)
    if glows is None:
        glows = emissivities(states, settings=settings)
    seen: list[xr.Dataset] = []
    for number, (name, cube) in enumerate(states.items()):
        one = _compared.seen(
            cube, glows[name], pointing, settings, methods, rng
        )
        seen.append(_compared.on_grid_of(seen[0], one) if seen else one)
        if progress is not None:
            progress(number + 1, len(states))
    together = xr.concat(
        _compared.with_equal_rims(seen),
        pd.Index(list(states), name="model"),
        combine_attrs="drop",
        join="override",
    )
    compared = together.assign(_compared.differences(together))
    compared.attrs = {
        "reference": next(iter(states)),
        "settings": settings.record(),
    }
    return COMPARISON.stamp(compared)


def sights(
    glows: Mapping[str, xr.DataArray],
    pointing: xr.Dataset,
    *,
    fov_lon: float,
    fov_lat: float,
) -> dict[str, xr.Dataset]:
    """Return the emissivity along one line of sight in every model.

    Parameters
    ----------
    glows : mapping of str to xarray.DataArray
        Of `emissivities`.
    pointing : xarray.Dataset (POINTING)
        At one time.
    fov_lon, fov_lat : float
        Direction in the field of view. [deg]

    Returns
    -------
    sights : dict of str to xarray.Dataset (PROFILE)

    Raises
    ------
    ValueError
        If the ray misses a cube.
    """
    pointing = _one_pointing(pointing)
    along = camera.unproject(fov_lon, fov_lat, pointing)
    return {
        name: line_of_sight.profile(glow, pointing["position"], along)
        for name, glow in glows.items()
    }


def table(comparison: xr.Dataset) -> pd.DataFrame:
    """Return the numbers of a comparison, a column each model.

    Parameters
    ----------
    comparison : xarray.Dataset (COMPARISON)

    Returns
    -------
    table : pandas.DataFrame
        Standoffs [R_E] by estimate, then what the images have in one number
        each; the index says what and in which unit.
    """
    COMPARISON.check(comparison)
    models = comparison["model"].values
    rows: dict[str, np.ndarray] = {}
    for estimate in comparison["estimate"].values:
        own = comparison["standoff"].sel(estimate=estimate)
        if np.isfinite(own).any():
            rows[f"standoff, {estimate} [R_E]"] = own.values
    for name in (
        "peak_intensity",
        "mean_intensity",
        "relative_difference",
        "rms_difference",
        "correlation",
        "total_counts",
    ):
        told = COMPARISON.variables[name]
        rows[f"{told.long_name} [{told.units}]"] = comparison[name].values
    return pd.DataFrame.from_dict(rows, orient="index", columns=models)


def _of_one_time(
    cubes: Mapping[str, xr.Dataset], time: np.datetime64 | None
) -> dict[str, xr.Dataset]:
    if len(cubes) < 2:
        raise ValueError(
            f"a comparison needs two cubes or more, got {len(cubes)}"
        )
    return {
        name: _state(name, cube, time).compute()
        for name, cube in cubes.items()
    }


def _state(
    name: str, cube: xr.Dataset, time: np.datetime64 | None
) -> xr.Dataset:
    """Select one time of a cube."""
    CUBE.check(cube)
    if "time" not in cube.dims:
        return cube
    if cube.sizes["time"] == 1:
        return cube.isel(time=0)
    first, last = (str(t)[:16] for t in cube["time"].values[[0, -1]])
    if time is None:
        raise ValueError(
            f"{name} has {cube.sizes['time']} times from {first} to {last}: "
            "say which with time=..."
        )
    if not cube["time"].values[0] <= time <= cube["time"].values[-1]:
        raise ValueError(
            f"{name} has times from {first} to {last}, not {str(time)[:16]}"
        )
    return cube.sel(time=time, method="nearest")


def _one_pointing(pointing: xr.Dataset) -> xr.Dataset:
    POINTING.check(pointing)
    if "time" in pointing.dims:
        if pointing.sizes["time"] != 1:
            raise ValueError(
                "the pointing must be that of one time, got "
                f"{pointing.sizes['time']}: select it with .sel(time=...)"
            )
        pointing = pointing.isel(time=0)
    if "sxi_on" in pointing and not bool(pointing["sxi_on"]):
        raise ValueError(
            "SXI is off there, too low or too near the Sun: choose another "
            "time, or another place with Settings(ahead=...)"
        )
    return pointing
