"""X-ray emissivity between parametric boundaries, to fit to images.

Both models are zero within the magnetopause, a power of the distance in the
magnetosheath and A2 (r / 10)^-3 in the solar wind. `jorgensen` lets both
boundaries flare freely in Y and Z; `cmem` takes its magnetopause from Lin et
al. (2010) for a given solar wind and scales it, cusps included.

Both are linear in the amplitudes, so `components` gives their images one by
one: a fit searches the shape alone and solves for the amplitudes.

The parameters are small frozen dataclasses, because a fit replaces one by one
(``dataclasses.replace``) and takes them as a vector (``dataclasses.astuple``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from smile_explore.physics import _emissivity_formula as formula
from smile_explore.physics import boundaries
from smile_explore.physics.solar_wind import magnetic_pressure
from smile_explore.schema import SOLAR_WIND

__all__ = [
    "CmemParameters",
    "JorgensenParameters",
    "Shape",
    "cmem",
    "components",
    "jorgensen",
    "shape",
]

LIN_COEFFICIENTS = boundaries.LIN_COEFFICIENTS
#: CMEM was fitted with 0.5 m n v^2, where this package has m n v^2. [1]
_CMEM_PRESSURE = 0.5
_POSITIVE = ("magnetopause", "magnetopause_scale", "bow_shock")
_AMPLITUDES = ("sheath", "wind", "flank")


@dataclass(frozen=True)
class JorgensenParameters:
    """Parameters of `jorgensen`, by default a fit to an MHD run.

    The authors' code calls the run S05D20V600, 20 cm-3 and 600 km/s; Jung et
    al. (2024) quote the fit for 22.5 cm-3 and 400 km/s. Symbols of the paper
    are in brackets. Start values for any wind: `emissivity_starts`.
    """

    magnetopause: float = 6.708  #: subsolar distance [r0, R_E]
    bow_shock: float = 8.827  #: subsolar distance [r0, R_E]
    magnetopause_y: float = 0.5805  #: flaring toward Y [alpha_y]
    magnetopause_z: float = 0.4082  #: flaring toward Z [alpha_z]
    bow_shock_y: float = 0.7827  #: flaring toward Y [alpha_y]
    bow_shock_z: float = 0.7979  #: flaring toward Z [alpha_z]
    slope: float = 2.49080  #: fall with distance [alpha]
    slope_flank: float = -1.64578  #: change of it to the flank [beta]
    sheath: float = 3.2285e-5  #: [A1, eV cm-3 s-1]
    wind: float = 1.35885e-5  #: [A2, eV cm-3 s-1]
    flank: float = -1.79847e-5  #: times sin(theta)^8 [B, eV cm-3 s-1]


@dataclass(frozen=True)
class CmemParameters:
    """Parameters of `cmem`, by default start values of the authors.

    The bow shock is **an example**, for a magnetopause at 10 R_E, for the
    authors start it from the solar wind, as `emissivity_starts.cmem` does.
    Symbols of the authors are in brackets.
    """

    magnetopause_scale: float = 1.0  #: of Lin's subsolar distance [p0]
    bow_shock: float = 13.0  #: subsolar distance [bs, R_E]
    flaring_scale: float = 1.0  #: of Lin's exponent [p1]
    cusp_depth: float = 3.0  #: of Lin's cusps [p2]
    cusp_slope: float = 4.0  #: of Lin's cusps; more is narrower [p3]
    bow_shock_y: float = 0.8  #: flaring toward Y [ay_bs]
    bow_shock_z: float = 0.8  #: flaring toward Z [az_bs]
    slope: float = 2.5  #: fall with distance [alpha]
    slope_flank: float = -1.6  #: change of it to the flank [beta]
    fade: float = 2.0  #: exp(-B (theta / 2)^4) away from the nose [B]
    sheath: float = 1.5e-5  #: [A1, eV cm-3 s-1]
    wind: float = 1.3e-5  #: [A2, eV cm-3 s-1]


Parameters = JorgensenParameters | CmemParameters


class Shape(NamedTuple):
    """What `emissivity_rays.model_image` needs beside the rays."""

    kind: int
    magnetopause: np.ndarray
    bow_shock: np.ndarray
    sheath: np.ndarray


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
    _check(parameters, JorgensenParameters)
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
    _check(parameters, CmemParameters)
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


def shape(
    parameters: Parameters,
    solar_wind: xr.Dataset | None = None,
    *,
    dipole_tilt: float = 0.0,
) -> Shape:
    """Return the boundaries and the sheath as the compiled kernel has them.

    Parameters
    ----------
    parameters : JorgensenParameters or CmemParameters
    solar_wind, dipole_tilt : optional
        For CMEM, as in `cmem`.

    Returns
    -------
    shape : Shape
        ``model_image(origins, directions, *shape)`` takes it.

    Raises
    ------
    TypeError, ValueError
        As `jorgensen` and `cmem`.
    """
    _check(parameters, (JorgensenParameters, CmemParameters))
    p = parameters
    bow_shock = np.array([p.bow_shock, p.bow_shock_y, p.bow_shock_z])
    if isinstance(p, JorgensenParameters):
        inner = np.array([p.magnetopause, p.magnetopause_y, p.magnetopause_z])
        return Shape(0, inner, bow_shock, np.array([p.slope, p.slope_flank]))
    if solar_wind is None:
        raise TypeError("CMEM needs the solar_wind (SOLAR_WIND) at one time")
    inner = _lin(p, solar_wind, np.radians(dipole_tilt))
    sheath = np.array([p.slope, p.slope_flank, p.fade])
    return Shape(1, inner, bow_shock, sheath)


def _check(parameters: Any, kinds: Any) -> None:
    if not isinstance(parameters, kinds):
        listed = kinds if isinstance(kinds, tuple) else (kinds,)
        raise TypeError(
            f"parameters must be {' or '.join(k.__name__ for k in listed)}, "
            f"got {type(parameters).__name__}"
        )
    for name in (field.name for field in fields(parameters)):
        value = getattr(parameters, name)
        if not np.isfinite(value):
            raise ValueError(f"{name} must be finite, got {value}")
        if name in _POSITIVE and not value > 0.0:
            raise ValueError(f"{name} must be positive, got {value}")


def _lin(p: CmemParameters, wind: xr.Dataset, tilt: float) -> np.ndarray:
    """Return Lin's magnetopause for this wind, scaled as CMEM does."""
    SOLAR_WIND.check(wind)
    if wind["dynamic_pressure"].size != 1:
        raise ValueError(
            "solar_wind must be at one time, got "
            f"{wind['dynamic_pressure'].size}; select it with "
            '.sel(time=..., method="nearest")'
        )
    a = LIN_COEFFICIENTS
    field = wind["magnetic_field"].values.reshape(3)
    bz = field[2]
    pressure = _CMEM_PRESSURE * wind["dynamic_pressure"].item()
    pressure += magnetic_pressure(np.linalg.norm(field))
    standoff = a[0] * pressure ** a[1]
    standoff *= 1.0 + a[2] * boundaries._bend(bz, a[3], a[4])
    flaring = [
        a[6] + a[7] * boundaries._bend(bz, a[8], a[9]),
        a[10],
        a[11] + a[12] * tilt,
        a[13],
    ]
    steady = a[16] + a[18] * tilt**2
    return np.array(
        [
            p.magnetopause_scale * standoff,
            *(p.flaring_scale * np.array(flaring)),
            a[5],
            p.cusp_depth * a[14] * pressure ** a[15],
            p.cusp_slope * (steady + a[17] * tilt),
            p.cusp_slope * (steady - a[17] * tilt),
            a[19] + a[20] * tilt,
            a[19] - a[20] * tilt,
            a[21],
        ]
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
