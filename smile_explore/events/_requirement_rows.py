"""One case, seen from one place: images, exposures, and what was found."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.events._requirement_cases import (
    DEFINITIONS,
    PLACES,
    Case,
    Place,
    described,
)
from smile_explore.instruments import sxi
from smile_explore.physics import charge_exchange
from smile_explore.physics.exosphere import DENSITY_AT_10
from smile_explore.retrieval import magnetopause

#: Methods of `magnetopause.locate`; the last needs a series.
METHODS: Final = (
    "tangent_fit",
    "maximum",
    "gradient",
    "boundary_fit",
    "tangent_direction",
)
#: Methods that see the first realisation only: they take a second each.
_SLOW: Final = ("boundary_fit", "tangent_direction")
#: Series of tangent_direction, from its place. [h]
_OFFSETS: Final = (-6.0, -3.0, 0.0, 3.0, 6.0)
#: Columns of the table.
COLUMNS: Final = (
    *("case", "model", "boundary", "density", "speed", "flux", "bz"),
    *("dipole_tilt", "place", "distance", "exposure", "hydrogen"),
    *("background", "method", "realisation", "truth", "truth_exact"),
    *(f"truth_{name}" for name in DEFINITIONS),
    *("standoff", "uncertainty", "error", "status"),
)


@dataclass(frozen=True)
class Setting:
    """How an exposure is taken: s, cm-3 at 10 R_E, keV cm-2 s-1 sr-1."""

    exposure: float
    hydrogen: float
    background: float


#: What is used where nothing else is said.
USUAL: Final = Setting(300.0, DENSITY_AT_10["cravens_2001"], sxi.BACKGROUND)


@dataclass(frozen=True)
class Task:
    """What is done with the image of each case from each place."""

    settings: tuple[Setting, ...]
    methods: tuple[str, ...]
    realisations: int
    seed: int


def check(
    cases: Sequence[Case],
    places: Mapping[str, Place] | Sequence[str],
    settings: Sequence[Setting],
    methods: Sequence[str],
    realisations: int,
) -> Mapping[str, Place]:
    """Refuse what cannot be swept, and return the places by name."""
    if not isinstance(places, Mapping):
        _known(places, tuple(PLACES), "place")
        places = {name: PLACES[name] for name in places}
    _known(methods, METHODS, "method")
    lists = {
        "cases": cases,
        "places": places,
        "exposures, hydrogens and backgrounds": settings,
        "methods": methods,
    }
    for name, values in lists.items():
        if not len(values):
            raise ValueError(f"the sweep is empty: give at least one {name}")
    if realisations < 1:
        raise ValueError(f"realisations must be 1 or more, got {realisations}")
    for setting in settings:
        limits = {
            "exposure": (setting.exposure > 0, "positive", "s"),
            "hydrogen": (setting.hydrogen > 0, "positive", "cm-3"),
            "background": (
                setting.background >= 0,
                "zero or above",
                "keV cm-2 s-1 sr-1",
            ),
        }
        for name, (good, expected, unit) in limits.items():
            if not good:
                raise ValueError(
                    f"{name} must be {expected}, got "
                    f"{getattr(setting, name):g} {unit}"
                )
    return places


def _known(names: Sequence[str], known: tuple[str, ...], what: str) -> None:
    if isinstance(names, str):
        raise TypeError(f"give a list of {what}s, got the text {names!r}")
    for name in names:
        if name not in known:
            raise ValueError(
                f"unknown {what} {name!r}; there are: {', '.join(known)}"
            )


def entropy(rng: int | np.random.Generator | None) -> int:
    """Return the one number that all noise is drawn from."""
    if isinstance(rng, int):
        return rng
    return int(np.random.default_rng(rng).integers(2**62))


def images(
    case: Case, places: Mapping[str, Place], series: bool
) -> dict[str, Any]:
    """Build a case, and return its truth and its images by place.

    The image is of the usual exosphere; with `series` the images along the
    orbit, which `tangent_direction` needs, come too.
    """
    cube = case.cube()
    truth = case.truth(cube)
    emissivity = charge_exchange.emissivity(cube)
    seen: dict[str, Any] = {"truth": truth}
    for name, place in places.items():
        pointings = [place.pointing()]
        if series:
            pointings.append(place.pointing(_OFFSETS))
        seen[name] = [
            (sxi.intensity(emissivity, pointing).compute(), pointing)
            for pointing in pointings
        ]
    return seen


def rows(
    case: Case, name: str, seen: dict[str, Any], task: Task
) -> list[dict[str, Any]]:
    """Return the rows of one case seen from one place."""
    truth = seen["truth"]
    default = truth["exact"] if case.model != "MHD" else truth[DEFINITIONS[0]]
    position = seen[name][0][1]["position"].values
    fixed = described(case) | {
        "place": name,
        "distance": round(float(np.sqrt((position**2).sum())), 2),
        "truth": round(default, 3),
        **{f"truth_{key}": round(value, 3) for key, value in truth.items()},
    }
    found = []
    for setting in task.settings:
        for number, method in _tries(task):
            seed = _seed(case, name, setting, number, task.seed)
            image, pointing = seen[name][method == "tangent_direction"]
            estimate = _locate(image, pointing, method, case, setting, seed)
            error = round(estimate["standoff"] - default, 3)
            one = vars(setting) | {"method": method, "realisation": number}
            found.append(fixed | one | estimate | {"error": error})
    return found


def _tries(task: Task) -> Iterator[tuple[int, str]]:
    for number in range(task.realisations):
        for method in task.methods:
            if number == 0 or method not in _SLOW:
                yield number, method


def _seed(
    case: Case, place: str, setting: Setting, number: int, seed: int
) -> np.random.Generator:
    """Noise of one exposure, whatever else is swept, for all methods."""
    label = f"{case.name}|{place}|{setting}".encode()
    return np.random.default_rng([seed, zlib.crc32(label), number])


def _locate(
    image: xr.Dataset,
    pointing: xr.Dataset,
    method: str,
    case: Case,
    setting: Setting,
    rng: np.random.Generator,
) -> dict[str, Any]:
    scale = setting.hydrogen / USUAL.hydrogen
    scaled = image.assign(
        intensity=(scale * image["intensity"]).assign_attrs(
            image["intensity"].attrs
        )
    )
    expected = sxi.expected_counts(
        scaled, exposure=setting.exposure, background=setting.background
    )
    try:
        found = magnetopause.locate(
            sxi.expose(expected, rng=rng),
            pointing,
            method=method,
            quantity="counts",
            dipole_tilt=case.dipole_tilt,
        )
    except ValueError as reason:
        return {
            "standoff": np.nan,
            "uncertainty": np.nan,
            "status": str(reason),
        }
    if "time" in found.dims:
        # one surface for the series; a time without an image says why
        known = np.flatnonzero(found["standoff"].notnull())
        found = found.isel(time=int(known[0]) if known.size else 0)
    return {
        "standoff": round(float(found["standoff"]), 3),
        "uncertainty": round(float(found["standoff_uncertainty"]), 3),
        "status": str(found["status"].item()),
    }
