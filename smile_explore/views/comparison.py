"""One solar wind in several models: images, planes, sights and standoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.schema import COMPARISON, PROFILE
from smile_explore.views.style import (
    METHOD,
    Layers,
    check_choice,
    colour_bar,
    dimension,
    graph,
    note,
    picked_mark,
    picture,
    pretty,
)

__all__ = [
    "MODEL",
    "difference",
    "image",
    "picked",
    "plane",
    "ratio",
    "sight",
    "sight_layers",
    "standoffs",
]

#: Colours of models in their order, after Okabe & Ito (2008).
MODEL = ("#000000", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00")
#: Dashes go with them, so that lines that lie on each other can be told.
_DASH = ("solid", "dashed", "dotdash", "dotted", "dashdot", "solid")
#: Blue below zero, red above, white at it: told apart with any colour vision.
_DIVERGING = "RdBu_r"
_MISSING = {"NaN": "#BBBBBB"}
_SIDE = {"noon": "z", "equator": "y"}
_EMISSIVITY = (1e-7, 1e-3)
#: Of log10 of a ratio: a factor of ten to either side.
_DECADES = (-1.0, 1.0)
#: So many characters of a title fit above the narrowest picture.
_LINE = 27
#: Where standoffs are, if none is found. [R_E]
_USUAL = (5.0, 12.0)


def image(compared: xr.Dataset, model: str) -> hv.Overlay:
    """Return the X-ray image of one model, in colours common to all.

    On it is the edge of the magnetopause by each method that found it.

    Parameters
    ----------
    compared : xarray.Dataset (COMPARISON)
    model : str
    """
    now = _one(compared, model)
    unit = pretty(COMPARISON.variables["intensity"].units)
    top = max(float(compared["intensity"].max()), 1e-9)
    pixels = _pixels(compared, now["intensity"], "intensity", (0.0, top)).opts(
        cmap="inferno"
    )
    edges = _rims(now, pixels.kdims)
    legend = "top_right" if model == _with_most_rims(compared) else ""
    title = _title(model, f"[{unit}]")
    return _framed(compared, pixels, title, edges, legend)


def difference(compared: xr.Dataset, model: str) -> hv.Overlay:
    """Return by how much an image is brighter than the reference's.

    Parameters
    ----------
    compared : xarray.Dataset (COMPARISON)
    model : str
    """
    now = _one(compared, model)
    apart = compared["intensity_difference"]
    end = max(float(abs(apart).max()), 1e-9)  # the same for all models
    pixels = _pixels(
        compared, now["intensity_difference"], "difference", (-end, end)
    ).opts(cmap=_DIVERGING)
    title = _title(f"{model} −", compared.attrs["reference"])
    return _framed(compared, pixels, title)


def picked(pixel: tuple[float, float] | None) -> Layers:
    """Return the columns of images that change with the picked pixel."""
    lon, lat = pixel or (np.nan, np.nan)
    return {"picked": {"fov_lon": [lon], "fov_lat": [lat]}}


def plane(
    compared: xr.Dataset, model: str, *, plane: str = "noon"
) -> hv.Overlay:
    """Return the emissivity of one model in a plane.

    Parameters
    ----------
    compared : xarray.Dataset (COMPARISON)
    model : str
    plane : {"noon", "equator"}
        The plane y = 0 or z = 0.
    """
    check_choice("plane", plane, _SIDE)
    unit = pretty(COMPARISON.variables[f"emissivity_{plane}"].units)
    field = _field(compared, model, f"emissivity_{plane}", plane, _EMISSIVITY)
    field = field.opts(cmap="inferno", logz=True)
    return _cut(compared, field, plane, _title(model, f"[{unit}]"))


def ratio(
    compared: xr.Dataset, model: str, *, plane: str = "noon"
) -> hv.Overlay:
    """Return the emissivity over that of the reference, as its logarithm.

    Parameters
    ----------
    compared : xarray.Dataset (COMPARISON)
    model : str
    plane : {"noon", "equator"}
    """
    check_choice("plane", plane, _SIDE)
    field = _field(compared, model, f"ratio_{plane}", plane, _DECADES)
    title = _title(f"log₁₀ {model} /", compared.attrs["reference"])
    return _cut(compared, field.opts(cmap=_DIVERGING), plane, title)


def sight(
    profiles: Mapping[str, xr.Dataset] | None, models: list[str]
) -> hv.Overlay:
    """Return the emissivity along one line of sight, a line each model.

    Parameters
    ----------
    profiles : mapping of str to xarray.Dataset (PROFILE), or None
        Of `events.comparison.sights`; none before a pixel is picked.
    models : list of str
        In the order of their colours.
    """
    now = sight_layers(profiles, models)
    axes = [dimension(PROFILE, "distance"), dimension(PROFILE, "emissivity")]
    lines = [
        hv.Curve(now[model], *axes, label=model).opts(
            color=MODEL[n % len(MODEL)],
            line_dash=_DASH[n % len(_DASH)],
            line_width=2.0,
        )
        for n, model in enumerate(models)
    ]
    unit = pretty(PROFILE.variables["emissivity"].units)
    return graph(
        [*lines, note(axes, now["note"], "note")],
        title=f"Emissivity along the picked line of sight [{unit}]",
        xlim=now["ranges"]["x"],
        ylim=now["ranges"]["y"],
        legend="top_right",
        ylabel="emissivity",
        yformatter="%.0e",
    )


def sight_layers(
    profiles: Mapping[str, xr.Dataset] | None, models: list[str]
) -> Layers:
    """Return the columns of `sight`."""
    nothing = {"distance": [np.nan], "emissivity": [np.nan]}
    if profiles is None:
        span, top = (0.0, 30.0), 1.0
        text = "tap a pixel of an image"
        columns: dict[str, dict] = dict.fromkeys(models, nothing)
    else:
        columns = {
            model: {
                name: profiles[model][name].values
                for name in ("distance", "emissivity")
            }
            for model in models
        }
        span = _span(profiles)
        tops = [
            np.nanmax(c["emissivity"], initial=0) for c in columns.values()
        ]
        top = 1.4 * max(*tops, 1e-12)
        text = "\n".join(
            f"{model}: {_whole(profiles[model]):.1f} "
            f"{pretty(PROFILE.variables['intensity'].units)}"
            for model in models
        )
    remark = {
        "distance": [span[0] + 0.01 * (span[1] - span[0])],
        "emissivity": [0.985 * top],
        "text": [text],
    }
    return {**columns, "note": remark, "ranges": {"x": span, "y": (0.0, top)}}


def standoffs(compared: xr.Dataset) -> hv.Overlay:
    """Return where the nose is, by every estimate in every model.

    Parameters
    ----------
    compared : xarray.Dataset (COMPARISON)
    """
    names = [str(name) for name in compared["estimate"].values]
    known = np.isfinite(compared["standoff"].values).any(axis=0)
    names = [n for n, there in zip(names, known, strict=True) if there]
    across = dimension(COMPARISON, "standoff")
    up = hv.Dimension(("row", "estimate"))
    parts: list[hv.Element] = []
    models = [str(name) for name in compared["model"].values]
    for n, model in enumerate(models):
        own = compared.sel(model=model, estimate=names)
        where = own["standoff"].values
        # One below the other, so that equal ones can be told.
        row = np.arange(len(names))[::-1] + 0.2 * (len(models) / 2 - n)
        error = np.nan_to_num(own["uncertainty"].values)
        colour = MODEL[n % len(MODEL)]
        ends = {"row": np.repeat(row, 3), "standoff": _bars(where, error)}
        parts += [
            hv.Curve(ends, across, up).opts(color=colour, line_width=1.5),
            hv.Scatter(
                {"standoff": where, "row": row}, across, up, label=model
            ).opts(color=colour, size=8),
        ]
    found = compared["standoff"].values
    low, high = (
        (np.nanmin(found) - 0.6, np.nanmax(found) + 0.6)
        if np.isfinite(found).any()
        else _USUAL
    )
    ticks = [(len(names) - 1 - n, name) for n, name in enumerate(names)]
    return graph(
        parts,
        title="Standoff of the magnetopause",
        xlim=(low, high),
        ylim=(-0.7, len(names) - 0.3),
        ylabel="",
    ).opts(yticks=ticks)


def _one(compared: xr.Dataset, model: str) -> xr.Dataset:
    COMPARISON.check(compared)
    check_choice("model", model, map(str, compared["model"].values))
    return compared.sel(model=model)


def _pixels(
    compared: xr.Dataset,
    values: xr.DataArray,
    quantity: str,
    limits: tuple[float, float],
) -> hv.Image:
    axes = [dimension(COMPARISON, n) for n in ("fov_lon", "fov_lat")]
    value = hv.Dimension(quantity, range=limits)
    unit = pretty(COMPARISON.variables["intensity"].units)
    coordinates = (compared["fov_lon"].values, compared["fov_lat"].values)
    grid = values.transpose("fov_lat", "fov_lon").values
    return hv.Image((*coordinates, grid), axes, value, label=quantity).opts(
        clim=limits,
        clipping_colors=_MISSING,
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[
            ("from the boresight", "$x{0.0}°, $y{0.0}°"),
            (quantity, f"@image{{0.0}} {unit}"),
        ],
    )


def _title(first: str, rest: str) -> str:
    """Put a title into a line, or into two, cut where one is too long."""
    if len(first) + len(rest) < _LINE:
        return f"{first} {rest}"
    return f"{_cut_short(first)}\n{_cut_short(rest)}"


def _cut_short(text: str) -> str:
    """Leave out the middle of a text, for its ends tell names apart."""
    if len(text) <= _LINE:
        return text
    half = _LINE // 2
    return f"{text[: half - 1]}…{text[-half:]}"


def _rims(now: xr.Dataset, axes: list[hv.Dimension]) -> list[hv.Curve]:
    """Return a line for each method that found a magnetopause."""
    if "rim_lon" not in now:
        return []
    drawn = []
    for name in map(str, now["estimate"].values):
        edge = now.sel(estimate=name)
        if name in METHOD and np.isfinite(edge["rim_lon"]).any():
            points = (edge["rim_lon"].values, edge["rim_lat"].values)
            drawn += [
                hv.Curve(points, *axes, label=f"halo of {name}").opts(
                    color="white", line_width=4, show_legend=False
                ),
                hv.Curve(points, *axes, label=name).opts(
                    color=METHOD[name], line_width=2
                ),
            ]
    return drawn


def _with_most_rims(compared: xr.Dataset) -> str:
    """Choose the one small picture that has a legend, for all of them."""
    if "rim_lon" not in compared:
        return ""
    there = compared["rim_lon"].notnull().any("point").sum("estimate")
    return str(compared["model"].values[int(there.values.argmax())])


def _framed(
    compared: xr.Dataset,
    pixels: hv.Image,
    title: str,
    edges: Sequence[hv.Curve] = (),
    legend: str = "",
) -> hv.Overlay:
    axes = pixels.kdims
    mark = picked_mark(picked(None)["picked"], axes)
    mark = mark.opts(show_legend=False)
    lon, lat = (
        _ends(compared[name].values) for name in ("fov_lon", "fov_lat")
    )
    return picture(
        [pixels, *edges, mark],
        title=title,
        xlim=lon,
        ylim=lat,
        legend=legend if edges else "",
    )


def _field(
    compared: xr.Dataset,
    model: str,
    name: str,
    plane: str,
    limits: tuple[float, float],
) -> hv.Image:
    side = _SIDE[plane]
    now = _one(compared, model)[name].transpose(side, "x")
    axes = [dimension(COMPARISON, "x"), dimension(COMPARISON, side)]
    value = hv.Dimension(name, range=limits)
    return hv.Image(
        (compared["x"].values, compared[side].values, now.values),
        axes,
        value,
        label=name,
    ).opts(
        clim=limits,
        clipping_colors=_MISSING,
        **colour_bar(),
        tools=["hover"],
        hover_tooltips=[
            ("x", "$x{0.0} Rᴇ"),
            (side, "$y{0.0} Rᴇ"),
            (name.split("_")[0], "@image{0.00e+0}"),
        ],
    )


def _cut(
    compared: xr.Dataset, field: hv.Image, plane: str, title: str
) -> hv.Overlay:
    around = np.linspace(0.0, 2.0 * np.pi, 61)
    axes = field.kdims
    circle = {axes[0].name: np.cos(around), axes[1].name: np.sin(around)}
    earth = hv.Curve(circle, *axes, label="Earth").opts(
        color="#0072B2", line_width=3
    )
    return picture(
        [field, earth],
        title=title,
        xlim=_ends(compared["x"].values),
        ylim=_ends(compared[_SIDE[plane]].values),
    )


def _ends(nodes: np.ndarray) -> tuple[float, float]:
    """Return the outer edges of the first and the last cell."""
    half = float(nodes[1] - nodes[0]) / 2.0
    return float(nodes[0]) - half, float(nodes[-1]) + half


def _bars(where: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Return a line from end to end of each error, with gaps between."""
    gap = np.full(where.size, np.nan)
    return np.stack([where - error, where + error, gap], axis=1).ravel()


def _span(profiles: Mapping[str, xr.Dataset]) -> tuple[float, float]:
    """Return where the light is: from before to behind nearly all of it."""
    firsts, lasts = [], []
    for profile in profiles.values():
        along = profile["intensity"].fillna(0.0).cumsum("distance")
        within = (along > 0.002 * along[-1]) & (along < 0.998 * along[-1])
        lit = profile["distance"].values[within.values]
        lit = lit if lit.size else profile["distance"].values
        firsts.append(float(lit[0]))
        lasts.append(float(lit[-1]))
    return min(firsts), max(lasts)


def _whole(profile: xr.Dataset) -> float:
    return float(profile["intensity"].sum() + profile["beyond"])
