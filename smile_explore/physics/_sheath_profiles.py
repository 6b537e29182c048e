"""Profiles across the magnetosheath, fitted to the MHD cubes.

Made by ``tools/build_sheath_profiles.py``: change them there. Columns are
the values at the nose, a middle weight and the value at theta >= 120 deg
(Bernstein polynomials in q, see `_sheath_kernel`); rows are

density : d in n = n_sw (1 + (X - 1) (1 + d (1 - f))), X the compression at
    the bow shock
flow, field : slope dW/df at the magnetopause of the profile W

``ORIGIN`` is where the vector potential of the field has its origin, down
the tail, in units of the bow shock's standoff: south, north.

Rms difference between model, given the boundaries traced in each cube, and
cube, over the rms of the cube; the temperature is not fitted, it follows
from the flow:

case              density         flow        field  temperature
A                     6%          16%          18%          14%
B                     8%          13%          15%          15%
D, 0 s                6%          18%          18%          33%
D, 1500 s             5%          18%          15%          16%
D, 450 s             23%          18%          23%          38%   not fitted
E, 22:25             13%          17%          13%          14%   not fitted

The runs' cells of 0.25 to 0.5 R_E do not resolve the plasma depletion layer
of northward IMF: next to the magnetopause the true density may be half.
"""

from __future__ import annotations

import numpy as np

__all__ = ["NORTHWARD", "ORIGIN", "SOUTHWARD", "blend"]

SOUTHWARD = np.array(
    [
        [-0.261, 0.084, -0.979],  # density
        [1.300, 1.300, 1.300],  # flow
        [2.507, 3.000, 0.140],  # field
    ]
)
NORTHWARD = np.array(
    [
        [-0.140, -0.212, -0.947],  # density
        [1.300, 1.300, 1.300],  # flow
        [1.843, 3.000, 1.032],  # field
    ]
)
ORIGIN = (2.0, 1.75)


def blend(bz: float) -> tuple[np.ndarray, float]:
    """Coefficients and origin for an IMF between -4 and +4 nT, or beyond."""
    north = min(max((bz + 4.0) / 8.0, 0.0), 1.0)
    south = 1.0 - north
    return (
        south * SOUTHWARD + north * NORTHWARD,
        south * ORIGIN[0] + north * ORIGIN[1],
    )
