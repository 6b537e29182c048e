"""Cubes in another frame or on other nodes, against linear fields."""

import dask.array
import numpy as np
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.data import mhd
from smile_explore.schema import COMPONENTS

TIMES = np.array(["2012-06-16T04", "2012-06-16T16"], "M8[ns]")
AXIS = np.array([-8.0, -7.0, -5.0, -2.0, 0.0, 1.0, 3.0, 4.0, 6.0, 8.0])
SLOPE = np.array([0.3, -0.5, 0.8])


def linear(x, y, z):
    """Everything in GSM: linear in position, another one each component."""
    density = 20.0 + SLOPE[0] * x + SLOPE[1] * y + SLOPE[2] * z
    field = np.stack([x - y, 2 * y + z, 3 * z - x + 5], axis=-1)
    return density, field


def cube_in(frame):
    """The linear plasma as a model with axes of `frame` would hold it."""
    z, y, x = np.meshgrid(AXIS, AXIS, AXIS, indexing="ij")
    place = xr.DataArray(
        np.broadcast_to(np.stack([x, y, z], -1), (2, 10, 10, 10, 3)),
        {"time": TIMES, "component": list(COMPONENTS)},
        ("time", "z", "y", "x", "component"),
        attrs={"frame": frame},
    )
    gsm = frames.rotate(place, to="GSM").values
    density, field = linear(*np.moveaxis(gsm, -1, 0))
    vector = place.copy(data=field).assign_attrs(frame="GSM")
    vector = frames.rotate(vector, to=frame).drop_attrs()
    grid = ("time", "z", "y", "x")
    return xr.Dataset(
        {
            "density": (grid, density),
            "temperature": (grid, 2 * density),
            "velocity": 10 * vector,
            "magnetic_field": vector,
            "driver_density": ("time", [5.0, 6.0]),
        },
        dict.fromkeys(COMPONENTS, AXIS),
        {"frame": frame},
    )


@pytest.fixture(params=["GSE", "SM"])
def path(request, tmp_path):
    cube_in(request.param).to_netcdf(tmp_path / f"{request.param}.nc")
    return tmp_path / f"{request.param}.nc"


def compare(cube, least):
    density, field = linear(
        *xr.broadcast(cube.x, cube.y, cube.z.transpose("z"))
    )
    known = np.isfinite(cube.density).transpose("time", "z", "y", "x")
    assert known.mean() > least
    expected = xr.DataArray(density).where(known)
    xr.testing.assert_allclose(
        cube.density.drop_attrs().reset_coords(drop=True),
        expected.transpose(*cube.density.dims).reset_coords(drop=True),
    )
    vector = xr.DataArray(
        field, dims=(*density.dims, "component"), coords=density.coords
    )
    for name, factor in (("magnetic_field", 1), ("velocity", 10)):
        here = cube[name].where(known)
        np.testing.assert_allclose(
            here, (factor * vector).where(known).transpose(*here.dims),
            atol=1e-9,
        )  # fmt: skip


def test_a_cube_in_another_frame_is_turned_into_gsm(path):
    cube = mhd.open_cube(path)
    assert isinstance(cube.density.data, dask.array.Array)
    np.testing.assert_array_equal(cube.x, AXIS)
    compare(cube.compute(), least=0.7)
    assert cube.attrs["frame"] == cube.velocity.attrs["frame"] == "GSM"
    assert cube.attrs["turned_from"] == path.stem
    assert cube.attrs["frame_from"] == "file"
    np.testing.assert_array_equal(cube.driver_density, [5.0, 6.0])


def test_small_chunks_give_what_one_chunk_gives(path):
    sizes = {"time": 1, "x": 4, "y": 3, "z": 7}
    whole, parts = mhd.open_cube(path), mhd.open_cube(path, chunks=sizes)
    assert parts.density.chunksizes["y"] == (3, 3, 3, 1)
    xr.testing.assert_allclose(whole.compute(), parts.compute())


def test_the_grid_that_is_asked_for_lies_in_gsm(path):
    box = {"x": (0, 4), "y": (-3, 3), "z": (-4, 4)}
    cube = mhd.open_cube(path, grid=0.5, box=box).compute()
    assert (cube.x[0], cube.x[-1], cube.sizes["z"]) == (0.0, 4.0, 17)
    compare(cube, least=0.999)


def test_a_regular_cube_is_resampled_to_the_axes_of_another(tmp_path):
    cube_in("GSM").to_netcdf(tmp_path / "gsm.nc")
    other = {"x": [-7.5, 0.0, 7.5], "y": [-1.0, 8.0], "z": [0.25, 9.0]}
    cube = mhd.open_cube(tmp_path / "gsm.nc", grid=other).compute()
    assert bool(np.isnan(cube.density.sel(z=9.0)).all())
    compare(cube, least=0.49)
    assert "in GSM" in cube.attrs["resampled"]


def test_a_box_alone_cuts_without_resampling(tmp_path):
    cube_in("GSM").to_netcdf(tmp_path / "gsm.nc")
    cube = mhd.open_cube(tmp_path / "gsm.nc", box={"x": (0.0, 3.5)})
    np.testing.assert_array_equal(cube.x, [0.0, 1.0, 3.0])
    assert "resampled" not in cube.attrs


def test_a_box_beside_the_cube_is_refused(tmp_path):
    cube_in("GSM").to_netcdf(tmp_path / "gsm.nc")
    with pytest.raises(
        ValueError, match="gsm.nc: no node .* the file has x -8"
    ):
        mhd.open_cube(tmp_path / "gsm.nc", box={"x": (20, 30)})


def test_what_the_file_does_not_say_is_given_or_assumed(tmp_path):
    cube_in("GSE").drop_attrs().to_netcdf(tmp_path / "gse.nc")
    assumed = mhd.open_cube(tmp_path / "gse.nc")
    given = mhd.open_cube(tmp_path / "gse.nc", frame="GSE")
    assert assumed.attrs["frame_from"] == "assumed"
    assert given.attrs["frame_from"] == "given"
    compare(given.compute(), least=0.7)


def test_a_frame_against_the_file_is_refused(path):
    with pytest.raises(ValueError, match=r"given as GSM, but the file says"):
        mhd.open_cube(path, frame="GSM")


def test_another_frame_without_time_is_refused(tmp_path):
    still = cube_in("GSE").isel(time=0, drop=True)
    still.to_netcdf(tmp_path / "still.nc")
    with pytest.raises(ValueError, match=r"still.nc: .* needs a time"):
        mhd.open_cube(tmp_path / "still.nc")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"grid": -0.5}, "grid must be a spacing in R_E, .* got -0.5"),
        ({"grid": {"x": [0, 1], "y": [0, 1]}}, "it lacks z; it has x, y"),
        ({"grid": dict.fromkeys("xyz", [1, 0])}, "increasing numbers"),
        ({"box": {"x": (3, -3)}}, r"box must give .* got x: \(3, -3\)"),
        ({"box": {"w": (0, 1)}}, "for any of x, y and z, got w"),
        ({"grid": 1e-3}, "16001 x 16001 x 16001 nodes makes .* coarser"),
        ({"grid": dict.fromkeys("xyz", [0, np.inf])}, "increasing numbers"),
        ({"frame": "GEO"}, "frame must be one of GSM, GSE, SM, got 'GEO'"),
        ({"gaps": "fill"}, "gaps must be 'refuse' or 'allow', got 'fill'"),
        ({"start": "2012-06-16"}, "says its times itself; leave start out"),
    ],
)
def test_bad_requests_are_refused(path, options, message):
    with pytest.raises(ValueError, match=message):
        mhd.open_cube(path, **options)


def test_a_file_in_a_frame_unknown_here_is_refused(tmp_path):
    cube_in("GSM").assign_attrs(frame="GEO").to_netcdf(tmp_path / "geo.nc")
    with pytest.raises(ValueError, match="geo.nc: the frame must be one of"):
        mhd.open_cube(tmp_path / "geo.nc")
