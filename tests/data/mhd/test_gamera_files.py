"""Cubes of GAMERA in HDF5, and LFM's in HDF4.

Files are written here as kaiju's ``gameraio`` writes them: corners X, Y, Z,
times in groups, Fortran's order of indices, units as attributes.
"""

import dask.array
import h5py
import numpy as np
import pytest
import xarray as xr

from smile_explore.data import mhd
from smile_explore.data.mhd import gamera_files
from smile_explore.data.mhd.grids import Grid
from tests.data.mhd import linear_plasma

CELLS = (10, 12, 16)  # outwards, from the Sun to the tail, around
NAMES = {"n": "D", "p": "P", "ux": "Vx", "uy": "Vy", "uz": "Vz"}
UNITS = {"D": "#/cc", "P": "nPa", "V": "km/s", "B": "nT"}


def corners(cells=CELLS):
    """An egg about x, 2.5 to 12 R_E sunward and 2.5 to 30 R_E tailward."""
    share = np.linspace(0.0, 1.0, cells[0] + 1)[:, None, None]
    angle = np.linspace(0.0, np.pi, cells[1] + 1)[:, None]
    turn = np.linspace(0.0, 2.0 * np.pi, cells[2] + 1)
    far = 12.0 / (1.0 - 0.6 * np.sin(angle / 2.0) ** 2)
    radius = 2.5 * (far / 2.5) ** share
    x = radius * np.cos(angle) * np.ones_like(turn)
    y = radius * np.sin(angle) * np.cos(turn)
    z = radius * np.sin(angle) * np.sin(turn)
    return x, y, z


def of_cells(side):
    mean = sum(
        side[i : i - 1 or None, j : j - 1 or None, k : k - 1 or None]
        for i in (0, 1)
        for j in (0, 1)
        for k in (0, 1)
    )
    return mean / 8.0


def write(path, steps=2, part=(slice(None),) * 3, corner=None):
    """Write the file of one rank, or of all."""
    sides = corners()
    made = linear_plasma.fields(*map(of_cells, sides))
    fields = {NAMES.get(name, name.title()): made[name] for name in made}
    with h5py.File(path, "w") as file:
        file.attrs["UnitsID"] = np.bytes_("EARTH")
        for name, side in zip("XYZ", sides, strict=True):
            file[name] = side[corner or part].T.astype("f4")
        for number in range(steps):
            # the root keeps names sorted: Step#10 stands before Step#2
            group = file.create_group(f"Step#{number + 9}")
            group.attrs["MJD"] = 56094.875 + number / 1440.0
            group.attrs["time"] = 60.0 * number
            for name, value in fields.items():
                later = number if name == "D" else 0.0
                group[name] = (value[part] + later).T.astype("f4")
                group[name].attrs["Units"] = np.bytes_(UNITS[name[0]])
            group["Pb"] = group["P"][...]
    return path


@pytest.fixture
def path(tmp_path):
    return write(tmp_path / "msphere.gam.h5")


def radius_and_far(cube):
    radius = np.sqrt(cube.x**2 + cube.y**2 + cube.z**2)
    half = 0.5 * (1.0 - cube.x / radius.where(radius > 0.0, 1.0))
    return radius, 12.0 / (1.0 - 0.6 * half)


def test_linear_fields_come_out_exactly_where_the_grid_is(path):
    cube = gamera_files.read(path, {}, grid=Grid(1.0)).compute()
    radius, far = radius_and_far(cube)
    inside = (radius > 3.2) & (radius < 0.84 * far)
    density = cube.density.isel(time=0)
    assert int(inside.sum()) > 8000
    assert not density.where(inside, 1.0).isnull().any()
    assert density.where(radius < 2.5, np.nan).isnull().all()
    assert density.where(radius > far, np.nan).isnull().all()
    # also between the last cells around and the first, and on the x axis
    assert not density.sel(x=slice(4, 9), y=0, z=0).isnull().any()
    assert not density.sel(x=slice(-20, -4), y=0, z=0).isnull().any()
    linear_plasma.check(
        cube.isel(time=0), rtol=1e-5, atol=1e-4, where=density.notnull()
    )


def test_times_follow_the_numbers_of_the_steps(path):
    cube = gamera_files.read(path, {}, grid=Grid(2.0))
    # MJD 56094 is 16 June 2012
    np.testing.assert_array_equal(
        cube.time,
        np.array(["2012-06-16T21:00", "2012-06-16T21:01"], "M8[ns]"),
    )
    step = cube.density.isel(time=1) - cube.density.isel(time=0)
    np.testing.assert_allclose(step.mean(), 1.0, rtol=1e-5)


def test_a_cube_of_gamera_is_lazy_and_says_what_it_is(path):
    cube = gamera_files.read(path, {"time": 1, "x": 20}, grid=Grid(0.5))
    assert isinstance(cube.density.data, dask.array.Array)
    assert cube.density.chunksizes["time"] == (1, 1)
    assert cube.density.chunksizes["x"][0] == 20
    assert cube.density.dtype == np.float32
    assert cube.attrs["frame"] == "SM"
    assert cube.attrs["resampled"].endswith("to 0.5 R_E")
    assert "rectangular grid of 0.5 R_E" in cube.attrs["assumed"]
    np.testing.assert_allclose(np.diff(cube.x), 0.5)
    assert float(cube.x[0]) == -20.0  # cut out of the tail
    assert 10.0 <= float(cube.x[-1]) < 12.0  # the last centres of cells


def test_the_tiles_of_a_parallel_run_make_one_cube(path, tmp_path):
    half, third = CELLS[0] // 2, CELLS[1] // 3
    for i in range(2):
        for j in range(3):
            own = [(i * half, half), (j * third, third)]
            part = [slice(first, first + size) for first, size in own]
            corner = [slice(first, first + size + 1) for first, size in own]
            write(
                tmp_path / f"run_0002_0003_0001_{i:04}_{j:04}_0000.gam.h5",
                part=(*part, slice(None)),
                corner=(*corner, slice(None)),
            )
    tile = tmp_path / "run_0002_0003_0001_0001_0002_0000.gam.h5"
    xr.testing.assert_identical(
        gamera_files.read(tile, {}, grid=Grid(2.0)).compute(),
        gamera_files.read(path, {}, grid=Grid(2.0)).compute(),
    )
    other = tmp_path / "run_0002_0003_0001_0000_0001_0000.gam.h5"
    with h5py.File(other, "a") as file:
        del file["Step#10"]
    with pytest.raises(ValueError, match="has 1 times and run_0002_.* 2, or"):
        gamera_files.read(tile, {})
    other.unlink()
    with pytest.raises(ValueError, match="6 tiles of a run, and 1 are not"):
        gamera_files.read(tile, {})


def test_an_empty_cell_has_no_temperature(path):
    with h5py.File(path, "a") as file:
        file["Step#9/D"][...] = 0.0
    cube = gamera_files.read(path, {}, grid=Grid(4.0)).isel(time=0)
    assert float(cube.density.max()) == 0.0
    assert cube.temperature.isnull().all()


# -- the door ----------------------------------------------------------------


def test_the_door_tells_gamera_from_netcdf(path):
    from smile_explore.data.mhd.formats import recognise

    assert recognise(path).name == "GAMERA as HDF5"
    xr.Dataset({"X": 1.0}).to_netcdf(path.with_name("other.nc"))
    assert recognise(path.with_name("other.nc")).name == "NetCDF or Zarr"


def _without_velocity(file):
    del file["Step#10/Vy"]


def _without_date(file):
    del file["Step#9"].attrs["MJD"]


def _of_jupiter(file):
    file.attrs["UnitsID"] = "JUPITER"


def _in_code_units(file):
    file["Step#9/P"].attrs["Units"] = "erg/cm3"


def _without_any_units(file):
    del file.attrs["UnitsID"]
    file["Step#9/D"].attrs["Units"] = "CODE"


def _of_other_size(file):
    del file["Step#9/D"]
    file["Step#9/D"] = np.zeros((3, 4, 5))


def _flat(file):
    del file["Z"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without_velocity, "Step#10 lacks Vy"),
        (_without_date, "Step#9 lacks the date MJD"),
        (_of_jupiter, "its UnitsID is JUPITER"),
        (_in_code_units, "P must be in nPa or one of .*, got erg/cm3"),
        (_without_any_units, "its UnitsID is CODE"),
        (_of_other_size, "Step#9 must have .* cells"),
        (_flat, "a run in two dimensions"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(path, spoil, message):
    with h5py.File(path, "a") as file:
        spoil(file)
    with pytest.raises(ValueError, match=rf"msphere\.gam\.h5.*{message}"):
        mhd.open_cube(path)


def test_a_grid_is_made_at_the_spacing_that_the_door_was_asked_for(path):
    cube = mhd.open_cube(path, grid=1.0)
    np.testing.assert_allclose(np.diff(cube.x), 1.0)
    assert "x -20 to 10 by 1," in cube.attrs["resampled"]  # in SM


def test_a_spacing_too_wide_is_refused(path):
    with pytest.raises(ValueError, match="fewer than two points 50 R_E"):
        gamera_files.read(path, {}, grid=Grid(50.0))


@pytest.mark.parametrize("share", [0.3, 0.95])
def test_a_file_cut_short_is_refused(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=r"msphere\.gam\.h5 cannot be read"):
        mhd.open_cube(path)


def test_lfm_in_hdf4_is_refused_with_a_way_out(tmp_path):
    path = tmp_path / "LFM_mhd_2012-06-16T22-00-00Z.hdf"
    path.write_bytes(b"\x0e\x03\x13\x01" + bytes(200))
    with pytest.raises(ValueError, match="is HDF4, as LFM writes it"):
        mhd.open_cube(path)
