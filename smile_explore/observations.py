"""What an event is, and what the instruments saw of it.

Both are plain frozen carriers. Today `events.observe` fills `Observations`
from a simulation; files of the real SMILE will fill the same fields, so that
nothing downstream can tell the difference but by ``attrs["measured"]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

__all__ = ["Event", "Fact", "Known", "Observations", "Run"]


@dataclass(frozen=True)
class Fact:
    """One number or statement about an event, with where it comes from."""

    text: str
    source: str


@dataclass(frozen=True)
class Known:
    """One number about where a storm left the Sun, as machines read it.

    Parameters
    ----------
    eruption : str
        Which one, ``"14 June"``. The first of an event drove the storm.
    quantity : str
        One of `data.sun.QUANTITIES`; what is first told of one is drawn.
    value : float or str
        In the unit of the quantity; a time is UTC as ISO text.
    status : str
        ``"verified"``, ``"second hand"`` (the source quotes another), or
        ``"not verified"`` (no source was read): shown wherever it is.
    source : str
        Who says so.
    """

    eruption: str
    quantity: str
    value: float | str
    status: str
    source: str


@dataclass(frozen=True)
class Run:
    """An MHD run that covers a part of an event.

    Parameters
    ----------
    name : str
        Short name, e.g. ``"BATS-R-US E"``.
    sample : str
        File in ``data/samples`` or a path.
    note : str
        What the run is and is not: shown wherever the run is shown.
    """

    name: str
    sample: str
    note: str


@dataclass(frozen=True)
class Event:
    """A storm: when, why it matters, and what is known of it.

    Parameters
    ----------
    name : str
        Date of its first day, ``"2012-06-16"``.
    start, stop : numpy.datetime64
        Interval of the event. [UTC]
    focus : numpy.datetime64
        The moment shown first.
    moments : mapping of str to numpy.datetime64
        Marked moments such as the arrival of the shock.
    solar_wind : str
        Sample or path of the solar wind.
    runs : tuple of Run
        MHD runs; the first is shown unless another is asked for.
    orbit : mapping of str to float or str
        Elements of the virtual SMILE, as `instruments.orbit.Elements` takes
        them.
    activity : mapping
        What was measured of Sun and Earth: ``f107``, ``kp`` of three hours
        each (``"3-"``) from ``kp_from`` on, and their ``source``.
    facts, origin, references : tuple
        What is known, where the storm left the Sun, and who says so.
    sun : tuple of Known
        Flare, ejection and arrival in numbers; `data.sun.eruptions` sorts
        them.
    cadence : float
        Of images in the hours that no run covers. [s]
    """

    name: str
    title: str
    summary: str
    start: np.datetime64
    stop: np.datetime64
    focus: np.datetime64
    solar_wind: str
    runs: tuple[Run, ...] = ()
    moments: Mapping[str, np.datetime64] = field(default_factory=dict)
    orbit: Mapping[str, Any] = field(default_factory=dict)
    activity: Mapping[str, Any] = field(default_factory=dict)
    origin: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    references: tuple[str, ...] = ()
    sun: tuple[Known, ...] = ()
    cadence: float = 600.0


@dataclass(frozen=True)
class Observations:
    """An event as SMILE saw it; each dataset keeps its own cadence.

    Parameters
    ----------
    event : Event
        The event observed.
    solar_wind : xarray.Dataset (SOLAR_WIND)
    trajectory : xarray.Dataset (TRAJECTORY)
    pointing : xarray.Dataset (POINTING)
    cuts : xarray.Dataset (CUTS)
        Noon-midnight (x, z) and equatorial (x, y) planes of the cube and its
        emissivity, with model boundaries; ``model`` says what each time was
        computed with.
    sxi : xarray.Dataset (SXI_IMAGE)
    magnetopause : xarray.Dataset (MAGNETOPAUSE)
        Found from the images.
    standoff : xarray.Dataset (STANDOFF)
        Subsolar distance of the magnetopause by several methods.
    plasma : xarray.Dataset
        What SMILE flew through, where it is known: `density`, `velocity`,
        `temperature` of ions and electrons together, `magnetic_field`.
    ions : xarray.Dataset (VDF)
        What LIA saw. Empty, as all that follow, where nothing was seen.
    ion_spectrum : xarray.Dataset (SPECTRUM)
    ion_moments : xarray.Dataset (MOMENTS)
        Along `species` and `estimate`.
    magnetic_field : xarray.Dataset (MAGNETIC_FIELD)
        What MAG measured.
    crossings : xarray.Dataset (CROSSINGS)
        Boundaries found in ions and field.
    uvi : xarray.Dataset (UVI_IMAGE)
        Radiance and counts. Empty, as all that follows from it, where UVI
        saw nothing.
    uvi_pointing : xarray.Dataset (POINTING)
    light : xarray.Dataset (UV_MAP)
        The images on the magnetic grid, without dayglow.
    oval : xarray.Dataset (OVAL)
    polar_cap : xarray.Dataset (POLAR_CAP)
    flux_budget : xarray.Dataset (FLUX_BUDGET)
    """

    event: Event
    solar_wind: xr.Dataset
    trajectory: xr.Dataset
    pointing: xr.Dataset
    cuts: xr.Dataset
    sxi: xr.Dataset
    magnetopause: xr.Dataset
    standoff: xr.Dataset
    # what LIA and MAG saw
    plasma: xr.Dataset = field(default_factory=xr.Dataset)
    ions: xr.Dataset = field(default_factory=xr.Dataset)
    ion_spectrum: xr.Dataset = field(default_factory=xr.Dataset)
    ion_moments: xr.Dataset = field(default_factory=xr.Dataset)
    magnetic_field: xr.Dataset = field(default_factory=xr.Dataset)
    crossings: xr.Dataset = field(default_factory=xr.Dataset)
    uvi: xr.Dataset = field(default_factory=xr.Dataset)
    uvi_pointing: xr.Dataset = field(default_factory=xr.Dataset)
    light: xr.Dataset = field(default_factory=xr.Dataset)
    oval: xr.Dataset = field(default_factory=xr.Dataset)
    polar_cap: xr.Dataset = field(default_factory=xr.Dataset)
    flux_budget: xr.Dataset = field(default_factory=xr.Dataset)
