"""What the lesson on charge exchange shows: factors, and light."""

from __future__ import annotations

from functools import partial

import holoviews as hv
import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.physics import charge_exchange, magnetosphere
from smile_explore.physics.charge_exchange import EFFICIENCY
from smile_explore.physics.exosphere import DENSITY_AT_10, cravens_hydrogen
from smile_explore.schema import CUBE, PROFILE
from smile_explore.views.style import graph

__all__ = ["along_ray", "factors", "glow_of", "lines", "nose"]

_COLOURS = {
    "hydrogen": "#0072B2",
    "protons": "#E69F00",
    "mean speed": "#009E73",
    "emissivity": "#D55E00",
    "emissivity, all plasma glowing": "#CC79A7",
}
_UNITS = {"hydrogen": "cm⁻³", "protons": "cm⁻³", "mean speed": "km/s"}
#: Of the Sun-Earth line. [R_E]
_SHOWN = (5.0, 16.0)
#: Zero has no place on a logarithmic axis.
_FAINT = 1e-4
_SIZE = {"frame_width": 560, "frame_height": 280}


def nose(cube: xr.Dataset) -> pd.DataFrame:
    """Return what makes light along the Sun-Earth line, by x [R_E].

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        At one time, with nodes on the line or beside it.

    Returns
    -------
    table : pandas.DataFrame
        ``hydrogen`` and ``protons`` [cm-3], ``flow``, ``thermal`` and
        ``mean speed`` [km s-1].
    """
    CUBE.check(cube)
    line = cube.interp(y=0.0, z=0.0)
    line = line.sel(x=line["x"] >= 1.0)
    flow = (line["velocity"] ** 2).sum("component") ** 0.5
    square = 3.0 * ELEMENTARY_CHARGE / PROTON_MASS * line["temperature"] / 1e6
    return pd.DataFrame(
        {
            "hydrogen": cravens_hydrogen(line["x"]).values,
            "protons": line["density"].values,
            "flow": flow.values,
            "thermal": (square**0.5).values,
            "mean speed": ((flow**2 + square) ** 0.5).values,
        },
        index=pd.Index(line["x"].values, name="x"),
    )


def glow_of(
    solar_wind: xr.Dataset,
    axes: tuple[np.ndarray, np.ndarray, np.ndarray],
    density: float,
    *,
    hydrogen: float = DENSITY_AT_10["cravens_2001"],
    efficiency: float = EFFICIENCY["emissivity_cubes"],
) -> xr.DataArray:
    """Return the emissivity that a wind of another density would have.

    Parameters
    ----------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        At one time; its pressure goes with the density.
    axes : tuple of array
        Of the cube. [R_E]
    density : float
        [cm-3]
    hydrogen : float
        10 R_E from Earth. [cm-3]
    efficiency : float
        As in `charge_exchange.emissivity`. [eV cm2]

    Returns
    -------
    emissivity : xarray.DataArray
        Of the analytic model. [eV cm-3 s-1]
    """
    pressure = solar_wind["dynamic_pressure"] / solar_wind["density"]
    wind = solar_wind.assign(
        density=xr.full_like(solar_wind["density"], density),
        dynamic_pressure=pressure * density,
    )
    return charge_exchange.emissivity(
        magnetosphere.analytic_cube(wind, *axes),
        efficiency=efficiency,
        hydrogen=partial(cravens_hydrogen, density_at_10=hydrogen),
    )


def factors(
    cube: xr.Dataset, glow: xr.DataArray, unmasked: xr.DataArray
) -> hv.Overlay:
    """Return the factors of the emissivity along the Sun-Earth line.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        At one time.
    glow, unmasked : xarray.DataArray
        Its emissivity, and what it would be if all plasma were solar wind.
    """
    table = nose(cube).loc[_SHOWN[0] : _SHOWN[1]]
    along = {
        name: table[name].to_numpy()
        for name in ("hydrogen", "protons", "mean speed")
    }
    units = {name: f"{_UNITS[name]}" for name in along}
    for name, light in (
        ("emissivity", glow),
        ("emissivity, all plasma glowing", unmasked),
    ):
        along[name] = light.interp(y=0.0, z=0.0).sel(x=table.index).values
        units[name] = "eV cm⁻³ s⁻¹"
    most = {name: float(values.max()) for name, values in along.items()}
    most["emissivity, all plasma glowing"] = most["emissivity"]
    across = hv.Dimension(("x", "x [Rᴇ]"))
    up = hv.Dimension(("share", "share of the largest"))
    curves = [
        hv.Curve(
            (table.index, np.maximum(values / most[name], _FAINT)),
            across,
            up,
            label=f"{name}, 1 is {_number(most[name])} {units[name]}",
        ).opts(
            color=_COLOURS[name],
            line_width=3.0 if name == "emissivity" else 1.8,
            line_dash="dashed" if "all" in name else "solid",
        )
        for name, values in along.items()
    ]
    return graph(
        curves,
        title="Along the Sun-Earth line: a model, not measured",
        xlim=_SHOWN,
        ylim=(1e-3, 2.0),
        legend="right",
        logy=True,
        **_SIZE,
    ).opts(yticks=[0.001, 0.01, 0.1, 1.0], ylabel="share of the largest")


def along_ray(profile: xr.Dataset, title: str) -> hv.Overlay:
    """Return the emissivity along a line of sight, and the light so far.

    Parameters
    ----------
    profile : xarray.Dataset (PROFILE)
        Of `line_of_sight.profile`.
    title : str
    """
    PROFILE.check(profile)
    distance = profile["distance"].values
    emitted = profile["emissivity"].values
    sum_so_far = np.cumsum(profile["intensity"].values)
    whole = float(sum_so_far[-1]) + float(profile["beyond"])
    across = hv.Dimension(("distance", "from SMILE [Rᴇ]"))
    up = hv.Dimension(("share", "share"))
    curves = [
        hv.Curve(
            (distance, emitted / emitted.max()),
            across,
            up,
            label=f"emissivity, of {emitted.max():.1e} eV cm⁻³ s⁻¹",
        ).opts(color="#D55E00", line_width=2),
        hv.Curve(
            (distance, sum_so_far / whole),
            across,
            up,
            label=f"light so far, of {whole:.1f} keV cm⁻² s⁻¹ sr⁻¹",
        ).opts(color="#0072B2", line_width=2, line_dash="dashed"),
    ]
    return graph(
        curves,
        title=title,
        xlim=(0.0, float(distance[-1])),
        ylim=(0.0, 1.35),
        legend="top_left",
        ylabel="share",
        **_SIZE,
    )


def lines(table: xr.Dataset) -> hv.Overlay:
    """Return the lines of the solar wind's ions, by their share of energy.

    Parameters
    ----------
    table : xarray.Dataset
        Of `ion_emission.line_table`.
    """
    energy = hv.Dimension(("photon_energy", "photon energy [keV]"))
    share = hv.Dimension(("share", "share of the energy"))
    colours = {"C": "#0072B2", "N": "#E69F00", "O": "#D55E00", "Ne": "#009E73"}
    element = [str(ion).rstrip("+0123456789") for ion in table["ion"].values]
    stems = [
        hv.Spikes(
            [
                (float(one["photon_energy"]), float(one["share"]))
                for one, name in zip(
                    (table.isel(photon_energy=n) for n in range(len(element))),
                    element,
                    strict=True,
                )
                if name == shown
            ],
            energy,
            share,
            label=shown,
        ).opts(color=colour, line_width=4)
        for shown, colour in colours.items()
        if shown in element
    ]
    return graph(
        stems,
        title="Lines of the slow solar wind's ions: computed",
        xlim=(0.3, 1.0),
        ylim=(0.0, 1.1 * float(table["share"].max())),
        legend="right",
        **_SIZE,
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 1.0 else f"{value:.2g}"
