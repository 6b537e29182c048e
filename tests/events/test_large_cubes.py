"""From a store on disk to what SMILE sees, reading no more than it must."""

from functools import partial

import dask
import numpy as np
import pytest
import xarray as xr
from zarr.storage import LocalStore

from smile_explore.data import mhd
from smile_explore.events.cuts import planes
from smile_explore.instruments import orbit, sxi
from smile_explore.instruments.camera import Camera
from smile_explore.physics import magnetosphere, masks
from smile_explore.physics import solar_wind as wind
from smile_explore.physics.charge_exchange import emissivity
from smile_explore.schema import SOLAR_WIND, TRAJECTORY

TIMES = np.array(["2012-06-16T22:00", "2012-06-16T22:10"], "M8[ns]")
AXES = (
    np.linspace(-4.0, 16.0, 41),
    np.linspace(-12.0, 12.0, 49),
    np.linspace(-10.0, 19.0, 59),
)
CHUNKS = {"time": 1, "x": 12, "y": 12, "z": 12}
COARSE = Camera("coarse", fov_lon=27.0, fov_lat=16.0, pixel=1.0)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    density = xr.DataArray([20.0, 25.0], {"time": TIMES}, "time")
    driver = SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": density,
                "velocity": ("component", [-450.0, 0.0, 0.0]),
                "temperature": 10.0,
                "magnetic_field": ("component", [0.0, 0.0, -3.0]),
                "dynamic_pressure": wind.dynamic_pressure(density, 450.0),
            },
            {"component": ["x", "y", "z"]},
        )
    )
    cube = magnetosphere.analytic_cube(driver, *AXES, chunks=CHUNKS)
    path = tmp_path_factory.mktemp("large") / "cube.zarr"
    # names of components have no type that Zarr is sure of
    cube.drop_vars("component").to_zarr(path, zarr_format=2)
    return path


@pytest.fixture
def read(monkeypatch):
    """Names of the chunks that are read, with their variables."""
    keys = []
    get = LocalStore.get

    async def noted(self, key, *rest, **options):
        variable, _, place = key.partition("/")
        if place[:1].isdigit():
            keys.append((variable, place))
        return await get(self, key, *rest, **options)

    monkeypatch.setattr(LocalStore, "get", noted)
    return keys


def seen(cube, **options):
    trajectory = orbit.trajectory(cube.time.values)
    pointing = orbit.pointing(trajectory)
    glow = emissivity(cube, **options)
    return sxi.intensity(glow, pointing, camera=COARSE)


def test_an_image_reads_the_chunks_in_view_and_each_once(store, read):
    cube = mhd.open_cube(store, chunks=CHUNKS)
    read.clear()  # axes and standoffs are small, and read at once
    image = seen(cube)
    assert not read
    image.load()
    variables = {name for name, _ in read}
    assert variables == {
        "density", "velocity", "temperature", "solar_wind_fraction"
    }  # fmt: skip
    assert len(read) == len(set(read))
    chunks = {place for name, place in read if name == "density"}
    assert 10 < len(chunks) < 0.7 * cube.density.data.npartitions
    whole = seen(mhd.open_cube(store).compute())
    np.testing.assert_allclose(image.intensity, whole.intensity, rtol=1e-6)
    assert np.isfinite(whole.intensity).any()


def test_one_image_of_a_series_reads_nothing_of_other_times(store, read):
    image = seen(mhd.open_cube(store, chunks=CHUNKS)).isel(time=1)
    read.clear()
    image.load()
    assert {place[0] for _, place in read} == {"1"}


def test_a_plane_reads_the_chunks_that_it_cuts(store, read):
    cube = mhd.open_cube(store, chunks=CHUNKS)
    noon = planes(cube, emissivity(cube)).density_noon
    read.clear()
    noon.load()
    # y = 0 is the node 24, the first of the third chunk
    assert {place.split(".")[2] for _, place in read} <= {"1", "2"}
    assert {name for name, _ in read} == {"density"}


def test_an_orbit_reads_the_chunks_around_it(store, read):
    cube = mhd.open_cube(store, chunks=CHUNKS)
    places = xr.Dataset(
        {
            "position": (
                ("time", "component"),
                [[9.0, 1.0, 2.0], [9.2, 1.0, 2.2]],
            ),
            "velocity": (("time", "component"), np.zeros((2, 3))),
        },
        {"time": TIMES, "component": ["x", "y", "z"]},
    )
    read.clear()
    magnetosphere.sample(cube, TRAJECTORY.stamp(places)).load()
    assert {place.partition(".")[2][:5] for _, place in read} == {"2.2.2"}


def test_a_threshold_is_a_mask_in_blocks(store):
    given = {"inner_radius": 6.0, "density_share": 0.3}
    mask = partial(masks.by_threshold, **given)
    lazy = mhd.open_cube(store, chunks=CHUNKS)
    blocks = mask(lazy)
    assert blocks.chunks == lazy.density.chunks
    whole = mask(mhd.open_cube(store).compute())
    xr.testing.assert_identical(blocks.compute(), whole)
    assert 0.1 < whole.mean() < 0.9
    with dask.config.set(scheduler="synchronous"):
        image = seen(lazy, mask=mask).load()
    np.testing.assert_allclose(
        image.intensity,
        seen(lazy.compute(), mask=mask).intensity,
        rtol=1e-6,
    )
