"""The one error of data that cannot be had."""

from __future__ import annotations

__all__ = ["DataUnavailable"]


class DataUnavailable(ValueError):
    """A source does not have what was asked for.

    Parameters
    ----------
    source : str
        Who was asked.
    reason : str
        One clause that says why not.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason
