"""Cubes of successive times, from one file each, joined without reading."""

from __future__ import annotations

from collections.abc import Sequence
from glob import glob, has_magic
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.schema import COMPONENTS

__all__ = ["found", "joined"]

#: Steps longer than this many usual ones have one missing in between.
_LONGEST_STEP = 1.5
#: Axes that differ by less are one. [R_E]
_SAME_PLACE = 1e-4


def found(
    source: str | PathLike[str] | Sequence[str | PathLike[str]],
) -> list[Path]:
    """Return the files that a path, a pattern or a list of them names.

    Raises
    ------
    FileNotFoundError
        If there is nothing at a path, or nothing fits a pattern.
    ValueError
        If the list is empty.
    """
    if isinstance(source, str | PathLike):
        path = Path(source)
        if has_magic(fspath(source)) and not path.exists():
            paths = sorted(map(Path, glob(fspath(source))))  # noqa: PTH207
            if not paths:
                raise FileNotFoundError(f"no MHD cube fits {source}")
            return paths
        if not path.exists():
            raise FileNotFoundError(f"there is no MHD cube at {path}")
        return [path]
    paths = [path for one in source for path in found(one)]
    if not paths:
        raise ValueError(
            "no MHD cube was given; give a path, a pattern or a list of paths"
        )
    return paths


def joined(
    cubes: Sequence[xr.Dataset], names: Sequence[str], *, gaps: str
) -> xr.Dataset:
    """Join cubes of successive times along `time`.

    Parameters
    ----------
    cubes : sequence of xarray.Dataset (CUBE)
        In any order, each of one or several times.
    names : sequence of str
        What they are called in messages.
    gaps : {"refuse", "allow"}
        What to do about a missing step.

    Returns
    -------
    cube : xarray.Dataset (CUBE)
        Sorted by time; with the attributes that all of them share.

    Raises
    ------
    ValueError
        If one has no time, they differ in grid or variables, or the times
        are double or, unless allowed, with a step missing.
    """
    alike = [
        _like_first(cube, name, cubes[0], names[0])
        for cube, name in zip(cubes, names, strict=True)
    ]
    whole = xr.concat(
        alike,
        "time",
        data_vars="minimal",
        coords="minimal",
        compat="override",
        join="override",
        combine_attrs="drop_conflicts",
    )
    named = np.repeat(
        np.array(names, object), [c.sizes["time"] for c in alike]
    )
    order = np.argsort(whole["time"].values, kind="stable")
    _check_times(whole["time"].values[order], named[order], gaps)
    if (np.diff(order) != 1).any():
        whole = whole.isel(time=order)
    return whole.assign_attrs(
        file=f"{named[order[0]]} to {named[order[-1]]} ({len(names)} in all)"
    )


def _like_first(
    cube: xr.Dataset, name: str, first: xr.Dataset, first_name: str
) -> xr.Dataset:
    """Check that one more cube fits the first, and give it a time axis."""
    if "time" not in cube.coords:
        raise ValueError(
            f"{name} does not say its time, so that it has no place in a "
            "series; if it counts from the beginning of the run, give start="
        )
    for axis in COMPONENTS:
        here, there = cube[axis].values, first[axis].values
        if here.shape != there.shape or not np.allclose(
            here, there, rtol=0.0, atol=_SAME_PLACE
        ):
            raise ValueError(
                f"{name} and {first_name} differ in their grid along {axis} "
                f"({_span(here)}, {_span(there)}); give grid= to bring all "
                "onto one"
            )
    odd = set(cube.data_vars) ^ set(first.data_vars)
    if odd:
        raise ValueError(
            f"only one of {name} and {first_name} has "
            f"{', '.join(sorted(map(str, odd)))}; a series needs the same "
            "variables throughout"
        )
    if "time" in cube.dims:
        return cube
    return cube.drop_vars("time").expand_dims(time=[cube["time"].values])


def _span(axis: np.ndarray) -> str:
    return f"{axis.size} from {axis[0]:g} to {axis[-1]:g} R_E"


def _check_times(
    times: np.ndarray, named: np.ndarray[Any, Any], gaps: str
) -> None:
    """Refuse double times and missing steps; `times` are sorted."""
    steps = np.diff(times) / np.timedelta64(1, "s")
    if not steps.size:
        return
    if steps.min() <= 0.0:
        i = int(steps.argmin())
        raise ValueError(
            f"{named[i]} and {named[i + 1]} are of the same time, "
            f"{_second(times[i])}; leave one of them out"
        )
    usual = float(np.median(steps))
    if gaps == "refuse" and steps.max() > _LONGEST_STEP * usual:
        i = int(steps.argmax())
        raise ValueError(
            f"a step is missing between {named[i]} ({_second(times[i])}) and "
            f"{named[i + 1]} ({_second(times[i + 1])}): {steps[i]:g} s where "
            f"{usual:g} s are usual; add the file, or pass gaps='allow'"
        )


def _second(time: np.datetime64) -> str:
    return str(time.astype("datetime64[s]"))
