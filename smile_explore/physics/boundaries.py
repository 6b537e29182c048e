"""Magnetopause and bow shock as surfaces, from the solar wind.

Every function takes numbers, numpy arrays and xarray objects alike, the last
broadcast by the names of their dimensions. Angles are `theta` from the +X
axis and `phi` around it from +Y toward +Z, in the frame (GSM, or aberrated
GSM) whose surface is wanted: no function aberrates. Pressures of zero or
below, and angles that no surface has, give NaN. The subsolar distance is the
radius at `theta` 0.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.physics._labels import label, number, where
from smile_explore.schema import COMPONENTS

__all__ = [
    "LIN_COEFFICIENTS",
    "SHUE_PRESSURES",
    "jelinek_bow_shock",
    "lin_magnetopause",
    "shue_magnetopause",
    "surface_points",
]

#: Dynamic pressures of the crossings behind Shue et al. (1997, 1998). [nPa]
SHUE_PRESSURES = (0.5, 8.5)

#: a0 to a21 of Lin et al. (2010).
LIN_COEFFICIENTS: Final = (
    (12.544, -0.194, 0.305, 0.0573, 2.178, 0.0571, -0.999, 16.473)
    + (0.00152, 0.382, 0.0431, -0.00763, -0.210, 0.0405, -4.430, -0.636)
    + (-2.600, 0.832, -5.328, 1.103, -0.907, 1.450)
)


def shue_magnetopause(theta: Any, dynamic_pressure: Any, bz: Any) -> Any:
    """Distance to the magnetopause in the model of Shue et al. (1998).

    Parameters
    ----------
    theta : array_like
        Angle from the Sun-Earth line, of either sign, below 180. [deg]
    dynamic_pressure : array_like
        Solar wind dynamic pressure m n v^2. [nPa]
    bz : array_like
        North-south component of the IMF, GSM. [nT]

    Returns
    -------
    radius : array_like
        Geocentric distance. [R_E]

    Notes
    -----
    Fitted to crossings with -18 < bz < 15 nT and 0.5 < pressure < 8.5 nPa
    (Shue et al. 1997), and extended to stronger driving by its form: the
    effect of bz levels off. For strong pressure with northward field it lies
    outside of what is observed; `lin_magnetopause` does better there.

    References
    ----------
    .. [1] Shue et al. (1998), https://doi.org/10.1029/98JA01103, eqs. 10, 11.
    """
    theta, bz = number(theta), number(bz)
    pressure = _positive(dynamic_pressure)
    standoff = (10.22 + 1.29 * np.tanh(0.184 * (bz + 8.14))) * pressure ** (
        -1.0 / 6.6
    )
    flaring = (0.58 - 0.007 * bz) * (1.0 + 0.024 * np.log(pressure))
    theta = where(np.abs(theta) < 180.0, theta)
    radius = standoff * (2.0 / (1.0 + np.cos(np.radians(theta)))) ** flaring
    return label(radius, "radius", "R_E", "distance of the magnetopause")


def lin_magnetopause(
    theta: Any,
    phi: Any,
    dynamic_pressure: Any,
    magnetic_pressure: Any,
    bz: Any,
    *,
    dipole_tilt: Any = 0.0,
) -> Any:
    """Distance to the magnetopause in the model of Lin et al. (2010).

    Not round: the cusps are indented, and north and south differ where the
    dipole is tilted.

    Parameters
    ----------
    theta : array_like
        Angle from the Sun-Earth line, 0 to below 180. [deg]
    phi : array_like
        Angle around the Sun-Earth line, from +Y toward +Z. [deg]
    dynamic_pressure : array_like
        Solar wind dynamic pressure m n v^2. [nPa]
    magnetic_pressure : array_like
        Magnetic pressure of the IMF. [nPa]
    bz : array_like
        North-south component of the IMF, GSM. [nT]
    dipole_tilt : array_like, optional
        Positive where the northern magnetic pole leans to the Sun. [deg]

    Returns
    -------
    radius : array_like
        Geocentric distance. [R_E]

    Notes
    -----
    For GSM axes corrected for aberration. The surface is open toward the
    tail, where the authors call it an extrapolation; at `theta` 180 and below
    0 it is not defined, and NaN. The crossings it was fitted to had -15 < bz
    < 5 nT and 1 to 16 nPa (second hand, not checked against the paper): the
    height of a storm extrapolates. The cusps answer to pressure and tilt, not
    to bz; NaN where they reach through Earth, below about 0.1 nPa.

    References
    ----------
    .. [1] Lin et al. (2010), https://doi.org/10.1029/2009JA014235.
    """
    a = LIN_COEFFICIENTS
    theta, phi, bz = number(theta), np.radians(number(phi)), number(bz)
    tilt = np.radians(number(dipole_tilt))
    theta = np.radians(where((theta >= 0.0) & (theta < 180.0), theta))
    pressure = _positive(
        where(number(dynamic_pressure) > 0.0, number(dynamic_pressure))
        + number(magnetic_pressure)
    )
    standoff = a[0] * pressure ** a[1] * (1.0 + a[2] * _bend(bz, a[3], a[4]))
    flaring = (
        a[6]
        + a[7] * _bend(bz, a[8], a[9])
        + a[10] * np.cos(phi)
        + (a[11] + a[12] * tilt) * np.sin(phi)
        + a[13] * np.sin(phi) ** 2
    )
    shape = np.cos(theta / 2.0) + a[5] * np.sin(2.0 * theta) * (
        1.0 - np.exp(-theta)
    )
    indented = _cusp(theta, phi, tilt) + _cusp(theta, -phi, -tilt)
    radius = standoff * shape**flaring + a[14] * pressure ** a[15] * indented
    radius = where(radius > 0.0, radius)
    return label(radius, "radius", "R_E", "distance of the magnetopause")


def jelinek_bow_shock(theta: Any, dynamic_pressure: Any) -> Any:
    """Distance to the bow shock in the model of Jelinek et al. (2012).

    A paraboloid around the Sun-Earth line that the dynamic pressure scales.

    Parameters
    ----------
    theta : array_like
        Angle from the Sun-Earth line, of either sign, below 180. [deg]
    dynamic_pressure : array_like
        Solar wind dynamic pressure m n v^2. [nPa]

    Returns
    -------
    radius : array_like
        Geocentric distance. [R_E]

    Notes
    -----
    The Mach number and the field have no say: at Mach numbers of about 3 the
    true shock stands R_E farther out. Fitted to crossings of THEMIS on the
    dayside, in aberrated GSE.

    References
    ----------
    .. [1] Jelinek et al. (2012), https://doi.org/10.1029/2011JA017252, eq. 14.
    """
    standoff, width, power = 15.02, 1.17, 6.55
    theta = number(theta)
    theta = np.radians(where(np.abs(theta) < 180.0, theta))
    nose = standoff * _positive(dynamic_pressure) ** (-1.0 / power)
    x, across = np.cos(theta), width * np.sin(theta)
    radius = 2.0 * nose / (x + np.sqrt(x**2 + across**2))
    return label(radius, "radius", "R_E", "distance of the bow shock")


def surface_points(radius: Any, theta: Any, phi: Any) -> Any:
    """Points of a surface given by its radius, e.g. to draw it.

    Parameters
    ----------
    radius : array_like
        Geocentric distance at `theta` and `phi`. [R_E]
    theta : array_like
        Angle from the +X axis. [deg]
    phi : array_like
        Angle around the +X axis, from +Y toward +Z. [deg]

    Returns
    -------
    points : xarray.DataArray or numpy.ndarray
        x, y and z along a last dimension, named `component` if any input is
        an xarray object. [R_E]
    """
    radius, theta, phi = number(radius), number(theta), number(phi)
    theta, phi = np.radians(theta), np.radians(phi)
    across = radius * np.sin(theta)
    # 0 * phi: all three have the dimensions of all inputs
    points = [
        radius * np.cos(theta) + 0.0 * phi,
        across * np.cos(phi),
        across * np.sin(phi),
    ]
    if not isinstance(points[1], xr.DataArray):
        return np.stack(points, axis=-1)
    component = xr.Variable("component", list(COMPONENTS))
    stacked = xr.concat(points, component).transpose(..., "component")
    stacked = label(stacked, "position", "R_E", "position")
    return stacked.assign_attrs(frame="GSM")


def _positive(pressure: Any) -> Any:
    pressure = number(pressure)
    return where(pressure > 0.0, pressure)


def _bend(bz: Any, rise: float, fall: float) -> Any:
    """Return the response to bz, which levels off northward."""
    return (np.exp(rise * bz) - 1.0) / (np.exp(fall * bz) + 1.0)


def _cusp(theta: Any, phi: Any, tilt: Any) -> Any:
    """Depth of the northern cusp; the southern one has -phi and -tilt."""
    a = LIN_COEFFICIENTS
    middle = a[19] + a[20] * tilt
    cosine = np.cos(theta) * np.cos(middle) + np.sin(theta) * np.sin(
        middle
    ) * np.sin(phi)
    distance = np.arccos(np.minimum(np.maximum(cosine, -1.0), 1.0))
    slope = a[16] + a[17] * tilt + a[18] * tilt**2
    return np.exp(slope * distance ** a[21])
