"""X-ray emissivity between parametric boundaries, to fit to images.

Both models are zero within the magnetopause, a power of the distance in the
magnetosheath and A2 (r / 10)^-3 in the solar wind. `jorgensen` lets both
boundaries flare freely in Y and Z; `cmem` takes its magnetopause from Lin et
al. (2010) for a given solar wind and scales it, cusps included.

Both are linear in the amplitudes, so `components` gives their images one by
one: a fit searches the shape alone and solves for the amplitudes. The
parameters are those of `emissivity_parameters`, where to start a fit is said
in `emissivity_starts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.physics import _emissivity_formula as formula
from smile_explore.physics.emissivity_parameters import (
    CmemParameters,
    JorgensenParameters,
    Parameters,
    Shape,
    check,
    shape,
)

__all__ = [
    "CmemParameters",
    "JorgensenParameters",
    "Shape",
    "cmem",
    "components",
    "jorgensen",
    "shape",
]

_AMPLITUDES = ("sheath", "wind", "flank")


def jorgensen(position: Any, parameters: JorgensenParameters) -> Any:
    """Emissivity in the model of Jorgensen et al. (2019).

    0 within the magnetopause, (A1 + B sin(theta)^8) (r / 10)^-(alpha + beta
    sin(theta)^2) in the sheath and A2 (r / 10)^-3 beyond the bow shock. Each
    boundary is r0 (2 / (1 + cos(theta)))^a with an exponent for Y and one for
    Z, joined as an ellipse. theta is the angle from +X.

    Parameters
    ----------
    position : xarray.DataArray or array_like
        With the dimension `component`, or x, y, z as the last axis. Lazy in,
        lazy out. [R_E]
    parameters : JorgensenParameters

    Returns
    -------
    emissivity : xarray.DataArray or numpy.ndarray
        [eV cm-3 s-1]

    Raises
    ------
    TypeError
        If `parameters` are those of another model.
    ValueError
        If `position` has not three components, or a parameter is not finite
        or a distance not positive.

    Notes
    -----
    Boundaries that cross leave no sheath between them. Where B is below -A1
    the flank is negative, as in the paper: the model is empirical.

    References
    ----------
    .. [1] Jorgensen et al. (2019), https://doi.org/10.1029/2018JA025919.
    """
    check(parameters, JorgensenParameters)
    return _evaluate(position, parameters, shape(parameters))


def cmem(
    position: Any,
    parameters: CmemParameters,
    solar_wind: xr.Dataset,
    *,
    dipole_tilt: float = 0.0,
) -> Any:
    """Emissivity in the cusp and magnetosheath emissivity model, CMEM.

    0 within the magnetopause, A1 exp(-B (theta / 2)^4) (r / 10)^-(alpha +
    beta sin(theta)^2) in the sheath and A2 (r / 10)^-3 beyond the bow shock.

    Parameters
    ----------
    position : xarray.DataArray or array_like
        As in `jorgensen`. [R_E]
    parameters : CmemParameters
    solar_wind : xarray.Dataset (SOLAR_WIND)
        At one time: dynamic pressure and magnetic field.
    dipole_tilt : float, optional
        [deg]

    Returns
    -------
    emissivity : xarray.DataArray or numpy.ndarray
        [eV cm-3 s-1]

    Raises
    ------
    TypeError, ValueError
        As `jorgensen`, and if `solar_wind` has several times.

    Notes
    -----
    All published parameters of CMEM were fitted with a dynamic pressure of
    0.5 m n v^2. `solar_wind` holds m n v^2 as everywhere in this package; it
    is halved here, so that published parameters fit. A scale of 1 is then
    *not* the magnetopause of Lin et al., but 14 percent farther out.

    References
    ----------
    .. [1] Wharton et al. (2025), https://github.com/swharton1/CMEM.
    .. [2] Lin et al. (2010), https://doi.org/10.1029/2009JA014235.
    """
    check(parameters, CmemParameters)
    settings = shape(parameters, solar_wind, dipole_tilt=dipole_tilt)
    return _evaluate(position, parameters, settings)


def components(
    position: xr.DataArray | np.ndarray | Sequence[float],
    directions: xr.DataArray,
    parameters: Parameters,
    solar_wind: xr.Dataset | None = None,
    *,
    dipole_tilt: float = 0.0,
    longest: float = 50.0,
) -> xr.DataArray:
    """Images per unit of each amplitude that a model is linear in.

    ``(components(...) * amplitude).sum("amplitude")`` is the intensity, with
    the coordinate `amplitude` for the amplitudes of `parameters`. Boundaries
    are found on each ray, so there is no grid and no step.

    Parameters
    ----------
    position : xarray.DataArray or array_like of 3 floats
        Where the rays start, outside Earth. [R_E]
    directions : xarray.DataArray
        Where they go, with dimension `component`; of any length.
    parameters : JorgensenParameters or CmemParameters
    solar_wind, dipole_tilt : optional
        For CMEM, as in `cmem`.
    longest : float, optional
        The sheath shines within this distance of `position`, as the authors
        cut their integrals; the wind shines to infinity. [R_E]

    Returns
    -------
    components : xarray.DataArray
        Led by `name`, which is "sheath", "wind" and for Jorgensen "flank",
        with the coordinate `amplitude`. [keV cm-2 s-1 sr-1 per eV cm-3 s-1]

    Raises
    ------
    TypeError, ValueError
        As `jorgensen` and `cmem`; if `position` is inside Earth or a
        direction has no length.
    """
    from smile_explore.physics.emissivity_rays import model_image

    settings = shape(parameters, solar_wind, dipole_tilt=dipole_tilt)
    origin = np.asarray(position, float).reshape(-1)
    if origin.shape != (3,) or not np.linalg.norm(origin) >= 1.0:
        raise ValueError(
            "position must be one point outside Earth with x, y and z in "
            f"R_E, got {np.asarray(position).tolist()}"
        )
    along = directions.transpose(..., "component")
    length = np.linalg.norm(along.values, axis=-1, keepdims=True)
    if (length == 0.0).any():
        raise ValueError(
            f"directions must have a length, {int((length == 0.0).sum())} of "
            f"{length.size} are (0, 0, 0)"
        )
    unit = (along.values / length).reshape(-1, 3)
    values = model_image(origin[None], unit, *settings, longest=longest)
    names = _AMPLITUDES[: len(values)]
    image = along.isel(component=0, drop=True)
    image = image.expand_dims(name=list(names)).copy(
        data=values.reshape(len(names), *image.shape)
    )
    image.attrs = {"long_name": "X-ray intensity per amplitude"}
    amplitude = [getattr(parameters, name) for name in names]
    return image.rename("components").assign_coords(
        amplitude=("name", amplitude)
    )


def _evaluate(position: Any, parameters: Parameters, settings: Shape) -> Any:
    if not isinstance(position, xr.DataArray):
        position = np.asarray(position, float)
        if position.ndim == 0 or position.shape[-1] != 3:
            raise ValueError(
                "position must have x, y, z as its last axis, got the shape "
                f"{position.shape}"
            )
        return formula.emissivity(position, parameters, settings)
    if position.sizes.get("component") != 3:
        raise ValueError(
            "position must have a dimension component of 3 values, got "
            f"{dict(position.sizes)}"
        )
    result = xr.apply_ufunc(
        formula.emissivity,
        position,
        input_core_dims=[["component"]],
        kwargs={"parameters": parameters, "shape": settings},
        dask="parallelized",
        output_dtypes=[float],
    ).rename("emissivity")
    result.attrs = {
        "units": "eV cm-3 s-1",
        "long_name": "X-ray emissivity",
        "model": repr(parameters),
    }
    return result
