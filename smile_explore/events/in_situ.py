"""What LIA and MAG measure of an event, where SMILE is.

The plasma is read at the times of the cubes, in the pass over them that also
makes the images. It is kept, so that another mode of LIA needs no cube.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from smile_explore.events._steps import Progress, compute
from smile_explore.events.settings import Settings
from smile_explore.instruments import lia, mag
from smile_explore.observations import Observations
from smile_explore.physics import distributions, magnetosphere, velocity_slice
from smile_explore.retrieval import crossings

__all__ = ["IN_SITU", "along", "counted", "measured", "partial", "truth"]

#: Fields of Observations that are filled here.
IN_SITU: Final = (
    "plasma",
    "ions",
    "ion_spectrum",
    "ion_moments",
    "magnetic_field",
    "crossings",
)
#: Of a plasma that is measured.
_PLASMA: Final = ["density", "velocity", "temperature", "magnetic_field"]
#: On either side of a crossing: between cubes lie ten minutes where no run
#: covers the event, and a median needs three samples. [s]
_WINDOW: Final = 1800.0
#: Least score of a crossing; a steady slope scores 2.7 at most.
_THRESHOLD: Final = 3.5
#: Fewer samples show no step.
_FEWEST: Final = 7
#: Which moments crossings are looked for in.
_SEARCHED: Final = {"species": "H+", "estimate": "corrected"}
#: A Maxwellian is fitted to a whole.
_OF_A_PART: Final = ("plain", "corrected")


def along(cube: xr.Dataset, trajectory: xr.Dataset) -> xr.Dataset:
    """Return the plasma that SMILE flies through, as lazy as the cube.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
    trajectory : xarray.Dataset (TRAJECTORY)

    Returns
    -------
    plasma : xarray.Dataset
        `density`, `velocity`, `temperature` (of ions and electrons together)
        and `magnetic_field` along time; NaN outside the cube.
    """
    plasma = magnetosphere.sample(cube[_PLASMA], trajectory)
    return plasma.drop_attrs(deep=False).assign_attrs(
        measured=False, note="the cube along the orbit: what is measured"
    )


def measured(
    seen: Observations,
    plasma: xr.Dataset,
    settings: Settings,
    *,
    rng: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> Observations:
    """Measure the plasma along the orbit with MAG and LIA.

    Parameters
    ----------
    seen : Observations
        With the trajectory and the solar wind.
    plasma : xarray.Dataset
        As `along` gives it, computed.
    settings : Settings
    rng : int, numpy.random.Generator or None
        For counts, noise, and MAG's calibration error.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.
    """
    field = mag.measure(plasma[["magnetic_field"]], rng=rng)
    field.attrs |= {"measured": False, "note": "simulated along the orbit"}
    seen = replace(seen, plasma=plasma, magnetic_field=field)
    return counted(seen, settings, rng=rng, progress=progress)


def counted(
    seen: Observations,
    settings: Settings,
    *,
    rng: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> Observations:
    """Return what LIA sees with other settings of the same plasma.

    Parameters
    ----------
    seen : Observations
        With `plasma` and `magnetic_field`.
    settings, rng, progress
        As in `measured`.

    Returns
    -------
    observations : Observations
        With `ions` (without their counts, which `vdf` is made of),
        `ion_spectrum`, `ion_moments` and `crossings`; unchanged where the
        plasma is not known.
    """
    if not seen.plasma:
        return seen
    expected = lia.distribution(
        seen.plasma,
        analyser=lia.in_mode(settings.mode),
        ion_share=settings.ion_share,
        spacecraft_potential=settings.potential,
    )
    ions = lia.expose(expected, rng=rng).drop_vars("counts")
    ions.attrs |= settings.part("in situ")
    ions, spectrum, moments = compute(
        (ions, distributions.spectrum(ions), lia.moments(ions)), progress
    )
    seen = replace(seen, ions=ions, ion_spectrum=spectrum, ion_moments=moments)
    return replace(seen, crossings=_crossings(seen))


def _crossings(seen: Observations) -> xr.Dataset:
    if seen.ion_moments.sizes["time"] < _FEWEST:
        return xr.Dataset()
    return crossings.find(
        seen.ion_moments.sel(_SEARCHED),
        seen.magnetic_field,
        trajectory=seen.trajectory,
        solar_wind=seen.solar_wind,
        spectrum=seen.ion_spectrum["energy_flux"],
        window=_WINDOW,
        interval=_WINDOW,
        threshold=_THRESHOLD,
    )


def truth(seen: Observations, time: np.datetime64 | None = None) -> xr.Dataset:
    """Return the protons that LIA was flown through, or those of one time.

    Their temperature is the share of the cube's that was taken for theirs.
    """
    share = seen.ions.attrs.get("ion_share", 1.0)
    plasma = seen.plasma
    if time is not None:
        now = int(abs(plasma["time"].values - time).argmin())
        plasma = plasma.isel(time=now)
    return plasma.assign(temperature=plasma["temperature"] * share)


def partial(
    seen: Observations,
    time: np.datetime64,
    *,
    energy: tuple[float, float] | None = None,
    plane: str = "",
    right: tuple[float, float] = (-np.inf, np.inf),
    up: tuple[float, float] = (-np.inf, np.inf),
    estimate: str = "corrected",
) -> xr.Dataset:
    """Return moments of a part of one distribution, in a millisecond or two.

    Parameters
    ----------
    seen : Observations
    time : numpy.datetime64
        The nearest distribution is taken.
    energy : (float, float), optional
        Per charge. [eV]
    plane : str
        One of `velocity_slice.PLANES`: only bins whose middle lies between
        `right` and `up` on it count, however far from it they are.
    right, up : (float, float)
        [km s-1]
    estimate : str
        Whose velocity turns the plane, as where it is shown.

    Returns
    -------
    moments : xarray.Dataset (MOMENTS)
        Along `estimate`: plain and corrected, as of protons.

    Raises
    ------
    ValueError
        If no bin is in the part, or the plane has no direction.
    """
    now = int(abs(seen.ions["time"].values - time).argmin())
    part = seen.ions.isel(time=now, drop=True)
    if energy is not None:
        part = distributions.within(part, energy=energy)
    if plane:
        flow = seen.ion_moments["velocity"].isel(time=now)
        axes = velocity_slice.axes(
            plane,
            velocity=flow.sel(species="H+", estimate=estimate),
            magnetic_field=seen.magnetic_field["magnetic_field"][now],
        )
        part = velocity_slice.within(part, axes, right=right, up=up)
    return distributions.moments(part, estimates=_OF_A_PART)
