"""Run the benchmarks named on the command line, or all, and print a table."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

import benchmarks
from benchmarks import Figure


def main(names: list[str]) -> int:
    """Print what each benchmark measures; 1 if any goal is missed."""
    known = [
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if not module.name.startswith("_")
    ]
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no benchmark {unknown[0]}; there are: {', '.join(known)}")
        return 2
    missed = 0
    for name in names or known:
        print(f"\n{name}")
        for figure in importlib.import_module(f"benchmarks.{name}").measure():
            print(_row(figure), flush=True)
            missed += figure.met() is False
    if hasattr(os, "getloadavg"):
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"\nload of the machine over 1, 5, 15 min: {load}")
    print(f"processors: {os.cpu_count()}")
    return int(missed > 0)


def _row(figure: Figure) -> str:
    goal = ""
    if figure.at_least is not None:
        goal = f">= {figure.at_least:g}"
    elif figure.at_most is not None:
        goal = f"<= {figure.at_most:g}"
    mark = {True: "met", False: "MISSED", None: ""}[figure.met()]
    return (
        f"  {figure.name:<52} {figure.value:>10.4g} {figure.unit:<9}"
        f" {goal:<9} {mark}"
    ).rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
