"""Field, ions and place of other spacecraft, through the ladder of sources.

Files by hand are opened by `data.in_situ_missions`.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.data.sources import ladder
from smile_explore.data.sources.process import Progress
from smile_explore.data.sources.products import MISSIONS, PRODUCTS
from smile_explore.data.sources.unavailable import DataUnavailable

__all__ = ["MISSIONS", "load"]

_WHAT = ("field", "moments", "position")


def load(
    mission: str,
    start: str | np.datetime64,
    stop: str | np.datetime64,
    *,
    what: str = "field",
    download: bool = True,
    refresh: bool = False,
    progress: Progress | None = None,
    deadline: float = ladder.DEADLINE,
) -> xr.Dataset:
    """Load what a spacecraft measured, or where it was.

    Parameters
    ----------
    mission : str
        One of `MISSIONS`, such as ``"THEMIS A"``, ``"Cluster 1"``,
        ``"Wind"``, ``"GOES 15"``.
    start, stop : str or numpy.datetime64
        First and last time wanted. [UTC]
    what : str
        ``"field"``, ``"moments"`` of ions or ``"position"``.
    download : bool
        Whether the network may be asked for days that are not on this
        computer.
    refresh : bool
        Whether they are fetched again where they are.
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.
    deadline : float
        When a fetch is given up. [s]

    Returns
    -------
    data : xarray.Dataset (MAGNETIC_FIELD, MOMENTS or TRAJECTORY)
        In GSM, measured, with ``source``, ``url``, ``file``, ``sha256`` and
        ``retrieved``. A trajectory says in ``velocity_from`` whether its
        velocity came with it.

    Raises
    ------
    ValueError
        If the mission or `what` is not known, or `start` is not before
        `stop`.
    DataUnavailable
        A ValueError that says who was asked and why there is nothing.
    """
    first, last = ladder.interval(start, stop)
    if mission not in MISSIONS:
        raise ValueError(
            f"mission must be one of {', '.join(MISSIONS)}, got {mission!r}"
        )
    if what not in _WHAT:
        raise ValueError(
            f"what must be one of {', '.join(_WHAT)}, got {what!r}"
        )
    name = f"{mission} {what}"
    if name not in PRODUCTS:
        raise DataUnavailable(name, "this spacecraft has no such product here")
    (data,) = ladder.require(
        [name],
        first,
        last,
        download=download,
        refresh=refresh,
        progress=progress,
        deadline=deadline,
    )
    return data
