"""From the rows of the study of the requirement to a few figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from smile_explore.events._requirement_cases import DEFINITIONS

__all__ = ["REQUIRED_ERROR", "summary", "with_truth"]

#: What is required of the standoff in 300 s (Branduardi-Raymont and Wang
#: 2024, section 3.1). [R_E]
REQUIRED_ERROR: Final = 0.5


def with_truth(table: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Judge a table by another definition of the magnetopause in MHD.

    Parameters
    ----------
    table : pandas.DataFrame
        As of `sweep`.
    definition : str
        Of `magnetopause.truth`. Analytic cubes keep their exact truth.

    Raises
    ------
    ValueError
        If the definition is unknown.
    """
    if definition not in DEFINITIONS:
        raise ValueError(
            f"definition must be one of {', '.join(DEFINITIONS)}, got "
            f"{definition!r}"
        )
    exact = table["truth_exact"]
    truth = exact.where(exact.notna(), table[f"truth_{definition}"])
    return table.assign(truth=truth, error=table["standoff"] - truth)


def summary(
    table: pd.DataFrame, *, by: Sequence[str] = ("model", "method")
) -> pd.DataFrame:
    """Put the errors of a table into figures.

    Parameters
    ----------
    table : pandas.DataFrame
        As of `sweep`.
    by : sequence of str
        Columns whose values are told apart.

    Returns
    -------
    figures : pandas.DataFrame
        By `by`: ``rows``, the share in which a magnetopause was ``found``;
        of the error its ``median``, ``low`` and ``high`` (5 and 95 %); of
        its size ``typical`` (median) and ``most`` (95 %) [R_E]; the share
        ``within`` 0.5 R_E, of all; and ``chi``, the size that two in three
        errors do not exceed (68.27 %) in units of the stated uncertainty.
    """
    unknown = [name for name in by if name not in table]
    if unknown or not by:
        raise ValueError(
            f"by must be columns of the table, got {list(by)}; it has "
            f"{', '.join(table.columns)}"
        )
    grouped = table.groupby(list(by), sort=False, observed=True)
    parts = {key: _figures(part) for key, part in grouped}
    index = pd.MultiIndex.from_tuples(list(parts), names=list(by))
    return pd.DataFrame(list(parts.values()), index=index).reset_index()


def _figures(part: pd.DataFrame) -> dict[str, float]:
    error = part["error"].dropna()
    size = error.abs()
    chi = (size / part.loc[error.index, "uncertainty"]).quantile(0.6827)
    return {
        "rows": len(part),
        "found": len(error) / len(part),
        "median": error.median(),
        "low": error.quantile(0.05),
        "high": error.quantile(0.95),
        "typical": size.median(),
        "most": size.quantile(0.95),
        "within": float((size <= REQUIRED_ERROR).sum() / len(part)),
        "chi": chi,
    }
