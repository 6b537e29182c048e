"""Ingest in processes that are killed: a server for test_ingest.py.

Reads orders, a JSON object a line, and forks one process for each; it has
imported everything, so that a kill costs milliseconds. Answers with the exit
code, or with what the process said.
"""

import json
import os
import resource
import signal
import sys
import time

import zarr

from smile_explore.data import mhd


class Deadly:
    """An array that kills the process while a step is written."""

    def __init__(self, array, step, left):
        self.array, self.step, self.left = array, step, left

    def __setitem__(self, region, values):
        self.array[region] = values
        self.left[0] -= region[0].start == self.step
        if not self.left[0]:
            os.kill(os.getpid(), signal.SIGKILL)


def serve(order):
    if "step" in order:
        real, left = zarr.open_array, [order["places"]]
        zarr.open_array = lambda *given, **options: Deadly(
            real(*given, **options), order["step"], left
        )
    if "largest" in order:  # a file of more bytes cannot be written
        sizes = order["largest"], order["largest"]
        resource.setrlimit(resource.RLIMIT_FSIZE, sizes)
    try:
        mhd.ingest(order["sources"], order["store"], chunks=order["chunks"])
    except OSError as error:
        print(error, flush=True)  # noqa: T201
        os._exit(1)
    os._exit(0)


for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if not pid:
        serve(order)
    if "seconds" in order:
        time.sleep(order["seconds"])
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(code, flush=True)  # noqa: T201
