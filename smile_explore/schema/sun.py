"""Images of the Sun and its X-rays."""

from __future__ import annotations

from smile_explore.schema.core import Schema, Variable

__all__ = ["SUN_IMAGE", "XRAY_FLUX"]

SUN_IMAGE = Schema(
    "SUN_IMAGE",
    variables={
        # in units of the file, which attrs["file_units"] names
        "intensity": Variable(("y", "x"), "1", "intensity"),
    },
    axes={
        "x": Variable(("x",), "arcsec", "west of the disc's middle"),
        "y": Variable(("y",), "arcsec", "north of the disc's middle"),
    },
)
"""One image in helioprojective axes, solar north up."""

XRAY_FLUX = Schema(
    "XRAY_FLUX",
    variables={
        "short": Variable(("time",), "W m-2", "X-rays, 0.05-0.4 nm"),
        "long": Variable(("time",), "W m-2", "X-rays, 0.1-0.8 nm"),
    },
)
"""Flux of the whole Sun as GOES measures it, along `time`."""
