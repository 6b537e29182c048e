"""The page about the requirement: text, tables and a picture, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from smile_explore.events import requirement
from smile_explore.views.requirement_picture import LABELS, draw

__all__ = ["page", "write"]

_DEFINITIONS: Final = (
    "last_closed",
    "density_gradient",
    "current",
    "fluopause",
)
_TEXT: Final = """\
# Can SXI find the magnetopause to 0.5 R_E in five minutes?

SMILE's requirement: the subsolar magnetopause to 0.5 R_E in 300 s, from beyond
15 R_E, when the solar wind flux is 4.9e8 cm-2 s-1 or more
(Branduardi-Raymont and Wang 2024, section 3.1). This page measures it with
the simulated images of this package: {rows} searches in {cases}
magnetospheres.
It regenerates, picture and tables included, with

    smile-explore requirement --out docs --ship --overwrite

![Bias and scatter of each method](images/requirement.png)

*Dots: median. Thick bars: the middle half. Thin bars: 5 to 95 %. Dashed: what
is required. Grey shade: less flux than the requirement asks for. Below: one
thing varied at a time, on the same cases and places in a panel.*

## At the required flux and above, 300 s

Errors are found minus true standoff, in R_E. `within 0.5` counts what was not
found as a failure. `chi` is the size that two in three errors stay within, in
stated uncertainties: 1 where these are right, less where they are cautious.

{overall}

The **analytic** magnetopause is of the family that the fits look for (Lin et
al. 2010), so this is what noise, pixels and the method leave. The
**analytic, no cusps** one is that of Shue et al. (1998), which the fits do not
expect: what a wrong family costs.

## By run

{runs}

## What is the truth in an MHD run?

The same images, judged by each definition of the magnetopause on the
Sun-Earth line (`magnetopause.truth`). They differ among each other by as much
as the methods: the tangent fit and the boundary fit, which begins at the
first but takes all pixels into account, agree to {agree:.2f} R_E (median).

{truths}

For southward IMF the last closed line is the reconnection line, a ridge that
is farther out than the plasma boundary north and south of it: images, which
see where the light begins, find it too near. For northward IMF light begins
outside it.

## By place

{places}

## Where it fails

Not found means that the method refused, and said why in `status`. Two reasons
make up nearly all: the nose is out of the field of view, or within 0.6 R_E of
its edge (from 15 R_E the pointing rule, which keeps Earth's limb 20.3 deg from
the centre, ends the image near X = 8 R_E; from behind and above, a nose at 5.5
R_E is too low); or the arc does not stand out from the noise by 3 standard
deviations. Close to the required flux (4.7e8 to 5e8 cm-2 s-1, MHD and analytic
with cusps) both count:

{edge}

## How to read it

- MHD: BATS-R-US runs A (steady, 4.8e8 cm-2 s-1), B (steady, dense, northward),
  D (a shock, then southward) and E (16 June 2012, from a reconstruction); see
  `data/samples`. Cells are 0.25 to 0.5 R_E on the dayside, and so is what the
  truth is worth. They are idealised or reconstructed, not measured.
- Frames of D and E are held at rest for the exposure.
- `tangent_direction` sees five exposures over 12 h of the orbit of a state
  that stays.
- Assumptions of the images: 15 cm2, quantum efficiency 0.89, photons of
  0.5 keV, no PSF, efficiency 1e-15 eV cm2, exosphere 25 (10/r)^3 cm-3 and a
  background of 5 keV cm-2 s-1 sr-1 unless varied. A response with filter and
  vignetting has fewer counts: read the panel on exposure for what that does.
- Places are on SMILE's planned orbit with an assumed node, in four seasons.
- The stated uncertainty of each method includes how far it is off on the MHD
  runs D and E; A, B and the analytic cubes were not used for it.

Every search is a row of the table that ships with the package:
`smile_explore.events.requirement.published()`.
"""


def page(table: pd.DataFrame) -> str:
    """Return the page, in Markdown, with the figures of a table.

    Parameters
    ----------
    table : pandas.DataFrame
        As `events.requirement.study` makes it.
    """
    usual = _strong(table)
    usual = usual.assign(model=usual.apply(_kind, axis=1))
    mhd = usual[usual["model"] == "MHD"]
    runs = mhd.assign(run=mhd["case"].str[0])
    return _TEXT.format(
        rows=len(table),
        cases=table["case"].nunique(),
        overall=_table(requirement.summary(usual)),
        runs=_table(requirement.summary(runs, by=["run", "method"])),
        truths=_table(_by_truth(mhd)),
        places=_table(
            requirement.summary(
                usual[usual["method"] == "tangent_fit"], by=["model", "place"]
            )
        ),
        agree=_agreement(mhd),
        edge=_table(
            requirement.summary(
                usual[
                    usual["flux"].between(4.7e8, 5.0e8)
                    & usual["model"].isin(["MHD", "analytic"])
                ],
                by=["method"],
            )
        ),
    )


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return the small table: all methods, one row a setting and model."""
    by = ["model", "exposure", "hydrogen", "background", "method"]
    strong = table[table["flux"] >= 0.97 * requirement.REQUIRED_FLUX]
    strong = strong.assign(model=strong.apply(_kind, axis=1))
    return requirement.summary(strong, by=by).round(3)


def write(
    table: pd.DataFrame, folder: Path, *, rows: Path | None = None
) -> list[Path]:
    """Write page, picture and tables, and return where they are.

    Parameters
    ----------
    table : pandas.DataFrame
        As `events.requirement.study` makes it.
    folder : pathlib.Path
        Gets ``requirement.md``, ``requirement.csv`` (the small table) and
        ``images/requirement.png``.
    rows : pathlib.Path, optional
        Where the whole table goes, ``requirement_rows.csv`` in the folder
        unless given.
    """
    images = folder / "images"
    images.mkdir(exist_ok=True)
    paths = [
        folder / "requirement.md",
        folder / "requirement.csv",
        rows or folder / "requirement_rows.csv",
        images / "requirement.png",
    ]
    paths[0].write_text(page(table), encoding="utf-8")
    figures(table).to_csv(paths[1], index=False)
    table.to_csv(paths[2], index=False)
    draw(table, paths[3])
    return paths


def _strong(table: pd.DataFrame) -> pd.DataFrame:
    """Rows at the required flux (case A is 2 % below) with usual settings."""
    rows = table[table["flux"] >= 0.97 * requirement.REQUIRED_FLUX]
    for name, value in vars(requirement.USUAL).items():
        rows = rows[rows[name] == value]
    return rows


def _kind(row: pd.Series) -> str:
    if row["boundary"] == "shue_magnetopause":
        return "analytic, no cusps"
    return str(row["model"])


def _by_truth(mhd: pd.DataFrame) -> pd.DataFrame:
    parts = []
    fits = mhd[mhd["method"].isin(["tangent_fit", "boundary_fit"])]
    fits = fits.assign(
        imf=fits["bz"].map(lambda bz: "north" if bz > 0 else "south")
    )
    for name in _DEFINITIONS:
        judged = requirement.with_truth(fits, name)
        parts.append(
            requirement.summary(judged, by=["imf", "method"]).assign(
                truth=name
            )
        )
    joined = pd.concat(parts)
    return joined[["truth", *joined.columns.drop("truth")]]


def _agreement(mhd: pd.DataFrame) -> float:
    first = mhd[mhd["realisation"] == 0]
    wide = first.pivot_table(
        index=["case", "place"], columns="method", values="standoff"
    )
    return float((wide["tangent_fit"] - wide["boundary_fit"]).abs().median())


def _table(figures: pd.DataFrame) -> str:
    """Return a summary as a Markdown table."""
    keys = [name for name in figures if name not in _FORMATS]
    head = [*keys, *(title for title, _ in _FORMATS.values())]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for _, row in figures.iterrows():
        cells = [LABELS.get(row[key], str(row[key])) for key in keys]
        cells += [
            form.format(row[name]) for name, (_, form) in _FORMATS.items()
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


_FORMATS: Final = {
    "rows": ("searches", "{:.0f}"),
    "found": ("found", "{:.0%}"),
    "median": ("median", "{:+.2f}"),
    "low": ("5 %", "{:+.2f}"),
    "high": ("95 %", "{:+.2f}"),
    "typical": ("size, median", "{:.2f}"),
    "most": ("size, 95 %", "{:.2f}"),
    "within": ("within 0.5", "{:.0%}"),
    "chi": ("chi", "{:.1f}"),
}
