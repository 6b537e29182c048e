"""Which part of an MHD cube holds solar wind plasma.

Ideal MHD does not know where its plasma comes from, and the density inside
the magnetopause of such runs follows from numerical diffusion and from the
initial state, not from physics: X-rays made from it are wrong. A mask is the
share of solar wind in each cell, 1 in the solar wind and the magnetosheath
and 0 in the magnetosphere.

`by_tracing` is the default because each simpler rule fails somewhere in the
runs of this project:

* the flow alone (`by_flow`) leaks one or two cells through the magnetopause
  of a steady state, and up to nine cells, 4 R_E, while an interplanetary
  shock passes: the boundary then moves inwards with the plasma, and a frozen
  flow traced backwards crosses it. Closed field lines stop that leak;
* field topology alone leaves open the cusps and the mantle, which hold solar
  wind on lines with one foot on Earth, and the lobes, which do not: there
  the flow decides, with the pressure;
* a density threshold (`by_threshold`) keeps the dense interior of runs
  started from solar wind everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.physics import _masks_steps as steps
from smile_explore.physics._checks import check_positive
from smile_explore.schema import CUBE

__all__ = ["by_flow", "by_threshold", "by_tracing", "solar_wind_fraction"]


def solar_wind_fraction(cube: xr.Dataset) -> xr.DataArray:
    """Share of solar wind plasma in each cell of a cube.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        Its own variable ``solar_wind_fraction`` is returned when it has one,
        as analytic cubes do; otherwise `by_tracing` makes it.

    Returns
    -------
    fraction : xarray.DataArray
        0 to 1, with the dimensions of the density; ``attrs["method"]``.
    """
    CUBE.check(cube)
    if "solar_wind_fraction" in cube:
        known = cube["solar_wind_fraction"].astype(np.float32)
        known.attrs.update(cube["solar_wind_fraction"].attrs)
        known.attrs.setdefault("method", "given with the cube")
        return known
    return by_tracing(cube)


def by_tracing(
    cube: xr.Dataset,
    *,
    step: float = 1.0,
    longest: float = 100.0,
    inner_radius: float = 4.0,
    pressure_ratio: float = 0.7,
) -> xr.DataArray:
    """Mask the magnetosphere by flow, field topology and pressure together.

    A node holds solar wind when the flow traced backwards from it comes from
    the solar wind, and the field line through it is not closed (both ends on
    the inner sphere), and, should one end be on the inner sphere, when
    thermal and dynamic pressure are not overruled by the magnetic pressure:
    beta* = (p + m n v^2) / (B^2 / 2 mu_0) of at least `pressure_ratio`.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        MHD state; lazy cubes give a lazy mask with one task per time.
    step : float
        Step of the tracer as a share of a cell. With 1, two nodes in ten
        thousand differ from the answer with 0.25. [1]
    longest : float
        A line longer than this counts as lost, not as solar wind. [R_E]
    inner_radius : float
        Field lines that come nearer to Earth have a foot on it; above the
        inner boundary of the run and below any magnetopause. [R_E]
    pressure_ratio : float
        Least beta* of solar wind on a line with one foot on Earth. The
        magnetopause of ref. [1]_ is closed field lines together with beta*
        below 0.7; beta* itself is from ref. [2]_.

    Returns
    -------
    fraction : xarray.DataArray
        0 or 1, float32; 0 where the cube is NaN (inside its inner boundary).

    References
    ----------
    .. [1] Brenner et al. (2021), https://doi.org/10.3389/fspas.2021.756732
    .. [2] Xu et al. (2016), https://doi.org/10.1002/2016JA022644
    """
    settings = _tracer_settings(step, longest, inner_radius)
    check_positive(pressure_ratio=pressure_ratio)

    def mask(state: steps.State) -> np.ndarray:
        def of_nodes(nodes: np.ndarray) -> np.ndarray:
            wind = steps.flow_from_wind(state, nodes, settings)
            wind[wind] = steps.not_earths(
                state, nodes[wind], settings, pressure_ratio
            )
            return wind

        return steps.coarse_to_fine(state, of_nodes)

    return _apply(
        mask, cube, "by_tracing", step=step, longest=longest,
        inner_radius=inner_radius, pressure_ratio=pressure_ratio,
    )  # fmt: skip


def by_flow(
    cube: xr.Dataset,
    *,
    step: float = 1.0,
    longest: float = 100.0,
    inner_radius: float = 4.0,
) -> xr.DataArray:
    """Mask the magnetosphere by tracing the flow backwards.

    A node holds solar wind when its streamline, followed against the
    velocity, leaves the cube through the upstream or a side face, or reaches
    wind still as it was imposed (ahead of the bow shock). The flow is taken
    as steady: while a shock passes, this leaks; see `by_tracing`.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        MHD state; lazy cubes give a lazy mask with one task per time.
    step, longest, inner_radius : float
        As in `by_tracing`.

    Returns
    -------
    fraction : xarray.DataArray
        0 or 1, float32; 0 where the cube is NaN (inside its inner boundary).
    """
    settings = _tracer_settings(step, longest, inner_radius)

    def mask(state: steps.State) -> np.ndarray:
        def of_nodes(nodes: np.ndarray) -> np.ndarray:
            return steps.flow_from_wind(state, nodes, settings)

        return steps.coarse_to_fine(state, of_nodes)

    return _apply(
        mask, cube, "by_flow", step=step, longest=longest,
        inner_radius=inner_radius,
    )  # fmt: skip


def by_threshold(
    cube: xr.Dataset,
    *,
    density_share: float = 0.2,
    inner_radius: float = 5.0,
) -> xr.DataArray:
    """Keep what is dense enough and far enough from Earth.

    The simplest mask in use, with the numbers of the public code
    Emissivity_Cubes (S. Wharton). It fails where the interior of a run is
    dense, and it drops thin solar wind too: see `by_tracing`.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        MHD state; lazy cubes give a lazy mask in the same chunks, for cubes
        of which a single time is larger than memory.
    density_share : float
        Least density as a share of the largest outside `inner_radius`. [1]
    inner_radius : float
        Everything nearer to Earth is masked. [R_E]

    Returns
    -------
    fraction : xarray.DataArray
        0 or 1, float32.
    """
    check_positive(inner_radius=inner_radius)
    if not 0 <= density_share < 1:
        raise ValueError(
            f"density_share must be from 0 to below 1, got {density_share}"
        )

    CUBE.check(cube)
    density = cube["density"]
    if density.chunks is not None:
        density = density.chunk(dict.fromkeys(set(density.dims) - {*"xyz"}, 1))
    square: Any = 0.0
    for axis in "xyz":  # in the blocks of the density
        nodes = xr.DataArray(density[axis].values.astype(float), dims=axis)
        if density.chunks is not None:
            nodes = nodes.chunk({axis: density.chunksizes[axis]})
        square = square + nodes**2
    dense = density.where(square > inner_radius**2).fillna(0.0)
    fraction = dense > density_share * dense.max(tuple("xyz"))
    return _named(
        fraction.transpose(..., *"xyz").astype(np.float32), "by_threshold",
        density_share=density_share, inner_radius=inner_radius,
    )  # fmt: skip


def _tracer_settings(
    step: float, longest: float, inner_radius: float
) -> tuple[float, float, float, float]:
    check_positive(step=step, longest=longest, inner_radius=inner_radius)
    return (step, inner_radius, longest, steps.SLOWEST)


def _apply(
    mask: Callable[[steps.State], np.ndarray],
    cube: xr.Dataset,
    method: str,
    **settings: float,
) -> xr.DataArray:
    """Run `mask` on each time of a cube and label what comes out."""
    CUBE.check(cube)
    axes = tuple(cube[a].values.astype(np.float64) for a in "xyz")
    names = ["density", "velocity", "temperature", "magnetic_field"]
    lazy = any(cube[name].chunks for name in names)
    if lazy:
        leading = set(cube["density"].dims) - set("xyz")
        whole = dict.fromkeys(("x", "y", "z", "component"), -1)
        cube = cube[names].chunk({**dict.fromkeys(leading, 1), **whole})

    def of_one(*fields: np.ndarray) -> np.ndarray:
        return mask(steps.State(axes, *fields)).astype(np.float32)

    grid, vector = ["x", "y", "z"], ["x", "y", "z", "component"]
    fraction = xr.apply_ufunc(
        of_one,
        *(cube[name] for name in names),
        input_core_dims=[grid, vector, grid, vector],
        output_core_dims=[grid],
        vectorize=True,
        dask="parallelized",
        output_dtypes=[np.float32],
    )
    return _named(fraction, method, **settings)


def _named(
    fraction: xr.DataArray, method: str, **settings: float
) -> xr.DataArray:
    """Say what a mask is, and how it was made."""
    fraction.attrs = {
        "units": "1",
        "long_name": "share of solar wind plasma",
        "method": method,
        **settings,
    }
    return fraction.rename("solar_wind_fraction")
