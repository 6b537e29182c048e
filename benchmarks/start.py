"""What comes before the first picture: the import, and opening an event.

Each is measured in a fresh process. Cold is an event that nobody has looked
at yet, with the compiled code of the package in place; kept is the same event
the next time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks import Figure

EVENTS = ("2012-06-16", "2014-09-12")
#: Libraries too slow to be imported with the package.
HEAVY = ("pyspedas", "sunpy", "numba", "holoviews", "bokeh")

MEASURED = """
import json, sys, time
start = time.perf_counter(), time.process_time()
{code}
wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
print(json.dumps([wall, cpu, sorted(sys.modules)]))
"""
OPEN = """
from smile_explore import events
from smile_explore.events import library
library.keep(events.load({name!r}))
"""


def measure() -> Iterator[Figure]:
    """Yield how long the import takes, and events cold and kept."""
    _run("import smile_explore")  # from the disk, once
    runs = [_run("import smile_explore") for _ in range(5)]
    yield _load()
    yield Figure("import, wall", min(run[0] for run in runs), "s", None, 1.5)
    yield Figure("import, CPU", min(run[1] for run in runs), "s")
    heavy = set(HEAVY) & set(runs[0][2])
    names = f" ({', '.join(sorted(heavy))})" if heavy else ""
    yield Figure(f"heavy libraries imported{names}", len(heavy), "", None, 0)
    for name in EVENTS:
        with tempfile.TemporaryDirectory() as cache:
            code = OPEN.format(name=name)
            wall, cpu, _ = _run(code, cache)
            yield _load()
            yield Figure(f"{name} cold, wall", wall, "s")
            yield Figure(f"{name} cold, CPU", cpu, "s")
            wall, cpu, _ = _run(code, cache)
            yield Figure(f"{name} kept, wall", wall, "s")
            yield Figure(f"{name} kept, CPU", cpu, "s")


def _run(code: str, cache: str = "") -> tuple[float, float, list[str]]:
    """Run code in a fresh process: wall and CPU time [s], modules."""
    environment = os.environ | {"SMILE_EXPLORE_CACHE": cache}
    command = [sys.executable, "-c", MEASURED.format(code=code)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    wall, cpu, modules = json.loads(done.stdout.splitlines()[-1])
    return wall, cpu, modules


def _load() -> Figure:
    return Figure("load of the machine", os.getloadavg()[0])
