"""The Sun: what is known of where a storm left it, images and X-rays of it.

What is known stands in the catalogue of events, and needs no network. Images
and X-rays are read from files, or fetched when they are asked for: in a
process of their own, with a deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from smile_explore.data._aside import Unavailable
from smile_explore.data._sun_files import open_image, open_xrays
from smile_explore.data._sun_network import (
    INSTRUMENTS,
    fetch_image,
    fetch_xrays,
)
from smile_explore.observations import Event, Known

__all__ = [
    "INSTRUMENTS",
    "QUANTITIES",
    "STATUS",
    "Eruption",
    "Unavailable",
    "check",
    "eruptions",
    "fetch_image",
    "fetch_xrays",
    "open_image",
    "open_xrays",
]

#: What may be known of an eruption, with its unit: "text", "UTC", or that of
#: a number. Angles are Stonyhurst's, north and west positive.
QUANTITIES: Final = {
    "region": "text",
    "flare class": "text",
    "flare start": "UTC",
    "flare peak": "UTC",
    "latitude": "deg",
    "longitude": "deg",
    "ejection speed": "km s-1",
    "ejection latitude": "deg",
    "ejection longitude": "deg",
    "half angle": "deg",
    "shock at L1": "UTC",
    "shock at Earth": "UTC",
}
#: From the most to the least sure.
STATUS: Final = ("verified", "second hand", "not verified")
#: What a number must lie between.
_LIMITS: Final = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "ejection speed": (50.0, 5000.0),
    "ejection latitude": (-90.0, 90.0),
    "ejection longitude": (-180.0, 180.0),
    "half angle": (1.0, 89.0),
}


@dataclass(frozen=True)
class Eruption:
    """What is known of one eruption.

    Parameters
    ----------
    name : str
    known : mapping of str to tuple of Known
        By quantity, the one that is drawn first.
    """

    name: str
    known: Mapping[str, tuple[Known, ...]]

    def first(self, quantity: str) -> Known | None:
        """Return what is drawn of a quantity, None if nothing is known."""
        return next(iter(self.known.get(quantity, ())), None)

    def value(self, quantity: str) -> Any:
        """Return the value of what is drawn; a time as datetime64."""
        one = self.first(quantity)
        if one is None:
            return None
        if QUANTITIES[quantity] == "UTC":
            return np.datetime64(str(one.value), "ns")
        return one.value

    @property
    def flare(self) -> np.datetime64 | None:
        """When the flare was: its peak, else its start. [UTC]."""
        peak = self.value("flare peak")
        return self.value("flare start") if peak is None else peak

    def numbers(self, *quantities: str) -> tuple[float, ...] | None:
        """Return several values, None if one of them is not known."""
        found = [self.value(name) for name in quantities]
        if any(one is None for one in found):
            return None
        return tuple(float(one) for one in found)

    def status(self, *quantities: str) -> str:
        """Return how sure the least sure is of what is drawn of these."""
        known = [self.first(name) for name in quantities]
        found = {one.status for one in known if one is not None}
        return next((one for one in reversed(STATUS) if one in found), "")


def eruptions(event: Event) -> tuple[Eruption, ...]:
    """Return what is known of the eruptions behind an event.

    Parameters
    ----------
    event : Event

    Returns
    -------
    eruptions : tuple of Eruption
        The one that drove the storm first; empty if none is in the catalogue.
    """
    sorted_: dict[str, dict[str, tuple[Known, ...]]] = {}
    for one in event.sun:
        known = sorted_.setdefault(one.eruption, {})
        known[one.quantity] = (*known.get(one.quantity, ()), one)
    return tuple(Eruption(name, known) for name, known in sorted_.items())


def check(known: Known) -> None:
    """Refuse what cannot be known of an eruption, and say why.

    Raises
    ------
    ValueError
        If quantity or status is not among those that there are, the value is
        of the wrong kind or out of its range, or the source is empty.
    """
    for name, choices in (("quantity", QUANTITIES), ("status", STATUS)):
        if (got := getattr(known, name)) not in choices:
            raise ValueError(
                f"{name} must be one of {', '.join(choices)}, got {got!r}"
            )
    for name in ("eruption", "source"):
        got = getattr(known, name)
        if not isinstance(got, str) or not got.strip():
            raise ValueError(f"{name} must be text, got {got!r}")
    _check_value(known.quantity, known.value)


def _check_value(quantity: str, value: object) -> None:
    kind = QUANTITIES[quantity]
    if kind == "text":
        if not isinstance(value, str) or not value:
            raise ValueError(f"{quantity} must be text, got {value!r}")
        return
    if kind == "UTC":
        try:
            known = not np.isnat(np.datetime64(str(value), "ns"))
        except ValueError:
            known = False
        if not known:
            raise ValueError(
                f"{quantity} must be a time such as 2012-06-14T14:35:00, got "
                f"{value!r}"
            )
        return
    low, high = _LIMITS[quantity]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]
        raise ValueError(
            f"{quantity} must be a number from {low:g} to {high:g} {kind}, "
            f"got {value!r}"
        )
