"""What the ion analyser saw: spectrogram, moments, and a slice at the clock.

The views take the datasets themselves, so that other modes, or a box of the
distribution, can be shown beside what was observed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.physics import velocity_slice
from smile_explore.schema import MOMENTS, SPECTRUM, VDF
from smile_explore.views.box import Box, outline
from smile_explore.views.style import (
    PICKED,
    Layers,
    at,
    check_choice,
    clock,
    colour_bar,
    dimension,
    note,
    picture,
    pretty,
    time_series,
)

__all__ = [
    "QUANTITIES",
    "band",
    "box",
    "distribution",
    "layers",
    "moments",
    "spectrogram",
]

_ESTIMATE = {"plain": "#56B4E9", "corrected": "#0072B2", "fit": "#D55E00"}
_DOUBTFUL = "#BBBBBB"
_TRUTH = "#000000"
#: Decades of the colours below the brightest.
_DECADES = {"spectrogram": 4.0, "slice": 6.0}
#: Velocities on a side of a slice.
_SIDE = 101
#: Columns of a spectrogram.
_ACROSS = 960
#: Labels of a logarithmic axis.
_POWERS = [0.01, 0.1, 1, 10, 100, 1000, 10_000]

#: From, to.
Range = tuple[float, float]


def spectrogram(
    data: xr.Dataset, time: np.datetime64, *, energy: Range | None = None
) -> hv.Overlay:
    """Return the energy flux against time and energy, with the clock.

    Parameters
    ----------
    data : xarray.Dataset (SPECTRUM)
        Along `time`, from `distributions.spectrum`.
    time : numpy.datetime64
        Where the clock stands.
    energy : (float, float), optional
        A band of energies to frame. [eV]

    Raises
    ------
    ValueError
        If `data` has fewer than two times.
    """
    SPECTRUM.check(data)
    if data.sizes.get("time", 0) < 2:
        raise ValueError(
            "a spectrogram needs two times or more, got "
            f"{data.sizes.get('time', 0)}"
        )
    flux = data["energy_flux"].transpose("energy", "time").values
    limits = _limits(flux, _DECADES["spectrogram"])
    first, last, column = _columns(data["time"].values)
    low, high = data["energy_low"].values[0], data["energy_high"].values[-1]
    variable = SPECTRUM.variables["energy_flux"]
    unit = pretty(variable.units)
    # A picture, not cells: seventeen thousand of these take long to draw.
    # Its rows are even on a logarithmic axis, as the steps of energy are.
    mesh = hv.Image(
        flux[::-1, column].astype(np.float32),
        ["time", dimension(SPECTRUM, "energy")],
        dimension(SPECTRUM, "energy_flux").clone(range=limits),
        bounds=(first, low, last, high),
        label="energy flux",
    ).opts(
        cmap="inferno",
        cnorm="log",
        clim=limits,
        clipping_colors={"NaN": "#BBBBBB"},
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[
            ("energy", "$y{0} eV"),
            ("flux", f"@image{{0.0e}} {unit}"),
        ],
    )
    frame = hv.Curve(
        band(data, energy)["box"],
        "time",
        dimension(SPECTRUM, "energy"),
        label="box",
    ).opts(color=PICKED, line_width=1.5)
    return time_series(
        [mesh, frame, clock(time)],
        title=f"Ion energy flux [{unit}]: {_origin(data)}",
        logy=True,
    ).opts(padding=0, show_grid=False, yticks=[10, 100, 1000, 10_000])


def band(data: xr.Dataset, energy: Range | None) -> Layers:
    """Return the columns that frame a band of energies, or none."""
    first, last = data["time"].values[[0, -1]]
    low, high = energy or (np.nan, np.nan)
    return {
        "box": {
            "time": np.array([first, last, last, first, first]),
            "energy": np.array([low, low, high, high, low]),
        }
    }


def moments(
    data: xr.Dataset,
    time: np.datetime64,
    *,
    quantity: str = "density",
    estimate: str = "corrected",
    truth: xr.Dataset | None = None,
    logy: bool = False,
    legend: bool = True,
    **opts: Any,
) -> hv.Overlay:
    """Return a moment against time, coloured by whether it can be trusted.

    Parameters
    ----------
    data : xarray.Dataset (MOMENTS)
        Of one species, along `time` and `estimate`.
    time : numpy.datetime64
        Where the clock stands.
    quantity : str
        One of `QUANTITIES`.
    estimate : str
        One that `data` has.
    truth : xarray.Dataset, optional
        With `density`, `velocity` and `temperature` of the plasma that was
        measured: a thin line behind.
    logy : bool
        Against a logarithmic axis, on which nothing is at zero or below.
    legend : bool
    **opts
        Options of the overlay, such as ``title``.

    Raises
    ------
    ValueError
        If there is no such quantity or estimate, or several species.
    """
    check_choice("quantity", quantity, QUANTITIES)
    check_choice("estimate", estimate, map(str, data["estimate"].values))
    if "species" in data.dims:
        raise ValueError(
            "moments are shown of one species; select it with "
            '.sel(species="H+")'
        )
    name, take = QUANTITIES[quantity]
    found = data.sel(estimate=estimate)
    axis = dimension(MOMENTS, name, quantity)
    times, values = found["time"].values, take(found[name]).values
    if logy:
        values = np.where(values > 0.0, values, np.nan)
    valid = found[f"{name}_valid"].values.astype(bool)
    parts: list[hv.Element] = []
    if truth is not None:
        columns = (truth["time"].values, take(truth[name]).values)
        parts.append(
            hv.Curve(columns, "time", axis, label="truth").opts(
                color=_TRUTH, line_width=1.0
            )
        )
    bars = take(found[f"{name}_uncertainty"]).values
    if name == "velocity" and quantity == "speed":
        bars = _along_flow(found)
    # on a logarithmic axis a bar may not reach zero
    feet = np.maximum(values - bars, 0.2 * values) if logy else values - bars
    parts.append(
        hv.Segments(
            (times, feet, times, values + bars),
            ["time", axis, "until", "above"],
            label="uncertainty",
        ).opts(color=_ESTIMATE[estimate], line_width=1.0, alpha=0.6)
    )
    for label, which, colour in (
        ("doubtful", ~valid, _DOUBTFUL),
        (estimate, valid, _ESTIMATE[estimate]),
    ):
        parts.append(
            hv.Points(
                (times[which], values[which]), ["time", axis], label=label
            ).opts(
                color=colour,
                size=3,
                tools=["hover"],
                hover_tooltips=[
                    ("UTC", "@time{%F %H:%M:%S}"),
                    (label, f"@{name}{{0.00}} {_unit(name)}"),
                ],
            )
        )
    drawn = time_series(
        [*parts, clock(time)],
        title=f"Ion {quantity}: {_origin(data)}",
        legend="top" if legend else "",
        legend_cols=4,
        logy=logy,
    )
    return drawn.opts(yticks=_POWERS, **opts) if logy else drawn.opts(**opts)


def _itself(values: xr.DataArray) -> xr.DataArray:
    return values


def _length(values: xr.DataArray) -> xr.DataArray:
    return xr.DataArray(np.sqrt((values**2).sum("component", skipna=False)))


def _component(name: str) -> Callable[[xr.DataArray], xr.DataArray]:
    return lambda values: values.sel(component=name)


#: Variable of MOMENTS that is shown, and what of it.
QUANTITIES: dict[str, tuple[str, Callable[[xr.DataArray], xr.DataArray]]] = {
    "density": ("density", _itself),
    "speed": ("velocity", _length),
    "Vx GSM": ("velocity", _component("x")),
    "Vy GSM": ("velocity", _component("y")),
    "Vz GSM": ("velocity", _component("z")),
    "temperature": ("temperature", _itself),
}


def distribution(
    data: xr.Dataset,
    time: np.datetime64,
    *,
    velocity: xr.DataArray,
    magnetic_field: xr.DataArray,
    plane: str = "B and V",
    reach: float = 800.0,
    box: Box | None = None,
) -> hv.Overlay:
    """Return a slice through the distribution at the clock.

    The plane passes through the mean velocity, which is marked.

    Parameters
    ----------
    data : xarray.Dataset (VDF)
        Along `time`; of a lazy one only the time shown is computed.
    time : numpy.datetime64
        The nearest distribution is shown.
    velocity, magnetic_field : xarray.DataArray
        By `time` and `component`, GSM. [km s-1, nT]
    plane : str
        One of `velocity_slice.PLANES`.
    reach : float
        Largest velocity on either axis. [km s-1]
    box : Box, optional
        To be framed, if it was drawn here.

    Raises
    ------
    ValueError
        If there is no such plane, or `time` is outside the data.
    """
    check_choice("plane", plane, velocity_slice.PLANES)
    options: dict[str, Any] = {
        "velocity": velocity,
        "magnetic_field": magnetic_field,
        "plane": plane,
        "reach": reach,
    }
    now = layers(data, time, **options)
    right, up = velocity_slice.PLANES[plane]
    axes = [
        dimension(MOMENTS, "velocity", _axis(right), key="right"),
        dimension(MOMENTS, "velocity", _axis(up), key="up"),
    ]
    limits = (now["colours"]["low"], now["colours"]["high"])
    unit = pretty(VDF.variables["vdf"].units)
    bounds = (-reach, -reach, reach, reach)
    image = hv.Image(
        now["distribution"]["image"][0][::-1],
        axes,
        dimension(VDF, "vdf").clone(range=limits),
        bounds=bounds,
        label="distribution",
    ).opts(
        cmap="viridis",
        cnorm="log",
        clim=limits,
        clipping_colors={"NaN": "#FFFFFF"},
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[
            (f"{right}, {up}", "$x{0}, $y{0} km/s"),
            ("f", f"@image{{0.0e}} {unit}"),
        ],
    )
    flow = hv.Points(now["mean velocity"], axes, label="mean velocity").opts(
        color="white", line_color="black", marker="circle", size=9
    )
    frame = hv.Curve(_framed(box), *axes, label="box").opts(
        color=PICKED, line_width=1.5
    )
    return picture(
        [image, flow, frame, note(axes, now["note"], "note")],
        title=f"Ion phase space density [{unit}]",
        xlim=(-reach, reach),
        ylim=(-reach, reach),
    ).opts(aspect="equal")


def box(drawn: Box | None) -> Layers:
    """Return the columns of `distribution` that change with the box."""
    return {"box": _framed(drawn)}


def _framed(drawn: Box | None) -> dict[str, np.ndarray]:
    return outline(drawn, "distribution", ("right", "up"))


def layers(
    data: xr.Dataset,
    time: np.datetime64,
    *,
    velocity: xr.DataArray,
    magnetic_field: xr.DataArray,
    plane: str = "B and V",
    reach: float = 800.0,
) -> Layers:
    """Return the columns of `distribution` that change with time."""
    now = at(data, time).compute()
    flow, field = (
        at(one.to_dataset(name="vector"), time)["vector"].values
        for one in (velocity, magnetic_field)
    )
    axes = velocity_slice.axes(plane, velocity=flow, magnetic_field=field)
    half = reach / _SIDE
    side = np.linspace(-reach + half, reach - half, _SIDE)
    right, up, out = axes @ flow
    density = velocity_slice.cut(
        now, axes, right=side, up=side, out=out if np.isfinite(out) else 0.0
    )
    low, high = _limits(density, _DECADES["slice"])
    return {
        "distribution": {"image": [density.astype(np.float32)]},
        "colours": {"low": low, "high": high},
        "mean velocity": {"right": [right], "up": [up]},
        "note": {
            "right": [-0.98 * reach],
            "up": [0.98 * reach],
            "text": [_remark(now, density, axes)],
        },
    }


def _remark(now: xr.Dataset, density: np.ndarray, axes: np.ndarray) -> str:
    if np.isnan(axes).any():
        return "no magnetic field: choose a plane of GSM"
    if np.isnan(density).all():
        return "nothing was seen in this plane"
    when = str(np.datetime_as_string(now["time"].values, unit="s"))
    return f"{when.replace('T', ' ')}, {_origin(now)}"


def _origin(data: xr.Dataset) -> str:
    return "measured" if data.attrs.get("measured") else "simulated"


def _axis(name: str) -> str:
    return f"V{name} GSM" if name in ("x", "y", "z") else name


def _unit(name: str) -> str:
    return pretty(MOMENTS.variables[name].units)


def _along_flow(found: xr.Dataset) -> np.ndarray:
    """Uncertainty of the speed, as if its components were independent."""
    unit = found["velocity"] / _length(found["velocity"])
    return _length(unit * found["velocity_uncertainty"]).values


def _columns(
    times: np.ndarray,
) -> tuple[np.datetime64, np.datetime64, np.ndarray]:
    """Return the ends of a picture, and the sample in each of its columns.

    The ends lie as far beyond the first and last sample as half the way to
    the next; a column shows the nearest sample.
    """
    stamps = times.astype("datetime64[ns]").astype(np.int64)
    middles = stamps[:-1] + np.diff(stamps) // 2
    first, last = 2 * stamps[0] - middles[0], 2 * stamps[-1] - middles[-1]
    share = (np.arange(_ACROSS) + 0.5) / _ACROSS
    column = np.searchsorted(middles, first + share * (last - first))
    ends = np.array([first, last]).astype("datetime64[ns]")
    return ends[0], ends[1], column


def _limits(values: np.ndarray, decades: float) -> tuple[float, float]:
    """Return limits of logarithmic colours, so many decades deep."""
    seen = values[np.isfinite(values) & (values > 0.0)]
    if not seen.size:
        return 1.0, 10.0**decades
    high = float(seen.max())
    return high / 10.0**decades, high
