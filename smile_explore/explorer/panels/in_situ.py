"""Panels of what LIA and MAG measure where SMILE is."""

from __future__ import annotations

from typing import Final

from smile_explore.explorer.panels.kinds import Picture, Text
from smile_explore.views import in_situ

__all__ = ["IN_SITU"]


def _moment(quantity: str) -> Picture:
    """Return the series of a moment; the first has the legend of all."""
    return Picture(
        lambda s: in_situ.moments(
            s.observations,
            s.time,
            quantity=quantity,
            estimate=s.estimate,
            first=quantity == "density",
        ),
        redrawn=frozenset({"observations", "estimate"}),
        taps="time",
    )


IN_SITU: Final[dict[str, Picture | Text]] = {
    "spectrogram": Picture(
        lambda s: in_situ.spectrogram(s.observations, s.time, s.box),
        layers={"box": lambda s: in_situ.band_layers(s.observations, s.box)},
        redrawn=frozenset({"observations"}),
        taps="time",
        boxes="height",
    ),
    "ion density": _moment("density"),
    "ion speed": _moment("speed"),
    "ion temperature": _moment("temperature"),
    "field": Picture(
        lambda s: in_situ.field(s.observations, s.time),
        redrawn=frozenset({"observations"}),
        taps="time",
    ),
    "distribution": Picture(
        lambda s: in_situ.distribution(
            s.observations,
            s.time,
            plane=s.plane,
            estimate=s.estimate,
            box=s.box,
        ),
        layers={
            "time": lambda s: in_situ.distribution_layers(
                s.observations, s.time, plane=s.plane, estimate=s.estimate
            ),
            "box": lambda s: in_situ.box_layers(s.observations, s.box),
        },
        redrawn=frozenset({"observations", "plane", "estimate"}),
        aspect=lambda _: 1.0,
        boxes="both",
    ),
    "hodogram": Picture(
        lambda s: in_situ.hodogram(s.observations, s.time),
        layers={
            "time": lambda s: in_situ.hodogram_layers(s.observations, s.time)
        },
        redrawn=frozenset({"observations"}),
        aspect=lambda _: 1.0,
    ),
    "crossings": Text(lambda s: in_situ.crossings(s.observations, s.time)),
    "moments": Text(
        lambda s: in_situ.readings(
            s.observations,
            s.time,
            plane=s.plane,
            estimate=s.estimate,
            box=s.box,
        )
    ),
}
