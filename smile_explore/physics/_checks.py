"""Checks that several doors share."""

from __future__ import annotations

__all__ = ["check_positive"]


def check_positive(**settings: float) -> None:
    """Refuse a setting that is not above zero, by its name."""
    for name, value in settings.items():
        if not value > 0:
            raise ValueError(f"{name} must be positive, got {value}")
