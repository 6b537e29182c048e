"""What the lesson on finding the magnetopause shows."""

from __future__ import annotations

from collections.abc import Mapping

import holoviews as hv
import numpy as np
import pandas as pd
import xarray as xr

from smile_explore.instruments import camera, sxi
from smile_explore.retrieval import magnetopause
from smile_explore.schema import MAGNETOPAUSE, SXI_IMAGE
from smile_explore.views.style import METHOD, graph, picture

__all__ = ["exposed", "image", "scatter", "table"]


def exposed(
    image: xr.Dataset,
    pointing: xr.Dataset,
    *,
    methods: tuple[str, ...] = ("tangent_fit", "maximum", "gradient"),
    exposure: float = 300.0,
    background: float = sxi.BACKGROUND,
    rng: int = 0,
) -> tuple[xr.Dataset, dict[str, xr.Dataset]]:
    """Return one exposure of an image, and the magnetopause found in it.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        With `intensity`, at one time.
    pointing : xarray.Dataset (POINTING)
    methods : tuple of str
        Of `magnetopause.locate`. One that finds nothing is left out.
    exposure, background
        As in `sxi.expected_counts`.
    rng : int
        Seed of the noise.

    Returns
    -------
    counted : xarray.Dataset (SXI_IMAGE)
    found : dict of str to xarray.Dataset (MAGNETOPAUSE)
        By method, in words.
    """
    expected = sxi.expected_counts(
        image, exposure=exposure, background=background
    )
    counted = sxi.expose(expected, rng=rng)
    found = {}
    for method in methods:
        try:
            one = magnetopause.locate(
                counted, pointing, method=method, quantity="counts"
            )
        except ValueError:
            continue  # nothing can be found in it, and nothing is drawn
        found[method.replace("_", " ")] = one
    return counted, found


def image(
    counted: xr.Dataset,
    pointing: xr.Dataset,
    found: Mapping[str, xr.Dataset],
    *,
    title: str,
) -> hv.Overlay:
    """Return the counts of an exposure with the edges found in it.

    Parameters
    ----------
    counted : xarray.Dataset (SXI_IMAGE)
        With `counts`, at one time.
    pointing : xarray.Dataset (POINTING)
    found : mapping of str to xarray.Dataset (MAGNETOPAUSE)
        By method, in words.
    title : str
    """
    SXI_IMAGE.check(counted)
    values = counted["counts"].transpose("fov_lat", "fov_lon").values
    lon, lat = counted["fov_lon"].values, counted["fov_lat"].values
    axes = [
        hv.Dimension((name, f"{name} [deg]"))
        for name in ("fov_lon", "fov_lat")
    ]
    top = max(float(np.nanmax(values)), 1.0)
    pixels = hv.Image(
        (lon, lat, values), axes, hv.Dimension("counts", range=(0.0, top))
    ).opts(cmap="inferno", tools=["hover"], frame_width=540, frame_height=320)
    rims = []
    for name, one in found.items():
        MAGNETOPAUSE.check(one)
        edge = camera.project(
            magnetopause.rim(one, pointing), sxi.SXI, pointing
        )
        rims.append(
            hv.Curve(
                (edge["fov_lon"].values, edge["fov_lat"].values),
                *axes,
                label=f"{name}, {float(one['standoff']):.2f} Rᴇ",
            ).opts(color=METHOD[name], line_width=2.5)
        )
    return picture(
        [pixels, *rims],
        title=f"{title}: counts, simulated",
        xlim=(float(lon[0]), float(lon[-1])),
        ylim=(float(lat[0]), float(lat[-1])),
        legend="right" if rims else "",
    )


def table(
    found: Mapping[str, xr.Dataset], truth: Mapping[str, float]
) -> pd.DataFrame:
    """Return what each method found, and how far off it is [R_E].

    Parameters
    ----------
    found : mapping of str to xarray.Dataset (MAGNETOPAUSE)
    truth : mapping of str to float
        Standoff by each definition.
    """
    return pd.DataFrame(
        {
            name: {
                "standoff": float(one["standoff"]),
                "stated uncertainty": float(one["standoff_uncertainty"]),
            }
            | {
                f"less {definition}": float(one["standoff"]) - there
                for definition, there in truth.items()
            }
            for name, one in found.items()
        }
    ).T


def scatter(swept: pd.DataFrame) -> hv.Overlay:
    """Return the errors of repeated exposures against their length.

    Parameters
    ----------
    swept : pandas.DataFrame
        Of `events.requirement.sweep`.
    """
    across = hv.Dimension(("exposure", "exposure [s]"))
    up = hv.Dimension(("error", "found less true [Rᴇ]"))
    dots = [
        hv.Scatter(
            (part["exposure"].to_numpy(), part["error"].to_numpy()),
            across,
            up,
            label=method.replace("_", " "),
        ).opts(color=METHOD[method.replace("_", " ")], size=7, alpha=0.7)
        for method, part in swept.dropna(subset=["error"]).groupby("method")
    ]
    least, most = swept["exposure"].min(), swept["exposure"].max()
    required = hv.HSpan(-0.5, 0.5).opts(color="#009E73", alpha=0.12)
    return graph(
        [required, *dots],
        title="Repeated exposures of one sky, simulated; band: required",
        xlim=(0.7 * float(least), 1.4 * float(most)),
        ylim=(-1.2, 1.2),
        legend="right",
        logx=True,
        xformatter="%d",
        frame_width=480,
        frame_height=260,
    ).opts(
        xticks=sorted(int(seconds) for seconds in swept["exposure"].unique()),
        xlabel="exposure [s]",
        ylabel="found less true [Rᴇ]",
    )
