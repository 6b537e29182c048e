"""Cubes of OpenGGCM in CDF.

Files are written here as Kameleon's converter of OpenGGCM lays them out, which
``read_openggcm_mhd.py`` of swharton1/Emissivity_Cubes reads: flat variables of
one record, x fastest, axes and vectors along -x, -y, z GSE.
"""

import json

import dask.array
import numpy as np
import pytest
from cdflib import cdfwrite

from smile_explore.data import mhd
from smile_explore.data.mhd import openggcm_files
from tests.data.mhd import linear_plasma

#: Of the model: x grows away from the Sun; stretched.
AXES = {
    "x": np.r_[-20.0:-12.0:5j, -11.0:11.0:23j, 14.0:60.0:9j],
    "y": np.r_[-30.0:-8.0:7j, -7.0:7.0:15j, 8.0:30.0:7j],
    "z": np.r_[-25.0:-8.0:6j, -7.0:7.0:15j, 8.0:20.0:5j],
}
UNITS = {"rho": "amu/cm^3", "p": "nPa", "u": "km/s", "b": "nT", "x": "R"}
TOLD = {
    "model_name": "OpenGGCM",
    "grid_1_type": "GSE_JR",
    "standard_grid_target": "GSE",
    "start_time": "2012-06-16T22:00:00.000Z",
    "elapsed_time_in_seconds": 90.5,
    "dipole_update": "no",
    "dipole_tilt": 24.0,
    "dipole_tilt_y": 0.0,
    "r_body": "3.0",
}


def write(path, told=None, units=None, drop=(), scale=None, **extra):
    units = UNITS | (units or {})
    fields = linear_plasma.in_model_axes(AXES)
    fields["rho"] = fields.pop("n")
    fields["eta"] = 0.0 * fields["p"]
    variables = AXES | fields | {"x_bx": AXES["x"] + 0.1} | extra
    file = cdfwrite.CDF(path)
    file.write_globalattrs(
        {n: {0: v} for n, v in (TOLD if told is None else told).items()}
    )
    for name, values in variables.items():
        if name in drop:
            continue
        values = np.asarray(values) * (scale or {}).get(name, 1.0)
        spec = {
            "Variable": name,
            "Data_Type": 44,  # CDF_FLOAT
            "Num_Elements": 1,
            "Rec_Vary": True,
            "Dim_Sizes": [values.size],
        }
        unit = units.get(name, units.get(name[0] if len(name) == 2 else "x"))
        file.write_var(
            spec,
            {"units": unit, "mask": -1.09951162778e12},
            values.astype("f4").reshape(1, -1),
        )
    file.close()
    return path


@pytest.fixture
def path(tmp_path):
    return write(tmp_path / "run.3df_012345.cdf")


def test_every_value_stands_where_it_was_computed(path):
    cube = mhd.open_cube(path).isel(time=0).compute()
    np.testing.assert_allclose(cube.x, -AXES["x"][::-1], rtol=1e-6)
    np.testing.assert_allclose(cube.y, -AXES["y"][::-1], rtol=1e-6)
    np.testing.assert_allclose(cube.z, AXES["z"], rtol=1e-6)
    outside = cube.x**2 + cube.y**2 + cube.z**2 >= 9.0
    assert cube.density.where(~outside).isnull().all()
    linear_plasma.check(cube, rtol=3e-6, atol=1e-4, where=outside)


def test_a_cube_of_openggcm_is_lazy_and_says_what_it_is(path):
    cube = mhd.open_cube(path, chunks={"x": 20})
    assert isinstance(cube.density.data, dask.array.Array)
    assert cube.density.chunksizes["x"] == (20, 17)
    assert cube.density.dtype == np.float32
    assert cube.attrs["model"] == "OpenGGCM"
    assert cube.attrs["format"] == "OpenGGCM as CDF"
    assert cube.attrs["dipole_tilt"] == 24.0
    assert "NaN within 3 R_E" in cube.attrs["assumed"]
    assert cube.time.values == np.datetime64("2012-06-16T22:01:30.5")


@pytest.mark.parametrize(
    ("told", "frame"),
    [
        (TOLD, "GSM"),  # the dipole stays in the x-z plane
        (TOLD | {"dipole_tilt_y": -12.0}, "GSE"),
        (TOLD | {"dipole_update": "yes"}, "GSE"),
        ({"model_name": "ucla_ggcm"}, "GSE"),
    ],
)
def test_the_frame_is_gsm_only_where_the_dipole_makes_it_so(
    tmp_path, told, frame
):
    # as the reader says it: the door may turn the cube to GSM
    cube = openggcm_files.read(write(tmp_path / "run.cdf", told), {})
    assert cube.attrs["frame"] == frame
    assert ("time" in cube.dims) == ("start_time" in told)


def test_the_metadata_of_an_idealised_run_are_its_driver(tmp_path):
    path = write(tmp_path / "run.cdf", {"model_name": "OpenGGCM"})
    wind = {"N": "5", "T": "232090.36", "Vx": "-400", "Vy": "30", "Vz": "0"}
    wind |= {"Bx": "0", "By": "1", "Bz": "-5", "dipole_tilt": "0.0"}
    path.with_suffix(".json").write_text(
        json.dumps({"inputParameters": wind | {"runid": "Jane_1"}})
    )
    cube = mhd.open_cube(path)
    driven = mhd.driver(cube)
    assert float(driven.density) == 5.0
    np.testing.assert_allclose(driven.temperature, 20.0, rtol=1e-6)
    np.testing.assert_array_equal(driven.velocity, [-400.0, 30.0, 0.0])
    np.testing.assert_array_equal(driven.magnetic_field, [0.0, 1.0, -5.0])
    assert cube.attrs["dipole_tilt"] == 0.0


def test_pressure_in_picopascal_is_converted(tmp_path):
    ours = mhd.open_cube(write(tmp_path / "a.cdf"))
    theirs = write(tmp_path / "b.cdf", units={"p": "pPa"}, scale={"p": 1e3})
    np.testing.assert_allclose(
        mhd.open_cube(theirs).temperature, ours.temperature, rtol=1e-6
    )


def test_a_number_that_means_missing_is_missing(tmp_path):
    rho = np.full((AXES["z"].size, AXES["y"].size, AXES["x"].size), 7.0)
    rho[0, 0, 0] = -1.09951162778e12  # Kameleon's FLOAT_MASK
    cube = mhd.open_cube(write(tmp_path / "a.cdf", TOLD, rho=rho))
    density = cube.density.isel(time=0).sel(x=slice(5, None)).compute()
    assert np.isnan(density[-1, -1, 0])
    assert int(density.isnull().sum()) == 1


# -- refused -----------------------------------------------------------------


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_file_cut_short_is_refused(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=r"run\.3df_012345\.cdf"):
        mhd.open_cube(path)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.cdf").touch()
    with pytest.raises(ValueError, match=r"empty\.cdf is empty"):
        mhd.open_cube(tmp_path / "empty.cdf")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"told": {"model_name": "BATSRUS"}}, "is CDF of BATSRUS; of CDF fi"),
        ({"drop": ("rho", "bz")}, "it lacks rho, bz; it has x, y, z, p, ux"),
        ({"units": {"u": "furlong/h"}}, "ux must be in km s-1 or one of"),
        ({"units": {"x": "km"}}, "x must be in R_E or one of .*, got km"),
        ({"p": np.ones(7)}, "p has 7 values, but the axes x, y, z make 27"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path, change, message):
    path = write(tmp_path / "other.cdf", **change)
    with pytest.raises(ValueError, match=rf"other\.cdf.* ?{message}"):
        mhd.open_cube(path)


def test_metadata_that_are_none_are_refused(path):
    path.with_suffix(".json").write_text('{"inputParameters": {"N": "many"}}')
    with pytest.raises(ValueError, match=r"json beside run\.3df_012345\.cdf"):
        mhd.open_cube(path)
