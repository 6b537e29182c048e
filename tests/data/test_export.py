"""A folder with every file of an event, opened by us and by other tools."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import numpy as np
import pytest
import xarray as xr
from astropy.io import fits
from cdflib.xarray import cdf_to_xarray

from smile_explore.data import (
    archive,
    aurora_files,
    in_situ_files,
    policy,
    xray_series,
)
from tests.data.exactly import assert_the_same
from tests.data.page import block_with

DAY = "20120616_v01"
ALL = (
    f"smile_l2_sxi_{DAY}.fits",
    f"smile_l2_uvi_{DAY}.fits",
    f"smile_l2_uvi-map_{DAY}.nc",
    f"smile_l3_uvi-oval_{DAY}.nc",
    f"smile_l3_uvi-polar-cap_{DAY}.nc",
    f"smile_l2_lia-vdf_{DAY}.cdf",
    f"smile_l2_lia-moments_{DAY}.cdf",
    f"smile_l2_mag_{DAY}.cdf",
    f"smile_l3_observations_{DAY}.nc",
    "manifest.json",
    "README.txt",
)


@pytest.fixture(scope="module")
def steps():
    return []


@pytest.fixture(scope="module")
def folder(observations, steps, tmp_path_factory):
    where = tmp_path_factory.mktemp("export") / "storm"
    paths = archive.export(
        observations, where, progress=lambda *step: steps.append(step)
    )
    assert paths == [where / name for name in ALL]
    return where


def file(folder, name):
    (path,) = folder.glob(f"smile_l?_{name}_*")
    return path


# -- what is there ---------------------------------------------------------


def test_every_file_is_there_and_nothing_else(folder, steps):
    assert sorted(one.name for one in folder.iterdir()) == sorted(ALL)
    assert [one.name for one in folder.parent.iterdir()] == ["storm"]
    assert steps == [(done, 9) for done in range(1, 10)]


def test_the_manifest_lists_files_and_what_they_were_made_of(
    folder, observations
):
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert [row["name"] for row in told["files"]] == list(ALL[:-2])
    for row in told["files"]:
        whole = (folder / row["name"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(whole).hexdigest()
        assert row["bytes"] == len(whole)
        assert row["measured"] is False
    assert told["event"]["name"] == "2012-06-16"
    assert told["instruments"] == list(archive.INSTRUMENTS)
    assert told["policy"] == policy.plain(policy.of_observations(observations))
    made = told["provenance"]
    assert made["models"] == ["BATS-R-US E", "analytic model"]
    assert made["solar_wind"] == observations.solar_wind.attrs
    assert made["sxi"]["settings"] == observations.sxi.attrs["settings"]
    assert made["runs"][0]["note"] == observations.event.runs[0].note


def test_the_readme_has_it_in_words(folder, observations):
    text = (folder / "README.txt").read_text("utf-8")
    terms = policy.of_observations(observations)
    for words in (
        observations.event.title,
        *(terms.contents, terms.rules, terms.acknowledgement),
        *terms.references,
        *ALL[:-2],
    ):
        assert words in text


def test_a_file_is_readable_by_those_who_may_read_others(folder, tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    assert folder.stat().st_mode == plain.stat().st_mode


# -- opened by our own readers ---------------------------------------------


def test_our_readers_return_what_was_observed(folder, observations):
    seen = observations
    sxi, uvi = file(folder, "sxi"), file(folder, "uvi")
    assert_the_same(xray_series.read_images(sxi), seen.sxi)
    assert_the_same(xray_series.read_pointing(sxi), seen.pointing)
    assert_the_same(aurora_files.read_images(uvi), seen.uvi)
    assert_the_same(aurora_files.read_pointing(uvi), seen.uvi_pointing)
    assert_the_same(aurora_files.read_map(file(folder, "uvi-map")), seen.light)
    assert_the_same(
        aurora_files.read_oval(file(folder, "uvi-oval")), seen.oval
    )
    assert_the_same(
        aurora_files.read_polar_cap(file(folder, "uvi-polar-cap")),
        seen.polar_cap,
    )
    for name, kind, data in (
        ("lia-vdf", "distribution", seen.ions),
        ("lia-moments", "moments", seen.ion_moments),
        ("mag", "field", seen.magnetic_field),
    ):
        again = getattr(in_situ_files, f"read_{kind}")(file(folder, name))
        xr.testing.assert_equal(again, data)
        assert data.attrs.items() <= again.attrs.items()


def test_the_whole_opens_as_it_was(folder, observations):
    again = archive.open(file(folder, "observations"))
    assert again.event == observations.event
    assert again.event.sun  # the newest field, which is not empty
    for field in dataclasses.fields(observations)[1:]:
        assert_the_same(
            getattr(again, field.name), getattr(observations, field.name)
        )


# -- opened by the tools of the field --------------------------------------


def test_astropy_opens_the_images(folder, observations):
    for name, data, first in (
        ("sxi", observations.sxi, "counts"),
        ("uvi", observations.uvi, "radiance"),
    ):
        with fits.open(file(folder, name), checksum=True) as hdus:
            hdus.verify("exception")
            np.testing.assert_array_equal(hdus[0].data, data[first])
            times = hdus["TIMES"].data["UTC"].tolist()
            assert times == [str(time) for time in data.time.values]
            assert hdus["POINTING"].data["BORESIGHT"].shape == (4, 3)
            assert hdus[0].header["MEASURED"] is False


def test_xarray_opens_maps_oval_and_the_whole(folder, observations):
    seen = observations
    for name, data in (
        ("uvi-map", seen.light),
        ("uvi-oval", seen.oval),
        ("uvi-polar-cap", seen.polar_cap),
    ):
        with xr.open_dataset(file(folder, name)) as found:
            xr.testing.assert_equal(found.load(), data)
    with xr.open_datatree(file(folder, "observations")) as tree:
        xr.testing.assert_equal(tree["sxi"].to_dataset().load(), seen.sxi)
        assert tree.attrs["license"]


def test_cdflib_opens_ions_and_field(folder, observations):
    found = cdf_to_xarray(str(file(folder, "mag")), to_datetime=True)
    np.testing.assert_array_equal(
        found.magnetic_field, observations.magnetic_field.magnetic_field
    )
    found = cdf_to_xarray(str(file(folder, "lia-vdf")), fillval_to_nan=True)
    np.testing.assert_array_equal(found.vdf, observations.ions.vdf)


@pytest.mark.parametrize("tool", ["astropy", "xarray", "cdflib"])
def test_the_page_opens_them_as_it_says(tool, folder, monkeypatch):
    monkeypatch.chdir(folder)
    found = {}
    exec(block_with(tool), found)
    assert "rules" not in found or "say that they are" in found["rules"]
    shapes = {
        "radiance": (4, 256, 256),
        "boresight": (4, 3),
        "poleward": (4, 24),
        "standoff": (4, 9),
        "density": (4, 2, 3),
    }
    seen = {name: found[name].shape for name in shapes if name in found}
    assert len(seen) >= 1
    assert seen.items() <= shapes.items()


# -- a choice of it --------------------------------------------------------


def test_only_the_instruments_asked_for_are_written(observations, tmp_path):
    paths = archive.export(
        observations, tmp_path / "some", instruments=["MAG"]
    )
    assert [path.name for path in paths] == [*ALL[7:]]
    again = archive.open(paths[1])
    assert not again.sxi
    assert not again.ions
    assert not again.uvi
    assert_the_same(again.magnetic_field, observations.magnetic_field)
    assert_the_same(again.solar_wind, observations.solar_wind)


def test_an_instrument_that_saw_nothing_is_named(observations, tmp_path):
    nothing = dict.fromkeys(
        ("uvi", "light", "oval", "polar_cap", "flux_budget"), xr.Dataset()
    )
    blind = dataclasses.replace(observations, **nothing)
    paths = archive.export(blind, tmp_path / "blind")
    assert not [path for path in paths if "uvi" in path.name]
    told = json.loads((tmp_path / "blind" / "manifest.json").read_text())
    assert told["saw_nothing"] == ["UVI"]
    assert "Saw nothing, so without a file: UVI." in (
        tmp_path / "blind" / "README.txt"
    ).read_text("utf-8")


def test_crossings_are_written_where_both_were_asked_for(
    observations, tmp_path
):
    from smile_explore.data import crossing_files
    from smile_explore.retrieval import crossings
    from tests.retrieval.in_situ import magnetopause, noisy

    found = crossings.find(*noisy(*magnetopause(), 1))
    seen = dataclasses.replace(observations, crossings=found)
    few = archive.export(seen, tmp_path / "a", instruments=["LIA", "MAG"])
    (path,) = (path for path in few if "crossings" in path.name)
    assert path.name == f"smile_l3_crossings_{DAY}.csv"
    xr.testing.assert_identical(crossing_files.read(path), found)
    fewer = archive.export(seen, tmp_path / "b", instruments=["MAG"])
    assert not [path for path in fewer if "crossings" in path.name]


# -- bad input -------------------------------------------------------------


def test_a_folder_with_files_is_left_as_it_is(observations, tmp_path):
    (tmp_path / "old.txt").write_text("old")
    with pytest.raises(FileExistsError, match="has files in it; nothing is"):
        archive.export(observations, tmp_path)
    with pytest.raises(FileExistsError, match="old.txt is there already and"):
        archive.export(observations, tmp_path / "old.txt")
    assert [one.name for one in tmp_path.iterdir()] == ["old.txt"]
    assert (tmp_path / "old.txt").read_text() == "old"


def test_an_empty_folder_is_filled(observations, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    paths = archive.export(observations, "empty", instruments=["MAG"])
    assert paths[0] == tmp_path / "empty" / ALL[7]
    assert paths[0].is_file()


def test_a_folder_in_none_is_refused(observations, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere does not exist"):
        archive.export(observations, tmp_path / "nowhere" / "storm")


def test_what_is_interrupted_leaves_nothing(observations, tmp_path):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.export(observations, tmp_path / "storm", progress=stop)
    assert not list(tmp_path.iterdir())


def test_a_dataset_that_cannot_be_kept_leaves_nothing(observations, tmp_path):
    odd = dataclasses.replace(
        observations, oval=observations.oval.assign_attrs(how=object())
    )
    with pytest.raises(TypeError, match="attribute how cannot be saved"):
        archive.export(odd, tmp_path / "storm")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        (["WIC", "SXI"], ValueError, "some of SXI, UVI, LIA, MAG, got WIC"),
        ([], ValueError, "some of SXI, UVI, LIA, MAG, got none"),
        ("SXI", TypeError, r"a list of names, got 'SXI'; write \('SXI',\)"),
    ],
)
def test_instruments_must_be_smiles(
    names, error, message, observations, tmp_path
):
    with pytest.raises(error, match=message):
        archive.export(observations, tmp_path / "a", instruments=names)
    assert not list(tmp_path.iterdir())


def test_only_observations_can_be_exported(observations, tmp_path):
    with pytest.raises(TypeError, match="only Observations can be exported"):
        archive.export(observations.sxi, tmp_path / "a")
