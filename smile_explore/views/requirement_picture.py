"""The study of the requirement as one static picture, for page and print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from smile_explore.events.requirement import USUAL

__all__ = ["COLOURS", "LABELS", "draw"]

#: After Okabe & Ito (2008), as in `style`; the tangent fit as everywhere.
COLOURS: Final[Mapping[str, str]] = {
    "tangent_fit": "#D55E00",
    "boundary_fit": "#0072B2",
    "maximum": "#009E73",
    "gradient": "#CC79A7",
    "tangent_direction": "#56B4E9",
}
LABELS: Final[Mapping[str, str]] = {
    "tangent_fit": "tangent fit",
    "boundary_fit": "boundary fit",
    "maximum": "maximum",
    "gradient": "gradient",
    "tangent_direction": "tangent directions",
}
#: Edges of the bins of solar wind flux; one begins just below what is
#: required, so that run A is above. [1e8 cm-2 s-1]
_FLUX: Final = np.array([1.4, 2.7, 4.75, 7.0, 10.0, 15.0, 25.0, 50.0])
#: Errors beyond this are drawn at the edge. [R_E]
_LIMIT: Final = 1.1
_FIXED: Final = vars(USUAL)
_MODELS: Final = {
    "MHD": "MHD runs (truth: last closed field line)",
    "analytic": "analytic magnetospheres (truth: exact)",
}
_PANELS: Final = {
    "exposure": "exposure [s]",
    "hydrogen": r"$n_\mathrm{H}$ at 10 $R_\mathrm{E}$ [cm$^{-3}$]",
    "background": "background [keV/(cm$^{2}$ s sr)]",
    "place": "seen from",
}


def draw(
    table: pd.DataFrame,
    path: str | Path,
    *,
    required_error: float = 0.5,
    required_flux: float = 4.9e8,
) -> None:
    """Draw bias and scatter of all methods into a PNG file.

    Parameters
    ----------
    table : pandas.DataFrame
        As `events.requirement.study` makes it.
    path : str or pathlib.Path
        Where to write it.
    required_error : float
        What the mission asks for. [R_E]
    required_flux : float
        From which flux of the solar wind on. [cm-2 s-1]
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13.5, 8.8), layout="constrained")
    FigureCanvasAgg(figure)
    halves: Any = figure.add_gridspec(2, 1, height_ratios=(1.15, 1.0))
    upper = _upper(figure, halves[0], table, required_flux)
    lower = _lower(figure, halves[1], table, required_flux)
    for axes in figure.axes:
        _decorate(axes, required_error)
        axes.tick_params(labelleft=axes in (upper, lower))
    for axes in (upper, lower):
        axes.set_ylim(-_LIMIT, _LIMIT)
        axes.set_ylabel(r"found − true standoff [$R_\mathrm{E}$]")
    figure.legend(
        *upper.get_legend_handles_labels(),
        loc="outside lower center",
        ncols=5,
        frameon=False,
        fontsize=11,
    )
    figure.suptitle(
        r"Can SXI find the magnetopause to 0.5 $R_\mathrm{E}$ in 5 minutes?",
        x=0.01,
        ha="left",
        fontsize=16,
        fontweight="bold",
    )
    figure.savefig(path, dpi=160, metadata={"Software": None})


def _upper(figure: Any, place: Any, table: pd.DataFrame, flux: float) -> Any:
    """Draw errors against flux, by model; returns the first axes."""
    usual = _like(table, _FIXED)
    known = usual[usual["boundary"] != "shue_magnetopause"]
    cells = place.subgridspec(1, 2)
    first: Any = None
    for n, (model, title) in enumerate(_MODELS.items()):
        axes = figure.add_subplot(cells[n], sharey=first)
        first = first or axes
        _against_flux(axes, known[known["model"] == model], flux)
        axes.set_title(title, loc="left", fontsize=12)
    return first


def _lower(figure: Any, place: Any, table: pd.DataFrame, flux: float) -> Any:
    """Draw errors against what else matters; returns the first axes."""
    strong = table[(table["flux"] >= 0.97 * flux) & (table["model"] == "MHD")]
    cells = place.subgridspec(1, 4, width_ratios=(1.0, 1.0, 1.0, 2.1))
    first: Any = None
    for n, (name, label) in enumerate(_PANELS.items()):
        axes = figure.add_subplot(cells[n], sharey=first)
        first = first or axes
        varied = name in _FIXED
        rows = _varied(strong, name) if varied else _like(strong, _FIXED)
        _by_value(axes, rows, name)
        axes.set_xlabel(label)
    first.set_title(
        "What else matters, at the required flux and above (MHD)",
        loc="left",
        fontsize=12,
    )
    return first


def _like(table: pd.DataFrame, fixed: Mapping[str, float]) -> pd.DataFrame:
    """Rows with these settings."""
    chosen = np.ones(len(table), dtype=bool)
    for name, value in fixed.items():
        chosen &= np.isclose(table[name], value)
    return table[chosen]


def _varied(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows in which only `name` differs, of the same cases and places."""
    fixed = {key: value for key, value in _FIXED.items() if key != name}
    rows = _like(table, fixed)
    rows = rows[rows["realisation"] == 0]
    several = rows.groupby(["case", "place"])[name].transform("nunique")
    return rows[several == several.max()]


def _against_flux(axes: Any, rows: pd.DataFrame, required: float) -> None:
    methods = [name for name in COLOURS if name in set(rows["method"])]
    middle = np.sqrt(_FLUX[1:] * _FLUX[:-1])
    for n, method in enumerate(methods):
        one = rows[(rows["method"] == method) & rows["error"].notna()]
        place = np.digitize(one["flux"] / 1e8, _FLUX) - 1
        spread = 1.035 ** (n - (len(methods) - 1) / 2)
        _bars(
            axes,
            [
                (middle[b] * spread**1.6, one["error"][place == b])
                for b in range(middle.size)
            ],
            method,
        )
    place = np.digitize(rows["flux"] / 1e8, _FLUX) - 1
    for b, x in enumerate(middle):
        _found(axes, x, rows[place == b])
    axes.set_xscale("log")
    axes.set_xlim(_FLUX[0], _FLUX[-1])
    ticks = [2, 3, 5, 10, 20, 40]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("solar wind flux [10$^8$ cm$^{-2}$ s$^{-1}$]")
    axes.axvspan(_FLUX[0], required / 1e8, color="0.5", alpha=0.13, lw=0)
    axes.text(
        required / 1e8 * 0.97,
        -_LIMIT * 0.95,
        "below the\nrequired flux",
        ha="right",
        va="bottom",
        fontsize=9,
        color="0.35",
    )


def _by_value(axes: Any, rows: pd.DataFrame, name: str) -> None:
    form = "{:g}".format if name in _FIXED else _broken
    values = list(dict.fromkeys(rows[name]))
    if name in _FIXED:
        values = sorted(values)
    methods = [
        method
        for method in COLOURS
        if method in set(rows["method"]) and method != "tangent_direction"
    ]
    for n, method in enumerate(methods):
        one = rows[(rows["method"] == method) & rows["error"].notna()]
        shift = 0.17 * (n - (len(methods) - 1) / 2)
        _bars(
            axes,
            [
                (place + shift, one["error"][one[name] == value])
                for place, value in enumerate(values)
            ],
            method,
        )
    axes.set_xticks(range(len(values)), [form(value) for value in values])
    axes.set_xlim(-0.6, len(values) - 0.4)
    for place, value in enumerate(values):
        _found(axes, place, rows[rows[name] == value])


def _found(axes: Any, x: float, rows: pd.DataFrame) -> None:
    """Write in how many of them a magnetopause was found at all."""
    if len(rows):
        axes.text(
            x,
            _LIMIT * 0.97,
            f"{rows['error'].notna().mean():.0%}\nfound",
            ha="center",
            va="top",
            fontsize=8,
            color="0.35",
        )


def _bars(
    axes: Any, groups: list[tuple[float, pd.Series]], method: str
) -> None:
    """Median with the middle half (thick) and 5 to 95 % (thin)."""
    groups = [(x, errors) for x, errors in groups if len(errors) >= 3]
    if not groups:
        return
    x = [place for place, _ in groups]
    low, first, median, third, high = np.array(
        [np.percentile(errors, [5, 25, 50, 75, 95]) for _, errors in groups]
    ).T.clip(-_LIMIT, _LIMIT)
    colour = COLOURS[method]
    axes.vlines(x, low, high, color=colour, lw=1.3)
    axes.vlines(x, first, third, color=colour, lw=5, alpha=0.55)
    axes.plot(
        x,
        median,
        "o",
        color=colour,
        markeredgecolor="white",
        markersize=7,
        label=LABELS[method],
    )


def _broken(name: str) -> str:
    """Break a name into two lines."""
    words = name.replace(", ", "\n").split("\n")
    if len(words) == 2:
        return "\n".join(words).replace("R_E", "$R_\\mathrm{E}$")
    first, *rest = name.rsplit(" ", 2)
    return "\n".join([first, " ".join(rest)])


def _decorate(axes: Any, required_error: float) -> None:
    axes.axhspan(
        -required_error, required_error, color="#F0E442", alpha=0.16, lw=0
    )
    for line in (-required_error, required_error):
        axes.axhline(line, color="0.2", lw=1.0, ls="--")
    axes.axhline(0.0, color="0.6", lw=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
