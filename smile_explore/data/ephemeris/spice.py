"""SPICE kernels (SPK, ``.bsp``), where spiceypy is installed."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np

from smile_explore.data.ephemeris.segments import Segment
from smile_explore.physics import clocks

__all__ = ["read", "sees"]


def sees(_path: Path, head: bytes) -> bool:
    """Whether a file is an SPK kernel."""
    return head.startswith((b"DAF/SPK", b"NAIF/DAF"))


def read(path: Path, time: np.ndarray | None) -> list[Segment]:
    """Read the one spacecraft of a kernel at the times asked for."""
    try:
        # by name, since it is no dependency
        spiceypy = importlib.import_module("spiceypy")
    except ImportError:
        raise ValueError(
            "it is a SPICE kernel, which needs spiceypy; install it with "
            "'pip install spiceypy', or convert the kernel to an OEM"
        ) from None
    if time is None:
        raise ValueError("a SPICE kernel has no times of its own; say times=")
    wanted = np.unique(time)
    start = np.datetime64("2000-01-01T12")
    tdb = (clocks.from_utc(wanted, clock="TDB") - start) / np.timedelta64(
        1, "s"
    )
    spiceypy.furnsh(str(path))
    try:
        craft = [one for one in spiceypy.spkobj(str(path)) if one < 0]
        if len(craft) != 1:
            raise ValueError(
                f"it must hold one spacecraft, got the bodies {craft}"
            )
        states, _ = spiceypy.spkezr(str(craft[0]), tdb, "J2000", "NONE", "399")
    except spiceypy.exceptions.SpiceyError as error:
        raise ValueError(f"SPICE says: {error.short}") from error
    finally:
        spiceypy.unload(str(path))
    table = np.array(states).reshape(-1, 6)
    told = {"object": str(craft[0])}
    return [Segment(wanted, table[:, :3], table[:, 3:], "J2000", told)]
