"""Profiles across the magnetosheath (placeholder until they are fitted)."""

from __future__ import annotations

import numpy as np

SOUTHWARD = np.array([[0.0, 0, 0], [0.0, 0, 0], [1.0, 0, 0], [1.0, 0, 0]])
NORTHWARD = SOUTHWARD.copy()
ORIGIN = 1.0
