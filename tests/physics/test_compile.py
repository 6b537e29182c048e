"""Kernels compile at once, with a cache or without."""

from numba import float64

from smile_explore.physics import _compile


def test_kernels_compile_where_no_cache_can_be_written(monkeypatch):
    calls = []

    def njit(*signature, **options):
        calls.append(options.get("cache", False))
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(_compile, "njit", njit)

    def function():
        return 1

    assert _compile.at_once(float64)(function) is function
    assert calls == [True, False]
