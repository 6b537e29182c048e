"""THE FLOW: from the solar wind of an event to what SMILE saw of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dask
import numpy as np
import xarray as xr
from dask.callbacks import Callback

from smile_explore.data import solar_wind as wind_data
from smile_explore.events import cubes
from smile_explore.instruments import camera, orbit, sxi
from smile_explore.observations import Event, Observations
from smile_explore.physics import boundaries, charge_exchange
from smile_explore.physics import solar_wind as wind
from smile_explore.retrieval import magnetopause
from smile_explore.schema import CUTS, STANDOFF

__all__ = ["Progress", "observe"]

#: Called with the steps done and their number; raise from it to cancel.
Progress = Callable[[int, int], None]

#: Angles from +X at which model boundaries are drawn. [deg]
_THETA = np.arange(-130.0, 131.0, 2.0)


def observe(
    event: Event,
    *,
    run: str | None = None,
    exposure: float = 300.0,
    cadence: float = 600.0,
    rng: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> Observations:
    """Simulate what SMILE would have seen of an event.

    Parameters
    ----------
    event : Event
    run : str, optional
        Name of an MHD run of the event, by default its first.
    exposure : float
        Of each X-ray image. [s]
    cadence : float
        Of images in the hours that no run covers. [s]
    rng : int, numpy.random.Generator or None
        For photon noise.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.

    Returns
    -------
    observations : Observations

    Raises
    ------
    ValueError
        If the event has no such run.
    """
    solar_wind = wind_data.load(
        event.start, event.stop, source=event.solar_wind
    )
    cube = cubes.cube(event, solar_wind, run=run, cadence=cadence)
    driver = cubes.driver(event, solar_wind, cube.time.values, run=run)
    emissivity = charge_exchange.emissivity(cube)

    trajectory = orbit.trajectory(
        cube.time.values, elements=orbit.Elements(**event.orbit)
    )
    pointing = orbit.pointing(trajectory)
    image = sxi.intensity(emissivity, pointing)
    cuts = _cuts(cube, emissivity)
    truth = _truth(cube)
    image, cuts, truth = _compute((image, cuts, truth), progress)

    image = sxi.expose(sxi.expected_counts(image, exposure=exposure), rng=rng)
    found = _locate(image, pointing, driver.dipole_tilt, progress)
    model = _boundaries(driver)
    return Observations(
        event=event,
        solar_wind=solar_wind,
        trajectory=trajectory,
        pointing=pointing,
        cuts=CUTS.stamp(xr.merge([cuts, model], compat="override")),
        sxi=image,
        magnetopause=found,
        standoff=_standoff(truth, model, found),
    )


def _cuts(cube: xr.Dataset, emissivity: xr.DataArray) -> xr.Dataset:
    """Planes y = 0 and z = 0 of density and emissivity."""
    planes = {
        f"{name}_{plane}": _plane(field, across)
        for name, field in (
            ("density", cube.density),
            ("emissivity", emissivity),
        )
        for plane, across in (("noon", "y"), ("equator", "z"))
    }
    cuts = xr.Dataset(planes, attrs=cube.attrs)
    return cuts.transpose("time", "z", "y", "x")


def _plane(field: xr.DataArray, across: str) -> xr.DataArray:
    """Interpolate linearly to the plane where the axis `across` is zero."""
    axis = field[across].values
    upper = int(np.searchsorted(axis, 0.0))
    lower = max(upper - 1, 0)
    span = axis[upper] - axis[lower]
    weight = -axis[lower] / span if span else 0.0
    below = field.isel({across: lower}, drop=True)
    above = field.isel({across: upper}, drop=True)
    return (1.0 - weight) * below + weight * above


def _truth(cube: xr.Dataset) -> xr.Dataset:
    """Where the nose is in the cube itself, by each definition."""
    names = ("last_closed", "density_gradient", "fluopause")
    found = {
        name.replace("_", " "): magnetopause.truth(cube, definition=name)
        for name in names
    }
    return xr.Dataset({"exact": cube.exact_standoff, **found})


def _boundaries(driver: xr.Dataset) -> xr.Dataset:
    """Model boundaries in both planes, at every time."""
    theta = xr.DataArray(_THETA, dims="theta", coords={"theta": _THETA})
    return xr.Dataset(
        {
            # Above the plane's other axis, and below it. [deg]
            "boundary_noon": _surfaces(driver, theta, 90.0, -90.0),
            "boundary_equator": _surfaces(driver, theta, 0.0, 180.0),
        }
    )


def _surfaces(
    driver: xr.Dataset, theta: xr.DataArray, above: float, below: float
) -> xr.DataArray:
    pressure = driver.dynamic_pressure
    field = np.sqrt((driver.magnetic_field**2).sum("component"))
    bz = driver.magnetic_field.sel(component="z", drop=True)
    away = abs(theta)
    radii = {
        "Shue 1998": boundaries.shue_magnetopause(away, pressure, bz),
        "Lin 2010": boundaries.lin_magnetopause(
            away,
            xr.where(theta >= 0, above, below),
            pressure,
            wind.magnetic_pressure(field),
            bz,
            dipole_tilt=driver.dipole_tilt,
        ),
        "bow shock (Jelinek 2012)": boundaries.jelinek_bow_shock(
            away, pressure
        ),
    }
    return xr.concat(
        [
            radius.assign_coords(boundary=name)
            for name, radius in radii.items()
        ],
        "boundary",
        coords="minimal",
    )


def _locate(
    image: xr.Dataset,
    pointing: xr.Dataset,
    dipole_tilt: xr.DataArray,
    progress: Progress | None,
) -> xr.Dataset:
    """Find the magnetopause in each image, and its edge in the picture."""
    found, rims = [], []
    steps = image.sizes["time"]
    for n in range(steps):
        now = {"time": [n]}
        seen_from = pointing.isel(now)
        found.append(
            magnetopause.locate(
                image.isel(now), seen_from, dipole_tilt=dipole_tilt.isel(now)
            )
        )
        points = magnetopause.rim(found[-1], seen_from)
        rims.append(camera.project(points, sxi.SXI, pointing.isel(time=n)))
        if progress is not None:
            progress(n + 1, steps)
    rim = _of_one_length(rims, image.time)
    return xr.concat(found, "time", join="override").assign(
        rim_lon=rim.fov_lon, rim_lat=rim.fov_lat
    )


def _of_one_length(rims: list[xr.Dataset], times: xr.DataArray) -> xr.Dataset:
    """Join rims; where nothing was found one is a single NaN."""
    longest = np.arange(max(rim.sizes["point"] for rim in rims))
    numbered = [
        rim.assign_coords(point=longest[: rim.sizes["point"]]) for rim in rims
    ]
    return xr.concat(numbered, times, join="outer")


def _standoff(
    truth: xr.Dataset, model: xr.Dataset, found: xr.Dataset
) -> xr.Dataset:
    """Gather the subsolar distance by every estimate in one dataset."""
    nose = model.boundary_noon.sel(theta=0.0, drop=True)
    by_estimate: dict[str, xr.DataArray] = {
        **{str(name): truth[name] for name in truth},
        "Shue 1998": nose.sel(boundary="Shue 1998", drop=True),
        "Lin 2010": nose.sel(boundary="Lin 2010", drop=True),
        "tangent fit": found.standoff,
    }
    standoff = xr.concat(
        [
            one.drop_vars(set(one.coords) - {"time"}).assign_coords(
                estimate=name
            )
            for name, one in by_estimate.items()
        ],
        "estimate",
    )
    uncertainty = xr.zeros_like(standoff).where(False)
    uncertainty.loc[{"estimate": "tangent fit"}] = found.standoff_uncertainty
    return STANDOFF.stamp(
        xr.Dataset({"standoff": standoff, "uncertainty": uncertainty})
    )


def _compute(
    lazy: tuple[Any, ...], progress: Progress | None
) -> tuple[Any, ...]:
    if progress is None:
        return dask.compute(*lazy)
    with _Steps(progress):
        return dask.compute(*lazy)


class _Steps(Callback):
    """Tell how many of dask's tasks are done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = self._total = 0
        super().__init__()

    def _start_state(self, _graph: Any, state: dict[str, Any]) -> None:
        self._total = sum(
            len(state[kind]) for kind in ("ready", "waiting", "running")
        )

    def _posttask(self, *_: Any) -> None:
        self._done += 1
        self._progress(self._done, self._total)
