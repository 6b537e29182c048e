from __future__ import annotations

import logging

import cdflib
import numpy as np
import pytest
import xarray as xr
from cdflib.xarray import cdf_to_xarray

from smile_explore.data import _cdf, in_situ_files
from smile_explore.instruments import mag
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD, MOMENTS, VDF

COUNT = 6
ISTP = (
    *("CATDESC", "FIELDNAM", "UNITS", "FILLVAL", "VALIDMIN", "VALIDMAX"),
    *("FORMAT", "VAR_TYPE", "DISPLAY_TYPE", "SCALETYP", "SI_CONVERSION"),
    "COORDINATE_SYSTEM",
)
TIMES = np.datetime64("2016-12-31T23:59:57", "ns") + np.arange(
    COUNT
) * np.timedelta64(1_000_000_001, "ns")


def field(rng=1):
    vectors = np.random.default_rng(rng).normal(0.0, 30.0, (COUNT, 3))
    vectors[2] = np.nan
    true = xr.Dataset(
        {
            "magnetic_field": (
                ("time", "component"),
                vectors,
                {"frame": "GSM"},
            )
        },
        coords={"time": TIMES, "component": list(COMPONENTS)},
    )
    return mag.measure(MAGNETIC_FIELD.stamp(true), rng=rng)


def moments(rng=2):
    rng = np.random.default_rng(rng)
    lead = ("species", "time", "estimate")  # not the order of records
    shape = (2, COUNT, 3)
    gsm = {"frame": "GSM"}
    tensor = (*lead, "component", "with_component")
    data = xr.Dataset(
        {
            "density": (lead, rng.random(shape)),
            "velocity": ((*lead, "component"), rng.random((*shape, 3)), gsm),
            "temperature": (lead, rng.random(shape)),
            "temperature_tensor": (tensor, rng.random((*shape, 3, 3)), gsm),
            "density_valid": (lead, rng.random(shape) > 0.5),
        },
        coords={
            "time": TIMES,
            "species": ["H+", "He++"],
            "estimate": ["plain", "corrected", "fit"],
            "component": list(COMPONENTS),
            "with_component": list(COMPONENTS),
        },
        attrs={"mode": "solar wind", "potential": 5.0, "measured": False},
    )
    data["density"][0, 1, 2] = np.nan
    return MOMENTS.stamp(data)


def middles(edges):
    return (edges[1:] + edges[:-1]) / 2.0


def distribution(rng=3):
    """With elevations that end at 62 deg above 13.2 keV, in three parts."""
    rng = np.random.default_rng(rng)
    steps = np.geomspace(5.0, 25_000.0, 25)
    energy = np.sqrt(steps[1:] * steps[:-1])
    up, around = np.linspace(-90.0, 90.0, 9), np.linspace(0.0, 360.0, 13)
    reach = np.where(energy > 13_200.0, 62.0 / 90.0, 1.0)[:, None]
    values = rng.random((COUNT, 24, 8, 12)).astype(np.float32) * 1e-9
    values[1, :5] = np.nan
    values[2, :, :, 9:] = np.nan
    values[3] = np.nan
    data = xr.Dataset(
        {
            "vdf": (
                ("time", "energy", "elevation", "azimuth"),
                values,
                {"frame": "LIA"},
            ),
            "energy_low": ("energy", steps[:-1]),
            "energy_high": ("energy", steps[1:]),
            "elevation_low": (("energy", "elevation"), reach * up[:-1]),
            "elevation_high": (("energy", "elevation"), reach * up[1:]),
            "azimuth_low": ("azimuth", around[:-1]),
            "azimuth_high": ("azimuth", around[1:]),
            "measured": (("energy", "elevation"), rng.random((24, 8)) > 0.1),
            "spacecraft_potential": ("time", rng.random(COUNT)),
            "accumulation": ((), 2.0),
        },
        coords={
            "time": TIMES,
            "energy": energy,
            "elevation": middles(up),
            "azimuth": middles(around),
        },
        attrs={"analyser": "LIA", "assumed": ["floor", "steps"]},
    )
    return VDF.stamp(data)


KINDS = {
    "field": (field, in_situ_files.write_field, in_situ_files.read_field),
    "moments": (
        moments,
        in_situ_files.write_moments,
        in_situ_files.read_moments,
    ),
    "distribution": (
        distribution,
        in_situ_files.write_distribution,
        in_situ_files.read_distribution,
    ),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cdf")
    paths = {}
    for kind, (make, write, _) in KINDS.items():
        paths[kind] = folder / f"smile_l2_{kind}_20161231_v01.cdf"
        write(make(), paths[kind])
    return paths


def written(data):
    """Return attributes but those that say where the file was."""
    new = ("file", "sha256", "source", "version", "PI", "measured")
    return {k: v for k, v in data.attrs.items() if k not in new}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_read_exactly(files, kind):
    make, _, read = KINDS[kind]
    data, again = make(), read(files[kind])
    xr.testing.assert_equal(again, data)
    assert written(again) == written(data)
    for name in data.variables:
        assert again[name].dtype == data[name].dtype, name
        assert again[name].dims == data[name].dims, name
        assert again[name].attrs == data[name].attrs, name
    assert again.attrs["file"] == files[kind].name
    assert len(again.attrs["sha256"]) == 64
    assert again.attrs["measured"] is False


@pytest.mark.parametrize("kind", KINDS)
def test_cdflib_finds_nothing_to_warn_of(kind, tmp_path, caplog):
    make, write, _ = KINDS[kind]
    with caplog.at_level(logging.DEBUG):
        write(make(), tmp_path / "own.cdf")
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_is_a_record_of_its_own(files, kind):
    file = cdflib.CDF(files[kind])
    epoch = file.varinq("Epoch")
    assert epoch.Data_Type_Description == "CDF_TIME_TT2000"
    assert epoch.Compress == 0
    name = {"field": "magnetic_field", "moments": "velocity"}.get(kind, "vdf")
    seen = file.varinq(name)
    assert seen.Last_Rec == COUNT - 1
    told = file.varattsget(name)
    assert told["DEPEND_0"] == "Epoch"
    for key in ISTP:
        assert key in told, key


def test_xarray_opens_it_through_cdflib(files):
    data = cdf_to_xarray(
        str(files["distribution"]), to_datetime=True, fillval_to_nan=True
    )
    assert data.vdf.dims == ("Epoch", "energy", "elevation", "azimuth")
    np.testing.assert_array_equal(data.vdf, distribution().vdf)
    times = data.Epoch.values.astype("datetime64[ns]")
    np.testing.assert_array_equal(times, TIMES)


def test_a_file_says_that_it_is_simulated(files):
    told = cdflib.CDF(files["field"]).globalattsget()
    assert told["Source_name"] == ["SMILE-SIM>Virtual SMILE, simulated"]
    assert told["PI_name"] == ["none: simulated by smile_explore"]
    assert told["Logical_file_id"] == ["smile_l2_field_20161231_v01"]


def test_the_part_that_was_taken_stands_by_each_time(files):
    file = cdflib.CDF(files["distribution"])
    assert file.varget("start_energy").tolist() == [0, 5, 0, 0, 0, 0]
    assert file.varget("nb_energy").tolist() == [24, 19, 24, 0, 24, 24]
    assert file.varget("nb_azimuth").tolist() == [12, 12, 9, 0, 12, 12]


def test_outside_the_part_zeros_are_not_values(tmp_path):
    data = distribution().drop_vars("measured")
    part = in_situ_files._parts(data.vdf)
    zeros = data.assign(vdf=data.vdf.fillna(0.0).assign_attrs(frame="LIA"))
    from smile_explore.data._istp import to_istp

    about = in_situ_files._about(data, VDF, "own")
    made = to_istp(VDF.stamp(zeros.assign(part)), VDF, about)
    _cdf.write(made, tmp_path / "own.cdf", overwrite=False)
    again = in_situ_files.read_distribution(tmp_path / "own.cdf")
    np.testing.assert_array_equal(again.vdf, data.vdf)


def test_a_single_record_keeps_its_time(tmp_path):
    for kind, (make, write, read) in KINDS.items():
        one = make().isel(time=[4])
        write(one, tmp_path / f"{kind}.cdf")
        xr.testing.assert_equal(read(tmp_path / f"{kind}.cdf"), one)


def test_times_go_through_leap_seconds_and_years():
    times = np.datetime64("1999-12-31T23:59:59.999999999", "ns") + np.arange(
        0, 26 * 365 * 86400, 5_000_003
    ) * np.timedelta64(1, "s")
    epochs = _cdf.to_tt2000(times)
    np.testing.assert_array_equal(_cdf.from_tt2000(epochs), times)
    # J2000 is 2000-01-01T11:58:55.816 UTC
    noon = np.array(["2000-01-01T11:58:55.816"], dtype="datetime64[ns]")
    assert _cdf.to_tt2000(noon).tolist() == [0]


@pytest.mark.parametrize("kind", KINDS)
def test_times_out_of_order_are_refused_or_sorted(kind, tmp_path, monkeypatch):
    make, write, read = KINDS[kind]
    data = make()
    path = tmp_path / "own.cdf"
    order = [0, 3, 1, 2, 5, 4]
    # A file of another's making, whose times go back.
    epochs = _cdf.to_tt2000(TIMES)
    monkeypatch.setattr(
        "smile_explore.data._istp.to_tt2000", lambda _: epochs[order]
    )
    logging.disable(logging.WARNING)
    try:
        write(data, path)
    finally:
        logging.disable(logging.NOTSET)
    with pytest.raises(ValueError, match="2 of 6 do not; .* sort=True"):
        read(path)
    again = read(path, sort=True)
    np.testing.assert_array_equal(again.time, TIMES)
    moved = data.isel(time=np.argsort(order)).assign_coords(time=TIMES)
    xr.testing.assert_equal(again, moved)


@pytest.mark.parametrize("kind", KINDS)
def test_times_must_increase_to_be_written(kind, tmp_path):
    make, write, _ = KINDS[kind]
    with pytest.raises(ValueError, match="times must increase to be written"):
        write(make().isel(time=[0, 2, 1]), tmp_path / "own.cdf")
    with pytest.raises(ValueError, match="holds a series: give it a dim"):
        write(make().isel(time=0), tmp_path / "own.cdf")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(files, kind, share, tmp_path):
    whole = files[kind].read_bytes()
    path = tmp_path / "cut.cdf"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match="cut.cdf is no CDF file, or damaged"):
        KINDS[kind][2](path)


def test_what_is_no_cdf_is_refused(tmp_path):
    path = tmp_path / "text.cdf"
    path.write_text("time,bx,by,bz\n")
    with pytest.raises(ValueError, match="text.cdf is no CDF file"):
        in_situ_files.read_field(path)
    with pytest.raises(FileNotFoundError, match="no CDF file at"):
        in_situ_files.read_field(tmp_path / "none.cdf")


def test_another_product_is_refused(files):
    with pytest.raises(
        ValueError, match="holds no MOMENTS: it lacks density, velocity"
    ):
        in_situ_files.read_moments(files["field"])


def tampered(path, target, change):
    """Copy a file, with what `change` does to a variable's attributes."""
    from cdflib.cdfwrite import CDF

    source = cdflib.CDF(path)
    copy = CDF(target)
    copy.write_globalattrs(
        {k: dict(enumerate(v)) for k, v in source.globalattsget().items()}
    )
    for name in source.cdf_info().zVariables:
        told = source.varattsget(name)
        change(name, told)
        info = source.varinq(name)
        spec = {
            "Variable": name,
            "Data_Type": info.Data_Type,
            "Num_Elements": info.Num_Elements,
            "Rec_Vary": info.Rec_Vary,
            "Dim_Sizes": list(info.Dim_Sizes),
        }
        copy.write_var(spec, var_attrs=told, var_data=source.varget(name))
    copy.close()
    return target


@pytest.mark.parametrize("axis", ["energy", "elevation", "azimuth"])
@pytest.mark.parametrize("side", ["PLUS", "MINUS"])
def test_without_widths_of_bins_nothing_is_read(files, axis, side, tmp_path):
    def change(name, told):
        if name == axis:
            del told[f"DELTA_{side}_VAR"]

    path = tampered(files["distribution"], tmp_path / "own.cdf", change)
    with pytest.raises(
        ValueError, match=f"{axis} has no DELTA_{side}_VAR, so that the width"
    ):
        in_situ_files.read_distribution(path)


def test_a_unit_that_is_another_is_refused_by_name(files, tmp_path):
    def change(name, told):
        if name == "vdf":
            told["UNITS"] = "s3 km-6"

    path = tampered(files["distribution"], tmp_path / "own.cdf", change)
    with pytest.raises(
        ValueError, match="own.cdf: VDF: vdf must be in s3 m-6, got s3 km-6"
    ):
        in_situ_files.read_distribution(path)


def test_a_file_is_replaced_only_when_asked(files, tmp_path):
    path = tmp_path / "own.cdf"
    in_situ_files.write_field(field(1), path)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        in_situ_files.write_field(field(2), path)
    in_situ_files.write_field(field(2), path, overwrite=True)
    xr.testing.assert_equal(in_situ_files.read_field(path), field(2))
    with pytest.raises(ValueError, match="must be named .cdf, got own.txt"):
        in_situ_files.write_field(field(), tmp_path / "own.txt")


def test_text_along_time_is_refused(tmp_path):
    named = field().assign_coords(model=("time", ["a"] * COUNT))
    with pytest.raises(ValueError, match="model is text along time"):
        in_situ_files.write_field(named, tmp_path / "own.cdf")


def test_dask_is_written_as_numpy_is(tmp_path):
    data = distribution()
    in_situ_files.write_distribution(data.chunk(time=2), tmp_path / "own.cdf")
    again = in_situ_files.read_distribution(tmp_path / "own.cdf")
    xr.testing.assert_equal(again, data)
