"""Files of successive times, opened as one cube."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import mhd


def written(folder, minute, *, name=None, side=3, **more):
    """One small file of a uniform plasma; its density is the minute."""
    axis = np.arange(float(side))
    grid = ("time", "z", "y", "x")
    shape = (1, side, side, side)
    fields = {
        "density": (grid, np.full(shape, minute)),
        "temperature": (grid, np.full(shape, 100.0)),
        "velocity": ((*grid, "component"), np.zeros((*shape, 3))),
        "magnetic_field": ((*grid, "component"), np.ones((*shape, 3))),
    }
    time = np.datetime64("2014-09-12T15:00", "ns")
    times = [time + np.timedelta64(int(60 * minute), "s")]
    data = xr.Dataset(
        {**fields, **more}, {"time": times, **dict.fromkeys("xyz", axis)}
    )
    path = folder / (name or f"cube_{minute:g}.nc")
    data.assign_attrs(model="test", number=minute).to_netcdf(path)
    return path


def test_files_make_one_lazy_series_sorted_by_time(tmp_path):
    paths = [written(tmp_path, minute) for minute in (2.0, 10.0, 6.0)]
    for source in (paths, f"{tmp_path}/*.nc", tmp_path / "cube_*.nc"):
        cube = mhd.open_cube(source)
        assert cube.density.chunksizes["time"] == (1, 1, 1)
        np.testing.assert_array_equal(
            cube.density.isel(x=0, y=1, z=2), [2.0, 6.0, 10.0]
        )
        assert (np.diff(cube.time) == np.timedelta64(240, "s")).all()
    assert cube.attrs["file"] == "cube_2.nc to cube_10.nc (3 in all)"
    assert cube.attrs["model"] == "test"
    assert "number" not in cube.attrs


def test_zarr_and_netcdf_may_be_mixed(tmp_path):
    first = written(tmp_path, 0.0)
    second = tmp_path / "second.zarr"
    xr.open_dataset(written(tmp_path, 1.0)).to_zarr(second, zarr_format=2)
    assert mhd.open_cube([second, first]).sizes["time"] == 2


def test_a_missing_step_is_refused_by_name_unless_allowed(tmp_path):
    for minute in (0.0, 1.0, 2.0, 4.0):
        written(tmp_path, minute)
    said = r"between cube_2.nc \(2014-09-12T15:02:00\) and cube_4.nc"
    with pytest.raises(ValueError, match=said + r".*: 120 s where 60 s"):
        mhd.open_cube(tmp_path / "*.nc")
    cube = mhd.open_cube(tmp_path / "*.nc", gaps="allow")
    assert cube.sizes["time"] == 4


def test_a_cadence_that_wavers_is_no_missing_step(tmp_path):
    for minute in (0.0, 1.0, 2.2, 3.0):
        written(tmp_path, minute)
    assert mhd.open_cube(tmp_path / "*.nc").sizes["time"] == 4


def test_a_time_given_twice_is_refused_by_name(tmp_path):
    for name in ("a.nc", "b.nc"):
        written(tmp_path, 3.0, name=name)
    written(tmp_path, 4.0)
    with pytest.raises(ValueError, match=r"a.nc and b.nc are of the same"):
        mhd.open_cube(tmp_path / "*.nc", gaps="allow")


def test_mixed_grids_are_refused_unless_one_is_given(tmp_path):
    written(tmp_path, 0.0)
    written(tmp_path, 1.0, side=4)
    with pytest.raises(ValueError, match=r"differ in their grid along x .*4"):
        mhd.open_cube(tmp_path / "*.nc")
    cube = mhd.open_cube(
        tmp_path / "*.nc", grid=1, box=dict.fromkeys("xyz", (0, 2))
    )
    assert cube.sizes["time"] == 2
    assert cube.sizes["x"] == 3


def test_files_with_other_variables_are_refused(tmp_path):
    written(tmp_path, 0.0)
    written(tmp_path, 1.0, driver_density=("time", [5.0]))
    with pytest.raises(ValueError, match="only one of .* has driver_density"):
        mhd.open_cube(tmp_path / "*.nc")


def test_a_file_without_time_has_no_place_in_a_series(tmp_path):
    path = written(tmp_path, 0.0)
    with xr.open_dataset(written(tmp_path, 1.0, name="t.nc")) as timed:
        timed.isel(time=0, drop=True).to_netcdf(tmp_path / "still.nc")
    with pytest.raises(ValueError, match="still.nc does not say its time"):
        mhd.open_cube([path, tmp_path / "still.nc"])


def test_nothing_to_open_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no MHD cube fits .*\*.out"):
        mhd.open_cube(tmp_path / "*.out")
    with pytest.raises(ValueError, match="no MHD cube was given"):
        mhd.open_cube([])
    with pytest.raises(FileNotFoundError, match="no MHD cube at .*none.nc"):
        mhd.open_cube([tmp_path / "none.nc"])
