"""Axes that vectors are written in: GSM, GSE, SM, MAG, GEO and GEI.

Everything inside the package is GSM; `rotate` is the only way to change
that. The axes are sunpy's (IGRF-13 dipole, IERS Earth rotation). What changes
slowly in them is taken from there, once in one or two days, and interpolated:
the direction of the Sun, Earth's axis, the dipole in Earth. The turn of Earth
and of GSM about the direction of the Sun follow at each time.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr
from scipy.spatial.transform import Rotation, Slerp

__all__ = ["FRAMES", "dipole_tilt", "matrices", "rotate"]

#: Frames known here, with what they are called in sunpy and astropy.
FRAMES = {
    "GSM": "GeocentricSolarMagnetospheric",
    "GSE": "GeocentricSolarEcliptic",
    "SM": "SolarMagnetic",
    "MAG": "Geomagnetic",
    "GEO": "ITRS",
    "GEI": "GCRS",
}

# Spacing of the computed matrices. Between them, GSE and the X axis of GSM are
# wrong by at most 3.2e-4 deg, GEO by 3e-4 deg (the pole wanders daily) and the
# dipole in GEO by much less.
_STEPS = {
    "GSE": np.timedelta64(2, "D"),
    "GSM": np.timedelta64(2, "D"),
    "GEO": np.timedelta64(1, "D"),
    "MAG": np.timedelta64(32, "D"),
}
# About 25 MB; a year in GSM takes 560.
_MOST_KEPT = 100_000
_kept: dict[tuple[str, int], Any] = {}
# In GEI; where exactly does not matter.
_ECLIPTIC_POLE = (0.0, -0.3978, 0.9175)


def rotate(vector: xr.DataArray, *, to: str) -> xr.DataArray:
    """Write a vector in the axes of another frame.

    Parameters
    ----------
    vector : xarray.DataArray
        Dimension `component`, ``attrs["frame"]`` and the coordinate `time`,
        along a dimension or scalar. Numpy or dask.
    to : str
        One of ``GSM, GSE, SM, MAG, GEO, GEI``.

    Returns
    -------
    rotated : xarray.DataArray
        Same shape, length and unit; ``attrs["frame"]`` is `to`.

    Raises
    ------
    TypeError
        If `vector` is no DataArray.
    ValueError
        If a frame is missing or unknown, or `component` or `time` is missing.

    Notes
    -----
    All frames have their origin at Earth's centre and the rotation is pure:
    a velocity keeps its reference (the motion of the axes is not taken off)
    and nothing is aberrated. sunpy displaces a *position* by up to 20.5
    arcsec (0.0057 deg) between GSE and the other frames, since it goes there
    by way of the Sun; that displacement is left out here.

    Rotate the variables of a dataset one by one: ``Dataset.map`` puts the old
    attributes, and so the old frame, back on the result.

    GEI is astropy's GCRS (mean equator of J2000). Beyond the tables of Earth
    rotation that came with astropy, UT1 = UTC (below 0.004 deg), and beyond
    2025 the dipole follows the secular variation of IGRF-13. Nothing is
    downloaded. GEO is off by up to 0.004 deg on a day that ends with a leap
    second. A matrix costs about 2 ms for each two days and frame, once; the
    interpolated ones are right to 5e-4 deg.

    References
    ----------
    .. [1] Franz and Harper (2002), Heliospheric coordinate systems,
       https://doi.org/10.1016/S0032-0633(01)00119-2
    .. [2] SunPy Project (2020), https://doi.org/10.3847/1538-4357/ab4f7a
    """
    source = _source_frame(vector, to)
    if source == to:
        return vector.copy(deep=False)
    time = vector["time"]
    turns = xr.Variable(
        (*time.dims, "component", "before"),
        matrices(time.values, of=source, to=to).astype(
            np.result_type(vector.dtype, np.float32)
        ),
    )
    # Without coordinates, which stay the same: to compare them takes longer.
    dims = ["before" if d == "component" else d for d in vector.dims]
    rotated = xr.dot(turns, xr.Variable(dims, vector.data), dim="before")
    rotated = rotated.transpose(*vector.dims)
    return vector.copy(data=rotated.data).assign_attrs(frame=to)


def matrices(time: Any, *, of: str, to: str) -> np.ndarray:
    """Return the matrices that turn vectors of one frame into another.

    Parameters
    ----------
    time : datetime64, str or array_like
        UTC.
    of, to : str
        Frames as in `rotate`.

    Returns
    -------
    matrices : numpy.ndarray, shape (..., 3, 3)
        A column vector in `of` times the matrix is that vector in `to`.

    Raises
    ------
    ValueError
        If a time is missing (NaT), or a frame is unknown.
    """
    _check_known(of, to)
    times = np.asarray(time, dtype="datetime64[ns]")
    if not times.ndim and not np.isnat(times):
        return _matrix_at(int(times.astype(np.int64)), of, to).copy()
    return _turn(times, of, to).as_matrix().reshape(*times.shape, 3, 3)


def dipole_tilt(time: Any) -> Any:
    """Angle of Earth's dipole from GSM Z, positive when north leans sunward.

    Parameters
    ----------
    time : datetime64, str, array_like or xarray.DataArray
        UTC.

    Returns
    -------
    dipole_tilt : float, numpy.ndarray or xarray.DataArray
        Like `time`. [deg]

    Raises
    ------
    ValueError
        If a time is missing (NaT).

    References
    ----------
    .. [1] Franz and Harper (2002), eq. 22,
       https://doi.org/10.1016/S0032-0633(01)00119-2
    """
    values = np.asarray(time, dtype="datetime64[ns]")
    axis = _rotations(values, "SM").inv().apply([0.0, 0.0, 1.0])
    x, _, z = _rotations(values, "GSM").apply(axis).T
    tilt = np.degrees(np.arctan2(x, z)).reshape(values.shape)
    if isinstance(time, xr.DataArray):
        labelled = time.copy(data=tilt).rename("dipole_tilt")
        labelled.attrs = {"units": "deg", "long_name": "dipole tilt"}
        return labelled
    return tilt if values.ndim else float(tilt)


def _source_frame(vector: xr.DataArray, to: str) -> str:
    if not isinstance(vector, xr.DataArray):
        raise TypeError(
            f"vector must be an xarray.DataArray, got {type(vector).__name__}"
        )
    name = vector.name or "vector"
    if "frame" not in vector.attrs:
        raise ValueError(
            f"{name} does not say its frame; set attrs['frame'] to one of "
            f"{', '.join(FRAMES)}"
        )
    _check_known(vector.attrs["frame"], to)
    if vector.sizes.get("component") != 3:
        raise ValueError(
            f"{name} must have a dimension component of size 3, got the "
            f"dimensions {dict(vector.sizes)}"
        )
    if "time" not in vector.coords:
        raise ValueError(
            f"{name} has no coordinate time, which a rotation depends on; "
            "give it one with .assign_coords(time=...)"
        )
    return vector.attrs["frame"]


def _check_known(*names: str) -> None:
    for name in names:
        if name not in FRAMES:
            raise ValueError(
                f"unknown frame {name!r}; the known ones are "
                f"{', '.join(FRAMES)}"
            )


@lru_cache(maxsize=1024)
def _matrix_at(nanoseconds: int, of: str, to: str) -> np.ndarray:
    """Keep those of single times: views ask for the same again and again."""
    time = np.array([nanoseconds], dtype="datetime64[ns]")
    return np.asarray(_turn(time, of, to).as_matrix()[0])


def _turn(times: np.ndarray, of: str, to: str) -> Rotation:
    turn = _rotations(times, to)
    return turn if of == "GEI" else turn * _rotations(times, of).inv()


def _rotations(times: np.ndarray, frame: str) -> Rotation:
    """Rotations from GEI into `frame`, one for each of the flat `times`."""
    times = np.atleast_1d(times).ravel().astype("datetime64[ns]")
    if np.isnat(times).any():
        raise ValueError(
            f"{int(np.isnat(times).sum())} of {times.size} times are missing "
            "(NaT); drop them before a rotation"
        )
    if frame == "GEI" or not times.size:
        return Rotation.identity(times.size)
    if times.size == 1:
        return _rotation_at(int(times.astype(np.int64)[0]), frame)
    return _rotations_from_gei(times, frame)


@lru_cache(maxsize=1024)
def _rotation_at(nanoseconds: int, frame: str) -> Rotation:
    """Keep those of single times: views ask for the same again and again."""
    time = np.array([nanoseconds], dtype="datetime64[ns]")
    return _rotations_from_gei(time, frame)


def _rotations_from_gei(times: np.ndarray, frame: str) -> Rotation:
    if frame == "GSE":
        return _slow(times, "GSE")
    spin, still = _spin(times), _slow(times, "GEO")
    if frame == "GEO":
        return spin * still
    mag = _slow(times, "MAG")
    if frame == "MAG":
        return mag * spin * still
    dipole = mag.inv().apply([0.0, 0.0, 1.0])
    dipole = still.inv().apply(spin.inv().apply(dipole))
    return _leaning(_slow(times, "GSM"), dipole, frame)


def _leaning(sun: Rotation, dipole: np.ndarray, frame: str) -> Rotation:
    """Turn about the Sun until the dipole is in XZ, and for SM along Z."""
    x, y, z = sun.apply(dipole).T
    gsm = _about("x", np.arctan2(y, z)) * sun
    if frame == "GSM":
        return gsm
    return _about("y", -np.arctan2(x, np.hypot(y, z))) * gsm


def _about(axis: str, angle: np.ndarray) -> Rotation:
    return Rotation.from_euler(axis, angle[:, np.newaxis])


def _spin(times: np.ndarray) -> Rotation:
    """Earth's rotation angle, IERS Conventions (2010), eq. 5.15, by UTC."""
    days = (times - np.datetime64("2000-01-01T12")) / np.timedelta64(1, "D")
    turns = np.remainder(days, 1.0) + 0.7790572732640
    return _about("z", -2.0 * np.pi * (turns + 0.00273781191135448 * days))


def _slow(times: np.ndarray, part: str) -> Rotation:
    """Interpolate what was computed at multiples of the step."""
    step = _STEPS[part].astype("timedelta64[ns]").astype(np.int64)
    nanoseconds = times.astype(np.int64)
    before = np.unique(nanoseconds // step)
    steps = np.union1d(before, before + 1)
    nodes = Rotation.from_matrix(_matrices(steps, part))
    # Counted from the first node, so that float64 resolves a nanosecond.
    start = steps[0] * step
    return Slerp((steps - steps[0]) * 1.0, nodes)((nanoseconds - start) / step)


def _matrices(steps: np.ndarray, part: str) -> np.ndarray:
    """Matrices at multiples of the step since 1970, computed or kept."""
    found = {step: _kept.get((part, step)) for step in steps.tolist()}
    lacking = [step for step, matrix in found.items() if matrix is None]
    if lacking:
        matrices = _standing(np.asarray(lacking) * _STEPS[part], part)
        found.update(zip(lacking, matrices, strict=True))
        if len(_kept) > _MOST_KEPT:
            _kept.clear()
        _kept.update(((part, step), found[step]) for step in lacking)
    return np.array(list(found.values()))


def _standing(since_1970: np.ndarray, part: str) -> np.ndarray:
    """Matrices of which the frames are made.

    Into GSE, into GSM as if the dipole were near the pole of the ecliptic,
    into GEO as if Earth stood still, and from GEO into MAG.
    """
    since_1970 = since_1970.astype("timedelta64[s]")
    whole = _computed(since_1970, part)
    if part == "GSE":
        return whole
    if part == "GSM":
        sun = whole[:, 0]
        dusk = np.cross(_ECLIPTIC_POLE, sun)
        dusk /= np.linalg.norm(dusk, axis=-1, keepdims=True)
        return np.stack([sun, dusk, np.cross(sun, dusk)], axis=1)
    if part == "GEO":
        times = np.datetime64("1970-01-01T00:00", "s") + since_1970
        return _spin(times).inv().as_matrix() @ whole
    return whole @ np.swapaxes(_computed(since_1970, "GEO"), -1, -2)


def _computed(since_1970: np.ndarray, frame: str) -> np.ndarray:
    """Matrices from GEI into `frame` by sunpy, one for each time."""
    import astropy.coordinates
    import astropy.units as u
    import sunpy.coordinates.frames
    from astropy.time import Time

    times = np.datetime64("1970-01-01T00:00", "s") + since_1970
    # Opposite points, whose half difference is free of the aberration that
    # sunpy applies on its way past the Sun; on two axes, since time goes into
    # the count of points. Any distance will do.
    points = 1e5 * np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    with _offline():
        epochs = Time(np.repeat(times, 4))
        system: Any = getattr(
            sunpy.coordinates.frames,
            FRAMES[frame],
            getattr(astropy.coordinates, FRAMES[frame], None),
        )
        gei = astropy.coordinates.GCRS(
            astropy.coordinates.CartesianRepresentation(
                np.tile(points, (times.size, 1)).T * u.km
            ),
            obstime=epochs,
        )
        seen = gei.transform_to(system(obstime=epochs)).cartesian.xyz
    seen = seen.to_value(u.km).T.reshape(times.size, 2, 2, 3) / 1e5
    x_axis, y_axis = np.moveaxis(seen[:, 0] - seen[:, 1], 1, 0) / 2.0
    return np.stack([x_axis, y_axis, np.cross(x_axis, y_axis)], axis=-1)


@contextmanager
def _offline() -> Iterator[None]:
    """Let astropy use the tables it has, old or not, and say nothing.

    By default it wants to download them for any time after the last month
    of its tables, and fails where there is no network.
    """
    from astropy.utils.exceptions import AstropyWarning
    from astropy.utils.iers import conf
    from erfa import ErfaWarning

    with ExitStack() as stack:
        stack.enter_context(conf.set_temp("auto_download", False))
        stack.enter_context(conf.set_temp("auto_max_age", None))
        stack.enter_context(conf.set_temp("iers_degraded_accuracy", "ignore"))
        stack.enter_context(warnings.catch_warnings())
        for category in (AstropyWarning, ErfaWarning):
            warnings.simplefilter("ignore", category)
        yield
