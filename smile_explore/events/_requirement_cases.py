"""What the study of the requirement looks at, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.constants import PROTON_MASS
from smile_explore.data import mhd, samples
from smile_explore.instruments import orbit
from smile_explore.physics import magnetosphere
from smile_explore.retrieval import magnetopause
from smile_explore.schema import CUBE

__all__ = [
    "DEFINITIONS",
    "PLACES",
    "REQUIRED_FLUX",
    "Case",
    "Place",
    "analytic_cases",
    "mhd_cases",
]

#: Flux of the solar wind from which SXI must find the magnetopause to 0.5
#: R_E in 5 min, beyond 15 R_E (Branduardi-Raymont and Wang 2024, section 3.1,
#: https://doi.org/10.1007/978-981-19-6960-7_39). [cm-2 s-1]
REQUIRED_FLUX: Final = 4.9e8
#: Truth in an MHD cube, the first unless another is asked for.
DEFINITIONS: Final = (
    "last_closed",
    "density_gradient",
    "current",
    "fluopause",
)
#: MHD runs and the step from frame to frame that is taken.
_RUNS: Final = {
    "A": ("batsrus_a_requirement.nc", 1),
    "B": ("batsrus_b_2012-06-16.nc", 1),
    "D": ("batsrus_d_2014-09-12.nc", 2),
    "E": ("batsrus_e_2012-06-16.nc", 3),
}
#: Grid of the analytic cubes: as wide as the samples, half their cells. [R_E]
_AXES: Final = (
    np.arange(-5.0, 16.1, 0.25),
    np.arange(-12.0, 12.1, 0.25),
    np.arange(-10.0, 19.6, 0.25),
)
#: Settings of the analytic cubes, each in turn: Bz [nT] and tilt [deg].
_FIELDS: Final = (5.0, -5.0, 0.0)
_TILTS: Final = (0.0, 15.0, -15.0, 24.0)
_DENSITIES: Final = (5.0, 8.0, 12.25, 20.0, 40.0, 80.0)
_SPEEDS: Final = (300.0, 400.0, 600.0, 800.0)
#: Beyond this the magnetopause is nearer than any that was seen. [nPa]
_MOST_PRESSURE: Final = 60.0


@dataclass(frozen=True)
class Case:
    """One state of the magnetosphere, built when it is asked for.

    Parameters
    ----------
    name : str
        Of its own among all cases.
    model : {"MHD", "analytic"}
    density, speed, bz : float
        Solar wind that drives it. [cm-3, km s-1, nT]
    dipole_tilt : float
        [deg]
    source : str
        Sample, or boundary of the analytic cube.
    frame : int
        Frame of the sample.
    """

    name: str
    model: str
    density: float
    speed: float
    bz: float
    dipole_tilt: float
    source: str
    frame: int = 0

    @property
    def flux(self) -> float:
        """Flux of the solar wind, in cm-2 s-1."""
        return self.density * self.speed * 1e5

    def cube(self) -> xr.Dataset:
        """Return the CUBE, in memory."""
        if self.model == "MHD":
            series = mhd.open_cube(samples.find(self.source))
            return series.isel(time=self.frame, drop=True).compute()
        velocity = [-self.speed, 0.0, 0.0]
        pressure = PROTON_MASS * self.density * self.speed**2 * 1e21
        wind = xr.Dataset(
            {
                "density": self.density,
                "velocity": ("component", velocity),
                "temperature": 13.0,
                "magnetic_field": ("component", [0.0, 0.0, self.bz]),
                "dynamic_pressure": pressure,
            },
            coords={"component": ["x", "y", "z"]},
        )
        return magnetosphere.analytic_cube(
            wind,
            *_AXES,
            magnetopause=self.source,
            dipole_tilt=self.dipole_tilt,
        )

    def truth(self, cube: xr.Dataset) -> dict[str, float]:
        """Return the standoff in R_E by each definition, or the exact one."""
        CUBE.check(cube)
        if self.model != "MHD":
            exact = float(cube["magnetopause_standoff"])
            return {"exact": exact} | dict.fromkeys(DEFINITIONS, np.nan)
        noses = magnetopause.truth_by(DEFINITIONS, cube)
        found = {name: float(noses[name]) for name in DEFINITIONS}
        return {"exact": np.nan} | found


@dataclass(frozen=True)
class Place:
    """A place on SMILE's orbit, as planned, at a season.

    Parameters
    ----------
    date : str
        Of a passage through perigee.
    hours : float
        Since then. [h]
    """

    date: str
    hours: float

    def pointing(self, offsets: tuple[float, ...] = ()) -> xr.Dataset:
        """Return the POINTING by the mission's rule, there or around it.

        Parameters
        ----------
        offsets : tuple of float
            Along time at these hours from it; one place without. [h]
        """
        start = np.datetime64(self.date, "s")
        hours = self.hours + np.asarray(offsets or 0.0)
        times = start + np.round(hours * 3600).astype("timedelta64[s]")
        elements = orbit.Elements(perigee_time=start)
        pointed = orbit.pointing(orbit.trajectory(times, elements=elements))
        return pointed if offsets else pointed.drop_vars("time")


#: Where SXI looks from, by name: beyond 15 R_E, on the orbit of
#: `orbit.SMILE` in four seasons, which turn it about Earth.
PLACES: Final = {
    "over the pole": Place("2026-06-21", 18.0),
    "ahead of the pole": Place("2026-03-20", 25.0),
    "low and ahead, 15 R_E": Place("2026-03-20", 40.0),
    "behind the pole": Place("2026-09-22", 25.0),
    "from the dusk side": Place("2026-12-21", 33.0),
}


@lru_cache(maxsize=1)
def mhd_cases() -> tuple[Case, ...]:
    """Return frames of the MHD runs that are shipped."""
    return tuple(
        case
        for run, (sample, step) in _RUNS.items()
        for case in _frames(run, sample, step)
    )


def _frames(run: str, sample: str, step: int) -> Iterator[Case]:
    series = mhd.open_cube(samples.path(sample))
    wind = mhd.driver(series).compute()
    for frame in range(0, series.sizes["time"], step):
        now = wind.isel(time=frame)
        name = run
        if series.sizes["time"] > 1:
            name += f" {np.datetime_as_string(now['time'].values, 's')[11:]}"
        yield Case(
            name=name,
            model="MHD",
            density=float(now["density"]),
            speed=-float(now["velocity"][0]),
            bz=float(now["magnetic_field"][2]),
            dipole_tilt=float(series.attrs.get("dipole_tilt", 0.0)),
            source=sample,
            frame=frame,
        )


def analytic_cases(
    *,
    densities: tuple[float, ...] = _DENSITIES,
    speeds: tuple[float, ...] = _SPEEDS,
    boundary: str = "lin_magnetopause",
) -> tuple[Case, ...]:
    """Return analytic cubes over a range of solar wind.

    Bz and tilt take turns. The default boundary has the form that the
    methods look for; that of Shue et al. (1998), ``"shue_magnetopause"``,
    has no cusps, which they expect.
    """
    winds = [
        (density, speed)
        for density in densities
        for speed in speeds
        if PROTON_MASS * density * speed**2 * 1e21 < _MOST_PRESSURE
    ]
    return tuple(
        Case(
            name=f"{boundary.split('_')[0]} {density:g} cm-3 {speed:g} km/s",
            model="analytic",
            density=density,
            speed=speed,
            bz=_FIELDS[n % len(_FIELDS)],
            dipole_tilt=_TILTS[n % len(_TILTS)],
            source=boundary,
        )
        for n, (density, speed) in enumerate(winds)
    )


def described(case: Case) -> dict[str, Any]:
    """Return what a row of the table says of a case."""
    return {
        "case": case.name,
        "model": case.model,
        "boundary": case.source if case.model == "analytic" else "MHD",
        "density": round(case.density, 3),
        "speed": round(case.speed, 2),
        "flux": float(f"{case.flux:.4g}"),
        "bz": round(case.bz, 2),
        "dipole_tilt": round(case.dipole_tilt, 2),
    }
