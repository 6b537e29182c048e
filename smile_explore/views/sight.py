"""A pixel that was picked: where its light comes from, and its spectrum.

Here a view is ``view(sight)``: what it shows is of one time already. Without
a sight it is the empty panel that says what to do. Lines and counts are those
of all pixels in a box, where one was drawn (AREA).
"""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import SIGHT
from smile_explore.views.style import (
    METHOD,
    Layers,
    dimension,
    graph,
    note,
    pretty,
)

__all__ = [
    "along",
    "along_layers",
    "lines",
    "lines_layers",
    "spectrum",
    "spectrum_layers",
]

_ASK = "Tap a pixel of the SXI image"
_ASK_BOX = f"{_ASK}, or draw a box"
#: Elements of the solar wind, told apart with any colour vision.
_ELEMENT = {"C": "#0072B2", "N": "#E69F00", "O": "#D55E00", "Ne": "#009E73"}
_PART = {"magnetosheath": "#D55E00", "background": "#7F7F7F"}
_CROSSING = {
    "magnetopause": METHOD["Lin 2010"],
    "bow shock": "#333333",
}
#: Short words, so that they stand beside the legend.
_REGION = {
    "magnetosheath": "sheath",
    "magnetosphere": "inside",
    "solar wind": "wind",
}
#: Where SXI counts, as far as there are lines. [keV]
_BAND = (0.2, 1.4)


def along(sight: xr.Dataset | None) -> hv.Overlay:
    """Return the emissivity along the line of sight.

    Parameters
    ----------
    sight : xarray.Dataset (SIGHT) or None
    """
    now = along_layers(sight)
    axes = [
        dimension(SIGHT, "distance", "from SMILE"),
        dimension(SIGHT, "emissivity", "emissivity"),
    ]
    light = hv.Curve(now["light"], *axes, label="light").opts(
        color="#333333", line_width=1.8, show_legend=False
    )
    crossings = [
        hv.Curve(now[name], *axes, label=name).opts(
            color=colour, line_width=2.0, line_dash="dashed"
        )
        for name, colour in _CROSSING.items()
    ]
    return graph(
        [light, *crossings, note(axes, now["note"], "note")],
        title=f"Where the light comes from [{pretty('eV cm-3 s-1')}]",
        xlim=now["ranges"]["x"],
        ylim=now["ranges"]["y"],
        legend="top_right",
        ylabel="emissivity",
        yformatter="%.1e",
    )


def along_layers(sight: xr.Dataset | None) -> Layers:
    """Return the columns of `along`."""
    if sight is None:
        distance, emissivity = np.array([0.0]), np.array([np.nan])
        span, top, text = (0.0, 40.0), 1e-4, _ASK
    else:
        distance = sight.distance.values
        emissivity = sight.emissivity.values
        span = (0.0, float(distance[-1]))
        top = 1.7 * max(float(np.nanmax(emissivity)), 1e-9)
        text = _shares(sight)
    columns: dict[str, Any] = {
        "light": {"distance": distance, "emissivity": emissivity},
        "ranges": {"x": span, "y": (0.0, top)},
        "note": {
            "distance": [span[0] + 0.01 * (span[1] - span[0])],
            "emissivity": [0.985 * top],
            "text": [text],
        },
    }
    for name in _CROSSING:
        where = np.array([np.nan])
        if sight is not None:
            found = sight.crossing.values[sight.boundary.values == name]
            where = found if found.size else where  # a legend needs a line
        columns[name] = _stems(
            distance=where, emissivity=np.full(where.size, 0.6 * top)
        )
    return columns


def lines(sight: xr.Dataset | None) -> hv.Overlay:
    """Return the lines that reach the pixel, by element.

    Parameters
    ----------
    sight : xarray.Dataset (SIGHT or AREA) or None
    """
    now = lines_layers(sight)
    axes = [
        dimension(SIGHT, "photon_energy", "photon energy"),
        dimension(SIGHT, "photons", "photons"),
    ]
    stems = [
        hv.Curve(now[name], *axes, label=name).opts(
            color=colour, line_width=2.4
        )
        for name, colour in _ELEMENT.items()
    ]
    return graph(
        [*stems, note(axes, now["note"], "note")],
        title=f"Lines that arrive [{pretty('cm-2 s-1 sr-1')}]",
        xlim=_BAND,
        ylim=now["ranges"]["y"],
        legend="top_right",
        ylabel="photons",
    )


def lines_layers(sight: xr.Dataset | None) -> Layers:
    """Return the columns of `lines`."""
    top = 1.0
    columns: dict[str, Any] = {}
    for element in _ELEMENT:
        energy = height = np.array([np.nan])
        if sight is not None and "photons" in sight:
            own = [
                ion.rstrip("+0123456789") == element
                for ion in sight.ion.values
            ]
            energy = sight.photon_energy.values[own]
            height = sight.photons.values[own]
            top = max(top, 1.25 * float(height.max(initial=0.0)))
        columns[element] = _stems(photon_energy=energy, photons=height)
    text = _ASK_BOX
    if sight is not None:
        text = "SXI is off"
        if "photons" in sight:
            text = f"{sight.composition.item()} solar wind, as assumed"
        if "pixels" in sight:
            text = f"mean of {sight.pixels.item()} pixels, {text}"
    return columns | _headed(text, top, "photon_energy", "photons")


def spectrum(sight: xr.Dataset | None) -> hv.Overlay:
    """Return the counts expected in the channels of the pixel.

    Parameters
    ----------
    sight : xarray.Dataset (SIGHT or AREA) or None
    """
    now = spectrum_layers(sight)
    axes = [
        dimension(SIGHT, "channel_energy", "energy measured"),
        dimension(SIGHT, "channel_counts", "counts"),
    ]
    parts = [
        hv.Curve(now[name], *axes, label=name).opts(
            color=colour, line_width=1.8
        )
        for name, colour in _PART.items()
    ]
    return graph(
        [*parts, note(axes, now["note"], "note")],
        title="Counts expected, in 10 eV each",
        xlim=_BAND,
        ylim=now["ranges"]["y"],
        legend="top_right",
        ylabel="counts",
    )


def spectrum_layers(sight: xr.Dataset | None) -> Layers:
    """Return the columns of `spectrum`."""
    top, text = 1.0, _ASK_BOX if sight is None else "SXI is off"
    columns: dict[str, Any] = {}
    for name in _PART:
        energy = counts = np.array([np.nan])
        if sight is not None and "channel_counts" in sight:
            energy = sight.channel_energy.values
            counts = sight.channel_counts.sel(part=name).values
        columns[name] = {"channel_energy": energy, "channel_counts": counts}
    if sight is not None and "channel_counts" in sight:
        whole = sight.channel_counts
        text = "This lies between the two CCDs"
        if np.isfinite(whole).any():
            top = 1.35 * float(np.nanmax(whole))
            source, behind = (
                float(whole.sel(part=name).sum()) for name in _PART
            )
            digits = 1 if source < 1000.0 else 0
            text = (
                f"{source:.{digits}f} + {behind:.{digits}f} counts"
                f"{_of(sight)} in {sight.exposure.item():.0f} s, full response"
            )
    return columns | _headed(text, top, "channel_energy", "channel_counts")


def _of(sight: xr.Dataset) -> str:
    # below, for beside it stands the legend
    return f"\nof {sight.pixels.item()} pixels" if "pixels" in sight else ""


def _headed(text: str, top: float, across: str, up: str) -> dict[str, Any]:
    return {
        "ranges": {"x": _BAND, "y": (0.0, top)},
        "note": {
            across: [_BAND[0] + 0.01 * (_BAND[1] - _BAND[0])],
            up: [0.985 * top],
            "text": [text],
        },
    }


def _stems(**columns: np.ndarray) -> dict[str, np.ndarray]:
    """Return a line that goes up and down at each place, with gaps between."""
    (across, place), (up, height) = columns.items()
    gap = np.full(place.size, np.nan)
    return {
        across: np.stack([place, place, gap], axis=1).ravel(),
        up: np.stack([np.zeros(place.size), height, gap], axis=1).ravel(),
    }


def _shares(sight: xr.Dataset) -> str:
    """Say how much of the light comes from where."""
    share = dict(zip(sight.region.values, sight.share.values, strict=True))
    *_, near = share
    listed = ", ".join(
        f"{100.0 * share[name]:.0f} % {word}"
        for name, word in _REGION.items()
        if share[name] >= 0.005
    )
    return f"{listed}\n{100.0 * share[near]:.0f} % {near}".replace("R_E", "Rᴇ")
