"""Kernels that are compiled when they are imported, into numba's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit, types

__all__ = ["at_once", "readonly"]


def readonly(dtype: Any, dimensions: int) -> types.Array:
    """Type of an array that a kernel only reads."""
    return types.Array(dtype, dimensions, "C", readonly=True)


def at_once(*signature: Any, **options: Any) -> Callable[..., Any]:
    """Return a decorator that compiles at once, into the cache if it can."""

    def compile_now(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return njit(signature, cache=True, **options)(function)
        except RuntimeError:  # there is no folder to write a cache to
            return njit(signature, **options)(function)

    return compile_now
