"""pyspedas as an authority, imported without what it does to logging."""

from __future__ import annotations

import logging
import warnings
from types import ModuleType

import pytest


def quiet_pyspedas() -> ModuleType:
    """Import pyspedas, which takes seconds the first time."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyspedas = pytest.importorskip("pyspedas")
    logging.captureWarnings(False)
    root.setLevel(level)
    root.handlers = handlers
    return pyspedas
