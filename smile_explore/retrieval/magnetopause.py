"""The magnetopause: found in an X-ray image, and as it is in the MHD cube.

Methods are judged against `truth`. The tangent fit follows Sun et al.
(2020): a surface of the shape of Shue et al. (1997) is moved until its rim,
the lines of sight that graze it, lies on the brightest arc of the image.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from smile_explore.retrieval import _found, _truth
from smile_explore.retrieval._families import PRIORS, Family
from smile_explore.retrieval._tells import CRITERIA
from smile_explore.schema import (
    COMPONENTS,
    CUBE,
    MAGNETOPAUSE,
    POINTING,
    SXI_IMAGE,
)

__all__ = ["locate", "locate_by", "rim", "truth", "truth_by"]

_METHODS: Final = tuple(CRITERIA)
_QUANTITIES: Final = ("intensity", "counts")


def truth(
    cube: xr.Dataset, *, definition: str = "density_gradient"
) -> xr.DataArray:
    """Standoff distance of the magnetopause in an MHD state.

    Parameters
    ----------
    cube : xarray.Dataset (CUBE)
        MHD state; lazy cubes give a lazy answer with one task per time.
    definition : str
        What is called the magnetopause on the Sun-Earth line:

        ``"last_closed"``
            The farthest closed field line: the most robust of the four, and
            the one to use while a shock passes.
        ``"density_gradient"``
            The steepest rise of the density away from Earth.
        ``"current"``
            The strongest current, the length of curl B.
        ``"fluopause"``
            The nearest approach to Earth of the streamlines that start 0.5
            R_E from the line, where flow from the solar wind turns, after
            ref. [1]_. The flow is taken as steady; where it carries the
            boundary along, streamlines leak in, and the answer is NaN.

    Returns
    -------
    standoff : xarray.DataArray
        NaN where the definition finds nothing: no closed line, no peak
        within 1 R_E of the last closed line (interplanetary shocks and
        current sheets lie farther), or leaking streamlines. Gradient and
        current are refined by a parabola; they differ by up to a cell from
        grid effects, and by physics where the boundary is broad. [R_E]

    Raises
    ------
    ValueError
        If `cube` is no CUBE or the definition is unknown.

    References
    ----------
    .. [1] Palmroth et al. (2003), https://doi.org/10.1029/2002JA009446
    """
    return truth_by([definition], cube)[definition].rename("standoff")


def truth_by(definitions: Sequence[str], cube: xr.Dataset) -> xr.Dataset:
    """Standoff distance by several definitions, reading the cube once.

    Parameters
    ----------
    definitions : sequence of str
    cube : xarray.Dataset (CUBE)

    Returns
    -------
    standoffs : xarray.Dataset
        What `truth` returns, by definition. [R_E]

    Raises
    ------
    ValueError
        As `truth` does.
    """
    CUBE.check(cube)
    for definition in definitions:
        if definition not in _truth.DEFINITIONS:
            raise ValueError(
                f"definition must be one of {', '.join(_truth.DEFINITIONS)}, "
                f"got {definition!r}"
            )
    axes = tuple(cube[a].values.astype(np.float64) for a in "xyz")
    names = ["density", "velocity", "magnetic_field"]
    if any(cube[name].chunks for name in names):
        leading = set(cube["density"].dims) - set("xyz")
        whole = dict.fromkeys(("x", "y", "z", "component"), -1)
        cube = cube[names].chunk({**dict.fromkeys(leading, 1), **whole})

    def of_one(*fields: np.ndarray) -> np.ndarray:
        density, velocity, field = (
            np.ascontiguousarray(f, np.float32) for f in fields
        )
        state = _truth.State(axes, density, velocity, field)
        return np.array([_truth.DEFINITIONS[d](state) for d in definitions])

    grid = ["x", "y", "z"]
    standoffs = xr.apply_ufunc(
        of_one,
        *(cube[name] for name in names),
        input_core_dims=[grid, [*grid, "component"], [*grid, "component"]],
        output_core_dims=[["definition"]],
        vectorize=True,
        dask="parallelized",
        output_dtypes=[np.float64],
        dask_gufunc_kwargs={"output_sizes": {"definition": len(definitions)}},
    )
    return xr.Dataset(
        {
            definition: standoffs.isel(definition=n).assign_attrs(
                units="R_E",
                long_name="subsolar standoff distance",
                definition=definition,
            )
            for n, definition in enumerate(definitions)
        }
    )


def locate(
    image: xr.Dataset,
    pointing: xr.Dataset,
    *,
    method: str = "tangent_fit",
    quantity: str = "intensity",
    shape: str = "lin",
    dipole_tilt: float | xr.DataArray | None = None,
    strip: float = 4.0,
    evaluations: int = 30,
) -> xr.Dataset:
    """Find the magnetopause in an X-ray image, or in each of a series.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        One image, or a series along `time`. Lazy images are computed.
    pointing : xarray.Dataset (POINTING)
        Where the image was taken from and to; at the times of the image
        where it has `time`.
    method : {"tangent_fit", "maximum", "gradient", "tangent_direction", \
"boundary_fit"}
        How to find it:

        ``"tangent_fit"``
            A surface whose visible rim is the bright arc, refs. [1]_, [2]_.
        ``"maximum"``, ``"gradient"``
            The surface that the brightest line of sight along the Sun-Earth
            line grazes, or that at the steepest rise of the brightness on
            the side of Earth, ref. [4]_. Not where that line crosses the
            axis: `axis_crossing` tells how far off that would be.
        ``"tangent_direction"``
            The surface that the brightest lines of sight of all images of a
            series envelop, ref. [2]_, the same at all times: it must have
            been at rest. `section_x` and `section_distance` are points of
            its cross-section without a model.
        ``"boundary_fit"``
            Magnetopause, bow shock and the emissivity between, of CMEM for
            `shape` "lin", refs. [5]_ and [6]_, of Jorgensen et al. for
            "shue", to all pixels at once, by Poisson likelihood.
    quantity : {"intensity", "counts"}
        What to fit. Pixels without an intensity are left out.
    shape : {"lin", "shue"}
        Surfaces to choose from: those of Lin et al. (2010), ref. [3]_, with
        cusps, or the axisymmetric ones of Shue et al. (1997) that ref. [1]_
        fits. SMILE looks over the pole along the cusps.
    dipole_tilt : float or xarray.DataArray, optional
        Tilt of the cusps, positive where the northern magnetic pole leans to
        the Sun; that of the time of the image unless given, and 0 for an
        image without a time. Give that of the run for images of an MHD run
        that has its own. [deg]
    strip : float
        Full width of the strip along the Sun-Earth line in which `maximum`
        and `gradient` look. [deg]
    evaluations : int
        Most steps of the boundary fit. One that has not converged gives its
        last state, with ``converged`` False, and says so in ``status``.

    Returns
    -------
    magnetopause : xarray.Dataset (MAGNETOPAUSE)
        ``standoff``, ``flaring`` and their uncertainties; ``radius`` of the
        fitted surface in the half plane of the spacecraft, at ``azimuth``,
        out to the widest angle of the rim in the image and NaN beyond;
        ``dipole_tilt``; ``converged``; and ``status``, ``"found"`` or why
        not. The standoff of an image without any value (SXI is off) is NaN.
        Uncertainties are one standard deviation: the scatter along the rim,
        the prior on the flaring, and how far the method is off on images of
        MHD runs, 0.2 R_E for the fits, 0.35 for the maximum and the tangent
        directions, 0.4 for the gradient. That last part is a bias more than
        a scatter: it does not fall when exposures are averaged.

    Raises
    ------
    ValueError
        If the method, the quantity or the shape is unknown, a time has no
        pointing, the tilt cannot be, or, for a single image, if nothing can
        be found in it: too few counts, negative or NaN counts, no bright
        arc, a pointing that misses the magnetosheath, Earth or the Sun in
        the field of view. In a series such an image becomes NaN, and its
        ``status`` says why.

    Notes
    -----
    Flaring and standoff are degenerate where the rim covers few angles, so
    the flaring has a prior. About 0.6 R_E beyond the rim must be in view.

    On images of surfaces of the family without noise the standoff is found
    to 0.1 R_E, or 0.2 R_E where only the cusps are grazed. On images of the
    MHD runs the last closed field line is 0.1 R_E inside what is found for
    northward IMF, and 0.2 to 0.3 R_E outside it for southward, where solar
    wind comes in on open lines; `events.requirement` measures it all.
    It grows to 1 R_E in the two minutes in which a shock pushes in
    the nose and not yet the flanks: then the boundary is no member of any
    family. From where SMILE flies the surfaces of Shue find the nose up to
    1 R_E too near, for the rim runs along the cusps.

    References
    ----------
    .. [1] Sun et al. (2020), https://doi.org/10.1029/2020JA028169
    .. [2] Collier and Connor (2018), https://doi.org/10.1029/2018JA025763
    .. [3] Lin et al. (2010), https://doi.org/10.1029/2009JA014235
    .. [4] Samsonov et al. (2022), https://doi.org/10.1029/2022JA030850
    .. [5] Jorgensen et al. (2019), https://doi.org/10.1029/2018JA025919
    .. [6] Wharton et al. (2025), https://github.com/swharton1/CMEM
    """
    settings = _found.Settings(method, quantity, shape, strip, evaluations)
    (found,) = _located(image, pointing, [settings], dipole_tilt)
    return found


def locate_by(
    methods: Sequence[str],
    image: xr.Dataset,
    pointing: xr.Dataset,
    *,
    quantity: str = "intensity",
    dipole_tilt: float | xr.DataArray | None = None,
) -> dict[str, xr.Dataset]:
    """Find the magnetopause by several methods, and take each image once.

    Parameters
    ----------
    methods : sequence of str
    image, pointing, quantity, dipole_tilt
        As `locate` takes them.

    Returns
    -------
    found : dict of xarray.Dataset (MAGNETOPAUSE)
        What `locate` returns, by method.

    Raises
    ------
    ValueError
        As `locate` does.
    """
    every = [_found.Settings(method, quantity) for method in methods]
    found = _located(image, pointing, every, dipole_tilt)
    return dict(zip(methods, found, strict=True))


def _located(
    image: xr.Dataset,
    pointing: xr.Dataset,
    every: Sequence[_found.Settings],
    dipole_tilt: float | xr.DataArray | None,
) -> list[xr.Dataset]:
    """Find it by methods that have the quantity and the shape in common."""
    SXI_IMAGE.check(image)
    POINTING.check(pointing)
    for settings in every:
        _check_choices(image, settings)
    quantity, shape = every[0].quantity, every[0].shape
    brightness = image[quantity].transpose(..., "fov_lat", "fov_lon")
    tilts = _found.tilts(dipole_tilt, brightness)
    brightness, pointing, leading = _found.along_time(brightness, pointing)
    families = [Family(shape, float(tilt)) for tilt in tilts]
    views = _found.views(
        brightness,
        pointing,
        quantity=quantity,
        families=families,
        exposures=_found.exposures(image, len(families)),
    )
    found = []
    for settings in every:
        if not leading:
            told = [_found.alone(views[0], families[0], settings)]
        else:
            told = _found.each(views, families, settings)
        found.append(_found.labelled(told, leading, settings))
    return found


def rim(magnetopause: xr.Dataset, pointing: xr.Dataset) -> xr.DataArray:
    """Points of a magnetopause that lie on the edge seen in the image.

    Parameters
    ----------
    magnetopause : xarray.Dataset (MAGNETOPAUSE)
        As returned by `locate`, at one time or along `time`.
    pointing : xarray.Dataset (POINTING)
        Where it is seen from, at the same times.

    Returns
    -------
    points : xarray.DataArray, dimensions (time, point, component)
        Without `time` where neither has it. GSM, to be drawn with
        `camera.project`; NaN where there is none. [R_E]

    Raises
    ------
    ValueError
        If times differ.
    """
    MAGNETOPAUSE.check(magnetopause)
    POINTING.check(pointing)
    series, place = magnetopause, pointing["position"]
    timed = [one for one in (series.standoff, place) if "time" in one.dims]
    if len(timed) == 2 and not timed[0].time.equals(timed[1].time):
        raise ValueError(
            "a rim is seen from where SMILE was at the times of the "
            "magnetopause, the pointing has others; choose both with "
            ".sel(time=...)"
        )
    count = timed[0].sizes["time"] if timed else 1
    fields = [
        np.broadcast_to(series[name].values, (count,))
        for name in ("standoff", "flaring", "dipole_tilt")
    ]
    places = np.broadcast_to(place.transpose(..., "component"), (count, 3))
    shape = series.attrs["shape"]
    curves = [_rim(shape, *row) for row in zip(places, *fields, strict=True)]
    points = np.full((count, max(map(len, curves)), 3), np.nan)
    for n, curve in enumerate(curves):
        points[n, : len(curve)] = curve
    rims = xr.DataArray(
        points,
        dims=("time", "point", "component"),
        coords={"component": list(COMPONENTS)},
        attrs={"units": "R_E", "frame": "GSM", "long_name": "visible rim"},
    )
    return rims.assign_coords(time=timed[0].time) if timed else rims[0]


def _rim(
    shape: str,
    position: np.ndarray,
    standoff: float,
    flaring: float,
    dipole_tilt: float,
) -> np.ndarray:
    """Rim of one surface, (point, component); a single NaN if none."""
    if not np.isfinite(standoff):
        return np.full((1, 3), np.nan)
    family = Family(shape, float(dipole_tilt))
    return family.rim(position, standoff=standoff, flaring=flaring)


def _check_choices(image: xr.Dataset, settings: _found.Settings) -> None:
    choices = {"method": _METHODS, "quantity": _QUANTITIES, "shape": PRIORS}
    for name, known in choices.items():
        chosen = getattr(settings, name)
        if chosen not in known:
            raise ValueError(
                f"{name} must be one of {', '.join(known)}, got {chosen!r}"
            )
    if settings.quantity not in image:
        raise ValueError(
            f"the image has no {settings.quantity}, only "
            f"{', '.join(map(str, image.data_vars))}; expose it first"
        )
    if not 0 < settings.strip <= 30:
        raise ValueError(
            f"strip must be within 0 to 30 deg, got {settings.strip:g}"
        )
    if settings.evaluations < 1:
        raise ValueError(
            f"evaluations must be 1 or more, got {settings.evaluations}"
        )
