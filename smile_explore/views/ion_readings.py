"""The three estimates of the ions' moments as a small table."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.schema import MOMENTS
from smile_explore.views.style import pretty

__all__ = ["readings"]

_CELL = "padding-right:9px;white-space:nowrap"
_DOUBTFUL = "color:#888888"


def readings(moments: xr.Dataset, *, truth: xr.Dataset | None = None) -> str:
    """Return density, speed and temperature by each estimate, as HTML.

    Parameters
    ----------
    moments : xarray.Dataset (MOMENTS)
        Of one species at one time, along `estimate`.
    truth : xarray.Dataset, optional
        `density`, `velocity` and `temperature` that were measured.

    Returns
    -------
    html : str
        A table; grey and with a question mark is what cannot be trusted.

    Raises
    ------
    ValueError
        If `moments` has further dimensions.
    """
    MOMENTS.check(moments)
    strange = set(moments["density"].dims) - {"estimate"}
    if strange:
        raise ValueError(
            "a table is of one species at one time, got several along "
            f"{', '.join(sorted(map(str, strange)))}; select one with .sel"
        )
    names = ("density", "velocity", "temperature")
    head = ["", "n", "V", "T"]
    units = ["", *(pretty(MOMENTS.variables[name].units) for name in names)]
    rows = [
        _row([f"<b>{a}</b> {b}" for a, b in zip(head, units, strict=True)])
    ]
    for estimate in moments["estimate"].values:
        one = moments.sel(estimate=estimate)
        rows.append(
            _row([str(estimate), *(_cell(one, n, truth) for n in names)])
        )
    if truth is not None:
        rows.append(
            _row(["truth", *(f"{_size(truth[n]):.2f}" for n in names)])
        )
    return f"<table>{''.join(rows)}</table>"


def _cell(one: xr.Dataset, name: str, truth: xr.Dataset | None) -> str:
    value = _size(one[name])
    if not np.isfinite(value):
        return f'<span style="{_DOUBTFUL}">none</span>'
    text = f"{value:.2f}"
    error = _size(one[f"{name}_uncertainty"])
    if np.isfinite(error):
        text += f" ± {error:.2f}"
    if truth is not None:
        text += f" ({100.0 * (value / _size(truth[name]) - 1.0):+.1f} %)"
    if not bool(one[f"{name}_valid"]):
        return f'<span style="{_DOUBTFUL}">{text} ?</span>'
    return text


def _size(value: xr.DataArray) -> float:
    return float(np.linalg.norm(value)) if value.ndim else float(value)


def _row(cells: list[str]) -> str:
    inside = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    return f"<tr>{inside}</tr>"
