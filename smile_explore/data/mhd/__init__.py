"""Cubes of magnetohydrodynamic models, whatever code wrote them.

`open_cube` recognises the format (`formats.py` lists them, one module each)
and returns a ``CUBE``, lazy; `driver` the solar wind that the run had.
"""

from smile_explore.data.mhd.driving import driver
from smile_explore.data.mhd.opening import open_cube

__all__ = ["driver", "open_cube"]
