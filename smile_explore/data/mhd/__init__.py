"""Cubes of magnetohydrodynamic models, whatever code wrote them.

`open_cube` recognises the format (`formats.py` lists them, one module each)
and returns a ``CUBE``, lazy; `driver` the solar wind that the run had.
Cubes that hold X-ray emissivity and no plasma have doors of their own,
`open_emissivity`, `emissivity_driver` and `save_emissivity`. `ingest` converts
any of them once to a store that is fast to read, and `info` tells what is in a
file.
"""

from smile_explore.data.mhd.driving import driver
from smile_explore.data.mhd.emissivity_files import (
    emissivity_driver,
    open_emissivity,
    save_emissivity,
)
from smile_explore.data.mhd.info import info
from smile_explore.data.mhd.ingest import ingest
from smile_explore.data.mhd.opening import open_cube

__all__ = [
    "driver",
    "emissivity_driver",
    "info",
    "ingest",
    "open_cube",
    "open_emissivity",
    "save_emissivity",
]
