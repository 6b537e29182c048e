"""What several panels draw of the same data, made once for all of them."""

from __future__ import annotations

import functools
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import xarray as xr

__all__ = ["kept"]

#: Results of a function: of a few steps of the clock.
_MOST = 16

P = ParamSpec("P")
R = TypeVar("R")
Made = Callable[Concatenate[xr.Dataset, P], R]


def kept(make: Made[P, R]) -> Made[P, R]:
    """Keep the last results of a function of a dataset and plain values.

    A dataset is known again by being the same object: nothing here changes
    one in place. It is not kept alive.
    """
    results: OrderedDict[Any, tuple[weakref.ref[xr.Dataset], R]]
    results = OrderedDict()

    @functools.wraps(make)
    def look_up(data: xr.Dataset, *args: P.args, **kwargs: P.kwargs) -> R:
        key = id(data), args, tuple(kwargs.items())
        found = results.get(key)
        if found is not None and found[0]() is data:
            return found[1]
        result = make(data, *args, **kwargs)
        results[key] = weakref.ref(data), result
        while len(results) > _MOST:
            # another thread may have been faster
            results.pop(next(iter(results)), None)
        return result

    return look_up
