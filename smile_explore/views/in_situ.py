"""What LIA and MAG saw of an event, panel by panel, at the clock.

Where an instrument saw nothing its panel says so.
"""

from __future__ import annotations

from html import escape

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.events import in_situ
from smile_explore.observations import Observations
from smile_explore.views import hodogram as turns
from smile_explore.views import ion_readings, ions, magnetic_field
from smile_explore.views.box import Box
from smile_explore.views.style import Layers, at, clock, time_series

__all__ = [
    "REACH",
    "band_layers",
    "box_layers",
    "crossings",
    "distribution",
    "distribution_layers",
    "field",
    "hodogram",
    "hodogram_layers",
    "moments",
    "readings",
    "spectrogram",
]

#: Of a slice: the fast wind of a storm, and its protons around it. [km s-1]
REACH = 1000.0
#: Of the moments, in the table.
_SHOWN = [
    f"{name}{end}"
    for name in ("density", "velocity", "temperature")
    for end in ("", "_uncertainty", "_valid")
]
_NOTHING = "LIA saw nothing here"
#: Changes by powers of ten between regions.
_LOGARITHMIC = ("density", "temperature")
#: Colder than this is nothing but wrong: the corrected temperature of a beam.
_LIMITS = {"temperature": (1.0, None)}
#: Labels where there is little room.
_SHORT = {
    "density": "n [cm⁻³]",
    "speed": "V [km s⁻¹]",
    "temperature": "T [eV]",
}
#: Rows of a list of crossings.
_ROWS = 5
_SMALL = "font-size:11px;line-height:1.3"


def spectrogram(
    seen: Observations, time: np.datetime64, box: Box | None = None
) -> hv.Overlay:
    """Return the energy flux of ions against time and energy."""
    if seen.ion_spectrum.sizes.get("time", 0) < 2:
        return _nothing(time)
    return ions.spectrogram(seen.ion_spectrum, time, energy=_energy(box))


def band_layers(seen: Observations, box: Box | None) -> Layers:
    """Return what changes in `spectrogram` with the box."""
    if seen.ion_spectrum.sizes.get("time", 0) < 2:
        return {}
    return ions.band(seen.ion_spectrum, _energy(box))


def moments(
    seen: Observations,
    time: np.datetime64,
    *,
    quantity: str,
    estimate: str = "corrected",
    first: bool = True,
) -> hv.Overlay:
    """Return a moment of the protons, with what they were behind it.

    The first of several has title and legend for all.
    """
    if not seen.ion_moments:
        return _nothing(time)
    return ions.moments(
        seen.ion_moments.sel(species="H+"),
        time,
        quantity=quantity,
        estimate=estimate,
        truth=in_situ.truth(seen) if seen.plasma else None,
        logy=quantity in _LOGARITHMIC,
        legend=first,
        title=f"Moments of protons: {_origin(seen.ion_moments)}"
        if first
        else "",
        ylabel=_SHORT[quantity],
        ylim=_LIMITS.get(quantity, (None, None)),
    )


def field(seen: Observations, time: np.datetime64) -> hv.Overlay:
    """Return the magnetic field, with the boundaries crossed."""
    if not seen.magnetic_field:
        return _nothing(time, "MAG saw nothing here")
    return magnetic_field.series(
        seen.magnetic_field, time, crossings=seen.crossings or None
    )


def distribution(
    seen: Observations,
    time: np.datetime64,
    *,
    plane: str,
    estimate: str,
    box: Box | None = None,
) -> hv.Overlay:
    """Return a slice through the distribution at the clock."""
    if not seen.ions:
        return _nothing(time)
    return ions.distribution(
        seen.ions,
        time,
        velocity=_velocity(seen, estimate),
        magnetic_field=seen.magnetic_field.magnetic_field,
        plane=plane,
        reach=REACH,
        box=box,
    )


def distribution_layers(
    seen: Observations, time: np.datetime64, *, plane: str, estimate: str
) -> Layers:
    """Return what changes in `distribution` with time."""
    if not seen.ions:
        return {}
    return ions.layers(
        seen.ions,
        time,
        velocity=_velocity(seen, estimate),
        magnetic_field=seen.magnetic_field.magnetic_field,
        plane=plane,
        reach=REACH,
    )


def box_layers(seen: Observations, box: Box | None) -> Layers:
    """Return what changes in `distribution` with the box."""
    return ions.box(box) if seen.ions else {}


def hodogram(seen: Observations, time: np.datetime64) -> hv.Overlay:
    """Return the path of the field through the crossing at the clock."""
    if not seen.crossings:
        return _nothing(time, "no crossing was looked for")
    return turns.hodogram(
        seen.magnetic_field, seen.crossings, time, brief=True
    )


def hodogram_layers(seen: Observations, time: np.datetime64) -> Layers:
    """Return what changes in `hodogram` with time."""
    if not seen.crossings:
        return {}
    return turns.layers(seen.magnetic_field, seen.crossings, time, brief=True)


def crossings(seen: Observations, time: np.datetime64) -> str:
    """Return the crossings around the clock as a table, the nearest bold."""
    rows = seen.crossings
    if not rows or not rows.sizes["crossing"]:
        return f'<div style="{_SMALL}">No crossing was found.</div>'
    nearest = int(abs(rows.time.values - time).argmin())
    count = rows.sizes["crossing"]
    first = min(max(nearest - _ROWS // 2, 0), max(count - _ROWS, 0))
    lines = [
        f'<tr><td colspan="2"><b>{count} crossings</b>, nose by Shue</td>'
        "<td>[Rᴇ]</td></tr>"
    ]
    for n in range(first, min(first + _ROWS, count)):
        row = rows.isel(crossing=n)
        when = np.datetime_as_string(row.time.values, unit="m")[5:]
        words = f"{row.boundary.item()} {row.direction.item()}".strip()
        nose = row.standoff_shue.item()
        cells = (
            str(when).replace("T", " "),
            words,
            f"{nose:.1f}" if np.isfinite(nose) else "",
        )
        weight = "bold" if n == nearest else "normal"
        inside = "".join(
            f'<td style="padding-right:6px;white-space:nowrap">{cell}</td>'
            for cell in map(escape, cells)
        )
        lines.append(f'<tr style="font-weight:{weight}">{inside}</tr>')
    return f'<div style="{_SMALL}"><table>{"".join(lines)}</table></div>'


def readings(
    seen: Observations,
    time: np.datetime64,
    *,
    plane: str,
    estimate: str,
    box: Box | None = None,
) -> str:
    """Return the moments at the clock as a table, those of the box below."""
    if not seen.ion_moments:
        return f'<div style="{_SMALL}">{_NOTHING}.</div>'
    found = at(seen.ion_moments[_SHOWN], time).sel(species="H+")
    truth = in_situ.truth(seen, time) if seen.plasma else None
    parts = [
        f"<b>Moments of protons</b>, {escape(_mode(seen.ions))}",
        ion_readings.readings(found, truth=truth),
        _part(seen, time, plane, estimate, box),
    ]
    return f'<div style="{_SMALL}">{"".join(parts)}</div>'


def _part(
    seen: Observations,
    time: np.datetime64,
    plane: str,
    estimate: str,
    box: Box | None,
) -> str:
    if box is None or box.panel not in ("spectrogram", "distribution"):
        return (
            "Draw a box on the slice, or a band on the spectrogram, for the "
            "moments of that part."
        )
    try:
        if box.panel == "spectrogram":
            found = in_situ.partial(seen, time, energy=box.y)
        else:
            found = in_situ.partial(
                seen,
                time,
                plane=plane,
                right=box.x,
                up=box.y,
                estimate=estimate,
            )
    except ValueError as error:
        return escape(f"The box is empty: {error}.")
    table = ion_readings.readings(found, flags=False)
    return (
        '<span class="smile-partial"><b>In the box</b>, '
        f"{escape(box.words())}</span>{table}"
    )


def _mode(data: xr.Dataset) -> str:
    """Say how LIA was set, as far as it says."""
    told = data.attrs
    words = [_origin(data)]
    if "mode" in told:
        up, turn = (
            float((data[f"{n}_high"] - data[f"{n}_low"])[0])
            for n in ("elevation", "azimuth")
        )
        words.append(
            f"mode {told['mode']}: {up:g} x {turn:g}° in "
            f"{float(data.accumulation):g} s"
        )
    if "ion_share" in told:
        words.append(
            f"assumed: ions have {told['ion_share']:g} of the temperature"
        )
    return "; ".join(words)


def _origin(data: xr.Dataset) -> str:
    return "measured" if data.attrs.get("measured") else "simulated"


def _energy(box: Box | None) -> tuple[float, float] | None:
    return box.y if box and box.panel == "spectrogram" else None


def _velocity(seen: Observations, estimate: str) -> xr.DataArray:
    return seen.ion_moments.velocity.sel(species="H+", estimate=estimate)


def _nothing(time: np.datetime64, words: str = _NOTHING) -> hv.Overlay:
    line = hv.Curve([(time, 0.0), (time, 1.0)], "time", "nothing")
    blank = line.opts(alpha=0.0)
    return time_series([blank, clock(time)], title=words)
