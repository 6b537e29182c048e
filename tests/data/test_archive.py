import dataclasses

import dask.array
import netCDF4
import numpy as np
import pytest
import xarray as xr

import smile_explore
from smile_explore.data import archive
from smile_explore.observations import Event, Fact, Known, Observations, Run

GROUPS = [
    field.name
    for field in dataclasses.fields(Observations)
    if field.name != "event"
]


def time(text: str) -> np.datetime64:
    return np.datetime64(text, "ns")


@pytest.fixture
def event():
    return Event(
        name="2012-06-16",
        title="A storm – with a dash",
        summary="Two lines\nof text.",
        start=time("2012-06-16T12"),
        stop=time("2012-06-17T14"),
        focus=time("2012-06-16T22:25"),
        solar_wind="2012-06-16_reconstruction.csv",
        runs=(Run("E", "e.nc", "driven"), Run("B", "b.nc", "idealised")),
        moments={"shock": time("2012-06-16T20:21:00.123456789")},
        orbit={"raan": 150.0, "perigee_time": "2012-06-15T23:41"},
        origin=(Fact("A flare.", "GOES"),),
        facts=(Fact("Kp was 6+.", "GFZ"),),
        references=("A paper",),
        activity={"f107": 134.5, "kp": ["0+", "3-"], "source": "GFZ"},
        sun=(
            Known("14 June", "latitude", -17.0, "verified", "solen.info"),
            Known("14 June", "region", "NOAA 11504", "second hand", "UT"),
        ),
    )


@pytest.fixture
def observations(event):
    rng = np.random.default_rng(0)
    times = time("2012-06-16T22") + np.array([0, 120_284_729_003], "m8[ns]")
    position = rng.random((2, 3))
    position[1, 2] = np.nan
    data = xr.Dataset(
        {
            "position": (("time", "component"), position, {"frame": "GSM"}),
            "counts": ("time", np.array([3, 5]), {"units": "1"}),
            "image": (("time", "lat"), rng.random((2, 4)).astype("f4")),
            "usable": ("time", [True, False]),
            "exposure": ((), 300.0, {"units": "s"}),
            "model": ("time", ["BATS-R-US E", "analytic model"]),
        },
        coords={
            "time": times,
            "component": ["x", "y", "z"],
            "lat": np.linspace(-8.0, 8.0, 4),
            "method": "tangent_fit",
        },
        attrs={
            "source": "reconstruction",
            "measured": False,
            "missing": None,
            "empty": "",
            "numbers": [1, 2.5],
            "settings": {"efficiency": 6e-16, "mask": "flow"},
            "dipole_tilt": 24.1,
            "steps": 7,
            "unicode": "Tóth",
        },
    )
    datasets = {
        name: data.assign_attrs(title=name).assign(
            image=data.image * (number + 1)
        )
        for number, name in enumerate(GROUPS)
    }
    return Observations(event=event, **datasets)


@pytest.fixture
def saved(observations, tmp_path):
    return archive.save(observations, tmp_path / "event.nc")


@pytest.mark.parametrize("name", GROUPS)
def test_a_dataset_opens_as_it_was_saved(observations, saved, name):
    before, after = (
        getattr(one, name) for one in (observations, archive.open(saved))
    )
    xr.testing.assert_identical(after, before)
    assert after.attrs == before.attrs
    for variable in before.variables:
        assert after[variable].dtype == before[variable].dtype, variable
        assert after[variable].attrs == before[variable].attrs
    assert type(after.attrs["measured"]) is bool


def test_the_event_opens_as_it_was_saved(event, saved):
    again = archive.open(saved).event
    assert again == event
    assert again.focus.dtype == event.focus.dtype


def test_every_field_of_an_event_has_something_to_lose(event):
    for field in dataclasses.fields(Event):
        assert getattr(event, field.name), field.name


def test_a_file_from_before_an_instrument_opens_without_it(
    observations, saved
):
    tree = xr.open_datatree(saved).load()
    tree.close()
    older = tree.drop_nodes(["ions", "crossings"])
    older.to_netcdf(saved)
    again = archive.open(saved)
    assert not again.ions
    assert not again.crossings
    xr.testing.assert_identical(again.sxi, observations.sxi)


def test_saving_changes_nothing(observations, tmp_path):
    before = observations.sxi.copy(deep=True)
    archive.save(observations, tmp_path / "event.nc")
    xr.testing.assert_identical(observations.sxi, before)
    assert observations.sxi.attrs == before.attrs


def test_lazy_datasets_are_saved_computed(observations, tmp_path):
    lazy = dataclasses.replace(
        observations, sxi=observations.sxi.chunk({"time": 1})
    )
    again = archive.open(archive.save(lazy, tmp_path / "event.nc"))
    assert isinstance(lazy.sxi.image.data, dask.array.Array)
    assert isinstance(again.sxi.image.data, np.ndarray)
    np.testing.assert_array_equal(again.sxi.image, observations.sxi.image)


def test_another_program_can_read_the_file(saved):
    with netCDF4.Dataset(saved) as file:
        assert file.software == f"smile_explore {smile_explore.__version__}"
        assert set(file.groups) == set(GROUPS)
        assert file["sxi"].measured == "false"
        assert file["sxi/image"].filters()["zlib"]


def test_an_open_file_can_be_replaced(observations, saved):
    opened = archive.open(saved)
    archive.save(opened, saved)
    xr.testing.assert_identical(archive.open(saved).cuts, observations.cuts)
    assert [file.name for file in saved.parent.iterdir()] == ["event.nc"]


def test_an_interrupted_save_leaves_the_old_file(
    observations, saved, monkeypatch
):
    def fill_the_disk(tree, path, **_):
        path.write_bytes(b"half")
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr(xr.DataTree, "to_netcdf", fill_the_disk)
    with pytest.raises(OSError, match="event.nc cannot be written: NetCDF"):
        archive.save(observations, saved)
    assert archive.open(saved).event.name == "2012-06-16"
    assert [file.name for file in saved.parent.iterdir()] == ["event.nc"]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_partly_written_file_is_refused(saved, share):
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match="event.nc is damaged or only partly"):
        archive.open(saved)


def test_a_file_that_lacks_a_dataset_is_refused(observations, saved):
    xr.open_datatree(saved).drop_nodes("sxi").to_netcdf(
        saved.with_name("less.nc")
    )
    with pytest.raises(ValueError, match="less.nc is damaged or only partly"):
        archive.open(saved.with_name("less.nc"))


def test_a_foreign_file_is_refused(tmp_path):
    xr.Dataset({"a": 1}).to_netcdf(tmp_path / "foreign.nc")
    with pytest.raises(ValueError, match="foreign.nc holds no observations"):
        archive.open(tmp_path / "foreign.nc")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file of observations at"):
        archive.open(tmp_path / "none.nc")


def test_only_observations_can_be_saved(event, tmp_path):
    with pytest.raises(TypeError, match="only Observations .* got Event"):
        archive.save(event, tmp_path / "event.nc")


def test_an_attribute_that_cannot_be_kept_is_refused(observations, tmp_path):
    odd = dataclasses.replace(
        observations, sxi=observations.sxi.assign_attrs(how=object())
    )
    with pytest.raises(TypeError, match="attribute how cannot be saved"):
        archive.save(odd, tmp_path / "event.nc")
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_an_os_error(observations, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        archive.save(observations, tmp_path / "nowhere" / "event.nc")
