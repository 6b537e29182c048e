"""Checks that the doors for ultraviolet images share."""

from __future__ import annotations

import xarray as xr

__all__ = ["check_choice", "check_values"]


def check_values(data: xr.Dataset) -> None:
    """Refuse images of which none has a value."""
    if not bool(data["radiance"].notnull().any()):
        raise ValueError(
            "no image has a value, all are NaN: UVI was off or looked past "
            "Earth; choose other times"
        )


def check_choice(name: str, choice: str, known: tuple[str, ...]) -> None:
    """Refuse what is not among the known choices."""
    if choice not in known:
        raise ValueError(
            f"{name} must be one of {', '.join(known)}, got {choice!r}"
        )
