"""The three estimates of the ions' moments as a small table."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.schema import MOMENTS
from smile_explore.views.style import pretty

__all__ = ["readings"]

_CELL = "padding-right:9px;white-space:nowrap"
_DOUBTFUL = "color:#888888"


def readings(
    moments: xr.Dataset,
    *,
    truth: xr.Dataset | None = None,
    flags: bool = True,
) -> str:
    """Return density, speed and temperature by each estimate, as HTML.

    Parameters
    ----------
    moments : xarray.Dataset (MOMENTS)
        Of one species at one time, along `estimate`.
    truth : xarray.Dataset, optional
        `density`, `velocity` and `temperature` that were measured.
    flags : bool
        Whether to doubt what is not valid; of a part of a distribution much
        is left out on purpose.

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
    true = {n: _size(truth[n].values) for n in names} if truth else {}
    columns = [_column(moments, name, true.get(name), flags) for name in names]
    for estimate, *cells in zip(
        moments["estimate"].values, *columns, strict=True
    ):
        rows.append(_row([str(estimate), *cells]))
    if true:
        rows.append(_row(["truth", *(f"{true[n]:.2f}" for n in names)]))
    return f"<table>{''.join(rows)}</table>"


def _column(
    moments: xr.Dataset, name: str, true: float | None, flags: bool
) -> list[str]:
    """Return what each estimate says; from plain arrays, to be quick."""
    parts = [moments[f"{name}{end}"] for end in ("", "_uncertainty", "_valid")]
    values, errors, valid = (
        one.transpose("estimate", ...).values for one in parts
    )
    return [
        _cell(_size(value), _size(error), bool(sure) or not flags, true)
        for value, error, sure in zip(values, errors, valid, strict=True)
    ]


def _cell(value: float, error: float, valid: bool, true: float | None) -> str:
    if not np.isfinite(value):
        return f'<span style="{_DOUBTFUL}">none</span>'
    text = f"{value:.2f}"
    if np.isfinite(error):
        text += f" ± {error:.2f}"
    if true:  # none where it is 0, in the empty hollow of a cube
        text += f" ({100.0 * (value / true - 1.0):+.1f} %)"
    if not valid:
        return f'<span style="{_DOUBTFUL}">{text} ?</span>'
    return text


def _size(value: np.ndarray) -> float:
    return float(np.linalg.norm(value)) if np.ndim(value) else float(value)


def _row(cells: list[str]) -> str:
    inside = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    return f"<tr>{inside}</tr>"
