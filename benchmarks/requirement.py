"""How far off each method is, where SMILE is asked to find the magnetopause.

At a solar wind flux of 4.8e8 cm-2 s-1 and above, 300 s and beyond 15 R_E, on
MHD runs (truth: the last closed field line) and on analytic cubes (exact). A
small part of `events.requirement.study`, with another seed. Goals are for the
size of the error, median and 95 %, of the best method.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pandas as pd

from benchmarks import Figure
from smile_explore.events import requirement

#: Goals for the best method. [R_E]
GOALS = {"MHD": 0.25, "analytic": 0.1}
PLACES = ("over the pole", "from the dusk side")
SEED = 1


def measure() -> Iterator[Figure]:
    """Yield the error of each method, and the time of one search."""
    cases = {
        "MHD": [
            case
            for n, case in enumerate(requirement.mhd_cases())
            if case.name in ("A", "B") or n % 6 == 5
        ],
        "analytic": requirement.analytic_cases(
            densities=(12.25, 20.0, 40.0), speeds=(400.0, 600.0)
        ),
    }
    for model, chosen in cases.items():
        start = time.process_time()
        table = requirement.sweep(
            [c for c in chosen if c.flux > 0.97 * requirement.REQUIRED_FLUX],
            places=PLACES,
            realisations=2,
            rng=SEED,
            scheduler="synchronous",
        )
        cpu = (time.process_time() - start) / len(table)
        yield from _errors(model, table)
        yield Figure(f"{model}: a search, images included, CPU", cpu, "s")


def _errors(model: str, table: pd.DataFrame) -> Iterator[Figure]:
    figures = requirement.summary(table, by=["method"]).set_index("method")
    for method, one in figures.iterrows():
        name = f"{model}: {str(method).replace('_', ' ')}"
        yield Figure(f"{name}, bias", one["median"], "R_E")
        yield Figure(f"{name}, size, median", one["typical"], "R_E")
        yield Figure(f"{name}, size, 95 %", one["most"], "R_E")
        yield Figure(f"{name}, found", one["found"])
        yield Figure(f"{name}, error / uncertainty", one["chi"])
    for name, column in (("median", "typical"), ("95 %", "most")):
        yield Figure(
            f"{model}: best method, size, {name}",
            figures[column].min(),
            "R_E",
            at_most=GOALS[model],
        )
