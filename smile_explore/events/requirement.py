"""The requirement on SXI, put to the test.

Can SXI find the magnetopause to 0.5 R_E in five minutes? `sweep` images
magnetospheres whose magnetopause is known, exposes them, looks for it by
each method and tells how far off it was: one row of a table per exposure.
`study` is the sweep that is published with the package, and `published`
opens its table. The command ``smile-explore requirement`` makes both anew,
with the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import dask
import numpy as np
import pandas as pd

from smile_explore.events import _requirement_rows as rows
from smile_explore.events._requirement_cases import (
    PLACES,
    REQUIRED_FLUX,
    Case,
    Place,
    analytic_cases,
    mhd_cases,
)
from smile_explore.events._requirement_figures import (
    REQUIRED_ERROR,
    summary,
    with_truth,
)
from smile_explore.events._requirement_rows import (
    COLUMNS,
    METHODS,
    USUAL,
    Setting,
)
from smile_explore.events._steps import Progress, compute
from smile_explore.physics.exosphere import DENSITY_AT_10

__all__ = [
    "COLUMNS",
    "METHODS",
    "PLACES",
    "REQUIRED_ERROR",
    "REQUIRED_FLUX",
    "TABLE",
    "USUAL",
    "Case",
    "Place",
    "Setting",
    "analytic_cases",
    "mhd_cases",
    "published",
    "study",
    "summary",
    "sweep",
    "with_truth",
]

#: The table that ships with the package.
TABLE: Final = Path(__file__).with_name("requirement.csv")
#: What the study varies, one at a time, from the usual. The backgrounds are
#: none, and a sky four times as bright (see `sxi.expected_counts`).
#: [s, cm-3, keV cm-2 s-1 sr-1]
_VARIED: Final = (
    *(replace(USUAL, exposure=seconds) for seconds in (60.0, 900.0)),
    *(
        replace(USUAL, hydrogen=DENSITY_AT_10[name])
        for name in ("connor_2019_low", "connor_2019_high")
    ),
    *(replace(USUAL, background=level) for level in (0.0, 20.0)),
)
#: What the variations are looked at from, and of what: every so many cases.
_VARIED_PLACES: Final = ("over the pole", "ahead of the pole")
_EVERY: Final = 4


def sweep(
    cases: Sequence[Case],
    *,
    places: Mapping[str, Place] | Sequence[str] = tuple(PLACES),
    exposures: Sequence[float] = (USUAL.exposure,),
    hydrogens: Sequence[float] = (USUAL.hydrogen,),
    backgrounds: Sequence[float] = (USUAL.background,),
    methods: Sequence[str] = METHODS,
    realisations: int = 3,
    rng: int | np.random.Generator | None = 0,
    progress: Progress | None = None,
    scheduler: str = "threads",
) -> pd.DataFrame:
    """Look for the magnetopause in exposures of known magnetospheres.

    Every combination of the settings is tried. Each cube is built once, its
    emissivity is computed once, and its image once per place: hydrogen and
    exposure only scale it.

    Parameters
    ----------
    cases : sequence of Case
        As `mhd_cases` and `analytic_cases` give.
    places : mapping of str to Place, or sequence of str
        Where SXI looks from; names are those of `PLACES`.
    exposures : sequence of float
        [s]
    hydrogens : sequence of float
        Density of the exosphere 10 R_E sunward; `exosphere.DENSITY_AT_10`
        has values by paper. [cm-3]
    backgrounds : sequence of float
        Sky and detector. [keV cm-2 s-1 sr-1]
    methods : sequence of str
        Of `magnetopause.locate`. ``"tangent_direction"`` is given a series
        of 5 exposures, from 6 h before the place to 6 h after it, of the
        same state.
    realisations : int
        Exposures drawn of each; `boundary_fit` and `tangent_direction`,
        which take a second, see the first only.
    rng : int, numpy.random.Generator or None
        Seed of the photon noise. A row depends on it and on its own
        settings, not on what else is swept.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.
    scheduler : {"threads", "processes", "synchronous"}
        Of dask. The result is the same.

    Returns
    -------
    table : pandas.DataFrame
        A row per exposure and method with the columns `COLUMNS`: what was
        looked at, truth by each definition, ``standoff``, ``uncertainty``
        and ``error`` [R_E], and ``status``. `with_truth` judges by another
        definition.

    Raises
    ------
    ValueError
        If a list is empty, a method or a place is unknown, an exposure is
        not positive, a hydrogen density not positive, a background negative,
        or there are no realisations.
    """
    settings = [
        Setting(float(exposure), float(hydrogen), float(background))
        for exposure in exposures
        for hydrogen in hydrogens
        for background in backgrounds
    ]
    chosen = rows.check(cases, places, settings, methods, realisations)
    task = rows.Task(
        tuple(settings), tuple(methods), realisations, rows.entropy(rng)
    )
    seen = _imaged(cases, chosen, series="tangent_direction" in methods)
    return _tabulated(_looks(cases, chosen, seen, task), progress, scheduler)


def study(
    *,
    rng: int | np.random.Generator | None = 0,
    progress: Progress | None = None,
    scheduler: str = "processes",
) -> pd.DataFrame:
    """Make the table that is published: flux, then what else matters.

    All cases are looked at from all places with the usual settings; every
    fourth of them, and both steady MHD runs, from two places with another
    exposure, exosphere or background, one at a time.

    Parameters
    ----------
    rng, progress, scheduler
        As for `sweep`.

    Returns
    -------
    table : pandas.DataFrame
        As of `sweep`.
    """
    seed = rows.entropy(rng)
    cases = (
        *mhd_cases(),
        *analytic_cases(),
        *analytic_cases(densities=(12.25, 40.0), boundary="shue_magnetopause"),
    )
    few = [
        n
        for n, case in enumerate(cases)
        if n % _EVERY == 0 or case.name in ("A", "B")
    ]
    near = {name: PLACES[name] for name in _VARIED_PLACES}
    seen = _imaged(cases, PLACES, series=True)
    lazy = [
        *_looks(cases, PLACES, seen, rows.Task((USUAL,), METHODS, 3, seed)),
        *_looks(
            [cases[n] for n in few],
            near,
            [seen[n] for n in few],
            rows.Task(_VARIED, METHODS[:-1], 1, seed),
        ),
    ]
    return _tabulated(lazy, progress, scheduler)


@lru_cache(maxsize=1)
def _published() -> pd.DataFrame:
    return pd.read_csv(TABLE, keep_default_na=True)


def published() -> pd.DataFrame:
    """Open the table of `study` that ships with the package."""
    return _published().copy()


def _imaged(
    cases: Sequence[Case], places: Mapping[str, Place], *, series: bool
) -> list[Any]:
    """One task per case, which builds it and takes all its images."""
    images = dask.delayed(rows.images, pure=False)
    return [images(case, places, series) for case in cases]


def _looks(
    cases: Sequence[Case],
    places: Mapping[str, Place],
    seen: Sequence[Any],
    task: rows.Task,
) -> list[Any]:
    """One task per case and place, which exposes and looks."""
    look = dask.delayed(rows.rows, pure=False)
    return [
        look(case, name, images, task)
        for case, images in zip(cases, seen, strict=True)
        for name in places
    ]


def _tabulated(
    lazy: list[Any], progress: Progress | None, scheduler: str
) -> pd.DataFrame:
    if scheduler not in ("threads", "processes", "synchronous"):
        raise ValueError(
            "scheduler must be threads, processes or synchronous, got "
            f"{scheduler!r}"
        )
    with dask.config.set(scheduler=scheduler):
        found = compute(tuple(lazy), progress)
    return pd.DataFrame([row for part in found for row in part])[list(COLUMNS)]
