"""The edges of the cusp: found in an X-ray image, and as they are in a cube.

The cusp is a funnel of magnetosheath plasma that reaches through the
magnetopause toward the pole. At a distance from Earth below that of the nose
it is a patch, and the edges are where the noon meridian enters and leaves it.
A line of sight runs through much else that shines, so the edges are not where
the image is steepest: a whole magnetosheath is fitted, with a cusp of free
depth, width, place and roundness, and its surface is cut at the distance.
Wang et al. (2026) take an ellipse at one altitude instead.
"""

from __future__ import annotations

from typing import Final

import xarray as xr

from smile_explore.physics import masks
from smile_explore.retrieval import (
    _cusp_fit,
    _cusp_found,
    _cusp_labels,
    _cusp_truth,
    _found,
)
from smile_explore.retrieval._families import Family
from smile_explore.retrieval._view import NoMagnetopause
from smile_explore.schema import CUBE, POINTING, SXI_IMAGE

__all__ = ["edges", "truth"]

_QUANTITIES: Final = ("intensity", "counts")
_HEMISPHERES: Final = ("north", "south")
_DEFINITIONS: Final = ("plasma", "pressure")


def edges(
    image: xr.Dataset,
    pointing: xr.Dataset,
    *,
    quantity: str = "intensity",
    radius: float | None = None,
    hemisphere: str = "north",
    dipole_tilt: float | xr.DataArray | None = None,
    evaluations: int = 40,
) -> xr.Dataset:
    """Find the edges of the cusp in an X-ray image, or each of a series.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        One image, or a series along `time`. Lazy images are computed.
    pointing : xarray.Dataset (POINTING)
        Where the image was taken from and to; at the times of the image
        where it has `time`.
    quantity : {"intensity", "counts"}
        What to fit. Pixels without an intensity are left out.
    radius : float, optional
        Geocentric distance at which the edges are wanted; half way between
        the deepest point of the cusp and the standoff unless given. [R_E]
    hemisphere : {"north", "south"}
    dipole_tilt : float or xarray.DataArray, optional
        As in `magnetopause.locate`: that of the time of the image unless
        given, 0 for an image without a time. [deg]
    evaluations : int
        Most steps of the fit.

    Returns
    -------
    cusp : xarray.Dataset (CUSP)
        For each edge ``angle`` from +X in the plane y = 0, ``position``,
        magnetic ``latitude`` (above 90 deg behind the pole) and, along a
        dipole, ``invariant_latitude``, its place in the image ``fov_lon``
        and ``fov_lat``, and ``uncertainty`` along the meridian, one standard
        deviation: noise, priors and, for the method itself, 0.5 R_E of the
        equatorward and 0.3 R_E of the poleward edge, or 1.5 R_E where one of
        the two is out of view. Beside them ``radius``, ``deepest`` and
        ``standoff`` of the fitted surface, ``dipole_tilt``, ``misfit``,
        ``converged``, and ``status``, ``"found"`` or why not. An edge that
        is out of view or does not exist is NaN; at and beyond the
        distance of the nose there is no equatorward edge, for the sheath
        begins there. `assumptions` in the attributes.

    Raises
    ------
    ValueError
        If the quantity or hemisphere is unknown, the radius or tilt cannot
        be, a time has no pointing, or, for a single image, if nothing is
        found: too few counts, negative or NaN counts, no bright arc, a
        pointing that misses the cusp, Earth or the Sun in view, or a cusp
        that does not reach down to `radius`. In a series such an image
        becomes NaN, and its ``status`` says why.

    Notes
    -----
    `docs/cusp.md` has the figures. SXI's own pointing keeps so far off Earth
    that, without a strong tilt, only the outer cusp is in view.

    References
    ----------
    .. [1] Wang et al. (2026), https://doi.org/10.26464/epp2026013
    .. [2] Wharton et al. (2025), https://github.com/swharton1/CMEM
    .. [3] Lin et al. (2010), https://doi.org/10.1029/2009JA014235
    """
    SXI_IMAGE.check(image)
    POINTING.check(pointing)
    _check_choices(image, quantity, radius, hemisphere, evaluations)
    brightness = image[quantity].transpose(..., "fov_lat", "fov_lon")
    tilts = _found.tilts(dipole_tilt, brightness)
    brightness, pointing, leading = _found.along_time(brightness, pointing)
    views = _found.views(
        brightness,
        pointing,
        quantity=quantity,
        families=[Family("lin", float(tilt)) for tilt in tilts],
        exposures=_found.exposures(image, len(tilts)),
    )
    rows = []
    for n, view in enumerate(views):
        try:
            cusp = _cusp_found.fitted(view, hemisphere, evaluations)
            row = _cusp_found.described(
                cusp, radius, brightness, pointing.isel(time=n)
            )
        except (_cusp_found.NoCusp, NoMagnetopause) as reason:
            if not leading:
                raise
            row = _cusp_labels.nothing(str(reason), float(tilts[n]))
        rows.append(row)
    return _cusp_labels.labelled(rows, leading, quantity, hemisphere)


def truth(
    cube: xr.Dataset,
    *,
    radius: float,
    definition: str = "plasma",
    hemisphere: str = "north",
    dipole_tilt: float | None = None,
) -> xr.Dataset:
    """Edges of the cusp in an MHD state, in the noon meridian.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        MHD state or analytic cube, with or without `time`; computed.
    radius : float
        Geocentric distance. [R_E]
    definition : {"plasma", "pressure"}
        ``"plasma"``: where the share of solar wind plasma falls to half, of
        the cube itself or as `masks.by_tracing` makes it; what shines.
        ``"pressure"``: where the thermal pressure falls to 0.7 of its
        greatest in the cusp, after Sun et al. (2019); no mask.
    hemisphere : {"north", "south"}
    dipole_tilt : float, optional
        That of the cube's attributes unless given, else 0. [deg]

    Returns
    -------
    cusp : xarray.Dataset (CUSP)
        Without uncertainty; NaN where the cusp does not reach down to
        `radius`, or, for an edge, where the arc meets none.

    Raises
    ------
    ValueError
        If `cube` is no CUBE, a name is unknown, or the radius is outside it.

    Notes
    -----
    Between nodes everything is linear: in a mask of zeros and ones an edge
    is known to half a cell.
    """
    CUBE.check(cube)
    _one_of("definition", definition, _DEFINITIONS)
    _one_of("hemisphere", hemisphere, _HEMISPHERES)
    reach = min(float(abs(cube[axis]).max()) for axis in ("x", "z"))
    if not 1.0 < radius < reach:
        raise ValueError(
            f"radius must lie within the cube, 1 to {reach:g} R_E, got "
            f"{radius}"
        )
    tilt = cube.attrs.get("dipole_tilt", 0.0)
    tilt = float(tilt if dipole_tilt is None else dipole_tilt)
    north = hemisphere == "north"
    angles = _cusp_fit.ANGLES
    pressure = _cusp_truth.on_arc(
        cube["density"] * cube["temperature"], radius, north
    )
    field = pressure
    if definition == "plasma":
        fraction = masks.solar_wind_fraction(cube)
        field = _cusp_truth.on_arc(fraction, radius, north)
    leading = {"time": cube["time"]} if "time" in field.dims else {}
    rows = []
    for arc, hot in zip(
        field.values.reshape(-1, angles.size),
        pressure.values.reshape(-1, angles.size),
        strict=True,
    ):
        found = _cusp_truth.edges_on_arc(arc, hot, definition, tilt, north)
        rows.append(_cusp_labels.place(found, radius, tilt, north))
    return _cusp_labels.placed(rows, leading, definition, hemisphere)


def _check_choices(
    image: xr.Dataset,
    quantity: str,
    radius: float | None,
    hemisphere: str,
    evaluations: int,
) -> None:
    _one_of("quantity", quantity, _QUANTITIES)
    _one_of("hemisphere", hemisphere, _HEMISPHERES)
    if quantity not in image:
        raise ValueError(
            f"the image has no {quantity}, only "
            f"{', '.join(map(str, image.data_vars))}; expose it first"
        )
    if radius is not None and not 2.0 <= radius <= 20.0:
        raise ValueError(f"radius must be within 2 to 20 R_E, got {radius}")
    if evaluations < 1:
        raise ValueError(f"evaluations must be 1 or more, got {evaluations}")


def _one_of(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(
            f"{name} must be one of {', '.join(known)}, got {given!r}"
        )
