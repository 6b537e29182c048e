import subprocess
import sys

import astropy.units as u
import numpy as np
import pytest
import xarray as xr
from astropy.coordinates import CartesianRepresentation
from scipy.spatial.transform import Rotation

from smile_explore import frames

NAMES = list(frames.FRAMES)


def vectors(*, frame="GSM", start="2012-06-16T19:00", count=25, step=437):
    """Random vectors at times that fall between the computed matrices."""
    time = np.datetime64(start, "ns") + np.arange(count) * np.timedelta64(
        step, "s"
    )
    return xr.DataArray(
        np.random.default_rng(1).normal(size=(count, 3)),
        dims=("time", "component"),
        coords={"time": time, "component": ["x", "y", "z"]},
        attrs={"frame": frame, "units": "nT"},
        name="magnetic_field",
    )


def by_sunpy(values, time, source, to):
    """Transform positions one by one with sunpy, nothing else."""
    import astropy.coordinates
    import sunpy.coordinates.frames

    def system(name):
        module = astropy.coordinates
        if name not in ("GEO", "GEI"):
            module = sunpy.coordinates.frames
        return getattr(module, frames.FRAMES[name])

    point = system(source)(
        CartesianRepresentation(values.T * 1e5 * u.km), obstime=time
    )
    seen = point.transform_to(system(to)(obstime=time)).cartesian.xyz
    return seen.to_value(u.km).T / 1e5


def angle(first, second):
    """Angle between vectors along the last axis. [deg]"""
    cross = np.linalg.norm(np.cross(first, second), axis=-1)
    return np.degrees(np.arctan2(cross, np.sum(first * second, axis=-1)))


@pytest.mark.parametrize("to", ["SM", "MAG", "GEO", "GEI"])
def test_rotation_agrees_with_sunpy_to_a_thousandth_of_a_degree(to):
    vector = vectors()
    expected = by_sunpy(vector.values, vector["time"].values, "GSM", to)
    rotated = frames.rotate(vector, to=to)
    assert angle(rotated.values, expected).max() < 1e-3
    assert rotated.attrs == {"frame": to, "units": "nT"}


def test_gse_differs_from_sunpy_only_by_the_aberration_of_positions():
    vector = vectors()
    time = vector["time"].values
    there = by_sunpy(vector.values, time, "GSM", "GSE")
    opposite = by_sunpy(-vector.values, time, "GSM", "GSE")
    rotated = frames.rotate(vector, to="GSE").values
    # v_Earth / c = 20.5 arcsec = 0.0057 deg, equal for opposite points
    assert angle(rotated, there).max() < 0.0057 + 1e-3
    assert angle(rotated, (there - opposite) / 2).max() < 1e-3


def test_gsm_and_gse_share_their_first_axis():
    ex = vectors().copy(data=np.tile([1.0, 0.0, 0.0], (25, 1)))
    assert angle(frames.rotate(ex, to="GSE").values, ex.values).max() < 0.006


@pytest.mark.parametrize("to", NAMES)
def test_there_and_back_is_the_same_vector(to):
    vector = vectors()
    back = frames.rotate(frames.rotate(vector, to=to), to="GSM")
    xr.testing.assert_allclose(back, vector, rtol=0, atol=1e-14)
    assert back.attrs == vector.attrs


@pytest.mark.parametrize("source", NAMES)
def test_axes_stay_orthogonal_and_right_handed(source):
    axes = xr.DataArray(
        np.eye(3),
        dims=("axis", "component"),
        coords={"time": np.datetime64("2014-09-12T15:57:31", "ns")},
        attrs={"frame": source},
    )
    for to in NAMES:
        matrix = frames.rotate(axes, to=to).values
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-14)
        assert np.linalg.det(matrix) == pytest.approx(1.0)


@pytest.mark.parametrize("frame", ["GSE", "GSM", "SM", "MAG", "GEO"])
def test_interpolated_matrices_are_right_to_5e_4_deg(frame):
    # far from the computed matrices, in seasons and years apart
    hours = np.arange(0, 48, 5)
    for day in ("2012-12-21", "2014-03-20", "2026-09-02"):
        times = np.datetime64(day, "s") + 3600 * hours + 150
        exact = frames._computed(times - np.datetime64(0, "s"), frame)
        turn = frames._rotations(times, frame) * (
            Rotation.from_matrix(exact).inv()
        )
        assert np.degrees(turn.magnitude()).max() < 5e-4


@pytest.mark.parametrize(
    ("time", "tilt"),
    [
        ("2012-06-16T22:25", 24.106),
        ("2012-06-17T12:00", 25.976),
        ("2014-09-12T16:00", 13.535),
    ],
)
def test_dipole_tilt_has_the_values_of_geopack_and_pyspedas(time, tilt):
    assert frames.dipole_tilt(time) == pytest.approx(tilt, abs=0.003)


def test_dipole_tilt_is_shaped_like_the_time_it_was_asked_for():
    time = vectors()["time"]
    labelled = frames.dipole_tilt(time)
    assert labelled.dims == ("time",)
    assert labelled.attrs["units"] == "deg"
    np.testing.assert_array_equal(labelled, frames.dipole_tilt(time.values))
    assert frames.dipole_tilt(time.values[3]) == pytest.approx(
        float(labelled[3]), abs=1e-12
    )


def test_dipole_tilt_is_the_angle_between_sm_and_gsm():
    ez = vectors().copy(data=np.tile([0.0, 0.0, 1.0], (25, 1)))
    ez.attrs["frame"] = "SM"
    dipole = frames.rotate(ez, to="GSM")
    tilt = np.radians(frames.dipole_tilt(ez["time"]))
    np.testing.assert_allclose(dipole[:, 0], np.sin(tilt), atol=1e-12)
    np.testing.assert_allclose(dipole[:, 1], 0.0, atol=1e-12)


@pytest.mark.parametrize("kind", ["numpy", "dask", "one time", "field"])
def test_every_shape_of_vector_rotates_alike(kind):
    vector = vectors()
    expected = frames.rotate(vector, to="SM")
    if kind == "numpy":
        given, wanted = vector.transpose("component", "time"), expected.T
    elif kind == "dask":
        given, wanted = vector.chunk(time=10), expected
    elif kind == "one time":
        given, wanted = vector.isel(time=7), expected.isel(time=7)
    else:
        given = vector.expand_dims(x=[1.0, 2.0], axis=1)
        wanted = expected.expand_dims(x=[1.0, 2.0], axis=1)
    rotated = frames.rotate(given, to="SM")
    assert (rotated.chunks is not None) == (kind == "dask")
    xr.testing.assert_allclose(rotated, wanted, rtol=0, atol=1e-14)
    assert rotated.dims == given.dims


def test_single_precision_is_kept():
    assert frames.rotate(vectors().astype("f4"), to="SM").dtype == "f4"


@pytest.mark.parametrize("time", ["2026-11-20", "2031-01-01"])
def test_times_beyond_the_tables_need_no_network(time):
    vector = vectors(start=time, count=2)
    rotated = frames.rotate(vector, to="GEO")
    np.testing.assert_allclose(
        np.linalg.norm(rotated, axis=-1), np.linalg.norm(vector, axis=-1)
    )


@pytest.mark.parametrize(
    ("change", "to", "message"),
    [
        (lambda v: v.drop_attrs(), "SM", "magnetic_field does not say its fr"),
        (lambda v: v, "RTN", "unknown frame 'RTN'; the known ones are GSM"),
        (lambda v: v.assign_attrs(frame="?"), "SM", "unknown frame '?'"),
        (lambda v: v.drop_vars("time"), "SM", "has no coordinate time"),
        (lambda v: v.isel(component=0), "SM", "must have a dimension compon"),
        (
            lambda v: v.assign_coords(
                time=v["time"].where(v["time"] > v["time"][1])
            ),
            "SM",
            "2 of 25 times are missing",
        ),
    ],
)
def test_incomplete_vectors_are_refused(change, to, message):
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        frames.rotate(change(vectors()), to=to)


def test_a_bare_array_is_refused():
    with pytest.raises(TypeError, match=r"must be an xarray\.DataArray"):
        frames.rotate(np.zeros(3), to="GSM")


def test_importing_frames_does_not_import_sunpy():
    code = (
        "import sys, smile_explore.frames; "
        "sys.exit('sunpy' in sys.modules or 'astropy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
