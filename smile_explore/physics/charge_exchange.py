"""Soft X-rays from solar wind ions that take electrons from the exosphere.

Every constant in them is uncertain: the efficiency by a factor of two, the
hydrogen by another. So both are arguments, and the result records them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.physics.exosphere import cravens_hydrogen
from smile_explore.physics.masks import solar_wind_fraction
from smile_explore.schema import CUBE

__all__ = ["EFFICIENCY", "ION_SHARE", "emissivity"]

#: Photon energy times cross-section, summed over ions and lines, per proton,
#: by source. Both are the settings of public codes; what composition and band
#: they stand for is not stated there. `ion_emission.efficiency` adds one up
#: from a composition. [eV cm2]
EFFICIENCY: Final[Mapping[str, float]] = MappingProxyType(
    {
        # https://github.com/swharton1/Emissivity_Cubes, used with CMEM
        "emissivity_cubes": 1e-15,
        # Mshpy23, Jung et al. (2024), after Cravens et al. (2001),
        # https://doi.org/10.26464/epp2023065
        "mshpy": 6e-16,
    }
)

#: **An assumption**: the ions' share of the temperature of ions and electrons
#: together, if "ion" is asked for; in the magnetosheath ions are the hotter.
ION_SHARE: Final = 0.8

_SQUARE_KM_PER_EV = 3.0 * ELEMENTARY_CHARGE / PROTON_MASS / 1e6
_CM_PER_KM = 1e5


def emissivity(
    cube: xr.Dataset,
    *,
    efficiency: float | xr.DataArray = EFFICIENCY["emissivity_cubes"],
    hydrogen: Callable[[xr.DataArray], xr.DataArray] = cravens_hydrogen,
    mask: Callable[[xr.Dataset], xr.DataArray] | None = solar_wind_fraction,
    thermal: str = "total",
    ion_share: float = ION_SHARE,
) -> xr.DataArray:
    """X-rays emitted per volume, P = efficiency n_H n_p g.

    g = sqrt(v^2 + 3 k T / m_p) is the mean speed at which ions and hydrogen
    meet. T is the cube's temperature, of ions and electrons together, as
    those codes have it, or the ions' part of it, which makes g lower in slow,
    hot plasma.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        Plasma, lazy or not.
    efficiency : float or xarray.DataArray, optional
        Energy times cross-section per proton; `EFFICIENCY` has values by
        source, `ion_emission.by_speed` a series along time. [eV cm2]
    hydrogen : callable, optional
        Hydrogen density [cm-3] from geocentric distance [R_E]. Another
        density at 10 R_E: ``partial(cravens_hydrogen, density_at_10=40.0)``.
    mask : callable or None, optional
        Share of solar wind plasma, 0 to 1, from the cube; None for 1, which
        lets the magnetosphere shine as if it were solar wind.
    thermal : {"total", "ion"}, optional
        The pressure p that makes the thermal speed sqrt(3 p / (n m_p)): the
        total one, of ions and electrons, or the ions' alone.
    ion_share : float, optional
        The ions' part of the total pressure; only for ``thermal="ion"``.

    Returns
    -------
    emissivity : xarray.DataArray
        With the dimensions and the chunks of the density; efficiency,
        hydrogen, mask and thermal are in its attrs. [eV cm-3 s-1]

    Raises
    ------
    ValueError
        If the cube is not a CUBE, `efficiency` is negative, not finite or at
        other times, `thermal` is another word, or `ion_share` is not from 0
        to 1.

    Notes
    -----
    Where the mask is 0 nothing shines, even if the plasma there is NaN, as
    it is within the inner boundary of an MHD run. Elsewhere NaN stays NaN.

    References
    ----------
    .. [1] Cravens (2000), https://doi.org/10.1086/312574.
    .. [2] Sibeck et al. (2018), https://doi.org/10.1007/s11214-018-0504-7.
    """
    CUBE.check(cube)
    efficient = np.asarray(efficiency, dtype=float)
    efficiency = _checked_efficiency(efficiency, cube)
    share, described = _thermal(thermal, ion_share)
    velocity = cube["velocity"]
    # without a copy of all three components, and a NaN stays NaN
    square = xr.dot(velocity, velocity, dim="component")
    hot = cube["temperature"]
    speed = np.sqrt(square + share * _SQUARE_KM_PER_EV * hot)
    density = cube["density"]
    radius = _radius(density)
    neutral = hydrogen(radius).astype(radius.dtype)
    result = density * speed * neutral * (efficiency * _CM_PER_KM)
    attrs: dict[str, Any] = {
        "units": "eV cm-3 s-1",
        "long_name": "X-ray emissivity",
        "efficiency": efficient.tolist(),
        "hydrogen": _name(hydrogen),
        "mask": "none" if mask is None else _name(mask),
        "thermal": described,
    }
    if mask is not None:
        fraction = mask(cube)
        result = xr.where(fraction == 0.0, 0.0, result * fraction)
        if "method" in fraction.attrs:
            attrs["mask_method"] = fraction.attrs["method"]
    result = result.transpose(..., *density.dims).rename("emissivity")
    result.attrs = attrs
    return result


def _checked_efficiency(
    efficiency: float | xr.DataArray, cube: xr.Dataset
) -> float | xr.DataArray:
    """Return it in the precision of the cube, or refuse it."""
    value = np.asarray(efficiency, dtype=float)
    if not ((value >= 0.0) & (value < np.inf)).all():
        raise ValueError(
            f"efficiency must be zero or above, got {value} eV cm2"
        )
    if not isinstance(efficiency, xr.DataArray):
        return float(value)
    if "time" in efficiency.dims and "time" in cube.dims:
        here, there = efficiency["time"].values, cube["time"].values
        if not np.array_equal(here, there):
            raise ValueError(
                f"efficiency ({here.size} times from {here[0]}) must be at "
                f"the times of the cube ({there.size} from {there[0]}); "
                "interpolate it with .interp(time=cube.time)"
            )
    kind = np.result_type(cube["density"].dtype, np.float32)
    return efficiency.astype(kind)


def _thermal(thermal: str, ion_share: float) -> tuple[float, str]:
    """Return the part of the temperature that counts, and how to tell it."""
    if thermal not in ("total", "ion"):
        raise ValueError(f"thermal must be total or ion, got {thermal!r}")
    if not 0.0 <= ion_share <= 1.0:
        raise ValueError(f"ion_share must be from 0 to 1, got {ion_share}")
    if thermal == "total":
        return 1.0, "total pressure"
    return ion_share, f"ion pressure, {ion_share:g} of the total"


def _radius(density: xr.DataArray) -> xr.DataArray:
    """Geocentric distance of all nodes, in blocks and bytes as the density."""
    kind = np.result_type(density.dtype, np.float32)
    square: Any = 0.0
    for name in ("x", "y", "z"):
        places = density[name].values
        axis = xr.DataArray(places.astype(kind), {name: places})
        if density.chunks is not None:
            axis = axis.chunk({name: density.chunksizes[name]})
        square = square + axis**2
    return np.sqrt(square)


def _name(function: Callable[..., Any]) -> str:
    """Return the name of a function with its options, given or default."""
    options: dict[str, Any] = {}
    while isinstance(function, partial):
        options = {**function.keywords, **options}
        function = function.func
    options = {**(getattr(function, "__kwdefaults__", None) or {}), **options}
    name = getattr(function, "__name__", type(function).__name__)
    listed = ", ".join(f"{key}={value}" for key, value in options.items())
    return f"{name}({listed})" if listed else name
